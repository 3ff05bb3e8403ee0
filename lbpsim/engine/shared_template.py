"""Lives that several branches of a model share, as a template: each is lived once, and copied where a branch parts.

A branch is what people live under, such as a policy; the trunk is what all live under until a branch first does
something to them. Whoever parts is handed to that branch as they stand, to live on in `compiled_template`. What accrues
before goes to the sums of the *set* of branches that have not parted yet. So the sums of a branch are those of all sets
that hold it, and its own; they are integers, and so the same as if every life had been lived in full.

The rules are imported from `lbpsim.engine.protocol`, a stand-in, as in `compiled_template`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lbpsim.engine.numba_cache import array_rule, rule
from lbpsim.engine.protocol import (
    advance_to,
    apply_event,
    begin_shadow,
    can_part,
    enter,
    follow,
    follows,
    hand_over,
    has_changed,
    next_event,
    parts_at_events,
    parts_by_event,
)

NO_SET = -1


@array_rule
def run(
    people: Any,
    first: int,
    trunk: Any,
    branches: Any,
    shadows: Any,
    sets: Any,
    events: Any,
    sums: Any,
    parted: Any,
    found: Any,
) -> int:
    """Live lives under the trunk, from the `first` on, as far as any branch shares them.

    `trunk`: inputs, shape (1,); `branches`: inputs of each branch, shape (branches,), at most 62; `shadows`: room for
    what each has done without parting, and one more, shape (branches + 1,). `sets`: sets of branches, as bits, shape
    (sets,), -1 where none is yet; the first are each branch alone, then all; `events`, `sums`: of each set, shapes
    (sets,) and (sets, ...). `parted`: filled with the records of those who part, shape (branches, people), and `found`
    with how many they are, shape (branches,).

    Returns the row of whom there may be too few sets for: make more room, and go on from there. Where all have lived,
    it is the number of people.
    """
    clocks = len(shadows[0].parts_at)
    watching, marks = np.empty(clocks, np.int64), np.empty((clocks, 2))
    for clock in range(clocks):
        watching[clock] = who_follows(clock, branches)
    everyone, asking = (1 << len(branches)) - 1, who_asks(branches)
    sets[place_of(everyone, sets)] = everyone
    for row in range(first, len(people)):
        if len(sets) < len(branches) or sets[len(sets) - len(branches)] != NO_SET:  # for all in which one life parts
            return row
        live_together(
            people, row, trunk, branches, shadows, sets, events, sums, parted, found, everyone, asking, watching, marks
        )
    return len(people)


@rule
def live_together(
    people: Any,
    row: int,
    trunk: Any,
    branches: Any,
    shadows: Any,
    sets: Any,
    events: Any,
    sums: Any,
    parted: Any,
    found: Any,
    together: int,
    asking: int,
    watching: Any,
    marks: Any,
) -> None:
    """Live one life as far as any of the branches that are `together` shares it.

    `asking`: branches that can part at an event; `watching`: those that follow each clock, shape (clocks,), which is
    compared with its `marks`, shape (clocks, 2), to see whether it has changed.
    """
    place = place_of(together, sets)
    here = sums[place]
    enter(people, row, trunk, here)
    soonest = begin_shadows(people[row], shadows, branches, marks)
    while people[row].present == 1:
        time, kind = next_event(people, row)
        if soonest <= time or (asking & together != 0 and can_part(kind)):
            apart = who_parts(people[row], time, kind, together, asking & together, shadows, branches, sums)
            if apart != 0:
                part(people[row], apart, shadows, branches, parted, found)
                together &= ~apart
                if together == 0:
                    break
                place = place_of(together, sets)
                sets[place] = together
                here = sums[place]
            if soonest <= time:
                soonest = soonest_of(together, shadows)
        advance_to(people, row, time, trunk, here)
        apply_event(people, row, kind, trunk, here)
        events[place] += 1
        for clock in range(len(watching)):
            if watching[clock] & together != 0 and has_changed(people[row], clock, marks):
                soonest = min(soonest, all_follow(people[row], clock, watching[clock] & together, shadows, branches))


@rule
def who_follows(clock: int, branches: Any) -> int:
    """The set of branches under which a clock may run apart from that of the trunk."""
    some = 0
    for branch in range(len(branches)):
        some |= follows(branches[branch], clock) << branch
    return some


@rule
def who_asks(branches: Any) -> int:
    """The set of branches that can part at an event."""
    some = 0
    for branch in range(len(branches)):
        some |= parts_at_events(branches[branch]) << branch
    return some


@rule
def begin_shadows(person: Any, shadows: Any, branches: Any, marks: Any) -> float:
    """Begin the shadow of each branch, and mark the clocks; returns when the first parts of itself."""
    for clock in range(len(marks)):
        has_changed(person, clock, marks)
    for branch in range(len(branches)):
        begin_shadow(person, shadows[branch], branches[branch])
    return soonest_of((1 << len(branches)) - 1, shadows)


@rule
def soonest_of(some: int, shadows: Any) -> float:
    """When the first of some branches parts of itself, if nothing comes between."""
    time = math.inf
    for branch in range(len(shadows) - 1):
        if some >> branch & 1:
            time = min(time, parts_at(shadows[branch]))
    return time


@rule
def parts_at(shadow: Any) -> float:
    """When a branch parts of itself, if nothing comes between: with the first clock that runs apart."""
    time = math.inf
    for clock in range(len(shadow.parts_at)):
        time = min(time, shadow.parts_at[clock])
    return time


@rule
def who_parts(
    person: Any, time: float, kind: int, together: int, asking: int, shadows: Any, branches: Any, sums: Any
) -> int:
    """Those of the branches that part before the person's next event, of this kind at `time`, or by it."""
    apart = 0
    for branch in range(len(branches)):
        if (together >> branch & 1 and parts_at(shadows[branch]) <= time) or (
            asking >> branch & 1 and parts_by_event(person, time, kind, branch, shadows, branches, sums)
        ):
            apart |= 1 << branch
    return apart


@rule
def part(person: Any, apart: int, shadows: Any, branches: Any, parted: Any, found: Any) -> None:
    """Copy the record of a person for each of the branches that part."""
    for branch in range(len(branches)):
        if apart >> branch & 1:
            parted[branch, found[branch]] = person
            hand_over(parted[branch, found[branch]], shadows[branch], branches[branch])
            found[branch] += 1


@rule
def all_follow(person: Any, clock: int, watching: int, shadows: Any, branches: Any) -> float:
    """Let the shadows of these branches follow a clock that has changed; returns when the first parts by it."""
    soonest = math.inf
    for branch in range(len(branches)):
        if watching >> branch & 1:
            follow(person, shadows[branch], clock, branches[branch])
            soonest = min(soonest, shadows[branch].parts_at[clock])
    return soonest


@rule
def add_sets_up(sets: Any, sums: Any, branches: int) -> None:
    """Add to the sums of each branch alone those of all sets that hold it; `sums`: shape (sets, numbers in all)."""
    for place in range(branches, len(sets)):
        for cell in range(sums.shape[1] if sets[place] != NO_SET else 0):
            amount = sums[place, cell]
            if amount != 0:  # as most are
                for branch in range(branches):
                    sums[branch, cell] += amount * (sets[place] >> branch & 1)


@rule
def place_of(together: int, sets: Any) -> int:
    """Where this set of branches stands, or the first place that is free; there has to be one."""
    place = 0
    while sets[place] != together and sets[place] != NO_SET:
        place += 1
    return place
