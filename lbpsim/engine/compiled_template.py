"""The fast engine of one replication, as a template: everyone runs alone, but for the bookings of the lists they are
on.

Between bookings people are independent, so a life is lived in one go until the person joins a list; there they stay,
in the order in which the list serves, and are only brought up to each booking's time. The rules are imported from
`lbpsim.engine.protocol`, a stand-in: `compiled_engine.bind` gives each model a copy of this text that imports its own
rules.
"""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any

import numpy as np

from lbpsim.engine.numba_cache import array_rule, rule
from lbpsim.engine.protocol import advance_to, apply_event, enter, next_event, priority, start_service, turn_away
from lbpsim.engine.waiting_list import list_limit, priority_order, stable_order, whole_places

NO_ROW = -1
BEFORE_ALL = -math.inf
WATCH_EVERYBODY = -1
TAKEN, DECLINED, TURNED_AWAY = -1, -51, -101  # a place, or the list itself: in the log, less the number of the list

ClinicState = namedtuple("ClinicState", "lists week first ahead diary after queue length since watched log logged")
"""What the engine keeps: the clinics' `lists`; the `first` week of these bookings; time of each person's next event
(`ahead`); by week, the first of those who join a list in it (`diary`) and who comes after each (`after`); each clinic's
`queue` of rows, its `length`, and when those on it joined (`since`); the `log` of events of the `watched` row, and how
many it holds."""


@array_rule
def run(
    people: Any,
    inputs: Any,
    totals: Any,
    lists: Any,
    places: Any,
    week: float,
    carried: Any,
    by_priority: Any,
    closes_at: Any,
    watched: int,
    log: Any,
    entered: int,
    first: int,
    until: int,
) -> tuple[int, Any, int]:
    """Live every life of one replication from week `first` to week `until`, or to its end where no week comes after;
    returns the number of events, the bookings made, and the events watched.

    `lists`: the waiting list of each clinic, shape (clinics,); `places`: that come up by week, shape (clinics, weeks);
    `carried`: fraction of a place each starts with, and in the end what is left; `by_priority`: 1 where the highest
    priority is served first; `closes_at`: expected wait in weeks from which a list takes nobody new; `log`: filled with
    events of the `watched` row, or of everybody, while it has room; `entered`: how many rows, the first, are of people
    in the middle of their lives. Bookings: places offered, taken, unused, left waiting, shape (clinics, weeks, 4).
    """
    clinics, weeks = places.shape
    number = len(people)
    state = ClinicState(
        lists,
        week,
        first,
        np.full(number, BEFORE_ALL),
        np.full(weeks + 1, NO_ROW),
        np.full(number, NO_ROW),
        np.empty((clinics, number), np.int64),
        np.zeros(clinics, np.int64),
        np.full((clinics, number), math.inf),
        watched,
        log,
        np.zeros(1, np.int64),
    )
    bookings, everybody = np.zeros((clinics, weeks, 4), np.int64), np.arange(number)
    events = live(people, everybody, BEFORE_ALL, entered, inputs, totals, state)
    for n in range(first, until):
        time = (n + 1) * week
        touched = those_ahead(n, time, state)
        events += live(people, touched, time, number, inputs, totals, state)
        for clinic in range(clinics):
            update_queue(people, touched, clinic, time, state)
            offered, carried[clinic] = whole_places(carried[clinic], places[clinic, n], state.length[clinic])
            order = order_of_service(people, clinic, by_priority[clinic], time, state)
            taken, called = assign_places(people, order, offered, clinic, time, inputs, totals, state)
            most = list_limit(closes_at[clinic], places[clinic, n])
            waiting, turned_away = close_list(people, order, called, most, clinic, time, inputs, totals, state)
            calls = called + turned_away
            events += calls + live(people, order[:calls], time, number, inputs, totals, state)
            bookings[clinic, n] = np.array([offered, taken, offered - taken, waiting])
    if until == weeks:
        events += live(people, everybody, math.inf, number, inputs, totals, state)
    return events, bookings, state.logged[0]


@rule
def live(people: Any, rows: Any, until: float, entered: int, inputs: Any, totals: Any, state: Any) -> int:
    """Let these rows live on while they wait for nothing, and to `until` while they do; returns the number of events.
    Rows from `entered` on enter first.

    It is called from one place alone: the compiler goes through all rules anew for each function that holds them.
    """
    events = 0
    for row in rows:
        if state.ahead[row] > until:  # on two lists, and brought up already
            continue
        if row >= entered:
            enter(people, row, inputs, totals)
        time, kind = next_event(people, row)
        joined = first_joined(people, row, state)
        while people[row].present == 1 and (time <= until or joined == math.inf):
            advance_to(people, row, time, inputs, totals)
            apply_event(people, row, kind, inputs, totals)
            log_event(row, time, kind, state)
            events += 1
            time, kind = next_event(people, row)
            joined = first_joined(people, row, state)
        state.ahead[row] = time
        if until < joined < math.inf and people[row].present == 1:
            enter_in_diary(row, max(joined, people[row].now), state)  # some come with a place on a list
    return events


@rule
def first_joined(people: Any, row: int, state: Any) -> float:
    """When the person joined the first of the clinics' lists they are on; infinite when on none."""
    first = math.inf
    for clinic in range(len(state.lists)):
        first = min(first, people[row].joined[state.lists[clinic]])
    return first


@rule
def enter_in_diary(row: int, since: float, state: Any) -> None:
    """Look at this person at the first booking from `since` on; after the last week, at none."""
    n = max(int(since / state.week) - 1, state.first)
    while n < len(state.diary) - 1 and (n + 1) * state.week < since:
        n += 1
    state.after[row] = state.diary[n]
    state.diary[n] = row


