"""From years to longer periods: what is added over years, what is averaged over time, and of what the last is taken.

It follows from the nature of each outcome (`lbpsim.outcomes.measures`). Levels are counted as their integral over time,
such as physiotherapist-years, and divided by the time of the period, which is less than a year in a part year.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lbpsim.evidence.units import DAYS_A_WEEK, DAYS_A_YEAR
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import COUNTED, OUTCOMES, RATIOS, SUMS
from lbpsim.outcomes.totals import FIXED_POINT

if TYPE_CHECKING:
    from lbpsim.study import Study

WEEKS_A_YEAR = DAYS_A_YEAR / DAYS_A_WEEK
STOCKS = [number for number, outcome in enumerate(COUNTED) if outcome.nature == "stock"]
LEVELS = [outcome.name for outcome in COUNTED if outcome.nature == "level"]
FLOWS = tuple(name for name, outcome in OUTCOMES.items() if outcome.nature == "flow")


def lengths_of_years(study: Study) -> Numbers:
    """How much of each calendar year of a study is simulated, in years, undiscounted and discounted; shape (2, years).

    Undiscounted, a whole calendar year has the length 1.
    """
    _, *later = study.calendar_years
    cuts = np.array([0.0, *(study.clock(date(year, 1, 1)) for year in later), float(study.years)])
    force = np.log1p(study.discount_rate)
    worth = (1.0 - np.exp(-force * cuts)) / force if force > 0.0 else cuts
    return np.array([np.diff(cuts), np.diff(worth)])


def of_country(sums: npt.NDArray[np.int64], scales: Numbers) -> Numbers:
    """Estimates for the country from sums of people; replications on axis 1, `scales` has the weight of each."""
    return np.asarray(sums * (scales / FIXED_POINT).reshape(-1, *[1] * (sums.ndim - 2)))


def over_years(counted: Numbers, years: int, *groups: int) -> Numbers:
    """Counted outcomes (last axis) of a period from those of its `years` (an axis), added up over `groups` (axes)."""
    axes = (years, *groups)
    whole = counted.sum(axis=axes)
    whole[..., STOCKS] = np.take(counted, [-1], axis=years).sum(axis=axes)[..., STOCKS]
    return np.asarray(whole)


def every_outcome(counted: Numbers, time: Numbers | float) -> Numbers:
    """Values of all outcomes, in their order, from those that are counted; replications on axis 1, outcomes last.

    `time`: length of the period (years), of a shape that fits `counted` without its last axis.
    """
    known = dict(zip((outcome.name for outcome in COUNTED), np.moveaxis(counted, -1, 0), strict=True))
    for name in LEVELS:
        known[name] = known[name] / time
    for name, (_, parts) in SUMS.items():
        known[name] = sum(known[part] for part in parts[1:]) + known[parts[0]]
    for name, (_, top, bottom, unit) in RATIOS.items():
        known[name] = linearised_ratio(known[top], known[bottom]) * (WEEKS_A_YEAR if unit == "weeks" else 1.0)
    return np.stack([known[name] for name in OUTCOMES], axis=-1)


def linearised_ratio(top: Numbers, bottom: Numbers) -> Numbers:
    """One value a replication (axis 1) whose mean is the ratio of means, and whose spread is the ratio's.

    Not a number where the denominator is zero.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        below = bottom.mean(axis=1, keepdims=True)
        ratio = top.mean(axis=1, keepdims=True) / below
        return np.where(below == 0.0, np.nan, ratio + (top - ratio * bottom) / below)
