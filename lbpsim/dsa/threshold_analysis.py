"""Threshold analysis: at what value of a parameter does the decision change, between two policies or among all?

Every value looked at is a simulation of the same people and random numbers, so a benefit moves smoothly with it. Where
the decision changes the value found has a Monte Carlo error: that of the lead, over how fast the lead falls. Where it
does not change over the range, the table says so, and of which range.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from lbpsim.cea.net_benefit import View, benefit, views
from lbpsim.cea.paired_differences import ORDER, PairedEstimate, mean_with_error
from lbpsim.dsa.one_way import interval_of
from lbpsim.dsa.plan import Scope, Search
from lbpsim.dsa.switching_values import SwitchingValue, switching_values
from lbpsim.evidence import Parameter
from lbpsim.evidence.output_tables import frame_of
from lbpsim.evidence.units import DIMENSIONS, UnitError, format_quantity, parse_quantity, told
from lbpsim.outcomes.arrays import Numbers
from lbpsim.simulation.variants import (
    ONLY_CFT,
    Variant,
    VariantRunner,
    among,
    choosing,
    imposing,
    policies_setting,
    scaling,
)
from lbpsim.study import Study
from lbpsim.study.files.errors import did_you_mean, listed, wrong_option
from lbpsim.study.options import OF_A_POLICY

DIGITS = 3  # of a value in words
FEES = ("cft.first_session_cost", "cft.session_cost")


def changed(study: Study, search: Search, value: float) -> Study:
    """The study as it is at a value of a search, whatever its policies set themselves."""
    study = choosing(study, search.options)
    if search.training:
        trained = (dataclasses.replace(each, cft=each.cft.with_staff(value)) for each in study.policies)
        return dataclasses.replace(study, policies=tuple(trained))
    if search.sets:
        return imposing(study, {search.sets: value})
    return scaling(study, search.scales, value)


@dataclass
class Probe:
    """A search at work: figures of every policy at a value, those that feel nothing from the base case.

    `base`: by policy, shape (replications, outcomes).
    """

    runner: VariantRunner
    study: Study
    search_name: str
    search: Search
    base: Mapping[str, Numbers]

    @property
    def touched(self) -> tuple[str, ...]:
        """Policies that can feel the search: of a search about CFT alone, those that offer it."""
        about_cft = all(name.startswith(ONLY_CFT) for name in self.search.touched)
        if not (about_cft and set(self.search.options) <= set(OF_A_POLICY)):
            return tuple(self.base)
        return tuple(name for name in self.base if self.study.policy(name).cft.makes_offers)

    def variant(self, value: float) -> Variant:
        """What is simulated at a value."""
        study = changed(among(self.study, self.touched), self.search, value)
        return Variant(f"{self.search_name} at {value:.4g}", study, self.touched)

    def at(self, value: float) -> dict[str, Numbers]:
        """Figures of every policy at a value."""
        if not self.touched:
            return dict(self.base)
        return {**self.base, **self.runner.one(self.variant(value))}

    def look(self, values: Sequence[float]) -> None:
        """Simulate several values at once, to be found by `at`."""
        if self.touched:
            self.runner.many([self.variant(value) for value in values])

    def benefits(self, value: float, view: View, choices: Sequence[str]) -> Numbers:
        """Net benefit of each of the choices at a value, shape (choices,)."""
        found = self.at(value)
        return np.array([float(benefit(found[name], view).mean()) for name in choices])

    def apart(self, value: float, view: View, one: str, other: str) -> PairedEstimate:
        """By how much one policy is worth more than another at a value."""
        found = self.at(value)
        return mean_with_error(benefit(found[one], view) - benefit(found[other], view))


def thresholds(
    runner: VariantRunner,
    study: Study,
    policy: str,
    choices: Sequence[str],
    scope: Scope,
    searches: Mapping[str, Search],
) -> pd.DataFrame:
    """Where each search changes the decision between a policy and the comparator, and among all `choices`.

    A row a search, decision, perspective, threshold and change (`number` from 1; 0 and no value where there is none):
    search, title, decision, perspective, threshold, number, changes, value (canonical unit), mcse, value_text, before
    and after (names of the best policy), base, low, high (of the range), range_text, unit, price and price_limit (money
    for a course, of a search for the price: by simulation, and by formula), note.

    Raises as `VariantRunner.many`.
    """
    names = tuple(each.name for each in study.policies if each.name in {*choices, policy})
    base = runner.one(Variant("base case", study, names))
    rows: list[dict[str, Any]] = []
    for name, search in searches.items():
        probe = Probe(runner, study, name, search, base)
        probe.look(looks(search, scope))
        for name_of_decision, between in decisions(study, policy, choices).items():
            for view in views(study.thresholds):
                rows += ({"decision": name_of_decision} | row for row in _rows(probe, between, view, scope))
    return frame_of("thresholds", rows)


def looks(search: Search, scope: Scope) -> list[float]:
    """Values of a search that are looked at first."""
    return [float(value) for value in np.linspace(search.low, search.high, scope.looks)]


def decisions(study: Study, policy: str, choices: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The decision for or against a policy, and that among all choices where there are more: the policies between which
    it is, in the study's order, by what readers call it.
    """
    pair = study.policies[0].name, policy
    among_all = {} if set(choices) == set(pair) else {"among all": tuple(choices)}
    return {f"{policy} or {pair[0]}": pair} | among_all


