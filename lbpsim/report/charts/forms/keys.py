"""Keys of charts: what colours, hatches, lines and marks mean, above the panels or above the source line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lbpsim.report.charts.forms.axes import figure_of
from lbpsim.report.charts.page import EDGE, LINE_SPACING, POINTS, SOURCE_SIZE
from lbpsim.report.charts.policy_styles import PlotStyle

HATCH = "////"
TITLE_PAD, AIR = 6.0, 9.0  # points from a panel to its title, and from the title to the key
FOOT = 0.06  # inches from the source line to the key
COMPACT: PlotStyle = {"borderaxespad": 0.0, "borderpad": 0.0, "columnspacing": 1.4, "handlelength": 1.6}


def swatch(label: str, fill: str, hatch: str = "", *, edge: str = "white", **look: Any) -> Patch:
    """What a filled area means."""
    return Patch(facecolor=fill, hatch=hatch, edgecolor=edge, label=label, **look)


def stroke(label: str, **look: Any) -> Line2D:
    """What a line means; `look` as of the line."""
    return Line2D([], [], label=label, **look)


def spot(label: str, marker: str, **look: Any) -> Line2D:
    """What a mark without a line means."""
    return stroke(label, marker=marker, linestyle="none", **look)


def key_above(first: Axes, entries: Sequence[Artist], columns: int) -> None:
    """A key above the first panel and its title, from its left edge on."""
    figure, top = figure_of(first), first.get_position().y1
    titles = [axes._left_title for axes in figure.axes if axes.get_visible() and axes.get_position().y1 == top]  # type: ignore[attr-defined]
    tallest = max((title.get_text().count("\n") + 1) * title.get_fontsize() for title in titles)
    up = (TITLE_PAD + tallest * LINE_SPACING + AIR) / POINTS
    box = first.get_position()
    place = box.x0, box.y1 + up / figure.get_figheight()
    figure.legend(handles=entries, loc="lower left", bbox_to_anchor=place, ncols=min(len(entries), columns), **COMPACT)


def key_below(figure: Figure, entries: Sequence[Artist], columns: int | None = None) -> None:
    """A key above the source line, below the middle of the panels."""
    lines = next(text.get_text() for text in figure.texts if text.get_gid() == "source").count("\n") + 1
    low = EDGE / 2 + lines * SOURCE_SIZE * LINE_SPACING / POINTS + FOOT
    boxes = [axes.get_position() for axes in figure.axes]
    middle = (min(box.x0 for box in boxes) + max(box.x1 for box in boxes)) / 2.0
    place = middle, low / figure.get_figheight()
    figure.legend(handles=entries, loc="lower center", bbox_to_anchor=place, ncols=columns or len(entries), **COMPACT)
