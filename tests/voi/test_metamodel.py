"""Regressions of net benefit on parameters: curves added up, and bumps that see how parameters work together."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.voi.metamodel import kernels, splines
from tests.cea.made_up import Numbers, normals

A, B, LUCK = (normals(400, stream) for stream in range(3))
INPUTS = np.column_stack([A, B])


def explained(predicted: Numbers, true: Numbers) -> float:
    return 1.0 - float(((predicted - true) ** 2).sum() / ((true - true.mean()) ** 2).sum())


def test_splines_follow_curves_that_add_up_and_see_nothing_in_a_product() -> None:
    curves, product = np.sin(A) + B**2, A * B
    assert explained(splines(INPUTS, curves[:, None])(INPUTS)[:, 0], curves) > 0.99
    assert explained(splines(INPUTS, product[:, None])(INPUTS)[:, 0], product) < 0.2


def test_kernels_see_a_product() -> None:
    product = A * B
    assert explained(kernels(INPUTS, product[:, None])(INPUTS)[:, 0], product) > 0.9


@pytest.mark.parametrize("regression", [splines, kernels])
def test_noise_is_not_learned_and_each_outcome_has_a_fit_of_its_own(regression: object) -> None:
    assert callable(regression)
    both = np.column_stack([LUCK, 2.0 * A])
    predicted = regression(INPUTS, both)(INPUTS)
    assert predicted.shape == both.shape
    assert predicted[:, 0].var() < 0.1 and explained(predicted[:, 1], both[:, 1]) > 0.98


def test_with_few_draws_each_parameter_has_a_straight_line() -> None:
    few = INPUTS[:20]
    fitted = splines(few, few[:, :1] ** 2)
    low, middle, high = fitted(np.array([[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]]))[:, 0]
    assert high - middle == pytest.approx(middle - low)
