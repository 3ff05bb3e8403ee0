"""A stand-in for the simulation that answers at once: each figure a quadratic in the scores, around the best fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lbpsim.outcomes.arrays import Numbers


@dataclass(frozen=True)
class Frame:
    """A region of scores: `centre`, and `root`, a matrix that carries standard normal numbers into it."""

    centre: Numbers
    root: Numbers

    @cached_property
    def _inverse(self) -> Numbers:
        return np.asarray(np.linalg.inv(self.root))

    def standard(self, scores: Numbers) -> Numbers:
        """Standard normal numbers of scores, shape (..., parameters)."""
        return np.asarray((scores - self.centre) @ self._inverse.T)

    def scores(self, standard: Numbers) -> Numbers:
        """Scores of standard normal numbers, shape (..., parameters)."""
        return np.asarray(self.centre + standard @ self.root.T)


def around(centre: Numbers, slopes: Numbers, spread: float) -> Frame:
    """The region that a linear model finds likely, `spread` times as wide.

    `slopes`: derivatives of figures over "within" by scores, shape (targets, parameters).
    """
    precision = slopes.T @ slopes + np.eye(len(centre))
    return Frame(centre, spread * np.linalg.cholesky(np.linalg.inv(precision)))


@dataclass(frozen=True)
class Emulator:
    """Quadratics in the standard numbers of a `frame`.

    `weights`: shape (terms, figures); `error`: of each figure, in places that it was not fitted to, shape (figures,).
    """

    frame: Frame
    weights: Numbers
    error: Numbers

    def figures(self, scores: Numbers) -> Numbers:
        """Figures at scores of shape (sets, parameters)."""
        return np.asarray(terms(self.frame.standard(scores)) @ self.weights)


def terms(standard: Numbers) -> Numbers:
    """One, each number, and all their products by twos, shape (sets, terms)."""
    rows, columns = np.triu_indices(standard.shape[1])
    return np.hstack([np.ones((len(standard), 1)), standard, standard[:, rows] * standard[:, columns]])


def fewest(parameters: int) -> int:
    """Simulations below which a quadratic in so many parameters is not determined."""
    return 1 + parameters + parameters * (parameters + 1) // 2


def fit(frame: Frame, standard: Numbers, figures: Numbers, held_out: int) -> Emulator:
    """Fit to all simulations but the last `held_out`, whose root mean square error it then states.

    `standard`: where they are in the frame, shape (simulations, parameters); `figures`: what they gave. Raises
    ValueError where there are too few simulations to fit to.
    """
    many = len(standard) - held_out
    if many < fewest(standard.shape[1]):
        raise ValueError(f"{many} simulations for an emulator that needs {fewest(standard.shape[1])}: a larger design")
    weights, *_ = np.linalg.lstsq(terms(standard[:many]), figures[:many], rcond=None)
    missed = figures[many:] - terms(standard[many:]) @ weights
    return Emulator(frame, np.asarray(weights, np.float64), np.asarray(np.sqrt((missed**2).mean(axis=0)), np.float64))
