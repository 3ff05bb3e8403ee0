"""The headline of a study under other readings of the model, shown with every run: few people, one policy, seconds.

Each switch sets a choice of structure or a parameter in place of what the study and the policy say. The people are
those of the run itself, in its first replications, so every change is paired: the same people and random numbers. What
a switch makes of the headline is the headline of the whole run and that change.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lbpsim.cea.paired_differences import ORDER, increments, mean_with_error
from lbpsim.dsa import plan as scopes
from lbpsim.dsa.plan import Scope, Switch
from lbpsim.evidence.output_tables import frame_of
from lbpsim.evidence.units import told
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.simulation.consistency import check
from lbpsim.simulation.run import Tell
from lbpsim.simulation.variants import Variant, VariantRunner, affected_policies, among, choosing, imposing
from lbpsim.simulation.workers import hired
from lbpsim.study import InputErrors, Policy, Study
from lbpsim.study.notes import STUDY_FILE
from lbpsim.study.options import OF_A_POLICY

BASE, BASE_TITLE = "base", "As the study has it"
HEADLINE = ("qalys", "dalys", "cost_health_system", "cost_societal", "opioid_years")


def with_switches(
    results: Results,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Tell | None = None,
    folder: Path | None = None,
    scope: Scope | None = None,
) -> Results:
    """The results of a run with `switches` beside them; as they are where there is no policy but the comparator.

    Arguments and errors as for `run_study`; `folder`: where finished work is kept and taken up.
    """
    policy = looked_at(results.study)
    if policy is None:
        return results
    with hired(workers, scheduler=scheduler) as pool:
        runner = VariantRunner(pool, workers, folder, tell)
        return dataclasses.replace(results, switches=switches(results, policy, runner, scope or scopes.shipped()))


def looked_at(study: Study) -> Policy | None:
    """The policy of the headline: the plainest offer of CFT, else the first policy; None without any."""
    return study.plainest_offer or next(iter(study.policies[1:]), None)


@dataclass(frozen=True)
class Switched:
    """A switch made in a study: its `name`, and the `variant` to be simulated, of the policies that can feel it.

    `note`: why nothing is simulated, in words; "" where something is. `impossible`: whether nothing can be.
    """

    name: str
    variant: Variant
    note: str = ""
    impossible: bool = False

    @property
    def simulated(self) -> bool:
        """Whether it takes a simulation to know what it comes to."""
        return not self.note and bool(self.variant.policies)


def switches(results: Results, policy: Policy, runner: VariantRunner, scope: Scope) -> pd.DataFrame:
    """What each switch makes of a policy's differences from the comparator over the horizon, discounted.

    A row a switch and outcome, the base first. `note`: who makes the choice already, or why it cannot be made; figures
    are then those of the base, or not numbers. Raises as `VariantRunner.many`.
    """
    number = taken(results, scope)
    found = [_made(results.study, policy, name, switch, scope, number) for name, switch in scope.switches.each.items()]
    wanted = [each.variant for each in found if each.simulated]
    simulated = dict(zip((each.title for each in wanted), runner.many(wanted), strict=True))
    usual, mine = (
        results.horizon_by_replication[results.scenarios.index(name), :, 1] for name in _pair(results.study, policy)
    )
    rows = [*_rows((BASE, BASE_TITLE, "", policy.name), mine - usual, np.zeros((number, len(ORDER))))]
    for each in found:
        told = (each.name, each.variant.title, each.note, policy.name)
        rows += _rows(
            told, mine - usual, _change(each, simulated.get(each.variant.title, {}), usual[:number], mine[:number])
        )
    return frame_of("switches", rows)


def taken(results: Results, scope: Scope) -> int:
    """How many replications of a run the switches are simulated with: the first ones of it."""
    each = results.people / results.replications
    wanted = max(math.ceil(scope.switches.people / each), scope.switches.replications)
    return min(wanted, results.replications)


def _pair(study: Study, policy: Policy) -> tuple[str, str]:
    return study.policies[0].name, policy.name


def _made(study: Study, policy: Policy, name: str, switch: Switch, scope: Scope, replications: int) -> Switched:
    """A switch made, with a note where that changes nothing or makes no sense."""
    values = _values(switch, scope, study.price_year)
    changed = imposing(choosing(among(study.to_the_horizon, (policy.name,)), switch.options), values)
    variant = Variant(switch.title, changed, _who_feels(changed, policy, switch, values), replications)
    try:
        check(changed)
    except InputErrors as errors:
        wrong = "; ".join(problem.wrong for problem in errors.problems)
        return Switched(name, variant, f"makes no sense here: {wrong}", impossible=True)
    return Switched(name, variant, _made_already(study, policy, switch, values))


def _values(switch: Switch, scope: Scope, price_year: int) -> dict[str, float]:
    chosen = (scope.scenarios[name].values(choice, price_year) for name, choice in switch.scenario.items())
    return {name: value for values in chosen for name, value in values.items()}


def _who_feels(study: Study, policy: Policy, switch: Switch, values: Mapping[str, float]) -> tuple[str, ...]:
    """The comparator and the policy, or those of them that can feel a switch: of one about CFT, who offers it."""
    pair = _pair(study, policy)
    return pair if set(switch.options) - set(OF_A_POLICY) else affected_policies(study, tuple(values), pair)


def _made_already(study: Study, policy: Policy, switch: Switch, values: Mapping[str, float]) -> str:
    """Who makes a switch already, in words; "" where nobody does."""
    chosen, have = {**study.options, **policy.options}, study.values(policy)
    if any(chosen.get(name) != choice for name, choice in switch.options.items()):
        return ""
    if any(have[name] != value for name, value in values.items()):
        return ""
    own = {*policy.options, *policy.assume} & {*switch.options, *values}
    return f"made already, by {f'the policy {policy.name}' if own else STUDY_FILE}"


def _change(made: Switched, now: Mapping[str, Numbers], usual: Numbers, mine: Numbers) -> Numbers:
    """How a switch changes the policy's differences, in each replication taken; shape (replications, outcomes)."""
    if made.impossible:
        return np.full_like(mine, np.nan)
    policy, comparator = made.variant.study.policies[-1].name, made.variant.study.policies[0].name
    return increments(now.get(policy, mine) - mine, now.get(comparator, usual) - usual)


def _rows(said: tuple[str, ...], base: Numbers, change: Numbers) -> Iterator[tuple[Any, ...]]:
    """The rows of a switch; `base` in every replication of the run, `change` in those taken."""
    switch, title, note, policy = said
    for outcome in HEADLINE:
        by = mean_with_error(change[:, ORDER[outcome]])
        value, error = headline(base[:, ORDER[outcome]], by.each)
        yield switch, title, note, policy, outcome, told(OUTCOMES[outcome].unit), value, error, by.value, by.mcse


def headline(base: Numbers, change: Numbers) -> tuple[float, float]:
    """A mean over replications with a change added that is known in the first of them, and its Monte Carlo error.

    >>> headline(np.array([1.0, 3.0, 5.0, 7.0]), np.array([1.0, 1.0]))[0]
    5.0
    """
    every, some = len(base), len(change)
    value = float(base.mean() + change.mean())
    if every < 2:
        return value, math.nan
    together = base[:some] / every + change / some
    left = (every - some) * float(base.var(ddof=1)) / every**2
    return value, math.sqrt((some * float(together.var(ddof=1)) if some > 1 else 0.0) + left)
