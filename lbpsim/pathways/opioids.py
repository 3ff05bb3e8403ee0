"""Long-term opioids: use, its brief effect, use disorder and treatment, overdose, fractures, tapering.

Use begins in pain. It ends at a rate that falls the longer it has lasted, and with a probability when pain remits;
disorder and its treatment end with it.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.numba_cache import rule
from lbpsim.engine.random_numbers import uniform
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import record
from lbpsim.pathways.dated_multipliers import new_treatment_allowed
from lbpsim.pathways.disability import severity
from lbpsim.pathways.person import (
    DISORDER,
    FRACTURE,
    NEVER,
    OPIOID_START,
    OPIOID_STEP,
    OPIOID_STOP,
    OVERDOSE,
    OVERDOSE_DEATH,
    REMISSION,
    STOPS_AT_REMISSION,
    TAPER_END,
    TREATMENT,
)

STARTS, STOPS, TAPERS = OUTCOME_INDEX["opioid_starts"], OUTCOME_INDEX["opioid_stops"], OUTCOME_INDEX["tapers"]
DISORDERS, OVERDOSES, FRACTURES = (
    OUTCOME_INDEX["disorders"],
    OUTCOME_INDEX["overdoses"],
    OUTCOME_INDEX["opioid_fractures"],
)
COST_OPIOIDS, COST_OVERDOSE, COST_FRACTURES = (
    OUTCOME_INDEX["cost_opioids"],
    OUTCOME_INDEX["cost_overdose"],
    OUTCOME_INDEX["cost_fractures"],
)
QALYS = OUTCOME_INDEX["qalys"]

FLAT, FADING, LATE, ESTABLISHED = 0, 1, 2, 3  # steps of a spell; from ESTABLISHED on one a year, where that matters


@rule
def hazards(person: Any, disability: float, inputs: Any) -> None:
    """Hazards per year of starting, and of everything that happens on opioids."""
    start_hazard(person, disability, inputs)
    using = float(person.on_opioids)
    overdose = inputs.opioids_taper_overdose_irr if person.tapering == 1 else using
    person.hazard[OPIOID_STOP] = using * stop_hazard(person, inputs)
    person.hazard[DISORDER] = using * inputs.opioids_disorder_rate * (1.0 - person.disorder)
    person.hazard[TREATMENT] = person.disorder * (
        inputs.treatment_end_rate if person.treated == 1 else inputs.opioids_treatment_rate
    )
    person.hazard[OVERDOSE] = overdose * inputs.opioids_overdose_nonfatal
    person.hazard[OVERDOSE_DEATH] = overdose * inputs.opioids_overdose_fatal
    person.hazard[FRACTURE] = using * inputs.opioids_fracture_base_rate * max(inputs.opioids_fracture_rr - 1.0, 0.0)


@rule
def start_hazard(person: Any, disability: float, inputs: Any) -> None:
    """Hazard of starting, per year: in pain, not on opioids."""
    person.hazard[OPIOID_START] = 0.0
    if person.in_pain == 1 and person.on_opioids == 0 and new_treatment_allowed(person, inputs):
        steepness = math.exp(inputs.opioids_severity * severity(person, disability, inputs.severity_linked))
        person.hazard[OPIOID_START] = inputs.opioids_start_rate * steepness / inputs.opioids_mean


@rule
def stop_hazard(person: Any, inputs: Any) -> float:
    """Hazard of stopping, per year: during a taper, or by how long use has lasted."""
    if person.tapering == 1:
        return inputs.taper_stop_hazard
    return inputs.opioid_stopping[person.opioid_step]


@rule
def start(person: Any, inputs: Any, totals: Any) -> None:
    """Begin long-term use."""
    record(totals, person, STARTS, 1.0)
    begin(person, 0.0, inputs)


@rule
def begin(person: Any, years: float, inputs: Any) -> None:
    """Enter the model on opioids, used for `years` already."""
    taper_ends(person)
    person.on_opioids = 1
    person.opioid_step = FLAT
    person.tapered = 0
    person.opioid_from_time = person.now - years
    hold_effect(person, inputs.opioids_effect_flat - years, inputs.opioids_rmdq, inputs.opioids_pain, inputs)
    while person.next_time[OPIOID_STEP] <= person.now:
        next_phase(person, inputs)


@rule
def hold_effect(person: Any, years: float, rmdq: float, pain: float, inputs: Any) -> None:
    """Hold the effect constant and schedule its review after `years`."""
    person.opioid_from_rmdq = rmdq
    person.opioid_from_pain = pain
    person.opioid_to_time = NEVER
    person.next_time[OPIOID_STEP] = person.now + years


@rule
def next_phase(person: Any, inputs: Any) -> None:
    """Review the effect: it is flat, then fades along a line, then stays at its late value; meanwhile use becomes
    established.
    """
    person.opioid_step += 1
    due = person.next_time[OPIOID_STEP]
    if person.opioid_step == FADING:
        person.opioid_from_time = due
        person.opioid_to_time = due + inputs.opioids_effect_late_from - inputs.opioids_effect_flat
        person.opioid_to_rmdq = inputs.opioids_rmdq_late
        person.opioid_to_pain = 0.0
        person.next_time[OPIOID_STEP] = person.opioid_to_time
    elif person.opioid_step == LATE:
        person.opioid_from_rmdq = inputs.opioids_rmdq_late
        person.opioid_from_pain = 0.0
        person.opioid_to_time = NEVER
        person.next_time[OPIOID_STEP] = due + inputs.opioids_early_years - inputs.opioids_effect_late_from
    elif person.opioid_step < inputs.last_opioid_step:
        person.next_time[OPIOID_STEP] = due + 1.0
    else:
        person.next_time[OPIOID_STEP] = NEVER


@rule
def at_remission(person: Any, inputs: Any, totals: Any) -> None:
    """Stop opioids at remission, with the given probability."""
    if person.on_opioids == 1:
        uniform_draw = uniform(inputs.seed, inputs.draw, person.id, STOPS_AT_REMISSION, person.clocks_drawn[REMISSION])
        if uniform_draw < inputs.opioids_end_at_remission:
            stop(person, inputs, totals)


@rule
def treatment(person: Any) -> None:
    """Begin, or end, treatment of the use disorder."""
    person.treated = 1 - person.treated


@rule
def stop(person: Any, inputs: Any, totals: Any) -> None:
    """Stop opioids: the effect, the disorder and its treatment end too."""
    record(totals, person, STOPS, 1.0)
    person.on_opioids = 0
    person.disorder = 0
    person.treated = 0
    person.opioid_from_rmdq = 0.0
    person.opioid_from_pain = 0.0
    person.opioid_to_time = NEVER
    person.next_time[OPIOID_STEP] = NEVER


@rule
def taper(person: Any, inputs: Any, totals: Any) -> None:
    """Begin supported tapering, at most once in a spell of use."""
    record(totals, person, TAPERS, 1.0)
    record(totals, person, COST_OPIOIDS, inputs.opioids_taper_cost)
    person.tapering = 1
    person.tapered = 1
    person.next_time[TAPER_END] = person.now + inputs.opioids_taper_length


@rule
def taper_ends(person: Any) -> None:
    """End the year of support, in which the risk of overdose is raised whether or not use has stopped."""
    person.tapering = 0
    person.next_time[TAPER_END] = NEVER


@rule
def disorder(person: Any, inputs: Any, totals: Any) -> None:
    """Begin an opioid use disorder."""
    record(totals, person, DISORDERS, 1.0)
    person.disorder = 1


@rule
def overdose(person: Any, inputs: Any, totals: Any) -> None:
    """Have a non-fatal overdose: an admission, and a loss of quality of life."""
    record(totals, person, OVERDOSES, 1.0)
    record(totals, person, COST_OVERDOSE, inputs.opioids_overdose_cost)
    record(totals, person, QALYS, -inputs.opioids_overdose_qaly_loss)


@rule
def fracture(person: Any, inputs: Any, totals: Any) -> None:
    """Have a fracture that would not have happened without opioids."""
    record(totals, person, FRACTURES, 1.0)
    record(totals, person, COST_FRACTURES, inputs.opioids_fracture_cost)
    record(totals, person, QALYS, -inputs.opioids_fracture_qaly_loss)
