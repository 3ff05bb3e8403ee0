"""What the files of a country pack declare: the keys of country.yaml, and the files themselves as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import Annotated

from pydantic import Field, StringConstraints

from lbpsim.evidence.entry_errors import Fault
from lbpsim.evidence.grades import Grade
from lbpsim.evidence.reading import Declared, EvidenceError, read_text

DECLARATION, PARAMETERS = "country.yaml", "parameters.yaml"
MOST_LIMITS = 8
PURCHASING_POWER = "purchasing_power"

Line = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class MoneyOf(Declared):
    """`currency` in country.yaml."""

    code: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
    name: Line


class TableOf(Declared):
    """An entry under `tables` in country.yaml; `sha256` of the file, if changes are to be noticed."""

    what: Line
    grade: Grade
    sources: tuple[str, ...] = ()
    sha256: str = ""


class Table(TableOf):
    """A table as it is known of a country; `borrowed`: from whom, if not its own."""

    borrowed: str = ""


class Statistics(Declared):
    """`statistics` in country.yaml: who counts its people; `path`: an address."""

    title: Line
    path: str = ""


class Declaration(Declared):
    """The keys of country.yaml that are words, numbers and dates."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    in_a_sentence: Annotated[str, StringConstraints(max_length=40)] = ""
    price_year: int
    counted_on: date
    single_years_counted_on: date | None = None
    demonstration: bool = False
    donor: str = ""
    limits: Annotated[tuple[Line, ...], Field(max_length=MOST_LIMITS)] = ()


GROUPS = ("currency", PURCHASING_POWER, "payers", "sources", "statistics", "tables")


class PackError(EvidenceError):
    """Everything that is wrong with a pack; `faults`: one by one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


@dataclass(frozen=True)
class Pack:
    """The files of a pack as text, by name; `shown`: its folder, as errors name it."""

    folder: str
    files: Mapping[str, str]
    shown: str

    def file(self, name: str) -> str:
        """A file as errors name it."""
        return f"{self.shown}/{name}" if self.shown else name


def files_of(folder: Traversable) -> dict[str, str]:
    """Text of the files of a pack by name; those in its folder `parameters` too.

    Raises EvidenceError where one cannot be read.
    """
    found: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.is_dir() and file.name == "parameters":
            found |= {f"parameters/{each.name}": read_text(each) for each in sorted(file.iterdir(), key=str)}
        elif file.name in (DECLARATION, PARAMETERS) or file.name.endswith(".csv"):
            found[file.name] = read_text(file)
    return found
