"""The CFT waiting list: how long it is, how long people wait, and whether places are used."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
from matplotlib.figure import Figure

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import measure, name_left, year_axis
from lbpsim.report.charts.forms.bars import Part, stack
from lbpsim.report.charts.intervals import levels, people_intervals
from lbpsim.report.charts.page import NothingToDraw, Panels, page, styled
from lbpsim.report.charts.policy_styles import looks
from lbpsim.report.charts.series import people_by_year, yearly
from lbpsim.report.charts.styles import PRINT, ROWS, SLIDE, Style

LINES = (("cft_waiting_years", people_by_year, people_intervals), ("cft_wait_mean", yearly, levels))
USED, UNUSED = "#0b3360", "#9ecbea"
COLUMNS = (
    # title, unit
    ("People on the waiting list,\non average", "people"),
    ("Mean wait\nof those who start", "weeks"),
    ("Places for new courses\n(dark: used,\nhatched: unused)", "places"),
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
            rows=len(shown), columns=3, tall=1.3, left=style.choose(2.2, 2.2, 1.95), across=0.85, down=0.45,
            above=0.75, share_y="col",
        ),
        style.sheet(ROWS),
        title="Waiting for CFT",
        subtitle="Policies with a limited number of places. A long list: people go untreated. Unused places: clinics "
        "could treat more people than are offered CFT.",
        interval="dark bands" if bands else "bands",
        uncertainty="pale bands",
    )  # fmt: skip
    for row, name in zip(grid, shown, strict=True):
        _row(row, results, name)
    _finish(grid, results, style)
    return figure


def _row(row: npt.NDArray[Any], results: Results, name: str) -> None:
    look = looks(results)[name]
    for axes, (outcome, means, intervals) in zip(row, LINES, strict=False):
        series, bands = means(results, outcome)[name], intervals(results, outcome)
        axes.fill_between(results.years, series.low, series.high, color=look.colour, alpha=0.3, linewidth=0)
        axes.plot(results.years, series.value, **look.line(), marker=look.marker)
        if bands:
            low, high = bands[name].low, bands[name].high
            axes.fill_between(results.years, low, high, color=look.colour, alpha=0.13, linewidth=0)
    places, unused = (yearly(results, outcome)[name].value for outcome in ("cft_places", "cft_places_unused"))
    stack(row[2], results.years, [Part(places - unused, USED), Part(unused, UNUSED, "////")])
    name_left(row[0], look.one_line)


def _finish(grid: npt.NDArray[Any], results: Results, style: Style) -> None:
    for column, (title, unit) in zip(grid.T, COLUMNS, strict=True):
        column[0].set_title(title)
        for axes in column:
            year_axis(axes, results, margin=0.6, most=style.choose(6, 6, 3), named=axes is column[-1])
            axes.set_ylim(0.0, None)
            told = style is SLIDE and unit.capitalize() in title  # a slide's rows are too low to say it twice
            measure(axes.yaxis, axes.get_ylim()[1], "" if told else unit)
