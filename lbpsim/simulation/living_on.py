"""Those whose lives have parted from those that policies share, and what they live through under each policy.

Where nobody waits for a place, people live on as soon as some have parted, and are put away: so a whole country needs
no more memory than some of its people. Where places are limited, everybody may wait for anybody, and all live on
together when the last has parted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lbpsim.engine.compiled_engine import WATCH_NOBODY, EngineOutput
from lbpsim.pathways.person import PERSON
from lbpsim.population.records import Gathered, copied
from lbpsim.simulation.shared_lives import Branch

People = npt.NDArray[Any]
Sums = npt.NDArray[np.int64]
Log = npt.NDArray[np.float64]
NO_LOG: Log = np.empty((0, 3))


class Live(Protocol):
    """Lets people who are in the middle of their lives live on under the policy at this place."""

    def __call__(self, place: int, people: People, totals: Sums, *, watched: int) -> EngineOutput:
        """Changes people and totals; `watched`: a row, or WATCH_NOBODY."""
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


class LivingOn:
    """People who live on under the policies of some branches.

    `queues`: whether somebody waits for a place, for each policy; `expected`: how many people there are, about;
    `watched`: the number of the person whose events are logged.
    """

    def __init__(
        self,
        live: Live,
        branches: Sequence[Branch],
        blank: Sums,
        *,
        queues: Sequence[bool],
        expected: int,
        watched: int | None = None,
    ) -> None:
        self._live, self._watched = live, watched
        self.by_policy = {place: PolicyLives(blank.copy()) for branch in branches for place in branch.places}
        self._parted = {branch.places: Gathered(PERSON, expected) for branch in branches}
        self._queues = {branch.places: any(queues[place] for place in branch.places) for branch in branches}

    def take(self, branch: Branch, people: People) -> None:
        """Take people whose lives have parted under a branch."""
        self._parted[branch.places].add(people)

    def live_on_at_once(self) -> None:
        """Let those who need wait for nobody live on to the end."""
        for places, gathered in self._parted.items():
            if not self._queues[places] and len(gathered.people):
                self._live_on(places, gathered.people)
                gathered.clear()

    def live_on(self) -> None:
        """Let all who are left live on to the end: nobody parts after them."""
        while self._parted:
            places, gathered = self._parted.popitem()
            self._live_on(places, gathered.people)

    def _live_on(self, places: tuple[int, ...], people: People) -> None:
        row, parted_at = self._row_of_watched(people)
        for place in places:
            mine, lives = people if place == places[-1] else copied(people), self.by_policy[place]
            lived = self._live(place, mine, lives.totals, watched=row)
            lives.events += lived.events
            if row != WATCH_NOBODY:
                lives.log, lives.parted_at = lived.log, parted_at

    def _row_of_watched(self, people: People) -> tuple[int, float]:
        """The row of the watched person among these, who have not yet lived on, and when they parted."""
        for row in np.flatnonzero(people["id"] == self._watched) if self._watched is not None else ():
            return int(row), float(people["now"][row])
        return WATCH_NOBODY, math.inf
