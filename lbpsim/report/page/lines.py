"""Lines by year as SVG, each named at its end; the figures stand in the table behind the chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.charts.forms.labels import spread, together
from lbpsim.report.charts.policy_styles import PolicyStyle
from lbpsim.report.format import fixed
from lbpsim.report.page.marks import shape
from lbpsim.report.page.templates import rendered

Year = TypeVar("Year")
Numbers = npt.NDArray[np.float64]
Label = tuple["Line", float, float, float]
WIDTH, HEIGHT = 480.0, 344.0  # of the drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 46.0, 294.0, 30.0, 318.0  # of the panel
NEAR, FORK = -4.0, 4.0  # right of the panel: where a thin line begins, and where a bracket of several stands
GAP, PITCH = 15.0, 13.0  # between labels of one line; between the lines of a label
TICKS = 5  # about so many on the vertical axis
MARKED = 3  # years between two markers of a line
ROUNDING = 1e-9  # of the largest figure: figures that are no further apart are the same


@dataclass(frozen=True)
class Line:
    """A policy's line: a `band` of figures by year with their intervals, not a number where not known.

    `title`: the policy's whole title; the label of its `look` may be cut to two lines.
    """

    policy: str
    title: str
    look: PolicyStyle
    band: Estimate


@dataclass(frozen=True)
class Axis:
    """The vertical axis: figures are divided by `divisor`; `from_zero`: whether it must show zero; `signs`: a plus.

    `unit`: what stands above it.
    """

    divisor: float
    from_zero: bool
    signs: bool
    unit: str = ""


@dataclass(frozen=True)
class Panel:
    """Where years and figures stand in the drawing: `low` at its bottom, `high` at its top."""

    years: Sequence[int]
    low: float
    high: float

    def x(self, place: int) -> float:
        """Across, of the year at a place."""
        if len(self.years) == 1:
            return (LEFT + RIGHT) / 2
        first, last = self.years[0], self.years[-1]
        return LEFT + 6 + (self.years[place] - first) / max(last - first, 1) * (RIGHT - LEFT - 12)

    def y(self, value: float) -> float:
        """Down, of a figure."""
        return BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP)

    def point(self, place: int, value: float) -> str:
        """Across and down, as in a path."""
        return f"{self.x(place):.1f} {self.y(value):.1f}"

    def path(self, values: Numbers) -> str:
        """A line through figures by year, broken where one is not known."""
        return "".join(f"M{self._through(values, run)}" for run in _runs(values))

    def band(self, low: Numbers, high: Numbers) -> str:
        """What lies between two lines."""
        runs = [run for run in _runs(low + high) if len(run) > 1]
        return "".join(f"M{self._through(high, run)}L{self._through(low, run[::-1])}Z" for run in runs)

    def _through(self, values: Numbers, places: Sequence[int]) -> str:
        return "L".join(self.point(place, values[place]) for place in places)


def line_chart(key: str, name: str, years: Sequence[int], lines: Sequence[Line], axis: Axis) -> str:
    """The chart as an SVG element; `key` makes its names the page's own, `name` tells it to those who do not see it."""
    panel = Panel(years, *limits(lines, from_zero=axis.from_zero))
    ticks = steps(panel.low, panel.high, axis.divisor)
    places, gap = decimals(ticks, axis.divisor), gap_of(lines)
    labels, brackets = _labels(lines, panel, gap)
    return rendered(
        "lines.html",
        key=key,
        name=name,
        panel=panel,
        axis=axis,
        size=(WIDTH, HEIGHT),
        sides=(LEFT, RIGHT, TOP, BOTTOM),
        pitch=PITCH,
        gap=gap,
        ticks=[(tick, tick_text(tick, axis, places)) for tick in ticks],
        named=named(list(enumerate(years))),
        series=[(line, _outline(line), _marked(line, at, years)) for at, line in enumerate(lines)],
        labels=labels,
        brackets=brackets,
    )


