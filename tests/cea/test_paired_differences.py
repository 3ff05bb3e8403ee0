"""Figures of a policy against the comparator: words where a ratio is no number, errors that are paired."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lbpsim.cea.net_benefit import View, benefit
from lbpsim.cea.paired_differences import (
    DOMINANT,
    DOMINATED,
    ORDER,
    Estimate,
    SummaryMeasure,
    estimate,
    mean_with_error,
    reach,
    status,
    summary_measures,
)
from lbpsim.outcomes.measures import OUTCOMES


def increment(qalys: list[float], cost: list[float]) -> np.ndarray:
    """Increments of so many replications, other outcomes 0."""
    each = np.zeros((len(qalys), len(OUTCOMES)))
    each[:, ORDER["qalys"]], each[:, ORDER["cost_health_system"]] = qalys, cost
    return each


@pytest.mark.parametrize(
    ("cost", "qalys", "words"),
    [
        (5.0, 1.0, ""),
        (-5.0, 1.0, DOMINANT),
        (-5.0, 0.0, DOMINANT),
        (5.0, -1.0, DOMINATED),
        (5.0, 0.0, DOMINATED),
        (-5.0, -1.0, "costs less, loses health"),
        (0.0, 0.0, "no difference"),
    ],
)
def test_every_quarter_of_the_plane_has_its_word(cost: float, qalys: float, words: str) -> None:
    """Two negative numbers have a positive ratio that means the opposite: it is never shown."""
    assert status(cost, qalys) == words
    found = estimate(increment([qalys] * 3, [cost] * 3), SummaryMeasure("icer", "health_system"))
    assert found.status == words
    assert math.isnan(found.value) == bool(words)


def test_a_ratio_is_that_of_the_means_and_its_error_linearised() -> None:
    qalys, cost = [1.0, 2.0, 3.0], [10.0, 30.0, 50.0]
    found = estimate(increment(qalys, cost), SummaryMeasure("icer", "health_system"))
    assert found.value == pytest.approx(15.0)
    apart = (np.array(cost) - 15.0 * np.array(qalys)) / 2.0
    assert found.mcse == pytest.approx(apart.std(ddof=1) / math.sqrt(3))


def test_net_benefit_values_health_and_takes_off_cost() -> None:
    each = increment([2.0, 4.0], [10.0, 30.0])
    assert benefit(each, View("health_system", 100.0)).tolist() == [190.0, 370.0]
    assert estimate(each, SummaryMeasure("net_benefit", "health_system", 100.0)).value == 280.0
    assert estimate(each, SummaryMeasure("cost", "societal")).value == 0.0


def test_the_reach_is_paired_and_counts_the_base() -> None:
    """Replications that move together leave the swing without error, however far apart they are."""
    low, base, high = (mean_with_error(np.array([1.0, 100.0, -50.0]) + shift) for shift in (3.0, 0.0, 2.0))
    found = reach(low, base, high)
    assert found.swing == pytest.approx(3.0) and found.mcse == pytest.approx(0.0, abs=1e-12)
    assert found.clear and base.mcse > 10.0


def test_no_swing_is_not_clear_and_an_unknown_one_neither() -> None:
    same = mean_with_error(np.array([1.0, 2.0]))
    assert reach(same, same, same).swing == 0.0 and not reach(same, same, same).clear
    unknown = reach(same, Estimate(math.nan, math.nan, same.each))
    assert math.isnan(unknown.swing) and not unknown.clear
    assert not reach(mean_with_error(np.array([1.0])), mean_with_error(np.array([2.0]))).clear, (
        "one replication leaves the error unknown"
    )


def test_every_threshold_and_perspective_has_its_figures() -> None:
    found = summary_measures((100.0, 200.0))
    assert [figure.kind for figure in found].count("net_benefit") == 4
    assert {figure.unit for figure in found} == {"money", "money per QALY", "QALYs"}
