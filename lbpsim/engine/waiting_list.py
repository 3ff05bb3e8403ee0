"""Parts of the weekly booking that both engines share: how many places come up, and who is served first.

The week itself is `SimpyEngine.clinic`, and the loop over weeks in `compiled_template.run`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine.numba_cache import array_rule, rule

NEVER = math.inf


@dataclass(frozen=True)
class Clinic:
    """A waiting list and its places: `places[n]` come up in week n, for booking at `(n + 1) * week`.

    `carried`: the fraction of a place brought to the first booking; `by_priority`: the worst off first; `closes_at`:
    the expected wait, in weeks, from which nobody new is taken on the list.
    """

    waiting_list: int
    places: npt.NDArray[np.float64]
    week: float
    carried: float = 0.0
    by_priority: bool = False
    closes_at: float = NEVER


@dataclass(frozen=True)
class Booking:
    """One weekly round: places brought to it, places taken, places lost unused, people left waiting."""

    time: float
    waiting_list: int
    offered: int
    taken: int
    unused: int
    waiting: int


@rule
def whole_places(carried: float, new: float, waiting: int) -> tuple[int, float]:
    """Places for this booking and the fraction carried to the next; places without limit are as many as wait."""
    if new == math.inf:
        return waiting, carried
    offered = int(carried + new)
    return offered, carried + new - offered


@rule
def list_limit(closes_at: float, places: float) -> float:
    """How many may be left waiting: the expected wait is the length of the list over a week's places.

    A person who is simulated stands for many, so one may wait where there are any places at all.
    """
    if closes_at == math.inf:
        return math.inf
    return max(closes_at * places, 1.0) if places > 0.0 else 0.0


@array_rule
def priority_order(priorities: Any) -> Any:
    """Positions on a list, the highest priority first; people of equal priority keep their order."""
    return stable_order(-priorities)


@array_rule
def stable_order(values: Any) -> Any:
    """Positions of `values`, the lowest first; equal values keep their order.

    What `np.argsort(values, kind="stable")` gives, by the same merging; Numba takes five seconds to compile that.
    """
    order, merged = np.arange(len(values)), np.arange(len(values))
    width = 1
    while width < len(values):
        for left in range(0, len(values), 2 * width):
            merge(values, order, merged, left, min(left + width, len(values)), min(left + 2 * width, len(values)))
        order, merged = merged, order
        width *= 2
    return order


@rule
def merge(values: Any, order: Any, merged: Any, left: int, right: int, end: int) -> None:
    """Merge two stretches of `order` that are in order, from `left` and from `right` on, into `merged`."""
    middle = right
    for place in range(left, end):
        if left == middle or (right < end and values[order[right]] < values[order[left]]):
            merged[place] = order[right]
            right += 1
        else:
            merged[place] = order[left]
            left += 1
