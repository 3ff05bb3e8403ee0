"""Harms and procedures: deaths from overdose and lumbar fusions, by policy and year, and the difference in all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from lbpsim.outcomes.estimate import Estimate, rare
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import ROW_NAMES, TICK, beside, broken, name_rows, show_scaled, year_axis, zero
from lbpsim.report.charts.forms.lines import draw_lines, name_ends
from lbpsim.report.charts.intervals import bars_of, end_bars
from lbpsim.report.charts.page import EDGE, Panels, page, styled
from lbpsim.report.charts.policy_styles import comparator, looks
from lbpsim.report.charts.series import banded, difference, expected, expected_by_year, noise_rules, which_bands, yearly
from lbpsim.report.charts.styles import COLUMN, FULL, LINES, PRINT, Style
from lbpsim.report.format import ONES, count_with_error, scale_for, signed
from lbpsim.report.narrative.differences import country, draws_of, from_replications
from lbpsim.report.narrative.finding import over_draws, with_enough_draws
from lbpsim.report.narrative.phrasing import INTERVAL, NO_DIFFERENCE, signed_with_ends
from lbpsim.study.phrasing import span

SUBJECTS = {"overdose_deaths": ("Deaths from overdose", "deaths"), "surgeries": ("Lumbar fusions", "operations")}
FAR_OUT = 10.0  # times the median of all policies and years
INCHES_PER_POLICY = 0.28
WINDOW = 3  # years
FIGURES, FIGURES_OVER_DRAWS = 1.55, 2.05  # inches right of differences
OVER_DRAWS, TOO_RARE = "(over draws)", "(at central inputs: too rare to tell over draws)"
BOTH = "(filled: over draws; open: too rare, at central inputs)"
NONE_DIFFERED = "no {} differed:\ntoo few simulated"
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
    told = any(told_over_draws(results, outcome) for outcome in SUBJECTS)
    by_year = {} if apart else {outcome: _levels(results, outcome) for outcome in SUBJECTS}
    bands = "bands" if any(each.bands for each in by_year.values()) else ""
    figure, grid = page(
        results,
        _panels(results, style, apart=apart, figures=FIGURES_OVER_DRAWS if told else FIGURES),
        style.sheet(LINES if alone else FULL),
        title="Deaths from overdose and lumbar fusions by policy",
        subtitle=_subtitle(results, by_year.values()),
        interval=bands if told or alone else f"{bands} and whiskers".removeprefix(" and "),
        uncertainty=bars_of(results) if any(each.bars for each in by_year.values()) else "",
        drawn=over_draws(results),
    )
    differences = [] if alone else list(grid.flat if apart else grid[:, -1])
    for axes, (outcome, found) in zip(grid[:, 0], by_year.items(), strict=False):
        _by_year(axes, results, found, *SUBJECTS[outcome])
    for axes, (outcome, words) in zip(differences, SUBJECTS.items(), strict=False):
        _differences(axes, results, outcome, *words)
        if apart:
            told = axes.get_title(loc="left")
            axes.set_title(f"{words[0]}:\n{told[:1].lower()}{told[1:]}")
    return figure


@dataclass(frozen=True)
class Levels:
    """An outcome by year under every policy, as it is drawn: with `bands` of Monte Carlo error around these, a `remark`
    behind its title; `bars`: intervals over draws at the ends of lines.
    """

    series: dict[str, Estimate]
    remark: str
    bands: Sequence[str] = ()
    bars: bool = False


def _levels(results: Results, outcome: str) -> Levels:
    """Smoothed where noise rules; means over draws where these tell every year from noise; else at central inputs."""
    central, drawn = yearly(results, outcome), expected_by_year(results, outcome)
    if noise_rules(results, outcome):
        each_smoothed = {name: smoothed(each) for name, each in central.items()}
        return Levels(each_smoothed, f"mean of {WINDOW} years, for they are rare")
    if drawn and all(np.isfinite(each.low).all() for each in drawn.values()):
        return Levels(drawn, OVER_DRAWS, bars=True)
    return Levels(central, which_bands(results).strip(), banded(results))


def _subtitle(results: Results, by_year: Iterable[Levels]) -> str:
    """What is shown, and what the intervals hold."""
    careful = "Deaths from overdose are rare: look at the intervals before comparing policies."
    told = [len(told_over_draws(results, outcome)) for outcome in SUBJECTS]
    bars = [each.bars for each in by_year]
    if not any((*told, *bars)):
        return f"At central inputs, undiscounted, people with chronic low back pain. {careful}"
    over = f"means; whiskers: {INTERVAL['parameters and Monte Carlo']}" if any(told) else "means"
    rows = ", with whiskers of Monte Carlo error alone" if min(told) < len(results.scenarios) - 1 else ""
    rest = f" All else is at central inputs{rows}." if rows or not all(bars) else ""
    return f"Undiscounted, people with chronic low back pain. Over draws: {over}.{rest} {careful}"


def _panels(results: Results, style: Style, *, apart: bool, figures: float) -> Panels:
    tall = max(2.5, 0.6 + INCHES_PER_POLICY * len(results.scenarios))
    if len(results.scenarios) == 1:
        return Panels(rows=2, tall=tall, right=1.9)
    if style is COLUMN:
        return Panels(rows=2, tall=tall, left=ROW_NAMES, right=figures, above=0.6, down=1.2)
    if apart:
        return Panels(columns=2, tall=tall, left=ROW_NAMES, right=figures, across=ROW_NAMES + figures, above=0.75)
    return Panels(rows=2, columns=2, tall=tall, right=figures, across=3.7, widths=(1.15, 1.0))


def _by_year(axes: Axes, results: Results, found: Levels, title: str, unit: str) -> None:
    series = found.series
    draw_lines(axes, results, series, found.bands)
    axes.set_title(f"{title} each year\n{found.remark}".rstrip())
    year_axis(axes, results)
    end_bars(axes, results, series if found.bars else {})
    axes.set_ylabel(f"{unit.capitalize()} a year{_vertical(axes, series)}")
    show_scaled(axes.yaxis, ONES)
    name_ends(axes, results, {name: float(each.value[-1]) for name, each in series.items()})


def told_over_draws(results: Results, outcome: str) -> frozenset[str]:
    """The policies whose difference in an outcome draws tell from noise; of discounted ones it is known, which are much
    alike.
    """
    draws = draws_of(with_enough_draws(results))
    return frozenset() if draws is None else draws.tells(outcome)


def too_few(results: Results, outcome: str) -> bool:
    """Whether so few events were simulated under the comparator, all years together, that no difference proves none."""
    return rare(from_replications(country(results, outcome)[0].sum(axis=-1)))


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
    told, names, few = told_over_draws(results, outcome), looks(results), too_few(results, outcome)
    central, means = (each(results, outcome, discounted=False) for each in (difference, expected))
    found = {name: (means if name in told else central)[name] for name in central}
    order = sorted(found, key=lambda name: -found[name].value)
    rows = [broken(names[name].one_line, ROW_NAMES - EDGE - TICK) for name in order]
    for place, name in zip(name_rows(axes, rows), order, strict=True):
        look, each = names[name], found[name]
        lost = bool(told) and name not in told  # though draws differ
        inside = "white" if lost else look.colour
        axes.plot(each.value, place, color=look.colour, marker=look.marker, markersize=6, markerfacecolor=inside)
        axes.plot([each.low, each.high], [place] * 2, color=look.colour, linewidth=1.3, zorder=1.9)
        around = signed(count_with_error(each.value, each.half_width), each.value)
        words = signed_with_ends(each) if name in told else around
        beside(axes, place, (NONE_DIFFERED.format(unit) if few or lost else NO_DIFFERENCE) if each.none else words)
    zero(axes, x=True)
    remark = (OVER_DRAWS if len(told) == len(found) else BOTH if told else TOO_RARE) if over_draws(results) else ""
    axes.set_title(f"Difference from {comparator(results)}, {span(results.years)}\n{remark}".rstrip())
    axes.locator_params(axis="x", nbins=TICKS)
    reach = max(1.0, *map(abs, axes.get_xlim()))
    if not any(each.value or each.half_width for each in found.values()):
        axes.set_xlim(-reach, reach)
    scale = scale_for(reach) if reach >= IN_FULL else ONES
    show_scaled(axes.xaxis, scale, signs=True)
    axes.set_xlabel(f"{title}, policy less {comparator(results)} ({scale.label(unit)})")
