"""Death: the life table by single year of age and sex, times multipliers; overdose and operations are events apart."""

from __future__ import annotations

from typing import Any

from lbpsim.engine.numba_cache import inlined_rule, rule
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import record, record_amounts
from lbpsim.pathways.accrual import quality
from lbpsim.pathways.disability import rmdq
from lbpsim.pathways.life_expectancy import expected_years
from lbpsim.pathways.natural_history import leave_lists
from lbpsim.pathways.person import DEATH, NEVER

DEATHS, OVERDOSE_DEATHS, YLLS = OUTCOME_INDEX["deaths"], OUTCOME_INDEX["overdose_deaths"], OUTCOME_INDEX["ylls"]
QALYS_BEYOND, YLLS_BEYOND = OUTCOME_INDEX["qalys_beyond"], OUTCOME_INDEX["ylls_beyond"]


@inlined_rule
def multiplier(person: Any, disability: float, inputs: Any) -> float:
    """Mortality relative to the life table: pain itself, opioids, use disorder and its treatment."""
    ratio = 1.0
    if person.in_pain == 1:
        severe = disability >= inputs.impact_high_from
        ratio *= inputs.severe_mortality if severe else inputs.mortality_back_pain_rr
    if person.on_opioids == 1:
        ratio *= inputs.opioids_mortality_rr
    if person.disorder == 1:
        ratio *= inputs.opioids_disorder_mortality_rr
    if person.treated == 1:
        ratio *= inputs.opioids_treatment_mortality_rr
    return ratio


@inlined_rule
def hazards(person: Any, disability: float, inputs: Any) -> None:
    """Death from everything but overdose and operations, per year."""
    ratio = max(multiplier(person, disability, inputs) - inputs.known_to_live, 0.0)
    person.hazard[DEATH] = inputs.death_hazard[person.sex, person.age] * ratio


@rule
def background(person: Any, inputs: Any, totals: Any) -> None:
    """Die by the life table; the share that multipliers added to the hazard counts as caused by a pathway."""
    ratio = multiplier(person, rmdq(person, person.now), inputs)
    die(person, max(ratio - 1.0, 0.0) / max(ratio, 1.0), inputs, totals)


@rule
def from_overdose(person: Any, inputs: Any, totals: Any) -> None:
    """Die of an overdose."""
    record(totals, person, OVERDOSE_DEATHS, 1.0)
    die(person, 1.0, inputs, totals)


@rule
def die(person: Any, caused: float, inputs: Any, totals: Any) -> None:
    """Die, and record what is lost with the life; a pathway has `caused` this share of the death."""
    record(totals, person, DEATHS, 1.0)
    if caused > 0.0:
        years_lost(person, caused, inputs, totals)
    if person.now < inputs.horizon:
        quality_lost_beyond(person, inputs, totals)
    leave_lists(person, inputs, totals)
    person.alive = 0
    person.present = 0


@rule
def years_lost(person: Any, caused: float, inputs: Any, totals: Any) -> None:
    """Years of life lost to a pathway: those of the study, and apart from them those that would have come beyond it."""
    years, discounted, _, _ = expected_years(person, person.now, NEVER, inputs)
    if inputs.lost_until < NEVER and person.now < inputs.horizon:
        within, discounted_within, _, _ = expected_years(person, person.now, inputs.lost_until, inputs)
        record_amounts(
            totals, person, YLLS_BEYOND, (years - within) * caused, (discounted - discounted_within) * caused
        )
        years, discounted = within, discounted_within
    record_amounts(totals, person, YLLS, years * caused, discounted * caused)


@rule
def quality_lost_beyond(person: Any, inputs: Any, totals: Any) -> None:
    """QALYs that the person would have had beyond the horizon had they reached it, at their usual disability and pain.

    Every death counts, whatever its cause, as it does for the QALYs of the study's years: two policies then differ
    by what those who are alive at the horizon under one of them alone have ahead.
    """
    _, _, years, discounted = expected_years(person, inputs.horizon, NEVER, inputs)
    usual = quality(person.trait, person.pain_trait, inputs)
    record_amounts(totals, person, QALYS_BEYOND, -years * usual, -discounted * usual)
