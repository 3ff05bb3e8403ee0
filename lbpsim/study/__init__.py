"""What is asked: a typed study and its policies, said in words and compared; read from files by `files`."""

from __future__ import annotations

from lbpsim.study.clock import Timeline
from lbpsim.study.files.errors import InputErrors, Place, Problem
from lbpsim.study.files.reader import load
from lbpsim.study.model import Study
from lbpsim.study.notes import notes
from lbpsim.study.policies import CftPolicy, OpioidPolicy, Policy, SurgeryPolicy

__all__ = [
    "CftPolicy",
    "InputErrors",
    "OpioidPolicy",
    "Place",
    "Policy",
    "Problem",
    "Study",
    "SurgeryPolicy",
    "Timeline",
    "load",
    "notes",
]
