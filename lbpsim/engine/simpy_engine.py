"""The reference engine: people and clinics as SimPy processes. Meant to be read aloud.

A person lives from event to event. A clinic books once a week: that week's places go to its list. The engine knows
nothing of back pain; what an event means is the business of the rules it is given.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, fields
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from lbpsim.engine.compiled_template import DECLINED, TAKEN, TURNED_AWAY
from lbpsim.engine.waiting_list import NEVER, Booking, Clinic, list_limit, priority_order, whole_places

PERSON_FIRST, CLINIC_AFTER = 1, 2  # at the same moment a person's own event comes before the booking


@dataclass(frozen=True)
class Rules:
    """What the engine is told about a model: functions of (people, row, ...), as described in `protocol`."""

    enter: Callable[..., None]
    next_event: Callable[..., tuple[float, int]]
    advance_to: Callable[..., None]
    apply_event: Callable[..., None]
    start_service: Callable[..., bool]
    turn_away: Callable[..., None]
    priority: Callable[..., Any]


def rules_of(model: ModuleType) -> Rules:
    """The seven rules of a model, such as the module `lbpsim.pathways.life`."""
    return Rules(*(getattr(model, rule.name) for rule in fields(Rules)))


Log = Callable[[int, float, int], None]


class Calendar(simpy.Environment):
    """SimPy's environment, with events at absolute times: adding a delay to the clock would round twice."""

    def at(self, time: float, priority: int) -> simpy.Event:
        """An event that happens at `time` exactly."""
        event = simpy.Event(self)
        event._ok, event._value = True, None
        heapq.heappush(self._queue, (time, priority, next(self._eid), event))  # type: ignore[misc]
        return event


class SimpyEngine:
    """Runs the people of one replication from their entry to the horizon."""

    def __init__(
        self,
        rules: Rules,
        people: npt.NDArray[Any],
        inputs: npt.NDArray[Any],
        totals: npt.NDArray[np.int64],
        clinics: tuple[Clinic, ...] = (),
        log: Log | None = None,
    ) -> None:
        self.rules, self.people, self.inputs, self.totals = rules, people, inputs, totals
        self.clinics, self.log = clinics, log
        self.calendar = Calendar()
        self.lives: list[simpy.Process] = []
        self.events = 0

    def run(self, progress: Callable[[float], None] | None = None) -> list[Booking]:
        """Live every life; returns the bookings made."""
        self.bookings: list[Booking] = []
        self.lives = [self.calendar.process(self.life(row)) for row in range(len(self.people))]
        for clinic in self.clinics:
            self.calendar.process(self.clinic(clinic))
        if progress is not None:
            self.calendar.process(self.report_progress(progress))
        self.calendar.run()
        return self.bookings

    def life(self, row: int) -> Generator[simpy.Event, None, None]:
        """A person enters, and lives from event to event until dead or past the horizon."""
        yield self.calendar.at(float(self.people[row]["now"]), PERSON_FIRST)
        self.rules.enter(self.people, row, self.inputs, self.totals)
        while True:
            time, kind = self.rules.next_event(self.people, row)
            try:
                yield self.calendar.at(time, PERSON_FIRST)
            except simpy.Interrupt:  # the clinic has called: what comes next may have changed
                if self.people[row]["present"] == 0:
                    return
                continue
            self.rules.advance_to(self.people, row, time, self.inputs, self.totals)
            self.rules.apply_event(self.people, row, kind, self.inputs, self.totals)
            self.log_event(row, time, kind)
            if self.people[row]["present"] == 0:
                return

    def clinic(self, clinic: Clinic) -> Generator[simpy.Event, None, None]:
        """Once a week the clinic books: a fraction of a place carries over, an unused place does not.

        A place that is not taken goes to the next on the list; a list that is too long takes nobody new.
        """
        carried = clinic.carried
        for week, new_places in enumerate(clinic.places):
            time = (week + 1) * clinic.week
            yield self.calendar.at(time, CLINIC_AFTER)
            waiting = self.waiting(clinic)
            offered, carried = whole_places(carried, float(new_places), len(waiting))
            taken = self.assign_places(offered, self.order_of_service(clinic, waiting, time), clinic.waiting_list, time)
            self.close_list(clinic, list_limit(clinic.closes_at, float(new_places)), time)
            left = len(self.waiting(clinic))
            self.bookings.append(Booking(time, clinic.waiting_list, offered, taken, offered - taken, left))

    def waiting(self, clinic: Clinic) -> npt.NDArray[np.int64]:
        """Rows of those on the list, in the order in which they joined it; at the same moment by person."""
        joined = self.people["joined"][:, clinic.waiting_list]
        here = (self.people["present"] == 1) & (self.people["now"] <= self.calendar.now)  # and not yet to come
        rows = np.flatnonzero((joined < NEVER) & here)
        return rows[np.lexsort([self.people["id"][rows], joined[rows]])]

    def order_of_service(self, clinic: Clinic, rows: npt.NDArray[np.int64], time: float) -> npt.NDArray[np.int64]:
        """Rows in the order in which places are given out: as they joined, or the worst off first."""
        return rows[priority_order(self.rules.priority(self.people, rows, time))] if clinic.by_priority else rows

    def assign_places(self, offered: int, order: npt.NDArray[np.int64], waiting_list: int, time: float) -> int:
        """Call those on the list, in order, until every place is taken; returns how many are."""
        taken = 0
        for row in order:
            if taken == offered:
                break
            self.rules.advance_to(self.people, row, time, self.inputs, self.totals)
            took = self.rules.start_service(self.people, row, waiting_list, self.inputs, self.totals)
            self.log_event(row, time, (TAKEN if took else DECLINED) - waiting_list)
            taken += bool(took)
            self.lives[row].interrupt()  # what comes next has changed
        return taken

    def close_list(self, clinic: Clinic, most: float, time: float) -> None:
        """Turn away the last who joined since the last booking while more than `most` wait."""
        waiting = self.waiting(clinic)
        for left, row in zip(range(len(waiting), 0, -1), waiting[::-1], strict=True):
            if left <= most or self.people["joined"][row, clinic.waiting_list] <= time - clinic.week:
                break
            self.rules.advance_to(self.people, row, time, self.inputs, self.totals)
            self.rules.turn_away(self.people, row, clinic.waiting_list, self.inputs, self.totals)
            self.log_event(row, time, TURNED_AWAY - clinic.waiting_list)
            self.lives[row].interrupt()

    def log_event(self, row: int, time: float, kind: int) -> None:
        """Count the event, and log it where asked; calls from the clinic have kinds of their own."""
        self.events += 1
        if self.log is not None:
            self.log(row, time, kind)

    def report_progress(self, progress: Callable[[float], None]) -> Generator[simpy.Event, None, None]:
        """Tell how far the clock has come, four times a simulated year."""
        horizon = float(self.inputs["horizon"][0])
        for quarter in range(1, int(horizon * 4.0) + 1):
            yield self.calendar.at(quarter / 4.0, CLINIC_AFTER)
            progress(quarter / 4.0)
