"""Distributions as tables of equally spaced quantiles, from which `random_numbers.quantile` reads."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

CELLS = 1024
CACHED_TABLES = 256  # tables that are kept


def quantile_table(law: Any) -> npt.NDArray[np.float64]:
    """Quantiles of a frozen scipy distribution at k/CELLS, shape (CELLS + 1,), with exactly its mean.

    Lines between quantiles overstate cells that bend and a last quantile may be infinite, so the last cell carries
    what is left of the mean.
    """
    table = np.asarray(law.ppf(np.arange(CELLS + 1) / CELLS), dtype=float)
    middles = (table[:-2] + table[1:-1]) / 2.0
    last_mean = CELLS * float(law.mean()) - float(middles.sum())
    table[-1] = max(2.0 * last_mean - table[-2], table[-2])
    return table


def lognormal(median: float, sigma: float) -> Any:
    """Lognormal law with the given median (any unit) and standard deviation of the log."""
    return stats.lognorm(s=sigma, scale=median) if sigma > 0.0 and median > 0.0 else Constant(median)


def gamma(mean: float, shape: float) -> Any:
    """Gamma law with the given mean and shape."""
    return stats.gamma(a=shape, scale=mean / shape) if mean > 0.0 else Constant(0.0)


@lru_cache(CACHED_TABLES)
def lognormal_table(median: float, sigma: float) -> npt.NDArray[np.float64]:
    """Quantile table of `lognormal`, kept for the next who asks; not to be changed."""
    return quantile_table(lognormal(median, sigma))


@lru_cache(CACHED_TABLES)
def gamma_table(mean: float, shape: float) -> npt.NDArray[np.float64]:
    """Quantile table of `gamma`, kept for the next who asks; not to be changed."""
    return quantile_table(gamma(mean, shape))


class Constant:
    """A law that always gives the same value."""

    def __init__(self, value: float) -> None:
        self.value = value

    def ppf(self, share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The value, whatever the share."""
        return np.full_like(share, self.value)

    def mean(self) -> float:
        """The value."""
        return self.value
