"""Exact accrual: rates are evaluated at both ends of an interval and integrated along the line, with discounting.

Sums are kept in fixed-point integers, so that they do not depend on the order in which people are added.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine.numba_cache import inlined_rule
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.measures import COUNTED

SMALL = 0.01  # below, the series is exact to 1e-13
LEAST_FORCE = 0.001  # per year; from here on a quotient of discount factors is exact to 1e-12 years
FIXED_POINT = 16777216.0  # 2**24 steps to a unit: a cell holds 5e11 dollars or person-years before it overflows


def blank_totals(years: int) -> npt.NDArray[np.int64]:
    """Zeros of the shape (2, years, groups, outcomes)."""
    return np.zeros((2, years, COUNTRY_WIDE + 1, len(COUNTED)), np.int64)


@inlined_rule
def to_fixed_point(amount: float) -> int:
    """`amount` as a fixed-point integer, rounded half up."""
    return math.floor(amount * FIXED_POINT + 0.5)


@inlined_rule
def line_weights(start: float, end: float, force: float) -> tuple[float, float]:
    """Weights (w0, w1) with which a rate going from r0 to r1 along a line integrates to r0*w0 + r1*w1.

    `start` and `end` in years, `force` the continuous discount rate per year; value at time 0.
    """
    return discounted_weights(end - start, math.exp(-force * start), force)


@inlined_rule
def discounted_weights(span: float, discount_factor: float, force: float) -> tuple[float, float]:
    """As `line_weights`, over `span` years from a moment at which a unit is worth `discount_factor`."""
    x = force * span
    whole = discounted_years(span, force)
    if x < SMALL:
        late = span * (0.5 - x * (1.0 / 3.0 - x * (1.0 / 8.0 - x * (1.0 / 30.0 - x / 144.0))))
    else:
        late = (whole - span * math.exp(-x)) / x
    return discount_factor * (whole - late), discount_factor * late


@inlined_rule
def years_between(span: float, before: float, after: float, force: float) -> float:
    """What `span` years come to when a unit is worth `before` at first, and `after` at their end, falling at the rate
    `force` per year.
    """
    if force >= LEAST_FORCE:
        return (before - after) / force
    return before * discounted_years(span, force)


@inlined_rule
def discounted_years(span: float, force: float) -> float:
    """What `span` years come to when a unit is worth 1 at first, and less at the rate `force` per year."""
    x = force * span
    if x < SMALL:  # series to the fourth order: the closed form loses digits here
        return span * (1.0 - x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0 * (1.0 - x / 5.0))))
    return -math.expm1(-x) / force


@inlined_rule
def accumulate(sums: Any, outcome: int, plain: float, discounted: float) -> None:
    """Add an amount, undiscounted and discounted, to sums of shape (2, outcomes)."""
    sums[0, outcome] += to_fixed_point(plain)
    sums[1, outcome] += to_fixed_point(discounted)


@inlined_rule
def record_amounts(totals: Any, person: Any, outcome: int, plain: float, discounted: float) -> None:
    """Add an amount to the person's year and group, undiscounted and discounted."""
    accumulate(totals[:, person.year, person.group], outcome, plain, discounted)


@inlined_rule
def record(totals: Any, person: Any, outcome: int, amount: float) -> None:
    """Add a lump at the person's present moment."""
    record_amounts(totals, person, outcome, amount, amount * person.discount_factor)
