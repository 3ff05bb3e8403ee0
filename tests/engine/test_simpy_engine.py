"""The SimPy engine: exact times, weekly bookings, the order of the list, and nobody lost.

People arrive, wait, lose patience, die or are treated (`lbpsim.verification.models.bulk_queue`); the time unit is a
week.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.engine.random_numbers import uniform
from lbpsim.engine.simpy_engine import SimpyEngine
from lbpsim.engine.waiting_list import NEVER, Booking, Clinic
from lbpsim.verification.models import bulk_queue, sick_sicker
from lbpsim.verification.models.bulk_queue import DIE, HORIZON, LOSE_PATIENCE, TREATED

CALLED = -1
Entry = tuple[int, float, int]


@dataclass(frozen=True)
class History:
    """What came of a run: bookings, the log, people at the end and counts."""

    bookings: list[Booking]
    log: list[Entry]
    people: npt.NDArray[Any]
    totals: npt.NDArray[np.int64]
    events: int

    def called(self) -> list[tuple[int, float]]:
        """Who was called when, in order."""
        return [(row, time) for row, time, kind in self.log if kind == CALLED]


def run(
    arrivals: Sequence[float],
    places: Sequence[float],
    *,
    severity: Sequence[float] = (),
    by_priority: bool = False,
    carried: float = 0.0,
    week: float = 1.0,
    ids: Sequence[int] = (),
    **inputs: float,
) -> History:
    people = bulk_queue.new_people(arrivals)
    if len(severity):
        people["severity"] = severity
    if len(ids):
        people["id"] = ids
    log: list[Entry] = []
    settings: dict[str, Any] = {"horizon": len(places) * week + 0.5} | inputs
    totals = np.zeros(bulk_queue.COUNTS, np.int64)
    clinic = Clinic(0, np.array(places, dtype=float), week, carried, by_priority)
    engine = SimpyEngine(
        bulk_queue.RULES,
        people,
        bulk_queue.new_inputs(**settings),
        totals,
        (clinic,),
        lambda row, time, kind: log.append((row, time, kind)),
    )
    return History(engine.run(), log, people, totals, engine.events)


def _column(history: History, name: str) -> list[Any]:
    return [getattr(booking, name) for booking in history.bookings]


# --- places ----------------------------------------------------------------------------------------------------------


def test_a_fraction_of_a_place_carries_over() -> None:
    history = run([0.0] * 10, [0.75] * 8)
    assert _column(history, "offered") == [0, 1, 1, 1, 0, 1, 1, 1]
    assert history.totals[bulk_queue.STARTED] == 6


def test_the_fraction_at_the_start_is_used() -> None:
    assert _column(run([0.0] * 9, [0.25] * 6, carried=0.75), "offered") == [1, 0, 0, 0, 1, 0]


def test_unused_places_are_lost() -> None:
    history = run([0.5, 2.5, 2.5, 2.5], [2.0] * 5)
    assert _column(history, "offered") == [2] * 5
    assert _column(history, "taken") == [1, 0, 2, 1, 0]
    assert _column(history, "unused") == [1, 2, 0, 1, 2]
    assert _column(history, "waiting") == [0, 0, 1, 0, 0]


def test_capacity_that_falls_to_zero() -> None:
    history = run([0.0] * 5, [2.0, 0.0, 0.0, 1.0, 0.0])
    assert _column(history, "taken") == [2, 0, 0, 1, 0]
    assert _column(history, "waiting") == [3, 3, 3, 2, 2]


def test_endless_places_take_everybody() -> None:
    history = run([0.0, 0.5, 1.5], [0.0, NEVER, NEVER, 0.5], carried=0.5)
    assert _column(history, "taken") == [0, 3, 0, 0]
    assert _column(history, "offered") == [0, 3, 0, 1]  # none unused, and the fraction is kept for when they end
    assert _column(history, "unused") == [0, 0, 0, 1]


def test_bookings_fall_at_whole_weeks_exactly() -> None:
    week = 7.0 / 365.25
    history = run([0.0], [0.0] * 300, week=week)
    assert _column(history, "time") == [(n + 1) * week for n in range(300)]
    assert _column(history, "time") != list(accumulate([week] * 300))  # as a clock that adds delays would have it


# --- order -----------------------------------------------------------------------------------------------------------


def test_first_come_first_served() -> None:
    assert run([0.6, 0.2, 0.4, 1.1], [1.0] * 4).called() == [(1, 1.0), (2, 2.0), (0, 3.0), (3, 4.0)]


def test_the_worst_off_come_first_where_asked() -> None:
    arrivals, severity = [0.1, 0.2, 0.3, 1.5], [5.0, 9.0, 7.0, 8.0]
    assert run(arrivals, [1.0] * 4, severity=severity).called() == [(0, 1.0), (1, 2.0), (2, 3.0), (3, 4.0)]
    by_priority = run(arrivals, [1.0] * 4, severity=severity, by_priority=True)
    assert by_priority.called() == [(1, 1.0), (3, 2.0), (2, 3.0), (0, 4.0)]


@pytest.mark.parametrize("by_priority", [False, True])
def test_ties_go_by_time_joined_then_person(by_priority: bool) -> None:
    history = run([0.5, 0.5, 0.25, 0.5], [1.0] * 4, severity=[3.0] * 4, by_priority=by_priority, ids=[7, 5, 9, 6])
    assert [row for row, _ in history.called()] == [2, 1, 3, 0]


def test_who_joins_at_the_moment_of_booking_is_there_for_it() -> None:
    assert run([1.0], [1.0, 1.0]).called() == [(0, 1.0)]
    assert run([math.nextafter(1.0, 2.0)], [1.0, 1.0]).called() == [(0, 2.0)]


# --- lives -----------------------------------------------------------------------------------------------------------


def test_called_people_live_on() -> None:
    history = run([0.25, 0.5], [1.0, 1.0, 0.0, 0.0], treatment=1.75, impatience=1e-9)
    assert history.log == [(0, 1.0, CALLED), (1, 2.0, CALLED), (0, 2.75, TREATED), (1, 3.75, TREATED)]
    assert history.people["waited"].tolist() == [0.75, 1.5]
    assert history.events == 4


def test_a_call_cancels_what_was_ahead() -> None:
    """Nobody who was called loses patience afterwards, though their hour had been set."""
    calm, hurried = (run([0.0] * 200, [places] * 6, impatience=0.4, treatment=0.5) for places in (0.0, 30.0))
    would_leave = {row for row, _, kind in calm.log if kind == LOSE_PATIENCE}
    called = {row for row, _ in hurried.called()}
    left = {row for row, _, kind in hurried.log if kind == LOSE_PATIENCE}
    assert would_leave & called
    assert not left & called
    assert left | called == set(range(200))


def test_a_call_leaves_other_hazards_as_they_were() -> None:
    """Budgets go on being spent: death comes at its hour, called or not (to rounding)."""
    alone, called = (run([0.0] * 100, [places] * 9, mortality=0.3, treatment=NEVER) for places in (0.0, 20.0))
    assert called.totals[bulk_queue.STARTED] > 50
    deaths = [{row: time for row, time, kind in history.log if kind == DIE} for history in (alone, called)]
    assert deaths[0].keys() == deaths[1].keys()
    np.testing.assert_allclose([deaths[1][row] for row in deaths[0]], list(deaths[0].values()), rtol=1e-12)


def test_events_fall_at_their_times_exactly() -> None:
    arrivals = sorted(uniform(9, 0, person, 0, 0) * 30.0 for person in range(2000))
    history = run(arrivals, [0.0] * 40, impatience=0.7)
    for row, time, kind in history.log:
        leaves = arrivals[row] - math.log(uniform(1, 0, row, LOSE_PATIENCE, 1)) / 0.7
        assert time == (leaves if kind == LOSE_PATIENCE else 40.5)
    assert len(history.log) == 2000


def test_nobody_lives_backwards() -> None:
    history = run(sorted(uniform(4, 0, n, 0, 0) * 9.0 for n in range(300)), [9.0] * 10, impatience=0.2, mortality=0.1)
    times = [time for _, time, _ in history.log]
    assert times == sorted(times)


# --- extremes --------------------------------------------------------------------------------------------------------


def test_no_people() -> None:
    history = run([], [1.0, 0.5, NEVER])
    assert _column(history, "unused") == [1, 0, 0]
    assert history.events == 0


def test_one_person_without_clinic() -> None:
    people, totals = sick_sicker.new_people(1), np.zeros(5, np.int64)
    engine = SimpyEngine(sick_sicker.RULES, people, sick_sicker.new_inputs(), totals)
    assert engine.run() == []
    assert engine.events == totals.sum()
    assert people["present"].tolist() == [0]


def test_everybody_dies() -> None:
    history = run([0.0] * 50, [0.0, 5.0, 5.0], mortality=1e6)
    assert history.totals[bulk_queue.DIED_WAITING] == 50
    assert _column(history, "taken") == [0, 0, 0]
    assert _column(history, "unused") == [0, 5, 5]


def test_nobody_dies() -> None:
    history = run([0.0] * 50, [10.0, 10.0, 10.0])
    assert history.totals[[bulk_queue.DIED_WAITING, bulk_queue.DIED_LATER, bulk_queue.LEFT]].tolist() == [0, 0, 0]
    assert sum(kind == HORIZON for _, _, kind in history.log) == 20
    assert (history.people["present"] == 0).all()


def test_arrivals_after_the_horizon_are_gone_at_once() -> None:
    history = run([0.5, 7.0], [1.0, 1.0])
    assert history.called() == [(0, 1.0)]
    assert (1, 2.5, HORIZON) in history.log


def test_progress_is_told_four_times_a_year() -> None:
    told: list[float] = []
    people, inputs = bulk_queue.new_people([0.0]), bulk_queue.new_inputs(horizon=1.5)
    SimpyEngine(bulk_queue.RULES, people, inputs, np.zeros(bulk_queue.COUNTS, np.int64)).run(told.append)
    assert told == [0.25, 0.5, 0.75, 1.0, 1.25, 1.5]


def test_two_runs_are_the_same_to_the_bit() -> None:
    arrivals = [uniform(4, 0, n, 0, 0) * 9.0 for n in range(100)]
    first, second = (run(arrivals, [2.5] * 10, impatience=0.2, mortality=0.1, treatment=1.0) for _ in range(2))
    assert first.log == second.log
    assert (first.people == second.people).all()


# --- against a queue kept by hand ------------------------------------------------------------------------------------


def by_hand(
    arrivals: Sequence[float],
    places: Sequence[float],
    severity: Sequence[float],
    hazards: tuple[float, float],
    by_priority: bool,
) -> tuple[list[tuple[int, float]], list[Booking]]:
    """The same weeks with a sorted list and nothing else: who is called when, and the bookings."""
    gone = [_gone(person, arrival, hazards) for person, arrival in enumerate(arrivals)]
    called: dict[int, float] = {}
    bookings, stock = [], 0.0
    for week, new in enumerate(places, start=1):
        waiting = [n for n, joined in enumerate(arrivals) if joined <= week < gone[n] and n not in called]
        waiting.sort(key=lambda n: (-severity[n] if by_priority else 0.0, arrivals[n], n))
        stock += 0.0 if new == NEVER else new
        offered = len(waiting) if new == NEVER else math.floor(stock)
        stock -= 0.0 if new == NEVER else offered
        called |= dict.fromkeys(waiting[:offered], float(week))
        taken = min(offered, len(waiting))
        bookings.append(Booking(float(week), 0, offered, taken, offered - taken, len(waiting) - taken))
    return list(called.items()), bookings


def _gone(person: int, arrival: float, hazards: tuple[float, float]) -> float:
    times = [
        arrival - math.log(uniform(1, 0, person, kind, 1)) / hazard
        for kind, hazard in enumerate(hazards)
        if hazard > 0.0
    ]
    return min(times, default=math.inf)


RATE = st.sampled_from([0.0, 0.1, 1.0, 50.0])
PLACES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.75, 3.0, NEVER]), max_size=8)
PEOPLE = st.lists(st.tuples(st.integers(0, 28).map(lambda n: n / 4.0), st.integers(0, 3)), max_size=12)


@given(people=PEOPLE, places=PLACES, impatience=RATE, mortality=RATE, by_priority=st.booleans())
def test_any_queue_agrees_with_one_kept_by_hand(
    people: list[tuple[float, int]], places: list[float], impatience: float, mortality: float, by_priority: bool
) -> None:
    arrivals, severity = [float(time) for time, _ in people], [float(worst) for _, worst in people]
    history = run(
        arrivals, places, severity=severity, by_priority=by_priority, impatience=impatience, mortality=mortality
    )
    called, bookings = by_hand(arrivals, places, severity, (impatience, mortality), by_priority)
    assert history.called() == called
    assert history.bookings == bookings


@given(people=PEOPLE, places=PLACES, impatience=RATE, mortality=RATE, treatment=st.sampled_from([0.0, 0.5, 3.0, NEVER]))
def test_nobody_is_lost_at_any_booking(
    people: list[tuple[float, int]], places: list[float], impatience: float, mortality: float, treatment: float
) -> None:
    """Joined = started + left + still waiting, whenever the clinic books."""
    arrivals = [float(time) for time, _ in people]
    history = run(arrivals, places, impatience=impatience, mortality=mortality, treatment=treatment)
    started: dict[int, float] = dict(history.called())
    assert len(started) == len(history.called())  # nobody starts twice
    for booking in history.bookings:
        joined = sum(time <= booking.time for time in arrivals)
        starts = sum(time <= booking.time for time in started.values())
        left = sum(
            time <= booking.time and kind in (LOSE_PATIENCE, DIE) and row not in started
            for row, time, kind in history.log
        )
        assert joined == starts + left + booking.waiting
        assert booking.offered == booking.taken + booking.unused
        assert booking.unused == 0 or booking.waiting == 0
    still_waiting = int((history.people["joined"][:, 0] < NEVER).sum())
    joined, starts, left, died_waiting = (int(history.totals[n]) for n in range(4))
    assert joined == len(people) == starts + left + died_waiting + still_waiting
