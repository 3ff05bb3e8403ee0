"""Those whose lives have parted from those that policies share, and what they live through under each policy.

Where nobody waits for a place, people live on as soon as some have parted, and are put away: so a whole country needs
no more memory than some of its people. Where places are limited, everybody may wait for anybody, so that nobody lives
on before the last has parted. Until then the records of many are packed, and taken out period by period, for nobody
needs a place before their life has parted; those of few are kept as they are, which costs less time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lbpsim.engine.compiled_engine import WATCH_NOBODY, EngineOutput
from lbpsim.engine.event_clocks import clear_what_follows, set_what_follows
from lbpsim.engine.waiting_list import Clinic
from lbpsim.pathways.person import PERSON, new_people
from lbpsim.population.records import Gathered, Packed, chosen, copied, memory
from lbpsim.simulation.shared_lives import Branch

AT_ONCE = 40_000  # about so many people, of those there are, are taken out for the bookings of one period
People = npt.NDArray[Any]
Sums = npt.NDArray[np.int64]
Log = npt.NDArray[np.float64]
NO_LOG: Log = np.empty((0, 3))


class Live(Protocol):
    """Lets people who are in the middle of their lives live on under the policy at this place."""

    def __call__(
        self,
        place: int,
        clinics: tuple[Clinic, ...],
        people: People,
        totals: Sums,
        *,
        watched: int,
        entered: int,
        booked: range | None,
    ) -> EngineOutput:
        """Changes people and totals; `watched`: a row, or WATCH_NOBODY; `booked`: weeks whose bookings are made."""
        ...


@dataclass
class PolicyLives:
    """What a policy alone has brought about so far: sums, number of events, and the log of the person who is watched
    from the moment on at which their life parted.
    """

    totals: Sums
    events: int = 0
    log: Log = field(default_factory=NO_LOG.copy)
    parted_at: float = math.inf


class PutAway:
    """People who are to queue, put away until the period comes in which their lives have parted.

    `clinic`: one that they may wait for; `expected`: how many people there are, about.
    """

    def __init__(self, clinic: Clinic, expected: int) -> None:
        weeks = len(clinic.places)
        number = min(math.ceil(expected / AT_ONCE), weeks)
        bounds = [weeks * n // number for n in range(number + 1)]
        self.periods = [range(first, last) for first, last in pairwise(bounds)]
        self._ends = np.array(bounds[1:-1]) * clinic.week
        self._packed = [Packed(plain_record()) for _ in self.periods]

    def add(self, people: People) -> None:
        """Put a copy of these away."""
        periods = np.searchsorted(self._ends, people["now"])
        for n, packed in enumerate(self._packed):
            some = chosen(people, periods == n)
            clear_what_follows(some)
            packed.add(some)

    def room(self) -> People:
        """Room for the records of all; what is never written takes no memory."""
        return memory(max(sum(map(len, self._packed)), 1) * PERSON.itemsize).view(PERSON)

    def take_out(self, period: int, room: People, used: int, *, again: bool) -> People:
        """Those who stand in the `used` part of a room, and those of a period: they take the place of whoever has lived
        to the end, and the room behind. They may be asked for `again`.
        """
        packed = self._packed[period]
        free = np.flatnonzero(room["present"][:used] == 0)[: len(packed)]
        people = room[: used + len(packed) - len(free)]
        packed.unpack(people, np.append(free, np.arange(used, len(people))))
        if not again:
            packed.clear()
        set_what_follows(people)
        return people


def plain_record() -> People:
    """A blank record as it is when what follows from others has been cleared."""
    plain = new_people(1)
    plain["scheduled_hazard"] = 1.0
    clear_what_follows(plain)
    plain["scheduled_hazard"] = 0.0
    return plain


class LivingOn:
    """People who live on under the policies of some branches.

    `clinics`: of each policy; `expected`: how many people there are, about; `watched`: the number of the person whose
    events are logged.
    """

    def __init__(
        self,
        live: Live,
        branches: Sequence[Branch],
        blank: Sums,
        *,
        clinics: Sequence[tuple[Clinic, ...]],
        expected: int,
        watched: int | None = None,
    ) -> None:
        self._live, self._clinics, self._watched = live, clinics, watched
        self.by_policy = {place: PolicyLives(blank.copy()) for branch in branches for place in branch.places}
        self._kept: dict[tuple[int, ...], Gathered | PutAway] = {}
        for branch in branches:
            queues = [clinic for place in branch.places for clinic in clinics[place]]
            many = queues and expected > AT_ONCE
            self._kept[branch.places] = PutAway(queues[0], expected) if many else Gathered(PERSON, expected)
        self._wait_for_nobody = [places for places in self._kept if not any(clinics[place] for place in places)]

    def take(self, branch: Branch, people: People) -> None:
        """Take people whose lives have parted under a branch."""
        self._kept[branch.places].add(people)

    def live_on_at_once(self) -> None:
        """Let those who need wait for nobody live on to the end."""
        for places in self._wait_for_nobody:
            kept = self._kept[places]
            assert isinstance(kept, Gathered)
            self._live_on_together(places, kept)

    def live_on(self) -> None:
        """Let all who are left live on to the end: nobody parts after them."""
        while self._kept:
            places, kept = self._kept.popitem()
            if isinstance(kept, Gathered):
                self._live_on_together(places, kept)
                continue
            for place in places:
                self._queue(place, kept, last=place == places[-1])

    def _live_on_together(self, places: tuple[int, ...], gathered: Gathered) -> None:
        """Let these live on to the end under each of these policies, whose clinics have places even if nobody comes."""
        for place in places:
            if len(gathered.people) or self._clinics[place]:
                mine = gathered.people if place == places[-1] else copied(gathered.people)
                self._live_on(place, self._clinics[place], mine, None)
        gathered.clear()

    def _queue(self, place: int, put_away: PutAway, *, last: bool) -> None:
        """Let all who are put away live on under a policy, period by period."""
        clinics, room, used = self._clinics[place], put_away.room(), 0
        for number, period in enumerate(put_away.periods):
            people = put_away.take_out(number, room, used, again=not last)
            clinics = self._live_on(place, clinics, people, period if clinics else None)
            used = len(people)

    def _live_on(
        self, place: int, clinics: tuple[Clinic, ...], people: People, booked: range | None
    ) -> tuple[Clinic, ...]:
        """Let people live on under a policy; returns its clinics as they stand afterwards."""
        lives, (row, parted_at) = self.by_policy[place], self._row_of_watched(people)
        lived = self._live(place, clinics, people, lives.totals, watched=row, entered=len(people), booked=booked)
        lives.events += lived.events
        if row != WATCH_NOBODY:
            lives.log = np.concatenate([lives.log, lived.log])
            lives.parted_at = min(lives.parted_at, parted_at)
        return lived.clinics

    def _row_of_watched(self, people: People) -> tuple[int, float]:
        """The row of the watched person among these, who have not yet lived on, and how far they have lived."""
        for row in np.flatnonzero(people["id"] == self._watched) if self._watched is not None else ():
            return int(row), float(people["now"][row])
        return WATCH_NOBODY, math.inf
