"""The course of pain: flares, remission, recurrence.

There is no "usual care improves" term: people who seek care in bad weeks regress to their own mean. The more disabled a
person usually is, the less likely remission: `person.remission_multiplier` is exp(-k trait), averaged out in the
inputs.
"""

from __future__ import annotations

from typing import Any

from lbpsim.engine.numba_cache import inlined_rule, rule
from lbpsim.engine.random_numbers import quantile, uniform
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import record
from lbpsim.pathways import opioids
from lbpsim.pathways.person import (
    BECOMES_CHRONIC,
    CFT_LIST,
    ESTABLISHED,
    FLARE,
    FLARE_END,
    FLARE_LENGTH,
    FLARE_SIZE,
    NEVER,
    NO_SURGERY,
    RECURRENCE,
    REMISSION,
    SURGERY_LIST,
    SURGERY_STEP,
)

REMISSIONS, FLARES = OUTCOME_INDEX["remissions"], OUTCOME_INDEX["flares"]
RECURRENCES, CHRONIC_RECURRENCES = OUTCOME_INDEX["recurrences"], OUTCOME_INDEX["chronic_recurrences"]
CFT_LEFT_LIST, SURGERY_LEFT_LIST = OUTCOME_INDEX["cft_left_list"], OUTCOME_INDEX["surgery_left_list"]


@rule
def hazards(person: Any, inputs: Any) -> None:
    """Hazards of flares, remission and recurrence, per year."""
    person.hazard[FLARE] = inputs.flares_rate if person.in_pain == 1 and person.in_flare == 0 else 0.0
    person.hazard[RECURRENCE] = inputs.course_recurrence if person.in_pain == 0 else 0.0
    person.hazard[REMISSION] = 0.0
    if person.in_pain == 1:
        first = person.first_year == 1
        person.hazard[REMISSION] = person.remission_multiplier * (
            inputs.remission_early if first else inputs.remission_late
        )


@inlined_rule
def flare(person: Any, inputs: Any, totals: Any) -> None:
    """Begin a flare: it raises disability by a gamma-distributed amount and lasts a lognormal time."""
    record(totals, person, FLARES, 1.0)
    n = person.clocks_drawn[FLARE]
    size = quantile(inputs.flare_size, uniform(inputs.seed, inputs.draw, person.id, FLARE_SIZE, n))
    length = quantile(inputs.flare_length, uniform(inputs.seed, inputs.draw, person.id, FLARE_LENGTH, n))
    person.in_flare = 1
    person.flare_rmdq = size
    person.flare_pain = size * inputs.flares_pain_per_rmdq
    person.next_time[FLARE_END] = person.now + length


@inlined_rule
def flare_ends(person: Any) -> None:
    """End the flare: disability is usual again."""
    person.in_flare = 0
    person.flare_rmdq = 0.0
    person.flare_pain = 0.0
    person.next_time[FLARE_END] = NEVER


@rule
def onset(person: Any) -> None:
    """Begin the first year of chronic pain, in which remission is likelier."""
    person.in_pain = 1
    person.first_year = 1
    person.next_time[ESTABLISHED] = person.now + 1.0


@rule
def established(person: Any) -> None:
    """End the first year of chronic pain."""
    person.first_year = 0
    person.next_time[ESTABLISHED] = NEVER


@rule
def remission(person: Any, inputs: Any, totals: Any) -> None:
    """Remit: flares end, the person leaves every waiting list and may stop opioids."""
    record(totals, person, REMISSIONS, 1.0)
    person.in_pain = 0
    established(person)
    flare_ends(person)
    leave_lists(person, inputs, totals)
    opioids.at_remission(person, inputs, totals)


@rule
def leave_lists(person: Any, inputs: Any, totals: Any) -> None:
    """Leave every list and give up any date for an operation, at remission or death."""
    if person.joined[CFT_LIST] != NEVER:
        record(totals, person, CFT_LEFT_LIST, 1.0)
    if person.joined[SURGERY_LIST] != NEVER:
        record(totals, person, SURGERY_LEFT_LIST, 1.0)
    strike_off_lists(person)


@rule
def strike_off_lists(person: Any) -> None:
    """Leave every waiting list."""
    person.joined[CFT_LIST] = NEVER
    if person.joined[SURGERY_LIST] != NEVER:
        person.joined[SURGERY_LIST] = NEVER
        person.surgery = NO_SURGERY
        person.next_time[SURGERY_STEP] = NEVER


@rule
def recurrence(person: Any, inputs: Any, totals: Any) -> None:
    """Have activity-limiting pain again; with the given probability it becomes chronic, otherwise it passes."""
    record(totals, person, RECURRENCES, 1.0)
    n = person.clocks_drawn[RECURRENCE]
    if uniform(inputs.seed, inputs.draw, person.id, BECOMES_CHRONIC, n) < inputs.course_recurrence_becomes_chronic:
        record(totals, person, CHRONIC_RECURRENCES, 1.0)
        onset(person)
