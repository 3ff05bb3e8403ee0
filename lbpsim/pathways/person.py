"""The person record, and the names of what can happen to a person.

Times are years since the start of the study; disability is Roland-Morris (RMDQ, 0-24), pain a numeric rating (0-10).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lbpsim.engine import event_clocks

NEVER = math.inf

# Chance events: each has a hazard and a clock. The order settles ties.
CONSULTATION, FLARE, REMISSION, RECURRENCE = 0, 1, 2, 3
OPIOID_START, OPIOID_STOP, DISORDER, TREATMENT, OVERDOSE, OVERDOSE_DEATH, FRACTURE = 4, 5, 6, 7, 8, 9, 10
REFERRAL, REOPERATION, LEAVE_CFT_LIST, LEAVE_WORK, RETURN_TO_WORK, DEATH = 11, 12, 13, 14, 15, 16
CHANCE_EVENTS = 17

# Dated events: each is a plain date.
BIRTHDAY, YEAR_END, FLARE_END, ESTABLISHED, OPIOID_STEP, TAPER_END = 17, 18, 19, 20, 21, 22
CFT_STEP, SURGERY_STEP, BACK_TO_WORK = 23, 24, 25

EVENT_NAMES = (
    *("consultation", "flare", "remission", "recurrence", "opioid start", "opioid stop", "opioid use disorder"),
    *("treatment of disorder begins or ends", "overdose", "death from overdose", "fracture", "referral to surgery"),
    *("reoperation", "leaves the CFT list", "leaves work", "returns to work", "death"),
    *("birthday", "end of year", "end of flare", "pain established", "opioid review", "end of taper"),
    *("CFT course review", "surgery date or review", "back at work after surgery"),
)
DATED_EVENTS = len(EVENT_NAMES) - CHANCE_EVENTS

# Draws that are not times to events have kinds of their own.
(
    FLARE_SIZE,
    FLARE_LENGTH,
    BECOMES_CHRONIC,
    OFFER,
    ACCEPT,
    TAPER_OFFER,
    TAPER_ACCEPT,
    RESPONSE,
    ATTENDS,
    SURGERY_WAIT,
    SURGERY_OUTCOME,
    SURGERY_OPIOIDS,
    OFF_WORK,
    STOPS_AT_REMISSION,
    THINKS_AGAIN,
    BACK_TO_WORK_AT_ALL,
    MODE,
) = range(32, 49)
# Draws that make a person, before life begins.
(
    WHO,
    BIRTH_DATE,
    ONSET,
    ONSET_MOMENT,
    TRAIT,
    PAIN_TRAIT,
    QUINTILE,
    EMPLOYED,
    IN_FLARE,
    FLARE_LEFT,
    JOINS,
    HOW_MANY,
    RETURNS,
    CARRY,
    REGION,
) = range(64, 79)
# How a person comes into the model.
AT_START, FIRST_ONSET, MIGRANT = 0, 1, 2
# What may be offered, and what a person said to it.
CFT_OFFER, TAPER = 0, 1
OFFERS = 2
UNASKED, YES, NO = 0, 1, 2

# How a course of CFT is delivered.
IN_PERSON, TELEHEALTH, GROUP = 0, 1, 2

# Waiting lists.
CFT_LIST, SURGERY_LIST = 0, 1
LISTS = 2

# Work.
NOT_WORKING, WORKING, LEFT_BECAUSE_OF_PAIN, OFF_AFTER_SURGERY = 0, 1, 2, 3
# Surgery.
NO_SURGERY, AWAITING_SURGERY, OPERATED = 0, 1, 2
# What accrues at a rate that depends on disability.
DISABILITY, PAIN, QUALITY, WEIGHT, CARE, LOST_WORK, ABSENCE = range(7)
RATES = 7
# Impact of pain.
NO_IMPACT, LOW_IMPACT, MODERATE_IMPACT, HIGH_IMPACT = 0, 1, 2, 3


def _line(name: str) -> list[tuple[Any, ...]]:
    """An effect that moves along a line: from and to, in time, RMDQ and pain."""
    return [(f"{name}_{end}_{what}", "f8") for what in ("time", "rmdq", "pain") for end in ("from", "to")]


PERSON = np.dtype(
    [
        *event_clocks.fields(CHANCE_EVENTS, DATED_EVENTS),
        *[("discount_factor", "f8"), ("joined", "f8", (LISTS,)), ("rate", "f8", (RATES,))],
        *[("trait", "f8"), ("pain_trait", "f8"), ("flare_rmdq", "f8"), ("flare_pain", "f8")],
        *[("remission_multiplier", "f8"), ("work_rank", "f8"), ("answered_at", "f8", (OFFERS,))],
        *_line("opioid"),
        *_line("cft"),
        *[(f"cft_{name}", "f8") for name in ("started", "start_rmdq", "last", "full_rmdq", "full_pain")],
        *_line("surgery"),
        *[("surgery_date", "f8"), ("policy_due", "f8", (2,))],
        *[(name, "i2") for name in ("age", "year", "group", "cft_step", "cft_courses")],
        *[(name, "i1") for name in ("present", "alive", "sex", "in_pain", "first_year", "in_flare", "work")],
        *[(name, "i1") for name in ("on_opioids", "opioid_step", "disorder", "treated", "tapering", "tapered")],
        ("cft_mode", "i1"),
        *[(name, "i1") for name in ("surgery", "surgery_step", "operations", "impact", "quintile", "origin")],
        *[("answer", "i1", (OFFERS,)), ("times_asked", "i1", (OFFERS,)), ("region", "i1")],
    ],
    align=True,
)
"""One row per person. `present`: in the model now (1) or not yet born into it, dead or past the horizon (0);
`remission_multiplier`: share of the average hazard, before it is averaged; `work_rank`: works, but for pain, at ages at
which a larger share of people do; `policy_due`: when opioids start and referral comes, in policy time (see
`dated_multipliers`); `answer`, `answered_at`, `times_asked`: what was last said to an offer, when, how often;
`region`: by its number among the study's, 0 where it has none."""


def new_people(number: int) -> np.ndarray[Any, Any]:
    """`number` blank records: nothing due, nobody waiting, no effects."""
    people = np.empty(number, PERSON)
    people.view(f"V{PERSON.itemsize}")[:] = _BLANK.view(f"V{PERSON.itemsize}")  # as bytes, many times faster
    return people


def _blank() -> np.ndarray[Any, Any]:
    people = np.zeros(1, PERSON)
    people["next_time"] = NEVER
    people["joined"] = NEVER
    people["surgery_date"] = NEVER
    people["cft_last"] = -NEVER
    people["remission_multiplier"] = 1.0
    for name in ("opioid", "cft", "surgery"):
        people[f"{name}_to_time"] = NEVER
    return people


_BLANK = _blank()
