"""What came of taking a policy apart, as tables: contributions, what holds the policy back, how far it reaches.

Figures are for the country, with Monte Carlo errors of paired differences from the spread between replications.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from lbpsim.evidence.units import told
from lbpsim.explain.binding_constraints import ALL
from lbpsim.explain.care_cascade import care_cascade
from lbpsim.explain.decomposition import COMPARATOR, COUNTING, POLICY, DecompositionPlan
from lbpsim.explain.per_replication import by_payer, by_year, over_horizon
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.periods import FLOWS
from lbpsim.outcomes.results import Results, long_frame, mean_and_error

INTERACTION, WHOLE = "interaction", "all"
CONTRIBUTION: Final = "contribution"
LOST: Final = "lost without it"
CLEAR = 2.0  # standard errors from zero at which an effect is called clear
NOTHING = 1e-12  # of the level of an outcome: what subtracting large numbers leaves where nothing is
CERTAIN = 1e-9  # of a figure: as little Monte Carlo error is none, as of the cost of training


@dataclass(frozen=True)
class ComponentName:
    """A part by its `level` ("pathway", "change") and `key`: its `label` inside a sentence, and its `pathway`."""

    level: str
    key: str
    label: str
    pathway: str


@dataclass(frozen=True)
class Constraint:
    """What may hold a policy back: `name`, `label` inside a sentence, and what the policy then has, after "with"."""

    name: str
    label: str
    if_not: str


@dataclass(frozen=True)
class Lead:
    """By how many QALYs what holds the policy back most exceeds the next: names, difference, Monte Carlo error."""

    first: str
    second: str
    difference: float
    mcse: float


@dataclass(frozen=True)
class DecompositionSetup:
    """What was taken apart, and how: names and titles, calendar years, and the size of the simulation."""

    study: str
    country: str
    policy: str
    title: str
    comparator: str
    years: tuple[int, ...]
    discount_rate: float
    price_year: int
    people: int
    replications: int
    seed: int
    parts: tuple[ComponentName, ...]
    holds: tuple[Constraint, ...]
    cost_discount_rate: float | None = None


@dataclass(frozen=True)
class Attribution:
    """A policy taken apart.

    `contributions`: level, part, measure, outcome, unit, discounted, value, mcse; `by_year`: as that with year for
    discounted; `by_payer`: level, part, measure, discounted, pathway, category, payer, value, mcse; `held_back`:
    relaxation, outcome, unit, discounted, value, mcse; `reached`: step, unit, value, mcse, counted. `lead`: None where
    fewer than two things hold it back.
    """

    question: DecompositionSetup
    contributions: pd.DataFrame
    by_year: pd.DataFrame
    by_payer: pd.DataFrame
    held_back: pd.DataFrame
    reached: pd.DataFrame
    lead: Lead | None


def attribution(plan: DecompositionPlan, results: Results) -> Attribution:
    """Everything that follows from the results of a plan."""
    horizon, (costs, columns) = over_horizon(results), by_payer(results)
    heads, pairs = _heads(plan), _pairs(plan)
    either, outcomes = [False, True], list(FLOWS)
    whole = _frame(heads, _effects(pairs, horizon), {"discounted": either, "outcome": outcomes})
    yearly = _frame(heads, _effects(pairs, by_year(results)), {"year": list(results.years), "outcome": outcomes})
    paid = _frame(heads, _effects(pairs, costs), {"discounted": either, "place": range(len(columns))})
    return Attribution(
        question=_question(plan, results),
        contributions=_with_units(whole),
        by_year=_with_units(yearly),
        by_payer=_named(paid, columns),
        held_back=_held_back(plan, horizon),
        reached=care_cascade(plan, results),
        lead=_lead(plan, horizon),
    )


def _question(plan: DecompositionPlan, results: Results) -> DecompositionSetup:
    study, policy = results.study, plan.policy
    return DecompositionSetup(
        study=study.name,
        country=study.place,
        policy=policy.name,
        title=policy.title,
        comparator=results.scenarios[COMPARATOR],
        years=results.years,
        discount_rate=study.discount_rate,
        cost_discount_rate=study.cost_discount_rate,
        price_year=study.price_year,
        people=results.people,
        replications=results.replications,
        seed=results.seed,
        parts=tuple(_names(plan)),
        holds=tuple(Constraint(each.name, each.label, each.if_not) for each in plan.relaxations),
    )


def _names(plan: DecompositionPlan) -> Iterator[ComponentName]:
    for level, blocks in plan.levels.items():
        for part in blocks:
            yield ComponentName(level, part.key, part.label, part.pathway)


def clear(value: float, mcse: float) -> bool:
    """Whether a figure is more than two standard errors from zero; never where its error is not known.

    >>> clear(5.0, 2.0), clear(3.0, 2.0), clear(5.0, float("nan"))
    (True, False, False)
    """
    return bool(abs(value) > CLEAR * mcse and value != 0.0)


Pair = tuple[int, int]  # places of two variants, of which the second is subtracted
Head = tuple[str, str, str]


def _heads(plan: DecompositionPlan) -> pd.DataFrame:
    rows: list[Head] = []
    for level, blocks in plan.levels.items():
        for measure in (CONTRIBUTION, LOST):
            rows += [(level, part.key, measure) for part in blocks]
        rows += [(level, INTERACTION, CONTRIBUTION), (level, WHOLE, CONTRIBUTION)]
    return pd.DataFrame(rows, columns=["level", "part", "measure"])


def _pairs(plan: DecompositionPlan) -> list[list[list[Pair]]]:
    """By level: each part alone, then the whole without each."""
    return [
        [
            [(plan.of_changes[part.keys], COMPARATOR) for part in blocks],
            [(POLICY, plan.of_changes[plan.every_change - part.keys]) for part in blocks],
        ]
        for blocks in plan.levels.values()
    ]


def _effects(pairs: Sequence[Sequence[Sequence[Pair]]], each: Numbers) -> Numbers:
    """The differences in the order of the heads; shape (heads, replications, ...)."""
    whole = each[POLICY] - each[COMPARATOR]
    found = []
    for alone, without in pairs:
        contributions = [each[one] - each[other] for one, other in alone]
        interaction = whole - np.sum(contributions, axis=0)
        interaction[np.abs(interaction) < NOTHING * np.abs(each[COMPARATOR])] = 0.0
        found += [*contributions, *(each[one] - each[other] for one, other in without), interaction, whole]
    return np.stack(found)


def _frame(heads: pd.DataFrame, each: Numbers, axes: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Means and errors as a long table: `each` has the heads, the replications, and then the axes."""
    mean, error = mean_and_error(each)
    error[error < CERTAIN * np.abs(mean)] = 0.0
    frame = long_frame({"head": range(len(heads)), **axes}, {"value": mean, "mcse": error})
    return pd.concat([heads.iloc[frame["head"]].reset_index(drop=True), frame.drop(columns="head")], axis=1)


