"""What accrues to a person between two events: time, disability, quality of life, costs of care, lost work."""

from __future__ import annotations

from typing import Any

from lbpsim.engine.compiling import rule
from lbpsim.outcomes.accrual import add, discounted_weights
from lbpsim.outcomes.measures import NUMBER
from lbpsim.pathways.disability import impact, pain, rmdq
from lbpsim.pathways.state import CFT_LIST, NEVER, SURGERY_LIST, WORKING
from lbpsim.pathways.work import loss_rate

IMPACT_YEARS = NUMBER["pain_free_years"]  # followed by low, moderate and high impact
RMDQ_YEARS, PAIN_YEARS = NUMBER["rmdq_years"], NUMBER["pain_years"]
OPIOID_YEARS, DISORDER_YEARS, TREATMENT_YEARS = (
    NUMBER["opioid_years"],
    NUMBER["disorder_years"],
    NUMBER["treatment_years"],
)
WORKING_AGE_YEARS, EMPLOYED_YEARS = NUMBER["working_age_years"], NUMBER["employed_years"]
CFT_WAITING_YEARS, SURGERY_WAITING_YEARS = NUMBER["cft_waiting_years"], NUMBER["surgery_waiting_years"]
QALYS, YLDS, ABSENCE_HOURS = NUMBER["qalys"], NUMBER["ylds"], NUMBER["absence_hours"]
COST_USUAL_CARE, COST_OPIOIDS = NUMBER["cost_usual_care"], NUMBER["cost_opioids"]
COST_DISORDER, COST_LOST_WORK = NUMBER["cost_disorder"], NUMBER["cost_lost_work"]


@rule
def disability_weight(disability: float, inputs: Any) -> float:
    """Weight of years lived with this disability (RMDQ), read along the chosen curve."""
    i = 1
    while i < inputs.weight_knots - 1 and disability > inputs.weight_rmdq[i]:
        i += 1
    low, high = inputs.weight_rmdq[i - 1], inputs.weight_rmdq[i]
    share = (disability - low) / (high - low)
    return inputs.weight_value[i - 1] + share * (inputs.weight_value[i] - inputs.weight_value[i - 1])


@rule
def utility(person: Any, disability: float, inputs: Any) -> float:
    """Quality of life: the norm of age and sex, lowered by disability and by opioid use disorder."""
    worth = 1.0 - inputs.utility_slope * disability / inputs.quality_utility_at_zero
    loss = inputs.opioids_disorder_utility_loss * person.disorder
    return inputs.utility_norm[person.sex, person.age] * worth - loss


@rule
def accrue(person: Any, end: float, inputs: Any, totals: Any) -> None:
    """Integrate every rate from `person.now` to `end`; the person's state is that held since the last event."""
    start = person.now
    plain_0 = plain_1 = (end - start) * 0.5
    worth_0, worth_1 = discounted_weights(end - start, person.worth, inputs.discount_force)
    plain, worth = plain_0 + plain_1, worth_0 + worth_1
    steady(person, plain, worth, inputs, totals)
    rmdq_0, rmdq_1 = rmdq(person, start), rmdq(person, end)
    level_0, level_1 = impact(person, rmdq_0, inputs), impact(person, rmdq_1, inputs)
    if level_0 == level_1:
        add(totals, person, IMPACT_YEARS + level_0, plain, worth)
    else:
        add(totals, person, IMPACT_YEARS + level_0, plain_0, worth_0)
        add(totals, person, IMPACT_YEARS + level_1, plain_1, worth_1)
    moving(totals, person, RMDQ_YEARS, rmdq_0, rmdq_1, plain_0, plain_1, worth_0, worth_1)
    moving(totals, person, PAIN_YEARS, pain(person, start), pain(person, end), plain_0, plain_1, worth_0, worth_1)
    utility_0, utility_1 = utility(person, rmdq_0, inputs), utility(person, rmdq_1, inputs)
    moving(totals, person, QALYS, utility_0, utility_1, plain_0, plain_1, worth_0, worth_1)
    weight_0 = disability_weight(rmdq_0, inputs)
    weight_1 = weight_0 if rmdq_1 == rmdq_0 else disability_weight(rmdq_1, inputs)
    moving(totals, person, YLDS, weight_0, weight_1, plain_0, plain_1, worth_0, worth_1)
    care_0, care_1 = inputs.usual_care_cost[level_0], inputs.usual_care_cost[level_1]
    moving(totals, person, COST_USUAL_CARE, care_0, care_1, plain_0, plain_1, worth_0, worth_1)
    loss_0, loss_1 = loss_rate(person, level_0, inputs), loss_rate(person, level_1, inputs)
    moving(totals, person, COST_LOST_WORK, loss_0, loss_1, plain_0, plain_1, worth_0, worth_1)
    if person.work == WORKING:
        absence_0, absence_1 = inputs.absence_hours[level_0], inputs.absence_hours[level_1]
        moving(totals, person, ABSENCE_HOURS, absence_0, absence_1, plain_0, plain_1, worth_0, worth_1)


@rule
def moving(
    totals: Any,
    person: Any,
    outcome: int,
    rate_0: float,
    rate_1: float,
    plain_0: float,
    plain_1: float,
    worth_0: float,
    worth_1: float,
) -> None:
    """Add a rate that goes along a line from `rate_0` to `rate_1`."""
    if rate_0 == 0.0 and rate_1 == 0.0:
        return
    add(totals, person, outcome, rate_0 * plain_0 + rate_1 * plain_1, rate_0 * worth_0 + rate_1 * worth_1)


@rule
def steady(person: Any, plain: float, worth: float, inputs: Any, totals: Any) -> None:
    """Add what does not change between events."""
    if person.on_opioids == 1:
        add(totals, person, OPIOID_YEARS, plain, worth)
        cost = inputs.opioids_annual_cost
        add(totals, person, COST_OPIOIDS, cost * plain, cost * worth)
    if person.disorder == 1:
        add(totals, person, DISORDER_YEARS, plain, worth)
    if person.treated == 1:
        add(totals, person, TREATMENT_YEARS, plain, worth)
        cost = inputs.opioids_disorder_treatment_cost
        add(totals, person, COST_DISORDER, cost * plain, cost * worth)
    if person.age < inputs.work_retirement_age:
        add(totals, person, WORKING_AGE_YEARS, plain, worth)
        if person.work == WORKING:
            add(totals, person, EMPLOYED_YEARS, plain, worth)
    if person.joined[CFT_LIST] != NEVER:
        add(totals, person, CFT_WAITING_YEARS, plain, worth)
    if person.joined[SURGERY_LIST] != NEVER:
        add(totals, person, SURGERY_WAITING_YEARS, plain, worth)
