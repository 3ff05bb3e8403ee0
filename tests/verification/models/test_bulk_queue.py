"""The weekly booking round against the exact stationary law of the discrete bulk-service queue.

Tolerance: 4 errors of the mean over independent replications or batches, with Student's law and fixed seeds; the
false-alarm rate of each comparison is below 0.001.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.engine.simpy_engine import SimpyEngine
from lbpsim.engine.waiting_list import Clinic
from lbpsim.verification.models import bulk_queue as model

WARM_UP = 200  # weeks; the list forgets its start at a rate of about 1 in 20 weeks or faster
CASES = {
    "busy": (4.5, (5,)),
    "quiet": (2.0, (4,)),
    "one place": (0.8, (1,)),
    "half places carried over": (4.0, (4, 5)),
}
QUICK = ("one place", "half places carried over")


def run(arrivals_per_week: float, places: tuple[int, ...], weeks: int, seed: int) -> tuple[Any, Any]:
    """People still waiting after each booking, and the waits of those treated, after the warm-up."""
    arrivals = model.poisson_arrivals(arrivals_per_week, weeks, seed)
    people, inputs = model.new_people(arrivals), model.new_inputs(horizon=weeks + 0.5)
    clinic = Clinic(0, np.full(weeks, float(np.mean(places))), 1.0)
    bookings = SimpyEngine(model.RULES, people, inputs, np.zeros(model.COUNTS, np.int64), (clinic,)).run()
    treated = (people["joined"][:, 0] == math.inf) & (arrivals > WARM_UP)
    return np.array([booking.waiting for booking in bookings])[WARM_UP:], people["waited"][treated]


def mean_waiting(arrivals_per_week: float, places: Sequence[int], longest: int = 150) -> float:
    """Exact mean of the number still waiting just after a booking."""
    return float(model.stationary_law(arrivals_per_week, places, longest) @ np.arange(longest + 1))


def z_score(batches: npt.NDArray[np.float64], exact: float) -> float:
    """Distance of the mean of batch means from the exact one, in its errors."""
    return (float(batches.mean()) - exact) / (float(batches.std(ddof=1)) / math.sqrt(len(batches)))


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=() if case in QUICK else pytest.mark.gate) for case in CASES]
)
def test_mean_list_length(case: str) -> None:
    waiting, _ = run(*CASES[case], weeks=4_200, seed=31)
    batches = waiting.reshape(20, -1).mean(axis=1)  # 200 weeks each
    assert abs(z_score(batches, mean_waiting(*CASES[case]))) < 4.0


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_mean_list_length_closely(case: str) -> None:
    lists, waits = zip(*(run(*CASES[case], weeks=5_000, seed=seed) for seed in range(40)), strict=True)
    exact = mean_waiting(*CASES[case])
    assert abs(z_score(np.array([waiting.mean() for waiting in lists]), exact)) < 3.6
    arrivals_per_week = CASES[case][0]
    mean_wait = exact / arrivals_per_week + 0.5  # Little's law, and half a week to the first booking
    assert abs(z_score(np.array([wait.mean() for wait in waits]), mean_wait)) < 3.6


def test_a_single_place_has_a_known_mean() -> None:
    """With one place a week the list just before a booking is that of the M/D/1 queue at departures."""
    for load in (0.3, 0.8):
        before_booking = load + load**2 / (2.0 * (1.0 - load))
        assert math.isclose(mean_waiting(load, (1,)), before_booking - load, rel_tol=1e-9)


def test_the_longest_list_considered_is_long_enough() -> None:
    for arrivals, places in CASES.values():
        mean, mean_of_longer = (mean_waiting(arrivals, places, longest) for longest in (150, 220))
        assert math.isclose(mean, mean_of_longer, rel_tol=1e-8)


def test_arrivals_are_poisson() -> None:
    arrivals = model.poisson_arrivals(3.0, 5_000.0, seed=8)
    counts = np.bincount(arrivals.astype(int), minlength=5_000)
    assert abs(counts.mean() - 3.0) < 4.0 * math.sqrt(3.0 / 5_000)
    assert abs(counts.var(ddof=1) / 3.0 - 1.0) < 4.0 * math.sqrt((2.0 + 1.0 / 3.0) / 5_000)
