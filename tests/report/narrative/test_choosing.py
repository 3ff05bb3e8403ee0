"""What is said of an optimum: nothing within its error is told as a difference."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lbpsim.optimisation.optimum import Optimum, Price
from lbpsim.optimisation.trials import Score
from lbpsim.report.narrative.choosing import sentences, worth
from tests.optimisation.small_search import asked, found

pytestmark = pytest.mark.gate  # a search takes seconds
DRAWS = 60


def gains(mean: float, spread: float) -> np.ndarray:  # type: ignore[type-arg]
    """Gains of two replications in each of `DRAWS` draws."""
    return mean + spread * np.linspace(-1.0, 1.0, DRAWS)[:, None] * np.ones((1, 2))


@pytest.fixture(scope="module")
def best() -> Optimum:
    return made_up(found())


def made_up(base: Optimum, **changes: object) -> Optimum:
    score = dataclasses.replace(base.score, gains=gains(1000.0, 100.0))
    own = (dataclasses.replace(base.own[0], score=scored(score, gains(900.0, 100.0)), kept=True),)
    return dataclasses.replace(base, score=score, own=own, **changes)  # type: ignore[arg-type]


def scored(score: Score, each: np.ndarray) -> Score:  # type: ignore[type-arg]
    return dataclasses.replace(score, gains=each)


def test_the_gain_is_told_with_the_interval_that_parameters_leave(best: Optimum) -> None:
    assert sentences(best)[0].startswith(
        "The best policy found has a net health benefit of 1,000 QALYs (95% interval 9"
    )


def test_a_clear_lead_is_told(best: Optimum) -> None:
    assert "That is 100 ± " in sentences(best)[1] or "That is 100 QALYs more than CFT rollout" in sentences(best)[1]
    assert "it leads" in sentences(best)[1]


def test_a_lead_within_its_error_is_none(best: Optimum) -> None:
    twin = dataclasses.replace(best.own[0], score=scored(best.score, gains(1000.0, -900.0)))
    assert sentences(dataclasses.replace(best, own=(twin,)))[1].startswith("It cannot be told from CFT rollout")


def test_a_lead_that_some_parameters_turn_is_told_so(best: Optimum) -> None:
    other = dataclasses.replace(best.own[0], score=scored(best.score, gains(700.0, 600.0)))
    assert (
        "for some values of the parameters the other is better" in sentences(dataclasses.replace(best, own=(other,)))[1]
    )


def test_that_no_policy_keeps_the_limits_is_told(best: Optimum) -> None:
    broken = dataclasses.replace(best.own[0], kept=False)
    assert sentences(dataclasses.replace(best, own=(broken,)))[1].startswith("No policy of the study")


def price(best: Optimum, gain: float, error: float, *, kept: bool = True) -> Price:
    return Price(best.question.limits[0], 1e7, best.values, gain, error, kept)


def test_a_price_is_of_one_more(best: Optimum) -> None:
    assert worth(best, price(best, 50.0, 5.0)) == (
        "AUD 1,000,000 more a year (budget.government) is worth 5.00 ± 0.98 QALYs over the study's years."
    )


def test_a_price_within_its_error_is_nothing(best: Optimum) -> None:
    assert "nothing beyond the error" in worth(best, price(best, 5.0, 5.0))


def test_a_price_that_takes_more_of_other_limits_says_so(best: Optimum) -> None:
    assert worth(best, price(best, 50.0, 5.0, kept=False)).endswith("if the other limits give way a little too.")


def test_what_holds_back_is_told(best: Optimum) -> None:
    left = (np.zeros(5), np.ones(5))
    assert "It is held back by budget.government." in sentences(dataclasses.replace(best, left=left))
    roomy = tuple(np.ones(5) for _ in best.left)
    assert any(each.startswith("No limit holds it back") for each in sentences(dataclasses.replace(best, left=roomy)))
    free = dataclasses.replace(best, question=asked(within=()), left=(np.empty(0),))
    assert any(each.startswith("No limit was set") for each in sentences(free))


def test_a_sharp_top_is_told_as_sharp_and_a_flat_one_as_flat(best: Optimum) -> None:
    assert sentences(dataclasses.replace(best, alike=(best.values,)))[-1].startswith("The top is sharp")
    ends = tuple(tuple(lever.at(share) for lever in best.question.space.levers) for share in (0.0, 1.0))
    assert sentences(dataclasses.replace(best, alike=ends))[-1].startswith("The top is flat")
