"""Threshold analysis: at what value of a parameter would the decision change?

How long must CFT's effect last, how many physiotherapists must there be, at what price is it worth having. Whoever asks
gives a function from a value to the net benefit of each policy; here it is only searched.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Evaluate = Callable[[float], Numbers]


@dataclass(frozen=True)
class SwitchingValue:
    """Where a decision changes: between `low` and `high`, at about `value`; from policy `before` to `after` (numbers).

    `value` is where the two are equal, found to within half of `high - low`.
    """

    value: float
    low: float
    high: float
    before: int
    after: int


class FlatSearchError(ValueError):
    """A search cannot be made: fewer than two values to look at, values out of order, or a benefit not finite."""


def switching_values(
    evaluate: Evaluate, looks: Sequence[float], *, tolerance: float, most: int = 60
) -> tuple[SwitchingValue, ...]:
    """Every change of the best policy between neighbouring `looks`, by bisection; none where the decision stands.

    Where the best policy at two neighbouring looks differs, the interval is halved until it is no wider than
    `tolerance` (in the unit of the values), or `most` times. A policy that is best only in between two looks is found
    if bisection meets it: then one change is told for each neighbour. Ties go to the first policy.

    Args:
        evaluate: net benefit of each policy (AUD), shape (policies,), at a value of the parameter.
        looks: rising values to look at first; more of them find more changes.
        tolerance: width at which to stop, above 0.
        most: times to halve.

    Raises:
        FlatSearchError: when there are fewer than two looks, they do not rise, or a benefit is not finite.

    >>> found = switching_values(lambda x: np.array([0.0, x - 2.5]), [0.0, 10.0], tolerance=1e-6)
    >>> [round(each.value, 3) for each in found]
    [2.5]
    """
    if len(looks) < 2 or any(after <= before for before, after in pairwise(looks)) or tolerance <= 0.0:
        raise FlatSearchError(
            f"a search needs at least two values that rise and a tolerance above 0; got {list(looks)} and {tolerance}"
        )
    seen = [(value, _benefits(evaluate, value)) for value in looks]
    found: list[SwitchingValue] = []
    for low, high in pairwise(seen):
        found += _between(evaluate, low, high, tolerance, most)
    return tuple(found)


Look = tuple[float, Numbers]


def _between(evaluate: Evaluate, low: Look, high: Look, tolerance: float, left: int) -> list[SwitchingValue]:
    before, after = int(low[1].argmax()), int(high[1].argmax())
    if before == after:
        return []
    if high[0] - low[0] <= tolerance or left == 0:
        return [SwitchingValue(_crossing(low, high, before, after), low[0], high[0], before, after)]
    value = 0.5 * (low[0] + high[0])
    middle = (value, _benefits(evaluate, value))
    return _between(evaluate, low, middle, tolerance, left - 1) + _between(evaluate, middle, high, tolerance, left - 1)


def _crossing(low: Look, high: Look, before: int, after: int) -> float:
    """Where a line between both ends puts the two policies equal."""
    lead_low, lead_high = low[1][before] - low[1][after], high[1][after] - high[1][before]
    share = lead_low / (lead_low + lead_high) if lead_low + lead_high > 0.0 else 0.5
    return float(low[0] + share * (high[0] - low[0]))


def _benefits(evaluate: Evaluate, value: float) -> Numbers:
    found = np.asarray(evaluate(value), dtype=float)
    if found.ndim != 1 or not all(math.isfinite(each) for each in found):
        raise FlatSearchError(f"net benefit must be one finite number a policy; at {value} it is {found.tolist()}")
    return found


def price_limit(benefit_without: float, units: float) -> float:
    """Price of one unit (AUD) at which a policy is worth exactly as much as its alternative.

    Args:
        benefit_without: its incremental net benefit (AUD) if the unit were free.
        units: units used, above 0 (courses, devices), discounted as the benefit is.

    Raises:
        FlatSearchError: when nothing is used, so that the price does not matter.

    >>> price_limit(1_000_000.0, 500.0)
    2000.0
    """
    if units <= 0.0:
        raise FlatSearchError(f"a price changes nothing when no unit is used; units: {units}")
    return benefit_without / units
