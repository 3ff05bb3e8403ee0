"""Results and draws whose differences from the comparator, and the errors of these, are exactly as asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes.draws import BANDED, DECISIVE, DrawPlan, DrawResults, ProbabilisticResults
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.measures import COUNTED, OUTCOME_INDEX, OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.study.clock import Timeline
from lbpsim.study.model import Study
from lbpsim.study.policies import CftPolicy, Policy

Numbers = npt.NDArray[np.float64]
Differences = Mapping[str, tuple[float, float]]  # of a counted outcome: over the horizon, and its standard error
USUAL = Policy("usual-care", "Usual care")
ROLLOUT = Policy("cft-rollout", "CFT rollout", cft=CftPolicy(Timeline((1.0,), (0.6,)), training_places={2027: 400.0}))
PLAIN, OTHER = Policy("a-policy", "A policy"), Policy("another", "Another")
UNLIMITED = Policy("cft-unlimited", "Ceiling", cft=dataclasses.replace(ROLLOUT.cft, capacity_limited=False))
REPLICATIONS, YEARS, BASE, DRAWS = 20, 10, 1e6, 400


def study(*policies: Policy, years: int = YEARS, replications: int = REPLICATIONS) -> Study:
    """A study of these policies beside usual care."""
    return Study(
        "made-up", "Made up", "", reference(), date(2026, 1, 1), years, 7000, replications, 1, 0.05, "societal",
        (28033.0, 50000.0), 2024, "usual-care", {}, {}, (USUAL, *policies),
    )  # fmt: skip


def made(
    *policies: tuple[Policy, Differences],
    by_year: Numbers | None = None,
    by_group: Numbers | None = None,
    years: int = YEARS,
    replications: int = REPLICATIONS,
) -> Results:
    """Results of policies with these differences, which fall on years and groups by weights, evenly if None."""
    asked = study(*(policy for policy, _ in policies), years=years, replications=replications)
    when = np.full(years, 1.0 / years) if by_year is None else by_year
    people = np.append(np.full(COUNTRY_WIDE, 1.0 / COUNTRY_WIDE), 0.0)
    whom = people if by_group is None else np.append(by_group, 0.0)
    totals = np.zeros((len(policies) + 1, replications, 2, years, COUNTRY_WIDE + 1, len(COUNTED)))
    totals += (BASE / years) * people[:, None]
    for place, (_, differences) in enumerate(policies, start=1):
        for name, (size, error) in differences.items():
            each = size + error * np.sqrt(replications) * _luck(
                replications, OUTCOME_INDEX[name] + place * len(COUNTED)
            )
            totals[place, :, :, :, :, OUTCOME_INDEX[name]] += (each[:, None, None] * when[:, None] * whom)[:, None]
    return Results(
        asked,
        np.round(totals * FIXED_POINT).astype(np.int64),
        np.ones(replications),
        np.zeros((len(policies) + 1, 2, years, len(COUNTED))),
        people=7000,
        country_cases=2.78e6,
        engine="compiled",
        events=1,
        seconds=1.0,
    )


def _luck(number: int, stream: int) -> Numbers:
    """Numbers of mean 0 and standard deviation 1."""
    if number == 1:
        return np.zeros(1)
    each = np.random.default_rng(stream).standard_normal(number)
    return np.asarray((each - each.mean()) / each.std(ddof=1))


def with_draws(
    results: Results, *policies: Mapping[str, tuple[float, float]], number: int = DRAWS, noise: float = 0.0
) -> ProbabilisticResults:
    """The same results with draws: each policy's differences have this mean and standard deviation over draws.

    `noise`: Monte Carlo standard error of each draw, in standard deviations of the draws.
    """
    order = list(OUTCOMES)
    values = np.zeros((number, len(results.scenarios), len(order)))
    mcse = np.zeros_like(values)
    replicates = np.zeros((number, len(results.scenarios), 4, len(DECISIVE)))
    for place, differences in enumerate(policies, start=1):
        for name, (size, deviation) in differences.items():
            column = order.index(name)
            values[:, place, column] = size + deviation * _luck(number, column)
            mcse[:, place, column] = noise * deviation
            if name in DECISIVE:
                luck = noise * deviation * 2.0 * np.random.default_rng(column).standard_normal((number, 4))
                luck -= luck.mean(axis=1, keepdims=True)
                replicates[:, place, :, DECISIVE.index(name)] = values[:, place, column, None] + luck
    years = len(results.years)
    yearly = np.repeat(values[:, :, None, [order.index(name) for name in BANDED]] / years, years, axis=2)
    none = np.zeros_like(yearly)
    plan = DrawPlan(2600, number, 0.02, until_settled=False, pilot=0, reason="")
    drawn = pd.DataFrame({"cft.uptake": _luck(number, 99)}, index=pd.RangeIndex(1, number + 1, name="draw"))
    draws = DrawResults(
        *(values, np.zeros_like(values), mcse, replicates, yearly, none, none),
        scenarios=results.scenarios, years=results.years, numbers=tuple(range(1, number + 1)), plan=plan,
        parameters=drawn,
    )  # fmt: skip
    return ProbabilisticResults.join(results, draws)


def case_of(policy: Policy = PLAIN, differences: Differences | None = None, **asked: object) -> Comparison:
    """A policy with these differences beside usual care."""
    return Comparison(made((policy, differences or {}), **asked), policy)  # type: ignore[arg-type]
