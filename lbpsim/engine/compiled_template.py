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
from lbpsim.engine.protocol import enter, happen, live_until, next_event, serve, turn_away, urgency
from lbpsim.engine.waiting_list import in_order, room, whole_places

NOBODY = -1
BEFORE_ALL = -math.inf
EVERYBODY = -1
TAKEN, DECLINED, TURNED_AWAY = -1, -51, -101  # a place, or the list itself: in the log, less the number of the list

Desk = namedtuple("Desk", "lists week ahead coming diary after queue length since watched log logged")
"""What the engine keeps: the clinics' `lists`; time and kind of each person's next event (`ahead`, `coming`); by week,
the first of those who join a list in it (`diary`) and who comes after each (`after`); each clinic's `queue` of rows,
its `length`, and when those on it joined (`since`); the `log` of events of the `watched` row, and how many it holds."""


@array_rule
def run(
    people: Any,
    inputs: Any,
    totals: Any,
    lists: Any,
    places: Any,
    week: float,
    carried: Any,
    severity: Any,
    closes_at: Any,
    watched: int,
    log: Any,
) -> tuple[int, Any, int]:
    """Live every life of one replication; returns the number of events, the bookings made, and the events watched.

    `lists`: the waiting list of each clinic, shape (clinics,); `places`: that come up by week, shape (clinics, weeks);
    `carried`: fraction of a place each starts with; `severity`: 1 where a clinic serves the worst off first;
    `closes_at`: expected wait in weeks from which its list takes nobody new; `log`: filled with events of the `watched`
    row, or of everybody, while it has room. Bookings have shape (clinics, weeks, 4): places offered, taken, unused,
    people left waiting.
    """
    clinics, weeks = places.shape
    number = len(people)
    desk = Desk(
        lists,
        week,
        np.empty(number),
        np.empty(number, np.int64),
        np.full(weeks + 1, NOBODY),
        np.full(number, NOBODY),
        np.empty((clinics, number), np.int64),
        np.zeros(clinics, np.int64),
        np.full((clinics, number), math.inf),
        watched,
        log,
        np.zeros(1, np.int64),
    )
    bookings = np.zeros((clinics, weeks, 4), np.int64)
    events = 0
    for row in range(number):
        enter(people, row, inputs, totals)
        desk.ahead[row], desk.coming[row] = next_event(people, row)
        events = live_alone(people, row, BEFORE_ALL, inputs, totals, desk, events)
    for n in range(weeks):
        touched, events = bring_up(people, n, inputs, totals, desk, events)
        for clinic in range(clinics):
            update_queue(people, touched, clinic, (n + 1) * week, desk)
            offered, carried[clinic] = whole_places(carried[clinic], places[clinic, n], desk.length[clinic])
            order = order_of_service(people, clinic, severity[clinic], (n + 1) * week, desk)
            taken, events = give_out(people, order, offered, clinic, (n + 1) * week, inputs, totals, desk, events)
            most = room(closes_at[clinic], places[clinic, n])
            waiting, events = close(people, most, clinic, (n + 1) * week, inputs, totals, desk, events)
            bookings[clinic, n] = np.array([offered, taken, offered - taken, waiting])
    for row in range(number):
        events = live_alone(people, row, math.inf, inputs, totals, desk, events)
    return events, bookings, desk.logged[0]


@rule
def live_alone(people: Any, row: int, until: float, inputs: Any, totals: Any, desk: Any, events: int) -> int:
    """Live on while nothing is waited for, and to `until` while something is; returns the number of events so far."""
    time, kind = desk.ahead[row], desk.coming[row]
    joined = first_joined(people, row, desk)
    while people[row].present == 1 and (time <= until or joined == math.inf):
        live_until(people, row, time, inputs, totals)
        happen(people, row, kind, inputs, totals)
        note(row, time, kind, desk)
        events += 1
        time, kind = next_event(people, row)
        joined = first_joined(people, row, desk)
    desk.ahead[row], desk.coming[row] = time, kind
    if until < joined < math.inf and people[row].present == 1:
        enter_in_diary(row, max(joined, people[row].now), desk)  # some come with a place on a list
    return events


@rule
def first_joined(people: Any, row: int, desk: Any) -> float:
    """When the person joined the first of the clinics' lists they are on; infinite when on none."""
    first = math.inf
    for clinic in range(len(desk.lists)):
        first = min(first, people[row].joined[desk.lists[clinic]])
    return first


@rule
def enter_in_diary(row: int, since: float, desk: Any) -> None:
    """Look at this person at the first booking from `since` on; after the last week, at none."""
    n = max(int(since / desk.week) - 1, 0)
    while n < len(desk.diary) - 1 and (n + 1) * desk.week < since:
        n += 1
    desk.after[row] = desk.diary[n]
    desk.diary[n] = row


