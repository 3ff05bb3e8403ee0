"""What each policy changes by year, and how unsure that is: parameter uncertainty and Monte Carlo error apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lbpsim.outcomes.draws import DrawResults, ProbabilisticResults, Spread, spread
from lbpsim.outcomes.results import Results
from lbpsim.psa.sample_size import Z
from lbpsim.report.charts.page import EDGE, NothingToDraw, Panels, page, show_scaled, styled, year_axis
from lbpsim.report.charts.pain_impact import chosen, few_of
from lbpsim.report.charts.policy_styles import INK, by_family, comparator, looks
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import scale_for

WIDTH, NARROW, ROW = 10.5, 9.0, 1.55  # inches: of paper, of a column as laid out, a row
LEFT = 2.5
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
    ProjectedOutcome("cost_health_system", "Health care costs", "AUD"),
    ProjectedOutcome("cost_societal", "Health care and lost work", "AUD"),
)


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """One row a policy: YLDs averted, and change in costs from either perspective, with both kinds of interval.

    A slide and a column show a few policies.
    """
    if not isinstance(results, ProbabilisticResults) or len(results.scenarios) == 1:
        raise NothingToDraw("the study has no draws, or no policy beside the comparator")
    shown = style.choose(by_family(results)[1:], chosen(results, FEW_ON_A_SLIDE), chosen(results))
    figure, grid = page(
        results,
        Panels(rows=len(shown), columns=len(SUBJECTS), left=LEFT, right=0.7, across=0.85, down=0.38, above=0.75),
        size=style.choose((WIDTH, 2.3 + ROW * len(shown)), slide(), column(3.2 + ROW * len(shown), width=NARROW)),
        title="What each policy changes, and how unsure that is",
        subtitle=(
            f"Difference from {comparator(results)} by calendar year, undiscounted; every row has scales of its own. "
            "From draws of all uncertain parameters; no pale band where they are too noisy to tell."
            f"{few_of(results, len(shown))}"
        ),
        uncertainty="pale bands",
    )
    for row, name in zip(grid, shown, strict=True):
        for axes, subject in zip(row, SUBJECTS, strict=True):
            _panel(axes, results, subject, name, last=name == shown[-1])
            year_axis(axes, results, most=style.choose(6, 6, 3))
            axes.set_xlabel("Calendar year" if name == shown[-1] else "")
        middle = row[0].get_position()
        height = (middle.y0 + middle.y1) / 2
        place = EDGE / figure.get_figwidth()
        figure.text(place, height, looks(results)[name].label, va="center", size=9.5, weight="bold")
    for axes, subject in zip(grid[0], SUBJECTS, strict=True):
        axes.set_title(subject.title, size=9.5)
    _key(figure, grid[0][0])
    return figure


def difference(draws: DrawResults, subject: ProjectedOutcome, scenario: str) -> Spread:
    """A policy less the comparator by year, over draws."""
    place, outcome = draws.scenarios.index(scenario), draws.yearly_outcomes.index(subject.outcome)
    values = subject.sign * (draws.yearly[:, place, :, outcome] - draws.yearly[:, 0, :, outcome])
    return spread(values, draws.yearly_mcse[:, place, :, outcome])


def _panel(axes: Axes, results: ProbabilisticResults, subject: ProjectedOutcome, name: str, *, last: bool) -> None:
    found, look = difference(results.draws, subject, name), looks(results)[name]
    error = Z * np.nan_to_num(found.mcse)
    axes.axhline(0.0, color=INK, linewidth=0.9)
    axes.fill_between(results.years, found.low, found.high, color=look.colour, alpha=0.22, linewidth=0)
    axes.fill_between(results.years, found.mean - error, found.mean + error, color=look.colour, alpha=0.6, linewidth=0)
    axes.plot(results.years, found.mean, color=look.colour, linewidth=1.4)
    scale = scale_for(float(np.nanmax(np.abs([found.low, found.high, found.mean]))))
    show_scaled(axes.yaxis, scale)
    axes.set_ylabel(scale.label(subject.unit), size=8)
    if not last:
        axes.tick_params(labelbottom=False)


def _key(figure: Figure, axes: Axes) -> None:
    entries = [
        Line2D([], [], color=INK, linewidth=1.4, label="mean of draws"),
        Patch(color=INK, alpha=0.6, linewidth=0, label="its 95% Monte Carlo interval"),
        Patch(color=INK, alpha=0.22, linewidth=0, label="95% uncertainty interval (parameters)"),
    ]
    top = axes.get_position().y1 + 0.45 / figure.get_figheight()
    figure.legend(
        handles=entries,
        loc="lower left",
        bbox_to_anchor=(LEFT / figure.get_figwidth(), top),
        ncols=3,
        borderaxespad=0.0,
    )
