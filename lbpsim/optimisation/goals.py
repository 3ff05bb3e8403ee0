"""What is to be as high as can be: health less what it displaces, DALYs averted, health shared fairly, or a low cost.

All are against the comparator, discounted, over the horizon; money is weighed from the study's point of view, at the
lowest of its thresholds, as in the headline of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from lbpsim.cea.dcea import AVERSIONS, forgone_shares, worth_of
from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.evidence import parameters
from lbpsim.optimisation.sample import Figures
from lbpsim.outcomes.arrays import Numbers
from lbpsim.population.demography import people_counted
from lbpsim.study import Study
from lbpsim.study.files.errors import did_you_mean, listed, wrong_option


@dataclass(frozen=True)
class Goal:
    """A goal by its `name` on the command line: `label`, `unit` ("QALYs", "DALYs", "money"), and how it is reckoned.

    `gain`: of a policy over the comparator in each draw, higher is better, shape (draws,
    replications); `lower_is_better`: it is told
    with the other sign; `perspective`: the outcome of costs that it counts in a study, None where it counts none.
    """

    name: str
    label: str
    unit: str
    gain: Callable[[Study, Figures, Figures], Numbers]
    lower_is_better: bool = False
    perspective: Callable[[Study], str] | None = None

    def told(self, gain: float) -> float:
        """A gain as readers know it: a cost is told as a cost."""
        return -gain if self.lower_is_better else gain


def net_health_of_fifths(study: Study, policy: Figures, usual: Figures) -> Numbers:
    """QALYs gained in each fifth, less its part of those that the health care spent displaces; shape (draws,
    replications, 5).
    """
    spent = policy.of("cost_health_system") - usual.of("cost_health_system")
    forgone = (spent / min(study.thresholds))[..., None] * forgone_shares()
    return np.asarray(policy.qalys - usual.qalys - forgone)


def _costs(study: Study) -> str:
    return PERSPECTIVES[study.perspective]


def _net_health(study: Study, policy: Figures, usual: Figures) -> Numbers:
    cost = _costs(study)
    gained = policy.of("qalys") - usual.of("qalys")
    return np.asarray(gained - (policy.of(cost) - usual.of(cost)) / min(study.thresholds))


def _dalys_averted(study: Study, policy: Figures, usual: Figures) -> Numbers:
    return np.asarray(usual.of("dalys") - policy.of("dalys"))


def _fair_health(study: Study, policy: Figures, usual: Figures) -> Numbers:
    """What the net gains of the fifths are worth to the averse to inequality, by Atkinson's index as registered."""
    aversion = AVERSIONS[0]
    strength = parameters()[aversion.parameter].value
    people = float(people_counted(study.country, study.region).sum())
    net = net_health_of_fifths(study, policy, usual)
    return np.apply_along_axis(worth_of, -1, net, aversion, strength, people)


def _saved(study: Study, policy: Figures, usual: Figures) -> Numbers:
    cost = _costs(study)
    return np.asarray(usual.of(cost) - policy.of(cost))


GOALS: Mapping[str, Goal] = {
    goal.name: goal
    for goal in (
        Goal("net-health-benefit", "net health benefit", "QALYs", _net_health, perspective=_costs),
        Goal("dalys-averted", "DALYs averted", "DALYs", _dalys_averted),
        Goal("equity-weighted-health", "equity-weighted net health", "QALYs", _fair_health),
        Goal("cost", "cost", "money", _saved, lower_is_better=True, perspective=_costs),
    )
}


def goal_of(name: str) -> Goal:
    """The goal of that name; raises InputErrors for a name that none has."""
    if name not in GOALS:
        right = f"{did_you_mean(name, GOALS)} The goals are {listed(f'`{each}`' for each in GOALS)}".strip()
        raise wrong_option("goal", f"`{name}` is not a goal", right)
    return GOALS[name]
