"""Lumbar fusion: referral, wait, operation, complication, reoperation, opioids and work afterwards.

The effect is against unstructured care, or, for those who have had CFT, against structured rehabilitation, so that the
effects of two pathways do not add blindly.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.numba_cache import rule
from lbpsim.engine.random_numbers import quantile, uniform
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import record
from lbpsim.pathways import death, opioids, work
from lbpsim.pathways.dated_multipliers import new_treatment_allowed
from lbpsim.pathways.disability import severity
from lbpsim.pathways.person import (
    AWAITING_SURGERY,
    NEVER,
    NO_SURGERY,
    OPERATED,
    REFERRAL,
    REOPERATION,
    SURGERY_LIST,
    SURGERY_OPIOIDS,
    SURGERY_OUTCOME,
    SURGERY_STEP,
    SURGERY_WAIT,
)

REFERRALS, SURGERIES, REOPERATIONS = (
    OUTCOME_INDEX["surgery_referrals"],
    OUTCOME_INDEX["surgeries"],
    OUTCOME_INDEX["reoperations"],
)
COMPLICATIONS, SURGERY_DEATHS = OUTCOME_INDEX["surgery_complications"], OUTCOME_INDEX["surgery_deaths"]
COST, QALYS = OUTCOME_INDEX["cost_surgery"], OUTCOME_INDEX["qalys"]

FLAT, FADING, LATE = 0, 1, 2


@rule
def hazards(person: Any, disability: float, inputs: Any) -> None:
    """Hazards per year of referral and of reoperation."""
    referral_hazard(person, disability, inputs)
    person.hazard[REOPERATION] = 0.0
    if person.surgery == OPERATED:
        early = person.surgery_step == FLAT
        person.hazard[REOPERATION] = inputs.reoperation_early if early else inputs.reoperation_late


@rule
def referral_hazard(person: Any, disability: float, inputs: Any) -> None:
    """Hazard of referral, per year, before a policy's multipliers: in pain, disabled enough, never operated nor
    waiting.
    """
    person.hazard[REFERRAL] = 0.0
    level = severity(person, disability, inputs.severity_linked)
    free = person.surgery == NO_SURGERY and new_treatment_allowed(person, inputs)
    if person.in_pain == 1 and free and level >= inputs.surgery_min_rmdq:
        steepness = math.exp(inputs.surgery_severity * level)
        person.hazard[REFERRAL] = inputs.referral_rate * steepness / inputs.surgery_mean


@rule
def refer(person: Any, inputs: Any, totals: Any) -> None:
    """Join the surgeon's list, with a date drawn unless capacity limits operations."""
    record(totals, person, REFERRALS, 1.0)
    share = uniform(inputs.seed, inputs.draw, person.id, SURGERY_WAIT, person.clocks_drawn[REFERRAL])
    join_list(person, quantile(inputs.surgery_wait, share), inputs)


@rule
def join_list(person: Any, years: float, inputs: Any) -> None:
    """Wait `years` for the operation or, where a policy limits operations, for a place."""
    person.surgery = AWAITING_SURGERY
    person.joined[SURGERY_LIST] = person.now
    person.surgery_date = person.now + years
    if person.now < inputs.surgery_booked_from:
        person.next_time[SURGERY_STEP] = person.surgery_date


@rule
def step(person: Any, inputs: Any, totals: Any) -> None:
    """Operate, if the date has come, or append the next segment of the effect."""
    if person.surgery == AWAITING_SURGERY:
        if person.now < inputs.surgery_booked_from:
            operate(person, inputs, totals)
        else:
            person.next_time[SURGERY_STEP] = NEVER  # from now on places are booked
        return
    person.surgery_step += 1
    if person.surgery_step == FADING:
        person.surgery_from_time = person.surgery_date + inputs.surgery_flat_until
        person.surgery_to_time = person.surgery_date + inputs.surgery_late_from
        person.surgery_to_rmdq = inputs.surgery_odi_late * inputs.surgery_rmdq_per_odi
        person.surgery_to_pain = inputs.surgery_pain_late
        person.next_time[SURGERY_STEP] = person.surgery_to_time
    else:
        hold_effect(person, person.surgery_to_rmdq, person.surgery_to_pain)
        person.next_time[SURGERY_STEP] = NEVER


@rule
def hold_effect(person: Any, rmdq: float, pain: float) -> None:
    """Hold the effect constant."""
    person.surgery_from_rmdq = rmdq
    person.surgery_from_pain = pain
    person.surgery_to_time = NEVER


@rule
def operate(person: Any, inputs: Any, totals: Any) -> None:
    """Have a first fusion."""
    record(totals, person, SURGERIES, 1.0)
    record(totals, person, COST, inputs.surgery_cost)
    person.joined[SURGERY_LIST] = NEVER
    person.surgery = OPERATED
    person.surgery_step = FLAT
    person.surgery_date = person.now
    odi = inputs.surgery_odi_structured if person.cft_courses > 0 else inputs.surgery_odi_unstructured
    hold_effect(person, odi * inputs.surgery_rmdq_per_odi, inputs.surgery_pain)
    person.next_time[SURGERY_STEP] = person.now + inputs.surgery_flat_until
    consequences(person, inputs, totals)


@rule
def reoperate(person: Any, inputs: Any, totals: Any) -> None:
    """Have a reoperation: the same risks, no new benefit."""
    record(totals, person, REOPERATIONS, 1.0)
    record(totals, person, COST, inputs.surgery_reoperation_cost)
    consequences(person, inputs, totals)


@rule
def consequences(person: Any, inputs: Any, totals: Any) -> None:
    """Apply what every operation can bring: death, complication, time off work, opioids begun or stopped."""
    person.operations += 1
    record(totals, person, QALYS, -inputs.surgery_qaly_loss)
    uniform_draw = uniform(inputs.seed, inputs.draw, person.id, SURGERY_OUTCOME, person.operations)
    if uniform_draw < inputs.surgery_death:
        record(totals, person, SURGERY_DEATHS, 1.0)
        death.die(person, 1.0, inputs, totals)
        return
    if uniform_draw < inputs.surgery_death + inputs.surgery_complication * (1.0 - inputs.surgery_death):
        record(totals, person, COMPLICATIONS, 1.0)
        record(totals, person, COST, inputs.surgery_complication_cost)
        record(totals, person, QALYS, -inputs.surgery_complication_qaly_loss)
    work.off_after_surgery(person, inputs, totals)
    opioid_draw = uniform(inputs.seed, inputs.draw, person.id, SURGERY_OPIOIDS, person.operations)
    if person.on_opioids == 0 and opioid_draw < inputs.surgery_new_opioids:
        if new_treatment_allowed(person, inputs):
            opioids.start(person, inputs, totals)
    elif person.on_opioids == 1 and opioid_draw < inputs.surgery_stop_opioids:
        opioids.stop(person, inputs, totals)
