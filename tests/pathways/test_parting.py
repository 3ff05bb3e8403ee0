"""Where a life under a policy parts from the same life without any, rule by rule; whole lives are in simulation."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from lbpsim.engine.event_clocks import clear_clocks
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import parting
from lbpsim.pathways import person as s
from lbpsim.pathways.dated_multipliers import PACED
from lbpsim.pathways.rates_and_hazards import update_rates_and_hazards
from lbpsim.study import CftPolicy, OpioidPolicy, Policy, SurgeryPolicy, Timeline
from tests.pathways.small_country import USUAL_CARE, inputs, no_totals, person

ALWAYS = Timeline((0.0,), (1.0,))
OFFERS = Policy("offers", "", cft=CftPolicy(offered=ALWAYS))
TAPERS = Policy("tapers", "", opioids=OpioidPolicy(tapering_offered=ALWAYS))
HALVES = Timeline((1.0,), (-0.5,))
FEWER_STARTS = Policy("fewer starts", "", opioids=OpioidPolicy(initiation_change=HALVES))
FEWER_REFERRALS = Policy("fewer referrals", "", surgery=SurgeryPolicy(referral_change=HALVES))
CLOCKS = range(len(PACED))
LIMITED = Policy("limited", "", surgery=SurgeryPolicy(operations_per_year=Timeline((2.0,), (3000.0,))))


def alive(**fields: Any) -> Any:
    """Somebody in pain with clocks wound under usual care."""
    someone = person(trait=14.0, **fields)
    someone["joined"] = fields.get("joined", s.NEVER)
    clear_clocks(someone)
    update_rates_and_hazards(someone, inputs())
    return someone


def shadow_of(someone: Any, given: Any) -> Any:
    shadows = np.zeros(2, parting.SHADOW)
    parting.begin_shadow(someone, shadows[0], given)
    return shadows


def at_consultation(policy: Policy, assume: dict[str, float], **fields: Any) -> tuple[bool, Any, Any]:
    """Whether somebody's life parts at a consultation under a policy; their shadow, and what the policy counts."""
    someone, given, sums = alive(**fields), inputs(policy, assume), no_totals()[None]
    shadows = shadow_of(someone, given)
    before = someone.tobytes()
    parts = parting.parts_by_event(someone, 0.5, s.CONSULTATION, 0, shadows, np.array([given]), sums)
    assert someone.tobytes() == before, "the life itself has not come to it yet"
    return bool(parts), shadows[0], sums[0, 0].sum(axis=(0, 1)) / 2.0**24


def test_what_a_policy_can_do_at_events_and_between_them() -> None:
    policies = (USUAL_CARE, OFFERS, TAPERS, FEWER_STARTS, FEWER_REFERRALS, LIMITED)
    assert [bool(parting.parts_at_events(inputs(policy))) for policy in policies] == [0, 1, 1, 0, 0, 1]
    followed = [[bool(parting.follows(inputs(policy), clock)) for clock in CLOCKS] for policy in policies]
    assert followed == [[0, 0], [0, 0], [0, 0], [1, 0], [0, 1], [0, 0]]
    assert [kind for kind in range(s.CHANCE_EVENTS) if parting.can_part(kind)] == [s.CONSULTATION, s.REFERRAL]


def test_an_accepted_offer_parts_and_leaves_no_answer() -> None:
    parts, shadow, counted = at_consultation(OFFERS, {"cft.uptake": 1.0})
    assert parts
    assert shadow["times_asked"].tolist() == [0, 0], "who parts is asked again in a life of their own"
    assert not counted.any()


def test_a_declined_offer_is_counted_for_the_policy_and_remembered() -> None:
    parts, shadow, counted = at_consultation(OFFERS, {"cft.uptake": 0.0})
    assert not parts
    assert shadow["answer"][s.CFT_OFFER] == s.NO
    assert shadow["answered_at"][s.CFT_OFFER] == 0.5
    assert counted[OUTCOME_INDEX["cft_offers"]] == counted[OUTCOME_INDEX["cft_people_offered"]] == 1.0


@pytest.mark.parametrize(("uptake", "parts"), [(1.0, True), (0.0, False)])
def test_a_taper_parts_where_it_is_accepted(uptake: float, parts: bool) -> None:
    parted, shadow, counted = at_consultation(TAPERS, {"opioids.taper_uptake": uptake}, on_opioids=1)
    assert parted == parts
    assert shadow["times_asked"][s.TAPER] == (not parts)
    assert not counted.any()


