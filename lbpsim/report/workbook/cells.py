"""What can stand in a cell, how its number is shown, and where cells stand: so that formulas can point at them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell  # type: ignore[import-untyped]

from lbpsim.evidence.units import PER_CENT

PLAUSIBLE_DIGITS = 3  # shown of small numbers; all digits are kept in the cell
MOST_DECIMALS = 6


@dataclass(frozen=True)
class NumberCell:
    """A number in a `unit`; `signed`: a difference, shown with a plus above zero. Not a number: an empty cell."""

    value: float
    unit: str = ""
    signed: bool = False


@dataclass(frozen=True)
class Live:
    """A `formula`, and the `value` that it has until somebody recalculates; `unit` and `signed` as in `NumberCell`."""

    formula: str
    value: float | str
    unit: str = ""
    signed: bool = False


@dataclass(frozen=True)
class Link:
    """A way to the sheet called `sheet`."""

    sheet: str


Content = str | int | NumberCell | Live | Link | None


@dataclass(frozen=True)
class Heading:
    """A column: its `title`, the `unit` of all its numbers ("" where its rows say it), and `meaning` in a sentence."""

    title: str
    unit: str = ""
    meaning: str = ""
    key: Hashable = None

    @property
    def text(self) -> str:
        """What the head of the column says."""
        return f"{self.title}\n({self.unit})" if self.unit else self.title


@dataclass(frozen=True)
class Row:
    """One row: its `cells`, a `key` to find it by, a `style` of the house."""

    cells: tuple[Content, ...]
    key: Hashable = None
    style: str = ""


@dataclass(frozen=True)
class Grid:
    """Where the cells of a table stand on a `sheet`: rows and columns by key, counted from 0, and what is in them."""

    sheet: str
    head: int
    rows: Mapping[Hashable, int]
    columns: Mapping[Hashable, int]
    values: Mapping[tuple[int, int], float | str] = field(repr=False)

    def value(self, row: Hashable, column: Hashable) -> float:
        """The number in a cell; not a number where it is empty."""
        found = self.values.get((self.rows[row], self.columns[column]), math.nan)
        return math.nan if isinstance(found, str) else found

    def cell(self, row: Hashable, column: Hashable) -> str:
        """A cell as other sheets call it: `'By year'!D7`."""
        return f"{quote_sheetname(self.sheet)}!{xl_rowcol_to_cell(self.rows[row], self.columns[column])}"

    def span(self, row: Hashable | None, first: Hashable, last: Hashable) -> list[str | int]:
        """Cells from column to column as charts want them; of the head without a row."""
        line = self.head if row is None else self.rows[row]
        return [self.sheet, line, self.columns[first], line, self.columns[last]]


def number_format(value: float, unit: str, *, signed: bool = False) -> str:
    """How a number is shown: no more decimals than it takes to see three digits of it.

    >>> number_format(298624.0, "QALYs"), number_format(0.0412, ""), number_format(0.31, "share")
    ('#,##0', '#,##0.0000', '0.0%')
    >>> number_format(-7.25, "AUD", signed=True)
    '+#,##0.00;-#,##0.00;0'
    """
    places = _decimals(value, unit)
    shown = ("0" if unit == "share" else "#,##0") + (f".{'0' * places}" if places else "")
    shown += "%" if unit == "share" else ""
    return f"+{shown};-{shown};0" if signed else shown


def number_text(value: float, unit: str, *, signed: bool = False) -> str:
    """About what a reader sees in the cell; tells how wide a column must be."""
    text = f"{value:,.{_decimals(value, unit)}{'%' if unit == 'share' else 'f'}}"
    return f"+{text}" if signed and value > 0.0 else text


def _decimals(value: float, unit: str) -> int:
    shown = abs(value) / (PER_CENT if unit == "share" else 1.0)
    if shown == 0.0 or not math.isfinite(shown):
        return 0
    return min(max(PLAUSIBLE_DIGITS - 1 - math.floor(math.log10(shown)), 0), MOST_DECIMALS)
