"""The CFT waiting list: how long it is, how long people wait, and whether places are used."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.report.charts.intervals import Interval, levels, people_intervals
from lbpsim.report.charts.page import EDGE, NothingToDraw, Panels, page, show_scaled, styled, year_axis
from lbpsim.report.charts.policy_styles import INK, PolicyStyle, looks
from lbpsim.report.charts.series import Series, people_by_year, yearly
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import scale_for

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

WIDTH, NARROW = 11.5, 9.0  # inches, of paper and of a column
LINES = (("cft_waiting_years", people_by_year, people_intervals), ("cft_wait_mean", yearly, levels))
USED, UNUSED = "#0b3360", "#9ecbea"
COLUMNS = (
    "People on the waiting list,\non average",
    "Mean wait of those who start",
    "Places for new courses\n(dark: used,\nhatched: unused)",
)


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """One row a policy with a CFT waiting list: list length, mean wait, places used and unused."""
    shown = [policy.name for policy in results.study.policies if policy.cft.queues]
    if not shown:
        raise NothingToDraw("no policy has a limited number of CFT places, so nobody queues for CFT")
    bands = levels(results, "cft_waiting_years")
    figure, grid = page(
        results,
        Panels(
            rows=len(shown), columns=3, left=style.choose(2.2, 2.1, 1.85), across=0.85, down=0.45, above=0.75,
            share_y="col",
        ),
        size=style.choose((WIDTH, 2.3 + 1.75 * len(shown)), slide(), column(2.7 + 1.45 * len(shown), width=NARROW)),
        title="Waiting for CFT",
        subtitle="Policies with a limited number of places. A long list: people go untreated. Unused places: clinics "
        "could treat more people than are offered CFT.",
        interval="dark bands" if bands else "bands",
        uncertainty="pale bands",
    )  # fmt: skip
    for row, name in zip(grid, shown, strict=True):
        _row(row, results, name)
    _finish(grid, results, style.choose(6, 6, 3))
    return figure


def _row(row: npt.NDArray[Any], results: Results, name: str) -> None:
    look = looks(results)[name]
    for axes, (outcome, means, intervals) in zip(row, LINES, strict=False):
        _line(axes, results, means(results, outcome)[name], look)
        if bands := intervals(results, outcome):
            _band(axes, results, bands[name], look)
    _places(row[2], results, name)
    middle = row[0].get_position()
    label = "\n".join(textwrap.wrap(look.label, 13))
    row[0].figure.text(
        EDGE / row[0].figure.get_figwidth(), (middle.y0 + middle.y1) / 2, label, va="center", size=9.5, weight="bold"
    )


def _band(axes: Axes, results: Results, interval: Interval, look: PolicyStyle) -> None:
    axes.fill_between(results.years, interval.low, interval.high, color=look.colour, alpha=0.13, linewidth=0)


def _line(axes: Axes, results: Results, series: Series, look: PolicyStyle) -> None:
    axes.fill_between(results.years, series.low, series.high, color=look.colour, alpha=0.3, linewidth=0)
    axes.plot(results.years, series.values, **look.line(), marker=look.marker)


def _places(axes: Axes, results: Results, name: str) -> None:
    places, unused = yearly(results, "cft_places")[name].values, yearly(results, "cft_places_unused")[name].values
    used = places - unused
    axes.bar(results.years, used, width=0.84, color=USED)
    axes.bar(results.years, unused, bottom=used, width=0.84, color=UNUSED, hatch="////", edgecolor="white")


def _finish(grid: npt.NDArray[Any], results: Results, years: int) -> None:
    for place, title in enumerate(COLUMNS):
        grid[0][place].set_title(title)
        for row in grid:
            year_axis(row[place], results, margin=0.6, most=years)
            row[place].set_xlabel("")
        grid[-1][place].set_xlabel("Calendar year")
    for row in grid:
        for axes, unit in zip(row, ("people", "weeks", "places"), strict=True):
            _vertical(axes, unit)


def _vertical(axes: Axes, unit: str) -> None:
    axes.set_ylim(0.0, None)
    scale = scale_for(axes.get_ylim()[1])
    show_scaled(axes.yaxis, scale)
    axes.set_ylabel(scale.label(unit).capitalize(), color=INK)
