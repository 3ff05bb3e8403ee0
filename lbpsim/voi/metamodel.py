"""Two regressions of net benefit on parameters, for the value of partial information: splines and kernels.

Both take inputs of shape (draws, parameters) and outcomes of shape (draws, outcomes), and give what can be used on
other draws. They share no basis, so that where they agree the answer is not one of the method's. Nothing here is drawn
by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lbpsim.outcomes.arrays import Numbers

Predict = Callable[[Numbers], Numbers]
Regression = Callable[[Numbers, Numbers], Predict]

KNOTS, DEGREE = 4, 3
DRAWS_A_COLUMN = 3  # fewer draws to each column of the basis would fit noise
SHRINKAGE = np.logspace(-3, 5, 9)
LENGTHS = (1.0, 2.0, 4.0, 8.0)  # of kernels, in typical distances between draws
MOST_CENTRES = 80  # draws around which kernels stand


def splines(inputs: Numbers, outcome: Numbers) -> Predict:
    """A cubic spline of each parameter, added up; shrunk as leave-one-out wants, for each outcome by itself.

    With too few draws for curves of so many parameters each has a straight line.
    """
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - slow to import
    from sklearn.preprocessing import SplineTransformer, StandardScaler  # noqa: PLC0415

    columns = inputs.shape[1] * (KNOTS + DEGREE - 1)
    curves = SplineTransformer(KNOTS, DEGREE, knots="quantile", extrapolation="linear", include_bias=False)
    basis = [curves] if columns * DRAWS_A_COLUMN <= len(inputs) and _many_values(inputs) else []
    return _shrunk(make_pipeline(*basis, StandardScaler()), inputs, outcome)[0]


def kernels(inputs: Numbers, outcome: Numbers) -> Predict:
    """Gaussian bumps around some of the draws, as in a Gaussian process; length and shrinkage by leave-one-out.

    Takes in how parameters work together. Each outcome has the length that suits it best.
    """
    fits = [_bumps(inputs, outcome, length) for length in LENGTHS]
    best = np.array([error for _, error in fits]).argmin(axis=0)

    def predict(other: Numbers) -> Numbers:
        each = np.stack([fit(other) for fit, _ in fits])
        return np.asarray(each[best, :, np.arange(len(best))].T)

    return predict


def _bumps(inputs: Numbers, outcome: Numbers, length: float) -> tuple[Predict, Numbers]:
    from sklearn.kernel_approximation import Nystroem  # noqa: PLC0415 - slow to import

    centres = min(MOST_CENTRES, len(inputs))
    gamma = 1.0 / (2.0 * inputs.shape[1] * length**2)
    return _shrunk(Nystroem(gamma=gamma, n_components=centres, random_state=0), inputs, outcome)


def _shrunk(basis: Any, inputs: Numbers, outcome: Numbers) -> tuple[Predict, Numbers]:
    """Ridge regression on a basis: how to predict, and the squared error with one draw left out, a value an outcome."""
    from sklearn.linear_model import RidgeCV  # noqa: PLC0415 - slow to import

    ridge = RidgeCV(SHRINKAGE, alpha_per_target=True).fit(basis.fit_transform(inputs), outcome)

    def predict(other: Numbers) -> Numbers:
        return np.asarray(ridge.predict(basis.transform(other))).reshape(len(other), -1)

    return predict, -np.atleast_1d(ridge.best_score_)


def _many_values(inputs: Numbers) -> bool:
    """Whether every parameter takes enough values for knots between them."""
    return all(len(np.unique(column)) > 2 * KNOTS for column in inputs.T)
