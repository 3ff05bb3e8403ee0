"""Planes: points in two dimensions around no difference, with the lines on which a QALY costs a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import DASHED, around, zero
from lbpsim.report.charts.forms.labels import Line, Point, point_labels
from lbpsim.report.charts.page import POINTS
from lbpsim.report.charts.policy_styles import MUTED, looks
from lbpsim.report.format import per_qaly

NEAR_EDGE = 0.96  # of the way to the edge of a panel
LABEL_SIZE = 7.5  # points, of thresholds
CHARACTER = 0.62  # width of a character to its size


def cross(axes: Axes, across: Any, up: Any, room: float) -> list[Line]:
    """Limits that show these values and zero with `room` around them, and the lines of no difference, returned."""
    axes.set(xlim=around(across, room), ylim=around(up, room))
    axes.grid(visible=True, axis="both")
    zero(axes, x=True, y=True)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return [((left, 0.0), (right, 0.0)), ((0.0, low), (0.0, high))]


def threshold_line(axes: Axes, threshold: float) -> Line:
    """Draw the line on which a QALY costs the threshold; returns its longer half, from the comparator outwards."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    axes.axline((0.0, 0.0), slope=threshold, color=MUTED, linewidth=0.9, linestyle=DASHED, zorder=1)
    axes.set(xlim=(left, right), ylim=(low, high))
    x = NEAR_EDGE * max(min(right, high / threshold), max(left, low / threshold), key=abs)
    return (0.0, 0.0), (x, x * threshold)


def threshold_label(axes: Axes, threshold: float, end: Point) -> Line:
    """Write the threshold along its line up to, or from, `end`; returns where it stands."""
    start, stop = axes.transData.transform([(0.0, 0.0), end])
    outwards = 1 if end[0] > 0 else -1
    run, rise = outwards * (stop - start) / np.hypot(*(stop - start))
    words = f" {per_qaly(threshold)} "
    axes.text(
        *end, words, size=LABEL_SIZE, color=MUTED, ha="right" if outwards > 0 else "left", va="bottom",
        rotation=float(np.degrees(np.arctan2(rise, run))), rotation_mode="anchor", gid="threshold",
    )  # fmt: skip
    em = LABEL_SIZE * axes.figure.dpi / POINTS
    above = stop + 0.5 * em * np.array([-rise, run])
    back = above - outwards * CHARACTER * em * len(words) * np.array([run, rise])
    (x0, y0), (x1, y1) = axes.transData.inverted().transform([back, above])
    return (float(x0), float(y0)), (float(x1), float(y1))


def name_points(
    axes: Axes, results: Results, places: Mapping[str, Point], lines: Sequence[Line] = (), written: Sequence[Line] = ()
) -> None:
    """The name of each policy near its point, clear of other points, of `lines` and of what is `written`."""
    names = looks(results)
    xs, ys = ([place[k] for place in places.values()] for k in (0, 1))
    point_labels(axes, [names[name].label for name in places], xs, ys, lines, written)
