from __future__ import annotations

import numpy as np
import pytest

from lbpsim.calibration.emulator import Emulator, Frame, terms
from lbpsim.calibration.posterior import Chains, density, sample
from lbpsim.calibration.search import Loss

SLOPES = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, -1.0]])  # figures by scores
LOSS = Loss(np.array([1.0, -0.5]), np.array([0.5, 0.25]))
FRAME = Frame(np.array([0.2, -0.1, 0.3]), 0.8 * np.eye(3))


def emulator(error: float = 0.0) -> Emulator:
    """Exact for the linear model, in the frame's numbers."""
    weights = np.zeros((terms(np.zeros((1, 3))).shape[1], 2))
    weights[0], weights[1:4] = SLOPES @ FRAME.centre, (SLOPES @ FRAME.root).T
    return Emulator(FRAME, weights, np.full(2, error))


def closed_form(within: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the posterior of a linear model with normal priors and errors."""
    rows = SLOPES / within[:, None]
    covariance = np.linalg.inv(rows.T @ rows + np.eye(3))
    return covariance @ rows.T @ (LOSS.targets / within), covariance


@pytest.mark.parametrize("error", [0.0, 0.5])
def test_the_sample_has_the_moments_of_the_exact_posterior(error: float) -> None:
    """Four standard errors either way; the emulator's error counts as distance that is acceptable."""
    chain = sample(density(emulator(error), FRAME, LOSS), 3, rows=2000, chains=50, burn_in=50, thinning=5, seed=5)
    scores = FRAME.scores(chain.states)
    mean, covariance = closed_form(np.hypot(LOSS.within, error))
    errors = np.sqrt(np.diag(covariance) / min(chain.effective_rows, 2000))
    assert (np.abs(scores.mean(axis=0) - mean) < 4 * errors).all()
    assert np.cov(scores.T) == pytest.approx(covariance, abs=4 * covariance.max() * np.sqrt(2 / 1000))


def test_the_same_seed_gives_the_same_sample() -> None:
    one, same, other = (
        sample(density(emulator(), FRAME, LOSS), 3, rows=20, chains=5, burn_in=5, thinning=1, seed=seed).states
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_rows_of_sluggish_chains_are_worth_less() -> None:
    lively = sample(density(emulator(), FRAME, LOSS), 3, rows=1000, chains=50, burn_in=50, thinning=10, seed=1)
    stuck = Chains(np.tile(lively.states[:50], (20, 1)), 50)  # each chain stays where it was
    assert stuck.effective_rows < 100
    assert lively.effective_rows > 500


def test_chains_follow_each_other_row_by_row() -> None:
    few, more = (
        sample(density(emulator(), FRAME, LOSS), 3, rows=rows, chains=5, burn_in=5, thinning=2, seed=1).states
        for rows in (10, 30)
    )
    assert np.array_equal(few, more[:10])
