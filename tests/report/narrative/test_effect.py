from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.effect import (
    EVENTS,
    disagreement,
    effect,
    events_sentence,
    health_sentence,
    link_sentence,
    pain_sentence,
)
from lbpsim.report.narrative.phrasing import INTERVAL
from lbpsim.study.clock import Timeline
from lbpsim.study.policies import CftPolicy, OpioidPolicy, Policy
from tests.report.narrative.made_up import PLAIN, ROLLOUT, case_of, with_draws

OFFERED = Timeline((1.0,), (0.6,))


def luck(value: float, half: float = 1.0) -> Estimate:
    return Estimate(value, value - half, value + half, source="Monte Carlo")


@pytest.fixture(scope="module")
def case() -> Comparison:
    return case_of()


@pytest.mark.parametrize(
    ("difference", "said", "unsaid"),
    [
        ((5000.0, 100.0), "gains 5,000 QALYs (", "loses"),
        ((-5000.0, 100.0), "loses 5,000 QALYs (", " gains "),
        ((150.0, 100.0), "shows no clear difference in QALYs (", " gains "),
        ((0.0, 0.0), "shows no difference seen in QALYs against", "clear"),
    ],
)
def test_a_gain_is_one_only_beyond_luck(difference: tuple[float, float], said: str, unsaid: str) -> None:
    text = next(effect(case_of(PLAIN, {"qalys": difference}))).text
    assert said in text
    assert unsaid not in text
    assert "discounted at 5% a year" in text
    assert ("for each 100,000 people" in text) == (abs(difference[0]) > 1000.0)


def test_with_draws_the_inputs_decide_and_not_luck() -> None:
    plain = case_of(PLAIN, {"qalys": (5000.0, 100.0)})
    unsure = dataclasses.replace(plain, results=with_draws(plain.results, {"qalys": (5000.0, 4000.0)}))
    certain = dataclasses.replace(plain, results=with_draws(plain.results, {"qalys": (5000.0, 1000.0)}))
    assert "no clear difference in QALYs (95% interval of parameter uncertainty:" in next(effect(unsure)).text
    assert "gains 5,000 QALYs (95% interval of parameter uncertainty:" in next(effect(certain)).text
    assert next(effect(certain)).basis == "uncertainty_incremental: qalys"
    assert next(effect(plain)).basis == "incremental, discounted: qalys"


@pytest.mark.parametrize(
    ("cft", "label"),
    [
        (CftPolicy(OFFERED, capacity_limited=False), "Benchmark, not a choice (CFT as if clinics had room"),
        (CftPolicy(OFFERED, replaced_by="surgery"), "Benchmark, not a choice (a comparison head to head, surgery"),
        (CftPolicy(OFFERED), ""),
        (CftPolicy(), ""),
    ],
)
def test_benchmarks_are_labelled_and_choices_are_not(cft: CftPolicy, label: str) -> None:
    text = health_sentence(case_of(Policy("x", "X", cft=cft)), luck(10.0))
    assert text.startswith(label or "In this model")


def test_pain_years(case: Comparison) -> None:
    assert "people spend 10.0 fewer years in pain with high impact" in pain_sentence(case, luck(-10.0))
    assert "people spend 10.0 more years" in pain_sentence(case, luck(10.0))
    assert "there is no clear difference in years in pain" in pain_sentence(case, luck(0.5))


def test_events_that_differ_come_before_those_that_do_not() -> None:
    events = dict(zip(EVENTS, (luck(-20.0), luck(0.5), luck(0.0, 0.0), luck(30.0)), strict=True))
    text = events_sentence(events)
    assert text.startswith("It counts 20.0 fewer deaths from all causes (95%")
    assert "and 30.0 more lumbar fusions (29.0 to 31.0)" in text
    assert "No clear difference in deaths from overdose (\N{MINUS SIGN}0.5 to +1.5); no difference seen in" in text


def test_events_of_unknown_error_have_no_direction() -> None:
    text = events_sentence(dict.fromkeys(EVENTS, Estimate(-20.0)))
    assert text.startswith(
        "Without an interval no direction is stated for deaths from all causes, deaths from overdose"
    )
    assert "fewer" not in text


def test_unclear_events_say_what_their_interval_is_for() -> None:
    text = events_sentence(dict.fromkeys(EVENTS, luck(0.5)))
    assert text.count(INTERVAL["Monte Carlo"]) == 1


def test_events_without_any_difference() -> None:
    text = events_sentence(dict.fromkeys(EVENTS, luck(0.0, 0.0)))
    assert text.startswith("No difference seen in deaths from all causes, deaths from overdose")
    assert "fewer" not in text


@given(st.tuples(*[st.floats(-5.0, 5.0)] * 3))
def test_measures_disagree_only_where_both_are_clear(values: tuple[float, float, float]) -> None:
    qalys, ylds, dalys = values
    text = disagreement(*(luck(value) for value in values))
    better, worse = (qalys > 1.0, ylds < -1.0, dalys < -1.0), (qalys < -1.0, ylds > 1.0, dalys > 1.0)
    assert bool(text) == (any(better) and any(worse))
    if text:
        good, _, bad = text.partition(", by ")
        named = ("QALYs", "YLDs", "DALYs")
        assert [name in good for name in named] == list(better)
        assert [name in bad.partition(" worse")[0] for name in named] == list(worse)


def test_what_no_trial_shows_is_said_of_cft_alone() -> None:
    fewer = {"surgeries": (-500.0, 10.0)}
    assert any("No trial shows" in claim.text for claim in effect(case_of(ROLLOUT, fewer)))
    assert not any("No trial shows" in claim.text for claim in effect(case_of(ROLLOUT, {})))
    assert not any("No trial shows" in claim.text for claim in effect(case_of(PLAIN, fewer)))


def test_the_link_is_told_as_the_study_has_it() -> None:
    both = dataclasses.replace(ROLLOUT, opioids=OpioidPolicy(tapering_offered=OFFERED))
    assert "apart from the policy's own steps" in link_sentence(case_of(both))
    case = case_of(ROLLOUT)
    assert "apart from" not in link_sentence(case)
    off = dataclasses.replace(case.results.study, options={"severity_drives_opioids_and_surgery": "off"})
    unlinked = dataclasses.replace(case, results=dataclasses.replace(case.results, study=off))
    assert "does not drive" in link_sentence(unlinked)
    assert "does not drive" not in link_sentence(case)
