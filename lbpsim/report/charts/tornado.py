"""One-way analysis as a tornado: how far each parameter, over its interval, moves one figure of one policy."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lbpsim.report.charts.page import EDGE, NothingToDraw, Panels, page, show_scaled, styled
from lbpsim.report.charts.policy_styles import INK, MUTED, comparator, in_sentence, looks
from lbpsim.report.format import ONES, Scale, plain, scale_for

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

LOW, HIGH = "#e69f00", "#0b3360"
WIDTH, LEFT, BAR = 11.0, 4.4, 0.3  # inches
NAME, MOST = 62, 20  # characters of a name, and bars
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


def draw(results: Results, rows: pd.DataFrame, scenario: str, swing: Swing) -> Figure:
    """Bars from the base value to the figure at either end of each parameter's interval, the widest on top.

    `rows`: a parameter, or a group moved together, each: label; low_value and high_value, its ends as text; low and
    high, the figure at those ends, in the unit of `swing`.

    Raises NothingToDraw where there are no rows, or no figure at either end is known.
    """
    return styled(partial(_draw, rows=rows, scenario=scenario, swing=swing))(results)


def widest(rows: pd.DataFrame, base: float) -> pd.DataFrame:
    """The rows that swing most around `base`, the widest first; those without a figure at an end are left out."""
    known = rows.dropna(subset=["low", "high"])
    ends = known[["low", "high"]].assign(base=base)
    reach = ends.max(axis=1) - ends.min(axis=1)
    return known.loc[reach.sort_values(ascending=False, kind="stable").index[:MOST]]


def _draw(results: Results, rows: pd.DataFrame, scenario: str, swing: Swing) -> Figure:
    shown = widest(rows, swing.base)
    if shown.empty:
        raise NothingToDraw("no parameter was moved, or the figure is not known at either end of any")
    label = in_sentence(looks(results)[scenario].label.replace("\n", " "))
    kept = f" The {len(shown)} widest of {len(rows)}." if len(shown) < len(rows) else ""
    note = f" {swing.note}" if swing.note else ""
    figure, grid = page(
        results,
        Panels(left=LEFT, right=0.5, above=0.25, below=0.95),
        size=(WIDTH, 3.1 + BAR * len(shown)),
        title=f"{swing.title}: {label} against {comparator(results)}",
        subtitle="One parameter at a time over its 95% interval, those drawn together moved together; all others at "
        f"their base values, {_amount(shown, swing)} in the middle.{kept}{note}",
    )
    _bars(grid[0, 0], shown, swing)
    _key(figure, marked=bool(_within(grid[0, 0], swing)))
    return figure


def _scale(shown: pd.DataFrame, swing: Swing) -> Scale:
    if swing.unit.startswith("AUD per"):
        return ONES  # a price reads best in full
    return scale_for(max(float(shown[["low", "high"]].abs().to_numpy().max()), abs(swing.base)))


def _amount(shown: pd.DataFrame, swing: Swing) -> str:
    """The base value with its unit, as in a sentence."""
    value, unit = plain(swing.base / _scale(shown, swing).divisor), _unit(shown, swing)
    return f"AUD {value}{unit.removeprefix('AUD')}" if unit.startswith("AUD") else f"{value} {unit}"


def _unit(shown: pd.DataFrame, swing: Swing) -> str:
    return _scale(shown, swing).label(swing.unit)


def _bars(axes: Axes, shown: pd.DataFrame, swing: Swing) -> None:
    places = np.arange(len(shown), dtype=float)[::-1]
    reach = shown[["low", "high"]].to_numpy(dtype=float) - swing.base
    for column, fill, hatch in (("low", LOW, "////"), ("high", HIGH, "")):
        widths = shown[column].to_numpy(dtype=float) - swing.base
        bars = axes.barh(
            places, widths, left=swing.base, height=0.7, color=fill, hatch=hatch, edgecolor="white", linewidth=0.2
        )
        for bar, width, longest in zip(bars, np.abs(widths), np.abs(reach).max(axis=1), strict=True):
            bar.set_zorder(2.0 if width == longest else 2.5)  # both ends on one side: the shorter lies on top
    ends = shown[["low", "high"]].to_numpy(dtype=float)
    low, high = min(float(ends.min()), swing.base), max(float(ends.max()), swing.base)
    room = ROOM * ((high - low) or 1.0)
    axes.set_xlim(low - room, high + room)
    _values(axes, shown, places, swing.base)
    axes.axvline(swing.base, color=INK, linewidth=1.0)
    for threshold in _within(axes, swing):
        axes.axvline(threshold, color=MUTED, linewidth=1.1, linestyle=(0, (4, 3)))
    labels = [textwrap.shorten(str(label), NAME, placeholder="\N{HORIZONTAL ELLIPSIS}") for label in shown["label"]]
    axes.set_yticks(places, labels, size=8)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    show_scaled(axes.xaxis, _scale(shown, swing))
    axes.set_xlabel(f"{swing.title} ({_unit(shown, swing)})")


def _within(axes: Axes, swing: Swing) -> list[float]:
    """Thresholds that stand inside the panel."""
    low, high = axes.get_xlim()
    return [each for each in swing.thresholds if low < each < high]


def _values(axes: Axes, shown: pd.DataFrame, places: np.ndarray[tuple[int], np.dtype[np.float64]], base: float) -> None:
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


def _key(figure: Figure, *, marked: bool) -> None:
    """What colours and lines mean; `marked`: whether a threshold is drawn."""
    entries: list[Patch | Line2D] = [
        Patch(facecolor=LOW, hatch="////", edgecolor="white", label="at the low end of the parameter"),
        Patch(facecolor=HIGH, label="at its high end"),
        Line2D([], [], color=INK, linewidth=1.0, label="base"),
    ]
    if marked:
        entries.append(Line2D([], [], color=MUTED, linewidth=1.1, linestyle=(0, (4, 3)), label="decision changes"))
    place = (LEFT / WIDTH, (EDGE + 0.12) / figure.get_figheight())
    figure.legend(handles=entries, loc="lower left", bbox_to_anchor=place, ncols=4, borderaxespad=0.0)
