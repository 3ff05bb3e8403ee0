"""What a search for the best policy found: health for other budgets, and what more of each limit would bring."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import lbpsim
from lbpsim.evidence.currency import MONEY, is_money
from lbpsim.optimisation.optimum import Optimum
from lbpsim.optimisation.sample import mean_and_error
from lbpsim.optimisation.trials import SPENT, Score
from lbpsim.report.charts.forms.axes import SMALL, measure, zero
from lbpsim.report.charts.page import NothingToDraw, Panels, framed, marked, styled
from lbpsim.report.charts.policy_styles import CFT, INK, MUTED
from lbpsim.report.charts.styles import LINES, PRINT, Style
from lbpsim.report.format import money_of
from lbpsim.study.phrasing import number_of, span

ERRORS = 1.96
ROOM = 0.12


@styled
def draw(found: Optimum, style: Style = PRINT) -> Figure:
    """Spending against the gain towards the goal: the frontier with its intervals, and the study's own policies.

    Raises NothingToDraw where there is no frontier, as nothing is spent.
    """
    if not found.frontier:
        raise NothingToDraw("nothing more is spent than under the comparator")
    study, goal, check = found.question.study, found.question.goal, found.question.plan.check
    figure, grid = framed(
        Panels(tall=3.6, left=1.1, right=2.4, above=0.15),
        style.sheet(LINES),
        f"What a budget buys at best: {goal.label}, {study.place}, {span(study.calendar_years)}",
        f"The best policy found for each budget, against {study.policies[0].title.lower()}; spending is what all "
        f"payers spend more on health care, undiscounted, in {money_of(study)}. Bars: 95% error of the mean over draws.",
        marked(
            f"Source: lbpsim {lbpsim.__version__}, study {study.name}, "
            f"{number_of(check.draws, 'draw')} of {number_of(check.people, 'person')} each, seed {study.seed}.",
            study,
        ),
    )
    _frontier(grid[0, 0], found)
    _own(grid[0, 0], found)
    _scales(grid[0, 0], found)
    return figure


def _place(found: Optimum, score: Score) -> tuple[float, float, float]:
    """Spending, gain as told, and half of the interval of its error."""
    gain, error = mean_and_error(score.gains)
    return float(score.extra[SPENT].mean()), found.question.goal.told(float(gain)), ERRORS * float(error)


def _frontier(axes: Axes, found: Optimum) -> None:
    places = np.array([(0.0, 0.0, 0.0), *(_place(found, point.score) for point in found.frontier)])
    axes.errorbar(
        places[:, 0], places[:, 1], yerr=places[:, 2], color=CFT.shades[0], marker="o", linewidth=1.8, capsize=2.5
    )
    for point, (spent, gain, _) in zip(found.frontier, places[1:], strict=True):
        text = "the limits asked for" if point.multiple == 1.0 else f"{point.multiple:g} × the budget"
        weight = "bold" if point.multiple == 1.0 else "normal"
        axes.annotate(text, (spent, gain), (7, -11), textcoords="offset points", size=SMALL, color=INK, weight=weight)


def _own(axes: Axes, found: Optimum) -> None:
    titles = {policy.name: policy.title for policy in found.question.study.policies}
    right = axes.get_xlim()[1]
    for own in found.own:
        spent, gain, half = _place(found, own.score)
        if spent > 1.6 * right or spent < 0.0:
            continue
        axes.errorbar(
            [spent],
            [gain],
            yerr=[half],
            color=MUTED,
            marker="s",
            capsize=2.0,
            markerfacecolor=MUTED if own.kept else "white",
        )
        axes.annotate(titles[own.name], (spent, gain), (7, 3), textcoords="offset points", size=SMALL, color=MUTED)


def _scales(axes: Axes, found: Optimum) -> None:
    goal = found.question.goal
    spent, gain = (float(np.abs(ends).max()) for ends in (axes.get_xlim(), axes.get_ylim()))
    measure(axes.xaxis, spent, MONEY, "Extra spending on health care over all years ({})")
    unit = goal.unit if is_money(goal.unit) else ""
    measure(
        axes.yaxis,
        gain,
        unit,
        f"{goal.label[0].upper()}{goal.label[1:]} ({{}})"
        if unit
        else f"{goal.label[0].upper()}{goal.label[1:]}, {goal.unit}",
    )
    zero(axes, y=True)
