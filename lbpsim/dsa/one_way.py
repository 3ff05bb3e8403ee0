"""One-way analysis: each uncertain parameter at either end of its registered 95% interval, all others at their values.

Parameters that are drawn together (`parameter_sampling.DEPENDENT_GROUPS`) are moved together, all to their low or all
to their high ends. Where they are correlated but not tied, as CFT's effects are, that is wider than a 95% range of the
group. Parameters fitted to targets are moved one at a time over the interval of their posterior, although the targets
tie them to one another: the probabilistic analysis keeps those ties.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pandas as pd

from lbpsim.cea.paired_differences import PairedEstimate, SummaryMeasure, estimate, increments, reach, summary_measures
from lbpsim.evidence import Parameter, distributions, tables
from lbpsim.evidence.currency import code_of
from lbpsim.evidence.output_tables import frame_of
from lbpsim.evidence.units import DIMENSIONS, MONEY, format_in_unit, to_canonical, told
from lbpsim.psa.parameter_sampling import DEPENDENT_GROUPS, value_at
from lbpsim.simulation.variants import Variant, VariantRunner, affected_policies, among, assuming
from lbpsim.study import InputErrors, Study
from lbpsim.study.files.errors import did_you_mean, wrong_option
from lbpsim.study.notes import STUDY_FILE

ALONE, TOGETHER, FITTED = "alone", "together", "fitted"
LOW, HIGH = "low", "high"
BELOW_ZERO = ("furthest below 0", "nearest to 0")  # of effects that are all falls, where low would mislead
DIGITS = 3  # of the ends of an interval in words; the registry has as many


@dataclass(frozen=True)
class Movement:
    """A parameter, or a group drawn together, and its two ends.

    `name` in tables; `label` in words; `kind`: "alone", "together" or "fitted"; `low`, `high`: values of its members in
    canonical units.
    """

    name: str
    label: str
    kind: str
    low: Mapping[str, float]
    high: Mapping[str, float]

    @property
    def members(self) -> tuple[str, ...]:
        """Names of the parameters that move."""
        return tuple(self.low)

    def grades(self, study: Study) -> str:
        """Evidence grades of its members in a study, each once."""
        return ", ".join(dict.fromkeys(study.registry.parameters[name].grade for name in self.members))


def held(study: Study, policy: str) -> Mapping[str, str]:
    """Uncertain parameters that are not moved, with who sets each: the study, the policy looked at or the comparator.

    Moving one of them for the others alone would compare two worlds; the policy's own value is its author's choice, of
    which the registered interval says nothing.
    """
    setting = {p.name: p.assume for p in (study.policy(policy), study.policies[0])} | {STUDY_FILE: study.assume}
    return {name: who for who, assume in setting.items() for name in study.registry.drawable if name in assume}


def movements(study: Study, policy: str, patterns: Sequence[str] = ()) -> tuple[Movement, ...]:
    """All that is moved for a policy: every uncertain parameter that is not `held`, or those that patterns match.

    `patterns`: names, or beginnings with "*" (`cft.*`); one member of a group brings the others with it.

    Raises InputErrors for a pattern that matches nothing that can be moved.
    """
    setters = held(study, policy)
    names = tuple(name for name in study.registry.drawable if name not in setters and study.feels(name))
    chosen = _matching(study, setters, names, patterns) if patterns else set(names)
    groups = [(group.title, tuple(name for name in group.members if name in names)) for group in DEPENDENT_GROUPS]
    tied = {name for _, members in groups for name in members}
    found = [_group(title, members, study) for title, members in groups if chosen & set(members)]
    return (*found, *(_single(name, study) for name in names if name in chosen and name not in tied))


def _matching(study: Study, setters: Mapping[str, str], names: Sequence[str], patterns: Sequence[str]) -> set[str]:
    found = {pattern: {name for name in names if fnmatchcase(name, pattern)} for pattern in patterns}
    problems = [
        problem
        for pattern, matched in found.items()
        if not matched
        for problem in _nothing(study, setters, pattern, names).problems
    ]
    if problems:
        raise InputErrors(problems)
    return set().union(*found.values())


def _nothing(study: Study, setters: Mapping[str, str], pattern: str, names: Sequence[str]) -> InputErrors:
    """Why a pattern matches nothing that can be moved."""
    option = "parameters"
    if set_there := [name for name in setters if fnmatchcase(name, pattern)]:
        name = set_there[0]
        where = "the study" if setters[name] == STUDY_FILE else f"the policy {setters[name]}"
        wrong = f"{name} is set under `assume` in {where}, and so is not moved"
        return wrong_option(option, wrong, f"Remove it there, or try `--switch {name}=LOW:HIGH`")
    if pattern in study.registry.parameters:
        wrong = f"{pattern} has no interval: it is a definition, a convention, a target or context"
        return wrong_option(option, wrong, f"`lbpsim parameters {pattern}` says which")
    right = did_you_mean(pattern, names) or "`lbpsim parameters` lists all"
    return wrong_option(option, f"No uncertain parameter is called `{pattern}`", right)


def _group(title: str, members: Sequence[str], study: Study) -> Movement:
    ends = {name: interval_of(name, study) for name in members}
    low, high = ({name: end[place] for name, end in ends.items()} for place in (0, 1))
    return Movement(title, title, TOGETHER, low, high)


def _single(name: str, study: Study) -> Movement:
    low, high = interval_of(name, study)
    kind = FITTED if name in study.registry.fitted else ALONE
    return Movement(name, study.registry.parameters[name].label, kind, {name: low}, {name: high})


def interval_of(name: str, study: Study) -> tuple[float, float]:
    """The 95% interval of an uncertain parameter, canonical units at the study's prices: the registered one, else from
    its law, else from the posterior.

    Raises KeyError for a parameter that is not uncertain.
    """
    parameter = study.registry.parameters[name]
    if parameter.interval is not None:
        low, high = (_carried(parameter, end, study) for end in parameter.interval)
    elif name in study.registry.uncertain:
        tail = distributions.TAIL
        low, high = (value_at(parameter, share, study) for share in (tail, 1.0 - tail))
    else:
        low, high = np.quantile(tables.posterior()[name], [distributions.TAIL, 1.0 - distributions.TAIL])
    return float(low), float(high)


def _carried(parameter: Parameter, value: float, study: Study) -> float:
    return parameter.model_copy(update={"value": value}).at_prices_of(study.price_year, study.registry.prices)


def in_words(parameter: Parameter, value: float) -> str:
    """A value of a parameter (canonical unit) as readers expect it, without the unit where that follows the number."""
    canonical = DIMENSIONS[parameter.dimension].canonical
    unit = canonical if parameter.dimension in MONEY else parameter.unit
    size = to_canonical(1.0, unit)
    shown = value / size
    rounded = round(shown, DIGITS - 1 - math.floor(math.log10(abs(shown)))) if shown else 0.0
    code = f"{code_of(told(unit)) or ''} "
    return format_in_unit(rounded, unit).removeprefix(code).removesuffix(f" {told(unit).removeprefix(code)}")


def one_way(runner: VariantRunner, study: Study, policy: str, moved: Sequence[Movement]) -> pd.DataFrame:
    """Figures of a policy against the comparator at either end of each movement.

    A row a movement and figure: parameter, label, kind, members, grade, low_text, base_text, high_text; figure,
    perspective, threshold, unit, base, base_mcse, low, high, base_status, low_status, high_status; swing (from the
    lowest to the highest of the three), swing_mcse (paired), clear (more than two errors).

    Raises as `VariantRunner.many`.
    """
    small = among(study, (policy,))
    base, *ends = runner.many(list(_variants(small, policy, moved)))
    usual = study.policies[0].name
    rows: list[dict[str, Any]] = []
    for number, movement in enumerate(moved):
        both = ({**base, **found} for found in ends[2 * number : 2 * number + 2])  # who felt nothing is as in the base
        gained = [increments(found[policy], found[usual]) for found in (base, *both)]
        told = _told(movement, study)
        for figure in summary_measures(study.thresholds):
            rows.append(told | _row(figure, *(estimate(each, figure) for each in gained)))
    return frame_of("one_way", rows)


def _variants(study: Study, policy: str, moved: Sequence[Movement]) -> Iterator[Variant]:
    """The base case, then both ends of each movement; the comparator only where it can feel them."""
    pair = study.policies[0].name, policy
    yield Variant("base case", study, pair)
    for movement in moved:
        who = affected_policies(study, movement.members, pair)
        for end, values in ((LOW, movement.low), (HIGH, movement.high)):
            yield Variant(f"{movement.name} {end}", assuming(study, values), who or (policy,))


def _told(movement: Movement, study: Study) -> dict[str, Any]:
    """What a row says of the movement."""
    low, high = BELOW_ZERO if all(value < 0.0 for value in movement.high.values()) else (LOW, HIGH)
    texts = {"low_text": low, "base_text": "", "high_text": high}
    if len(movement.members) == 1:
        (name,) = movement.members
        values = movement.low[name], study.values(study.policies[0])[name], movement.high[name]
        texts = {
            text: in_words(study.registry.parameters[name], value) for text, value in zip(texts, values, strict=True)
        }
    return {
        "parameter": movement.name,
        "label": movement.label,
        "kind": movement.kind,
        "members": ", ".join(movement.members),
        "grade": movement.grades(study),
        "unit_of_ends": study.registry.parameters[movement.members[0]].unit if len(movement.members) == 1 else "",
        **texts,
    }


def _row(figure: SummaryMeasure, base: PairedEstimate, low: PairedEstimate, high: PairedEstimate) -> dict[str, Any]:
    swing = reach(low, base, high)
    return {
        "figure": figure.kind,
        "perspective": figure.perspective,
        "threshold": figure.threshold,
        "unit": told(figure.unit),
        "low": low.value,
        "base": base.value,
        "base_mcse": base.mcse,
        "high": high.value,
        "low_status": low.status,
        "base_status": base.status,
        "high_status": high.status,
        "swing": swing.swing,
        "swing_mcse": swing.mcse,
        "clear": swing.clear,
    }
