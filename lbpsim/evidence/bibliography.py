"""The one bibliography: what every source key stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources.abc import Traversable
from types import MappingProxyType

from lbpsim.evidence.entry_errors import Fault, every_entry
from lbpsim.evidence.reading import HOME, Declared, EvidenceError, parse_entries, read_text

FILE = "bibliography.yaml"


class Reference(Declared):
    """A source: its `citation`, its `doi` if it has one, a `note` on corrections or traps."""

    citation: str
    doi: str | None = None
    note: str = ""

    def __str__(self) -> str:
        return f"{self.citation} doi {self.doi}" if self.doi else self.citation


def read(folder: Traversable) -> Mapping[str, Reference]:
    """All references of the bibliography in a folder, by key.

    Raises EvidenceError, with everything that is wrong in it.
    """
    entries = parse_entries(read_text(folder / FILE), FILE)
    faults: list[Fault] = []
    found = every_entry(Reference, entries, faults)
    if faults:
        raise EvidenceError("\n".join(map(str, faults)))
    return MappingProxyType(found)


@cache
def bibliography() -> Mapping[str, Reference]:
    """All references by key.

    Raises EvidenceError, with everything that is wrong in the file.
    """
    return read(HOME)
