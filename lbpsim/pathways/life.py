"""A person's life: what accrues between events, what happens at one, what may happen next. The model on one page.

These are the functions that an engine calls. Each takes the array of people and a row, so that the same compiled
code serves every engine.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine import event_clocks
from lbpsim.engine.numba_cache import array_rule, inlined_rule, rule
from lbpsim.outcomes.groups import OLDEST, QUINTILES
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import record
from lbpsim.pathways import accrual, care, cft, death, natural_history, opioids, surgery, work
from lbpsim.pathways.disability import rmdq
from lbpsim.pathways.person import (
    BACK_TO_WORK,
    BIRTHDAY,
    CFT_LIST,
    CFT_STEP,
    CHANCE_EVENTS,
    CONSULTATION,
    DEATH,
    DISORDER,
    ESTABLISHED,
    FIRST_ONSET,
    FLARE,
    FLARE_END,
    FRACTURE,
    LEAVE_CFT_LIST,
    LEAVE_WORK,
    MIGRANT,
    NEVER,
    OPIOID_START,
    OPIOID_STEP,
    OPIOID_STOP,
    OVERDOSE,
    OVERDOSE_DEATH,
    RECURRENCE,
    REFERRAL,
    REMISSION,
    REOPERATION,
    RETURN_TO_WORK,
    SURGERY_LIST,
    SURGERY_STEP,
    TAPER_END,
    TREATMENT,
    YEAR_END,
)
from lbpsim.pathways.rates_and_hazards import (
    update_after_birthday,
    update_after_flare,
    update_after_joining_or_leaving,
    update_after_time,
    update_rates_and_hazards,
)

NEW_CASES, MIGRANTS = OUTCOME_INDEX["new_cases"], OUTCOME_INDEX["migrant_cases"]
CFT_STILL_WAITING, SURGERY_STILL_WAITING = OUTCOME_INDEX["cft_still_waiting"], OUTCOME_INDEX["surgery_still_waiting"]
CFT_AT_YEAR_END, SURGERY_AT_YEAR_END = (
    OUTCOME_INDEX["cft_waiting_at_year_end"],
    OUTCOME_INDEX["surgery_waiting_at_year_end"],
)
FIFTHS = len(QUINTILES)


@rule
def enter(people: Any, row: int, inputs_row: Any, totals: Any) -> None:
    """Enter the model at `person.now`: at the start of the study, or later as a new case."""
    person, inputs = people[row], inputs_row[0]
    person.present = 1
    person.alive = 1
    person.discount_factor = math.exp(-inputs.discount_force * person.now)
    person.year = 0
    while inputs.first_year_end + person.year <= person.now:
        person.year += 1
    person.next_time[YEAR_END] = min(inputs.first_year_end + person.year, inputs.horizon)
    set_group(person, inputs)
    work.by_age(person, inputs)
    if person.origin == FIRST_ONSET:
        record(totals, person, NEW_CASES, 1.0)
    elif person.origin == MIGRANT:
        record(totals, person, MIGRANTS, 1.0)
    event_clocks.clear_clocks(person)
    update_rates_and_hazards(person, inputs)


@inlined_rule
def next_event(people: Any, row: int) -> tuple[float, int]:
    """Return the time (years since the start) and the kind of the person's next event."""
    return event_clocks.next_event(people[row])


@inlined_rule
def advance_to(people: Any, row: int, time: float, inputs_row: Any, totals: Any) -> None:
    """Advance the person to `time` without an event; costs, utility and disability accrue meanwhile."""
    person = people[row]
    inputs = inputs_row[0]
    discount_factor = math.exp(-inputs.discount_force * time)
    accrual.accrue(person, time, discount_factor, inputs, totals)
    person.now = time
    person.discount_factor = discount_factor


@inlined_rule
def apply_event(people: Any, row: int, kind: int, inputs_row: Any, totals: Any) -> None:
    """Apply an event of this kind now, then recompute the rates and hazards that it can have changed.

    The five kinds that come first here are nineteen events of twenty.
    """
    person, inputs = people[row], inputs_row[0]
    if kind == CONSULTATION:
        consultation(person, inputs, totals)
    elif kind in (FLARE, FLARE_END):
        flare_begins_or_ends(person, kind, inputs, totals)
    elif kind == BIRTHDAY:
        birthday(person, inputs, totals)
    elif kind == YEAR_END:
        year_end(person, inputs, totals)
    else:
        apply_seldom_event(person, kind, inputs, totals)


@rule
def start_service(people: Any, row: int, waiting_list: int, inputs_row: Any, totals: Any) -> bool:
    """Offer the person a place that has come up now; return whether they take it."""
    person, inputs = people[row], inputs_row[0]
    taken = True
    if waiting_list == CFT_LIST:
        taken = care.take_place(person, inputs, totals)
    else:
        surgery.operate(person, inputs, totals)
    if person.present == 1:
        update_rates_and_hazards(person, inputs)
    return taken


@rule
def turn_away(people: Any, row: int, waiting_list: int, inputs_row: Any, totals: Any) -> None:
    """Turn the person away from the list that they have just joined, because it is too long."""
    person, inputs = people[row], inputs_row[0]
    if waiting_list == CFT_LIST:
        cft.turned_away(person, totals)
    update_after_joining_or_leaving(person, inputs)


@array_rule
def priority(people: Any, rows: Any, time: float) -> Any:
    """Disability (RMDQ) of each row at `time`; lists that serve the most disabled first are ordered by it."""
    worst = people[rows]["trait"] * 0.0
    for i in range(len(rows)):
        worst[i] = rmdq(people[rows[i]], time)
    return worst


