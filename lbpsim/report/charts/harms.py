"""Harms and procedures: deaths from overdose and lumbar fusions, by policy and year, and the difference in all."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import ROW_NAMES, TICK, beside, broken, name_rows, show_scaled, year_axis, zero
from lbpsim.report.charts.forms.lines import draw_lines, name_ends
from lbpsim.report.charts.intervals import bars_of, end_bars, levels
from lbpsim.report.charts.page import EDGE, Panels, page, styled
from lbpsim.report.charts.policy_styles import comparator, looks
from lbpsim.report.charts.series import banded, difference, which_bands, yearly, yearly_difference
from lbpsim.report.charts.styles import COLUMN, FULL, LINES, PRINT, Style
from lbpsim.report.format import ONES, count_with_error, scale_for, signed
from lbpsim.report.narrative.phrasing import NO_DIFFERENCE
from lbpsim.study.phrasing import span

SUBJECTS = {"overdose_deaths": ("Deaths from overdose", "deaths"), "surgeries": ("Lumbar fusions", "operations")}
FAR_OUT = 10.0  # times the median of all policies and years
INCHES_PER_POLICY = 0.28
WINDOW = 3  # years
FIGURES = 1.55  # inches right of differences
ON_A_SLIDE = 8  # lines whose names have room
TICKS = 5  # on the axis of differences, at most
IN_FULL = 20_000  # differences up to this are written without a scale


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """Left by year, right the difference from the comparator over the horizon; deaths above, operations below.

    A column shows the differences alone, where there are any, and so does a slide of more lines than it has room for.
    """
    alone = len(results.scenarios) == 1
    apart = len(results.scenarios) > style.choose(len(results.scenarios), ON_A_SLIDE, 1)
    barred = any(levels(results, outcome) and not noise_rules(results, outcome) for outcome in SUBJECTS)
    figure, grid = page(
        results,
        _panels(results, style, apart=apart),
        style.sheet(LINES if alone else FULL),
        title="Deaths from overdose and lumbar fusions by policy",
        subtitle="At central inputs, undiscounted, people with chronic low back pain. Deaths from overdose are "
        "rare: look at the intervals before comparing policies.",
        interval="whiskers" if apart else "bands and whiskers",
        uncertainty=bars_of(results) if barred and not apart else "",
    )
    by_year = [] if apart else list(grid[:, 0])
    differences = [] if alone else list(grid.flat if apart else grid[:, -1])
    for axes, (outcome, words) in zip(by_year, SUBJECTS.items(), strict=False):
        _by_year(axes, results, outcome, *words)
    for axes, (outcome, words) in zip(differences, SUBJECTS.items(), strict=False):
        _differences(axes, results, outcome, *words)
        if apart:
            axes.set_title(f"{words[0]}:\n{axes.get_title(loc='left').lower()}")
    return figure


def _panels(results: Results, style: Style, *, apart: bool) -> Panels:
    tall = max(2.5, 0.6 + INCHES_PER_POLICY * len(results.scenarios))
    if len(results.scenarios) == 1:
        return Panels(rows=2, tall=tall, right=1.9)
    if style is COLUMN:
        return Panels(rows=2, tall=tall, left=ROW_NAMES, right=FIGURES)
    if apart:
        return Panels(columns=2, tall=tall, left=ROW_NAMES, right=FIGURES, across=ROW_NAMES + FIGURES, above=0.75)
    return Panels(rows=2, columns=2, tall=tall, right=FIGURES, across=3.7, widths=(1.15, 1.0))


def _by_year(axes: Axes, results: Results, outcome: str, title: str, unit: str) -> None:
    series, rare = yearly(results, outcome), noise_rules(results, outcome)
    if rare:
        series = {name: smoothed(each) for name, each in series.items()}
    draw_lines(axes, results, series, () if rare else banded(results))
    remark = f"mean of {WINDOW} years, for they are rare" if rare else which_bands(results).strip()
    axes.set_title("\n".join(filter(None, (f"{title} each year", remark))))
    year_axis(axes, results)
    end_bars(axes, results, {} if rare else levels(results, outcome))
    axes.set_ylabel(f"{unit.capitalize()} a year{_vertical(axes, series)}")
    show_scaled(axes.yaxis, ONES)
    name_ends(axes, results, {name: float(each.value[-1]) for name, each in series.items()})


def noise_rules(results: Results, outcome: str) -> bool:
    """Whether in most years Monte Carlo error could explain most differences from the comparator."""
    found = yearly_difference(results, outcome).values()
    moved = [abs(each.value) > 0.0 for each in found]
    clear = [abs(each.value) > each.half_width for each in found]
    return bool(np.sum(moved)) and 2 * np.sum(clear) < np.sum(moved)


def smoothed(series: Estimate) -> Estimate:
    """Each year with its neighbours: means of `WINDOW` years, of fewer at the ends, whose error is not known."""
    window = np.ones(min(WINDOW, len(series.value)))
    value = np.convolve(series.value, window, "same") / np.convolve(np.ones_like(series.value), window, "same")
    return Estimate(value, *np.full((2, len(value)), np.nan))


def _vertical(axes: Axes, series: dict[str, Estimate]) -> str:
    """Start at zero, or go by powers of ten where one policy would flatten all others; returns the words for that."""
    each = np.array([one.value for one in series.values()])
    if each.min() > 0.0 and each.max() > FAR_OUT * np.median(each):
        axes.set_yscale("log")
        axes.set_ylim(each.min() / 2.0, each.max() * 2.0)
        axes.yaxis.set_minor_formatter(NullFormatter())
        return " (logarithmic)"
    axes.set_ylim(0.0, None)
    return ""


def _differences(axes: Axes, results: Results, outcome: str, title: str, unit: str) -> None:
    """Dots with whiskers, one line a policy, the largest change on top."""
    found, names = difference(results, outcome, discounted=False), looks(results)
    order = sorted(found, key=lambda name: -found[name].value)
    rows = [broken(names[name].one_line, ROW_NAMES - EDGE - TICK) for name in order]
    for place, name in zip(name_rows(axes, rows), order, strict=True):
        look, each = names[name], found[name]
        axes.errorbar(
            each.value, place, xerr=each.half_width, color=look.colour, marker=look.marker, markersize=6, elinewidth=1.3
        )
        told = signed(count_with_error(each.value, each.half_width), each.value)
        beside(axes, place, NO_DIFFERENCE if each.none else told)
    zero(axes, x=True)
    axes.set_title(f"Difference from {comparator(results)}, {span(results.years)}")
    axes.locator_params(axis="x", nbins=TICKS)
    reach = max(1.0, *map(abs, axes.get_xlim()))
    if not any(each.value or each.half_width for each in found.values()):
        axes.set_xlim(-reach, reach)
    scale = scale_for(reach) if reach >= IN_FULL else ONES
    show_scaled(axes.xaxis, scale, signs=True)
    axes.set_xlabel(f"{title}, policy less {comparator(results)} ({scale.label(unit)})")