@array_rule
def those_ahead(n: int, time: float, state: Any) -> Any:
    """Rows of everyone on a list, or in the diary for week n, to whom something happens up to its booking."""
    found = np.empty(state.length.sum() + in_diary(n, state), np.int64)
    number = 0
    row = state.diary[n]
    while row != NO_ROW:
        found[number] = row
        number += 1
        row = state.after[row]
    for clinic in range(len(state.lists)):
        for i in range(state.length[clinic]):
            row = state.queue[clinic, i]
            if state.ahead[row] <= time:
                found[number] = row
                number += 1
    return found[:number]


@rule
def in_diary(n: int, state: Any) -> int:
    """How many people the diary has for week n."""
    number = 0
    row = state.diary[n]
    while row != NO_ROW:
        number += 1
        row = state.after[row]
    return number


@array_rule
def update_queue(people: Any, touched: Any, clinic: int, time: float, state: Any) -> None:
    """Drop those who left the clinic's list, and append those who joined it, in the order of joining."""
    queue, since, waiting_list = state.queue[clinic], state.since[clinic], state.lists[clinic]
    for row in touched:
        forget_if_left(people, row, clinic, state)
    kept = 0
    for i in range(state.length[clinic]):
        if since[queue[i]] < math.inf:
            queue[kept] = queue[i]
            kept += 1
    stays = kept
    for row in touched:
        joined = people[row].joined[waiting_list]
        if people[row].present == 1 and joined <= time and joined != since[row]:
            since[row] = joined
            queue[kept] = row
            kept += 1
    sort_by_joining(people, queue[stays:kept], since)
    if 0 < stays < kept and since[queue[stays]] <= since[queue[stays - 1]]:  # someone came with an earlier place
        sort_by_joining(people, queue[:kept], since)
    state.length[clinic] = kept


@rule
def forget_if_left(people: Any, row: int, clinic: int, state: Any) -> None:
    """Strike a person who is no longer on the clinic's list, or has joined it anew, off its queue."""
    if people[row].present == 0 or people[row].joined[state.lists[clinic]] != state.since[clinic, row]:
        state.since[clinic, row] = math.inf


@array_rule
def sort_by_joining(people: Any, rows: Any, since: Any) -> None:
    """Put rows in the order in which they joined; those who joined at the same moment by their number."""
    numbers = np.empty(len(rows))  # as times are, so that one way of sorting is compiled
    for i in range(len(rows)):
        numbers[i] = people[rows[i]].id
    by_number = rows[stable_order(numbers)]
    by_joining = by_number[stable_order(since[by_number])]
    for i in range(len(rows)):  # one by one: arrays laid into arrays take seconds to compile
        rows[i] = by_joining[i]


@array_rule
def order_of_service(people: Any, clinic: int, by_priority: int, time: float, state: Any) -> Any:
    """Rows of those on the clinic's list, in the order in which places are given out."""
    queue = state.queue[clinic, : state.length[clinic]]
    if by_priority == 1:
        queue = queue[priority_order(priority(people, queue, time))]
    return queue.copy()


@rule
def assign_places(
    people: Any, order: Any, offered: int, clinic: int, time: float, inputs: Any, totals: Any, state: Any
) -> tuple[int, int]:
    """Call those on the list, in order, until every place is taken; returns places taken, and how many were called."""
    taken, called = 0, 0
    while called < len(order) and taken < offered:
        row = order[called]
        advance_to(people, row, time, inputs, totals)
        took = start_service(people, row, state.lists[clinic], inputs, totals)
        log_event(row, time, (TAKEN if took else DECLINED) - state.lists[clinic], state)
        after_call(people, row, state)
        taken += took
        called += 1
    return taken, called


@rule
def close_list(
    people: Any,
    order: Any,
    called: int,
    most: float,
    clinic: int,
    time: float,
    inputs: Any,
    totals: Any,
    state: Any,
) -> tuple[int, int]:
    """Turn away the last who joined since the last booking while more than `most` wait; returns how many wait, and how
    many were turned away: they come in `order` behind those who were called, in place of those who wait.
    """
    queue, since, length = state.queue[clinic], state.since[clinic], state.length[clinic]
    waiting, turned_away = 0, 0
    for i in range(length):
        waiting += since[queue[i]] < math.inf
    for i in range(length - 1, -1, -1):
        row = queue[i]
        if waiting <= most or since[row] <= time - state.week:
            break
        if since[row] < math.inf:
            advance_to(people, row, time, inputs, totals)
            turn_away(people, row, state.lists[clinic], inputs, totals)
            log_event(row, time, TURNED_AWAY - state.lists[clinic], state)
            after_call(people, row, state)
            order[called + turned_away] = row
            turned_away += 1
            waiting -= 1
    return waiting, turned_away


@rule
def after_call(people: Any, row: int, state: Any) -> None:
    """The clinic has called this person: strike them off lists that they have left; what comes next may have changed,
    so they live on when all have been called.
    """
    state.ahead[row] = BEFORE_ALL
    for other in range(len(state.lists)):
        forget_if_left(people, row, other, state)


@rule
def log_event(row: int, time: float, kind: int, state: Any) -> None:
    """Log an event that is watched, while there is room."""
    if state.watched == WATCH_EVERYBODY or state.watched == row:
        n = state.logged[0]
        state.logged[0] += 1
        if n < len(state.log):
            state.log[n, 0], state.log[n, 1], state.log[n, 2] = row, time, kind
