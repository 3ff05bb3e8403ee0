from __future__ import annotations

import math

import numpy as np
import pytest

from lbpsim.outcomes.draws import FEWEST_DRAWS
from lbpsim.outcomes.estimate import Estimate, from_draws, from_error, rare

LUCK = np.linspace(-1.0, 1.0, 401)


@pytest.mark.parametrize(
    ("low", "high", "direction"),
    [(1.0, 3.0, 1), (-3.0, -1.0, -1), (-1.0, 3.0, 0), (0.0, 3.0, 0), (-3.0, 0.0, 0), (math.nan, math.nan, 0)],
)
def test_a_direction_needs_an_interval_without_zero(low: float, high: float, direction: int) -> None:
    contrast = Estimate(2.0, low, high, source="Monte Carlo")
    assert contrast.direction == direction
    assert (-contrast).direction == -direction
    assert contrast.clear == (direction != 0)


def test_an_interval_by_replications_has_students_width() -> None:
    contrast = from_error(10.0, 1.0, 20)
    assert (contrast.low, contrast.high) == pytest.approx((10.0 - 2.093, 10.0 + 2.093), abs=1e-3)
    assert contrast.source == "Monte Carlo"


@pytest.mark.parametrize(("error", "replications"), [(1.0, 1), (math.nan, 20)])
def test_without_an_error_nothing_is_clear(error: float, replications: int) -> None:
    contrast = from_error(10.0, error, replications)
    assert contrast.source == "nothing"
    assert not contrast.clear
    assert not contrast.none


def test_an_untouched_outcome_is_no_difference() -> None:
    assert from_error(0.0, 0.0, 20).none
    assert not from_error(1.0, 0.0, 20).none
    assert from_draws(np.zeros(100), np.zeros(100)).none


def test_noise_is_taken_out_of_the_interval_of_draws() -> None:
    wide, narrow = from_draws(10.0 + LUCK, np.zeros(401)), from_draws(10.0 + LUCK, np.full(401, 0.3))
    assert wide.source == narrow.source == "parameters"
    assert narrow.high - narrow.low < wide.high - wide.low


@pytest.mark.parametrize("noise", [None, np.full(401, np.nan), np.full(401, 0.55)])
def test_noise_that_is_unknown_or_too_much_stays_in_the_interval(noise: np.ndarray | None) -> None:
    contrast = from_draws(10.0 + LUCK, noise)
    assert contrast.source == "parameters and Monte Carlo"
    assert (contrast.low, contrast.high) == pytest.approx((9.05, 10.95))


def test_too_few_draws_have_no_interval() -> None:
    assert from_draws(10.0 + LUCK[: FEWEST_DRAWS - 1], None).source == "nothing"
    assert from_draws(10.0 + LUCK[:FEWEST_DRAWS], None).clear


def test_events_are_rare_where_noise_is_more_than_half_of_their_number() -> None:
    assert rare(Estimate(10.0, 4.0, 16.0)) and not rare(Estimate(10.0, 6.0, 14.0))
    assert rare(Estimate(np.array([0.0, 5.0, 0.0]), np.array([0.0, 4.0, 0.0]), np.array([0.0, 6.0, 0.0])))
    assert rare(Estimate(0.0)) and not rare(Estimate(3.0)), "one replication has no interval"
