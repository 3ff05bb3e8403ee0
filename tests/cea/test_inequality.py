"""Equity: equivalents of a distribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.cea.inequality import atkinson_ede, atkinson_edes, kolm_ede, kolm_edes

EVEN = np.ones(5)
LEVELS = st.lists(st.floats(0.5, 90.0), min_size=5, max_size=5).map(np.array)


@given(LEVELS, st.floats(0.0, 30.0))
def test_an_equivalent_lies_between_the_least_and_the_mean(
    levels: np.ndarray[tuple[int], np.dtype[np.float64]], aversion: float
) -> None:
    for ede in (atkinson_ede(levels, EVEN, aversion), kolm_ede(levels, EVEN, aversion / 100.0)):
        assert levels.min() * (1 - 1e-9) <= ede <= levels.mean() * (1 + 1e-9)


@given(LEVELS)
def test_without_aversion_it_is_the_mean(levels: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    assert atkinson_ede(levels, EVEN, 0.0) == pytest.approx(levels.mean())
    assert kolm_ede(levels, EVEN, 0.0) == pytest.approx(levels.mean())


@given(LEVELS, st.floats(0.0, 1e-6), st.floats(0.0, 1.0))
def test_hardly_any_aversion_is_hardly_less_than_the_mean(
    levels: np.ndarray[tuple[int], np.dtype[np.float64]], aversion: float, first: float
) -> None:
    """To first order in the aversion, the mean less half the variance (Kolm), or less Theil's index (Atkinson)."""
    weights = np.array([first, 1.0, 1.0, 1.0, 1.0])
    mean = np.average(levels, weights=weights)
    variance = np.average((levels - mean) ** 2, weights=weights)
    assert kolm_ede(levels, weights, aversion) == pytest.approx(mean - aversion * variance / 2.0, rel=1e-9)
    theil = np.average(levels / mean * np.log(levels / mean), weights=weights)
    assert atkinson_ede(levels, weights, aversion) == pytest.approx(mean * (1.0 - aversion * theil), rel=1e-9)


@pytest.mark.parametrize("aversion", [1e-6, 1e-9, 1e-12, 1e-15])
def test_tiny_absolute_aversion_keeps_the_digits_of_the_mean(aversion: float) -> None:
    """The mean of exp(-aversion * level) is 1 but for its last digits: its logarithm, taken as it is, gives 1.20006."""
    levels = np.array([1.0, 1.1, 1.2, 1.3, 1.4])
    assert kolm_ede(levels, EVEN, aversion) == pytest.approx(1.2 - aversion * levels.var() / 2.0, rel=1e-15)


@given(LEVELS, st.floats(-1e-6, 1e-6))
def test_relative_aversion_near_one_is_near_the_geometric_mean(
    levels: np.ndarray[tuple[int], np.dtype[np.float64]], off: float
) -> None:
    logs = np.log(levels)
    expected = np.exp(logs.mean() - off * logs.var() / 2.0)
    assert atkinson_ede(levels, EVEN, 1.0 + off) == pytest.approx(expected, rel=1e-9)


@given(LEVELS, st.floats(0.0, 1e6))
def test_more_aversion_never_gives_more(levels: np.ndarray[tuple[int], np.dtype[np.float64]], aversion: float) -> None:
    for ede in (atkinson_ede, kolm_ede):
        assert ede(levels, EVEN, aversion * 1.1) <= ede(levels, EVEN, aversion) * (1.0 + 1e-12)


def test_a_level_that_hardly_anybody_has_still_counts_and_one_that_nobody_has_does_not() -> None:
    levels = np.array([1.0, 2.0])
    assert kolm_ede(levels, np.array([1e-20, 1.0]), 1e3) == pytest.approx(1.0 + np.log(1e20) / 1e3)
    assert kolm_ede(levels, np.array([0.0, 1.0]), 1e6) == 2.0
    assert atkinson_ede(levels, np.array([0.0, 1.0]), 1e6) == pytest.approx(2.0)


def test_aversion_of_one_is_the_geometric_mean_and_joins_its_neighbours() -> None:
    levels = np.array([50.0, 60.0, 65.0, 70.0, 80.0])
    assert atkinson_ede(levels, EVEN, 1.0) == pytest.approx(np.exp(np.log(levels).mean()))
    assert atkinson_ede(levels, EVEN, 1.0) == pytest.approx(atkinson_ede(levels, EVEN, 1.0 + 1e-7), rel=1e-6)


def test_relative_inequality_says_nothing_of_health_below_nothing() -> None:
    assert np.isnan(atkinson_ede(np.array([-1.0, 3.0]), np.ones(2), 1.0))
    assert np.isnan(atkinson_ede(np.array([0.0, 3.0]), np.ones(2), 0.5))
    assert np.isfinite(atkinson_ede(np.array([0.0, 3.0]), np.array([0.0, 1.0]), 1.0))


@pytest.mark.parametrize("aversion", [0.0, 0.5, 1.0, 1.000001, 11.0])
def test_many_distributions_at_once_are_each_as_alone(aversion: float) -> None:
    levels = np.random.default_rng(7).uniform(55.0, 75.0, (4, 3, 5))
    for each, alone in ((atkinson_edes, atkinson_ede), (kolm_edes, kolm_ede)):
        expected = np.apply_along_axis(alone, -1, levels, np.ones(5), aversion)
        assert each(levels, aversion) == pytest.approx(expected, rel=1e-12)
    levels[0, 0, 0] = -1.0
    assert np.isnan(atkinson_edes(levels, aversion)[0, 0]) and np.isfinite(atkinson_edes(levels, aversion)[1:]).all()
