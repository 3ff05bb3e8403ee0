"""The whole search on a world with a known optimum: trials, check, repair, prices, and what is told.

Two programmes with falling returns share what is allowed. Both gains and what is used differ from draw to draw, and
draws of the check use more than those of the trials did, so that a limit has to be drawn in.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from lbpsim.optimisation import hunt
from lbpsim.optimisation.optimum import WITHIN_ERROR, Optimum
from lbpsim.optimisation.plan import Size, shipped
from lbpsim.optimisation.question import Question, question
from lbpsim.optimisation.sample import Sample
from lbpsim.optimisation.trials import SHOWN, SPENT, Allowance, Score, Values
from lbpsim.simulation.workers import Here
from lbpsim.study import Policy
from tests.optimisation.small_search import small_study

pytestmark = pytest.mark.gate  # a search takes seconds
ALLOWED, MORE_IN_LATER_DRAWS, NOISE = 26.0, 1.0, 2.0  # weeks
TOP = np.sqrt(5.0)  # of 2 sqrt(x) + sqrt(y) where x + y is 1


class TwoProgrammes:
    """In place of simulations: shares offered at two dates are what two programmes get; the wait is what they use."""

    def __init__(self, asked: Question, sample: Sample, _: object) -> None:
        self.question, self.sample = asked, sample
        draws = np.arange(sample.first, sample.first + sample.size.draws)
        self.luck = np.array([np.random.default_rng(draw).normal(size=2) for draw in draws])
        self.later = MORE_IN_LATER_DRAWS * (sample.first > 1)

    def score(self, values: Values) -> Score:
        """What the two get and use, in every draw."""
        first, second = values
        gains = 2.0 * np.sqrt(first) + np.sqrt(second) + 0.1 * self.luck[:, :1] + np.zeros((len(self.luck), 2))
        wait = ALLOWED * (first + second) + self.later + NOISE * self.luck[:, 1:] + np.zeros((len(self.luck), 5))
        spent = np.zeros((len(self.luck), 5))
        none = dict.fromkeys((*SHOWN, SPENT), np.zeros((len(self.luck), 2)))
        return Score(gains, (wait, spent), (np.zeros(5), np.zeros(5)), none)

    def score_all(self, every: Sequence[Values], others: Sequence[Policy] = ()) -> list[Score]:
        """The study's own policies gain nothing."""
        nothing = self.score((0.0, 0.0))
        return [nothing for _ in others]


@pytest.fixture(scope="module")
def best() -> Optimum:
    plan = shipped().model_copy(update={"report": Size(draws=400, people=1), "trial": Size(draws=40, people=1)})
    asked = question(small_study(), "net-health-benefit", ["wait: 26 weeks"], vary=["cft.offered"], plan=plan)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hunt, "Evaluator", TwoProgrammes)
        return hunt.Hunt(asked, Here()).optimum()


def room(best: Optimum) -> float:
    """How much the two programmes get together."""
    return float(sum(best.values))


def test_what_is_allowed_is_used_up_and_not_exceeded(best: Optimum) -> None:
    used, error = best.score.used_on_average(0), best.score.error_of_used(0)
    assert (used <= ALLOWED + WITHIN_ERROR * error).all()
    assert room(best) == pytest.approx(1.0 - MORE_IN_LATER_DRAWS / ALLOWED, abs=0.03)


def test_the_limit_was_drawn_in_since_later_draws_use_more(best: Optimum) -> None:
    assert best.repairs > 0


def test_standard_errors_have_to_be_left_or_are_forgiven(best: Optimum) -> None:
    """Of 30 draws with a spread of 2 weeks: 26 weeks leave no room for an error, and break 26 by no more than two."""
    sample = Sample(best.question.study, Size(draws=30, people=1), Here())
    score = TwoProgrammes(best.question, sample, None).score((0.5, 0.5))
    exact = dataclasses.replace(score, used=(score.used[0] - score.used_on_average(0) + ALLOWED, score.used[1]))
    allowance = Allowance(best.question.tracked, (np.zeros(5), np.zeros(5)), (ALLOWED, 1.0))
    assert allowance.with_margin(-2.0).keeps(exact) and not allowance.with_margin(1.0).keeps(exact)
    error = float(exact.error_of_used(0)[0])
    assert allowance.with_margin(1.0).left(exact)[0] == pytest.approx(np.full(5, -error / ALLOWED))


def test_the_last_part_is_worth_as_much_in_either_programme(best: Optimum) -> None:
    first, second = best.values
    assert 2.0 * np.sqrt(first) + np.sqrt(second) == pytest.approx(TOP * np.sqrt(room(best)), rel=0.01)


def test_the_price_is_the_slope_of_what_the_best_is_worth(best: Optimum) -> None:
    """Between 26 weeks and a tenth more, for what the search has at its disposal then and now."""
    (price,) = best.prices
    before, after = room(best), float(sum(price.values))
    assert after == pytest.approx(before + 0.1, abs=0.03)
    assert price.gain == pytest.approx(TOP * (np.sqrt(after) - np.sqrt(before)), abs=0.02)
    assert price.of_one[0] == pytest.approx(price.gain / 2.6)


def test_moving_a_lever_aside_loses_what_the_formula_says(best: Optimum) -> None:
    for aside in best.sideways:
        lost, _ = best.score.over(aside.score)
        worth = [2.0 * np.sqrt(first) + np.sqrt(second) for first, second in (best.values, aside.values)]
        assert lost == pytest.approx(worth[0] - worth[1], abs=1e-9)
        assert aside.kept == (sum(aside.values) <= room(best))


def test_a_better_policy_of_the_study_would_be_told(best: Optimum) -> None:
    assert best.lead == 1
    better = dataclasses.replace(best.score, gains=best.score.gains + 1.0)
    own = dataclasses.replace(best.own[0], score=better, kept=True)
    assert dataclasses.replace(best, own=(own,)).lead == -1
