"""Decisions under uncertainty: identities, closed forms, equal policies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from lbpsim.cea import decision_uncertainty as a

BENEFITS = arrays.arrays(np.float64, st.tuples(st.integers(2, 40), st.integers(1, 6)), elements=st.floats(-1e6, 1e6))


def gaussian(draws: int, mean: float, sd: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Two policies of which the second gains a normal amount; equally spaced quantiles, so the law is met closely."""
    gain = stats.norm(mean, sd).ppf((np.arange(draws) + 0.5) / draws)
    return np.column_stack([np.zeros(draws), gain])


@given(BENEFITS)
def test_probabilities_sum_to_one(benefit: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    """TECH-VER, uncertainty: CEACs sum to 1 at every threshold."""
    assert a.acceptability(benefit).sum() == pytest.approx(1.0)


@given(BENEFITS)
def test_the_least_expected_loss_is_the_value_of_perfect_information(
    benefit: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> None:
    loss = a.expected_loss(benefit)
    assert loss.min() == pytest.approx(a.perfect_information(benefit)[0], rel=1e-9, abs=1e-6)
    assert loss[a.optimal(benefit)] == pytest.approx(loss.min(), rel=1e-9, abs=1e-6)
    assert (loss >= -1e-9).all()


def test_ties_go_to_the_first() -> None:
    """TECH-VER, uncertainty: ties broken by order."""
    benefit = np.zeros((10, 3))
    assert a.acceptability(benefit).tolist() == [1.0, 0.0, 0.0]
    assert a.optimal(benefit) == 0


def test_identical_policies_have_nothing_to_learn() -> None:
    """TECH-VER, uncertainty: identical policies give EVPI 0."""
    same = np.repeat(np.linspace(-5.0, 7.0, 50)[:, None], 4, axis=1)
    assert a.perfect_information(same) == (0.0, 0.0)


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 1.0), (0.7, 1.0), (-300.0, 1000.0)])
def test_perfect_information_of_a_normal_gain(mean: float, sd: float) -> None:
    """EVPI of a normal incremental benefit: sd times the unit normal loss at |mean|/sd, to 0.2%."""
    z = abs(mean) / sd
    expected = sd * (stats.norm.pdf(z) - z * stats.norm.sf(z))
    assert a.perfect_information(gaussian(20_000, mean, sd))[0] == pytest.approx(expected, rel=2e-3)
    assert a.acceptability(gaussian(20_000, mean, sd))[1] == pytest.approx(stats.norm.cdf(mean / sd), abs=1e-4)
