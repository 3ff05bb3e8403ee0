"""Structural analysis: every choice of structure in one table, whether it favours a policy or not.

A choice is made for every policy at once; a policy whose file makes the choice itself keeps its own, and every row of
the choice says so. The same people live through all of them with the same random numbers, so that what a choice changes
has a paired error. Not here: choices for which there are no rules.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lbpsim.cea.net_benefit import View, benefit, views
from lbpsim.cea.paired_differences import CLEAR, PairedEstimate, SummaryMeasure, estimate, increments, mean_with_error
from lbpsim.dsa.plan import Scope
from lbpsim.evidence.output_tables import frame_of
from lbpsim.evidence.units import format_in_unit
from lbpsim.outcomes.arrays import Numbers
from lbpsim.simulation.variants import Variant, VariantRunner, assuming, policies_setting
from lbpsim.study import Study, limits
from lbpsim.study.options import OPTIONS

AS_REGISTERED = "as registered"
DISCOUNTING, HORIZON = "discount_rate", "horizon"


@dataclass(frozen=True)
class Alternative:
    """One choice of structure: the `option`, the `choice`, what the option `decides`, whether it is the study's own.

    `kept_by`: names of the policies whose own files decide it, and for which it changes nothing.
    """

    option: str
    choice: str
    decides: str
    base: bool
    study: Study
    kept_by: tuple[str, ...] = ()


def alternatives(study: Study, scope: Scope) -> tuple[Alternative, ...]:
    """Every structural choice, the study's own first within each option."""
    found = (*_options(study), *_discounting(study, scope), *_horizons(study, scope), *_scenarios(study, scope))
    order = {option: place for place, option in enumerate(dict.fromkeys(each.option for each in found))}
    return tuple(sorted(found, key=lambda each: (order[each.option], not each.base)))


def _options(study: Study) -> Iterator[Alternative]:
    for option, (choices, decides) in OPTIONS.items():
        for choice in choices:
            changed = dataclasses.replace(study, options={**study.options, option: choice})
            own = study.options[option] == choice
            yield Alternative(option, choice, decides, own, changed, policies_setting(study, [option]))


def _discounting(study: Study, scope: Scope) -> Iterator[Alternative]:
    own = study.discount_rate, study.cost_discount_rate
    for health, costs in sorted({*((rate, None) for rate in scope.discount_rates), own}, key=str):
        changed = dataclasses.replace(study, discount_rate=health, cost_discount_rate=costs)
        words = f"{format_in_unit(health, 'share')} per year"
        if costs is not None:
            words = f"{format_in_unit(costs, 'share')} costs, {format_in_unit(health, 'share')} health"
        yield Alternative(DISCOUNTING, words, "how much later costs and health count", (health, costs) == own, changed)


def _horizons(study: Study, scope: Scope) -> Iterator[Alternative]:
    for years in sorted({*(each for each in scope.horizons if limits.YEARS.allows(each)), study.years}):
        changed = dataclasses.replace(study, years=years)
        yield Alternative(HORIZON, f"{years} years", "how long the study looks ahead", years == study.years, changed)


def _scenarios(study: Study, scope: Scope) -> Iterator[Alternative]:
    for option, scenario in scope.scenarios.items():
        kept_by = policies_setting(study, {name for choice in scenario.choices.values() for name in choice})
        yield Alternative(option, AS_REGISTERED, scenario.decides, True, study, kept_by)
        for choice in scenario.choices:
            changed = assuming(study, scenario.values(choice, study.price_year))
            yield Alternative(option, choice, scenario.decides, False, changed, kept_by)


def structural(runner: VariantRunner, study: Study, policy: str, choices: Sequence[str], scope: Scope) -> pd.DataFrame:
    """What each structural choice makes of a policy against the comparator, and of the decision.

    `choices`: policies between which to decide. A row an alternative, perspective and threshold: option, choice,
    decides, base, kept_by, perspective, threshold; qalys, dalys_averted, cost, net_benefit, each with its `_mcse`;
    change of net benefit from the base with its `_mcse`, and whether it is `clear`; the `best` policy, its `lead` over
    the next with its `_mcse`, `changes`: whether another is best than in the base.

    Raises as `VariantRunner.many`.
    """
    names = tuple(each.name for each in study.policies if each.name in {*choices, policy})
    listed = alternatives(study, scope)
    base, *found = runner.many(
        [Variant("base case", study, names), *(Variant(f"{a.option}: {a.choice}", a.study, names) for a in listed)]
    )
    rows = [
        _told(alternative) | _row(view, each, base, policy, choices)
        for alternative, each in zip(listed, found, strict=True)
        for view in views(study.thresholds)
    ]
    return frame_of("structural", rows)


def _told(alternative: Alternative) -> dict[str, Any]:
    names = ("option", "choice", "decides", "base")
    return {name: getattr(alternative, name) for name in names} | {"kept_by": ", ".join(alternative.kept_by)}


def _row(
    view: View, found: Mapping[str, Numbers], base: Mapping[str, Numbers], policy: str, choices: Sequence[str]
) -> dict[str, Any]:
    usual = next(iter(found))
    increment = increments(found[policy], found[usual])
    net_benefit = SummaryMeasure("net_benefit", *view)
    now = estimate(increment, net_benefit)
    change = mean_with_error(now.each - estimate(increments(base[policy], base[usual]), net_benefit).each)
    best, lead = leader({name: found[name] for name in choices}, view)
    usually, _ = leader({name: base[name] for name in choices}, view)
    return {
        **view._asdict(),
        **_with_error("qalys", estimate(increment, SummaryMeasure("qalys"))),
        **_with_error("dalys_averted", estimate(increment, SummaryMeasure("dalys_averted"))),
        **_with_error("cost", estimate(increment, SummaryMeasure("cost", view.perspective))),
        **_with_error("net_benefit", now),
        **_with_error("change", change),
        "clear": abs(change.value) > CLEAR * change.mcse,
        "best": best,
        **_with_error("lead", lead),
        "changes": best != usually,
    }


def leader(found: Mapping[str, Numbers], view: View) -> tuple[str, PairedEstimate]:
    """The policy with the highest net benefit, and its lead over the next (money); ties go to the first.

    `found`: by policy, shape (replications, outcomes). With a single policy the lead is 0.
    """
    names = list(found)
    each = np.array([benefit(found[name], view) for name in names])
    order = np.argsort(-each.mean(axis=1), kind="stable")
    second = order[1] if len(names) > 1 else order[0]
    return names[order[0]], mean_with_error(np.asarray(each[order[0]] - each[second]))


def _with_error(name: str, found: PairedEstimate) -> dict[str, float]:
    return {name: found.value, f"{name}_mcse": found.mcse}
