"""A clock for each kind of event: competing risks that need no redraw when a hazard changes.

For each kind of chance event a person draws a unit-exponential time, which a clock counts down at the current hazard.
The event happens when the clock reaches zero, and a new time is drawn. While a hazard is constant, the time of its
event is known and kept; only when the hazard changes is what remains on the clock divided by the new one. Events at
fixed times need no clock.

Of K kinds of chance event and D of dated event, the first are numbered 0 to K-1, the others K to K+D-1. A model sets
`hazard`, and `next_time` of dated events; the rest of `fields` is kept here.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.numba_cache import inlined_rule
from lbpsim.engine.random_numbers import uniform

NEVER = math.inf
UNDRAWN = -1.0


def fields(chances: int, dates: int) -> list[tuple[Any, ...]]:
    """Fields of a person record: `next_time` of each event (years), `hazard` as set by the model (per year),
    `scheduled_hazard` for which `next_time` holds, `remaining` on the clock when that began, and how many clocks were
    drawn so far (`clocks_drawn`).
    """
    each = [(name, "f8", (chances,)) for name in ("hazard", "scheduled_hazard", "remaining")]
    times = ("next_time", "f8", (chances + dates,))
    return [("id", "i8"), ("now", "f8"), times, *each, ("clocks_drawn", "i4", (chances,))]


@inlined_rule
def clear_clocks(person: Any) -> None:
    """Nothing drawn, nothing ahead: a person before the first `schedule_events`."""
    for kind in range(len(person.hazard)):
        person.clocks_drawn[kind] = 0
        reset_clock(person, kind)


@inlined_rule
def reset_clock(person: Any, kind: int) -> None:
    """The event of this kind has happened: a new clock is drawn once its hazard is above zero."""
    person.remaining[kind] = UNDRAWN
    person.scheduled_hazard[kind] = 0.0
    person.next_time[kind] = NEVER


@inlined_rule
def schedule_events(person: Any, seed: int, draw: int) -> None:
    """Schedule the next event of each kind from current hazards. Kinds with an unchanged hazard keep their time."""
    for kind in range(len(person.hazard)):
        schedule_event(person, kind, seed, draw)


@inlined_rule
def schedule_event(person: Any, kind: int, seed: int, draw: int) -> None:
    """As `schedule_events`, for one kind."""
    if person.hazard[kind] != person.scheduled_hazard[kind]:
        reschedule(person, kind, seed, draw)


@inlined_rule
def reschedule(person: Any, kind: int, seed: int, draw: int) -> None:
    """Schedule one kind anew: what remains on its clock, or a new clock, divided by the current hazard."""
    if person.scheduled_hazard[kind] > 0.0:
        person.remaining[kind] = max((person.next_time[kind] - person.now) * person.scheduled_hazard[kind], 0.0)
    elif person.remaining[kind] == UNDRAWN:
        draw_clock(person, kind, seed, draw)
    person.scheduled_hazard[kind] = person.hazard[kind]
    moment = person.now + person.remaining[kind] / person.hazard[kind]
    person.next_time[kind] = moment if person.hazard[kind] > 0.0 else NEVER


@inlined_rule
def draw_clock(person: Any, kind: int, seed: int, draw: int) -> None:
    """Draw a new clock: a unit-exponential time."""
    person.clocks_drawn[kind] += 1
    person.remaining[kind] = -math.log(uniform(seed, draw, person.id, kind, person.clocks_drawn[kind]))


def clear_what_follows(people: Any) -> None:
    """Clear, in the records of people between two events, what `set_what_follows` makes again of the rest; and what
    remained on clocks when they began to run, which nobody asks for again.
    """
    people["hazard"] = 0.0
    people["remaining"][people["scheduled_hazard"] > 0.0] = UNDRAWN


def set_what_follows(people: Any) -> None:
    """Between two events every clock runs at the current hazard."""
    people["hazard"] = people["scheduled_hazard"]


@inlined_rule
def next_event(person: Any) -> tuple[float, int]:
    """Time and kind of what happens next, if nothing comes between; ties go to the lower kind.

    Four stretches of the list are searched side by side: one after the other, each comparison waits for the last.
    """
    times = person.next_time
    number = len(times)
    part = (number + 3) // 4
    first, second, third, fourth = NEVER, NEVER, NEVER, NEVER
    kind_1, kind_2, kind_3, kind_4 = -1, -1, -1, -1
    for kind in range(part):
        if times[kind] < first:
            first, kind_1 = times[kind], kind
        if part + kind < number and times[part + kind] < second:
            second, kind_2 = times[part + kind], part + kind
        if 2 * part + kind < number and times[2 * part + kind] < third:
            third, kind_3 = times[2 * part + kind], 2 * part + kind
        if 3 * part + kind < number and times[3 * part + kind] < fourth:
            fourth, kind_4 = times[3 * part + kind], 3 * part + kind
    first, kind_1 = earlier(first, kind_1, second, kind_2)
    third, kind_3 = earlier(third, kind_3, fourth, kind_4)
    return earlier(first, kind_1, third, kind_3)


@inlined_rule
def earlier(time: float, kind: int, other_time: float, other_kind: int) -> tuple[float, int]:
    """The earlier of two events, of which the other has the higher kind."""
    if other_time < time:
        return other_time, other_kind
    return time, kind
