from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.narrative.timing import STARTS, by_when, growth_sentence, health_sentence, started
from lbpsim.study.clock import Timeline
from lbpsim.study.policies import CftPolicy, OpioidPolicy, Policy, SurgeryPolicy
from tests.report.narrative.made_up import PLAIN, ROLLOUT, case_of, with_draws

YEARS = (2026, 2027, 2028, 2029)
FROM = Timeline((1.0,), (0.1,))


def _series(*values: float) -> list[Estimate]:
    return [Estimate(value, value - 1.0, value + 1.0, source="Monte Carlo") for value in values]


def test_the_first_clear_year_and_the_largest() -> None:
    text = health_sentence(YEARS, _series(0.0, 0.9, 5.0, 9.0))
    assert "first clear in 2028: a gain of 5.0 QALYs (95%" in text
    assert "largest in 2029, the last year of the study: a gain of 9.0 QALYs" in text


def test_a_peak_inside_the_study_is_not_called_the_last_year() -> None:
    text = health_sentence(YEARS, _series(0.0, 2.0, 9.0, 3.0))
    assert "largest in 2028: " in text
    assert "last year" not in text


def test_a_difference_that_turns_round_says_so() -> None:
    text = health_sentence(YEARS, _series(-3.0, 0.0, 4.0, 9.0))
    assert "first clear in 2026: a loss of 3.0" in text
    assert "turns round in 2028: a gain of 4.0" in text


def test_an_early_difference_that_is_lost_says_so() -> None:
    text = health_sentence(YEARS, _series(0.0, 2.0, 0.5, 0.5))
    assert "In 2029, at the end of the study, it is not clear." in text
    assert "at the end" not in health_sentence(YEARS, _series(0.0, 2.0, 0.5, 2.5))


def test_no_year_is_named_where_none_is_clear() -> None:
    assert health_sentence(YEARS, _series(0.5, -0.5, 0.9, 0.0)) == "In no single year is the difference in QALYs clear."


@given(st.lists(st.floats(-9.0, 9.0), min_size=4, max_size=4))
def test_only_clear_years_are_named(values: list[float]) -> None:
    text = health_sentence(YEARS, _series(*values)).partition(" In 2029, at the end of the study, it is not")[0]
    for year, value in zip(YEARS, values, strict=True):
        assert str(year) not in text or abs(value) > 1.0
    assert ("a gain" in text) <= any(value > 1.0 for value in values)
    assert ("a loss" in text) <= any(value < -1.0 for value in values)


def test_how_fast_starts_grow() -> None:
    text = growth_sentence(YEARS, _series(0.0, 20.0, 60.0, 90.0), STARTS["cft_courses"], "usual care")
    assert "2027 brings 20.0 more CFT courses (" in text
    assert "2029, the year that differs most, brings 90.0 more CFT courses (" in text
    assert growth_sentence(YEARS, _series(0.0, 0.5, 0.0, 0.0), STARTS["cft_courses"], "usual care") == ""


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        (ROLLOUT, "cft_courses"),
        (Policy("x", "", cft=CftPolicy(FROM, replaced_by="surgery")), "surgeries"),
        (Policy("x", "", cft=CftPolicy(FROM, replaced_by="opioids")), "opioid_starts"),
        (Policy("x", "", opioids=OpioidPolicy(growth=FROM)), "opioid_starts"),
        (Policy("x", "", surgery=SurgeryPolicy(referral_change=FROM)), "surgeries"),
        (PLAIN, ""),
    ],
)
def test_the_pace_is_of_what_the_policy_changes(policy: Policy, outcome: str) -> None:
    assert started(case_of(policy)) == outcome


def test_claims_come_from_the_results() -> None:
    late = np.array([0.0] * 9 + [1.0])
    claims = list(by_when(case_of(ROLLOUT, {"qalys": (900.0, 9.0), "cft_courses": (500.0, 1.0)}, by_year=late)))
    assert "first clear in 2035: a gain of 900 QALYs" in claims[0].text
    assert "2035 brings 500.0 more CFT courses" in claims[1].text


def test_with_draws_a_year_is_clear_over_the_inputs() -> None:
    case = case_of(PLAIN, {"qalys": (900.0, 9.0)})
    unsure = dataclasses.replace(case, results=with_draws(case.results, {"qalys": (900.0, 800.0)}))
    assert "first clear in 2026" in next(by_when(case)).text
    assert "In no single year" in next(by_when(unsure)).text
