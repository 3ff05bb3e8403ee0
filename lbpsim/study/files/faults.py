"""Faults in evidence as problems of a study: file, line, key, what is wrong, and what would be right."""

from __future__ import annotations

from lbpsim.evidence.entry_errors import Fault
from lbpsim.study.files.errors import Place, Problem


def problem_of(fault: Fault) -> Problem:
    """A fault as a problem; its text says what is wrong, and after a semicolon what would be right."""
    wrong, _, right = fault.what.partition("; ")
    wrong, right = (f"{words[:1].upper()}{words[1:]}" for words in (wrong, right))
    return Problem(Place(fault.file, fault.line), fault.key, wrong, right)
