"""Work between the ages of 18 and 66: leaving it because of pain, returning, time off after surgery.

But for pain people begin and end work as the table of employment by age has it: each has a rank among their peers, and
works at the ages at which the share who do exceeds it.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.numba_cache import inlined_rule, rule
from lbpsim.engine.random_numbers import quantile, uniform
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import record
from lbpsim.pathways.person import (
    BACK_TO_WORK,
    BACK_TO_WORK_AT_ALL,
    LEAVE_WORK,
    LEFT_BECAUSE_OF_PAIN,
    NEVER,
    NOT_WORKING,
    OFF_AFTER_SURGERY,
    OFF_WORK,
    RETURN_TO_WORK,
    WORKING,
)

EXITS, RETURNS, COST_LOST_WORK = (
    OUTCOME_INDEX["work_exits"],
    OUTCOME_INDEX["work_returns"],
    OUTCOME_INDEX["cost_lost_work"],
)
HUMAN_CAPITAL, FRICTION = 0, 1
BY_AGE, ONLY_BY_PAIN = 0, 1


@rule
def hazards(person: Any, disability: float, inputs: Any) -> None:
    """Hazards per year of leaving work (in pain, rising with disability) and of returning (falling with it)."""
    person.hazard[LEAVE_WORK] = 0.0
    if person.in_pain == 1 and person.work == WORKING:
        rising = math.exp(inputs.work_severity * disability) / inputs.work_mean
        person.hazard[LEAVE_WORK] = inputs.leaving_rate * rising
    person.hazard[RETURN_TO_WORK] = 0.0
    if person.work == LEFT_BECAUSE_OF_PAIN:
        falling = math.exp(-inputs.return_severity * disability) / inputs.return_mean
        person.hazard[RETURN_TO_WORK] = inputs.returning_rate * falling


@rule
def leave(person: Any, inputs: Any, totals: Any) -> None:
    """Leave work; under the friction method the loss ends when the post is filled, and is counted at once."""
    record(totals, person, EXITS, 1.0)
    person.work = LEFT_BECAUSE_OF_PAIN
    if inputs.lost_work == FRICTION:
        loss = inputs.yearly_earnings * inputs.work_friction_period
        record(totals, person, COST_LOST_WORK, loss)


@rule
def return_to(person: Any, inputs: Any, totals: Any) -> None:
    """Return to work."""
    record(totals, person, RETURNS, 1.0)
    person.work = WORKING


@rule
def off_after_surgery(person: Any, inputs: Any, totals: Any) -> None:
    """Weeks off after an operation, for those who work; a share do not come back, and have left because of pain."""
    if person.work == WORKING or person.work == OFF_AFTER_SURGERY:
        uniform_draw = uniform(inputs.seed, inputs.draw, person.id, BACK_TO_WORK_AT_ALL, person.operations)
        if uniform_draw < inputs.surgery_never_returns_general:
            person.next_time[BACK_TO_WORK] = NEVER
            leave(person, inputs, totals)
            return
        share = uniform(inputs.seed, inputs.draw, person.id, OFF_WORK, person.operations)
        person.work = OFF_AFTER_SURGERY
        person.next_time[BACK_TO_WORK] = person.now + quantile(inputs.off_work, share)


@rule
def back_after_surgery(person: Any) -> None:
    """Return to work after an operation."""
    person.work = WORKING
    person.next_time[BACK_TO_WORK] = NEVER


@inlined_rule
def by_age(person: Any, inputs: Any) -> None:
    """Begin or end work as people of this age and sex do; past working age nobody works, and nothing more is lost."""
    works = person.work != NOT_WORKING
    if inputs.employment == BY_AGE:
        works = inputs.employed[person.sex, person.age] > person.work_rank
    if person.age >= inputs.work_retirement_age or not works:
        person.work = NOT_WORKING
        person.next_time[BACK_TO_WORK] = NEVER
    elif person.work == NOT_WORKING:
        person.work = WORKING


@inlined_rule
def loss_rate(person: Any, impact: int, inputs: Any) -> float:
    """Lost production, money a year at a level of impact: absence and reduced effectiveness, or the whole year."""
    if person.work == WORKING:
        hours = inputs.absence_hours[impact] * (1.0 + inputs.work_reduced_effectiveness)
        return hours * inputs.work_hourly_earnings
    if person.work == OFF_AFTER_SURGERY:
        return inputs.yearly_earnings
    if person.work == LEFT_BECAUSE_OF_PAIN and inputs.lost_work == HUMAN_CAPITAL:
        return inputs.yearly_earnings
    return 0.0
