"""What each policy changes by year, with parameter uncertainty and Monte Carlo error apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.psa.sample_size import Z
from lbpsim.report.charts.forms.axes import measure, name_left, reach_of, year_axis, zero
from lbpsim.report.charts.forms.keys import key_above, stroke, swatch
from lbpsim.report.charts.intervals import differences
from lbpsim.report.charts.page import SMALL, Panels, page, styled, with_draws
from lbpsim.report.charts.pain_impact import chosen, few_of
from lbpsim.report.charts.policy_styles import INK, by_family, comparator, looks
from lbpsim.report.charts.styles import PRINT, ROWS, Style

NARROW_BAND, WIDE_BAND = 0.6, 0.22  # of a colour: Monte Carlo error, and parameters
FEW_ON_A_SLIDE = 3  # policies


@dataclass(frozen=True)
class ProjectedOutcome:
    """A column: an outcome, its title, its unit, and the sign that makes a gain."""

    outcome: str
    title: str
    unit: str
    sign: float = 1.0


SUBJECTS = (
    ProjectedOutcome("ylds", "YLDs averted (no deaths)", "YLDs", -1.0),
    ProjectedOutcome("cost_health_system", "Health care costs", MONEY),
    ProjectedOutcome("cost_societal", "Health care and lost work", MONEY),
)


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """One row a policy: YLDs averted, and change in costs from either perspective, with both kinds of interval.

    A slide and a column show a few policies.
    """
    results = with_draws(results)
    shown = style.choose(by_family(results)[1:], chosen(results, FEW_ON_A_SLIDE), chosen(results))
    figure, grid = page(
        results,
        Panels(
            rows=len(shown), columns=len(SUBJECTS), tall=1.2, left=2.5, right=0.7, across=0.85, down=0.38, above=0.75
        ),
        style.sheet(ROWS),
        title="What each policy changes, with its uncertainty",
        subtitle=f"Difference from {comparator(results)} by calendar year, undiscounted; every row has scales of "
        "its own. From draws of all uncertain parameters; no pale band where they are too noisy to tell."
        f"{few_of(results, len(shown))}",
        uncertainty="pale bands",
    )
    found = {subject: differences(results, subject.outcome) for subject in SUBJECTS}
    for row, name in zip(grid, shown, strict=True):
        last = name == shown[-1]
        for axes, subject in zip(row, SUBJECTS, strict=True):
            change = found[subject][name]
            _panel(axes, results, change if subject.sign > 0.0 else -change, subject.unit, name)
            axes.tick_params(labelbottom=last)
            year_axis(axes, results, most=style.choose(6, 6, 3), named=last)
        name_left(row[0], looks(results)[name].one_line)
    figure.align_ylabels(grid)
    for axes, subject in zip(grid[0], SUBJECTS, strict=True):
        axes.set_title(subject.title, size=9.5)
    entries = [
        stroke("mean of draws", color=INK, linewidth=1.4),
        swatch("its 95% Monte Carlo interval", INK, alpha=NARROW_BAND),
        swatch("95% uncertainty interval (parameters)", INK, alpha=WIDE_BAND),
    ]
    key_above(grid[0][0], entries, len(entries))
    return figure


def _panel(axes: Axes, results: ProbabilisticResults, found: Estimate, unit: str, name: str) -> None:
    look, error = looks(results)[name], Z * np.nan_to_num(found.mcse)
    zero(axes, y=True)
    for low, high, alpha in (
        (found.low, found.high, WIDE_BAND),
        (found.value - error, found.value + error, NARROW_BAND),
    ):
        axes.fill_between(results.years, low, high, color=look.colour, alpha=alpha, linewidth=0)
    axes.plot(results.years, found.value, color=look.colour, linewidth=1.4)
    measure(axes.yaxis, reach_of(found.low, found.high, found.value), unit, size=SMALL)
