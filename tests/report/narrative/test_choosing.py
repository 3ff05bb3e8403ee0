"""What is said of an optimum: nothing within its error is told as a difference."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lbpsim.optimisation.goals import GOALS
from lbpsim.optimisation.optimum import Optimum, Price, Sideways
from lbpsim.optimisation.trials import Score
from lbpsim.report.narrative.choosing import more, sentences, worth
from tests.optimisation.small_search import asked, found

pytestmark = pytest.mark.gate  # a search takes seconds
DRAWS, TITLE = 60, "CFT rollout"


def gains(mean: float, spread: float) -> np.ndarray:  # type: ignore[type-arg]
    """Gains of two replications in each of `DRAWS` draws."""
    return mean + spread * np.linspace(-1.0, 1.0, DRAWS)[:, None] * np.ones((1, 2))


@pytest.fixture(scope="module")
def best() -> Optimum:
    """The small search with figures of 60 draws put in place of its own."""
    base = found()
    score = dataclasses.replace(base.score, gains=gains(1000.0, 100.0))
    own = (dataclasses.replace(base.own[1], score=scored(score, gains(900.0, 100.0)), kept=True),)
    return dataclasses.replace(base, score=score, own=own, prices=(), sideways=(), binding=())


def scored(score: Score, each: np.ndarray) -> Score:  # type: ignore[type-arg]
    return dataclasses.replace(score, gains=each)


def beside(best: Optimum, each: np.ndarray) -> str:  # type: ignore[type-arg]
    """What is said beside a policy of the study with these gains."""
    other = dataclasses.replace(best.own[0], score=scored(best.score, each))
    return next(
        each for each in sentences(dataclasses.replace(best, own=(other,))) if TITLE in each and "Against" not in each
    )


def test_the_gain_is_told_with_the_interval_that_parameters_leave(best: Optimum) -> None:
    told = "The best policy found: net health benefit of 1,000 QALYs (95% interval 9"
    assert sentences(best)[0].startswith(told)


def test_a_clear_lead_is_told(best: Optimum) -> None:
    told = beside(best, gains(900.0, 100.0))
    assert told.startswith("It has 100 QALYs more than CFT rollout") and "in nearly all draws" in told


def test_a_lead_within_its_error_is_none(best: Optimum) -> None:
    assert beside(best, gains(1000.0, -900.0)).startswith("It cannot be told from CFT rollout")


def test_a_better_policy_of_the_study_is_told_as_better(best: Optimum) -> None:
    assert beside(best, gains(90_000.0, 100.0)).startswith("CFT rollout is better")


def test_a_lead_that_some_parameters_turn_is_told_so(best: Optimum) -> None:
    assert "for some values of the parameters the other is better" in beside(best, gains(700.0, 600.0))


def test_that_no_policy_keeps_the_limits_is_told(best: Optimum) -> None:
    broken = dataclasses.replace(best.own[0], kept=False)
    told = sentences(dataclasses.replace(best, own=(broken,)))
    assert any(each.startswith("No policy of the study") for each in told)


def test_the_gain_is_taken_apart_into_health_and_money(best: Optimum) -> None:
    told = " ".join(sentences(best))
    assert "are QALYs gained by people with back pain" in told and "AUD 28,033 a QALY" in told
    assert "the costs of health care and lost work" in told


def test_a_lower_cost_is_told_as_less(best: Optimum) -> None:
    assert more(GOALS["cost"], 30e6, 1e6) == "AUD 30.0 ± 2.0 m less"
    assert more(GOALS["cost"], -30e6, 1e6) == "AUD 30.0 ± 2.0 m more"
    assert more(GOALS["dalys-averted"], 500.0, 10.0) == "500 ± 20 DALYs more"


def price(best: Optimum, gain: float, error: float) -> Price:
    return Price(best.question.limits[0], 1e7, best.values, gain, error)


def test_a_price_is_of_one_more(best: Optimum) -> None:
    assert worth(best, price(best, 50.0, 5.0)) == (
        "AUD 1,000,000 more a year (budget.government) brings 5.00 ± 0.98 QALYs more over the study's years, going by "
        "AUD 10,000,000 more."
    )


def test_a_price_within_its_error_is_nothing(best: Optimum) -> None:
    assert "changes nothing beyond the error" in worth(best, price(best, 5.0, 5.0))


def test_a_price_below_zero_is_not_told_as_worth(best: Optimum) -> None:
    assert "was not made use of" in worth(best, price(best, -50.0, 5.0))


def test_limits_of_which_nothing_is_left_are_named_and_no_claim_is_made_of_others(best: Optimum) -> None:
    tight = dataclasses.replace(best, binding=best.question.limits[:1])
    assert "Next to nothing is left of budget.government." in sentences(tight)
    assert any("was not found" in each for each in sentences(tight))
    assert any(each.startswith("Something is left of every limit") for each in sentences(best))
    free = dataclasses.replace(best, question=asked(within=()), left=(np.empty(0),))
    assert any(each.startswith("No limit was set") for each in sentences(free))


def test_which_levers_matter_is_told_beyond_the_error_alone(best: Optimum) -> None:
    same = Sideways(0, best.values, best.score, True)
    assert "loses nothing beyond the error" in sentences(dataclasses.replace(best, sideways=(same,)))[-1]
    worse = Sideways(1, best.values, scored(best.score, gains(400.0, 100.0)), True)
    told = sentences(dataclasses.replace(best, sideways=(same, worse)))[-1]
    assert f"loses most at {best.question.space.levers[1].label} (600)" in told