def _rows(probe: Probe, choices: Sequence[str], view: View, scope: Scope) -> Iterator[dict[str, Any]]:
    search = probe.search
    tolerance = (search.high - search.low) / ((scope.looks - 1) * 2**scope.halvings)
    evaluate = partial(probe.benefits, view=view, choices=choices)
    found = switching_values(evaluate, looks(search, scope), tolerance=tolerance, most=scope.halvings)
    told = _told(probe, choices, view)
    if not found:
        best = choices[int(evaluate(search.low).argmax())]
        yield told | {"number": 0, "changes": False, "value": math.nan, "mcse": math.nan, "value_text": "",
                      "before": best, "after": best, "price": math.nan}  # fmt: skip
    for number, switch in enumerate(found, start=1):
        yield told | _changing(probe, choices, view, switch) | {"number": number}


def _changing(probe: Probe, choices: Sequence[str], view: View, switch: SwitchingValue) -> dict[str, Any]:
    before, after = (choices[place] for place in (switch.before, switch.after))
    low, high = (probe.apart(value, view, before, after) for value in (switch.low, switch.high))
    slope = (low.value - high.value) / (switch.high - switch.low)
    return {
        "changes": True,
        "value": switch.value,
        "mcse": max(low.mcse, high.mcse) / slope if slope > 0.0 else math.nan,
        "value_text": in_words(probe.search, switch.value),
        "before": before,
        "after": after,
        "price": switch.value * fees_of_a_course(probe, choices) if _prices(probe) else math.nan,
    }


def _told(probe: Probe, choices: Sequence[str], view: View) -> dict[str, Any]:
    search = probe.search
    low, high = in_words(search, search.low), in_words(search, search.high)
    return {
        "search": probe.search_name,
        "title": search.title,
        **view._asdict(),
        "base": base_of(probe.study, search, choices[-1]),
        "low": search.low,
        "high": search.high,
        "range_text": f"{low} to {high}",
        "unit": told(DIMENSIONS[search.dimension].canonical),
        "price_limit": _price_limit(probe, choices, view) if _prices(probe) else math.nan,
        "note": " ".join([*search.note.split(), *replaced(probe.study, search)]),
    }


def base_of(study: Study, search: Search, policy: str) -> float:
    """The value of a search in the base case of a policy; not a number where that makes another structural choice."""
    looked_at = study.policy(policy)
    made = {**study.options, **looked_at.options}
    if any(made[option] != choice for option, choice in search.options.items()):
        return math.nan
    return study.values(looked_at)[search.sets] if search.sets else 1.0


def replaced(study: Study, search: Search) -> Iterator[str]:
    """What is said of policies that set themselves what a search moves."""
    own = policies_setting(study, {*search.touched, *search.options})
    if own:
        files = "file" if len(own) == 1 else "files"
        yield f"The search takes the place of what is set in the {files} of {listed(own, 'and')}."


def in_words(search: Search, value: float) -> str:
    """A value of a search as readers expect it."""
    rounded = float(f"{value:.{DIGITS}g}")
    if search.dimension == "duration":
        return f"{rounded:g} years"
    return format_quantity(rounded, search.dimension)


def _prices(probe: Probe) -> bool:
    return set(probe.search.scales) == set(FEES)


def fees_of_a_course(probe: Probe, choices: Sequence[str]) -> float:
    """What sessions cost in a course at registered fees, as attended; not a number where nobody starts one, and
    among several policies, each of which has its own.
    """
    policy = choices[-1]
    if len(choices) != 2:
        return math.nan
    values = probe.study.values(probe.study.policy(policy))
    courses, sessions = (float(probe.base[policy][:, ORDER[name]].mean()) for name in ("cft_courses", "cft_sessions"))
    first, later = (values[name] for name in FEES)
    return (first * courses + later * (sessions - courses)) / courses if courses > 0.0 else math.nan


def _price_limit(probe: Probe, choices: Sequence[str], view: View) -> float:
    """By formula: fees for a course at which a policy is worth as much as the comparator."""
    if len(choices) != 2:
        return math.nan
    usual, policy = choices
    courses = float(probe.base[policy][:, ORDER["cft_courses"]].mean())
    return probe.apart(0.0, view, policy, usual).value / courses if courses > 0.0 else math.nan


def asked(study: Study, words: Sequence[str]) -> dict[str, Search]:
    """Searches over registered parameters: "NAME" over its interval, or "NAME=LOW:HIGH" with units ("cft.uptake=0:1").

    Raises InputErrors for a name, a quantity or a range that makes no sense.
    """
    return {text.partition("=")[0]: _search(study, *text.partition("=")[::2]) for text in words}


def _search(study: Study, name: str, span: str) -> Search:
    known = study.registry
    parameter = known.parameters.get(name)
    if parameter is None or parameter.role != "input":
        inputs = [each.name for each in known.inputs]
        right = did_you_mean(name, inputs) or "`lbpsim parameters` lists them"
        raise wrong_option("switch", f"No input of the model is called `{name}`", right)
    if span:
        low, high = _span(parameter, span)
    elif name in known.drawable:
        low, high = interval_of(name, study)
    else:
        raise wrong_option("switch", f"{name} has no interval to search", f"Give a range: `{name}=LOW:HIGH`")
    if not low < high:
        raise wrong_option("switch", f"The range of {name} goes from {low:g} to {high:g}", "Give the lower end first")
    return Search.model_construct(title=parameter.label, sets=name, low=low, high=high)


def _span(parameter: Parameter, span: str) -> tuple[float, float]:
    name, kind = parameter.name, parameter.dimension
    try:
        low, high = (parse_quantity(part.strip(), kind) for part in span.split(":"))
    except UnitError as wrong:
        raise wrong_option("switch", f"{name}: {wrong}", "") from None
    except ValueError:
        raise wrong_option("switch", f"`{span}` is not a range", f"Write `{name}=LOW:HIGH`") from None
    return low, high
