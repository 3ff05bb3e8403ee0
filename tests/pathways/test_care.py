"""Care seeking: who is eligible for CFT, what a consultation brings, and what policies put in its place."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest

from lbpsim.evidence import parameters
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import care
from lbpsim.pathways import person as s
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.trace import SERVED, trace
from lbpsim.study import CftPolicy, OpioidPolicy, Policy, Timeline
from tests.pathways.small_country import CFT, UNLIMITED, USUAL_CARE, inputs, live, no_totals, person, study

ALWAYS = Timeline((0.0,), (1.0,))
TO_ALL = CftPolicy(offered=ALWAYS, capacity_limited=False)
EAGER = {"cft.uptake": 1.0, "opioids.taper_uptake": 1.0}

# Whether each condition holds, and what a person is like for whom it does or does not.
CONDITIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "in pain": ({"in_pain": 1}, {"in_pain": 0}),
    "RMDQ at least 7": ({"trait": 7.0}, {"trait": 6.99}),
    "pain at least 4": ({"pain_trait": 4.0}, {"pain_trait": 3.99}),
    "no course in three years": ({"now": 5.0, "cft_last": 2.0}, {"now": 5.0, "cft_last": 2.01}),
    "not on the list": ({"joined": np.inf}, {"joined": [4.9, np.inf]}),
}


@pytest.mark.parametrize("holds", list(itertools.product([True, False], repeat=len(CONDITIONS))), ids=str)
def test_eligible_where_all_conditions_hold(holds: tuple[bool, ...]) -> None:
    """The whole truth table."""
    fields: dict[str, Any] = {}
    for met, (yes, no) in zip(holds, CONDITIONS.values(), strict=True):
        fields |= yes if met else no
    assert care.eligible_for_cft(person(**fields), inputs()) == all(holds)


def test_flares_and_effects_count_for_eligibility() -> None:
    assert care.eligible_for_cft(waiting_for_nothing(trait=5.0, flare_rmdq=2.0), inputs())
    relieved = waiting_for_nothing(trait=8.0, opioid_from_rmdq=-1.2, opioid_to_time=np.inf)
    assert not care.eligible_for_cft(relieved, inputs())


def waiting_for_nothing(**fields: Any) -> Any:
    return person(joined=np.inf, cft_last=-np.inf, surgery_date=np.inf, **fields)


CHOSEN = {"trait": 12.0, "age": 45, "quintile": 1}
CHOOSY = dataclasses.replace(TO_ALL, from_disability=12.0, from_age=45, to_age=64, to_fifth=2)


@pytest.mark.parametrize(
    ("fields", "chosen"),
    [
        ({}, True),
        ({"trait": 11.99}, False),
        ({"trait": 11.0, "flare_rmdq": 1.0}, True),
        ({"age": 44}, False),
        ({"age": 64}, True),
        ({"age": 65}, False),
        ({"quintile": 0}, True),
        ({"quintile": 2}, False),
    ],
)
def test_a_policy_may_choose_by_disability_age_and_fifth(fields: dict[str, Any], chosen: bool) -> None:
    someone = waiting_for_nothing(**CHOSEN | fields)
    sums = consult(Policy("choosy", "", cft=CHOOSY), someone)
    assert sums[OUTCOME_INDEX["cft_offers"]] == float(chosen)
    assert care.is_chosen(waiting_for_nothing(**CHOSEN | fields), inputs(Policy("choosy", "", cft=CHOOSY))) == chosen


@pytest.mark.parametrize("fields", [{"age": 17}, {"age": 110}, {"quintile": 4}, {"trait": 7.0}], ids=str)
def test_a_policy_that_chooses_nobody_offers_to_all(fields: dict[str, Any]) -> None:
    assert care.is_chosen(waiting_for_nothing(**fields), inputs(Policy("all", "", cft=TO_ALL)))


@pytest.mark.parametrize("region", range(3))
def test_a_policy_may_choose_by_region(region: int) -> None:
    given = inputs(Policy("all", "", cft=TO_ALL), EAGER).copy()
    given["offered_in_region"][1] = 0
    totals = no_totals()
    care.consultation(waiting_for_nothing(region=region), given, totals)
    assert totals[..., OUTCOME_INDEX["cft_offers"]].any() == (region != 1)
    assert care.is_chosen(waiting_for_nothing(region=region), given) == (region != 1)


def test_who_was_chosen_keeps_the_place_though_less_disabled_when_it_comes_up() -> None:
    someone = person(**CHOSEN | {"trait": 8.0, "age": 65}, now=1.0, joined=[0.5, np.inf])
    assert care.take_place(someone, inputs(Policy("choosy", "", cft=CHOOSY)), no_totals())


@pytest.mark.parametrize(("time", "expected"), [(0.5, 0.0), (1.0, 0.1), (2.0, 0.225), (5.0, 0.6), (50.0, 0.6)], ids=str)
def test_an_offer_is_on_a_line_between_dates(time: float, expected: float) -> None:
    times, values = np.array([1.0, 5.0]), np.array([0.1, 0.6])
    assert care.dated_value(time, times, values, 2) == pytest.approx(expected, abs=1e-15)
    assert care.dated_value(time, times, values, 0) == 0.0


@pytest.mark.parametrize("rmdq", [0.0, 7.0, 24.0])
def test_consultations_rise_with_disability_and_stop_in_remission(rmdq: float) -> None:
    given, someone = inputs(), person()
    care.hazards(someone, rmdq, given)
    ratio = np.exp(given["care_severity"] * rmdq) / given["care_mean"]
    assert someone["hazard"][s.CONSULTATION] == pytest.approx(given["care_consultation_rate"] * ratio, rel=1e-12)
    someone["in_pain"] = 0
    care.hazards(someone, rmdq, given)
    assert someone["hazard"][s.CONSULTATION] == 0.0


def consult(policy: Policy, someone: Any) -> np.ndarray[Any, Any]:
    """Undiscounted sums of one consultation, by outcome."""
    totals = no_totals()
    care.consultation(someone, inputs(policy, EAGER), totals)
    return totals[0].sum(axis=(0, 1)) / 2.0**24


def test_a_consultation_costs_and_is_counted() -> None:
    sums = consult(USUAL_CARE, waiting_for_nothing())
    assert sums[OUTCOME_INDEX["consultations"]] == 1.0
    assert sums[OUTCOME_INDEX["cost_consultations"]] == 78.0
    assert sums.sum() == 79.0


def test_an_offer_taken_up_is_a_place_on_the_list() -> None:
    someone = waiting_for_nothing(now=1.5)
    sums = consult(Policy("cft", "", cft=TO_ALL), someone)
    assert sums[OUTCOME_INDEX["cft_offers"]] == sums[OUTCOME_INDEX["cft_joined"]] == 1.0
    assert someone["joined"][s.CFT_LIST] == 1.5


@pytest.mark.parametrize("policy", [CFT, UNLIMITED])
def test_who_declines_gets_no_place_and_begins_nothing(policy: Policy) -> None:
    someone = waiting_for_nothing(now=2.0)
    assert not care.offer_cft(someone, inputs(policy, {"cft.uptake": 0.0}), no_totals())
    assert someone["joined"][s.CFT_LIST] == s.NEVER and someone["cft_courses"] == 0


def test_a_person_offered_twice_counts_once_among_those_offered_and_those_accepting() -> None:
    someone = waiting_for_nothing(now=1.5)
    first = consult(Policy("cft", "", cft=TO_ALL), someone)
    someone["joined"][s.CFT_LIST] = s.NEVER  # the list is left, and the offer comes again
    again = consult(Policy("cft", "", cft=TO_ALL), someone)
    people = [OUTCOME_INDEX[name] for name in ("cft_people_offered", "cft_people_accepting")]
    assert first[people].tolist() == [1.0, 1.0]
    assert again[OUTCOME_INDEX["cft_offers"]] == again[OUTCOME_INDEX["cft_joined"]] == 1.0
    assert again[people].tolist() == [0.0, 0.0]


def test_opioids_instead_without_a_limit_go_to_the_same_people_once_in_three_years() -> None:
    instead = Policy("opioids", "", cft=dataclasses.replace(TO_ALL, replaced_by="opioids"))
    someone = waiting_for_nothing(now=1.5)
    sums = consult(instead, someone)
    assert sums[OUTCOME_INDEX["cft_offers"]] == sums[OUTCOME_INDEX["opioid_starts"]] == 1.0
    assert someone["on_opioids"] == 1
    assert someone["joined"][s.CFT_LIST] == np.inf
    assert not care.eligible_for_cft(someone, inputs())
    assert consult(instead, waiting_for_nothing(on_opioids=1))[OUTCOME_INDEX["opioid_starts"]] == 0.0


@pytest.mark.parametrize(("trait", "referred"), [(12.0, 1.0), (11.9, 0.0)])
def test_surgery_instead_goes_to_those_disabled_enough_for_it(trait: float, referred: float) -> None:
    instead = Policy("surgery", "", cft=dataclasses.replace(TO_ALL, replaced_by="surgery"))
    someone = waiting_for_nothing(trait=trait)
    sums = consult(instead, someone)
    assert sums[OUTCOME_INDEX["cft_offers"]] == 1.0
    assert sums[OUTCOME_INDEX["surgery_referrals"]] == referred
    assert (someone["joined"][s.SURGERY_LIST] < np.inf) == bool(referred)


# --- who accepts -----------------------------------------------------------------------------------------------------


def ask_often(times: int, assume: dict[str, float], **options: str) -> list[bool]:
    """What one person says to the same offer, a year apart."""
    given, someone, said = inputs(assume=assume, **options), waiting_for_nothing(), []
    for year in range(times):
        someone["now"] = float(year)
        someone["clocks_drawn"][s.CONSULTATION] = year
        said.append(bool(care.accepts_offer(someone, someone, s.CFT_OFFER, s.ACCEPT, 0.5, given)))
    return said


def test_a_mind_is_made_up_once() -> None:
    assert len(set(ask_often(20, {"care.reconsider_share": 0.0}))) == 1


def test_as_in_version_one_it_may_be_made_up_anew_at_each_offer() -> None:
    assert len(set(ask_often(20, {}, acceptance="at_each_offer"))) == 2


@pytest.mark.parametrize("years", [2.0, 5.0])
def test_who_declines_may_think_again_after_the_registered_time_and_not_before(years: float) -> None:
    assume = {"care.reconsider_share": 1.0, "care.reconsider_after": years}
    given = inputs(assume=assume)
    changed = 0
    for number in range(200):
        someone = waiting_for_nothing(id=number)
        first = care.accepts_offer(someone, someone, s.CFT_OFFER, s.ACCEPT, 0.5, given)
        someone["now"] = years - 0.01
        assert care.accepts_offer(someone, someone, s.CFT_OFFER, s.ACCEPT, 0.5, given) == first
        someone["now"] = years
        later = care.accepts_offer(someone, someone, s.CFT_OFFER, s.ACCEPT, 0.5, given)
        assert later or not first  # nobody takes back a yes
        changed += later != first
    assert 30 < changed < 70  # half of the half that declined


def test_answers_to_offers_of_different_kinds_are_independent() -> None:
    given = inputs()
    people = [waiting_for_nothing(id=number) for number in range(2000)]
    kinds = ((s.CFT_OFFER, s.ACCEPT), (s.TAPER, s.TAPER_ACCEPT))
    said = np.array(
        [[care.accepts_offer(one, one, *kind, 0.5, given) for kind in kinds] for one in people], dtype=float
    )
    assert abs(np.corrcoef(said.T)[0, 1]) < 4.0 / np.sqrt(len(people))


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_uptake_of_people_ever_offered_is_the_registered_share(share: float) -> None:
    lives = live(study(UNLIMITED, people=4000, assume={"cft.uptake": share, "care.reconsider_share": 0.0}))
    offered, accepting = lives.number("cft_people_offered"), lives.number("cft_people_accepting")
    assert offered > 1500
    assert lives.number("cft_offers") > 1.2 * offered  # the same people are asked again
    assert abs(accepting - share * offered) < 4.0 * np.sqrt(offered * share * (1.0 - share))


def test_those_who_think_again_add_to_uptake_no_more_than_they_can() -> None:
    lives = live(study(UNLIMITED, people=4000))
    uptake = lives.number("cft_people_accepting") / lives.number("cft_people_offered")
    share, again = parameters()["cft.uptake"].value, parameters()["care.reconsider_share"].value
    assert share - 0.03 < uptake < share + (1.0 - share) * again * 3.0 * share + 0.03


# --- when a place comes up -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "takes"), [({}, True), ({"trait": 6.9}, False), ({"pain_trait": 3.9}, False), ({"in_pain": 0}, False)]
)
def test_who_no_longer_meets_the_criteria_gives_the_place_up(fields: dict[str, Any], takes: bool) -> None:
    totals, someone = no_totals(), waiting_for_nothing(now=1.0, **fields)
    someone["joined"][s.CFT_LIST] = 0.5
    given = inputs(Policy("cft", "", cft=TO_ALL))
    assert care.take_place(someone, given, totals) == takes
    assert someone["joined"][s.CFT_LIST] == np.inf
    assert someone["cft_courses"] == takes
    assert totals[0, ..., OUTCOME_INDEX["cft_places_given_up"]].any() != takes


def test_as_in_version_one_they_may_be_served_as_referred() -> None:
    someone = waiting_for_nothing(now=1.0, trait=6.9)
    someone["joined"][s.CFT_LIST] = 0.5
    given = inputs(Policy("cft", "", cft=TO_ALL), at_the_place="as_referred")
    assert care.take_place(someone, given, no_totals())


@pytest.mark.parametrize(
    ("instead", "fields", "takes", "counted"),
    [
        ("opioids", {}, True, "opioid_starts"),
        ("opioids", {"on_opioids": 1}, False, "opioid_starts"),
        ("surgery", {"trait": 12.0}, True, "surgery_referrals"),
        ("surgery", {"trait": 11.9}, False, "surgery_referrals"),
        ("surgery", {"trait": 20.0, "surgery": s.OPERATED}, False, "surgery_referrals"),
    ],
)
def test_head_to_head_it_is_place_for_place(instead: str, fields: dict[str, Any], takes: bool, counted: str) -> None:
    cft = dataclasses.replace(TO_ALL, capacity_limited=True, replaced_by=instead)
    totals, someone = no_totals(), waiting_for_nothing(now=1.0, **fields)
    someone["joined"][s.CFT_LIST] = 0.5
    assert care.take_place(someone, inputs(Policy("instead", "", cft=cft)), totals) == takes
    assert totals[0, ..., OUTCOME_INDEX[counted]].any() == takes
    assert someone["joined"][s.CFT_LIST] == np.inf


@pytest.mark.parametrize(("option", "all_fit"), [("assessed_again", True), ("as_referred", False)])
def test_nobody_starts_a_course_without_meeting_the_criteria_that_day(option: str, all_fit: bool) -> None:
    """Lives are lived again: disability and pain at the moment when a place is taken."""
    asked = study(CFT, people=150, years=4, options={"at_the_place": option})
    prepared_study, after = PreparedStudy(asked), live(asked).after
    treated = after["id"][after["cft_courses"] > 0]
    moments = [moment for number in treated for moment in trace(prepared_study.study, int(number))[-1].moments]
    starts = [moment for moment in moments if moment.event == SERVED[s.CFT_LIST]]
    fit = [moment.in_pain and moment.rmdq_before >= 7.0 and moment.pain >= 4.0 for moment in starts]
    assert len(starts) > 20
    assert all(fit) == all_fit


# --- tapering --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "tapered", "begins"), [(1, 0, 1.0), (0, 0, 0.0), (1, 1, 0.0)])
def test_tapering_is_for_users_once(on: int, tapered: int, begins: float) -> None:
    stewardship = Policy("taper", "", opioids=OpioidPolicy(tapering_offered=ALWAYS))
    someone = waiting_for_nothing(on_opioids=on, tapered=tapered)
    assert consult(stewardship, someone)[OUTCOME_INDEX["tapers"]] == begins
    assert someone["tapering"] == begins


def test_nobody_is_offered_anything_under_usual_care() -> None:
    lives = live(study())
    offered = ("cft_offers", "cft_joined", "cft_courses", "tapers", "cft_places", "cost_cft", "cft_waiting_years")
    assert [name for name in offered if lives.steps(name) != 0] == []


def test_an_offer_to_half_reaches_half_of_eligible_consultations() -> None:
    """Offers over eligible consultations, in a year when nobody is ever excluded by a course. |z| < 4: false alarm
    0.0001.
    """
    never_taken = {"cft.uptake": 0.0}
    whole, half = (
        live(study(Policy("x", "", cft=CftPolicy(offered=Timeline((0.0,), (share,)))), years=2, assume=never_taken))
        for share in (1.0, 0.5)
    )
    eligible, offers = whole.number("cft_offers"), half.number("cft_offers")
    assert eligible > 1000
    assert abs(offers - 0.5 * eligible) < 4.0 * np.sqrt(0.25 * eligible)
