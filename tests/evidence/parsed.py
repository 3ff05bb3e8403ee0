"""Entries of the registry, read as its files are, or refused with everything that is wrong."""

from __future__ import annotations

from lbpsim.evidence import EvidenceError, Parameter, registry
from lbpsim.evidence.bibliography import bibliography
from lbpsim.evidence.entry_errors import Fault


def parse(text: str, file: str) -> dict[str, Parameter]:
    """Raises EvidenceError, a line for everything that is wrong."""
    faults: list[Fault] = []
    found = registry.parse(text, file, bibliography(), faults)
    if faults:
        raise EvidenceError("\n".join(map(str, faults)))
    return found