def _with_units(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(unit=[told(OUTCOMES[name].unit) for name in frame["outcome"]])


def _named(frame: pd.DataFrame, columns: list[tuple[str, str, str]]) -> pd.DataFrame:
    names = pd.DataFrame(columns, columns=["pathway", "category", "payer"]).iloc[frame["place"]]
    return pd.concat([frame.drop(columns="place"), names.reset_index(drop=True)], axis=1)


def _held_back(plan: DecompositionPlan, horizon: Numbers) -> pd.DataFrame:
    names = [name for name in plan.without if name != COUNTING]
    each = np.array([horizon[plan.without[name]] - horizon[POLICY] for name in names])
    heads = pd.DataFrame({"relaxation": names})
    axes: dict[str, Sequence[Any]] = {"discounted": [False, True], "outcome": list(FLOWS)}
    return _with_units(_frame(heads, each.reshape(len(names), *horizon.shape[1:]), axes))


def _lead(plan: DecompositionPlan, horizon: Numbers) -> Lead | None:
    qalys = horizon[:, :, 1, FLOWS.index("qalys")]
    single = [name for name in plan.without if name not in (COUNTING, ALL)]
    if len(single) < 2:
        return None
    first, second = sorted(single, key=lambda name: -float(qalys[plan.without[name]].mean()))[:2]
    between = qalys[plan.without[first]] - qalys[plan.without[second]]
    difference, mcse = mean_and_error(between[None])
    return Lead(first, second, float(difference[0]), float(mcse[0]))