def test_who_is_offered_nothing_is_asked_nothing() -> None:
    parts, shadow, counted = at_consultation(TAPERS, {"opioids.taper_uptake": 1.0}, on_opioids=0)
    assert (parts, shadow["times_asked"].any(), counted.any()) == (False, False, False)
    assert not at_consultation(OFFERS, {"cft.uptake": 1.0, "cft.eligible_rmdq": 20.0})[0]


def test_nothing_is_offered_beyond_the_horizon() -> None:
    given = inputs(OFFERS, {"cft.uptake": 1.0})
    someone = alive()
    assert not parting.parts_by_event(
        someone, 100.0, s.CONSULTATION, 0, shadow_of(someone, given), np.array([given]), no_totals()[None]
    )


@pytest.mark.parametrize(
    ("policy", "kind", "clock"), [(FEWER_STARTS, s.OPIOID_START, 0), (FEWER_REFERRALS, s.REFERRAL, 1)]
)
def test_a_slower_clock_parts_when_the_first_of_the_two_rings(policy: Policy, kind: int, clock: int) -> None:
    someone, given = alive(), inputs(policy)
    marks = np.zeros((2, 2))
    assert parting.has_changed(someone, clock, marks)
    assert not parting.has_changed(someone, clock, marks)
    assert parting.has_changed(someone, 1 - clock, marks), "each clock is marked by itself"
    shadow = shadow_of(someone, given)[0]
    rings = someone["next_time"][kind]
    assert rings > 1.0, "after the date"
    assert shadow["next_time"][clock] == pytest.approx(1.0 + 2.0 * (rings - 1.0))
    assert shadow["parts_at"].tolist() == [rings if each == clock else s.NEVER for each in CLOCKS]
    other = someone.copy()
    parting.hand_over(other, shadow, given)
    assert other["next_time"][kind] == shadow["next_time"][clock]
    assert other["remaining"][kind] == someone["remaining"][kind]


@pytest.mark.parametrize(
    ("policy", "kind", "clock"), [(FEWER_STARTS, s.OPIOID_START, 0), (FEWER_REFERRALS, s.REFERRAL, 1)]
)
def test_a_clock_that_rings_before_the_date_rings_for_both(policy: Policy, kind: int, clock: int) -> None:
    someone, given = alive(), inputs(policy)
    someone["remaining"][kind] = 0.0
    someone["scheduled_hazard"][kind] = 0.0
    update_rates_and_hazards(someone, inputs())
    shadow = shadow_of(someone, given)[0]
    assert shadow["next_time"][clock] == someone["next_time"][kind] == 0.0
    assert shadow["parts_at"].tolist() == [s.NEVER, s.NEVER]
    someone["remaining"][kind] = -1.0  # it has rung
    parting.follow(someone, shadow, clock, given)
    assert (shadow["next_time"][clock], shadow["remaining"][clock]) == (s.NEVER, -1.0)


def test_a_surgeon_s_list_with_limited_places_parts_who_is_on_it_or_joins_it() -> None:
    limited, usual = inputs(LIMITED), inputs()
    waiting, free = alive(joined=[s.NEVER, -0.5]), alive()
    assert min(shadow_of(waiting, limited)[0]["parts_at"]) == 0.0
    for someone, given in ((waiting, usual), (free, limited)):
        assert shadow_of(someone, given)[0]["parts_at"].tolist() == [s.NEVER, s.NEVER]
    for given, parts in ((limited, True), (usual, False)):
        shadows = shadow_of(free, given)
        assert parting.parts_by_event(free, 0.5, s.REFERRAL, 0, shadows, np.array([given]), no_totals()[None]) == parts


def test_answers_are_handed_over() -> None:
    someone, given = alive(), inputs(dataclasses.replace(OFFERS))
    shadow = shadow_of(someone, given)[0]
    shadow["answer"], shadow["times_asked"], shadow["answered_at"] = [s.NO, s.YES], [2, 1], [0.25, 0.5]
    parting.hand_over(someone, shadow, given)
    assert someone["answer"].tolist() == [s.NO, s.YES]
    assert (someone["times_asked"].tolist(), someone["answered_at"].tolist()) == ([2, 1], [0.25, 0.5])
