"""Every hazard is a budget: competing risks that need no redraw when a hazard changes.

For each kind of chance event a person draws a unit-exponential budget; it is spent at the current hazard; the event
happens when it is gone, and a new one is drawn. While a hazard holds, the moment of its event is known and kept; only
when the hazard changes is what is left of the budget taken from it and spread anew. Fixed-time events are plain dates.

Of K kinds of chance event and D of dated event, the first are numbered 0 to K-1, the others K to K+D-1. A model sets
`hazard`, and `due` of dated events; the rest of `fields` is kept here.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.numba_cache import inlined_rule
from lbpsim.engine.random_numbers import uniform

NEVER = math.inf
UNDRAWN = -1.0


def fields(chances: int, dates: int) -> list[tuple[Any, ...]]:
    """What a person record needs: `due`, when each event would happen; `hazard` as set by the model (per year), `held`,
    the one for which `due` stands, `budget`, what was left when that began, and `count`, the budgets drawn so far.
    """
    each = [(name, "f8", (chances,)) for name in ("hazard", "held", "budget")]
    return [("id", "i8"), ("now", "f8"), ("due", "f8", (chances + dates,)), *each, ("count", "i4", (chances,))]


@inlined_rule
def blank(person: Any) -> None:
    """Nothing drawn, nothing ahead: a person before the first `plan`."""
    for kind in range(len(person.hazard)):
        person.count[kind] = 0
        renew(person, kind)


@inlined_rule
def renew(person: Any, kind: int) -> None:
    """The event of this kind has happened: the next budget is drawn once its hazard is above zero."""
    person.budget[kind] = UNDRAWN
    person.held[kind] = 0.0
    person.due[kind] = NEVER


@inlined_rule
def plan(person: Any, seed: int, draw: int) -> None:
    """Turn the hazards that hold from now on into moments; those that have not changed keep theirs."""
    for kind in range(len(person.hazard)):
        if person.hazard[kind] != person.held[kind]:
            spread(person, kind, seed, draw)


@inlined_rule
def spread(person: Any, kind: int, seed: int, draw: int) -> None:
    """Spread what the hazard held so far has left of the budget, or a new budget, over the hazard that holds now."""
    if person.held[kind] > 0.0:
        person.budget[kind] = max((person.due[kind] - person.now) * person.held[kind], 0.0)
    elif person.budget[kind] == UNDRAWN:
        person.count[kind] += 1
        person.budget[kind] = -math.log(uniform(seed, draw, person.id, kind, person.count[kind]))
    person.held[kind] = person.hazard[kind]
    moment = person.now + person.budget[kind] / person.hazard[kind]
    person.due[kind] = moment if person.hazard[kind] > 0.0 else NEVER


@inlined_rule
def next_event(person: Any) -> tuple[float, int]:
    """Time and kind of what happens next, if nothing comes between; ties go to the lower kind."""
    time = NEVER
    event = -1
    for kind in range(len(person.due)):
        if person.due[kind] < time:
            time = person.due[kind]
            event = kind
    return time, event
