"""What is asked: scenario files, read into a typed study and its policies, with errors that teach."""

from __future__ import annotations

from lbpsim.study.loading import load
from lbpsim.study.model import CftPolicy, OpioidPolicy, Policy, Study, SurgeryPolicy, Timeline
from lbpsim.study.notes import notes
from lbpsim.study.problems import InputErrors, Place, Problem

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
