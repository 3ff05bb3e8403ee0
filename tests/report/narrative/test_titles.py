from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lbpsim.cea.subgroups import Gains
from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.narrative import titles
from lbpsim.report.narrative.comparison import Comparison
from tests.report.narrative.made_up import PLAIN, ROLLOUT, case_of, made, with_draws
from tests.report.synthetic import switched

CLEAR, UNCLEAR = Estimate(-5e6, -6e6, -4e6, source="parameters"), Estimate(1e6, -1e6, 3e6, source="parameters")


def drawn(**differences: tuple[float, float]) -> Comparison:
    return Comparison(with_draws(made((PLAIN, {})), differences), PLAIN)


def test_what_is_averted_is_stated_where_it_is_sure() -> None:
    assert titles.averted(drawn(ylds=(-9000.0, 100.0))).startswith("“A policy” averts 9,000 years lived with")
    assert titles.averted(drawn(ylds=(9000.0, 100.0))).startswith("“A policy” adds 9,000 years lived with disability")
    assert titles.averted(drawn(ylds=(-9000.0, 9000.0))) == "Years lived with disability averted by each policy"


def test_at_central_inputs_the_title_says_so() -> None:
    assert titles.averted(case_of(PLAIN, {"ylds": (-9000.0, 10.0)})).startswith("At central inputs “A policy” averts")


def test_people_reached_are_counted_where_the_policy_treats_and_improves() -> None:
    each = {"cft_first_courses": (5e5, 1e4), "cft_assessed": (4e5, 1e4), "cft_improved": (3e5, 1e4)}
    told = titles.reached(case_of(ROLLOUT, each))
    assert told.startswith("At central inputs “CFT rollout” treats 1.5")
    assert "people with CFT by 2035, and 300,000 improve by CFT itself" in told
    assert titles.reached(case_of(ROLLOUT, {**each, "cft_improved": (1e3, 1e4)})) == "People treated with CFT by 2035"
    assert titles.reached(case_of(PLAIN, each)) == "People treated with CFT by 2035"


@pytest.mark.parametrize(("size", "words"), [(4e7, "AUD 40.0 million more"), (-4e7, "AUD 40.0 million less")])
def test_what_is_spent_is_stated_where_it_is_sure(size: float, words: str) -> None:
    assert f"Health care costs {words} under “A policy” by 2035" in titles.spent(drawn(cost_health_system=(size, 3e6)))
    assert words not in titles.spent(drawn(cost_health_system=(size, 4e7)))


def test_payers_are_named_where_their_change_is_sure() -> None:
    case = drawn()
    each = {"government": CLEAR, "private_insurer": UNCLEAR, "patient": -CLEAR.times(2.0)}
    told = titles.payers(case, each)
    assert told == "“A policy” saves government AUD 5.0 million and costs patients AUD 10.0 million"
    assert titles.payers(case, dict.fromkeys(each, UNCLEAR)).startswith("No payer clearly pays more or less")


def test_best_is_said_with_its_probability_alone() -> None:
    assert "with a probability of at least 99% at AUD 28,033 a QALY" in titles.best(drawn(qalys=(100.0, 1.0)))
    assert "best" not in titles.best(case_of(PLAIN, {"qalys": (100.0, 1.0)}))


@pytest.mark.parametrize(("error", "sure"), [(1.0, True), (2000.0, False)])
def test_readings_agree_only_where_each_is_clear(error: float, sure: bool) -> None:
    results = made((PLAIN, {"qalys": (1000.0, error)}))
    case = Comparison(dataclasses.replace(results, switches=switched(results)), PLAIN)
    assert ("gains QALYs under each of 3 readings" in titles.readings(case)) == sure


def test_a_group_gains_more_only_than_one_from_which_it_is_told_apart() -> None:
    luck = np.random.default_rng(3).standard_normal((20, 2))
    far, near = Gains(("men", "women"), luck + np.array([9.0, 0.0])), Gains(("men", "women"), luck)
    sure, unsure = drawn(qalys=(100.0, 1.0)), drawn(qalys=(100.0, 99.0))
    assert titles.gainers(sure, far, "sexes").startswith("At central inputs men gain more QALYs under “A policy”")
    assert titles.gainers(sure, far, "sexes").endswith("than women")
    assert "more" not in titles.gainers(sure, near, "sexes")
    assert "more" not in titles.gainers(unsure, far, "sexes"), "over draws the policy itself is not clear"


def test_nobody_gains_more_where_everybody_loses() -> None:
    luck = np.random.default_rng(3).standard_normal((20, 2))
    lost = Gains(("men", "women"), luck - np.array([20.0, 40.0]))
    assert "more" not in titles.gainers(case_of(), lost, "sexes")


@pytest.mark.parametrize(
    ("apart", "noise", "sure"),
    [
        (3.0, 0.1, True),
        (3.0, 2.0, False),  # what differs within a draw is luck
        (0.1, 0.1, False),
    ],
)
def test_over_draws_a_group_gains_more_where_it_does_in_the_draws(apart: float, noise: float, *, sure: bool) -> None:
    """Draws move both groups together, by far more than they are apart: what counts is the difference within each."""
    generator = np.random.default_rng(4)
    moved = 20.0 + 5.0 * generator.standard_normal((400, 1, 1)) + 0.1 * generator.standard_normal((400, 1, 2))
    luck = noise * generator.standard_normal((400, 2, 2))
    found = Gains(("men", "women"), moved + luck + np.array([apart, 0.0]))
    told = titles.gainers(drawn(qalys=(100.0, 99.0)), found, "sexes")
    assert told == (
        "Men gain more QALYs under “A policy” for the years they live than women"
        if sure
        else "QALYs gained under “A policy”, by sexe"
    )
