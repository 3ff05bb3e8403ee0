"""One replication under many policies: every life is lived once until a policy touches it, and on under that policy.

The sums are the same to the bit as if each policy had been lived in full (`PreparedStudy.simulate`): they are integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine import compiled_engine
from lbpsim.pathways import parting
from lbpsim.pathways.person import PERSON
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
    *("offered_from_rmdq", "offered_from_age", "offered_to_age", "offered_fifths", "offered_in_region"),
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


class SharedLives:
    """The lives of a replication as far as branches share them, lived some people at a time."""

    def __init__(self, trunk: Records, branches: Sequence[Branch], blank: Sums) -> None:
        firsts = range(0, len(branches), MOST_BRANCHES)
        self._several = [_SharedBySome(trunk, branches[first : first + MOST_BRANCHES], blank) for first in firsts]

    def live(self, people: Records) -> Iterator[tuple[Branch, Records]]:
        """Live these people, whose records are changed; yields who parts, as they stand, some at a time. The records
        are to be taken before the next are asked for.
        """
        for first in range(0, len(people), TOGETHER):
            together = people[first : first + TOGETHER]
            for some in self._several[1:]:
                yield from some.live(copied(together))
            yield from self._several[0].live(together)

    def ended(self) -> Iterator[tuple[Branch, Sums, int]]:
        """Sums and number of events of each branch, when all have lived: once, for sums are added up where they are."""
        for some in self._several:
            yield from some.ended()


class _SharedBySome:
    """As `SharedLives`, for so many branches as one number has bits."""

    def __init__(self, trunk: Records, branches: Sequence[Branch], blank: Sums) -> None:
        number = len(branches)
        self.trunk, self.branches = trunk, branches
        self.inputs = joined([branch.inputs for branch in branches])
        self.engine = compiled_engine.bind(MODEL, "shared_template")
        self.sets = np.full(max(SETS, 2 * number + 1), -1, np.int64)
        self.sets[:number] = 1 << np.arange(number)
        self.events = np.zeros(len(self.sets), np.int64)
        self.sums = np.zeros((len(self.sets), *blank.shape), np.int64)
        self.shadows, self.found = np.zeros(number + 1, parting.SHADOW), np.zeros(number, np.int64)
        self.room = np.empty((number, TOGETHER), PERSON)

    def live(self, people: Records) -> Iterator[tuple[Branch, Records]]:
        """Live these people, whose records are changed."""
        self.found[:] = 0
        row = self._live(people, 0)
        while row < len(people):
            self._make_room_for_sets()
            row = self._live(people, row)
        for branch, records, found in zip(self.branches, self.room, self.found.tolist(), strict=True):
            if found:
                yield branch, records[:found]

    def _live(self, people: Records, first: int) -> int:
        """Live these people from the first on; returns the row before which there have to be more sets."""
        sums = self.sets, self.events, self.sums
        given = people, first, self.trunk, self.inputs, self.shadows, *sums, self.room, self.found
        return int(self.engine.run(*given))

    def _make_room_for_sets(self) -> None:
        """Room for as many sets again."""
        self.sets = np.concatenate([self.sets, np.full_like(self.sets, -1)])
        self.events, self.sums = (np.concatenate([each, np.zeros_like(each)]) for each in (self.events, self.sums))

    def ended(self) -> Iterator[tuple[Branch, Sums, int]]:
        """Sums and number of events of each branch, added to those of its set of one."""
        self.engine.add_sets_up(self.sets, self.sums.reshape(len(self.sums), -1), len(self.branches))
        for n, branch in enumerate(self.branches):
            holding = (self.sets != -1) & (self.sets >> n & 1 == 1)
            yield branch, self.sums[n], int(self.events[holding].sum())
