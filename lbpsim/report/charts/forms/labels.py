"""Labels beside what they name: moved apart until none covers another, with a thin line back to its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from lbpsim.report.charts.forms.axes import figure_of
from lbpsim.report.charts.page import POINTS
from lbpsim.report.charts.policy_styles import INK, MUTED, PolicyStyle

SIZE = 8.0  # points
LINE = 1.25  # line height to font size
MARK = 6.5  # points around a point that labels keep clear of
GAP = 3.0  # points of air between labels
LEADER, FORK = 18.0, 10.0  # points from the axes to the label, and to a bracket of several
SAME = 5.0  # points apart at most, ends of lines that seem one
OVERHANG = 14.0  # points by which labels may reach past the ends of the axes
NUDGE = 6.0  # points between marker and text
NEAR = tuple(range(7, 24, 4))  # points from a mark at which a label still seems beside it
DISTANCES = tuple(range(7, 200, 6))  # points from a mark, in the order tried
DIRECTIONS = 16
STEPS = 150  # squares along a line that labels keep clear of
HALO = [withStroke(linewidth=2.5, foreground="white")]  # around names, so that no line strikes them through
POINT_TEXT: dict[str, Any] = {
    "size": SIZE,
    "color": INK,
    "ha": "left",
    "va": "bottom",
    "linespacing": LINE * 0.9,
    "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.5},  # lines are broken where a name stands
    "zorder": 5,
}

Pair = npt.NDArray[np.float64]  # x and y
Boxes = npt.NDArray[np.float64]  # a row each: left, bottom, right, top
Point = tuple[float, float]
Line = tuple[Point, Point]


@dataclass(frozen=True)
class EndLabel:
    """A label for the end of a line: `text`, the height `y` (data) where the line ends, its colour and its marker."""

    text: str
    y: float
    colour: str
    marker: str


def policy_label(look: PolicyStyle, y: float, figure: str = "") -> EndLabel:
    """The label of a policy's line that ends at height `y` (data), with a figure behind the name if there is one."""
    return EndLabel(f"{look.label}  {figure}".rstrip(), y, look.colour, look.marker or "_")


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float = -math.inf, high: float = math.inf
) -> list[float]:
    """Positions nearest to those wanted (least squares) at which things of these heights do not overlap.

    Order is kept; all in the same unit. Neighbours that meet move as one block (pool adjacent violators), and what
    would leave the room between `low` and `high` moves inside; where all do not fit, they run over at the top.

    >>> spread([0.0, 1.0], [4.0, 4.0]), spread([0.0, 10.0], [4.0, 4.0], low=0.0)
    ([-1.5, 2.5], [2.0, 10.0])
    """
    if not wanted:
        return []
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    offsets, at = [], 0.0
    for before, i in zip([None, *order[:-1]], order, strict=True):
        at += 0.0 if before is None else (heights[before] + heights[i]) / 2
        offsets.append(at)
    blocks: list[list[float]] = []
    for i, offset in zip(order, offsets, strict=True):
        blocks.append([wanted[i] - offset])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    floor = low + heights[order[0]] / 2
    ceiling = max(high - heights[order[-1]] / 2 - offsets[-1], floor)
    bases = [min(max(float(np.mean(block)), floor), ceiling) for block in blocks for _ in block]
    placed = dict(zip(order, (base + offset for base, offset in zip(bases, offsets, strict=True)), strict=True))
    return [placed[i] for i in range(len(wanted))]


def end_labels(axes: Axes, labels: Sequence[EndLabel]) -> list[Text]:
    """Write labels to the right of the axes at the heights where lines end; limits of the axes must be final.

    Lines that end at one place share a bracket: leaders from one point to each label would fan out.
    """
    wide, tall = (float(pixels) * POINTS / axes.figure.dpi for pixels in axes.bbox.size)
    heights = [(label.text.count("\n") + 1) * SIZE * LINE + GAP for label in labels]
    wanted = [_height(axes, label.y) * tall for label in labels]
    places = spread(wanted, heights, -OVERHANG, tall + OVERHANG)
    for group in together(wanted, places):
        inks = [labels[i].colour for i in group]
        _leaders(axes, float(np.mean([wanted[i] for i in group])) / tall, [places[i] / tall for i in group], inks, wide)
    return [_end_label(axes, label, place / tall, wide) for label, place in zip(labels, places, strict=True)]


def together(ends: Sequence[float], places: Sequence[float]) -> list[list[int]]:
    """Which labels share a bracket, in order of their `places`: neighbours whose lines end within `SAME` of the first.

    >>> together([10.0, 50.0, 10.5], [9.0, 50.0, 20.0])
    [[0, 2], [1]]
    """
    groups: list[list[int]] = []
    for i in sorted(range(len(places)), key=lambda i: places[i]):
        if groups and abs(ends[i] - ends[groups[-1][0]]) <= SAME:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _height(axes: Axes, y: float) -> float:
    """Where `y` (data) stands, as a fraction of the axes, whatever their scale."""
    return float((axes.transData + axes.transAxes.inverted()).transform((axes.get_xlim()[1], y))[1])