@array_rule
def bring_up(people: Any, n: int, inputs: Any, totals: Any, desk: Any, events: int) -> tuple[Any, int]:
    """Bring everyone on a list, or in the diary for week n, up to its booking; returns the rows that moved."""
    time = (n + 1) * desk.week
    touched = np.empty(desk.length.sum() + in_diary(n, desk), np.int64)
    found = 0
    row = desk.diary[n]
    while row != NOBODY:
        touched[found] = row
        found += 1
        row = desk.after[row]
    for clinic in range(len(desk.lists)):
        for i in range(desk.length[clinic]):
            row = desk.queue[clinic, i]
            if desk.ahead[row] <= time:
                touched[found] = row
                found += 1
    for row in touched[:found]:
        if desk.ahead[row] > time:  # on two lists, and brought up already
            continue
        events = live_alone(people, row, time, inputs, totals, desk, events)
    return touched[:found], events


@rule
def in_diary(n: int, desk: Any) -> int:
    """How many people the diary has for week n."""
    number = 0
    row = desk.diary[n]
    while row != NOBODY:
        number += 1
        row = desk.after[row]
    return number


@array_rule
def update_queue(people: Any, touched: Any, clinic: int, time: float, desk: Any) -> None:
    """Drop those who left the clinic's list, and append those who joined it, in the order of joining."""
    queue, since, waiting_list = desk.queue[clinic], desk.since[clinic], desk.lists[clinic]
    for row in touched:
        forget_if_left(people, row, clinic, desk)
    kept = 0
    for i in range(desk.length[clinic]):
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
    queue[stays:kept] = sorted_by_joining(people, queue[stays:kept], since)
    desk.length[clinic] = kept


@rule
def forget_if_left(people: Any, row: int, clinic: int, desk: Any) -> None:
    """Strike a person who is no longer on the clinic's list, or has joined it anew, off its queue."""
    if people[row].present == 0 or people[row].joined[desk.lists[clinic]] != desk.since[clinic, row]:
        desk.since[clinic, row] = math.inf


@array_rule
def sorted_by_joining(people: Any, rows: Any, since: Any) -> Any:
    """Rows in the order in which they joined; those who joined at the same moment by their number."""
    numbers = np.empty(len(rows), np.int64)
    for i in range(len(rows)):
        numbers[i] = people[rows[i]].id
    rows = rows[np.argsort(numbers, kind="mergesort")]
    return rows[np.argsort(since[rows], kind="mergesort")]


@array_rule
def order_of_service(people: Any, clinic: int, by_severity: int, time: float, desk: Any) -> Any:
    """Rows of those on the clinic's list, in the order in which places are given out."""
    queue = desk.queue[clinic, : desk.length[clinic]]
    if by_severity == 1:
        queue = queue[in_order(urgency(people, queue, time))]
    return queue.copy()


@rule
def give_out(
    people: Any,
    order: Any,
    offered: int,
    clinic: int,
    time: float,
    inputs: Any,
    totals: Any,
    desk: Any,
    events: int,
) -> tuple[int, int]:
    """Call those on the list, in order, until every place is taken; returns places taken and the number of events."""
    taken = 0
    for row in order:
        if taken == offered:
            break
        live_until(people, row, time, inputs, totals)
        took = serve(people, row, desk.lists[clinic], inputs, totals)
        note(row, time, (TAKEN if took else DECLINED) - desk.lists[clinic], desk)
        taken += took
        events = go_on(people, row, time, inputs, totals, desk, events)
    return taken, events


@rule
def close(
    people: Any, most: float, clinic: int, time: float, inputs: Any, totals: Any, desk: Any, events: int
) -> tuple[int, int]:
    """Turn away the last who joined since the last booking while more than `most` wait; how many wait, and events."""
    queue, since, length = desk.queue[clinic], desk.since[clinic], desk.length[clinic]
    waiting = 0
    for i in range(length):
        waiting += since[queue[i]] < math.inf
    for i in range(length - 1, -1, -1):
        row = queue[i]
        if waiting <= most or since[row] <= time - desk.week:
            break
        if since[row] < math.inf:
            live_until(people, row, time, inputs, totals)
            turn_away(people, row, desk.lists[clinic], inputs, totals)
            note(row, time, TURNED_AWAY - desk.lists[clinic], desk)
            events = go_on(people, row, time, inputs, totals, desk, events)
            waiting -= 1
    return waiting, events


@rule
def go_on(people: Any, row: int, time: float, inputs: Any, totals: Any, desk: Any, events: int) -> int:
    """Life after a call from the clinic; returns the number of events so far."""
    for other in range(len(desk.lists)):
        forget_if_left(people, row, other, desk)
    desk.ahead[row], desk.coming[row] = next_event(people, row)
    return live_alone(people, row, time, inputs, totals, desk, events + 1)


@rule
def note(row: int, time: float, kind: int, desk: Any) -> None:
    """Log an event that is watched, while there is room."""
    if desk.watched == EVERYBODY or desk.watched == row:
        n = desk.logged[0]
        desk.logged[0] += 1
        if n < len(desk.log):
            desk.log[n, 0], desk.log[n, 1], desk.log[n, 2] = row, time, kind
