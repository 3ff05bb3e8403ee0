"""How people enter the emulated trial, how they are measured at its visits, and what each of them comes to."""

from __future__ import annotations

from typing import Any

import numpy as np

from lbpsim.engine.compiling import array_rule, rule
from lbpsim.pathways import life
from lbpsim.pathways.care import eligible_for_cft
from lbpsim.pathways.disability import pain, rmdq
from lbpsim.pathways.state import AWAITING_SURGERY, CFT_LIST, CONSULTATION


@array_rule
def enrol(people: Any, inputs: Any, totals: Any, deadline: float, no_surgery_within: float = 0.0) -> Any:
    """Let everyone live to the consultation at which they qualify; 1 for those who do before the deadline.

    `no_surgery_within`: years within which nobody may have a date for an operation.
    """
    qualifies = np.zeros(len(people), np.bool_)
    for row in range(len(people)):
        if people[row].now >= deadline:
            continue
        life.enter(people, row, inputs, totals)
        while people[row].present == 1 and not qualifies[row]:
            time, kind = life.next_event(people, row)
            if time >= deadline:
                break
            life.live_until(people, row, time, inputs, totals)
            if kind == CONSULTATION and eligible_for_cft(people[row], inputs[0]):
                qualifies[row] = not operated_soon(people[row], no_surgery_within)
            life.happen(people, row, kind, inputs, totals)
    return qualifies


@rule
def operated_soon(person: Any, within: float) -> bool:
    """Whether the person has a date for an operation less than `within` years away."""
    return person.surgery == AWAITING_SURGERY and person.surgery_date < person.now + within


@rule
def follow(people: Any, inputs: Any, totals: Any, visits: Any, treated: int, measured: Any) -> None:
    """Measure RMDQ and pain at each visit, counted from now; the dead are not measured."""
    for row in range(len(people)):
        start = people[row].now
        if treated == 1:
            treat(people, row, inputs, totals)
        for visit in range(len(visits)):
            until = start + visits[visit]
            live_to(people, row, until, inputs, totals)
            if people[row].present == 1:
                measured[0, row, visit] = rmdq(people[row], until)
                measured[1, row, visit] = pain(people[row], until)


@array_rule
def account(people: Any, inputs: Any, totals: Any, marks: Any, treated: int, outcomes: Any, sums: Any) -> None:
    """What each person comes to, undiscounted, from now to each mark (years); `totals` must be blank, and are again.

    `outcomes`: numbers of those to keep; `sums`: filled, shape (people, marks, outcomes).
    """
    for row in range(len(people)):
        start = people[row].now
        if treated == 1:
            treat(people, row, inputs, totals)
        for mark in range(len(marks)):
            live_to(people, row, start + marks[mark], inputs, totals)
            if people[row].present == 1:
                life.live_until(people, row, start + marks[mark], inputs, totals)
            for i in range(len(outcomes)):
                sums[row, mark, i] = totals[0, :, :, outcomes[i]].sum()
        totals[:] = 0


@rule
def treat(people: Any, row: int, inputs: Any, totals: Any) -> None:
    """A course that begins at once."""
    people[row].joined[CFT_LIST] = people[row].now
    life.serve(people, row, CFT_LIST, inputs, totals)


@rule
def live_to(people: Any, row: int, until: float, inputs: Any, totals: Any) -> None:
    """Live through everything that happens up to `until`."""
    time, kind = life.next_event(people, row)
    while people[row].present == 1 and time <= until:
        life.live_until(people, row, time, inputs, totals)
        life.happen(people, row, kind, inputs, totals)
        time, kind = life.next_event(people, row)
