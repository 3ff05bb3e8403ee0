"""Histories: what people have lived through, by the very rules of the model, before they come into it."""

from __future__ import annotations

from typing import Any

from lbpsim.engine.numba_cache import rule
from lbpsim.pathways import life


@rule
def simulate_history(people: Any, until: Any, inputs_row: Any, totals: Any) -> None:
    """Live every life under usual care from the onset of pain to the moment `until` (years), one for each row.

    `totals` is filled with what nobody asks for.
    """
    for row in range(len(people)):
        life.enter(people, row, inputs_row, totals)
        time, kind = life.next_event(people, row)
        while people[row].present == 1 and time < until[row]:
            people[row].now = time
            life.apply_event(people, row, kind, inputs_row, totals)
            time, kind = life.next_event(people, row)
        people[row].now = until[row]
