"""Where a person's life under a policy parts from the same life without any.

Until a policy touches somebody, their life is one and the same under all policies, and is lived once. It parts where
under the policy CFT or a taper is accepted, or where a multiplier of the policy makes opioids or a referral come sooner
or later. What a policy does to somebody without touching them is kept in a shadow: what they answered to its offers,
and its own two clocks.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lbpsim.engine.event_clocks import NEVER, UNDRAWN
from lbpsim.engine.numba_cache import inlined_rule, rule
from lbpsim.pathways import care
from lbpsim.pathways.dated_multipliers import OPIOIDS, PACED, SURGERY, new_treatment_allowed, wind
from lbpsim.pathways.life import advance_to, apply_event, enter, next_event
from lbpsim.pathways.person import CONSULTATION, OFFERS, OPIOID_START, REFERRAL, SURGERY_LIST

__all__ = [
    "advance_to",
    "apply_event",
    "begin_shadow",
    "can_part",
    "enter",
    "follow",
    "follows",
    "hand_over",
    "has_changed",
    "next_event",
    "parts_at_events",
    "parts_by_event",
]

SHADOW = np.dtype(
    [
        ("answered_at", "f8", (OFFERS,)),
        *[(name, "f8", (len(PACED),)) for name in ("parts_at", "next_time", "remaining", "policy_due")],
        ("scheduled_hazard", "f8", (len(PACED),)),
        ("clocks_drawn", "i4", (len(PACED),)),
        *[(name, "i1", (OFFERS,)) for name in ("answer", "times_asked")],
    ],
    align=True,
)
"""What a policy has done to somebody whom it has not touched: fields as in the record of a person, of the two offers
and of the two clocks under multipliers (`PACED`)."""


@rule
def parts_at_events(inputs: Any) -> bool:
    """Whether lives can part at an event: the policy makes offers, or limits operations."""
    return inputs.offered_knots > 0 or inputs.tapering_knots > 0 or inputs.surgery_booked_from < NEVER


@rule
def follows(inputs: Any, clock: int) -> bool:
    """Whether the policy has multipliers on a clock, which then runs at its own pace."""
    return (inputs.opioid_start_dates if clock == OPIOIDS else inputs.referral_dates) > 0


@rule
def begin_shadow(person: Any, shadow: Any, inputs: Any) -> None:
    """Begin to follow a person who has just entered. Their life parts at once if they are on a surgeon's list whose
    places the policy limits.
    """
    copy_answers(person, shadow)
    for clock in range(len(PACED)):
        shadow.clocks_drawn[clock] = 0
        shadow.scheduled_hazard[clock] = 0.0
        shadow.next_time[clock] = NEVER
        shadow.parts_at[clock] = NEVER
        if follows(inputs, clock):
            follow(person, shadow, clock, inputs)
    if inputs.surgery_booked_from < NEVER and person.joined[SURGERY_LIST] < NEVER:
        shadow.parts_at[SURGERY] = person.now


@inlined_rule
def has_changed(person: Any, clock: int, marks: Any) -> bool:
    """Whether a clock under multipliers has been wound anew since it was marked; it is marked now."""
    time, hazard = person.next_time[PACED[clock]], person.scheduled_hazard[PACED[clock]]
    if time == marks[clock, 0] and hazard == marks[clock, 1]:
        return False
    marks[clock, 0], marks[clock, 1] = time, hazard
    return True


@rule
def follow(person: Any, shadow: Any, clock: int, inputs: Any) -> None:
    """Let the policy's clock follow what has just happened to the person's own."""
    if clock == OPIOIDS:
        follow_clock(person, shadow, OPIOIDS, OPIOID_START, inputs.opioid_start_pace, inputs.opioid_start_dates)
    else:
        follow_clock(person, shadow, SURGERY, REFERRAL, inputs.referral_pace, inputs.referral_dates)


@rule
def follow_clock(person: Any, shadow: Any, clock: int, kind: int, pace: Any, dates: int) -> None:
    """Let one clock follow: it is drawn, stopped and let go when the person's own is, and runs at the policy's pace.
    Where the two ring apart, lives part when the first does.
    """
    shadow.parts_at[clock] = NEVER
    if person.remaining[kind] == UNDRAWN:  # it rang, or was never wound
        shadow.scheduled_hazard[clock] = 0.0
        shadow.remaining[clock] = UNDRAWN
        shadow.next_time[clock] = NEVER
        return
    if person.clocks_drawn[kind] != shadow.clocks_drawn[clock]:
        shadow.clocks_drawn[clock] = person.clocks_drawn[kind]
        shadow.scheduled_hazard[clock] = 0.0
        shadow.remaining[clock] = person.remaining[kind]
    if person.scheduled_hazard[kind] != shadow.scheduled_hazard[clock]:
        shadow.remaining[clock], shadow.policy_due[clock], shadow.next_time[clock] = wind(
            person.now,
            person.scheduled_hazard[kind],
            shadow.scheduled_hazard[clock],
            shadow.remaining[clock],
            shadow.policy_due[clock],
            pace,
            dates,
        )
        shadow.scheduled_hazard[clock] = person.scheduled_hazard[kind]
    if person.next_time[kind] != shadow.next_time[clock]:
        shadow.parts_at[clock] = min(person.next_time[kind], shadow.next_time[clock])


@inlined_rule
def can_part(kind: int) -> bool:
    """Whether an event of this kind can be one at which a life parts."""
    return kind in (CONSULTATION, REFERRAL)


@rule
def parts_by_event(person: Any, time: float, kind: int, branch: int, shadows: Any, branches: Any, sums: Any) -> bool:
    """Whether the life under the policy parts by the person's next event, of this kind at `time`: an offer is accepted,
    or a surgeon's list joined whose places the policy limits.

    An offer of CFT that is declined is counted in the sums of the policy alone.
    """
    if kind == CONSULTATION:
        return parts_by_offer(person, time, branch, shadows, branches, sums)
    return kind == REFERRAL and branches[branch].surgery_booked_from < NEVER


@rule
def parts_by_offer(person: Any, time: float, branch: int, shadows: Any, branches: Any, sums: Any) -> bool:
    """Whether something that the policy offers at the consultation at `time` is accepted."""
    inputs = branches[branch]
    now, accepted = person.now, False
    person.now = time
    if new_treatment_allowed(person, inputs):
        cft, taper = care.cft_is_offered(person, inputs), care.taper_is_offered(person, inputs)
        if cft or taper:
            accepted = accepts_something(person, cft, taper, branch, shadows, branches, sums)
    person.now = now
    return accepted


@rule
def accepts_something(person: Any, cft: bool, taper: bool, branch: int, shadows: Any, branches: Any, sums: Any) -> bool:
    """Whether CFT or a taper is accepted of those that are offered now; answers are kept only where all is declined,
    for who parts is asked again in a life of their own.
    """
    shadow, scratch, inputs = shadows[branch], shadows[len(branches)], branches[branch]
    copy_answers(shadow, scratch)
    if cft and care.accepts_cft(person, scratch, inputs):
        return True
    if taper and care.accepts_taper(person, scratch, inputs):
        return True
    if cft:
        discount_factor = person.discount_factor
        person.discount_factor = math.exp(-inputs.discount_force * person.now)
        care.count_offer(person, shadow, sums[branch])
        person.discount_factor = discount_factor
    copy_answers(scratch, shadow)
    return False


@rule
def copy_answers(source: Any, target: Any) -> None:
    """Give one record what another holds of answers to offers."""
    for offer in range(OFFERS):
        target.answer[offer] = source.answer[offer]
        target.answered_at[offer] = source.answered_at[offer]
        target.times_asked[offer] = source.times_asked[offer]


@rule
def hand_over(person: Any, shadow: Any, inputs: Any) -> None:
    """Make a copy of a person's record, taken before their life parts, that of the same person under the policy."""
    copy_answers(shadow, person)
    for clock in range(len(PACED)):
        if follows(inputs, clock):
            hand_over_clock(person, shadow, clock, PACED[clock])


@rule
def hand_over_clock(person: Any, shadow: Any, clock: int, kind: int) -> None:
    """Give a record the policy's clock of this kind."""
    person.next_time[kind] = shadow.next_time[clock]
    person.remaining[kind] = shadow.remaining[clock]
    person.policy_due[clock] = shadow.policy_due[clock]
