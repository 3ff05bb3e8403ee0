"""What every column of every table of results is called and means: read from tables.yaml, the one place that says it.

From here come the columns of the files, their descriptions, the sheets of the workbook and the guide to outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from lbpsim.evidence.reading import HOME, Entries, EvidenceError, parse_entries, read_text

FILE = "tables.yaml"
EACH_THRESHOLD = "{threshold"  # in the name of a column that there is for every threshold of a study
Kind = Literal["string", "integer", "number", "boolean"]
ColumnNature = Literal["", "flow", "ratio", "row", "statistic", "input"]


class Declared(BaseModel):
    """An entry of the file: no key is unknown, nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Declared):
    """One column: `name`, `kind`, `meaning` in a sentence, `unit` and `nature`, which tables.yaml explains.

    `error`: of what the Monte Carlo error is that a column beside it holds.
    """

    name: str = ""
    kind: Kind = "string"
    meaning: str
    unit: str = ""
    nature: ColumnNature = ""
    error: str = ""

    @model_validator(mode="before")
    @classmethod
    def _meaning_alone(cls, written: object) -> object:
        return {"meaning": written} if isinstance(written, str) else written

    @model_validator(mode="after")
    def _numbers_have_a_nature(self) -> Self:
        if (self.kind in ("integer", "number")) != bool(self.nature):
            raise ValueError("a number has a nature, and nothing else has one")
        return self

    def told(self, name: str, **words: Any) -> Column:
        """The column under a name, where it has none of its own, with `words` in place of braces."""
        texts = {"name": (self.name or name).format(**words), "meaning": self.meaning.format(**words)}
        return self.model_copy(update=texts)


class Table(Declared):
    """One table: file name without ending, title, a description, its columns, and the columns that identify a row."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


class TableEntry(Declared):
    """A table as declared; `columns`: names of shared ones, and its own; `like`: the table whose columns it has."""

    title: str
    description: str
    key: tuple[str, ...] = ()
    columns: tuple[str | dict[str, Column], ...] = ()
    like: str = ""


class Declarations(Declared):
    """The file: `phrases` and `columns` that several tables share, and the tables by group."""

    phrases: Mapping[str, str]
    columns: Mapping[str, Column]
    tables: Mapping[str, Mapping[str, TableEntry]]

    @model_validator(mode="after")
    def _shared_columns_are_there(self) -> Self:
        for name, table in self.entries.items():
            unknown = {item for item in table.columns if isinstance(item, str)} - set(self.columns)
            if unknown or table.like not in ("", *self.entries):
                raise ValueError(f"{name} has columns that are not declared: {', '.join(unknown) or table.like}")
        return self

    @property
    def entries(self) -> dict[str, TableEntry]:
        """Every table by name."""
        return {name: table for group in self.tables.values() for name, table in group.items()}

    def table(self, name: str, thresholds: tuple[float, ...]) -> Table:
        """A table by name, for a study with these thresholds."""
        entry = self.entries[name]
        whose = self.entries[entry.like or name]
        columns = tuple(self._columns(whose, thresholds))
        described = entry.description.format(**self.phrases)
        return Table(name=name, title=entry.title, description=described, columns=columns, key=whose.key)

    def _columns(self, entry: TableEntry, thresholds: tuple[float, ...]) -> Iterator[Column]:
        for item in entry.columns:
            named = {item: self.columns[item]} if isinstance(item, str) else item
            for name, column in named.items():
                for threshold in thresholds if EACH_THRESHOLD in name else (None,):
                    yield column.told(name, **self.phrases, threshold=threshold)
                if column.error:
                    error = self.columns["error"].told("", column=name, error=column.error)
                    yield error.model_copy(update={"unit": column.unit})


def read(folder: Traversable) -> Declarations:
    """The declarations in a folder.

    Raises EvidenceError, with everything that is wrong in the file.
    """
    entries = parse_entries(read_text(folder / FILE), FILE)
    try:
        return Declarations(**entries.content)
    except ValidationError as error:
        raise EvidenceError("\n".join(_faults(entries, error))) from None


def _faults(entries: Entries, error: ValidationError) -> Iterator[str]:
    for part in error.errors():
        path = [str(step) for step in part["loc"]]
        yield f"{entries.place(*path)}: {'.'.join(path)}: {part['msg']}"


@cache
def _declarations() -> Declarations:
    return read(HOME)


@cache
def output_table(name: str, thresholds: tuple[float, ...] = ()) -> Table:
    """A table of results by name, with the columns that it has in a study with these thresholds (AUD per QALY).

    Raises KeyError where there is none, EvidenceError with everything that is wrong in the file.
    """
    return _declarations().table(name, thresholds)


def output_tables(group: str, thresholds: tuple[float, ...] = ()) -> tuple[Table, ...]:
    """The tables of a group of tables.yaml, such as "run", in the order in which they are written.

    Raises KeyError where there is none, EvidenceError with everything that is wrong in the file.
    """
    return tuple(output_table(name, thresholds) for name in _declarations().tables[group])
