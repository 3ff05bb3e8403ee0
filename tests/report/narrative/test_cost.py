from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.cost import cost, net_sentence, together, value_sentences, worth_sentence
from tests.report.narrative.made_up import PLAIN, case_of, with_draws

FIGURES = st.floats(-9.0, 9.0)


def luck(value: float) -> Estimate:
    return Estimate(value, value - 1.0, value + 1.0, source="Monte Carlo")


@pytest.fixture(scope="module")
def case() -> Comparison:
    return case_of()


@given(FIGURES, FIGURES)
def test_costs_are_more_or_less_only_where_clear(case: Comparison, care: float, society: float) -> None:
    first, second = net_sentence(case, {"health_system": luck(care), "societal": luck(society)}).split(". With lost")
    for text, value in ((first, care), (second, society)):
        assert (" more (" in text) == (value > 1.0)
        assert (" less (" in text) == (value < -1.0)
        assert ("no clear difference in cost" in text) == (abs(value) <= 1.0)
        assert "save" not in text
    assert ("for each person" in first) == (abs(care) > 1.0)
    assert "discounted at 5% a year and in prices of 2024" in first


@given(FIGURES, FIGURES)
def test_dominance_needs_both_to_be_clear(qalys: float, money: float) -> None:
    text = together(luck(qalys), luck(money), "usual care")
    assert bool(text) == (abs(qalys) > 1.0 and abs(money) > 1.0)
    assert ("so it dominates usual care" in text) == (qalys > 1.0 and money < -1.0)
    assert ("is dominated by usual care" in text) == (qalys < -1.0 and money > 1.0)
    assert ("each QALY gained costs" in text) == (qalys > 1.0 and money > 1.0)
    assert ("for each QALY lost" in text) == (qalys < -1.0 and money < -1.0)


def test_points_of_view_that_agree_share_a_sentence(case: Comparison) -> None:
    told = value_sentences(case, luck(5.0), {"health_system": luck(-5.0), "societal": luck(-9.0)})
    assert len(told) == 1
    assert "health care, or of health care and lost work, in this model" in told[0]
    assert value_sentences(case, luck(0.0), {"health_system": luck(-5.0)}) == []
    apart = value_sentences(case, luck(5.0), {"health_system": luck(5.0), "societal": luck(-9.0)})
    assert ["dominates" in each for each in apart] == [False, True]


@pytest.mark.parametrize(
    ("qalys", "words"),
    [
        ((1000.0, 10.0), "clearly above usual care at AUD 28,033 and AUD 50,000 a QALY"),
        ((-1000.0, 10.0), "clearly below usual care at AUD 28,033 and AUD 50,000 a QALY"),
        ((10.0, 10.0), "not clearly different from usual care at AUD 28,033 and AUD 50,000 a QALY"),
    ],
)
def test_net_benefit_at_the_studys_thresholds(qalys: tuple[float, float], words: str) -> None:
    assert words in worth_sentence(case_of(PLAIN, {"qalys": qalys}))


def test_thresholds_may_part() -> None:
    dear = {"qalys": (1000.0, 1.0), "cost_surgery": (4e7, 1e3)}
    text = worth_sentence(case_of(PLAIN, dear))
    assert "clearly below usual care at AUD 28,033 a QALY and clearly above usual care at AUD 50,000 a QALY" in text


def test_with_draws_net_benefit_is_judged_over_the_inputs() -> None:
    plain = case_of(PLAIN, {"qalys": (1000.0, 10.0)})
    unsure = dataclasses.replace(plain, results=with_draws(plain.results, {"qalys": (1000.0, 900.0)}))
    certain = dataclasses.replace(plain, results=with_draws(plain.results, {"qalys": (1000.0, 100.0)}))
    assert "not clearly different" in worth_sentence(unsure)
    assert "clearly above" in worth_sentence(certain)


def test_claims_come_from_the_results() -> None:
    claims = list(cost(case_of(PLAIN, {"qalys": (1000.0, 10.0), "cost_surgery": (-5e7, 1e5)})))
    assert "costs AUD 50.00 million less (95%" in claims[0].text
    assert "AUD 18.0 for each person" in claims[0].text
    assert "dominates usual care" in claims[1].text
    assert [claim.basis.split(",")[0] for claim in claims[2:]] == ["budget: 2026-2030", "budget: 2026-2035"]
