"""Distributions as tables of equally spaced quantiles, from which `random_numbers.quantile` reads.

The laws have the quantiles and means of `scipy.stats`, to the bit, without its second of loading at every start.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import special

CELLS = 1024
CACHED_TABLES = 256  # tables that are kept


Numbers = npt.NDArray[np.float64]


class Law(Protocol):
    """A distribution, as far as a table needs it; those of `scipy.stats` are such, too."""

    def ppf(self, share: Numbers) -> Numbers:
        """The quantiles at these shares."""

    def mean(self) -> float:
        """The mean."""


@dataclass(frozen=True)
class Constant:
    """A law that always gives the same value."""

    value: float

    def ppf(self, share: Numbers) -> Numbers:
        """The value, whatever the share."""
        return np.full_like(share, self.value)

    def mean(self) -> float:
        """The value."""
        return self.value


@dataclass(frozen=True)
class Lognormal:
    """The lognormal law with this median (any unit) and standard deviation of the log."""

    median: float
    sigma: float

    def ppf(self, share: Numbers) -> Numbers:
        """The quantiles at these shares."""
        return np.asarray(np.exp(self.sigma * special.ndtri(share)) * self.median)

    def mean(self) -> float:
        """The mean."""
        return float(np.sqrt(np.exp(self.sigma * self.sigma)) * self.median)


@dataclass(frozen=True)
class Gamma:
    """The gamma law with this shape and scale (any unit)."""

    shape: float
    scale: float

    def ppf(self, share: Numbers) -> Numbers:
        """The quantiles at these shares."""
        return np.asarray(special.gammaincinv(self.shape, share) * self.scale)

    def mean(self) -> float:
        """The mean."""
        return self.shape * self.scale


@dataclass(frozen=True)
class Beta:
    """The beta law with these two shapes, on 0 to `top` (any unit)."""

    first: float
    second: float
    top: float

    def ppf(self, share: Numbers) -> Numbers:
        """The quantiles at these shares."""
        return np.asarray(special.betaincinv(self.first, self.second, share) * self.top)

    def mean(self) -> float:
        """The mean."""
        return self.first / (self.first + self.second) * self.top


def lognormal(median: float, sigma: float) -> Law:
    """Lognormal law with the given median (any unit) and standard deviation of the log."""
    return Lognormal(median, sigma) if sigma > 0.0 and median > 0.0 else Constant(median)


def gamma(mean: float, shape: float) -> Law:
    """Gamma law with the given mean and shape."""
    return Gamma(shape, mean / shape) if mean > 0.0 else Constant(0.0)


def quantile_table(law: Law) -> Numbers:
    """Quantiles of a law at k/CELLS, shape (CELLS + 1,), with exactly its mean.

    Lines between quantiles overstate cells that bend and a last quantile may be infinite, so the last cell carries
    what is left of the mean.
    """
    table = np.asarray(law.ppf(np.arange(CELLS + 1) / CELLS), dtype=float)
    middles = (table[:-2] + table[1:-1]) / 2.0
    last_mean = CELLS * float(law.mean()) - float(middles.sum())
    table[-1] = max(2.0 * last_mean - table[-2], table[-2])
    return table


@lru_cache(CACHED_TABLES)
def lognormal_table(median: float, sigma: float) -> Numbers:
    """Quantile table of `lognormal`, kept for the next who asks; not to be changed."""
    return quantile_table(lognormal(median, sigma))


@lru_cache(CACHED_TABLES)
def gamma_table(mean: float, shape: float) -> Numbers:
    """Quantile table of `gamma`, kept for the next who asks; not to be changed."""
    return quantile_table(gamma(mean, shape))
