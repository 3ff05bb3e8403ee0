from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.calibration.search import CONVERGENCE, LIMIT, Found, Loss, best, jacobian, search

Numbers = npt.NDArray[np.float64]
MATRIX = np.array([[1.0, 0.5], [0.0, 2.0], [1.0, -1.0]])
LOSS = Loss(np.array([1.0, -2.0, 0.5]), np.array([0.1, 0.2, 0.4]))


def linear(scores: Numbers) -> Numbers:
    return np.asarray(scores @ MATRIX.T)


def bent(scores: Numbers) -> Numbers:
    return np.column_stack([np.exp(scores[:, 0]), scores[:, 0] * scores[:, 1], scores[:, 1] ** 3])


def test_loss_weighs_distances_and_priors() -> None:
    assert LOSS.of(np.array([1.1, -2.0, 0.5]), np.array([3.0, 0.0])) == pytest.approx(1.0 + 9.0)


def test_slopes_of_a_line_are_its_own() -> None:
    assert jacobian(linear, np.array([0.3, 4.0]), 0.25) == pytest.approx(MATRIX)


def test_search_finds_the_closed_form() -> None:
    """Ridge regression: (A'A + I) z = A'b, with rows over their acceptable distance."""
    rows, aims = MATRIX / LOSS.within[:, None], LOSS.targets / LOSS.within
    exact = np.linalg.solve(rows.T @ rows + np.eye(2), rows.T @ aims)
    found = search(linear, LOSS, np.zeros(2), step=0.25, most=10)
    assert found.scores == pytest.approx(exact, abs=1e-6)
    assert found.after == pytest.approx(float(LOSS.of(linear(exact[None])[0], exact)))
    assert found.before > found.after


def test_searches_from_anywhere_end_together() -> None:
    loss = Loss(bent(np.array([[0.7, -0.4]]))[0], np.full(3, 0.01))
    ends = [search(bent, loss, start, step=0.01, most=50).scores for start in (np.zeros(2), np.array([1.5, -1.0]))]
    assert ends[0] == pytest.approx(ends[1], abs=1e-3)
    assert ends[0] == pytest.approx([0.7, -0.4], abs=0.01)


def test_a_search_says_whether_it_was_stopped() -> None:
    loss = Loss(bent(np.array([[0.7, -0.4]]))[0], np.full(3, 0.01))
    ends = [search(bent, loss, np.array([1.5, -1.0]), step=0.01, most=most).ended for most in (2, 50)]
    assert ends == [LIMIT, CONVERGENCE]


def test_the_best_is_the_lowest_and_first() -> None:
    found = [Found(np.zeros(1), np.full(1, float(end)), 9.0, after, 1, "") for end, after in enumerate((3.0, 2.0, 2.0))]
    assert best(found) is found[1]
