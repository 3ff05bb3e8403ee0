"""What a search for the best policy found: health for other budgets, and what more of each limit would bring."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.evidence.currency import MONEY, is_money
from lbpsim.optimisation.optimum import Optimum
from lbpsim.optimisation.sample import mean_and_error
from lbpsim.optimisation.trials import Score
from lbpsim.report.charts.forms.axes import measure, zero
from lbpsim.report.charts.page import SMALL, NothingToDraw, Panels, framed, source_of, styled
from lbpsim.report.charts.policy_styles import CFT, MUTED
from lbpsim.report.charts.styles import LINES, PRINT, Style
from lbpsim.report.format import money_of
from lbpsim.study.phrasing import number_of, span

ERRORS = 1.96
BEYOND = 1.5  # of the largest budget shown


@styled
def draw(found: Optimum, style: Style = PRINT) -> Figure:
    """Spending against the gain towards the goal: the frontier with its intervals, and the study's own policies.

    Raises NothingToDraw where there is no frontier, as nothing is spent.
    """
    if not found.frontier:
        raise NothingToDraw("nothing more is spent than under the comparator in any year")
    study, goal, check = found.question.study, found.question.goal, found.question.plan.report
    figure, grid = framed(
        Panels(tall=3.6, left=1.1, right=2.4, above=0.15),
        style.sheet(LINES),
        f"What a budget buys at best: {goal.label}, {study.place}, {span(study.calendar_years)}",
        f"The best policy found for each budget, against {study.policies[0].title.lower()}, beside the policies of the "
        f"study (open squares break a limit); budgets in {money_of(study)}. Bars: 95% error of the mean over draws.",
        source_of(
            study, f"{number_of(check.draws, 'draw')} of {number_of(check.people, 'person')} each, seed {study.seed}."
        ),
    )
    _frontier(grid[0, 0], found)
    _own(grid[0, 0], found)
    _scales(grid[0, 0], found)
    return figure


def _place(found: Optimum, score: Score) -> tuple[float, float, float]:
    """What is spent in the year in which it is most, the gain as told, and half of the interval of its error."""
    gain, error = mean_and_error(score.gains)
    return score.most_used(found.question.budget), found.question.goal.told(float(gain)), ERRORS * float(error)


def _frontier(axes: Axes, found: Optimum) -> None:
    best = _place(found, found.score)
    places = np.array(sorted([*(_place(found, point.score) for point in found.frontier), best]))
    axes.errorbar(
        places[:, 0], places[:, 1], yerr=places[:, 2], color=CFT.shades[0], marker="o", linewidth=1.8, capsize=2.5
    )
    axes.annotate(
        "the best found", best[:2], (-6, 10), textcoords="offset points", size=SMALL, weight="bold", ha="right"
    )


def _own(axes: Axes, found: Optimum) -> None:
    """Policies of the study that need no more than half as much again; open where they break a limit."""
    titles = {policy.name: policy.title for policy in found.question.study.policies}
    most = BEYOND * axes.dataLim.x1
    for own in found.own[1:]:
        needed, gain, half = _place(found, own.score)
        if needed <= most:
            face = MUTED if own.kept else "white"
            axes.errorbar([needed], [gain], yerr=[half], color=MUTED, marker="s", capsize=2.0, markerfacecolor=face)
            axes.annotate(titles[own.name], (needed, gain), (7, 3), textcoords="offset points", size=SMALL, color=MUTED)


def _scales(axes: Axes, found: Optimum) -> None:
    goal = found.question.goal
    spent, gain = (float(np.abs(ends).max()) for ends in (axes.get_xlim(), axes.get_ylim()))
    payer = found.question.tracked[found.question.budget].name.partition(".")[2].replace("_", " ")
    measure(axes.xaxis, spent, MONEY, f"What {payer} spends more in the year in which it is most ({{}})")
    label = f"{goal.label[0].upper()}{goal.label[1:]}"
    if is_money(goal.unit):
        measure(axes.yaxis, gain, goal.unit, f"{label} ({{}})")
    else:
        measure(axes.yaxis, gain, "", f"{label} ({{}} {goal.unit})")
    zero(axes, y=True)
