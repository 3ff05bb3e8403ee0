"""The cascade of care is counted from the year of the offer, step by step, and says what is not counted."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from lbpsim.explain.care_cascade import APART, GIVEN, HERE, JOINING, NOT_COUNTED, care_cascade
from lbpsim.explain.decomposition import COUNTING
from lbpsim.outcomes.results import Results
from tests.report.synthetic import SHIPPED, synthetic

USUAL, ROLLOUT = SHIPPED[:2]


@pytest.fixture(scope="module")
def results() -> Results:
    """Usual care, a rollout, and a run in which offers are counted and nobody is treated."""
    return synthetic((USUAL, ROLLOUT, replace(ROLLOUT, name="counting")), years=6, replications=4)


def cascade(results: Results, **cft: Any) -> pd.DataFrame:
    plan: Any = SimpleNamespace(policy=replace(ROLLOUT, cft=replace(ROLLOUT.cft, **cft)), without={COUNTING: 2})
    return care_cascade(plan, results)


def test_every_step_is_a_sum_over_the_years_of_the_offer(results: Results) -> None:
    found = cascade(results).set_index("step")
    since = results.study.calendar_year(ROLLOUT.cft.offered.first)
    yearly = results.yearly[(results.yearly["scenario"] == ROLLOUT.name) & (results.yearly["year"] >= since)]
    sums = yearly.groupby("outcome")["value"].sum()
    assert since > results.years[0], "years before the offer are left out"
    for step, unit, outcome in JOINING:
        row = found.loc[step]
        assert (row["unit"], row["counted"]) == (unit, HERE)
        assert row["value"] == pytest.approx(sums[outcome]), outcome
    assert found.loc[f"consultations from {since} on", "value"] == pytest.approx(sums["consultations"])
    assert found.loc["adults with chronic low back pain at the start", ["value", "counted"]].tolist() == [
        *(results.country_cases, GIVEN)
    ]


def test_who_is_eligible_is_counted_where_nobody_is_treated(results: Results) -> None:
    found = cascade(results).set_index("counted")
    assert found.loc[APART, "step"] == "of people who fulfil the entry criteria, if nobody were treated"
    assert found.loc[NOT_COUNTED, "step"] == "courses completed" and math.isnan(found.loc[NOT_COUNTED, "value"])


def test_what_comes_instead_of_cft_has_no_list(results: Results) -> None:
    last = cascade(results, replaced_by="opioids").iloc[-1]
    assert (last["step"], last["counted"]) == ("taken up", NOT_COUNTED) and math.isnan(last["value"])


def test_without_an_offer_there_is_none(results: Results) -> None:
    plan: Any = SimpleNamespace(policy=USUAL, without={})
    assert care_cascade(plan, results).empty
