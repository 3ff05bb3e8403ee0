"""What can be moved in the lab: every key of a policy file, as its declaration says. A new key needs no word here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from lbpsim.study.files.dated_fields import ByYear, Dated
from lbpsim.study.files.declarations import policy_file
from lbpsim.study.files.field_type import FieldType
from lbpsim.study.files.plain_fields import Choice, ListOf, Text, YesNo
from lbpsim.study.files.regions_field import RegionNames
from lbpsim.study.files.sections import Assumptions, Key, Section

Form = Literal["rows", "choice", "several", "text", "list"]
TOP = ""  # the section of keys that stand at the top of a file


@dataclass(frozen=True)
class Lever:
    """A key of a policy file: its `path` there, its declaration, and the `form` in which it is set.

    "rows": values that each have a date, a year or a name; "choice": one of a few words; "several": any of the
    study's regions; "list": several values, with commas.
    """

    path: str
    key: Key
    form: Form

    @property
    def section(self) -> str:
        """The group of keys that it stands in."""
        return self.path.rpartition(".")[0]

    @property
    def label(self) -> str:
        """Its name in words."""
        return self.key.name.replace("_", " ").capitalize()

    @property
    def means(self) -> str:
        """What it is, as a sentence without its point."""
        return f"{self.key.means[0].upper()}{self.key.means[1:]}"

    @property
    def choices(self) -> tuple[str, ...]:
        """The words to choose from; none where it is not a choice."""
        kind = self.key.kind
        if isinstance(kind, YesNo):
            return ("yes", "no")
        return kind.options if isinstance(kind, Choice) else ()

    @property
    def usual(self) -> str:
        """What holds where it is not set, in the words of the file; "" where nothing does."""
        if self.form == "choice" and self.key.default is not None:
            return self.key.kind.words(self.key.default)
        return ""

    @property
    def example(self) -> str:
        """How to write it; "" where that needs no example."""
        if isinstance(self.key.kind, Assumptions):
            return "cft.fidelity: 0.8"
        kind = self.key.kind.item if isinstance(self.key.kind, ListOf) else self.key.kind
        given = getattr(kind, "example", "")
        return str(given) if given else ""

    @property
    def when(self) -> str:
        """What stands before each value of rows."""
        names = {Dated: "Date", ByYear: "Year", Assumptions: "Parameter"}
        return names.get(type(self.key.kind), "Name")

    @property
    def in_words(self) -> bool:
        """Whether its value is text, whatever it looks like."""
        return isinstance(self.key.kind, Text)


@cache
def levers() -> tuple[Lever, ...]:
    """Every lever, in the order of the file."""
    return tuple(
        Lever(path, key, _form(key.kind)) for path, key in policy_file().paths() if not isinstance(key.kind, Section)
    )


@cache
def by_path() -> dict[str, Lever]:
    """Every lever by its path."""
    return {lever.path: lever for lever in levers()}


@cache
def sections() -> dict[str, str]:
    """What each group of keys is about, by its path, the top of the file first."""
    return {TOP: "The policy"} | {
        path: f"{key.means[0].upper()}{key.means[1:]}"
        for path, key in policy_file().paths()
        if isinstance(key.kind, Section)
    }


def of_section(section: str) -> Iterator[Lever]:
    """The levers of a group of keys, without those of groups within it."""
    return (lever for lever in levers() if lever.section == section)


def lever_of(problem: str) -> str:
    """The path of the lever at which a problem of a key (such as `cft.offered.2027-01-01`) is told; "" for none."""
    found = [path for path in by_path() if f"{problem}.".startswith(f"{path}.")]
    return max(found, key=len, default=TOP)


def _form(kind: FieldType) -> Form:
    if isinstance(kind, Choice | YesNo):
        return "choice"
    if isinstance(kind, RegionNames):
        return "several"
    if isinstance(kind, ListOf):
        return "list"
    return "rows" if kind.schema().get("type") == "object" else "text"
