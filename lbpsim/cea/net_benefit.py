"""Net benefit of every policy in every draw, from every point of view, with the Monte Carlo noise taken out.

A draw is a simulation of few people, so its net benefit is that of its parameters plus Monte Carlo noise. Noise looks
like uncertainty: it draws probabilities towards one half and inflates the value of information. Its covariance between
policies is known from the replications within draws, and `without_noise` removes that much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from lbpsim.cea.frontier import PERSPECTIVES, net_benefit
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.draws import DECISIVE
from lbpsim.outcomes.measures import OUTCOMES

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults

EVERY_OUTCOME = tuple(OUTCOMES)
NEGLIGIBLE = 1e-10  # of the largest eigenvalue: what rounding leaves of nothing


class View(NamedTuple):
    """A point of view: whose costs count ("health_system", "societal"), and what a QALY may cost (money)."""

    perspective: str
    threshold: float


def views(thresholds: Sequence[float]) -> tuple[View, ...]:
    """Every perspective at every threshold (money per QALY)."""
    return tuple(View(perspective, threshold) for perspective in PERSPECTIVES for threshold in thresholds)


def benefit(each: Numbers, view: View, outcomes: Sequence[str] = EVERY_OUTCOME) -> Numbers:
    """Net monetary benefit (money); `each`: an array whose last axis is the `outcomes`, the result lacks that axis."""
    cost, qalys = (each[..., outcomes.index(name)] for name in (PERSPECTIVES[view.perspective], "qalys"))
    return np.asarray(net_benefit(cost, qalys, view.threshold))


@dataclass(frozen=True)
class NetBenefit:
    """Net monetary benefit over the comparator (money), shape (draws, policies); the comparator's column is 0.

    `raw`: as simulated; `clean`: with noise taken out; `noise_share`: what part of the variance of `raw` is noise,
    shape (policies,), not a number where a single replication leaves it unknown and `clean` is `raw`.
    """

    raw: Numbers
    clean: Numbers
    noise_share: Numbers


def net_benefit_of(draws: DrawResults, view: View) -> NetBenefit:
    """Net benefit of the policies of a study's draws from one point of view."""
    each = benefit(draws.replicates, view, DECISIVE)
    against = np.moveaxis(each - each[:, :1], 2, -1)
    raw, noise = against.mean(axis=-1), monte_carlo_covariance(against)
    return NetBenefit(raw, raw if np.isnan(noise).any() else without_noise(raw, noise), noise_share(raw, noise))


def monte_carlo_covariance(each: Numbers) -> Numbers:
    """Covariance between policies of the Monte Carlo noise in the mean over replications, averaged over draws.

    `each`: shape (draws, policies, replications). Not a number with a single replication.
    """
    draws, policies, replications = each.shape
    if replications < 2:
        return np.full((policies, policies), np.nan)
    apart = each - each.mean(axis=2, keepdims=True)
    return np.asarray(np.einsum("dpr,dqr->pq", apart, apart) / (draws * replications * (replications - 1)))


def noise_share(raw: Numbers, noise: Numbers) -> Numbers:
    """Part of the variance between draws that is noise; shape (policies,), 0 where nothing varies."""
    total = raw.var(axis=0, ddof=1) if len(raw) > 1 else np.full(raw.shape[1], np.nan)
    share = np.divide(np.diag(noise), total, out=np.zeros_like(total), where=total != 0.0)
    return np.asarray(np.minimum(share, 1.0))


def without_noise(benefit: Numbers, noise: Numbers) -> Numbers:
    """Draws moved as little as can be until their covariance is that of the parameters alone.

    `benefit`: shape (draws, policies); `noise`: covariance of its noise, shape (policies, policies). The covariance of
    the parameters is what is left of the draws' when that of the noise is taken off, with nothing below zero. The map
    is linear and the optimal transport between two normal laws, so differences between any two policies are right,
    not only those from the comparator. Columns that do not vary stay as they are; equal columns stay equal.
    """
    columns, places = _distinct(benefit)
    mean = columns.mean(axis=0)
    apart = columns - mean
    size = apart.std(axis=0)
    moving = size > 0.0
    first = np.array([int(np.flatnonzero(places == number)[0]) for number in range(columns.shape[1])])
    kept = first[moving]
    scaled = apart[:, moving] / size[moving]
    noise_scaled = noise[np.ix_(kept, kept)] / np.outer(size[moving], size[moving])
    moved = columns.copy()
    moved[:, moving] = mean[moving] + (scaled @ _transport(scaled, noise_scaled)) * size[moving]
    return np.asarray(moved[:, places])


def _distinct(benefit: Numbers) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """The different columns, and for each column of `benefit` its number among them."""
    columns, places = np.unique(benefit, axis=1, return_inverse=True)
    return np.asarray(columns), np.asarray(places).reshape(-1)


def _transport(scaled: Numbers, noise: Numbers) -> Numbers:
    """The symmetric map that takes the covariance of `scaled` to that without the noise; shape (columns, columns)."""
    if scaled.shape[1] == 0:
        return np.empty((0, 0))
    total = np.atleast_2d(np.cov(scaled, rowvar=False))
    root = _power(total - noise, 0.5)
    return root @ _power(root @ total @ root, -0.5) @ root


def _power(matrix: Numbers, exponent: float) -> Numbers:
    """A symmetric matrix to a power; what is negative or negligible of it is taken for zero, and stays zero."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
    real = values > max(float(values.max()), 0.0) * NEGLIGIBLE
    raised = np.where(real, np.where(real, values, 1.0) ** exponent, 0.0)
    return np.asarray((vectors * raised) @ vectors.T)