def limits(lines: Sequence[Line], *, from_zero: bool) -> tuple[float, float]:
    """Ends of the vertical axis: all intervals and, where wanted, zero; never empty."""
    bands = [line.band for line in lines]
    every = np.concatenate([np.concatenate([band.value, band.low, band.high]) for band in bands] or [np.zeros(1)])
    known = every[np.isfinite(every)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    largest = max(abs(low), abs(high))
    if high - low <= ROUNDING * max(largest, ROUNDING):
        return low, low + max(largest, 1.0)
    room = 0.04 * (high - low)
    return low - (room if low < 0.0 or not from_zero else 0.0), high + room


def steps(low: float, high: float, divisor: float, about: int = TICKS) -> list[float]:
    """Round figures between two ends, about so many of them."""
    raw = (high - low) / divisor / about
    size = 10.0 ** math.floor(math.log10(raw))
    step = size * min((1.0, 2.0, 5.0, 10.0), key=lambda factor: abs(math.log(factor * size / raw))) * divisor
    return [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def named(years: Sequence[Year], most: int = 5) -> Sequence[Year]:
    """Years that are written below the axis."""
    return years[:: -(-len(years) // most)]


def spread_apart(heights: Sequence[float], gap: float = GAP, top: float = TOP, bottom: float = BOTTOM) -> list[float]:
    """Heights moved as little as needed until no two are nearer than `gap`, within the panel where they fit.

    >>> spread_apart([60.0, 62.0, 100.0], gap=10.0)
    [56.0, 66.0, 100.0]
    """
    return spread(heights, [gap] * len(heights), top - gap / 2, bottom + gap / 2)


def decimals(ticks: Sequence[float], divisor: float) -> int:
    """Decimal places that tell the ticks of an axis apart.

    >>> decimals([0.0, 500.0, 1000.0], 1000.0), decimals([0.0, 2000.0], 1000.0)
    (1, 0)
    """
    step = (ticks[1] - ticks[0]) / divisor if len(ticks) > 1 else 1.0
    return max(0, -math.floor(math.log10(step) + 1e-6))


def tick_text(value: float, axis: Axis, places: int) -> str:
    """A tick as readers expect it: with commas, a true minus and, where differences are shown, a plus."""
    shown = value / axis.divisor
    return fixed(shown, places if round(shown, places) else 0, signs=axis.signs)


def _outline(line: Line) -> str:
    """A line's marker; one without any is given a dash where a figure stands alone."""
    return shape(line.look) or ("M-4 0L4 0L4 2L-4 2Z" if _alone(line) else "")


def _marked(line: Line, at: int, years: Sequence[int]) -> list[int]:
    """Places of a line's markers: every few years, and wherever a figure stands alone and makes no line."""
    place = at if len(years) > MARKED else 0
    known = np.flatnonzero(np.isfinite(line.band.value))
    return [int(k) for k in known if k % MARKED == place % MARKED or k in _alone(line)]


def _alone(line: Line) -> list[int]:
    return [run[0] for run in _runs(line.band.value) if len(run) == 1]


def _runs(numbers: Numbers) -> list[list[int]]:
    """Places of finite numbers, run by run."""
    groups = groupby(range(len(numbers)), key=lambda k: bool(np.isfinite(numbers[k])))
    return [list(places) for known, places in groups if known]


def gap_of(lines: Sequence[Line]) -> float:
    """How far labels are kept apart: further where some have two lines, as far as the panel has room."""
    tall = PITCH * max((len(line.look.label.splitlines()) for line in lines), default=1)
    return min(max(GAP, tall), (BOTTOM - TOP) / max(len(lines) - 1, 1))


def _labels(lines: Sequence[Line], panel: Panel, gap: float) -> tuple[list[Label], list[str]]:
    """Each line with where the thin line to its name begins, across and down, and the height of the name; and brackets,
    as paths, where several lines end at one place: thin lines from there to each name would fan out.
    """
    shown = [line for line in lines if np.isfinite(line.band.value).any()]
    ends = [panel.y(float(line.band.value[np.isfinite(line.band.value)][-1])) for line in shown]
    heights = spread_apart(ends, gap)
    groups = [group for group in together(ends, heights) if len(group) > 1]
    forked = {k for group in groups for k in group}
    starts = [(FORK, heights[k]) if k in forked else (NEAR, ends[k]) for k in range(len(shown))]
    labels = [(line, RIGHT + x, y, height) for line, (x, y), height in zip(shown, starts, heights, strict=True)]
    return labels, [_bracket([ends[k] for k in group], [heights[k] for k in group]) for group in groups]


def _bracket(ends: Sequence[float], heights: Sequence[float]) -> str:
    """From where lines end to the middle of a bracket, and the bracket, as a path."""
    stem = f"M{RIGHT + NEAR:g} {sum(ends) / len(ends):.1f}L{RIGHT + FORK:g} {(heights[0] + heights[-1]) / 2.0:.1f}"
    return f"{stem}M{RIGHT + FORK:g} {heights[0]:.1f}L{RIGHT + FORK:g} {heights[-1]:.1f}"
