"""How many people and draws: against closed forms, and by making the draws."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from lbpsim.cea.net_benefit import View, benefit
from lbpsim.outcomes.draws import DECISIVE
from lbpsim.psa import sample_size
from lbpsim.psa.sample_size import Pair, hardest, looks, pairs, probabilities, wilson

THRESHOLD = 50_000.0
PEOPLE, DRAWS = 400, 4096


def pair(mean: float, parameter: float, person: float) -> Pair:
    return Pair("societal", THRESHOLD, "new", "old", mean, parameter, person)


def gaussian(means: list[float], sd: float, person_sd: float, seed: int = 1) -> Any:
    """Draws whose QALYs follow a normal law of known variance, with known noise in each of two replications."""
    quantile = stats.norm.ppf(stats.qmc.Sobol(3 * len(means), seed=seed).random(DRAWS))
    replicates = np.zeros((DRAWS, len(means), 2, 4))
    for scenario, mean in enumerate(means):
        of_parameters, *luck = quantile[:, 3 * scenario : 3 * scenario + 3].T
        for replication in range(2):
            noise = person_sd / math.sqrt(PEOPLE / 2) * luck[replication]
            replicates[:, scenario, replication, 0] = mean + (sd * of_parameters if scenario else 0.0) + noise
    names = tuple(f"policy-{number}" for number in range(len(means)))
    plan = SimpleNamespace(people=PEOPLE)
    return SimpleNamespace(replicates=replicates, scenarios=names, numbers=tuple(range(1, DRAWS + 1)), plan=plan)


def test_net_benefit_is_worth_less_cost() -> None:
    decisive = np.array([2.0, 0.0, 30_000.0, 70_000.0])  # QALYs, DALYs, health care, societal cost
    assert benefit(decisive, View("health_system", 50_000.0), DECISIVE) == 70_000.0
    assert benefit(decisive, View("societal", 50_000.0), DECISIVE) == 30_000.0


def test_analysis_of_variance_finds_both_variances() -> None:
    found = next(iter(pairs(gaussian([0.0, 1.0], sd=2.0, person_sd=30.0), [THRESHOLD])))
    assert found.mean == pytest.approx(THRESHOLD, rel=0.1)
    assert found.parameter_variance == pytest.approx((2.0 * THRESHOLD) ** 2, rel=0.1)
    assert found.person_variance == pytest.approx(2 * (30.0 * THRESHOLD) ** 2, rel=0.1)  # a difference of two


def test_noise_moves_a_probability_towards_one_half() -> None:
    sure = pair(2.0, 1.0, 300.0)
    assert sure.probability() == pytest.approx(stats.norm.cdf(2.0))
    assert sure.probability(100) == pytest.approx(stats.norm.cdf(2.0 / math.sqrt(1.0 + 3.0)))
    assert sure.moved(100) > sure.moved(1000) > sure.moved(10_000) > 0.0


@pytest.mark.parametrize("asked", [0.01, 0.02, 0.05])
@pytest.mark.parametrize("one", [pair(2.0, 1.0, 2000.0), pair(-0.5, 4.0, 30_000.0), pair(1.0, 0.0, 5000.0)])
def test_the_people_needed_are_the_fewest_that_do(one: Pair, asked: float) -> None:
    people = one.people_needed(asked, 10**7)
    assert people % sample_size.ROUND_PEOPLE == 0
    assert one.moved(people) <= asked
    assert people == sample_size.ROUND_PEOPLE or one.moved(people - sample_size.ROUND_PEOPLE) > asked


def test_policies_that_never_differ_need_nobody() -> None:
    same = gaussian([0.0, 0.0], sd=0.0, person_sd=0.0)
    people, _ = hardest(same, [THRESHOLD], 0.02, 10**6)
    assert people == sample_size.FEWEST_PEOPLE
    assert pair(0.0, 0.0, 0.0).moved(100) == 0.0


def test_no_draw_has_more_people_than_there_are() -> None:
    assert hardest(gaussian([0.0, 0.1], sd=0.1, person_sd=500.0), [THRESHOLD], 0.02, 700)[0] == 700


def test_rivals_are_the_comparator_and_the_best() -> None:
    found = list(pairs(gaussian([0.0, 1.0, 9.0, 2.0], sd=0.1, person_sd=1.0), [THRESHOLD]))
    against = {(one.policy, one.against) for one in found}
    names = [f"policy-{number}" for number in range(4)]
    assert against == {
        *((name, names[0]) for name in names[1:]), (names[2], names[1]), (names[3], names[2]),
    }  # fmt: skip


def test_the_interval_of_a_share_is_wilsons() -> None:
    for share, draws in ((0.0, 50), (0.3, 200), (1.0, 1000)):
        known = stats.binomtest(round(share * draws), draws).proportion_ci(method="wilson")
        assert float(wilson(np.array(share), draws)) == pytest.approx((known.high - known.low) / 2)


def test_running_probabilities_count_wins() -> None:
    """TECH-VER, uncertainty: probabilities of being the best sum to 1; ties are broken by order."""
    draws = gaussian([0.0, 0.5, 0.5], sd=1.0, person_sd=0.0)
    draws.replicates[:, 2] = draws.replicates[:, 1]
    found = probabilities(draws, [THRESHOLD, 0.0])
    assert np.allclose(found.best.sum(axis=1), 1.0)
    assert found.best[-1, 2].max() == 0.0, "the first of two equals is chosen"
    assert found.better[-1, 1, 0] == found.better[-1, 2, 0] == pytest.approx(stats.norm.cdf(0.5), abs=0.02)
    assert found.better[-1, :, 1].max() == 0.0, "nothing is worth more than the comparator at no price"
    wins = (draws.replicates[:500].mean(axis=2)[:, 1, 0] > draws.replicates[:500].mean(axis=2)[:, 0, 0]).mean()
    assert found.better[found.draws.index(500), 1, 0] == pytest.approx(wins)


def test_looks_come_at_regular_numbers_of_draws() -> None:
    assert looks(1000) == tuple(range(100, 1001, 100))
    assert looks(1050)[-2:] == (1000, 1050)
    assert looks(40) == tuple(range(2, 41, 2))
    assert looks(1) == (1,)


def test_what_still_moves_has_not_settled() -> None:
    draws = gaussian([0.0, 0.3], sd=1.0, person_sd=0.0)
    assert probabilities(draws, [THRESHOLD]).settled(0.03)
    draws.replicates[2700:, 1, :, 0] = 1.0  # the last third says something else
    late = probabilities(draws, [THRESHOLD])
    assert late.last_move() > 0.1 and not late.settled(0.03)
    assert late.worst_error() < 0.03
