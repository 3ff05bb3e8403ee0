"""Forest plots of the page: a row for each figure, with its interval drawn beside it and written behind it.

A plot is a table, so its figures are read, copied and printed as they stand, and it fits a telephone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.format import Scale
from lbpsim.report.page.figures import band_cell, scale_of
from lbpsim.report.page.lines import Axis, decimals, steps, tick_text
from lbpsim.report.page.parts import Cell

TICKS = 2  # about so many below a plot
EDGE = 3.0  # per cent of the width left free at either side


@dataclass(frozen=True)
class ForestRow:
    """A figure with its interval: `name` of the row, `band`, whether it `leads`, and cells `behind` it."""

    name: Cell | str
    band: Estimate
    leads: bool = False
    behind: tuple[Cell | str, ...] = ()


@dataclass(frozen=True)
class Forest:
    """A forest plot: `title`, heads of the names and of the figures, their `unit`, the `rows`, heads `behind`.

    `caption`: how to read it; `signs`: a plus before what is above zero, as in differences.
    """

    key: str
    title: str
    names: str
    figures: str
    unit: str
    rows: Sequence[ForestRow]
    behind: tuple[str, ...] = ()
    caption: str = ""
    signs: bool = True

    @cached_property
    def scale(self) -> Scale:
        """In which most of the figures read well."""
        return scale_of(row.band for row in self.rows)

    @property
    def head(self) -> str:
        """The head of the figures, with scale and unit."""
        unit = self.scale.label(self.unit).strip()
        return f"{self.figures}, {unit}" if unit else self.figures

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Ends of the axis: all intervals, and zero."""
        every = [float(end) for row in self.rows for end in (row.band.value, row.band.low, row.band.high)]
        known = [end for end in every if math.isfinite(end)]
        low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
        return (low, high) if high > low else (0.0, 1.0)

    def place(self, value: float) -> float:
        """Where a figure stands, in per cent of the width."""
        low, high = self.limits
        return EDGE + (float(value) - low) / (high - low) * (100.0 - 2.0 * EDGE)

    def drawn(self, row: ForestRow) -> bool:
        """Whether the interval of a row is known."""
        return math.isfinite(float(row.band.low)) and math.isfinite(float(row.band.high))

    def cell(self, row: ForestRow) -> Cell:
        """The figure of a row in words."""
        return band_cell(row.band, self.scale, signs=self.signs)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Places of round figures on the axis, and the figures."""
        axis = Axis(self.scale.divisor, from_zero=True, signs=self.signs)
        found = steps(*self.limits, self.scale.divisor, TICKS)
        places = decimals(found, self.scale.divisor)
        return [(self.place(each), tick_text(each, axis, places)) for each in found]
