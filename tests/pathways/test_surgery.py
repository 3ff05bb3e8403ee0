"""Lumbar fusion: referral, the wait, the effect over the years, what an operation can bring, reoperation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import person as s
from lbpsim.pathways import surgery
from lbpsim.pathways.cft import WEEK
from lbpsim.pathways.disability import surgery_pain, surgery_rmdq
from lbpsim.study import Policy, SurgeryPolicy, Timeline
from tests.pathways.small_country import FREQUENT, USUAL_CARE, inputs, live, no_totals, person, study

SAFE = {"surgery.death": 0.0, "surgery.complication": 0.0, "surgery.new_opioids": 0.0}
LIMITED = Policy("limited", "", surgery=SurgeryPolicy(operations_per_year=Timeline((2.0,), (3000.0,))))


def patient(**fields: Any) -> Any:
    return person(next_time=np.inf, joined=np.inf, **fields)


def operated(years: float, **fields: Any) -> Any:
    """Someone operated on at 1.0, `years` later, reviewed on the way."""
    someone, given, totals = patient(now=1.0, **fields), inputs(assume=SAFE), no_totals()
    surgery.operate(someone, given, totals)
    while someone["next_time"][s.SURGERY_STEP] <= 1.0 + years:
        someone["now"] = someone["next_time"][s.SURGERY_STEP]
        surgery.step(someone, given, totals)
    return someone


@pytest.mark.parametrize(
    ("years", "rmdq", "pain"),
    [(0.0, -1.8, -0.7), (2.0, -1.8, -0.7), (3.5, -1.005, -0.4), (5.0, -0.21, -0.1), (9.0, -0.21, -0.1)],
)
def test_effect_holds_two_years_and_fades_by_year_five(years: float, rmdq: float, pain: float) -> None:
    someone = operated(years)
    assert surgery_rmdq(someone, 1.0 + years) == pytest.approx(rmdq, abs=1e-12)
    assert surgery_pain(someone, 1.0 + years) == pytest.approx(pain, abs=1e-12)


def test_after_cft_the_effect_is_that_against_structured_rehabilitation() -> None:
    assert surgery_rmdq(operated(1.0, cft_courses=1), 2.0) == pytest.approx(-2.6 * 0.3)
    assert surgery_rmdq(operated(6.0, cft_courses=1), 7.0) == pytest.approx(-0.7 * 0.3)


@pytest.mark.parametrize(
    ("fields", "disability", "may"),
    [
        ({}, 12.0, True),
        ({}, 11.99, False),
        ({"in_pain": 0}, 20.0, False),
        ({"surgery": s.AWAITING_SURGERY}, 20.0, False),
        ({"surgery": s.OPERATED}, 20.0, False),
    ],
)
def test_who_may_be_referred(fields: dict[str, Any], disability: float, may: bool) -> None:
    someone = patient(**fields)
    surgery.hazards(someone, disability, inputs())
    assert (someone["hazard"][s.REFERRAL] > 0.0) == may


def test_without_the_link_referral_goes_by_the_trait() -> None:
    given = inputs(severity_drives_opioids_and_surgery="off")
    referral = []
    for trait, disability in ((13.0, 2.0), (13.0, 20.0), (11.0, 20.0)):
        someone = patient(trait=trait)
        surgery.hazards(someone, disability, given)
        referral.append(someone["hazard"][s.REFERRAL])
    assert referral[0] == referral[1] > referral[2] == 0.0


def test_reoperation_hazards_give_the_published_shares() -> None:
    given = inputs()
    early, late = float(given["reoperation_early"]), float(given["reoperation_late"])
    assert -math.expm1(-2.0 * early) == pytest.approx(0.12)
    assert -math.expm1(-2.0 * early - 8.0 * late) == pytest.approx(0.22)


@pytest.mark.parametrize(
    ("step", "field"), [(0, "reoperation_early"), (1, "reoperation_late"), (2, "reoperation_late")]
)
def test_reoperation_is_likelier_in_the_first_two_years(step: int, field: str) -> None:
    someone, given = patient(surgery=s.OPERATED, surgery_step=step), inputs()
    surgery.hazards(someone, 20.0, given)
    assert someone["hazard"][s.REOPERATION] == given[field] > 0.0


def test_a_referral_gives_a_date_and_a_place_on_the_list() -> None:
    someone, totals = patient(now=0.5), no_totals()
    surgery.refer(someone, inputs(), totals)
    assert someone["surgery"] == s.AWAITING_SURGERY
    assert someone["joined"][s.SURGERY_LIST] == 0.5
    assert someone["next_time"][s.SURGERY_STEP] == someone["surgery_date"] > 0.5
    assert totals[0, ..., OUTCOME_INDEX["surgery_referrals"]].sum() == 2**24


def test_once_operations_are_booked_no_date_is_given() -> None:
    someone = patient(now=2.5)
    surgery.refer(someone, inputs(LIMITED), no_totals())
    assert someone["joined"][s.SURGERY_LIST] == 2.5
    assert someone["next_time"][s.SURGERY_STEP] == np.inf


@pytest.mark.parametrize("policy", [USUAL_CARE, LIMITED])
def test_on_a_date_before_booking_begins_the_operation_is_done(policy: Policy) -> None:
    someone, totals, given = patient(now=0.5), no_totals(), inputs(policy, assume=SAFE)
    surgery.join_list(someone, 0.5, given)
    someone["now"] = 1.0
    surgery.step(someone, given, totals)
    assert someone["surgery"] == s.OPERATED
    assert totals[0, ..., OUTCOME_INDEX["surgeries"]].sum() == 2**24


def test_a_date_after_booking_begins_is_off() -> None:
    someone, totals = patient(now=1.9), no_totals()
    surgery.join_list(someone, 0.5, inputs(LIMITED))
    someone["now"] = 2.4
    surgery.step(someone, inputs(LIMITED), totals)
    assert someone["surgery"] == s.AWAITING_SURGERY
    assert someone["next_time"][s.SURGERY_STEP] == np.inf
    assert not totals.any()


@pytest.mark.parametrize(("courses", "expected"), [(USUAL_CARE, 0.0), (LIMITED, 0.0)])
def test_an_operation_ends_the_wait_and_costs(courses: Policy, expected: float) -> None:
    someone, totals = patient(now=1.0), no_totals()
    surgery.join_list(someone, 0.5, inputs(courses, SAFE))
    surgery.operate(someone, inputs(courses, SAFE), totals)
    sums = totals[0].sum(axis=(0, 1)) / 2.0**24
    assert someone["joined"][s.SURGERY_LIST] == np.inf
    assert (sums[OUTCOME_INDEX["surgeries"]], sums[OUTCOME_INDEX["cost_surgery"]]) == (1.0, 54_000.0)
    assert sums[OUTCOME_INDEX["qalys"]] == pytest.approx(-0.02, abs=1e-7)
    assert sums[OUTCOME_INDEX["surgery_deaths"]] == expected


@pytest.mark.parametrize(
    ("outcome", "share"), [("surgery_deaths", 0.05), ("surgery_complications", 0.16 * 0.95), ("opioid_starts", None)]
)
def test_operations_bring_what_they_bring_as_often_as_registered(outcome: str, share: float | None) -> None:
    """4,000 operations on people not on opioids; |z| < 4: false alarm 0.0001."""
    given, totals, number = inputs(assume={"surgery.death": 0.05}), no_totals(), 4000
    for n in range(number):
        surgery.operate(patient(id=n), given, totals)
    share = share if share is not None else 0.95 * 0.08
    found = totals[0, ..., OUTCOME_INDEX[outcome]].sum() / 2.0**24
    assert abs(found - share * number) < 4.0 * math.sqrt(number * share * (1.0 - share))


def test_a_complication_costs_and_takes_health() -> None:
    given, totals = inputs(assume=SAFE | {"surgery.complication": 1.0}), no_totals()
    surgery.operate(patient(now=1.0), given, totals)
    sums = totals[0].sum(axis=(0, 1)) / 2.0**24
    assert sums[OUTCOME_INDEX["surgery_complications"]] == 1.0
    extra = float(given["surgery_complication_cost"]), float(given["surgery_complication_qaly_loss"])
    assert extra[0] > 0.0 and extra[1] > 0.0
    assert sums[OUTCOME_INDEX["cost_surgery"]] == pytest.approx(54_000.0 + extra[0])
    assert sums[OUTCOME_INDEX["qalys"]] == pytest.approx(-0.02 - extra[1], abs=1e-7)


def test_some_users_stop_after_an_operation() -> None:
    given, totals, number = inputs(assume=SAFE), no_totals(), 4000
    for n in range(number):
        surgery.operate(patient(id=n, on_opioids=1), given, totals)
    found = totals[0, ..., OUTCOME_INDEX["opioid_stops"]].sum() / 2.0**24
    assert abs(found - 0.091 * number) < 4.0 * math.sqrt(number * 0.091 * 0.909)


def test_death_on_the_table_is_a_death_and_ends_everything() -> None:
    someone, totals = patient(now=1.0), no_totals()
    someone["next_time"][s.BIRTHDAY] = 1.5
    surgery.join_list(someone, 0.5, inputs())
    surgery.operate(someone, inputs(assume={"surgery.death": 1.0}), totals)
    assert (someone["alive"], someone["present"]) == (0, 0)
    sums = totals[0].sum(axis=(0, 1)) / 2.0**24
    assert sums[OUTCOME_INDEX["surgery_deaths"]] == sums[OUTCOME_INDEX["deaths"]] == 1.0
    assert sums[OUTCOME_INDEX["surgery_left_list"]] == 0.0
    assert 4.9 < sums[OUTCOME_INDEX["ylls"]] < 5.0
    assert sums[OUTCOME_INDEX["ylls_beyond"]] > 30.0


def test_a_reoperation_brings_no_new_benefit() -> None:
    someone = operated(3.0)
    before = surgery_rmdq(someone, 4.0)
    surgery.reoperate(someone, inputs(assume=SAFE), no_totals())
    assert surgery_rmdq(someone, 4.0) == before
    assert someone["operations"] == 2


def test_no_more_first_operations_than_places() -> None:
    asked = study(LIMITED, people=3000, assume=FREQUENT)
    lives = live(asked, watch=True)
    served = [time for log in lives.log.values() for time, kind in log if kind == -1 - s.SURGERY_LIST]
    places = 3000.0 * WEEK / (2_852_000.0 / 3000.0) * ((6.0 - 2.0) / WEEK)
    assert min(served) > 2.0
    assert 0.8 * places - 1.0 < len(served) <= 1.01 * places + 1.0


def test_without_places_nobody_is_operated() -> None:
    none = Policy("none", "", surgery=SurgeryPolicy(operations_per_year=Timeline((0.0,), (0.0,))))
    lives = live(study(none, assume=FREQUENT))
    assert lives.number("surgeries") == 0
    assert lives.number("surgery_referrals") > 100


@pytest.mark.parametrize(
    ("now", "on_opioids", "new", "stop", "after"),
    [(1.0, 0, 1.0, 0.0, 1), (1.0, 0, 0.0, 1.0, 0), (7.0, 0, 1.0, 0.0, 0), (1.0, 1, 1.0, 0.0, 1), (1.0, 1, 0.0, 1.0, 0)],
    ids=["begins", "does not begin", "nothing new beyond the horizon", "goes on", "stops"],
)
def test_opioids_may_begin_or_end_with_an_operation(
    now: float, on_opioids: int, new: float, stop: float, after: int
) -> None:
    someone, totals = patient(now=now, year=0, on_opioids=on_opioids), no_totals()
    surgery.operate(someone, inputs(assume=SAFE | {"surgery.new_opioids": new, "surgery.stop_opioids": stop}), totals)
    assert someone["on_opioids"] == after
    started = totals[0, ..., OUTCOME_INDEX["opioid_starts"]].sum()
    assert (started > 0) == (after > on_opioids)
