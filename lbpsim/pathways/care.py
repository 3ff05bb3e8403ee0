"""Care seeking: consultations, what is offered at one, and who accepts.

Who is offered CFT is decided in `eligible_for_cft` and `is_chosen`; who starts a course when a place comes up, in
`take_place`.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.numba_cache import inlined_rule, rule
from lbpsim.engine.random_numbers import uniform
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import record
from lbpsim.pathways import cft, opioids, surgery
from lbpsim.pathways.dated_multipliers import dated_value, new_treatment_allowed
from lbpsim.pathways.disability import pain, rmdq
from lbpsim.pathways.person import (
    ACCEPT,
    CFT_LIST,
    CFT_OFFER,
    CONSULTATION,
    NEVER,
    NO,
    NO_SURGERY,
    OFFER,
    OFFERS,
    SURGERY_LIST,
    TAPER,
    TAPER_ACCEPT,
    TAPER_OFFER,
    THINKS_AGAIN,
    UNASKED,
    YES,
)

CONSULTATIONS, COST_CONSULTATIONS = OUTCOME_INDEX["consultations"], OUTCOME_INDEX["cost_consultations"]
CFT_OFFERS = OUTCOME_INDEX["cft_offers"]
PEOPLE_OFFERED, PEOPLE_ACCEPTING = OUTCOME_INDEX["cft_people_offered"], OUTCOME_INDEX["cft_people_accepting"]
OFFER_CFT, OFFER_OPIOIDS, OFFER_SURGERY = 0, 1, 2
OF_THE_PERSON, AT_EACH_OFFER = 0, 1
ASSESSED_AGAIN, AS_REFERRED = 0, 1


@rule
def hazards(person: Any, disability: float, inputs: Any) -> None:
    """Consultations per year: none without pain, more with more disability."""
    person.hazard[CONSULTATION] = 0.0
    if person.in_pain == 1:
        rising = math.exp(inputs.care_severity * disability) / inputs.care_mean
        person.hazard[CONSULTATION] = inputs.care_consultation_rate * rising


@inlined_rule
def meets_criteria(person: Any, inputs: Any) -> bool:
    """Whether the person meets RESTORE's entry criteria: in pain, with enough disability and pain."""
    return (
        person.in_pain == 1
        and rmdq(person, person.now) >= inputs.cft_eligible_rmdq
        and pain(person, person.now) >= inputs.cft_eligible_pain
    )


@inlined_rule
def eligible_for_cft(person: Any, inputs: Any) -> bool:
    """Whether the person may be offered CFT at a consultation: meets RESTORE's entry criteria, is not on the list and
    had no course in recent years. `cft_is_offered` draws whether the policy's share of offers includes them, and asks
    whether the policy chooses them.
    """
    return (
        person.joined[CFT_LIST] == NEVER
        and person.now - person.cft_last >= inputs.cft_repeat_after
        and meets_criteria(person, inputs)
    )


@inlined_rule
def is_chosen(person: Any, inputs: Any) -> bool:
    """Whether the policy offers CFT to people like this one: disabled enough, of the right age, socioeconomic fifth and
    region.

    Who is on the list keeps their place, whatever becomes of their disability and age.
    """
    return (
        inputs.offered_from_age <= person.age <= inputs.offered_to_age
        and person.quintile < inputs.offered_fifths
        and inputs.offered_in_region[person.region] == 1
        and rmdq(person, person.now) >= inputs.offered_from_rmdq
    )


@inlined_rule
def consultation_draw(person: Any, inputs: Any, kind: int) -> float:
    """Uniform random number of this kind that belongs to the present consultation."""
    return uniform(inputs.seed, inputs.draw, person.id, kind, person.clocks_drawn[CONSULTATION])


@inlined_rule
def consultation(person: Any, inputs: Any, totals: Any) -> bool:
    """Consult: it costs, and CFT (or what a policy puts in its place) and tapering may be offered; return whether
    anything begins. A place on the list is only waited for.
    """
    record(totals, person, CONSULTATIONS, 1.0)
    record(totals, person, COST_CONSULTATIONS, inputs.care_consultation_cost)
    return new_treatment_allowed(person, inputs) and make_offers(person, inputs, totals)


@inlined_rule
def make_offers(person: Any, inputs: Any, totals: Any) -> bool:
    """Offer CFT at the policy's share of eligible consultations, and tapering at its share of those on opioids; return
    whether anything begins.
    """
    begins = False
    if cft_is_offered(person, inputs):
        begins = offer_cft(person, inputs, totals)
    if taper_is_offered(person, inputs) and accepts_taper(person, person, inputs):
        opioids.taper(person, inputs, totals)
        begins = True
    return begins


@inlined_rule
def cft_is_offered(person: Any, inputs: Any) -> bool:
    """Whether CFT is offered at the present consultation: who is eligible and chosen, at the share of them that the
    policy has.
    """
    offered = dated_value(person.now, inputs.offered_times, inputs.offered_values, inputs.offered_knots)
    return (
        offered > 0.0
        and consultation_draw(person, inputs, OFFER) < offered
        and eligible_for_cft(person, inputs)
        and is_chosen(person, inputs)
    )


