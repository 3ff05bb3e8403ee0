"""A person's life: what accrues between events, what happens at one, what may happen next. The model on one page.

These are the functions that an engine calls. Each takes the array of people and a row, so that the same compiled
code serves every driver.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine import event_clocks
from lbpsim.engine.numba_cache import array_rule, rule
from lbpsim.outcomes.groups import OLDEST, QUINTILES
from lbpsim.outcomes.measures import NUMBER
from lbpsim.outcomes.totals import count
from lbpsim.pathways import accrual, care, cft, death, natural_history, opioids, surgery, work
from lbpsim.pathways.disability import rmdq
from lbpsim.pathways.person import (
    BACK_TO_WORK,
    BIRTHDAY,
    CFT_LIST,
    CFT_STEP,
    CHANCES,
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
    POLICY_DATE,
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

NEW_CASES, MIGRANTS = NUMBER["new_cases"], NUMBER["migrant_cases"]
CFT_STILL_WAITING, SURGERY_STILL_WAITING = NUMBER["cft_still_waiting"], NUMBER["surgery_still_waiting"]
CFT_AT_YEAR_END, SURGERY_AT_YEAR_END = NUMBER["cft_waiting_at_year_end"], NUMBER["surgery_waiting_at_year_end"]
FIFTHS = len(QUINTILES)


@rule
def enter(people: Any, row: int, inputs_row: Any, totals: Any) -> None:
    """The person enters the model at `person.now`: at the start, or as a new case later."""
    person, inputs = people[row], inputs_row[0]
    person.present = 1
    person.alive = 1
    person.worth = math.exp(-inputs.discount_force * person.now)
    person.year = 0
    while inputs.first_year_end + person.year <= person.now:
        person.year += 1
    person.due[YEAR_END] = min(inputs.first_year_end + person.year, inputs.horizon)
    set_group(person, inputs)
    set_lever(person, inputs)
    work.by_age(person, inputs)
    if person.origin == FIRST_ONSET:
        count(totals, person, NEW_CASES, 1.0)
    elif person.origin == MIGRANT:
        count(totals, person, MIGRANTS, 1.0)
    event_clocks.blank(person)
    from_now_on(person, inputs)


@rule
def next_event(people: Any, row: int) -> tuple[float, int]:
    """Time and kind of the person's next event."""
    return event_clocks.next_event(people[row])


@rule
def live_until(people: Any, row: int, time: float, inputs_row: Any, totals: Any) -> None:
    """Nothing happens until `time`: rates accrue along their lines."""
    person = people[row]
    inputs = inputs_row[0]
    accrual.accrue(person, time, inputs, totals)
    person.now = time
    person.worth = math.exp(-inputs.discount_force * time)


@rule
def happen(people: Any, row: int, kind: int, inputs_row: Any, totals: Any) -> None:
    """The event of this kind happens now; then rates and hazards are those of the new state."""
    person, inputs = people[row], inputs_row[0]
    if kind < CHANCES:
        chance_event(person, kind, inputs, totals)
        event_clocks.renew(person, kind)
    else:
        dated_event(person, kind, inputs, totals)
    if person.present == 1:
        from_now_on(person, inputs)


@rule
def serve(people: Any, row: int, waiting_list: int, inputs_row: Any, totals: Any) -> bool:
    """The clinic calls: a place has come up for the person, now; whether they take it."""
    person, inputs = people[row], inputs_row[0]
    taken = True
    if waiting_list == CFT_LIST:
        taken = care.place(person, inputs, totals)
    else:
        surgery.operate(person, inputs, totals)
    if person.present == 1:
        from_now_on(person, inputs)
    return taken


@rule
def turn_away(people: Any, row: int, waiting_list: int, inputs_row: Any, totals: Any) -> None:
    """The list that the person has just joined is too long."""
    person, inputs = people[row], inputs_row[0]
    if waiting_list == CFT_LIST:
        cft.turned_away(person, totals)
    from_now_on(person, inputs)


@array_rule
def urgency(people: Any, rows: Any, time: float) -> Any:
    """Disability (RMDQ) of each row at `time`, by which a list that serves the worst off first is ordered."""
    worst = people[rows]["trait"] * 0.0
    for i in range(len(rows)):
        worst[i] = rmdq(people[rows[i]], time)
    return worst


