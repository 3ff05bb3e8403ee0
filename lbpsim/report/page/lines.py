"""Lines by year as SVG: whole without a script, and with the figures in it from which a script redraws and reads out.

The script in `page.js` places lines, ticks and labels by the same rules when policies are switched off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

import numpy as np
import numpy.typing as npt

from lbpsim.report.charts.policy_styles import PolicyStyle
from lbpsim.report.format import fixed
from lbpsim.report.page.marks import dashes, shape

Numbers = npt.NDArray[np.float64]
WIDTH, HEIGHT = 480.0, 344.0  # of the drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 46.0, 294.0, 30.0, 318.0  # of the panel
GAP, PITCH = 15.0, 13.0  # between labels of one line; between the lines of a label
TICKS = 5  # about so many on the vertical axis
MARKED = 3  # years between two markers of a line
ROUNDING = 1e-9  # of the largest figure: figures that are no further apart are the same


@dataclass(frozen=True)
class Line:
    """A policy's line: values and ends of their intervals by year, not a number where not known.

    `title`: the policy's whole title; the label of its `look` may be cut to two lines.
    """

    policy: str
    title: str
    look: PolicyStyle
    values: Numbers
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Axis:
    """The vertical axis: figures are divided by `divisor`; `from_zero`: whether it must show zero; `signs`: a plus.

    `unit`: what stands above it.
    """

    divisor: float
    from_zero: bool
    signs: bool
    unit: str = ""


def line_chart(key: str, name: str, years: Sequence[int], lines: Sequence[Line], axis: Axis) -> str:
    """The chart as an SVG element; `key` makes its names the page's own, `name` tells it to those who do not see it."""
    low, high = limits(lines, from_zero=axis.from_zero)
    ticks = steps(low, high, axis.divisor)
    places, gap = decimals(ticks, axis.divisor), gap_of(lines)
    parts = [
        f'<svg class="lines" id="{key}-svg" role="img" aria-label="{escape(name)}" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" data-years="{" ".join(map(str, years))}" '
        f'data-panel="{LEFT:g} {RIGHT:g} {TOP:g} {BOTTOM:g} {gap:g}" data-divisor="{axis.divisor:g}" '
        f'data-zero="{int(axis.from_zero)}" data-signs="{int(axis.signs)}">',
        f'<text x="0" y="11">{escape(axis.unit)}</text>',
        f'<g class="ticks">{"".join(_tick(tick, low, high, axis, places) for tick in ticks)}</g>',
        f'<g class="years">{"".join(_year(year, years) for year in named(years))}</g>',
        *(_series(place, line, years, low, high) for place, line in enumerate(lines)),
        *_labels(lines, low, high, gap),
        f'<line class="rule" x1="0" x2="0" y1="{TOP:g}" y2="{BOTTOM:g}" visibility="hidden"/></svg>',
    ]
    return "".join(parts)


