"""The page of a chart: one style, a title that says what, where and when, panels measured in inches, a source line."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, ParamSpec

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

import lbpsim
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.policy_styles import INK, MUTED
from lbpsim.report.charts.styles import Sheet
from lbpsim.study import Study
from lbpsim.study.borrowed import DEMONSTRATION
from lbpsim.study.notes import part_years
from lbpsim.study.phrasing import number_of, span

Given = ParamSpec("Given")

STYLE = mpl.rc_params_from_file(Path(__file__).with_name("charts.mplstyle"), use_default_template=False)

TITLE_SIZE, SUBTITLE_SIZE, SOURCE_SIZE = 13.0, 9.5, 7.5  # points
ROW_TITLE, PANEL_TITLE = 9.5, 9.0  # points, left of a row of panels, and over panels of which there are many
SMALL = 8.0  # points, of names of rows and of figures beside marks
LINE_SPACING = 1.35
EDGE, BETWEEN = 0.3, 0.05  # inches of white around everything, and between lines of words
CHARACTERS_PER_INCH = {"normal": 132.0, "bold": 118.0}  # of 1-point DejaVu Sans, on average, on the safe side
POINTS = 72.0  # to an inch


@dataclass(frozen=True)
class Panels:
    """Where panels stand: rows and columns, and inches around and between them; `tall`: of each row.

    A slide has one shape: there rows share its height as their inches have it.
    """

    rows: int = 1
    columns: int = 1
    tall: float | tuple[float, ...] = 2.6
    left: float = 0.95
    right: float = 0.4
    across: float = 0.6
    down: float = 0.95
    above: float = 0.55
    below: float = 0.6
    widths: tuple[float, ...] | None = None
    share_y: bool | Literal["row", "col"] = False

    @property
    def heights(self) -> tuple[float, ...]:
        """Inches of each row."""
        return self.tall if isinstance(self.tall, tuple) else (self.tall,) * self.rows

    @property
    def height(self) -> float:
        """Inches of all rows with what is around and between them."""
        return sum(self.heights) + self.down * (self.rows - 1) + self.above + self.below


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


def compared(results: Results) -> tuple[str, ...]:
    """The policies beside the comparator; raises NothingToDraw where there is none."""
    if len(results.scenarios) == 1:
        raise NothingToDraw("there is no policy to compare with the comparator")
    return results.scenarios[1:]


def with_draws(results: Results) -> ProbabilisticResults:
    """Results that have draws and policies; raises NothingToDraw where one is missing."""
    if not isinstance(results, ProbabilisticResults) or len(results.scenarios) == 1:
        raise NothingToDraw("the study has no draws, or no policy beside the comparator")
    return results


def page(
    results: Results,
    panels: Panels,
    sheet: Sheet,
    *,
    title: str,
    subtitle: str,
    interval: str = "",
    uncertainty: str = "",
    drawn: bool = False,
) -> tuple[Figure, npt.NDArray[Any]]:
    """A figure and its panels, shape (rows, columns).

    `title` says what, to which where and when are added, `subtitle` how to read it, `interval` what stands for the 95%
    Monte Carlo interval ("bands"), `uncertainty` what stands for the 95% interval that comes from parameters alone,
    where there are draws ("bars at the right"); `drawn` says that all is made from draws.
    """
    years = span(results.years).replace(" ", "\N{NO-BREAK SPACE}")
    where_and_when = f"{title}, {results.study.place}, {years}"
    source = source_line(results, interval, uncertainty, drawn=drawn)
    said = f"{subtitle}{_part_years(results)} {results.part}".rstrip()
    return framed(panels, sheet, where_and_when, said, source)


def framed(panels: Panels, sheet: Sheet, title: str, subtitle: str, source: str) -> tuple[Figure, npt.NDArray[Any]]:
    """As `page`, with the words as they are; `source` the line at the bottom. As high as its words and panels take."""
    words = (
        Words(title, TITLE_SIZE, sheet.width, weight="bold"),
        Words(subtitle, SUBTITLE_SIZE, sheet.width, MUTED),
        Words(source, SOURCE_SIZE, sheet.width, MUTED),
    )
    head, below, foot = words
    top, bottom = EDGE + head.inches + below.inches + 2 * BETWEEN, EDGE / 2 + foot.inches
    width, height = sheet.width, sheet.height or top + panels.height + bottom
    figure = Figure(figsize=(width, height))
    head.write(figure, top=EDGE)
    below.write(figure, top=EDGE + head.inches + BETWEEN)
    foot.write(figure, foot=EDGE / 2, gid="source")
    room = height - top - bottom - panels.above - panels.below
    grid = figure.add_gridspec(
        panels.rows,
        panels.columns,
        left=panels.left / width,
        right=1.0 - panels.right / width,
        top=1.0 - (top + panels.above) / height,
        bottom=(bottom + panels.below) / height,
        wspace=_gap(panels.across, width - panels.left - panels.right, panels.columns),
        hspace=_gap(panels.down, room, panels.rows),
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
        f"{number_of(results.people, 'simulated person')}, {number_of(results.replications, 'replication')}, "
        f"seed {results.seed}"
    )
    if interval:
        text += "; one replication has no Monte Carlo interval" if one else f"; {interval}: 95% Monte Carlo interval"
    if isinstance(results, ProbabilisticResults) and (uncertainty or drawn):
        meant = f"{uncertainty}: 95% interval from parameters alone, " if uncertainty else ""
        text += (
            f"; {meant}{number_of(len(results.draws.numbers), 'draw')} of "
            f"{number_of(results.draws.plan.people, 'person')} each"
        )
    return source_of(results.study, f"{text}.")


def source_of(study: Study, told: str) -> str:
    """A source line that names a study, and what else is `told`, with the mark of a country that is a demonstration."""
    demonstration = f" {DEMONSTRATION}." if study.country.demonstration else ""
    return f"Source: lbpsim {lbpsim.__version__}, study {study.name}, {told}{demonstration}"


def _gap(inches: float, whole: float, panels: int) -> float:
    """A gap in inches as the fraction of a panel's average size that a grid wants."""
    return inches / ((whole - inches * (panels - 1)) / panels)


def _part_years(results: Results) -> str:
    parts = part_years(results.study)
    return f" Parts of years: {parts}." if parts else ""


@dataclass(frozen=True)
class Words:
    """Text on a page of `width`, broken into lines of type of this `size` (points).

    `left`, `right`: inches from the edges of the page to those of the text.
    """

    text: str
    size: float
    width: float
    colour: str = INK
    weight: Literal["normal", "bold"] = "normal"
    left: float = EDGE
    right: float = EDGE

    @property
    def lines(self) -> list[str]:
        """The text as it is broken."""
        inches = self.width - self.left - self.right
        most = int(inches * CHARACTERS_PER_INCH[self.weight] / self.size)
        return textwrap.wrap(self.text, most, break_on_hyphens=False) or [""]  # options of a command stay whole

    @property
    def inches(self) -> float:
        """How high it stands."""
        return len(self.lines) * self.size * LINE_SPACING / POINTS

    def write(self, figure: Figure, *, top: float | None = None, foot: float = 0.0, gid: str | None = None) -> None:
        """Write it `top` inches below the upper edge of a figure, or `foot` inches above the lower one."""
        width, height = figure.get_size_inches()
        place = self.left / width, foot / height if top is None else 1.0 - top / height
        text = figure.text(*place, "\n".join(self.lines), color=self.colour, gid=gid, linespacing=LINE_SPACING)
        text.set(size=self.size, weight=self.weight, va="bottom" if top is None else "top")
