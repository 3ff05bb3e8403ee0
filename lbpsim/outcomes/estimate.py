"""A figure with what is known of its error. Two kinds of error are never mixed without saying so.

Monte Carlo error comes from a finite number of simulated people and becomes smaller with more of them. Parameter
uncertainty comes from what is known of the inputs; only draws of the parameters show it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from scipy.special import stdtrit

from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.draws import FEWEST_DRAWS, interval

Source = Literal["parameters", "parameters and Monte Carlo", "Monte Carlo", "nothing"]
CONFIDENCE = 0.95
SURE = 1.96  # standard errors from a figure to either end of its 95% interval, where the error itself is well known


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95% interval, or an array of figures with theirs; all in one unit and of one shape.

    `low`, `high`: ends of the interval, not numbers where it is not known; `mcse`: Monte Carlo standard error, not a
    number where it is not known; `source`: what moves the figure within the interval.
    """

    value: Any
    low: Any = math.nan
    high: Any = math.nan
    mcse: Any = math.nan
    source: Source = "nothing"

    @classmethod
    def exact(cls, value: Any) -> Estimate:
        """A figure known without error."""
        return cls(value, value, value, 0.0)

    @property
    def half_width(self) -> Any:
        """Half of the interval's width."""
        return (self.high - self.low) / 2.0

    @property
    def direction(self) -> int:
        """Of a single figure: 1 or -1 where the interval leaves no doubt of the sign, otherwise 0."""
        return int(self.low > 0.0) - int(self.high < 0.0)

    @property
    def clear(self) -> bool:
        """Of a single figure: whether the interval excludes zero."""
        return self.direction != 0

    @property
    def none(self) -> bool:
        """Of a single figure: whether it is zero without any doubt."""
        return bool(self.value == self.low == self.high == 0.0)

    def __neg__(self) -> Estimate:
        return replace(self, value=-self.value, low=-self.high, high=-self.low)

    def times(self, factor: float) -> Estimate:
        """The same in another unit; `factor` above 0."""
        return replace(
            self, value=self.value * factor, low=self.low * factor, high=self.high * factor, mcse=self.mcse * factor
        )

    def at(self, *place: int) -> Estimate:
        """Of an array of figures, the one at a place."""
        return replace(self, value=self.value[place], low=self.low[place], high=self.high[place], mcse=math.nan)

    def over(self, time: Numbers) -> Estimate:
        """What accrued in each year, divided by how much of the year is simulated: the mean over that time."""
        return replace(self, value=self.value / time, low=self.low / time, high=self.high / time, mcse=self.mcse / time)


def interval_factor(replications: int) -> float:
    """Half of a 95% interval in standard errors: Student's t, since the error itself comes from few replications.

    Zero with one replication, which has no interval.
    """
    if replications < 2:
        return 0.0
    return float(stdtrit(replications - 1, (1 + CONFIDENCE) / 2))


def rare(counted: Estimate) -> bool:
    """Whether so few events were counted, in most of the periods of an estimate, that half its interval is more than
    half of their number; of one replication, which has no interval, only where there were none.
    """
    return bool(np.mean(np.nan_to_num(counted.half_width) >= np.abs(counted.value) / 2.0) > 0.5)


def from_error(value: Any, mcse: Any, replications: int) -> Estimate:
    """From means over replications and their Monte Carlo standard errors; one replication has no interval."""
    if replications < 2:
        mcse = mcse * math.nan
    half = interval_factor(replications) * mcse
    known = bool(np.isfinite(mcse).any())
    return Estimate(value, value - half, value + half, mcse, "Monte Carlo" if known else "nothing")


def from_draws(values: Numbers, noise: Numbers | None) -> Estimate:
    """From the values of a difference in every draw and their Monte Carlo errors, shape (draws,) each.

    The noise is taken out where it is known and less than half of the variance; otherwise it stays in the interval,
    which is then too wide rather than too narrow.
    """
    if len(values) < FEWEST_DRAWS:
        return Estimate(float(values.mean()))
    found = interval(values, np.full_like(values, np.nan) if noise is None else noise)
    source: Source = "parameters" if found.of_parameters else "parameters and Monte Carlo"
    return Estimate(float(found.mean), float(found.low), float(found.high), source=source)