@rule
def from_now_on(person: Any, inputs: Any) -> None:
    """What accrues and what may happen in the person's present state; it holds until the next event."""
    disability = rmdq(person, person.now)
    accrual.set_rates(person, disability, person.now, inputs)
    natural_history.hazards(person, inputs)
    care.hazards(person, disability, inputs)
    cft.hazards(person, inputs)
    opioids.hazards(person, disability, inputs)
    surgery.hazards(person, disability, inputs)
    work.hazards(person, disability, inputs)
    death.hazards(person, disability, inputs)
    event_clocks.plan(person, inputs.seed, inputs.draw)


@rule
def chance_event(person: Any, kind: int, inputs: Any, totals: Any) -> None:
    """What a spent budget brings."""
    if kind == CONSULTATION:
        care.consultation(person, inputs, totals)
    elif kind == FLARE:
        natural_history.flare(person, inputs, totals)
    elif kind == REMISSION:
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
def dated_event(person: Any, kind: int, inputs: Any, totals: Any) -> None:
    """What a date brings."""
    if kind == BIRTHDAY:
        birthday(person, inputs, totals)
    elif kind == YEAR_END:
        year_end(person, inputs, totals)
    elif kind == FLARE_END:
        natural_history.flare_ends(person)
    elif kind == ESTABLISHED:
        natural_history.established(person)
    elif kind == OPIOID_STEP:
        opioids.step(person, inputs)
    elif kind == TAPER_END:
        opioids.taper_ends(person)
    elif kind == CFT_STEP:
        cft.step(person, inputs, totals)
    elif kind == SURGERY_STEP:
        surgery.step(person, inputs, totals)
    elif kind == BACK_TO_WORK:
        work.back_after_surgery(person)
    elif kind == POLICY_DATE:
        person.lever += 1
        person.due[POLICY_DATE] = inputs.lever_times[person.lever + 1]


@rule
def birthday(person: Any, inputs: Any, totals: Any) -> None:
    """A year older: age band, norms, mortality, working age. Beyond the horizon nobody outlives the life table."""
    if person.age == OLDEST and person.now >= inputs.horizon:
        death.die(person, 0.0, inputs, totals)
        return
    person.age = min(person.age + 1, OLDEST)
    person.due[BIRTHDAY] += 1.0
    set_group(person, inputs)
    work.by_age(person, inputs)


@rule
def year_end(person: Any, inputs: Any, totals: Any) -> None:
    """The calendar turns: those waiting are counted, and at the horizon the study closes."""
    on_cft_list = 1.0 if person.joined[CFT_LIST] != NEVER else 0.0
    on_surgery_list = 1.0 if person.joined[SURGERY_LIST] != NEVER else 0.0
    count(totals, person, CFT_AT_YEAR_END, on_cft_list)
    count(totals, person, SURGERY_AT_YEAR_END, on_surgery_list)
    if person.now >= inputs.horizon:
        count(totals, person, CFT_STILL_WAITING, on_cft_list)
        count(totals, person, SURGERY_STILL_WAITING, on_surgery_list)
        close(person, inputs)
        return
    person.year += 1
    person.due[YEAR_END] = min(inputs.first_year_end + person.year, inputs.horizon)


@rule
def close(person: Any, inputs: Any) -> None:
    """The study is over: everyone leaves the model, or is followed to death with nothing new begun; all that time is
    one last year of the sums.
    """
    if inputs.beyond == 0:
        person.present = 0
        return
    natural_history.strike_off_lists(person)
    person.year = inputs.beyond
    person.due[YEAR_END] = NEVER


@rule
def set_group(person: Any, inputs: Any) -> None:
    """Group of age band, sex and quintile, as numbered in outcomes."""
    person.group = (inputs.age_band[person.age] * 2 + person.sex) * FIFTHS + person.quintile


@rule
def set_lever(person: Any, inputs: Any) -> None:
    """The stretch between two policy dates in which the person enters."""
    person.lever = 0
    while inputs.lever_times[person.lever + 1] <= person.now:
        person.lever += 1
    person.due[POLICY_DATE] = inputs.lever_times[person.lever + 1]
