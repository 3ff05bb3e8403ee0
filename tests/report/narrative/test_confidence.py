from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.draws import FEWEST_DRAWS
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.confidence import (
    Probability,
    better_sentence,
    how_certain,
    likeliest_sentence,
    monte_carlo_sentence,
    probability,
)
from lbpsim.study.clock import Timeline
from lbpsim.study.policies import CftPolicy, Policy
from lbpsim.voi.decision_analysis import decide
from tests.report.narrative.made_up import PLAIN, ROLLOUT, case_of, made, with_decision, with_draws

GAIN = {"qalys": (1000.0, 100.0)}
BENCHMARK = Policy("no-limits", "No limits", cft=CftPolicy(Timeline((1.0,), (0.5,)), capacity_limited=False))


def _drawn(deviation: float, **asked: float) -> Comparison:
    case = case_of(PLAIN, GAIN)
    results = with_draws(case.results, {"qalys": (1000.0, deviation)}, **asked)  # type: ignore[arg-type]
    return dataclasses.replace(case, results=results)


def _told(case: Comparison) -> str:
    return " ".join(claim.text for claim in how_certain(case))


def test_without_draws_it_says_what_was_not_looked_at_and_how_to() -> None:
    text = _told(case_of(PLAIN, GAIN))
    assert "Parameter uncertainty was not run" in text
    assert "no interval holds the uncertainty of the inputs" in text
    assert "`lbpsim run scenarios/` runs it, unless `--draws 0` is added" in text
    assert "probability" not in text


def test_with_draws_it_does_not_say_that_nothing_was_looked_at() -> None:
    text = _told(_drawn(1000.0))
    assert "not run" not in text
    assert (
        "Over 400 draws of the uncertain inputs, the probability that “A policy” is worth more than usual care" in text
    )
    assert "at AUD 28,033 a QALY" in text
    assert "at AUD 50,000 a QALY" in text


def test_the_studys_own_point_of_view_comes_first() -> None:
    text = _told(_drawn(1000.0))
    assert text.index("counting health care and lost work, ") < text.index("counting health care, ")


def test_a_gain_in_every_draw_is_not_certain() -> None:
    assert "at least 99% at AUD 28,033" in _told(_drawn(10.0))
    assert "100%" not in _told(_drawn(10.0))
    assert "at least" not in _told(_drawn(2000.0))


def test_few_draws_say_nothing_but_that() -> None:
    text = _told(_drawn(1000.0, number=FEWEST_DRAWS - 1))
    assert "too few" in text
    assert "probability" not in text
    assert "too few" not in _told(_drawn(1000.0, number=FEWEST_DRAWS))


def test_luck_in_the_draws_is_told_apart() -> None:
    assert "Monte Carlo error makes up at most 0%" in _told(_drawn(1000.0))
    assert "makes up at most 0%" not in _told(_drawn(1000.0, noise=0.5))


def test_being_best_is_said_of_choices_where_it_was_worked_out() -> None:
    results = made((PLAIN, GAIN), (BENCHMARK, GAIN))
    drawn, decision = with_decision(with_draws(results, {"qalys": (1000.0, 500.0)}, {"qalys": (9000.0, 500.0)}))
    assert "best of 2 choices is" in _told(Comparison(drawn, decision, PLAIN))
    assert "best of" not in _told(Comparison(drawn, None, PLAIN))
    assert "best of" not in _told(Comparison(drawn, decision, BENCHMARK))


def test_the_choice_most_likely_best_is_named_at_each_threshold() -> None:
    results = made((PLAIN, GAIN), (ROLLOUT, GAIN))
    drawn, decision = with_decision(with_draws(results, {"qalys": (1000.0, 100.0)}, {"qalys": (9000.0, 100.0)}))
    text = likeliest_sentence(drawn, decision)
    assert "is “CFT rollout” (probability at least 99% at AUD 28,033 a QALY and at least 99% at" in text
    assert "A policy" not in text
    assert likeliest_sentence(drawn, None) == likeliest_sentence(drawn, decide(results)) == ""


def test_choices_that_so_many_draws_cannot_tell_apart_are_named_together() -> None:
    assert not Probability(0.52, 100).clearly_above(Probability(0.48, 100))
    assert not Probability(0.5, 100).clearly_above(Probability(0.5, 100))
    assert Probability(0.7, 100).clearly_above(Probability(0.3, 100))
    results = made((PLAIN, GAIN), (ROLLOUT, GAIN))
    drawn, decision = with_decision(with_draws(results, {"qalys": (1000.0, 500.0)}, {"qalys": (1000.0, 510.0)}))
    text = likeliest_sentence(drawn, decision)
    assert "“A policy” (probability" in text
    assert "“CFT rollout” (probability" in text


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        ((1000.0, 10.0), "by 2% either way"),
        ((10.0, 10.0), "no larger than Monte Carlo error"),
        ((0.0, 0.0), "no larger than Monte Carlo error"),
    ],
)
def test_how_far_luck_moves_the_difference(difference: tuple[float, float], words: str) -> None:
    assert words in monte_carlo_sentence(case_of(PLAIN, {"qalys": difference}))


def test_one_replication_knows_nothing_of_luck() -> None:
    assert "not known" in monte_carlo_sentence(case_of(PLAIN, {"qalys": (10.0, 0.0)}, replications=1))


@given(st.integers(1, 2000), st.data())
def test_probabilities_are_never_certain(draws: int, data: st.DataObject) -> None:
    share = data.draw(st.integers(0, draws)) / draws
    text = probability(share, draws)
    assert "100%" not in text.split(" (")[0]
    assert ("at least" in text) == (share == 1.0)
    assert ("at most" in text) == (share == 0.0)


def test_the_probability_is_said_with_and_without_structure() -> None:
    plain = _drawn(100.0)
    draws = plain.draws
    assert draws is not None
    assert "Choices of structure are not in it" in better_sentence(plain, draws)
    picked = pd.DataFrame({"utility_slope": ["with_pain"] * len(draws.numbers)}, index=list(draws.numbers))
    turned = draws.replicates.copy()
    turned[:, 1] = 2.0 * draws.replicates[:, 0] - draws.replicates[:, 1]  # what was gained is lost
    text = better_sentence(plain, dataclasses.replace(draws, structures=picked, structured=turned))
    assert "not in it" not in text
    before, after = text.split("With choices of structure drawn too it is: ")
    assert "at least 99%" in before and "at most 1%" in after
