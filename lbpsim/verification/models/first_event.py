"""The engine's chances laid bare: many uniforms at once, and the first event of people whose hazards change."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine.event_clocks import NEVER, clear_clocks, fields, next_event, schedule_events
from lbpsim.engine.numba_cache import array_rule
from lbpsim.engine.random_numbers import uniform
from lbpsim.outcomes.arrays import Numbers

CHANCES, DATES = 3, 1
PERSON = np.dtype(fields(CHANCES, DATES), align=True)


@array_rule
def uniform_each(seeds: Any, draws: Any, people: Any, kinds: Any, occurrences: Any) -> Any:
    """One uniform for each row of five equally long arrays."""
    numbers = np.empty(len(seeds))
    for i in range(len(seeds)):
        numbers[i] = uniform(seeds[i], draws[i], people[i], kinds[i], occurrences[i])
    return numbers


@array_rule
def live_to_the_first(people: Any, seed: int, ends: Any, hazards: Any, kinds: Any) -> None:
    """Live to the first event: `hazards[n]` hold to `ends[n]`, the last to infinity; `now` becomes its time."""
    for row in range(len(people)):
        person = people[row]
        clear_clocks(person)
        for stretch in range(len(ends)):
            person.hazard[:] = hazards[stretch]
            schedule_events(person, seed, 0)
            time, kind = next_event(person)
            if time <= ends[stretch]:
                person.now = time
                kinds[row] = kind
                break
            person.now = ends[stretch]


def first_events(
    ends: list[float], hazards: list[list[float]], *, people: int, seed: int
) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """Time and kind of the first event of each of `people`; shape (people,) both.

    `ends`: until when each row of `hazards` (per unit of time, one for each of CHANCES) holds, the last infinite.
    """
    persons, kinds = np.zeros(people, PERSON), np.full(people, -1, np.int64)
    persons["id"], persons["next_time"] = np.arange(people), NEVER
    live_to_the_first(persons, seed, np.array(ends), np.array(hazards), kinds)
    return persons["now"].copy(), kinds