@inlined_rule
def taper_is_offered(person: Any, inputs: Any) -> bool:
    """Whether tapering is offered at the present consultation: on opioids, and not tapered in this spell of use."""
    if person.on_opioids == 0 or person.tapered == 1:
        return False
    offered = dated_value(person.now, inputs.tapering_times, inputs.tapering_values, inputs.tapering_knots)
    return offered > 0.0 and consultation_draw(person, inputs, TAPER_OFFER) < offered


@rule
def offer_cft(person: Any, inputs: Any, totals: Any) -> bool:
    """Offer CFT, or what is put in its place. Who accepts joins the list, or is served at once where capacity is
    unlimited; return whether it begins now.
    """
    count_offer(person, person, totals)
    known = person.answer[CFT_OFFER] == YES
    if not accepts_cft(person, person, inputs):
        return False
    record(totals, person, PEOPLE_ACCEPTING, 0.0 if known else 1.0)
    if inputs.waits_for_place == 1:
        cft.join_list(person, inputs, totals)
        return False
    if eligible_for_replacement(person, inputs):
        start_replacement(person, inputs, totals)
        return True
    return False


@rule
def count_offer(person: Any, answers: Any, totals: Any) -> None:
    """Count an offer of CFT, and the person when it is their first; `answers` as in `accepts_offer`."""
    record(totals, person, CFT_OFFERS, 1.0)
    record(totals, person, PEOPLE_OFFERED, 1.0 if answers.times_asked[CFT_OFFER] == 0 else 0.0)


@rule
def accepts_cft(person: Any, answers: Any, inputs: Any) -> bool:
    """Whether the person accepts CFT, or what is put in its place."""
    return accepts_offer(person, answers, CFT_OFFER, ACCEPT, inputs.uptake_by_quintile[person.quintile], inputs)


@rule
def accepts_taper(person: Any, answers: Any, inputs: Any) -> bool:
    """Whether the person accepts to taper."""
    return accepts_offer(person, answers, TAPER, TAPER_ACCEPT, inputs.opioids_taper_uptake, inputs)


@rule
def accepts_offer(person: Any, answers: Any, offer: int, kind: int, share: float, inputs: Any) -> bool:
    """Whether the person accepts. The answer is drawn once; of those who decline a share reconsider later.

    `answers`: the record that holds what was said before, and keeps what is said now: the person's own, or that of a
    policy under which the person has not yet taken up anything.
    """
    if inputs.acceptance == AT_EACH_OFFER:
        answers.times_asked[offer] = 1
        if consultation_draw(person, inputs, kind) < share:
            answers.answer[offer] = YES
            return True
        return False
    long_ago = person.now - answers.answered_at[offer] >= inputs.care_reconsider_after
    if answers.answer[offer] == UNASKED or (answers.answer[offer] == NO and long_ago):
        answer_offer(person, answers, offer, kind, share, inputs)
    return answers.answer[offer] == YES


@rule
def answer_offer(person: Any, answers: Any, offer: int, kind: int, share: float, inputs: Any) -> None:
    """Draw the first answer to a kind of offer or, after a while, perhaps another; draws are numbered by how often
    it was asked.
    """
    n = answers.times_asked[offer]
    thinks = n == 0 or (
        uniform(inputs.seed, inputs.draw, person.id, THINKS_AGAIN, n * OFFERS + offer) < inputs.care_reconsider_share
    )
    accepts = thinks and uniform(inputs.seed, inputs.draw, person.id, kind, n) < share
    answers.answer[offer] = YES if accepts else NO
    answers.answered_at[offer] = person.now
    answers.times_asked[offer] += 1


@rule
def take_place(person: Any, inputs: Any, totals: Any) -> bool:
    """Take up a place, or give it up where the criteria, assessed anew, are no longer met; return whether it is
    taken.
    """
    if inputs.at_the_place == ASSESSED_AGAIN and not meets_criteria(person, inputs):
        cft.give_up_place(person, totals)
        return False
    if inputs.offer == OFFER_CFT:
        cft.start(person, inputs, totals)
        return True
    if not eligible_for_replacement(person, inputs):
        cft.give_up_place(person, totals)
        return False
    person.joined[CFT_LIST] = NEVER
    start_replacement(person, inputs, totals)
    return True


@inlined_rule
def eligible_for_replacement(person: Any, inputs: Any) -> bool:
    """Whether what a policy puts in CFT's place can be given: the person is not yet on opioids, or is disabled
    enough for surgery.
    """
    if inputs.offer == OFFER_OPIOIDS:
        return person.on_opioids == 0
    return (
        person.surgery == NO_SURGERY
        and person.joined[SURGERY_LIST] == NEVER
        and rmdq(person, person.now) >= inputs.surgery_min_rmdq
    )


@rule
def start_replacement(person: Any, inputs: Any, totals: Any) -> None:
    """Begin opioids, or set a date for an operation, where CFT would have begun."""
    person.cft_last = person.now
    if inputs.offer == OFFER_OPIOIDS:
        opioids.start(person, inputs, totals)
    else:
        surgery.refer(person, inputs, totals)
