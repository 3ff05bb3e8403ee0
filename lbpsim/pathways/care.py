"""Care seeking: consultations, and what is offered at one. Who is offered CFT is decided in `eligible_for_cft`."""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.chance import uniform
from lbpsim.engine.compiling import rule
from lbpsim.outcomes.accrual import count
from lbpsim.outcomes.measures import NUMBER
from lbpsim.pathways import cft, opioids, surgery
from lbpsim.pathways.disability import pain, rmdq
from lbpsim.pathways.state import (
    ACCEPT,
    CFT_LIST,
    CONSULTATION,
    NEVER,
    NO_SURGERY,
    OFFER,
    SURGERY_LIST,
    TAPER_ACCEPT,
    TAPER_OFFER,
)

CONSULTATIONS, COST_CONSULTATIONS = NUMBER["consultations"], NUMBER["cost_consultations"]
CFT_OFFERS = NUMBER["cft_offers"]
OFFER_CFT, OFFER_OPIOIDS, OFFER_SURGERY = 0, 1, 2


@rule
def hazards(person: Any, disability: float, inputs: Any) -> None:
    """Consultations per year: only in pain, rising with disability."""
    person.hazard[CONSULTATION] = 0.0
    if person.in_pain == 1:
        rising = math.exp(inputs.care_severity * disability) / inputs.care_mean
        person.hazard[CONSULTATION] = inputs.care_consultation_rate * rising


@rule
def at(time: float, times: Any, values: Any, knots: int) -> float:
    """Value of a dated lever: 0 before its first knot, linear between knots, the last value after."""
    if knots == 0 or time < times[0]:
        return 0.0
    for i in range(1, knots):
        if time < times[i]:
            share = (time - times[i - 1]) / (times[i] - times[i - 1])
            return values[i - 1] + share * (values[i] - values[i - 1])
    return values[knots - 1]


@rule
def eligible_for_cft(person: Any, inputs: Any) -> bool:
    """RESTORE's entry criteria at a consultation: disabled and in pain enough, and no course in recent years."""
    return (
        person.in_pain == 1
        and person.joined[CFT_LIST] == NEVER
        and person.now - person.cft_last >= inputs.cft_repeat_after
        and rmdq(person, person.now) >= inputs.cft_eligible_rmdq
        and pain(person, person.now) >= inputs.cft_eligible_pain
    )


@rule
def chance(person: Any, inputs: Any, kind: int) -> float:
    """The draw of this kind that belongs to the present consultation."""
    return uniform(inputs.seed, inputs.draw, person.id, kind, person.count[CONSULTATION])


@rule
def consultation(person: Any, inputs: Any, totals: Any) -> None:
    """A consultation costs, and is where CFT (or what a policy puts in its place) and tapering are offered."""
    count(totals, person, CONSULTATIONS, 1.0)
    count(totals, person, COST_CONSULTATIONS, inputs.care_consultation_cost)
    offered = at(person.now, inputs.offered_times, inputs.offered_values, inputs.offered_knots)
    if offered > 0.0 and chance(person, inputs, OFFER) < offered and eligible_for_cft(person, inputs):
        count(totals, person, CFT_OFFERS, 1.0)
        if chance(person, inputs, ACCEPT) < inputs.uptake_by_quintile[person.quintile]:
            accepted(person, inputs, totals)
    tapering = at(person.now, inputs.tapering_times, inputs.tapering_values, inputs.tapering_knots)
    if tapering > 0.0 and person.on_opioids == 1 and person.tapered == 0:
        if (
            chance(person, inputs, TAPER_OFFER) < tapering
            and chance(person, inputs, TAPER_ACCEPT) < inputs.opioids_taper_uptake
        ):
            opioids.taper(person, inputs, totals)


@rule
def accepted(person: Any, inputs: Any, totals: Any) -> None:
    """The offer is taken up: a place on the CFT list, or what the policy offers to the same people instead."""
    if inputs.offer == OFFER_CFT:
        cft.join_list(person, inputs, totals)
        return
    person.cft_last = person.now  # the same people, as often as they would have been offered CFT
    if inputs.offer == OFFER_OPIOIDS and person.on_opioids == 0:
        opioids.start(person, inputs, totals)
    elif inputs.offer == OFFER_SURGERY and person.surgery == NO_SURGERY and person.joined[SURGERY_LIST] == NEVER:
        if rmdq(person, person.now) >= inputs.surgery_min_rmdq:
            surgery.refer(person, inputs, totals)
