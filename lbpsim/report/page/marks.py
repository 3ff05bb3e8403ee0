"""Markers and dashes of policies as SVG: the shapes that the printed charts have, so that grey copies can be read."""

from __future__ import annotations

from functools import cache

from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from lbpsim.report.charts.policy_styles import PolicyStyle

SIZE = 8.0  # of a marker, in units of the chart
DASH = 1.6  # dashes are given in line widths
LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}  # of lines of a path, in SVG


def shape(look: PolicyStyle) -> str:
    """Path of a policy's marker around the origin; "" for the comparator, which has none."""
    return _path(look.marker) if look.marker else ""


@cache
def _path(marker: str) -> str:
    style, drawn = MarkerStyle(marker), ""
    outline = style.get_path().transformed(style.get_transform() + Affine2D().scale(SIZE, -SIZE))
    for points, code in outline.iter_segments(simplify=False):
        drawn += "Z" if code == Path.CLOSEPOLY else LETTERS[code] + " ".join(f"{x:.1f}" for x in points)
    return drawn


def dashes(look: PolicyStyle) -> str:
    """Value of `stroke-dasharray` of a policy's line; "" for a whole line."""
    pattern = look.dashes[1]
    return " ".join(f"{DASH * length:.1f}" for length in pattern) if pattern else ""
