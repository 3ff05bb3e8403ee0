"""Cognitive Functional Therapy: the waiting list, the course of sessions, and the effect over the years.

A course is delivered in person, by telehealth or in a group, which may change its price and its effect.
Effect against usual care: none at the start, linear to week 13, knots at week 52 and year 3 (RESTORE), after which a
structural choice is made. It grows with disability at the start and varies between people.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.numba_cache import rule
from lbpsim.engine.random_numbers import quantile, uniform
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import record
from lbpsim.pathways.dated_multipliers import dated_value
from lbpsim.pathways.disability import (
    RMDQ_MAX,
    cft_pain,
    cft_rmdq,
    opioid_rmdq,
    rmdq,
    rmdq_without_cft,
    surgery_rmdq,
)
from lbpsim.pathways.person import (
    ATTENDS,
    CFT_LIST,
    CFT_STEP,
    GROUP,
    IN_PERSON,
    LEAVE_CFT_LIST,
    MODE,
    NEVER,
    RESPONSE,
    TELEHEALTH,
)

JOINED, LEFT_LIST, YEARS_WAITED = (
    OUTCOME_INDEX["cft_joined"],
    OUTCOME_INDEX["cft_left_list"],
    OUTCOME_INDEX["cft_years_waited"],
)
LONG_WAITS = OUTCOME_INDEX["cft_long_waits"]
COURSES, SESSIONS, COST = OUTCOME_INDEX["cft_courses"], OUTCOME_INDEX["cft_sessions"], OUTCOME_INDEX["cost_cft"]
FIRST_COURSES, REPEAT_COURSES = OUTCOME_INDEX["cft_first_courses"], OUTCOME_INDEX["cft_repeat_courses"]
TELEHEALTH_COURSES, GROUP_COURSES = OUTCOME_INDEX["cft_telehealth_courses"], OUTCOME_INDEX["cft_group_courses"]
ASSESSED = OUTCOME_INDEX["cft_assessed"]
IMPROVED, LOW_DISABILITY = OUTCOME_INDEX["cft_improved"], OUTCOME_INDEX["cft_low_disability"]
IMPROVED_ANYWAY, LOW_DISABILITY_ANYWAY = (
    OUTCOME_INDEX["cft_improved_anyway"],
    OUTCOME_INDEX["cft_low_disability_anyway"],
)
TURNED_AWAY, PLACES_GIVEN_UP = OUTCOME_INDEX["cft_turned_away"], OUTCOME_INDEX["cft_places_given_up"]

WANING, SUSTAINED, GONE_BY_YEAR_FIVE, GONE_AT_YEAR_THREE = 0, 1, 2, 3
WEEK = 7.0 / 365.25  # as in the units of evidence, which rules do not import
WEEK_13, WEEK_52, YEAR_3 = 13.0 * WEEK, 52.0 * WEEK, 3.0
MOST_SESSIONS = 32  # spaces the draws of one course from those of the next


@rule
def hazards(person: Any, inputs: Any) -> None:
    """Hazard of leaving the waiting list, per year, for those on it."""
    person.hazard[LEAVE_CFT_LIST] = inputs.cft_impatience if person.joined[CFT_LIST] != NEVER else 0.0


@rule
def join_list(person: Any, inputs: Any, totals: Any) -> None:
    """Join the waiting list."""
    record(totals, person, JOINED, 1.0)
    person.joined[CFT_LIST] = person.now


@rule
def leave_list(person: Any, inputs: Any, totals: Any) -> None:
    """Leave the waiting list without a course."""
    record(totals, person, LEFT_LIST, 1.0)
    person.joined[CFT_LIST] = NEVER


@rule
def turned_away(person: Any, totals: Any) -> None:
    """Leave the list at once because it is too long: nobody new is referred to it."""
    record(totals, person, TURNED_AWAY, 1.0)
    person.joined[CFT_LIST] = NEVER


@rule
def give_up_place(person: Any, totals: Any) -> None:
    """Give up a place because the criteria are no longer met."""
    record(totals, person, PLACES_GIVEN_UP, 1.0)
    person.joined[CFT_LIST] = NEVER


@rule
def start(person: Any, inputs: Any, totals: Any) -> None:
    """Begin the course: attend the first session, and draw the size of this person's effect."""
    record(totals, person, COURSES, 1.0)
    record(totals, person, REPEAT_COURSES if person.cft_courses > 0 else FIRST_COURSES, 1.0)
    choose_mode(person, inputs, totals)
    waited = person.now - person.joined[CFT_LIST]
    record(totals, person, YEARS_WAITED, waited)
    if waited > inputs.cft_long_wait:
        record(totals, person, LONG_WAITS, 1.0)
    record(totals, person, COST, inputs.cft_device_cost)
    session(person, inputs, totals, inputs.cft_first_session_cost)
    person.joined[CFT_LIST] = NEVER
    person.cft_courses += 1
    person.cft_started = person.now
    person.cft_start_rmdq = rmdq(person, person.now)
    person.cft_last = person.now
    draw_treatment_effect(person, inputs)
    set_effect_line(person, 0.0, WEEK_13, cft_rmdq(person, person.now), cft_pain(person, person.now), 1.0, 1.0)
    person.cft_step = 0
    schedule_review(person, inputs)


