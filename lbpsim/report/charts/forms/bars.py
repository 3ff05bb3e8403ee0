"""Bars: parts stacked from zero to either side, and rows of bars with their figures beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from lbpsim.report.charts.forms.axes import width_of
from lbpsim.report.charts.page import POINTS, SMALL
from lbpsim.report.charts.policy_styles import INK, PlotStyle

Numbers = npt.NDArray[np.float64]

THICK, ROW = 0.84, 0.68  # of the room for an upright bar, and for a level one
EDGE: PlotStyle = {"edgecolor": "white", "linewidth": 0.2}
LEFT, FIGURES = 0.04, 0.27  # of the width of bars: white at the left, and room for figures at the right
APART = 7.0  # points from a bar to its figure
DIGITS_PER_INCH = 112.0  # of 1-point DejaVu Sans: wider than letters of words


@dataclass(frozen=True)
class Part:
    """A part of a stack: its size at each place, and how it is filled."""

    values: Numbers
    fill: str
    hatch: str = ""


def stack(axes: Axes, places: Numbers | Sequence[int], parts: Sequence[Part], *, level: bool = False) -> Numbers:
    """Parts one on the other, those above zero upwards, those below downwards; returns both ends, shape (2, places).

    `level`: bars lie, from zero to the right and to the left.
    """
    ends = np.zeros((2, len(places)))
    for part in parts:
        base = np.where(part.values >= 0.0, ends[1], ends[0])
        look = {"color": part.fill, "hatch": part.hatch, **EDGE}
        if level:
            axes.barh(places, part.values, left=base, height=ROW, **look)
        else:
            axes.bar(places, part.values, bottom=base, width=THICK, **look)
        ends = ends + np.array([np.minimum(part.values, 0.0), np.maximum(part.values, 0.0)])
    return ends


def figures_beside(
    axes: Axes,
    places: Numbers,
    texts: Sequence[str],
    ends: Numbers,
    *,
    colours: Sequence[str] = (),
    room: float = FIGURES,
) -> None:
    """Write a figure right of each level bar, with `room` for it as a share of their width, or more where it is longer;
    `ends`: of the bars.
    """
    left, right = min(float(ends[0].min()), 0.0), max(float(ends[1].max()), 0.0)
    width = (right - left) or 1.0
    axes.set_xlim(left - LEFT * width, right + max(room, _share_for(axes, texts)) * width)
    for place, text, end, colour in zip(places, texts, ends[1], colours or (INK,) * len(texts), strict=True):
        axes.annotate(text, (max(float(end), 0.0), place), (APART, 0), size=SMALL, color=colour, va="center",
                      textcoords="offset points")  # fmt: skip


def _share_for(axes: Axes, texts: Sequence[str]) -> float:
    """Room that the longest of these figures takes, as a share of the width of bars."""
    longest = max((len(text) for text in texts), default=0)
    inches = longest * SMALL / DIGITS_PER_INCH + APART / POINTS
    return (1.0 + LEFT) * inches / max(width_of(axes) - inches, inches)  # bars keep half of the panel at least


def whiskers(axes: Axes, places: Sequence[int], low: Numbers, high: Numbers, *, on_dark: bool = False) -> None:
    """Upright intervals over bars; `on_dark`: light with a dark edge."""
    middle = (low + high) / 2.0
    for colour, width in ((INK, 2.6), ("white", 1.2)) if on_dark else ((INK, 0.8),):
        axes.errorbar(places, middle, yerr=middle - low, color=colour, elinewidth=width, linestyle="none", zorder=4)
