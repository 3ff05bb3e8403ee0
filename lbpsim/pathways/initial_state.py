"""Histories: what people have lived through, by the very rules of the model, before they come into it."""

from __future__ import annotations

from typing import Any

from lbpsim.engine import event_clocks
from lbpsim.engine.numba_cache import inlined_rule, rule
from lbpsim.pathways import death, life
from lbpsim.pathways.disability import effect_is_changing, rmdq
from lbpsim.pathways.person import BIRTHDAY, DEATH, NEVER
from lbpsim.pathways.rates_and_hazards import update_rates_and_hazards


@rule
def simulate_history(people: Any, until: Any, inputs_row: Any, totals: Any) -> None:
    """Live every life under usual care from the onset of pain to the moment `until` (years), one for each row.

    `totals` is filled with what nobody asks for.
    """
    for row in range(len(people)):
        life.enter(people, row, inputs_row, totals)
        live_birthdays(people[row], until[row], inputs_row[0])
        time, kind = life.next_event(people, row)
        while people[row].present == 1 and time < until[row]:
            people[row].now = time
            life.apply_event(people, row, kind, inputs_row, totals)
            live_birthdays(people[row], until[row], inputs_row[0])
            time, kind = life.next_event(people, row)
        people[row].now = until[row]


@inlined_rule
def live_birthdays(person: Any, until: float, inputs: Any) -> None:
    """Live through the birthdays up to `until` or another event, which are three events of four: nothing accrues in a
    history, so that age bears on work and death alone. Whatever else could come of one is left to the rules of life.
    """
    birthday = person.next_time[BIRTHDAY]
    person.next_time[BIRTHDAY] = NEVER
    other, _ = event_clocks.next_event(person)
    quiet = person.present == 1 and not effect_is_changing(person)
    while birthday < min(other, until) and quiet:
        person.now = birthday
        birthday += 1.0
        worked_before = person.work
        life.grow_older(person, inputs)
        if person.work != worked_before:
            update_rates_and_hazards(person, inputs)
            break
        death.hazards(person, rmdq(person, person.now), inputs)
        event_clocks.schedule_event(person, DEATH, inputs.seed, inputs.draw)
        other = min(other, person.next_time[DEATH])
    person.next_time[BIRTHDAY] = birthday
