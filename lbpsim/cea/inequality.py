"""One figure for a whole distribution of health (Cookson et al. 2020, ISBN 9780198838197).

It is the level which, equally shared, would be as good: the equally distributed equivalent (EDE).
"""

from __future__ import annotations

import math
import sys

import numpy as np

from lbpsim.outcomes.arrays import Numbers

TINY = math.sqrt(sys.float_info.min)  # a tilt below it changes no digit of a mean, and its square underflows


def atkinson_ede(levels: Numbers, weights: Numbers, aversion: float) -> float:
    """Equally distributed equivalent for aversion to relative inequality; `levels`, `weights` of people.

    NaN where a level is not above 0: relative inequality says nothing of those. Levels of health fall there where a
    QALY is worth so little that a policy's cost would displace more health than people have.

    >>> atkinson_ede(np.array([1.0, 3.0]), np.array([1.0, 1.0]), 0.0)
    2.0
    """
    if levels[weights > 0.0].min() <= 0.0:
        return math.nan
    low, share, above = _above_least(np.log(levels), weights)
    return float(np.exp(low + _tilted_mean(above, share, 1.0 - aversion)))


def kolm_ede(levels: Numbers, weights: Numbers, aversion: float) -> float:
    """Equally distributed equivalent for aversion to absolute inequality (per unit of `levels`).

    >>> kolm_ede(np.array([1.0, 3.0]), np.array([1.0, 1.0]), 0.0)
    2.0
    """
    low, share, above = _above_least(levels, weights)
    return float(low + _tilted_mean(above, share, -aversion))


def atkinson_edes(levels: Numbers, aversion: float) -> Numbers:
    """As `atkinson_ede`, of many distributions over equal parts of people at once; levels on the last axis.

    >>> atkinson_edes(np.array([[1.0, 3.0], [-1.0, 3.0]]), 0.0).round(9).tolist()
    [2.0, nan]
    """
    return np.exp(kolm_edes(np.log(np.where(levels > 0.0, levels, np.nan)), aversion - 1.0))


def kolm_edes(levels: Numbers, aversion: float) -> Numbers:
    """As `kolm_ede`, of many distributions over equal parts of people at once; levels on the last axis."""
    low = levels.min(axis=-1)
    above = levels - low[..., None]
    if abs(aversion) < TINY:
        return np.asarray(levels.mean(axis=-1))
    return np.asarray(low - np.log1p(np.expm1(-aversion * above).mean(axis=-1)) / aversion)


def _above_least(levels: Numbers, weights: Numbers) -> tuple[float, Numbers, Numbers]:
    """The least level that anybody has, shares of people, and how far above it these are."""
    held = weights > 0.0
    low = float(levels[held].min())
    return low, weights[held] / weights[held].sum(), levels[held] - low


def _tilted_mean(values: Numbers, share: Numbers, tilt: float) -> float:
    """Logarithm of the mean of exp(tilt * values), over `tilt`; the mean itself where `tilt` is 0. `values` from 0 up.

    A small tilt leaves a mean close to 1, whose logarithm would keep few digits: it is taken of the mean less 1.
    """
    if abs(tilt) * values.max() < TINY:
        return float(share @ values)
    less_one = float(share @ np.expm1(tilt * values))
    return (math.log1p(less_one) if less_one > -0.5 else math.log(float(share @ np.exp(tilt * values)))) / tilt