def limits(lines: Sequence[Line], *, from_zero: bool) -> tuple[float, float]:
    """Ends of the vertical axis: all intervals and, where wanted, zero; never empty."""
    every = np.concatenate([np.concatenate([line.values, line.low, line.high]) for line in lines] or [np.zeros(1)])
    known = every[np.isfinite(every)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    largest = max(abs(low), abs(high))
    if high - low <= ROUNDING * max(largest, ROUNDING):
        return low, low + max(largest, 1.0)
    room = 0.04 * (high - low)
    return low - (room if low < 0.0 or not from_zero else 0.0), high + room


def steps(low: float, high: float, divisor: float) -> list[float]:
    """Round figures between two ends, about TICKS of them."""
    raw = (high - low) / divisor / TICKS
    size = 10.0 ** math.floor(math.log10(raw))
    step = size * min((1.0, 2.0, 5.0, 10.0), key=lambda factor: abs(math.log(factor * size / raw))) * divisor
    return [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def named(years: Sequence[int], most: int = 5) -> Sequence[int]:
    """Years that are written below the axis."""
    return years[:: -(-len(years) // most)]


def spread_apart(heights: Sequence[float], gap: float = GAP, top: float = TOP, bottom: float = BOTTOM) -> list[float]:
    """Heights moved as little as needed until no two are nearer than `gap`, within the panel where they fit.

    >>> spread_apart([60.0, 62.0, 100.0], gap=10.0)
    [56.0, 66.0, 100.0]
    """
    order = sorted(range(len(heights)), key=lambda k: round(heights[k], 3))  # as the script sorts them
    groups: list[tuple[float, list[int]]] = []  # middle of a run of labels that touch, and its members
    for k in order:
        groups.append((heights[k], [k]))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < gap * (len(groups[-1][1]) + len(groups[-2][1])) / 2:
            (_, lower), (_, upper) = groups.pop(), groups.pop()
            members = upper + lower
            groups.append((_inside(members, heights, gap, top, bottom), members))
    placed = list(heights)
    for middle, members in groups:
        for place, k in enumerate(members):
            placed[k] = middle + gap * (place - (len(members) - 1) / 2)
    return placed


def _inside(members: Sequence[int], heights: Sequence[float], gap: float, top: float, bottom: float) -> float:
    """The middle of a run of labels: that of what they name, moved into the panel."""
    half = gap * (len(members) - 1) / 2
    middle = sum(heights[k] for k in members) / len(members)
    return max(min(middle, bottom - half), top + half)


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


def _x(year: float, years: Sequence[int]) -> float:
    width = max(years[-1] - years[0], 1)
    return LEFT + 6 + (year - years[0]) / width * (RIGHT - LEFT - 12) if len(years) > 1 else (LEFT + RIGHT) / 2


def _y(value: float, low: float, high: float) -> float:
    return BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP)


def _tick(value: float, low: float, high: float, axis: Axis, places: int) -> str:
    y = _y(value, low, high)
    kind = ' class="zero"' if value == 0.0 else ""
    return (
        f'<line{kind} x1="{LEFT:g}" x2="{RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end">{tick_text(value, axis, places)}</text>'
    )


def _year(year: int, years: Sequence[int]) -> str:
    return f'<text x="{_x(year, years):.1f}" y="{BOTTOM + 20:g}" text-anchor="middle">{year}</text>'


def _series(place: int, line: Line, years: Sequence[int], low: float, high: float) -> str:
    """A policy's band, line and markers, with the figures from which they are drawn."""
    look, dash = line.look, dashes(line.look)
    data = "".join(f' data-{what}="{_texts(numbers)}"' for what, numbers in _data(line).items())
    pattern = f' stroke-dasharray="{dash}"' if dash else ""
    outline = shape(look)
    if not outline and _alone(line):
        outline = "M-4 0L4 0L4 2L-4 2Z"
    marks = "".join(
        f'<path class="mark" data-at="{k}" d="{outline}" fill="{look.colour}" '
        f'transform="translate({_x(years[k], years):.1f} {_y(line.values[k], low, high):.1f})"/>'
        for k in _marked(line, place if len(years) > MARKED else 0)
        if outline
    )
    return (
        f'<g class="series" data-policy="{escape(line.policy)}" data-label="{escape(line.title)}"{data}>'
        f'<path class="band" d="{_band(line, years, low, high)}" fill="{look.colour}"/>'
        f'<path class="line" d="{_path(line.values, years, low, high)}" stroke="{look.colour}"{pattern}/>{marks}</g>'
    )


def _marked(line: Line, place: int) -> list[int]:
    """Places of a line's markers: every few years, and wherever a figure stands alone and makes no line."""
    known = np.flatnonzero(np.isfinite(line.values))
    return [int(k) for k in known if k % MARKED == place % MARKED or k in _alone(line)]


def _alone(line: Line) -> list[int]:
    return [run[0] for run in _runs(line.values) if len(run) == 1]


def _data(line: Line) -> dict[str, Numbers]:
    return {"values": line.values, "low": line.low, "high": line.high}


def _texts(numbers: Numbers) -> str:
    return " ".join(f"{number:.9g}" if np.isfinite(number) else "-" for number in numbers)


def _runs(numbers: Numbers) -> list[list[int]]:
    """Places of finite numbers, run by run."""
    groups = groupby(range(len(numbers)), key=lambda k: bool(np.isfinite(numbers[k])))
    return [list(places) for known, places in groups if known]


def _path(numbers: Numbers, years: Sequence[int], low: float, high: float) -> str:
    def points(run: list[int]) -> str:
        return "L".join(f"{_x(years[k], years):.1f} {_y(numbers[k], low, high):.1f}" for k in run)

    return "".join(f"M{points(run)}" for run in _runs(numbers))


def _band(line: Line, years: Sequence[int], low: float, high: float) -> str:
    def around(run: list[int]) -> str:
        up = [f"{_x(years[k], years):.1f} {_y(line.high[k], low, high):.1f}" for k in run]
        back = [f"{_x(years[k], years):.1f} {_y(line.low[k], low, high):.1f}" for k in reversed(run)]
        return "L".join(up + back)

    return "".join(f"M{around(run)}Z" for run in _runs(line.low + line.high) if len(run) > 1)


def gap_of(lines: Sequence[Line]) -> float:
    """How far labels are kept apart: further where some have two lines, as far as the panel has room."""
    tall = PITCH * max((len(line.look.label.splitlines()) for line in lines), default=1)
    return min(max(GAP, tall), (BOTTOM - TOP) / max(len(lines) - 1, 1))


def _labels(lines: Sequence[Line], low: float, high: float, gap: float) -> list[str]:
    """Names at the ends of the lines, and a thin lead from each end to its name."""
    shown = [line for line in lines if np.isfinite(line.values).any()]
    ends = [_y(float(line.values[np.isfinite(line.values)][-1]), low, high) for line in shown]
    return [
        f'<g class="label" data-policy="{escape(line.policy)}"><title>{escape(line.title)}</title>'
        f'<path class="lead" d="{_lead(end, y)}" stroke="{line.look.colour}"/>'
        f'<path class="sign" d="{shape(line.look) or "M-4 -1L4 -1L4 1L-4 1Z"}" fill="{line.look.colour}" '
        f'transform="translate({RIGHT + 20:g} {y:.1f})"/>'
        f'<text x="{RIGHT + 28:g}" y="{y + 4:.1f}">{_words(line.look.label)}</text></g>'
        for line, end, y in zip(shown, ends, spread_apart(ends, gap), strict=True)
    ]


def _words(label: str) -> str:
    """A label, on two lines where it has two, in the middle of its place."""
    first, *more = (escape(words) for words in label.splitlines())
    if not more:
        return first
    x = f'x="{RIGHT + 28:g}"'
    below = "".join(f'<tspan {x} dy="{PITCH:g}">{words}</tspan>' for words in more)
    return f'<tspan {x} dy="{-PITCH * len(more) / 2:g}">{first} </tspan>{below}'


def _lead(end: float, y: float) -> str:
    return f"M{RIGHT - 4:g} {end:.1f}L{RIGHT + 13:g} {y:.1f}"
