"""What accrues to a person between two events: time, disability, quality of life, costs of care, lost work."""

from __future__ import annotations

from typing import Any

from lbpsim.engine.numba_cache import inlined_rule
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import accumulate, discounted_weights, years_between
from lbpsim.pathways.cft import in_first_year
from lbpsim.pathways.disability import effect_is_changing, impact, pain, rmdq, rmdq_without_cft
from lbpsim.pathways.person import (
    ABSENCE,
    CARE,
    CFT_LIST,
    DISABILITY,
    LOST_WORK,
    NEVER,
    PAIN,
    QUALITY,
    SURGERY_LIST,
    WEIGHT,
    WORKING,
)
from lbpsim.pathways.work import loss_rate

IMPACT_YEARS = OUTCOME_INDEX["pain_free_years"]  # followed by low, moderate and high impact
RMDQ_YEARS, PAIN_YEARS = OUTCOME_INDEX["rmdq_years"], OUTCOME_INDEX["pain_years"]
OPIOID_YEARS, DISORDER_YEARS, TREATMENT_YEARS = (
    OUTCOME_INDEX["opioid_years"],
    OUTCOME_INDEX["disorder_years"],
    OUTCOME_INDEX["treatment_years"],
)
OPIOID_YEARS_IN_PAIN = OUTCOME_INDEX["opioid_years_in_pain"]
WORKING_AGE_YEARS, EMPLOYED_YEARS = OUTCOME_INDEX["working_age_years"], OUTCOME_INDEX["employed_years"]
CFT_WAITING_YEARS, SURGERY_WAITING_YEARS = OUTCOME_INDEX["cft_waiting_years"], OUTCOME_INDEX["surgery_waiting_years"]
QALYS, YLDS, ABSENCE_HOURS = OUTCOME_INDEX["qalys"], OUTCOME_INDEX["ylds"], OUTCOME_INDEX["absence_hours"]
COST_USUAL_CARE, COST_OPIOIDS = OUTCOME_INDEX["cost_usual_care"], OUTCOME_INDEX["cost_opioids"]
COST_DISORDER, COST_LOST_WORK = OUTCOME_INDEX["cost_disorder"], OUTCOME_INDEX["cost_lost_work"]
BY_IMPACT, TRIAL_ANCHORED = 0, 1
RATED = (RMDQ_YEARS, PAIN_YEARS, QALYS, YLDS, COST_USUAL_CARE, COST_LOST_WORK, ABSENCE_HOURS)  # as person.rate


@inlined_rule
def disability_weight(disability: float, inputs: Any) -> float:
    """Weight of years lived with this disability (RMDQ), read along the chosen curve."""
    i = 1
    while i < inputs.weight_knots - 1 and disability > inputs.weight_rmdq[i]:
        i += 1
    low, high = inputs.weight_rmdq[i - 1], inputs.weight_rmdq[i]
    share = (disability - low) / (high - low)
    return inputs.weight_value[i - 1] + share * (inputs.weight_value[i] - inputs.weight_value[i - 1])


@inlined_rule
def utility(person: Any, disability: float, pain_now: float, inputs: Any) -> float:
    """Quality of life: the norm of age and sex, lowered by disability (and pain), by opioids and by their disorder."""
    loss = inputs.opioids_disorder_utility_loss * person.disorder + inputs.opioids_utility_loss * person.on_opioids
    return inputs.utility_norm[person.sex, person.age] * quality(disability, pain_now, inputs) - loss


@inlined_rule
def quality(disability: float, pain_now: float, inputs: Any) -> float:
    """Quality of life at this disability (RMDQ) and pain (0-10), as a share of the norm."""
    lost = inputs.utility_slope * disability + inputs.utility_slope_pain * pain_now
    return 1.0 - lost / inputs.utility_at_zero


