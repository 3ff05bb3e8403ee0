from __future__ import annotations

import numpy as np
import pytest

from lbpsim.calibration.emulator import Frame, around, fewest, fit, terms
from lbpsim.calibration.normal_scores import normals

FRAME = Frame(np.array([1.0, -2.0, 0.5]), np.array([[2.0, 0.0, 0.0], [0.3, 1.0, 0.0], [-0.4, 0.2, 0.5]]))


def test_a_frame_leads_there_and_back() -> None:
    standard = normals(1, 3, 4, 3)
    assert FRAME.standard(FRAME.scores(standard)) == pytest.approx(standard)


def test_terms_are_all_of_a_quadratic() -> None:
    assert terms(np.array([[2.0, 3.0]])).tolist() == [[1.0, 2.0, 3.0, 4.0, 6.0, 9.0]]
    assert [fewest(many) for many in (1, 2, 3)] == [3, 6, 10]
    assert terms(np.ones((4, 5))).shape == (4, fewest(5))


def test_a_quadratic_is_found_exactly() -> None:
    standard = normals(1, 1, 40, 3)
    truth = np.column_stack([standard[:, 0] * standard[:, 2] - 1.0, standard[:, 1] ** 2 + standard[:, 0]])
    found = fit(FRAME, standard, truth, held_out=10)
    assert found.error == pytest.approx(0.0, abs=1e-9)
    elsewhere = normals(1, 2, 5, 3)
    assert found.figures(FRAME.scores(elsewhere))[:, 0] == pytest.approx(elsewhere[:, 0] * elsewhere[:, 2] - 1.0)


def test_what_is_no_quadratic_has_an_error() -> None:
    standard = normals(1, 1, 200, 1)
    found = fit(Frame(np.zeros(1), np.eye(1)), standard, np.sin(3.0 * standard), held_out=50)
    assert 0.1 < found.error[0] < 2.0


def test_too_small_a_design_is_refused() -> None:
    with pytest.raises(ValueError, match="9 simulations for an emulator that needs 10"):
        fit(FRAME, np.ones((14, 3)), np.ones((14, 1)), held_out=5)


def test_the_frame_is_the_posterior_of_a_linear_model() -> None:
    slopes = np.array([[3.0, 0.0], [0.0, 0.1]])
    frame = around(np.array([1.0, 2.0]), slopes, spread=1.5)
    assert frame.root @ frame.root.T == pytest.approx(1.5**2 * np.diag([1 / 10.0, 1 / 1.01]))
    assert Frame(frame.centre, frame.root).scores(np.zeros((1, 2))).tolist() == [[1.0, 2.0]]