def _leaders(axes: Axes, end: float, heights: Sequence[float], colours: Sequence[str], wide: float) -> None:
    """From where lines end to their labels: one line to one, to several a bracket (fractions of the axes)."""
    start, fork, corner = (1 + points / wide for points in (2.0, FORK, LEADER))
    line: dict[str, Any] = {"transform": axes.transAxes, "clip_on": False, "linewidth": 0.7}
    if len(heights) == 1:
        axes.plot([start, corner], [end, *heights], color=colours[0], **line)
        return
    axes.plot([start, fork], [end, (heights[0] + heights[-1]) / 2], color=MUTED, **line)
    axes.plot([fork, fork], [heights[0], heights[-1]], color=MUTED, gid="bracket", **line)
    for height, colour in zip(heights, colours, strict=True):
        axes.plot([fork, corner], [height, height], color=colour, **line)


def _end_label(axes: Axes, label: EndLabel, height: float, wide: float) -> Text:
    """One label with its marker, its middle at `height` (fraction of the axes, which are `wide` points)."""
    axes.plot(
        [1 + LEADER / wide], [height], transform=axes.transAxes, clip_on=False, color=label.colour, linestyle="none",
        marker=label.marker, markersize=5,
    )  # fmt: skip
    return axes.text(
        1 + (LEADER + NUDGE) / wide, height, label.text, transform=axes.transAxes, va="center", ha="left", size=SIZE,
        color=INK, linespacing=LINE * 0.9, gid="end label",
    )  # fmt: skip


def point_labels(
    axes: Axes,
    texts: Sequence[str],
    xs: Sequence[float],
    ys: Sequence[float],
    lines: Sequence[Line] = (),
    written: Sequence[Line] = (),
) -> list[Text]:
    """Write a label near each point inside the axes, clear of the points, of each other and of what is `written`.

    Limits of the axes must be final. A label crosses one of the `lines` only rather than stand far from its point.
    """
    figure = figure_of(axes)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    pixels = figure.dpi / POINTS
    spots = axes.transData.transform(np.column_stack([xs, ys]))
    taken = np.vstack([_around(spots, MARK * pixels), _along(axes, written, SIZE / 2 * pixels)])
    crossed = _along(axes, lines, pixels)
    inside = axes.get_window_extent(renderer)
    labels = []
    for i in sorted(range(len(texts)), key=lambda i: -spots[i][1]):
        text = axes.text(0, 0, texts[i], gid="point label", **POINT_TEXT)
        size = np.array(text.get_window_extent(renderer).size)
        box = _place(size, spots[i], taken, crossed, inside, pixels)
        taken = np.vstack([taken, box])
        _settle(axes, text, box[0], spots[i], pixels)
        labels.append(text)
    return labels


def _place(size: Pair, spot: Pair, taken: Boxes, crossed: Boxes, inside: Bbox, pixels: float) -> Boxes:
    """Where a label goes: near and clear of all, else farther and across lines, else, with no room, on its spot."""
    near = _free_place(size, spot, np.vstack([taken, crossed]), inside, [pixels * points for points in NEAR])
    if near is not None:
        return near
    far = _free_place(size, spot, taken, inside, [pixels * points for points in DISTANCES])
    return far if far is not None else np.hstack([spot, spot + size])[None]


def _around(spots: Boxes, half: float) -> Boxes:
    """Squares around spots, shape (spots, 4): left, bottom, right, top; `half` a side in pixels."""
    return np.hstack([spots - half, spots + half])


def _along(axes: Axes, lines: Sequence[Line], half: float) -> Boxes:
    """Squares along lines, for labels to keep clear of."""
    steps = np.linspace(0.0, 1.0, STEPS)[:, None]
    ends = [axes.transData.transform(np.array(line)) for line in lines]
    return np.vstack([np.empty((0, 4)), *(_around(start + steps * (end - start), half) for start, end in ends)])


def _free_place(size: Pair, spot: Pair, taken: Boxes, inside: Bbox, distances: Sequence[float]) -> Boxes | None:
    """The nearest place around `spot` where a box of this size is inside and covers nothing, shape (1, 4)."""
    for distance, turn in product(distances, range(DIRECTIONS)):
        angle = 2 * np.pi * turn / DIRECTIONS
        way = np.array([np.cos(angle), np.sin(angle)])
        low = spot + way * (distance + np.abs(way) * size / 2) - size / 2
        high = low + size
        fits = np.all(low >= inside.min) and np.all(high <= inside.max)
        if fits and not np.any(np.all((taken[:, :2] < high) & (taken[:, 2:] > low), axis=1)):
            return np.hstack([low, high])[None]
    return None


def _settle(axes: Axes, text: Text, box: Pair, spot: Pair, pixels: float) -> None:
    """Put the text into its box and draw a line back to its point where it stands far off."""
    back = axes.transData.inverted()
    text.set_position(tuple(back.transform(box[:2])))
    nearest = np.clip(spot, box[:2], box[2:])
    if np.hypot(*(nearest - spot)) > 10 * pixels:
        ends = back.transform(np.array([spot, nearest]))
        axes.plot(ends[:, 0], ends[:, 1], color=MUTED, linewidth=0.6, zorder=1)
