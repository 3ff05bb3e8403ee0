"""Axes of every form: scales with units, years, names of rows, the line at zero, and small panels side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.page import CHARACTERS_PER_INCH, EDGE, ROW_TITLE, SMALL
from lbpsim.report.charts.policy_styles import INK, MUTED
from lbpsim.report.format import SCALES, Scale, exact, fixed, scale_for, signed

Item = TypeVar("Item")

BESIDE = 0.1  # inches of white right of the name of a row
AXIS = 0.62  # inches left of a panel for the label of its axis and ticks
ROW_NAMES = 2.0  # inches left of a panel for names of its rows
TICK = 0.06  # inches from them to the panel
SIDE = 0.65  # of a row, above the first row and below the last one
LONGEST_NAME = 62  # characters
DASHED: tuple[float, tuple[float, float]] = (0, (4, 3))


@dataclass(frozen=True)
class Place(Generic[Item]):
    """A small panel: its axes, what it shows, and where it stands among its fellows."""

    axes: Axes
    item: Item
    first: bool  # of its row
    last: bool  # of its column
    ends: bool  # the last of its row


def tiles(number: int, most: int) -> tuple[int, int]:
    """Rows and columns for so many small panels, at most so many side by side.

    >>> tiles(10, 4), tiles(2, 4)
    ((3, 4), (1, 2))
    """
    columns = min(most, number)
    return -(-number // columns), columns


def small_panels(grid: npt.NDArray[Any], shown: Sequence[Item]) -> Iterator[Place[Item]]:
    """A panel for each item, row by row; panels left over are not drawn."""
    columns = grid.shape[1]
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_visible(False)
    for k, (axes, item) in enumerate(zip(grid.flat, shown, strict=False)):
        ends = k % columns == columns - 1 or k == len(shown) - 1
        yield Place(axes, item, k % columns == 0, k + columns >= len(shown), ends)


def show_scaled(axis: Axis, scale: Scale, *, signs: bool = False) -> None:
    """Write an axis's ticks in a scale, with a plus before those above zero where `signs`."""

    def text(value: float, _: int | None = None) -> str:
        shown = value / scale.divisor
        number = exact(shown) if abs(shown) < SCALES[2].divisor else fixed(shown, 0)
        return signed(number, shown) if signs else number

    axis.set_major_formatter(FuncFormatter(text))


def measure(
    axis: Axis, largest: float, unit: str = "", words: str = "{}", *, signs: bool = False, size: float | None = None
) -> Scale:
    """Ticks in the scale that suits figures up to `largest`, and a label: `words` with {} for scale and unit.

    Without a `unit` what is counted stands in the words: "Deaths ({})" becomes "Deaths (thousand)".
    """
    scale = scale_for(largest)
    show_scaled(axis, scale, signs=signs)
    text = words.format(scale.label(unit).strip() or "number")
    label = axis.set_label_text(text[:1].upper() + text[1:])
    if size is not None:
        label.set_fontsize(size)
    return scale


def year_axis(axes: Axes, results: Results, *, margin: float = 0.25, most: int = 6, named: bool = True) -> None:
    """Years on the horizontal axis: at most `most` of them written, `margin` years to either side."""
    years = results.years
    step = -(-len(years) // most)
    axes.set_xlim(years[0] - margin, years[-1] + margin)
    axes.xaxis.set_major_locator(FixedLocator(list(years[::step])))
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.set_xlabel("Calendar year" if named else "")


def name_rows(axes: Axes, labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """Names at the left, one a row from the top down, with lines for values; returns the height of each row."""
    places = np.arange(len(labels), dtype=float)[::-1]
    axes.set_yticks(places, list(labels), size=SMALL)
    axes.set_ylim(-SIDE, len(labels) - 1 + SIDE)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    return places


def cut_name(label: str) -> str:
    """A name as long as there is room for left of a row."""
    return textwrap.shorten(label, LONGEST_NAME, placeholder="\N{HORIZONTAL ELLIPSIS}")


def broken(label: str, inches: float, size: float = SMALL, weight: Literal["normal", "bold"] = "normal") -> str:
    """A name on as few lines as it takes in so many inches, all about as long.

    >>> broken("CFT, stewardship and restraint together", 1.7).splitlines()
    ['CFT, stewardship and', 'restraint together']
    """
    most = int(inches * CHARACTERS_PER_INCH[weight] / size)
    lines = textwrap.wrap(label, most)
    for narrower in range(1, most):
        even = textwrap.wrap(label, narrower, break_long_words=False)
        if len(even) == len(lines) and max(map(len, even), default=0) <= most:
            return "\n".join(even)
    return "\n".join(lines)


def beside(axes: Axes, place: float, text: str, x: float = 1.02) -> None:
    """A figure right of a panel, at the height of its row; `x`: of the width of the panel."""
    axes.text(x, place, text, transform=axes.get_yaxis_transform(), va="center", size=SMALL, gid="end label")


def zero(axes: Axes, *, x: bool = False, y: bool = False) -> None:
    """The line of nothing, or of no difference: upright where `x` is zero, level where `y` is."""
    if x:
        axes.axvline(0.0, color=INK, linewidth=0.9, zorder=1)
    if y:
        axes.axhline(0.0, color=INK, linewidth=0.9, zorder=1)


def mark_at(axes: Axes, x: float) -> None:
    """A dashed upright line at a value that matters, such as a threshold."""
    axes.axvline(x, color=MUTED, linewidth=0.9, linestyle=DASHED, zorder=1)


def name_left(axes: Axes, label: str) -> None:
    """The name of a row of panels at the left edge of the page, broken where the label of the axis would begin."""
    figure, box = figure_of(axes), axes.get_position()
    width = float(figure.get_figwidth())
    name = broken(label, box.x0 * width - EDGE - AXIS - BESIDE, ROW_TITLE, "bold")
    figure.text(EDGE / width, (box.y0 + box.y1) / 2, name, va="center", size=ROW_TITLE, weight="bold")


def figure_of(axes: Axes) -> Figure:
    """The figure that a panel stands on."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def width_of(axes: Axes) -> float:
    """Width of a panel in inches."""
    return float(axes.get_position().width * figure_of(axes).get_figwidth())


def reach_of(*numbers: Any) -> float:
    """The largest size of any of these numbers; 0 where there is none."""
    sizes = [np.abs(np.asarray(each, dtype=float)) for each in numbers]
    return max((float(size[np.isfinite(size)].max(initial=0.0)) for size in sizes), default=0.0)


def around(values: Any, room: float) -> tuple[float, float]:
    """Ends of an axis that shows these values and zero, with `room` to either side, as a share of their range."""
    numbers = np.asarray(values, dtype=float)
    low, high = min(float(numbers.min()), 0.0), max(float(numbers.max()), 0.0)
    margin = room * ((high - low) or 1.0)
    return low - margin, high + margin
