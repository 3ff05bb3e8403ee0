"""One-way analysis as a tornado: how far each parameter, over its interval, moves one figure of one policy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.evidence.currency import code_of, is_money
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import DASHED, cut_name, name_rows, show_scaled
from lbpsim.report.charts.forms.bars import EDGE, ROW
from lbpsim.report.charts.forms.keys import HATCH, key_below, stroke, swatch
from lbpsim.report.charts.page import NothingToDraw, Panels, page, styled
from lbpsim.report.charts.policy_styles import INK, MUTED, PlotStyle, called, comparator
from lbpsim.report.charts.styles import FULL, PRINT
from lbpsim.report.format import ONES, Scale, plain, scale_for

LOW, HIGH = "#e69f00", "#0b3360"
LEFT, BAR = 4.4, 0.3  # inches
MOST = 20  # bars
BASE: PlotStyle = {"color": INK, "linewidth": 1.0}
CHANGES: PlotStyle = {"color": MUTED, "linewidth": 1.1, "linestyle": DASHED}
ROOM = 0.16  # at either end, of the reach of the bars, for the values of the parameter


@dataclass(frozen=True)
class Swing:
    """What a tornado shows: the `title` of the figure, its `unit`, its `base` value, and the `thresholds` at which the
    decision changes (0 of a net benefit). `note`: a sentence more for readers.
    """

    title: str
    unit: str
    base: float
    thresholds: tuple[float, ...] = (0.0,)
    note: str = ""


@styled
def draw(results: Results, rows: pd.DataFrame, scenario: str, swing: Swing) -> Figure:
    """Bars from the base value to the figure at either end of each parameter's interval, the widest on top.

    `rows`: a parameter, or a group moved together, each: label; low_value and high_value, its ends as text; low and
    high, the figure at those ends, in the unit of `swing`.

    Raises NothingToDraw where there are no rows, or no figure at either end is known.
    """
    shown = widest(rows, swing.base)
    if shown.empty:
        raise NothingToDraw("no parameter was moved, or the figure is not known at either end of any")
    kept = f" The {len(shown)} widest of {len(rows)}." if len(shown) < len(rows) else ""
    note = f" {swing.note}" if swing.note else ""
    figure, grid = page(
        results,
        Panels(tall=BAR * (len(shown) + 1), left=LEFT, above=0.25, below=0.95),
        PRINT.sheet(FULL),
        title=f"{swing.title}: {called(results, scenario)} against {comparator(results)}",
        subtitle="One parameter at a time over its 95% interval, those drawn together moved together; all others at "
        f"their base values, {_amount(shown, swing)} in the middle.{kept}{note}",
    )
    _bars(grid[0, 0], shown, swing)
    entries = [
        swatch("at the low end of the parameter", LOW, HATCH),
        swatch("at its high end", HIGH),
        stroke("base", **BASE),
    ]
    key_below(figure, [*entries, stroke("decision changes", **CHANGES)] if _within(grid[0, 0], swing) else entries)
    return figure


def widest(rows: pd.DataFrame, base: float) -> pd.DataFrame:
    """The rows that swing most around `base`, the widest first; those without a figure at an end are left out."""
    known = rows.dropna(subset=["low", "high"])
    ends = known[["low", "high"]].assign(base=base)
    reach = ends.max(axis=1) - ends.min(axis=1)
    return known.loc[reach.sort_values(ascending=False, kind="stable").index[:MOST]]


def _scale(shown: pd.DataFrame, swing: Swing) -> Scale:
    if is_money(swing.unit) and " per " in swing.unit:
        return ONES  # a price reads best in full
    return scale_for(max(float(shown[["low", "high"]].abs().to_numpy().max()), abs(swing.base)))


def _amount(shown: pd.DataFrame, swing: Swing) -> str:
    """The base value with its unit, as in a sentence."""
    value, unit = plain(swing.base / _scale(shown, swing).divisor), _unit(shown, swing)
    code = code_of(unit)
    return f"{value} {unit}" if code is None else f"{code} {value}{unit.removeprefix(code)}"


def _unit(shown: pd.DataFrame, swing: Swing) -> str:
    return _scale(shown, swing).label(swing.unit)


def _bars(axes: Axes, shown: pd.DataFrame, swing: Swing) -> None:
    places = name_rows(axes, [cut_name(str(label)) for label in shown["label"]])
    ends = shown[["low", "high"]].to_numpy(dtype=float)
    reach = np.abs(ends - swing.base)
    for k, (fill, hatch) in enumerate(((LOW, HATCH), (HIGH, ""))):
        widths = ends[:, k] - swing.base
        bars = axes.barh(places, widths, left=swing.base, height=ROW, color=fill, hatch=hatch, **EDGE)
        for bar, mine, longest in zip(bars, reach[:, k], reach.max(axis=1), strict=True):
            bar.set_zorder(2.0 if mine == longest else 2.5)  # both ends on one side: the shorter lies on top
    low, high = min(float(ends.min()), swing.base), max(float(ends.max()), swing.base)
    room = ROOM * ((high - low) or 1.0)
    axes.set_xlim(low - room, high + room)
    _values(axes, shown, places, swing.base)
    axes.axvline(swing.base, **BASE)
    for threshold in _within(axes, swing):
        axes.axvline(threshold, **CHANGES)
    show_scaled(axes.xaxis, _scale(shown, swing))
    axes.set_xlabel(f"{swing.title} ({_unit(shown, swing)})")


def _within(axes: Axes, swing: Swing) -> list[float]:
    """Thresholds that stand inside the panel."""
    low, high = axes.get_xlim()
    return [each for each in swing.thresholds if low < each < high]


def _values(axes: Axes, shown: pd.DataFrame, places: npt.NDArray[np.float64], base: float) -> None:
    """The value of the parameter beyond the end of its bar; both on one side where both move the figure one way."""
    figures, words = shown[["low", "high"]].to_numpy(dtype=float), shown[["low_value", "high_value"]].astype(str)
    for place, pair, named in zip(places.tolist(), figures.tolist(), words.to_numpy().tolist(), strict=True):
        ends = sorted(zip(pair, named, strict=True))
        if ends[0][0] < base < ends[1][0]:
            _write(axes, ends[0][0], place, ends[0][1], left=True)
            _write(axes, ends[1][0], place, ends[1][1], left=False)
        elif ends[1][0] <= base:
            _write(axes, ends[0][0], place, f"{ends[0][1]}, {ends[1][1]}", left=True)
        else:
            _write(axes, ends[1][0], place, f"{ends[0][1]}, {ends[1][1]}", left=False)


def _write(axes: Axes, x: float, y: float, words: str, *, left: bool) -> None:
    axes.annotate(words, (x, y), (-4 if left else 4, 0), size=7, color=MUTED, textcoords="offset points", va="center",
                  ha="right" if left else "left")  # fmt: skip
