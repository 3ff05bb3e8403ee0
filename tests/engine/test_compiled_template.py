"""The template of the fast engine as plain Python: its lists and bookings, and a run beside the SimPy engine."""

from __future__ import annotations

import math
from dataclasses import fields
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lbpsim.engine import compiled_template as template
from lbpsim.engine.simpy_engine import Rules, SimpyEngine
from lbpsim.engine.waiting_list import Clinic
from lbpsim.verification.models import bulk_queue
from tests.engine.plain import without_compiler

WEEKS, ROWS = 4, 5
INFINITE = math.inf


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    without_compiler(template, monkeypatch)


def state_of(**given: Any) -> template.ClinicState:
    """One clinic with an empty list, five people, and an empty diary of four weeks."""
    empty: dict[str, Any] = {
        "lists": np.zeros(1, np.int64),
        "week": 1.0,
        "first": 0,
        "ahead": np.full(ROWS, INFINITE),
        "diary": np.full(WEEKS + 1, template.NO_ROW),
        "after": np.full(ROWS, template.NO_ROW),
        "queue": np.zeros((1, ROWS), np.int64),
        "length": np.zeros(1, np.int64),
        "since": np.full((1, ROWS), INFINITE),
        "watched": template.WATCH_EVERYBODY,
        "log": np.empty((2, 3)),
        "logged": np.zeros(1, np.int64),
    }
    return template.ClinicState(**(empty | given))


def people_who_joined(*times: float, present: int = 1) -> list[SimpleNamespace]:
    return [SimpleNamespace(id=n, joined=[time], present=present) for n, time in enumerate(times)]


@pytest.mark.parametrize(("since", "week"), [(0.0, 0), (1.0, 0), (1.001, 1), (2.0, 1), (3.5, 3), (4.0, 3), (4.5, 4)])
def test_a_person_is_looked_at_in_the_first_booking_from_when_they_joined(since: float, week: int) -> None:
    """Booking n is at the end of week n; the last entry of the diary is read by none."""
    state = state_of()
    template.enter_in_diary(2, since, state)
    assert [template.in_diary(n, state) for n in range(WEEKS + 1)] == [int(n == week) for n in range(WEEKS + 1)]


def test_who_has_waited_since_bookings_that_are_made_is_looked_at_in_the_first_that_is_not() -> None:
    state = state_of(first=2)
    template.enter_in_diary(2, 0.5, state)
    template.enter_in_diary(3, 3.5, state)
    assert [template.in_diary(n, state) for n in range(WEEKS + 1)] == [0, 0, 1, 1, 0]


def test_the_diary_has_everybody_of_a_week() -> None:
    state = state_of()
    for row in (3, 0, 4):
        template.enter_in_diary(row, 1.5, state)
    assert template.in_diary(1, state) == 3


def test_who_is_on_two_lists_counts_from_the_first() -> None:
    state = state_of(lists=np.array([1, 0]))
    person = SimpleNamespace(joined=[3.0, 2.0])
    assert template.first_joined([person], 0, state) == 2.0
    assert template.first_joined([SimpleNamespace(joined=[INFINITE, INFINITE])], 0, state) == INFINITE


def test_who_left_or_came_anew_loses_their_place_and_others_keep_theirs() -> None:
    state = state_of(queue=np.array([[0, 1, 2, 0, 0]]), length=np.array([3]))
    state.since[0, :3] = 0.1, 0.2, 0.3
    people = people_who_joined(0.9, INFINITE, 0.3)  # anew, no longer, still
    template.update_queue(people, np.array([0, 1]), 0, 1.0, state)
    assert state.queue[0, : state.length[0]].tolist() == [2, 0]
    assert state.since[0, :3].tolist() == [0.9, INFINITE, 0.3]


def test_an_earlier_place_goes_before_later_ones_and_equal_ones_by_number() -> None:
    state = state_of(queue=np.array([[0, 0, 0, 0, 0]]), length=np.array([1]))
    state.since[0, 0] = 0.5
    people = people_who_joined(0.5, 0.7, 0.2, 0.7)
    template.update_queue(people, np.array([3, 2, 1]), 0, 1.0, state)
    assert state.queue[0, :4].tolist() == [2, 0, 1, 3]


def test_a_log_counts_what_it_has_no_room_for() -> None:
    state = state_of()
    for row in range(4):
        template.log_event(row, 1.5, 7, state)
    assert state.logged[0] == 4 and state.log.tolist() == [[0.0, 1.5, 7.0], [1.0, 1.5, 7.0]]
    alone = state_of(watched=3)
    for row in range(4):
        template.log_event(row, 1.5, 7, alone)
    assert alone.logged[0] == 1 and alone.log[0, 0] == 3.0


@pytest.mark.parametrize("by_priority", [False, True])
@pytest.mark.parametrize("closes_at", [INFINITE, 2.0])
def test_a_run_is_that_of_the_simpy_engine(
    by_priority: bool, closes_at: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    weeks = 30
    arrivals = bulk_queue.poisson_arrivals(3.0, weeks, seed=5)
    inputs = bulk_queue.new_inputs(horizon=weeks + 0.5, impatience=0.1, mortality=0.02)
    clinic = Clinic(0, np.full(weeks, 2.5), 1.0, 0.0, by_priority, closes_at)
    people, twins = (bulk_queue.new_people(arrivals) for _ in range(2))
    people["severity"] = twins["severity"] = np.sin(np.arange(len(arrivals)))
    sums, expected = (np.zeros(bulk_queue.COUNTS, np.int64) for _ in range(2))
    for rule in fields(Rules):  # compiled, as the SimPy engine calls them, over the records themselves
        monkeypatch.setattr(template, rule.name, partial(_over, people, getattr(bulk_queue, rule.name)))
    records = people.view(np.recarray)
    each = ([0], [clinic.places], 1.0, [0.0], [int(by_priority)], [closes_at])
    unwatched, all_weeks = (-2, np.empty((0, 3))), (0, 0, weeks)
    events, bookings, _ = template.run(
        records, inputs, sums, *map(np.array, each[:2]), each[2], *map(np.array, each[3:]), *unwatched, *all_weeks
    )
    engine = SimpyEngine(bulk_queue.RULES, twins, inputs, expected, (clinic,))
    booked = [(each.offered, each.taken, each.unused, each.waiting) for each in engine.run()]
    assert bookings[0].tolist() == [list(each) for each in booked]
    assert (events, sums.tolist()) == (engine.events, expected.tolist())
    assert people.tobytes() == twins.tobytes() and expected[bulk_queue.STARTED] > 20


def _over(people: Any, rule: Any, _: Any, *rest: Any) -> Any:
    return rule(people, *rest)
