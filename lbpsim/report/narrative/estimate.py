"""A difference with what is known of its error, and whether that is enough to say which way it goes.

Two kinds of error are never mixed without saying so: Monte Carlo error, which more people would take away, and
parameter uncertainty, which only draws of the parameters show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from lbpsim.outcomes.draws import TAIL, spread
from lbpsim.outcomes.estimate import interval_factor

Numbers = npt.NDArray[np.float64]
Source = Literal["parameters", "parameters and Monte Carlo", "Monte Carlo", "nothing"]
FEWEST_DRAWS = math.ceil(1.0 / TAIL)  # of fewer, not one would lie beyond either end of the interval


@dataclass(frozen=True)
class DifferenceEstimate:
    """A difference and its 95% interval, in one unit; `source`: what moves it within the interval.

    Where the source is "nothing", no interval is known: `low` and `high` are not numbers.
    """

    value: float
    low: float
    high: float
    source: Source

    @property
    def direction(self) -> int:
        """1 or -1 where the interval leaves no doubt of the sign, otherwise 0."""
        return int(self.low > 0.0) - int(self.high < 0.0)

    @property
    def clear(self) -> bool:
        """Whether the interval excludes zero."""
        return self.direction != 0

    @property
    def none(self) -> bool:
        """Whether there is no difference at all."""
        return self.value == self.low == self.high == 0.0

    def __neg__(self) -> DifferenceEstimate:
        return DifferenceEstimate(-self.value, -self.high, -self.low, self.source)

    def times(self, factor: float) -> DifferenceEstimate:
        """The same in another unit; `factor` above 0."""
        return DifferenceEstimate(self.value * factor, self.low * factor, self.high * factor, self.source)


def from_error(value: float, mcse: float, replications: int) -> DifferenceEstimate:
    """From a mean over replications and its Monte Carlo standard error; one replication has no interval."""
    if replications < 2 or not math.isfinite(mcse):
        return DifferenceEstimate(value, math.nan, math.nan, "nothing")
    half = interval_factor(replications) * mcse
    return DifferenceEstimate(value, value - half, value + half, "Monte Carlo")


def from_draws(values: Numbers, noise: Numbers | None) -> DifferenceEstimate:
    """From the values of a difference in every draw and their Monte Carlo errors, shape (draws,) each.

    The noise is taken out where it is known and less than half of the variance; otherwise it stays in the interval,
    which is then too wide rather than too narrow.
    """
    if len(values) < FEWEST_DRAWS:
        return DifferenceEstimate(float(values.mean()), math.nan, math.nan, "nothing")
    known = noise is not None and bool(np.isfinite(noise).all())
    found = spread(values, noise if noise is not None and known else np.zeros_like(values))
    if known and math.isfinite(found.low):
        return DifferenceEstimate(float(found.mean), float(found.low), float(found.high), "parameters")
    low, high = np.quantile(values, [TAIL, 1.0 - TAIL])
    return DifferenceEstimate(float(found.mean), float(low), float(high), "parameters and Monte Carlo")
