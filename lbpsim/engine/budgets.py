"""Every hazard is a budget: competing risks that need no redraw when a hazard changes.

For each kind of chance event a person draws a unit-exponential budget once; it is spent at the current hazard; the
event happens when it is gone, and a new one is drawn. Fixed-time events are plain dates. A person record offers:
`id, now, budget[K], hazard[K], count[K], due[D]`; chance events are numbered 0 to K-1, dated events K to K+D-1.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.chance import uniform
from lbpsim.engine.compiling import rule


@rule
def refill(person: Any, kind: int, seed: int, draw: int) -> None:
    """Draw the next unit-exponential budget of this kind."""
    person.count[kind] += 1
    person.budget[kind] = -math.log(uniform(seed, draw, person.id, kind, person.count[kind]))


@rule
def fill_all(person: Any, seed: int, draw: int) -> None:
    """Draw the first budget of every kind."""
    for kind in range(len(person.budget)):
        refill(person, kind, seed, draw)


@rule
def next_event(person: Any) -> tuple[float, int]:
    """Time and kind of what happens next, if nothing comes between; ties go to the lower kind."""
    time = math.inf
    event = -1
    for kind in range(len(person.hazard)):
        if person.hazard[kind] > 0.0:
            moment = person.now + max(person.budget[kind], 0.0) / person.hazard[kind]
            if moment < time:
                time = moment
                event = kind
    for date in range(len(person.due)):
        if person.due[date] < time:
            time = person.due[date]
            event = len(person.hazard) + date
    return time, event


@rule
def spend(person: Any, time: float) -> None:
    """Move the person's clock to `time`, spending every budget at the hazard held since the last event."""
    span = time - person.now
    for kind in range(len(person.hazard)):
        if person.hazard[kind] > 0.0:
            person.budget[kind] -= person.hazard[kind] * span
    person.now = time
