"""The search: penalised least squares from several starts, in normal scores of the priors.

What is made small is the sum of ((figure - target)/within) squared over the targets and of score squared over the free
parameters: the posterior density's mode, where "within" is read as a standard deviation. Derivatives are central
differences over a step wide enough that people who just miss a criterion do not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from lbpsim.outcomes.arrays import Numbers

Figures = Callable[[Numbers], Numbers]  # from scores (sets, parameters) to figures (sets, targets)
CONVERGENCE, LIMIT = "hardly falls", "limit of steps"
CONVERGED = 1e-2  # relative change of the loss, and change of scores, that ends a search


@dataclass(frozen=True)
class Loss:
    """Distance from targets that have to be met `within` so much, shape (targets,) each."""

    targets: Numbers
    within: Numbers

    def misses(self, figures: Numbers) -> Numbers:
        """(figure - target)/within, shape (..., targets)."""
        return np.asarray((figures - self.targets) / self.within)

    def of(self, figures: Numbers, scores: Numbers) -> Numbers:
        """Loss of sets of scores and the figures they give, shape (...)."""
        return np.asarray((self.misses(figures) ** 2).sum(axis=-1) + (scores**2).sum(axis=-1))


@dataclass(frozen=True)
class Found:
    """Where one search ended: from `start` to `scores`, with loss `before` and `after`, in so many steps; and why."""

    start: Numbers
    scores: Numbers
    before: float
    after: float
    steps: int
    ended: str


def jacobian(figures: Figures, scores: Numbers, step: float) -> Numbers:
    """Derivatives of figures by scores, shape (targets, parameters)."""
    moves = step * np.eye(len(scores))
    ahead, behind = np.split(figures(np.concatenate([scores + moves, scores - moves])), 2)
    return np.asarray((ahead - behind).T / (2.0 * step))


def search(figures: Figures, loss: Loss, start: Numbers, *, step: float, most: int) -> Found:
    """Go down from `start` until the loss hardly falls, in at most `most` steps."""

    def residuals(scores: Numbers) -> Numbers:
        return np.concatenate([loss.misses(figures(scores[None])[0]), scores])

    def slopes(scores: Numbers) -> Numbers:
        return np.vstack([jacobian(figures, scores, step) / loss.within[:, None], np.eye(len(scores))])

    ended = optimize.least_squares(residuals, start, jac=slopes, xtol=CONVERGED, ftol=CONVERGED, max_nfev=most)
    before = float((residuals(start) ** 2).sum())
    why = CONVERGENCE if ended.status > 0 else LIMIT
    return Found(start, ended.x, before, 2.0 * float(ended.cost), int(ended.nfev), why)


def best(found: list[Found]) -> Found:
    """The search that ended lowest, the first of equals."""
    return min(found, key=lambda one: one.after)
