"""Death: the life table by single year of age and sex, times multipliers; overdose and operations are events apart."""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.compiling import rule
from lbpsim.outcomes.accrual import add, count
from lbpsim.outcomes.measures import NUMBER
from lbpsim.pathways.course import leave_lists
from lbpsim.pathways.disability import rmdq
from lbpsim.pathways.state import DEATH

DEATHS, OVERDOSE_DEATHS, YLLS = NUMBER["deaths"], NUMBER["overdose_deaths"], NUMBER["ylls"]


@rule
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


@rule
def hazards(person: Any, disability: float, inputs: Any) -> None:
    """Death from everything but overdose and operations, per year."""
    ratio = max(multiplier(person, disability, inputs) - inputs.known_to_live, 0.0)
    person.hazard[DEATH] = inputs.death_hazard[person.sex, person.age] * ratio


@rule
def background(person: Any, inputs: Any, totals: Any) -> None:
    """A death off the life table; the share that multipliers added to its hazard counts as caused by a pathway."""
    ratio = multiplier(person, rmdq(person, person.now), inputs)
    die(person, max(ratio - 1.0, 0.0) / max(ratio, 1.0), inputs, totals)


@rule
def from_overdose(person: Any, inputs: Any, totals: Any) -> None:
    """A fatal overdose."""
    count(totals, person, OVERDOSE_DEATHS, 1.0)
    die(person, 1.0, inputs, totals)


@rule
def die(person: Any, caused: float, inputs: Any, totals: Any) -> None:
    """Dead; years of life lost are the life table's expectation times the share `caused` by a pathway."""
    count(totals, person, DEATHS, 1.0)
    if caused > 0.0:
        lost_years(person, caused, inputs, totals)
    leave_lists(person, inputs, totals)
    person.alive = 0
    person.present = 0


@rule
def lost_years(person: Any, caused: float, inputs: Any, totals: Any) -> None:
    """Years of life lost, the discounted ones year by year."""
    years = inputs.life_expectancy[person.sex, person.age]
    force = inputs.discount_force
    worth = years
    if force > 0.0:
        worth = -math.expm1(-force * years) / force
    add(totals, person, YLLS, years * caused, worth * caused * math.exp(-force * person.now))