@rule
def choose_mode(person: Any, inputs: Any, totals: Any) -> None:
    """Draw how the course is delivered, by the policy's shares of today: by telehealth, in a group, or in person."""
    person.cft_mode = IN_PERSON
    telehealth = dated_value(
        person.now, inputs.cft_telehealth_times, inputs.cft_telehealth_values, inputs.cft_telehealth_knots
    )
    group = dated_value(person.now, inputs.cft_group_times, inputs.cft_group_values, inputs.cft_group_knots)
    if telehealth + group > 0.0:
        share = uniform(inputs.seed, inputs.draw, person.id, MODE, person.cft_courses)
        if share < telehealth:
            person.cft_mode = TELEHEALTH
            record(totals, person, TELEHEALTH_COURSES, 1.0)
        elif share < telehealth + group:
            person.cft_mode = GROUP
            record(totals, person, GROUP_COURSES, 1.0)


@rule
def draw_treatment_effect(person: Any, inputs: Any) -> None:
    """Latent effect at week 13: grows with disability at the start (without CFT), varies by individual response."""
    untreated = person.trait + person.flare_rmdq + opioid_rmdq(person, person.now) + surgery_rmdq(person, person.now)
    baseline = min(max(untreated, 0.0), RMDQ_MAX)
    share = uniform(inputs.seed, inputs.draw, person.id, RESPONSE, person.cft_courses)
    strength = quantile(inputs.response, share) * inputs.cft_fidelity * inputs.cft_mode_fidelity[person.cft_mode]
    mean = inputs.cft_effect_rmdq_week13 - inputs.cft_moderation * (baseline - inputs.cft_moderation_centre)
    person.cft_full_rmdq = min(mean, 0.0) * inputs.cft_effect_rmdq_scale * strength
    person.cft_full_pain = inputs.cft_effect_pain_week13 * inputs.cft_effect_pain_scale * strength


@rule
def session(person: Any, inputs: Any, totals: Any, cost: float) -> None:
    """Attend and pay for one session, which would cost so much in person."""
    record(totals, person, SESSIONS, 1.0)
    record(totals, person, COST, cost * inputs.cft_mode_price[person.cft_mode])


@rule
def set_effect_line(
    person: Any, since: float, until: float, from_rmdq: float, from_pain: float, to_rmdq: float, to_pain: float
) -> None:
    """Effect on a line from given values to a share of the full effect; `since` and `until` in years from the start."""
    person.cft_from_time = person.cft_started + since
    person.cft_to_time = person.cft_started + until
    person.cft_from_rmdq = from_rmdq
    person.cft_from_pain = from_pain
    person.cft_to_rmdq = person.cft_full_rmdq * to_rmdq
    person.cft_to_pain = person.cft_full_pain * to_pain


@rule
def extend_effect_line(person: Any, until: float, to_rmdq: float, to_pain: float) -> None:
    """Append a linear segment to the effect, from its current end to `until` (years since course start)."""
    since = person.cft_to_time - person.cft_started
    set_effect_line(person, since, until, person.cft_to_rmdq, person.cft_to_pain, to_rmdq, to_pain)


@rule
def review_time(step: int, inputs: Any) -> float:
    """Years from the start at which review number `step` falls: sessions, week 13, booster, week 52, then yearly."""
    if step < inputs.cft_sessions:
        return step * inputs.cft_session_interval
    after = step - int(inputs.cft_sessions)
    if after == 0:
        return WEEK_13
    if after == 1:
        return inputs.cft_booster_week
    if after == 2:
        return WEEK_52
    return after - 1.0


