"""The page of a chart: one style, a title that says what, where and when, panels measured in inches, a source line."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

import lbpsim
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.report.charts.policy_styles import FAINT, INK, MUTED
from lbpsim.report.format import SCALES, Scale, exact, fixed, signed
from lbpsim.study.notes import part_years
from lbpsim.study.phrasing import number_of, span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

Given = ParamSpec("Given")

STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with Matplotlib, so charts are the same everywhere
    "font.size": 9.0,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "lbpsim",
}

TITLE_SIZE, SUBTITLE_SIZE, SOURCE_SIZE = 13.0, 9.5, 7.5  # points
LINE_SPACING = 1.35
EDGE = 0.3  # inches of white around everything
CHARACTERS_PER_INCH = {"normal": 132.0, "bold": 118.0}  # of 1-point DejaVu Sans, on average, on the safe side
POINTS = 72.0  # to an inch


@dataclass(frozen=True)
class Panels:
    """Where panels stand: rows and columns, and inches around and between them."""

    rows: int = 1
    columns: int = 1
    left: float = 0.85
    right: float = 0.3
    across: float = 0.6
    down: float = 0.6
    above: float = 0.35
    below: float = 0.55
    heights: tuple[float, ...] | None = None
    widths: tuple[float, ...] | None = None
    share_y: bool | Literal["row", "col"] = False


class NothingToDraw(Exception):  # noqa: N818 - not an error: the subject of a chart is absent
    """A chart has no subject in these results; the message says why, in words for readers."""


@contextmanager
def our_look() -> Iterator[None]:
    """Matplotlib's defaults with the look of the charts over them, whatever the user's own settings.

    Figures are made in it and written in it: a few settings, such as the cut of the page, count only as a file is made.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def styled(draw: Callable[Given, Figure]) -> Callable[Given, Figure]:
    """`draw` in the look of the charts."""

    @functools.wraps(draw)
    def drawn(*given: Given.args, **named: Given.kwargs) -> Figure:
        with our_look():
            return draw(*given, **named)

    return drawn


def page(
    results: Results,
    panels: Panels,
    *,
    size: tuple[float, float],
    title: str,
    subtitle: str,
    interval: str = "",
    uncertainty: str = "",
    drawn: bool = False,
) -> tuple[Figure, npt.NDArray[Any]]:
    """A figure and its panels, shape (rows, columns).

    `size` is the width and height in inches, `title` says what, to which where and when are added, `subtitle` how to
    read it, `interval` what stands for the 95% Monte Carlo interval ("bands"), `uncertainty` what stands for the 95%
    interval that comes from parameters alone, where there are draws ("bars at the right"); `drawn` says that all is
    made from draws.
    """
    where_and_when = f"{title}, {results.study.country}, {span(results.years)}"
    source = source_line(results, interval, uncertainty, drawn=drawn)
    said = f"{subtitle}{_part_years(results)} {results.part}".rstrip()
    return framed(panels, size, where_and_when, said, source)


def framed(
    panels: Panels, size: tuple[float, float], title: str, subtitle: str, source: str
) -> tuple[Figure, npt.NDArray[Any]]:
    """As `page`, with the words as they are: `size` in inches, `source` the line at the bottom."""
    width, height = size
    figure = Figure(figsize=size)
    top = EDGE
    top += _write(figure, title, top, size=TITLE_SIZE, weight="bold")
    top += _write(figure, subtitle, top + 0.05, size=SUBTITLE_SIZE, color=MUTED) + 0.05
    bottom = _source(figure, source)
    grid = figure.add_gridspec(
        panels.rows,
        panels.columns,
        left=panels.left / width,
        right=1.0 - panels.right / width,
        top=1.0 - (top + panels.above) / height,
        bottom=(bottom + panels.below) / height,
        wspace=_gap(panels.across, width - panels.left - panels.right, panels.columns),
        hspace=_gap(panels.down, height - top - bottom - panels.above - panels.below, panels.rows),
        height_ratios=panels.heights,
        width_ratios=panels.widths,
    )
    return figure, np.asarray(grid.subplots(squeeze=False, sharey=panels.share_y))


def source_line(results: Results, interval: str = "", uncertainty: str = "", *, drawn: bool = False) -> str:
    """Where a chart comes from, and what stands for its intervals: `interval` ("bands") for that of Monte Carlo error,
    `uncertainty` for that of parameters, said where there are draws; "" for none. `drawn`: it is made from draws.
    """
    one = results.replications == 1
    text = (
        f"Source: lbpsim {lbpsim.__version__}, study {results.study.name}, "
        f"{number_of(results.people, 'simulated person')}, "
        f"{number_of(results.replications, 'replication')}, seed {results.seed}"
    )
    if interval:
        text += "; one replication has no Monte Carlo interval" if one else f"; {interval}: 95% Monte Carlo interval"
    if isinstance(results, ProbabilisticResults) and (uncertainty or drawn):
        meant = f"{uncertainty}: 95% interval from parameters alone, " if uncertainty else ""
        text += (
            f"; {meant}{number_of(len(results.draws.numbers), 'draw')} of "
            f"{number_of(results.draws.plan.people, 'person')} each"
        )
    return f"{text}."


def year_axis(axes: Axes, results: Results, *, margin: float = 0.25, most: int = 6) -> None:
    """Years on the horizontal axis: at most `most` of them named, `margin` years to either side."""
    years = results.years
    step = -(-len(years) // most)
    axes.set_xlim(years[0] - margin, years[-1] + margin)
    axes.xaxis.set_major_locator(FixedLocator(list(years[::step])))
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.set_xlabel("Calendar year")


def show_scaled(axis: Axis, scale: Scale, *, signs: bool = False) -> None:
    """Write an axis's ticks in a scale, with a plus before those above zero where `signs`."""

    def text(value: float, _: int | None = None) -> str:
        shown = value / scale.divisor
        number = exact(shown) if abs(shown) < SCALES[2].divisor else fixed(shown, 0)
        return signed(number, shown) if signs else number

    axis.set_major_formatter(FuncFormatter(text))


def _gap(inches: float, whole: float, panels: int) -> float:
    """A gap in inches as the fraction of a panel's average size that a grid wants."""
    return inches / ((whole - inches * (panels - 1)) / panels)


def _part_years(results: Results) -> str:
    parts = part_years(results.study)
    return f" Parts of years: {parts}." if parts else ""


def _wrap(text: str, figure: Figure, size: float, weight: str = "normal") -> list[str]:
    inches = float(figure.get_figwidth()) - 2 * EDGE
    return textwrap.wrap(text, int(inches * CHARACTERS_PER_INCH[weight] / size)) or [""]


def _write(figure: Figure, text: str, top: float, **style: Any) -> float:
    """Write text across the page, its top `top` inches below the edge; returns the inches it takes."""
    lines = _wrap(text, figure, style["size"], style.get("weight", "normal"))
    width, height = figure.get_size_inches()
    figure.text(EDGE / width, 1 - top / height, "\n".join(lines), va="top", linespacing=LINE_SPACING, **style)
    return len(lines) * float(style["size"]) * LINE_SPACING / POINTS


def _source(figure: Figure, text: str) -> float:
    """Write the source line; returns the inches that it takes at the bottom of the page."""
    lines = _wrap(text, figure, SOURCE_SIZE)
    width, height = figure.get_size_inches()
    low = EDGE / 2
    figure.text(EDGE / width, low / height, "\n".join(lines), va="bottom", size=SOURCE_SIZE, color=MUTED, gid="source")
    return low + len(lines) * SOURCE_SIZE * LINE_SPACING / POINTS
