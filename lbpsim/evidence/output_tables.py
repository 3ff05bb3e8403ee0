"""What every column of every table of results is called and means: read from tables.yaml, the one place that says it.

From here come the columns of the files, their descriptions, the sheets of the workbook and the guide to outputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from pydantic import ValidationError, model_validator

from lbpsim.evidence.reading import HOME, Declared, Entries, EvidenceError, parse_entries, read_text

if TYPE_CHECKING:
    import pandas as pd

FILE = "tables.yaml"
Kind = Literal["string", "integer", "number", "boolean"]
ColumnNature = Literal["", "flow", "ratio", "row", "statistic", "input"]


class Column(Declared):
    """One column: `name`, `kind`, `meaning` in a sentence, `unit` and `nature`, which tables.yaml explains.

    `error`: of what the Monte Carlo error is that a column beside it holds.
    """

    name: str = ""
    kind: Kind = "string"
    meaning: str = ""
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

    @property
    def names(self) -> list[str]:
        """Names of its columns."""
        return [column.name for column in self.columns]


class WithColumns(Declared):
    """An entry with `columns`, names of shared ones and its own; `like`: the entry whose columns it has."""

    columns: tuple[str | dict[str, Column], ...] = ()
    like: str = ""


class TableEntry(WithColumns):
    """A table as declared; `file`: the name of its file without ending, where it is not its own."""

    title: str
    description: str
    key: tuple[str, ...] = ()
    file: str = ""


class Declarations(Declared):
    """The file: `phrases` and `columns` that several tables share, and the tables by group."""

    phrases: Mapping[str, str]
    columns: Mapping[str, Column]
    tables: Mapping[str, Mapping[str, TableEntry]]

    @model_validator(mode="after")
    def _shared_columns_are_there(self) -> Self:
        refuse_undeclared(self.entries, self.columns)
        return self

    @property
    def entries(self) -> dict[str, TableEntry]:
        """Every table by name."""
        return {name: table for group in self.tables.values() for name, table in group.items()}

    def table(self, name: str, thresholds: tuple[float, ...]) -> Table:
        """A table by name, for a study with these thresholds."""
        entry = self.entries[name]
        whose = self.entries[entry.like or name]
        columns = tuple(columns_of(whose.columns, self.columns, {"threshold": thresholds}, self.phrases))
        described = entry.description.format(**self.phrases)
        return Table(name=entry.file or name, title=entry.title, description=described, columns=columns, key=whose.key)


def refuse_undeclared(entries: Mapping[str, WithColumns], shared: Mapping[str, Column]) -> None:
    """Raise ValueError where entries have columns that nobody declares."""
    for name, entry in entries.items():
        unknown = {item for item in entry.columns if isinstance(item, str)} - set(shared)
        if unknown or entry.like not in ("", *entries):
            raise ValueError(f"{name} has columns that are not declared: {', '.join(unknown) or entry.like}")


def columns_of(
    items: Iterable[str | Mapping[str, Column]],
    shared: Mapping[str, Column],
    each: Mapping[str, Sequence[object]],
    phrases: Mapping[str, str],
) -> Iterator[Column]:
    """The columns of a table as a file lists them, one after the other.

    Args:
        items: names of shared columns, and mappings of the table's own, each by name.
        shared: the shared columns by name.
        each: by the word in braces, the values for each of which there are the columns with that word in their name.
        phrases: what stands for other words in braces.
    """
    for item in items:
        named = {item: shared[item]} if isinstance(item, str) else item
        for words in _repeated(named, each):
            for name, column in named.items():
                yield column.told(name, **phrases, **words)
                if column.error:
                    error = shared["error"].told("", column=name, error=column.error)
                    yield error.model_copy(update={"unit": column.unit})


def _repeated(named: Iterable[str], each: Mapping[str, Sequence[object]]) -> list[dict[str, object]]:
    """What stands for words in braces each time that the columns are told: once where none of `each` is in a name."""
    for word, values in each.items():
        if any(f"{{{word}" in name for name in named):
            return [{word: value} for value in values]
    return [{}]


Model = TypeVar("Model", bound=Declared)


def declared(model: type[Model], file: Traversable) -> Model:
    """What a file declares.

    Raises EvidenceError, with everything that is wrong in the file.
    """
    entries = parse_entries(read_text(file), file.name)
    try:
        return model(**entries.content)
    except ValidationError as error:
        raise EvidenceError("\n".join(_faults(entries, error))) from None


def _faults(entries: Entries, error: ValidationError) -> Iterator[str]:
    for part in error.errors():
        path = [str(step) for step in part["loc"]]
        yield f"{entries.place(*path)}: {'.'.join(path)}: {part['msg']}"


@cache
def _declarations() -> Declarations:
    return declared(Declarations, HOME / FILE)


@cache
def output_table(name: str, thresholds: tuple[float, ...] = ()) -> Table:
    """A table of results by name, with the columns that it has in a study with these thresholds (money per QALY).

    Raises KeyError where there is none, EvidenceError with everything that is wrong in the file.
    """
    return _declarations().table(name, thresholds)


def output_tables(group: str, thresholds: tuple[float, ...] = ()) -> tuple[Table, ...]:
    """The tables of a group of tables.yaml, such as "run", in the order in which they are written.

    Raises KeyError where there is none, EvidenceError with everything that is wrong in the file.
    """
    return tuple(output_table(name, thresholds) for name in _declarations().tables[group])


def frame_of(name: str, rows: Sequence[Mapping[str, object] | Sequence[object]]) -> pd.DataFrame:
    """Rows as the table of results of this name; each a mapping by column, or the cells in the declared order.

    Raises ValueError where a row has other columns than tables.yaml declares.
    """
    import pandas as pd  # noqa: PLC0415 - half a second, which a command that makes no table need not wait

    names = output_table(name).names
    for row in rows:
        if set(row) != set(names) if isinstance(row, Mapping) else len(row) != len(names):
            given = ", ".join(map(str, row)) if isinstance(row, Mapping) else f"{len(row)} cells"
            raise ValueError(f"a row of the table {name} has {given}; {FILE} declares {', '.join(names)}")
    return pd.DataFrame(rows, columns=names)
