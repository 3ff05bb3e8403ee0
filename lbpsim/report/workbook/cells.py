"""What can stand in a cell, how its number is shown, and where cells stand: so that formulas can point at them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell  # type: ignore[import-untyped]

from lbpsim.evidence.units import PER_CENT
from lbpsim.report.format import PLAUSIBLE_DIGITS, decimals

MOST_DECIMALS = 6


@dataclass(frozen=True)
class Cell:
    """A number in a `unit`; `signed`: a difference, shown with a plus above zero. Not a number: an empty cell.

    `formula`: how it follows from other cells; `value`, then also a text, is what it comes to.
    """

    value: float | str
    unit: str = ""
    signed: bool = False
    formula: str = ""

    @property
    def number_format(self) -> str:
        """How its number is shown."""
        return "General" if isinstance(self.value, str) else number_format(self.value, self.unit, signed=self.signed)


Content = str | int | Cell | None


@dataclass(frozen=True)
class Row:
    """One row: its `cells`, a `key` to find it by, a `style` of the house."""

    cells: tuple[Content, ...]
    key: Hashable = None
    style: str = ""


@dataclass(frozen=True)
class Grid:
    """Where the cells of a table stand on a `sheet`, counted from 0, and what is in them.

    Rows are found by their key, columns by their name, which may be that of a policy or a year.
    """

    sheet: str
    head: int
    rows: Mapping[Hashable, int]
    columns: Mapping[str, int]
    values: Mapping[tuple[int, int], float | str] = field(repr=False)

    def value(self, row: Hashable, column: str | int) -> float:
        """The number in a cell; not a number where it is empty."""
        found = self.values.get((self.rows[row], self.columns[str(column)]), math.nan)
        return math.nan if isinstance(found, str) else found

    def cell(self, row: Hashable, column: str | int) -> str:
        """A cell as other sheets call it: `'By year'!D7`."""
        return f"{quote_sheetname(self.sheet)}!{xl_rowcol_to_cell(self.rows[row], self.columns[str(column)])}"

    def span(self, row: Hashable | None, first: str | int, last: str | int) -> list[str | int]:
        """Cells from column to column as charts want them; of the head without a row."""
        line = self.head if row is None else self.rows[row]
        return [self.sheet, line, self.columns[str(first)], line, self.columns[str(last)]]


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


def _decimals(value: float, unit: str) -> int:
    shown = value / (PER_CENT if unit == "share" else 1.0)
    return min(max(decimals(shown, PLAUSIBLE_DIGITS), 0), MOST_DECIMALS)
