"""What the sheets say beside their figures, and which outcomes they show: read from sheets.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Self

from pydantic import model_validator

from lbpsim.evidence.output_tables import Column, WithColumns, columns_of, declared, refuse_undeclared
from lbpsim.evidence.reading import Declared

FILE = "sheets.yaml"


class SheetText(WithColumns):
    """What a sheet says; fields as sheets.yaml explains them."""

    holds: str = ""
    title: str = "{table_title}: {where}"
    notes: tuple[str, ...] = ()
    table: str = ""
    frozen: int = 1
    wanted: str = ""


class HeadlineLine(Declared):
    """A line of the headline: `outcome` under a `label`, turned round where a fall is the gain; `discounted` or not."""

    outcome: str
    label: str
    sign: int = 1
    discounted: bool = True


class ProjectionChart(Declared):
    """A chart of lines: an `outcome` by year, its `title`, the `unit` of its axis, whether that is a `rate` a year.

    `change`: against the comparator; `all`: of all policies, or of those that have any; `waiting`: a measure of the
    sheet of waiting lists.
    """

    outcome: str
    title: str
    unit: str
    change: bool = False
    all: bool = True
    rate: bool = True
    waiting: bool = False


class SheetTexts(Declared):
    """The file: `phrases` and `columns` that several sheets share, the sheets by name, and what some of them show."""

    phrases: Mapping[str, str]
    columns: Mapping[str, Column]
    sheets: Mapping[str, SheetText]
    headline: tuple[HeadlineLine, ...]
    projections: tuple[ProjectionChart, ...]
    by_year: tuple[str, ...]
    who_gains: Mapping[str, bool]

    @model_validator(mode="after")
    def _shared_columns_are_there(self) -> Self:
        refuse_undeclared(self.sheets, self.columns)
        return self

    def sheet(self, name: str) -> SheetText:
        """What the sheet of a name says."""
        return self.sheets[self.sheets[name].like or name]

    def headings(self, name: str, each: Mapping[str, Sequence[object]]) -> list[Column]:
        """The columns of a sheet; `each` as for `columns_of`."""
        return list(columns_of(self.sheet(name).columns, self.columns, each, self.phrases))


@cache
def sheet_texts() -> SheetTexts:
    """What all sheets say.

    Raises EvidenceError, with everything that is wrong in the file.
    """
    return declared(SheetTexts, files(__package__) / FILE)
