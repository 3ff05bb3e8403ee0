"""The search for the best policy of a small study: limits are kept, prices are differences of whole simulations."""

from __future__ import annotations

import dataclasses
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pytest

from lbpsim.optimisation.hunt import Hunt, NothingAllowedError, optimise
from lbpsim.optimisation.optimum import Optimum
from lbpsim.optimisation.plan import Size
from lbpsim.optimisation.question import Question
from lbpsim.optimisation.sample import Sample, mean_and_error
from lbpsim.optimisation.trials import Allowance, Evaluator
from lbpsim.psa.parameter_sampling import FIRST_DRAW
from lbpsim.simulation.checkpoints import Checkpoint
from lbpsim.simulation.workers import Here
from tests.optimisation.small_search import asked, found, small_plan, small_study

pytestmark = pytest.mark.gate  # each search takes seconds


@pytest.fixture(scope="module")
def best() -> Optimum:
    return found()


def last_sample(question: Question) -> Sample:
    """The draws that had no part in the search."""
    plan = question.plan
    return Sample(question.study, plan.report, Here(), FIRST_DRAW + plan.trial.draws + plan.check.draws)


def test_no_limit_is_broken_in_the_check(best: Optimum) -> None:
    """With a standard error to spare."""
    plan = best.question.plan
    sample = Sample(best.question.study, plan.check, Here(), FIRST_DRAW + plan.trial.draws)
    evaluator = Evaluator(best.question, sample, Checkpoint(None))
    assert Allowance.of(evaluator).with_margin(plan.margin).keeps(evaluator.score(best.values))


def test_trials_check_and_what_is_told_have_no_draw_in_common(best: Optimum) -> None:
    hunt = Hunt(best.question, Here())
    draws = [
        set(range(each.sample.first, each.sample.first + each.sample.size.draws))
        for each in (hunt.trials, hunt.checks, hunt.last)
    ]
    assert sum(len(each) for each in draws) == len(set.union(*draws))


def test_what_is_told_is_what_the_last_sample_says_of_the_file(best: Optimum) -> None:
    evaluator = Evaluator(best.question, last_sample(best.question), Checkpoint(None))
    assert np.array_equal(evaluator.score(best.values).gains, best.score.gains)


def test_own_policies_are_the_comparator_and_those_that_could_be_chosen(best: Optimum) -> None:
    assert [own.name for own in best.own] == ["usual-care", "cft-rollout", "cft-biofeedback", "opioid-stewardship"]
    assert not best.own[0].score.gains.any()


def test_single_levers_are_moved_aside_down_and_up(best: Optimum) -> None:
    for aside in best.sideways:
        others = [place for place in range(len(best.values)) if place != aside.lever]
        assert aside.values[aside.lever] != best.values[aside.lever]
        assert [aside.values[place] for place in others] == [best.values[place] for place in others]


def test_a_limit_that_leaves_no_room_ends_in_words() -> None:
    with pytest.raises(NothingAllowedError, match="qalys in all years"):
        optimise(asked(within=("qalys: 90,000,000 QALYs",)), workers=1)


def test_a_price_is_the_difference_of_whole_simulations_over_what_is_more() -> None:
    """Staff that binds: the price is the difference between two files, each simulated by itself."""
    best = optimise(asked(within=("physiotherapists: 500",), plan=small_plan(binding=1.0)), workers=1)
    (price,) = best.prices
    assert price.more == pytest.approx(0.1 * 500.0)
    space, study, goal = best.question.space, best.question.study, best.question.goal
    usual, before, after = last_sample(best.question).of(
        [study.policies[0], space.policy(best.values), space.policy(price.values)]
    )
    mean, error = mean_and_error(goal.gain(study, after, usual) - goal.gain(study, before, usual))
    assert price.of_one == pytest.approx((float(mean) / 50.0, float(error) / 50.0))


def test_the_search_is_the_same_again(best: Optimum) -> None:
    again = optimise(asked(), workers=2)
    assert again.values == best.values and np.array_equal(again.score.gains, best.score.gains)


def test_interrupted_work_goes_on_from_its_trials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = optimise(asked(), workers=1, folder=tmp_path)

    def none_left(self: Sample, *_: object) -> None:
        raise AssertionError("a trial was simulated again")

    monkeypatch.setattr(Sample, "_simulate", none_left)
    question = asked()
    evaluator = Evaluator(question, last_sample(question), _kept(tmp_path, question.study))
    assert np.array_equal(evaluator.score(first.values).gains, first.score.gains)


def _kept(folder: Path, study: object) -> Checkpoint:
    from lbpsim.simulation.run import checkpoint_of

    return checkpoint_of(folder, study)  # type: ignore[arg-type]


def test_a_limit_broken_by_the_check_is_drawn_in() -> None:
    """The shift of a allowance is what the larger sample uses more, so that the search aims at the larger sample."""
    question = asked()
    pool: Executor = Here()
    small = Evaluator(question, Sample(question.study, Size(draws=2, people=100), pool), Checkpoint(None))
    large = Evaluator(question, Sample(question.study, Size(draws=3, people=200), pool), Checkpoint(None))
    given = question.space.given
    here, there = small.score(given), large.score(given)
    allowance = Allowance.of(small).shifted(here, there, 0)
    for left, other, size in zip(allowance.left(here), Allowance.of(large).left(there), allowance.sizes, strict=True):
        assert left * size == pytest.approx(other * size)


def test_a_lead_is_told_only_beyond_its_error_and_a_better_policy_as_better(best: Optimum) -> None:
    twin = dataclasses.replace(best.own[1], score=best.score, kept=True)
    assert dataclasses.replace(best, own=(twin,)).lead == 0
    for less, lead in ((1e6, 1), (-1e6, -1)):
        other = dataclasses.replace(best.score, gains=best.score.gains - less)
        assert dataclasses.replace(best, own=(dataclasses.replace(twin, score=other),)).lead == lead
    assert dataclasses.replace(best, own=()).lead == 1


def test_what_was_tried_is_known_under_other_limits(best: Optimum) -> None:
    hunt = Hunt(asked(), Here())
    hunt.optimum()
    assert len(hunt.points) == best.trials
    assert small_study().policies[0].name == "usual-care"
