"""The search finds optima that are known, and never returns what breaks a limit where something keeps them."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.optimisation.search import Evaluate, Point, Search, Trial

POPULATION, GENERATIONS, NEARBY, STEP, LAST = 4, 7, 80, 0.15, 0.005


def best_of(evaluate: Evaluate, dimensions: int) -> tuple[Point, Trial]:
    search = Search(evaluate, dimensions)
    search.everywhere([np.zeros(dimensions)], POPULATION, GENERATIONS)
    search.nearby(search.best[0], STEP, LAST, NEARBY)
    return search.best


def linear_budget(point: Point) -> Trial:
    """Three programmes at 2, 1 and 3 for a whole one, worth 3, 2 and 1; 1.5 to spend."""
    return Trial(float(point @ [3.0, 2.0, 1.0]), np.array([1.5 - point @ [2.0, 1.0, 3.0]]))


def equal_margins(point: Point) -> Trial:
    """Two programmes with falling returns: at the optimum the last money is worth as much in either."""
    return Trial(float(2.0 * np.sqrt(point[0]) + np.sqrt(point[1])), np.array([1.0 - point.sum()]))


def one_queue(point: Point) -> Trial:
    """One server of rate 10 at most, arrivals 4: a wait 1 / (rate - 4) of at most one half takes a rate of 6."""
    rate = 10.0 * point[0]
    wait = 1.0 / (rate - 4.0) if rate > 4.0 else 1e3
    return Trial(-rate, np.array([(0.5 - wait) / 0.5]))


def test_a_linear_budget_goes_to_what_is_worth_most_for_its_cost() -> None:
    point, trial = best_of(linear_budget, 3)
    assert trial.goal == pytest.approx(2.75, rel=0.005)
    assert point == pytest.approx([0.25, 1.0, 0.0], abs=0.02)


def test_two_programmes_get_money_until_the_last_is_worth_as_much_in_either() -> None:
    point, trial = best_of(equal_margins, 2)
    assert trial.goal == pytest.approx(np.sqrt(5.0), rel=0.002)
    first, second = 1.0 / np.sqrt(point[0]), 0.5 / np.sqrt(point[1])
    assert first == pytest.approx(second, rel=0.1)


def test_a_queue_gets_the_capacity_of_its_closed_form() -> None:
    point, trial = best_of(one_queue, 1)
    assert 10.0 * point[0] == pytest.approx(6.0, abs=0.02)
    assert trial.allowed


@pytest.mark.parametrize("evaluate", [linear_budget, equal_margins])
def test_no_limit_is_broken(evaluate: Evaluate) -> None:
    assert best_of(evaluate, 3 if evaluate is linear_budget else 2)[1].allowed


def test_a_choice_among_words_is_found() -> None:
    """The second number is a choice: above one half it adds more than the first can."""
    point, _ = best_of(lambda x: Trial(float(x[0] + 2.0 * (x[1] > 0.5)), np.array([0.8 - x[0]])), 2)
    assert point[1] > 0.5 and point[0] == pytest.approx(0.8, abs=0.01)


def test_without_limits_the_top_itself_is_found() -> None:
    point, _ = best_of(lambda x: Trial(-float(((x - [0.3, 0.7]) ** 2).sum()), np.empty(0)), 2)
    assert point == pytest.approx([0.3, 0.7], abs=0.02)


def test_what_breaks_limits_least_is_best_where_nothing_keeps_them() -> None:
    point, trial = best_of(lambda x: Trial(float(x[0]), np.array([-1.0 - x[0]])), 1)
    assert not trial.allowed and point[0] == pytest.approx(0.0, abs=0.02)


def test_a_point_is_tried_once() -> None:
    tried = []

    def evaluate(point: Point) -> Trial:
        tried.append(tuple(point))
        return linear_budget(point)

    best_of(evaluate, 3)
    assert len(tried) == len(set(tried))


def test_the_same_seed_tries_the_same_points() -> None:
    first, second = (Search(linear_budget, 3, seed=7) for _ in range(2))
    for search in (first, second):
        search.everywhere([np.zeros(3)], 3, 2)
    assert [point.tolist() for point, _ in first.tried] == [point.tolist() for point, _ in second.tried]


def test_limits_come_before_the_goal() -> None:
    kept, broken, worse = Trial(1.0, np.array([0.0])), Trial(9.0, np.array([-0.1])), Trial(99.0, np.array([-0.2]))
    assert kept.order > broken.order > worse.order
