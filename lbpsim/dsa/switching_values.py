"""Threshold analysis: at what value of a parameter would the decision change?

How long must CFT's effect last, how many physiotherapists must there be, at what price is it worth having. Whoever asks
gives a function from a value to the net benefit of each policy; here it is only searched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lbpsim.outcomes.arrays import Numbers

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


def switching_values(
    evaluate: Evaluate, looks: Sequence[float], *, tolerance: float, most: int
) -> tuple[SwitchingValue, ...]:
    """Every change of the best policy between neighbouring `looks`, by bisection; none where the decision stands.

    Where the best policy at two neighbouring looks differs, the interval is halved until it is no wider than
    `tolerance` (in the unit of the values), or `most` times. A policy that is best only in between two looks is found
    if bisection meets it: then one change is told for each neighbour. Ties go to the first policy.

    Args:
        evaluate: net benefit of each policy (money), shape (policies,), at a value of the parameter.
        looks: rising values to look at first; more of them find more changes.
        tolerance: width at which to stop, above 0.
        most: times to halve.

    >>> import numpy as np
    >>> found = switching_values(lambda x: np.array([0.0, x - 2.5]), [0.0, 10.0], tolerance=1e-6, most=60)
    >>> [round(each.value, 3) for each in found]
    [2.5]
    """
    seen = [(value, evaluate(value)) for value in looks]
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
    middle = (value, evaluate(value))
    return _between(evaluate, low, middle, tolerance, left - 1) + _between(evaluate, middle, high, tolerance, left - 1)


def _crossing(low: Look, high: Look, before: int, after: int) -> float:
    """Where a line between both ends puts the two policies equal."""
    lead_low, lead_high = low[1][before] - low[1][after], high[1][after] - high[1][before]
    share = lead_low / (lead_low + lead_high) if lead_low + lead_high > 0.0 else 0.5
    return float(low[0] + share * (high[0] - low[0]))
