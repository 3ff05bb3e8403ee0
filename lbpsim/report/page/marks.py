"""Markers and dashes of policies as SVG: the shapes that the printed charts have, so that grey copies can be read."""

from __future__ import annotations

import math

from lbpsim.report.charts.policy_styles import PolicyStyle

SIZE = 4.2  # half a marker, in units of the chart
DASH = 1.6  # dashes are given in line widths


def _polygon(corners: int, turn: float, size: float = SIZE, inner: float | None = None) -> str:
    """A regular polygon, or a star with an `inner` radius, around the origin; `turn` in degrees."""
    number = corners * 2 if inner is not None else corners
    points = []
    for k in range(number):
        radius = inner if inner is not None and k % 2 else size
        angle = math.radians(turn + 360.0 * k / number)
        points.append(f"{radius * math.sin(angle):.1f} {-radius * math.cos(angle):.1f}")
    return f"M{'L'.join(points)}Z"


def _circle(radius: float) -> str:
    return f"M{-radius} 0a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0Z"


def _cross(turned: bool) -> str:
    long, thin = SIZE * 1.05, SIZE * 0.38
    corners = [
        *((-thin, -long), (thin, -long), (thin, -thin), (long, -thin), (long, thin), (thin, thin)),
        *((thin, long), (-thin, long), (-thin, thin), (-long, thin), (-long, -thin), (-thin, -thin)),
    ]
    if turned:
        half = math.sqrt(0.5)
        corners = [(half * (x - y), half * (x + y)) for x, y in corners]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"


SHAPES = {
    "o": _circle(3.6),
    "s": _polygon(4, 45.0, SIZE * 1.15),
    "D": _polygon(4, 0.0, SIZE * 1.15),
    "^": _polygon(3, 0.0, SIZE * 1.2),
    "v": _polygon(3, 180.0, SIZE * 1.2),
    "P": _cross(turned=False),
    "X": _cross(turned=True),
    "<": _polygon(3, 270.0, SIZE * 1.2),
    ">": _polygon(3, 90.0, SIZE * 1.2),
    "p": _polygon(5, 0.0),
    "h": _polygon(6, 0.0),
    "*": _polygon(5, 0.0, SIZE * 1.35, SIZE * 0.55),
    "8": _polygon(8, 22.5),
}


def shape(look: PolicyStyle) -> str:
    """Path of a policy's marker around the origin; "" for the comparator, which has none."""
    return SHAPES.get(look.marker, "")


def dashes(look: PolicyStyle) -> str:
    """Value of `stroke-dasharray` of a policy's line; "" for a whole line."""
    pattern = look.dashes[1]
    return " ".join(f"{DASH * length:.1f}" for length in pattern) if pattern else ""