@inlined_rule
def lost_work(person: Any, disability: float, time: float, inputs: Any) -> float:
    """Lost production, money a year, by the impact of pain; or, in the first year after CFT, by what the trial saved.

    Then it is that of the person without CFT, less the trial's saving for each point that CFT takes off.
    """
    anchored = inputs.productivity == TRIAL_ANCHORED and person.age < inputs.work_retirement_age
    if anchored and in_first_year(person, inputs):
        untreated = rmdq_without_cft(person, time)
        saved = inputs.work_trial_anchor * (untreated - disability)
        return loss_rate(person, impact(person, untreated, inputs), inputs) - saved
    return loss_rate(person, impact(person, disability, inputs), inputs)


@inlined_rule
def set_rates(person: Any, disability: float, time: float, inputs: Any) -> None:
    """Set the QALYs and costs per year at this disability and the pain of this moment."""
    level = impact(person, disability, inputs)
    person.impact = level
    person.rate[DISABILITY] = disability
    person.rate[PAIN] = pain(person, time)
    person.rate[QUALITY] = utility(person, disability, person.rate[PAIN], inputs)
    person.rate[WEIGHT] = disability_weight(disability, inputs)
    person.rate[CARE] = inputs.usual_care_cost[level]
    person.rate[LOST_WORK] = lost_work(person, disability, time, inputs)
    person.rate[ABSENCE] = inputs.absence_hours[level] if person.work == WORKING else 0.0


@inlined_rule
def accrue(person: Any, end: float, discount_factor: float, inputs: Any, totals: Any) -> None:
    """Integrate every rate from `person.now` to `end`, at which a unit is worth `discount_factor`; the person's state
    is that held since the last event.
    """
    sums = totals[:, person.year, person.group]
    span = end - person.now
    discounted = years_between(span, person.discount_factor, discount_factor, inputs.discount_force)
    accrue_constants(person, span, discounted, inputs, sums)
    if effect_is_changing(person):
        early, late = discounted_weights(span, person.discount_factor, inputs.discount_force)
        accrue_rates(person, span * 0.5, early, sums)
        set_rates(person, rmdq(person, end), end, inputs)
        accrue_rates(person, span * 0.5, late, sums)
    else:
        accrue_rates(person, span, discounted, sums)


@inlined_rule
def accrue_rates(person: Any, undiscounted: float, discounted: float, sums: Any) -> None:
    """Add what accrues at the person's present rates in a time of this length and discounted length (years)."""
    accumulate(sums, IMPACT_YEARS + person.impact, undiscounted, discounted)
    for i in range(len(RATED)):
        rate = person.rate[i]
        if rate != 0.0:
            accumulate(sums, RATED[i], rate * undiscounted, rate * discounted)


@inlined_rule
def accrue_constants(person: Any, undiscounted: float, discounted: float, inputs: Any, sums: Any) -> None:
    """Add what accrues at rates that do not change between events."""
    if person.on_opioids == 1:
        accumulate(sums, OPIOID_YEARS, undiscounted, discounted)
        if person.in_pain == 1:
            accumulate(sums, OPIOID_YEARS_IN_PAIN, undiscounted, discounted)
        cost = inputs.opioids_annual_cost
        accumulate(sums, COST_OPIOIDS, cost * undiscounted, cost * discounted)
    if person.disorder == 1:
        accumulate(sums, DISORDER_YEARS, undiscounted, discounted)
    if person.treated == 1:
        accumulate(sums, TREATMENT_YEARS, undiscounted, discounted)
        cost = inputs.opioids_disorder_treatment_cost
        accumulate(sums, COST_DISORDER, cost * undiscounted, cost * discounted)
    if person.age < inputs.work_retirement_age:
        accumulate(sums, WORKING_AGE_YEARS, undiscounted, discounted)
        if person.work == WORKING:
            accumulate(sums, EMPLOYED_YEARS, undiscounted, discounted)
    if person.joined[CFT_LIST] != NEVER:
        accumulate(sums, CFT_WAITING_YEARS, undiscounted, discounted)
    if person.joined[SURGERY_LIST] != NEVER:
        accumulate(sums, SURGERY_WAITING_YEARS, undiscounted, discounted)