@rule
def schedule_review(person: Any, inputs: Any) -> None:
    """Schedule the next review of the course."""
    person.cft_step += 1
    person.next_time[CFT_STEP] = person.cft_started + review_time(person.cft_step, inputs)


@rule
def in_first_year(person: Any, inputs: Any) -> bool:
    """Whether the review of the last course at week 52 is still to come."""
    return person.cft_courses > 0 and person.cft_step <= inputs.cft_sessions + 2.0


@rule
def review(person: Any, inputs: Any, totals: Any) -> None:
    """Review the course: a session or the booster if attended, and the next segment of the effect."""
    after = person.cft_step - int(inputs.cft_sessions)
    if after < 0:
        attend(person, inputs, totals, inputs.cft_attendance)
    elif after == 0:
        assess(person, inputs, totals)
        extend_effect_line(person, WEEK_52, inputs.cft_effect_rmdq_share_week52, inputs.cft_effect_pain_share_week52)
    elif after == 1:
        attend(person, inputs, totals, inputs.cft_booster_attendance)
    elif after == 2:
        extend_effect_line(person, YEAR_3, inputs.cft_effect_rmdq_share_year3, inputs.cft_effect_pain_share_year3)
    elif after >= 4:
        after_year_three(person, after - 1.0, inputs)
        if inputs.after_year_three == SUSTAINED or inputs.after_year_three == GONE_AT_YEAR_THREE:
            person.next_time[CFT_STEP] = NEVER
            return
    schedule_review(person, inputs)


@rule
def assess(person: Any, inputs: Any, totals: Any) -> None:
    """Count at week 13 of a first course who has improved since its start or has little disability, and who would
    without the effect of CFT: they are no doing of the treatment.
    """
    if person.cft_courses == 1:
        record(totals, person, ASSESSED, 1.0)
        count_response(person, rmdq(person, person.now), IMPROVED, LOW_DISABILITY, inputs, totals)
        without = rmdq_without_cft(person, person.now)
        count_response(person, without, IMPROVED_ANYWAY, LOW_DISABILITY_ANYWAY, inputs, totals)


@rule
def count_response(person: Any, disability: float, improved: int, low: int, inputs: Any, totals: Any) -> None:
    """Count the person under outcome `improved` or `low` where this disability (RMDQ) is so, since the start of the
    course.
    """
    if person.cft_start_rmdq - disability >= inputs.cft_improved_by:
        record(totals, person, improved, 1.0)
    if disability <= inputs.cft_low_disability:
        record(totals, person, low, 1.0)


@rule
def attend(person: Any, inputs: Any, totals: Any, share: float) -> None:
    """Attend with the given probability, while in pain."""
    occurrence = person.cft_courses * MOST_SESSIONS + person.cft_step
    if person.in_pain == 1 and uniform(inputs.seed, inputs.draw, person.id, ATTENDS, occurrence) < share:
        session(person, inputs, totals, inputs.cft_session_cost)


@rule
def after_year_three(person: Any, years: float, inputs: Any) -> None:
    """Append the segment of the next year, `years` after the start of the course (3, 4, ...), as the structural
    choice has it.
    """
    if inputs.after_year_three == WANING:
        rmdq_share = inputs.cft_effect_rmdq_share_year3 * math.exp(
            -inputs.cft_effect_rmdq_waning * (years + 1.0 - YEAR_3)
        )
        pain_share = inputs.cft_effect_pain_share_year3 * math.exp(
            -inputs.cft_effect_pain_waning * (years + 1.0 - YEAR_3)
        )
        extend_effect_line(person, years + 1.0, rmdq_share, pain_share)
    elif inputs.after_year_three == GONE_BY_YEAR_FIVE:
        left = max(inputs.cft_gone_by - years - 1.0, 0.0) / (inputs.cft_gone_by - YEAR_3)
        extend_effect_line(
            person, years + 1.0, inputs.cft_effect_rmdq_share_year3 * left, inputs.cft_effect_pain_share_year3 * left
        )
    elif inputs.after_year_three == SUSTAINED:
        extend_effect_line(person, NEVER, inputs.cft_effect_rmdq_share_year3, inputs.cft_effect_pain_share_year3)
    else:
        person.cft_to_rmdq = 0.0
        person.cft_to_pain = 0.0
        extend_effect_line(person, NEVER, 0.0, 0.0)