@inlined_rule
def consultation(person: Any, inputs: Any, totals: Any) -> None:
    """Consult; where nothing begins, nothing changes but the time of the next consultation and, perhaps, a place on the
    list.
    """
    begins = care.consultation(person, inputs, totals)
    event_clocks.reset_clock(person, CONSULTATION)
    if begins:
        update_rates_and_hazards(person, inputs)
    else:
        update_after_joining_or_leaving(person, inputs)
        event_clocks.schedule_event(person, CONSULTATION, inputs.seed, inputs.draw)


@inlined_rule
def flare_begins_or_ends(person: Any, kind: int, inputs: Any, totals: Any) -> None:
    """Begin or end a flare."""
    if kind == FLARE:
        natural_history.flare(person, inputs, totals)
        event_clocks.reset_clock(person, FLARE)
    else:
        natural_history.flare_ends(person)
    update_after_flare(person, inputs)


@rule
def apply_seldom_event(person: Any, kind: int, inputs: Any, totals: Any) -> None:
    """Apply an event that can change anything."""
    if kind < CHANCE_EVENTS:
        apply_chance_event(person, kind, inputs, totals)
        event_clocks.reset_clock(person, kind)
    else:
        apply_dated_event(person, kind, inputs, totals)
    if person.present == 1:
        update_rates_and_hazards(person, inputs)


@rule
def apply_chance_event(person: Any, kind: int, inputs: Any, totals: Any) -> None:
    """Apply an event whose time was drawn from a hazard."""
    if kind == REMISSION:
        natural_history.remission(person, inputs, totals)
    elif kind == RECURRENCE:
        natural_history.recurrence(person, inputs, totals)
    elif kind == OPIOID_START:
        opioids.start(person, inputs, totals)
    elif kind == OPIOID_STOP:
        opioids.stop(person, inputs, totals)
    elif kind == DISORDER:
        opioids.disorder(person, inputs, totals)
    elif kind == TREATMENT:
        opioids.treatment(person)
    elif kind == OVERDOSE:
        opioids.overdose(person, inputs, totals)
    elif kind == FRACTURE:
        opioids.fracture(person, inputs, totals)
    elif kind == REFERRAL:
        surgery.refer(person, inputs, totals)
    elif kind == REOPERATION:
        surgery.reoperate(person, inputs, totals)
    elif kind == LEAVE_CFT_LIST:
        cft.leave_list(person, inputs, totals)
    elif kind == LEAVE_WORK:
        work.leave(person, inputs, totals)
    elif kind == RETURN_TO_WORK:
        work.return_to(person, inputs, totals)
    elif kind == OVERDOSE_DEATH:
        death.from_overdose(person, inputs, totals)
    elif kind == DEATH:
        death.background(person, inputs, totals)


@rule
def apply_dated_event(person: Any, kind: int, inputs: Any, totals: Any) -> None:
    """Apply an event whose date was fixed in advance."""
    if kind == ESTABLISHED:
        natural_history.established(person)
    elif kind == OPIOID_STEP:
        opioids.next_phase(person, inputs)
    elif kind == TAPER_END:
        opioids.taper_ends(person)
    elif kind == CFT_STEP:
        cft.review(person, inputs, totals)
    elif kind == SURGERY_STEP:
        surgery.step(person, inputs, totals)
    elif kind == BACK_TO_WORK:
        work.back_after_surgery(person)


@inlined_rule
def birthday(person: Any, inputs: Any, totals: Any) -> None:
    """Become a year older: update age band, norms, mortality and working age. Beyond the horizon nobody outlives
    the life table.
    """
    if person.age == OLDEST and person.now >= inputs.horizon:
        death.die(person, 0.0, inputs, totals)
        return
    person.next_time[BIRTHDAY] += 1.0
    worked_before = person.work
    grow_older(person, inputs)
    set_group(person, inputs)
    if person.work == worked_before:
        update_after_birthday(person, inputs)
    else:
        update_rates_and_hazards(person, inputs)


@inlined_rule
def grow_older(person: Any, inputs: Any) -> None:
    """Become a year older, and begin or end work as people of that age do."""
    person.age = min(person.age + 1, OLDEST)
    work.by_age(person, inputs)


@inlined_rule
def year_end(person: Any, inputs: Any, totals: Any) -> None:
    """End a calendar year: count those waiting and, at the horizon, close the study."""
    on_cft_list = 1.0 if person.joined[CFT_LIST] != NEVER else 0.0
    on_surgery_list = 1.0 if person.joined[SURGERY_LIST] != NEVER else 0.0
    record(totals, person, CFT_AT_YEAR_END, on_cft_list)
    record(totals, person, SURGERY_AT_YEAR_END, on_surgery_list)
    if person.now >= inputs.horizon:
        record(totals, person, CFT_STILL_WAITING, on_cft_list)
        record(totals, person, SURGERY_STILL_WAITING, on_surgery_list)
        close_study(person, inputs)
        return
    person.year += 1
    person.next_time[YEAR_END] = min(inputs.first_year_end + person.year, inputs.horizon)
    update_after_time(person, inputs)


@rule
def close_study(person: Any, inputs: Any) -> None:
    """The study is over: everyone leaves the model, or is followed to death with nothing new begun; all that time is
    one last year of the sums.
    """
    if inputs.beyond == 0:
        person.present = 0
        return
    natural_history.strike_off_lists(person)
    person.year = inputs.beyond
    person.next_time[YEAR_END] = NEVER
    update_rates_and_hazards(person, inputs)


@inlined_rule
def set_group(person: Any, inputs: Any) -> None:
    """Group of age band, sex and quintile, as numbered in outcomes."""
    person.group = (inputs.age_band[person.age] * 2 + person.sex) * FIFTHS + person.quintile
