"""Disability of the people at the start, as a law: what hazards that rise with disability are averaged over.

A hazard "rising with R, averaging to h" is h g(R) / E[g(R)]. The expectation is taken over the trait and the flares of
the people at the start, once, the same in every policy, whatever the number of people simulated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from lbpsim.engine.quantile_tables import CACHED_TABLES, Beta, gamma, quantile_table

RMDQ_MAX, PAIN_MAX = 24.0, 10.0
POINTS = 512


def scaled_beta(mean: float, sd: float, top: float) -> Beta:
    """Beta law on 0 to `top` with the given mean and standard deviation.

    Raises ValueError when no beta law has them.
    """
    share, spread = mean / top, (sd / top) ** 2
    weight = share * (1.0 - share) / spread - 1.0
    if not 0.0 < share < 1.0 or weight <= 0.0:
        raise ValueError(f"no distribution on 0 to {top:g} has mean {mean:g} and standard deviation {sd:g}")
    return Beta(share * weight, (1.0 - share) * weight, top)


def flare_share(values: Mapping[str, float]) -> float:
    """Share of time in pain spent in a flare: flares arrive between flares, and last their mean length."""
    length = values["flares.duration_median"] * math.exp(values["flares.duration_sigma"] ** 2 / 2.0)
    return values["flares.rate"] * length / (1.0 + values["flares.rate"] * length)


@lru_cache(CACHED_TABLES)
def beta_table(mean: float, sd: float, top: float) -> npt.NDArray[np.float64]:
    """Quantile table of `scaled_beta`, kept for the next who asks; not to be changed."""
    return quantile_table(scaled_beta(mean, sd, top))


@lru_cache(CACHED_TABLES)
def _grids(
    trait_mean: float, trait_sd: float, size_mean: float, size_shape: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """RMDQ of equally likely people outside and (by size of flare) in a flare."""
    middles = (np.arange(POINTS) + 0.5) / POINTS
    trait = np.asarray(scaled_beta(trait_mean, trait_sd, RMDQ_MAX).ppf(middles))
    flare = np.asarray(gamma(size_mean, size_shape).ppf(middles[::8]))
    return trait, np.minimum(trait[:, None] + flare[None, :], RMDQ_MAX)


class StartingDisability:
    """Weights and RMDQ points of a fine grid over trait and flare."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self.trait, self.flaring = _grids(
            values["disability.trait_mean"],
            values["disability.trait_sd"],
            values["flares.size_mean"],
            values["flares.size_shape"],
        )
        self.flare_share = flare_share(values)

    def mean(self, of: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]) -> float:
        """Mean of what `of` makes of RMDQ points, over the people at the start."""
        quiet, loud = (float(of(points).mean()) for points in (self.trait, self.flaring))
        return (1.0 - self.flare_share) * quiet + self.flare_share * loud

    def mean_exp(self, steepness: float, *, with_flares: bool = True, at_least: float = 0.0) -> float:
        """E[exp(steepness R) 1(R >= at_least)] over the people at the start; 1 where nobody is that disabled."""
        quiet = self._mean(self.trait, steepness, at_least)
        if not with_flares:
            return quiet or 1.0
        loud = self._mean(self.flaring, steepness, at_least)
        return (1.0 - self.flare_share) * quiet + self.flare_share * loud or 1.0

    @staticmethod
    def _mean(rmdq: npt.NDArray[np.float64], steepness: float, at_least: float) -> float:
        return float(np.where(rmdq >= at_least, np.exp(steepness * rmdq), 0.0).mean())
