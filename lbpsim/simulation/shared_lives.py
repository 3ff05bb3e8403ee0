"""One replication under many policies: every life is lived once until a policy touches it, and on under that policy.

The sums are the same to the bit as if each policy had been lived in full (`PreparedStudy.simulate`): they are integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lbpsim.engine import compiled_engine
from lbpsim.pathways import parting
from lbpsim.population.records import copied, joined

MODEL = parting.__name__
TOGETHER = 1024  # people lived at a time: their records stay in the processor's cache
MOST_BRANCHES = 62  # sets of branches are bits of one number
SETS = 64  # room for so many of them at first: what is never written takes no memory
UNTIL_PARTING = (
    *("offered_times", "offered_values", "offered_knots", "tapering_times", "tapering_values", "tapering_knots"),
    *("opioid_start_pace", "opioid_start_dates", "referral_pace", "referral_dates", "surgery_booked_from"),
    *("uptake_by_quintile", "opioids_taper_uptake", "acceptance", "care_reconsider_after", "care_reconsider_share"),
    *("cft_eligible_rmdq", "cft_eligible_pain", "cft_repeat_after"),
    *("offered_from_rmdq", "offered_from_age", "offered_to_age", "offered_fifths"),
)
"""Inputs that decide when a life parts (`pathways.parting`): policies in which they are equal part together."""
AFTER_PARTING = ("offer", "waits_for_place", "at_the_place", "after_year_three", "response", "taper_stop_hazard")
AFTER_PARTING_FROM = ("cft_", "biofeedback_", "opioids_taper_")
"""Inputs that nobody's life depends on before, by name and by how names begin."""
Records = npt.NDArray[Any]
Sums = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Branch:
    """Policies under which lives part at the same moments: their places in a list, and the inputs of the first."""

    places: tuple[int, ...]
    inputs: Records


class Parted(NamedTuple):
    """A branch where its lives have parted from those of the trunk: `sums` and `events` so far, and who lives on."""

    branch: Branch
    sums: Sums
    events: int
    people: Records


def branches_of(trunk: Records, inputs: Sequence[Records]) -> list[Branch]:
    """The branches of policies, given by their inputs, that share lives with the `trunk`; the others are in none."""
    groups: dict[bytes, list[int]] = {}
    until_parting = _bytes_of(trunk.dtype, UNTIL_PARTING)
    for place, record in enumerate(inputs):
        if shares_lives(trunk, record):
            groups.setdefault(_as_bytes(record)[until_parting].tobytes(), []).append(place)
    return [Branch(tuple(places), inputs[places[0]]) for places in groups.values()]


def shares_lives(trunk: Records, inputs: Records) -> bool:
    """Whether lives under these inputs are those of the trunk until they part: nothing else differs."""
    if trunk.dtype != inputs.dtype:
        return False
    shared = _bytes_always_shared(trunk.dtype)
    return bool((_as_bytes(trunk)[shared] == _as_bytes(inputs)[shared]).all())


@lru_cache(maxsize=8)
def _bytes_always_shared(dtype: np.dtype[Any]) -> npt.NDArray[np.bool_]:
    """Which bytes of a record hold inputs in which policies that share lives may not differ."""
    own = (*UNTIL_PARTING, *AFTER_PARTING)
    shared = [name for name in dtype.names or () if name not in own and not name.startswith(AFTER_PARTING_FROM)]
    return _bytes_of(dtype, shared)


def _as_bytes(record: Records) -> npt.NDArray[np.uint8]:
    return np.asarray(record.view(np.uint8))


def _bytes_of(dtype: np.dtype[Any], names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which bytes of a record hold these fields."""
    which = np.zeros(dtype.itemsize, np.bool_)
    assert dtype.fields is not None
    for name in names:
        kind, offset, *_ = dtype.fields[name]
        which[offset : offset + kind.itemsize] = True
    return which


def live_shared(people: Records, trunk: Records, branches: Sequence[Branch], blank: Sums) -> Iterator[Parted]:
    """Live the people, who are not changed, as far as branches share their lives."""
    for first in range(0, len(branches), MOST_BRANCHES):
        yield from _live_shared(people, trunk, branches[first : first + MOST_BRANCHES], blank)


def _live_shared(people: Records, trunk: Records, branches: Sequence[Branch], blank: Sums) -> Iterator[Parted]:
    number = len(branches)
    inputs = np.concatenate([branch.inputs for branch in branches])
    engine = compiled_engine.bind(MODEL, "shared_template")
    sets = np.full(max(SETS, 2 * number + 1), -1, np.int64)
    sets[:number] = 1 << np.arange(number)
    events, sums = np.zeros(len(sets), np.int64), np.zeros((len(sets), *blank.shape), np.int64)
    shadows, found = np.zeros(number + 1, parting.SHADOW), np.zeros(number, np.int64)
    room, parted = np.empty((number, TOGETHER), people.dtype), [[people[:0]] for _ in branches]
    for first in range(0, len(people), TOGETHER):
        some = copied(people[first : first + TOGETHER])
        sets, events, sums = engine.run(some, trunk, inputs, shadows, sets, events, sums, room, found)
        for records, of_branch, many in zip(parted, room, found, strict=True):
            records.append(copied(of_branch[:many]))
    for n, branch in enumerate(branches):
        holding = np.flatnonzero((sets != -1) & (sets >> n & 1 == 1))
        total = blank.copy()
        for place in holding:
            total += sums[place]
        yield Parted(branch, total, int(events[holding].sum()), joined(parted.pop(0)))
