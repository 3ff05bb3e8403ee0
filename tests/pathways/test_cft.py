"""CFT: the effect over the years at its knots, sessions and their cost, and who is helped how much."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import cft
from lbpsim.pathways import person as s
from lbpsim.pathways.cft import WEEK, WEEK_13, WEEK_52
from lbpsim.pathways.disability import cft_pain, cft_rmdq, effect_is_changing
from lbpsim.study import CftPolicy, Policy, Timeline
from tests.pathways.small_country import UNLIMITED, USUAL_CARE, inputs, live, no_totals, person, study

SCALES = ("", "_week52", "_year3", "_pain", "_pain_week52", "_pain_year3")
SAME_FOR_ALL = {
    **{f"cft.latent_scale{knot}": 1.0 for knot in SCALES},
    **{"cft.response_cv": 0.0, "cft.moderation": 0.0, "cft.fidelity": 1.0},
}
ALL_SESSIONS = {"cft.attendance": 1.0, "cft.booster_attendance": 1.0}
SENSORS = Policy("sensors", "", cft=CftPolicy(biofeedback=True))


def course(years: float, given: Any, **fields: Any) -> tuple[Any, Any]:
    """Someone whose course began at 0.5, `years` later; and the sums of the course."""
    someone, totals = person(now=0.5, joined=[0.25, np.inf], **fields), no_totals()
    cft.start(someone, given, totals)
    while someone["next_time"][s.CFT_STEP] <= 0.5 + years:
        someone["now"] = someone["next_time"][s.CFT_STEP]
        cft.review(someone, given, totals)
    return someone, totals[0].sum(axis=(0, 1)) / 2.0**24


def effect(
    years: float, policy: Policy = USUAL_CARE, *, choice: str = "waning", waning: str = "pooled", **fields: Any
) -> tuple[float, float]:
    """Effect on RMDQ and pain `years` into a course."""
    given = inputs(policy, SAME_FOR_ALL, after_year_three=choice, waning=waning)
    someone, _ = course(years, given, **fields)
    return cft_rmdq(someone, 0.5 + years), cft_pain(someone, 0.5 + years)


@pytest.mark.parametrize(
    ("years", "rmdq", "pain"),
    [
        (0.0, 0.0, 0.0),
        (WEEK_13 / 2.0, -2.3, -0.7),
        (WEEK_13, -4.6, -1.4),
        (26.0 * WEEK, -4.6, -1.4),
        (WEEK_52, -4.6, -1.4),
        ((WEEK_52 + 3.0) / 2.0, -4.05, -1.2),
        (3.0, -3.5, -1.0),
    ],
)
def test_effect_at_the_knots_of_the_trial(years: float, rmdq: float, pain: float) -> None:
    assert effect(years) == pytest.approx((rmdq, pain), abs=1e-9)


@pytest.mark.parametrize(("years", "rmdq", "pain"), [(WEEK_13, -4.6, -1.8), (WEEK_52, -4.6, -1.8), (3.0, -4.1, -1.5)])
def test_effect_with_biofeedback(years: float, rmdq: float, pain: float) -> None:
    assert effect(years, SENSORS) == pytest.approx((rmdq, pain), abs=1e-9)


WANING = math.log((4.6 + 4.6) / (3.5 + 4.1)) / (3.0 - WEEK_52)


def test_both_arms_together_wane_by_nearly_a_tenth_a_year() -> None:
    assert pytest.approx(0.096, abs=0.001) == WANING


@pytest.mark.parametrize(("policy", "left"), [(USUAL_CARE, 3.5), (SENSORS, 4.1)])
def test_arms_wane_together_or_each_at_its_own_rate(policy: Policy, left: float) -> None:
    own = math.log(4.6 / left) / (3.0 - WEEK_52)
    for waning, rate in (("pooled", WANING), ("by_arm", own)):
        assert effect(5.0, policy, waning=waning)[0] == pytest.approx(-left * math.exp(-2.0 * rate), abs=1e-9)


@pytest.mark.parametrize(
    ("choice", "later"),
    [
        ("waning", {years: -3.5 * math.exp(-WANING * (years - 3.0)) for years in (4.0, 5.0, 6.0, 10.0)}),
        ("sustained", dict.fromkeys((3.001, 4.0, 10.0), -3.5)),
        ("gone_by_year_five", {4.0: -1.75, 4.5: -0.875, 5.0: 0.0, 6.0: 0.0, 9.0: 0.0}),
        ("gone_at_year_three", dict.fromkeys((3.001, 4.0, 9.0), 0.0)),
    ],
)
def test_after_year_three_it_is_a_choice(choice: str, later: dict[float, float]) -> None:
    assert effect(2.999, choice=choice)[0] == pytest.approx(-3.5, abs=1e-2)
    for years, expected in later.items():
        assert effect(years, choice=choice)[0] == pytest.approx(expected, abs=1e-9), years


@pytest.mark.parametrize(("choice", "settled"), [("sustained", True), ("gone_at_year_three", True), ("waning", False)])
def test_what_stays_as_it_is_after_year_three_needs_no_more_reviews(choice: str, settled: bool) -> None:
    someone, _ = course(3.5, inputs(assume=SAME_FOR_ALL, after_year_three=choice))
    assert (someone["next_time"][s.CFT_STEP] == s.NEVER) == settled
    assert effect_is_changing(someone) != settled


def test_choices_agree_until_year_three() -> None:
    for years in (0.1, 0.5, 1.5, 2.9):
        assert len({effect(years, choice=choice) for choice in ("waning", "sustained", "gone_at_year_three")}) == 1


@pytest.mark.parametrize(("baseline", "benefit"), [(7.0, 3.6), (11.4, 4.6), (18.0, 6.1)])
def test_benefit_grows_with_disability_at_the_start(baseline: float, benefit: float) -> None:
    """As the trial's moderation analysis printed it, to its one digit."""
    assume = {**SAME_FOR_ALL, "cft.moderation": 0.227}
    someone, _ = course(WEEK_13, inputs(assume=assume), trait=baseline)
    assert -cft_rmdq(someone, 0.5 + WEEK_13) == pytest.approx(benefit, abs=0.051)


def test_an_earlier_course_does_not_make_the_person_look_healthier_at_the_next() -> None:
    assume = {**SAME_FOR_ALL, "cft.moderation": 0.227}
    first, _ = course(WEEK_13, inputs(assume=assume), trait=14.0)
    again, _ = course(WEEK_13, inputs(assume=assume), trait=14.0, cft_from_rmdq=-4.0, cft_to_time=np.inf)
    assert again["cft_full_rmdq"] == first["cft_full_rmdq"]


def test_a_second_course_goes_on_from_the_effect_that_is_left() -> None:
    again, _ = course(0.0, inputs(assume=SAME_FOR_ALL), cft_from_rmdq=-3.0, cft_from_pain=-0.8, cft_to_time=np.inf)
    assert (cft_rmdq(again, 0.5), cft_pain(again, 0.5)) == (-3.0, -0.8)
    assert again["cft_courses"] == 1


def test_a_benefit_is_never_turned_into_harm() -> None:
    """Moderation alone would give those who are hardly disabled a negative benefit."""
    assume = {**SAME_FOR_ALL, "cft.moderation": 1.0}
    assert course(WEEK_13, inputs(assume=assume), trait=2.0)[0]["cft_full_rmdq"] == 0.0


@pytest.mark.parametrize("fidelity", [0.0, 0.5, 1.0, 2.0])
def test_fidelity_multiplies_the_effect(fidelity: float) -> None:
    someone, _ = course(WEEK_13, inputs(assume={**SAME_FOR_ALL, "cft.fidelity": fidelity}))
    assert cft_rmdq(someone, 0.5 + WEEK_13) == pytest.approx(-4.6 * fidelity, abs=1e-12)
    assert cft_pain(someone, 0.5 + WEEK_13) == pytest.approx(-1.4 * fidelity, abs=1e-12)


def test_individual_responses_vary_as_registered_and_average_to_one() -> None:
    """2,000 people: mean within 4 standard errors (false alarm 0.0001), spread within a tenth."""
    given = inputs(assume={**SAME_FOR_ALL, "cft.response_cv": 0.5})
    strength = np.array([course(0.0, given, id=n)[0]["cft_full_rmdq"] / -4.6 for n in range(2000)])
    assert abs(strength.mean() - 1.0) < 4.0 * 0.5 / math.sqrt(2000)
    assert strength.std() == pytest.approx(0.5, rel=0.1)
    assert strength.min() >= 0.0


def test_a_whole_course_is_seven_sessions_and_a_booster() -> None:
    _, sums = course(1.5, inputs(assume=ALL_SESSIONS))
    assert sums[OUTCOME_INDEX["cft_courses"]] == 1.0
    assert sums[OUTCOME_INDEX["cft_sessions"]] == 8.0
    assert sums[OUTCOME_INDEX["cost_cft"]] == 167.5 + 7 * 112.5
    assert sums[OUTCOME_INDEX["cft_years_waited"]] == 0.25


def test_biofeedback_adds_its_device() -> None:
    costs = [
        course(1.5, inputs(policy, ALL_SESSIONS))[1][OUTCOME_INDEX["cost_cft"]] for policy in (USUAL_CARE, SENSORS)
    ]
    assert costs[1] - costs[0] == 200.0


@pytest.mark.parametrize(("in_pain", "attendance"), [(1, 0.0), (0, 1.0)])
def test_sessions_missed_and_sessions_in_remission_cost_nothing(in_pain: int, attendance: float) -> None:
    assume = {"cft.attendance": attendance, "cft.booster_attendance": attendance}
    _, sums = course(1.5, inputs(assume=assume), in_pain=in_pain)
    assert sums[OUTCOME_INDEX["cft_sessions"]] == 1.0
    assert sums[OUTCOME_INDEX["cost_cft"]] == 167.5


@pytest.mark.parametrize(("waited", "long"), [(0.25, 0.0), (0.251, 1.0)])
def test_long_waits_are_counted(waited: float, long: float) -> None:
    someone, totals = person(now=0.5, joined=[0.5 - waited, np.inf]), no_totals()
    cft.start(someone, inputs(), totals)
    assert totals[0, ..., OUTCOME_INDEX["cft_long_waits"]].sum() / 2.0**24 == long


def test_reviews_are_in_order_of_time() -> None:
    times = [cft.review_time(step, inputs()) for step in range(15)]
    assert times == sorted(times)
    assert times[6] == pytest.approx(12.0 * WEEK)
    assert (times[7], times[9], times[10:13]) == (WEEK_13, WEEK_52, [2.0, 3.0, 4.0])
    assert times[8] == pytest.approx(26.0 * WEEK)


def test_sessions_attended_are_as_many_as_registered() -> None:
    """|z| < 4 on the share of later sessions attended; remission in the course excluded by keeping people in pain."""
    no_remission = {"course.remission_first_year": 0.0, "course.remission_established": 0.0}
    lives = live(study(UNLIMITED, years=3, assume=no_remission), death_hazard=0.0)
    begun = lives.after["cft_started"] <= 3.0 - 0.6
    whole = int((begun & (lives.after["cft_courses"] == 1)).sum())
    assert whole > 300
    upper, lower = lives.number("cft_courses") * (1 + 6 * 0.8 + 0.6), whole * (1 + 6 * 0.8 + 0.6)
    spread = 4.0 * math.sqrt(lives.number("cft_courses") * (6 * 0.16 + 0.24))
    assert lower - spread < lives.number("cft_sessions") < upper + spread


def test_impatience_is_only_for_those_on_the_list() -> None:
    someone = person(joined=[1.0, np.inf])
    cft.hazards(someone, inputs())
    assert someone["hazard"][s.LEAVE_CFT_LIST] == 0.3
    cft.leave_list(someone, inputs(), no_totals())
    cft.hazards(someone, inputs())
    assert someone["hazard"][s.LEAVE_CFT_LIST] == 0.0


def test_without_limit_nobody_waits_longer_than_to_the_next_booking() -> None:
    lives = live(study(UNLIMITED))
    courses = lives.number("cft_courses")
    assert courses > 500
    assert lives.total("cft_years_waited") / courses == pytest.approx(WEEK / 2.0, rel=0.1)
    assert lives.number("cft_places") == courses + lives.number("cft_places_given_up")
    assert lives.number("cft_first_courses") + lives.number("cft_repeat_courses") == courses
    assert lives.number("cft_long_waits") == 0


def test_worse_off_first_gives_courses_to_the_more_disabled() -> None:
    first_come, worst_first = (
        live(study(Policy("x", "", cft=dataclasses.replace(UNLIMITED.cft, capacity_limited=True, by_severity=choice))))
        for choice in (False, True)
    )

    def served(lives: Any) -> float:
        return float(lives.after["trait"][lives.after["cft_courses"] > 0].mean())

    assert served(worst_first) > served(first_come) + 0.15  # places are nearly enough for all


@pytest.mark.parametrize(
    ("courses", "counted", "other"),
    [(0, "cft_first_courses", "cft_repeat_courses"), (1, "cft_repeat_courses", "cft_first_courses")],
)
def test_first_and_repeat_courses_are_counted_apart(courses: int, counted: str, other: str) -> None:
    someone, totals = person(now=1.0, cft_courses=courses, next_time=np.inf), no_totals()
    someone["joined"][:] = 0.5
    cft.start(someone, inputs(), totals)
    found = totals[0].sum(axis=(0, 1)) / 2.0**24
    assert (found[OUTCOME_INDEX[counted]], found[OUTCOME_INDEX[other]]) == (1.0, 0.0)


def assessed(person_fields: dict[str, Any], assume: dict[str, float]) -> dict[str, float]:
    """What a course comes to at its week 13, of those outcomes that tell who has improved."""
    names = ("cft_assessed", "cft_improved", "cft_improved_anyway", "cft_low_disability", "cft_low_disability_anyway")
    _, sums = course(WEEK_13, inputs(assume={**SAME_FOR_ALL, **assume}), **person_fields)
    return {name.removeprefix("cft_"): float(sums[OUTCOME_INDEX[name]]) for name in names}


@pytest.mark.parametrize(
    ("trait", "improved_by", "low", "expected"),
    [
        (14.0, 4.6, 9.4, (1, 1, 0, 1, 0)),  # exactly at both thresholds
        (14.0, 4.601, 9.399, (1, 0, 0, 0, 0)),
        (14.0, 5.0, 14.0, (1, 0, 0, 1, 1)),
        (3.0, 3.0, 0.0, (1, 1, 0, 1, 0)),  # nobody falls below zero
        (14.0, 0.0, 0.0, (1, 1, 1, 0, 0)),  # no change is enough
    ],
)
def test_improvement_is_read_at_week_13_against_the_start(
    trait: float, improved_by: float, low: float, expected: tuple[int, ...]
) -> None:
    found = assessed({"trait": trait}, {"cft.improved_by": improved_by, "cft.low_disability": low})
    assert tuple(found.values()) == expected


def test_nobody_is_assessed_before_week_13() -> None:
    _, sums = course(WEEK_13 * 0.99, inputs(assume=SAME_FOR_ALL), trait=14.0)
    assert sums[OUTCOME_INDEX["cft_assessed"]] == 0.0


def test_repeat_courses_are_not_assessed() -> None:
    assert not any(assessed({"trait": 14.0, "cft_courses": 1}, {"cft.improved_by": 0.0}).values())


def test_who_improves_as_a_flare_ends_would_have_anyway() -> None:
    given = inputs(assume={**SAME_FOR_ALL, "cft.improved_by": 5.0})
    someone, totals = person(now=0.5, joined=[0.25, np.inf], trait=10.0, flare_rmdq=6.0, in_flare=1), no_totals()
    cft.start(someone, given, totals)
    assert someone["cft_start_rmdq"] == 16.0
    someone["flare_rmdq"], someone["now"] = 0.0, 0.5 + WEEK_13
    cft.assess(someone, given, totals)
    sums = totals[0].sum(axis=(0, 1)) / 2.0**24
    assert sums[OUTCOME_INDEX["cft_improved"]] == sums[OUTCOME_INDEX["cft_improved_anyway"]] == 1.0
    assert sums[OUTCOME_INDEX["cft_low_disability_anyway"]] == 0.0


def test_who_remits_counts_as_improved_with_or_without_cft() -> None:
    given = inputs(assume=SAME_FOR_ALL)
    someone, totals = person(now=0.5, joined=[0.25, np.inf], trait=10.0), no_totals()
    cft.start(someone, given, totals)
    someone["in_pain"], someone["now"] = 0, 0.5 + WEEK_13
    cft.assess(someone, given, totals)
    sums = totals[0].sum(axis=(0, 1)) / 2.0**24
    for name in ("cft_improved", "cft_improved_anyway", "cft_low_disability", "cft_low_disability_anyway"):
        assert sums[OUTCOME_INDEX[name]] == 1.0


def test_of_a_country_no_more_improve_than_are_assessed_nor_than_are_treated() -> None:
    lives = live(study(UNLIMITED, years=3))
    treated, assessed_, improved = (lives.number(f"cft_{name}") for name in ("first_courses", "assessed", "improved"))
    assert treated > assessed_ > improved > lives.number("cft_improved_anyway") > 0
    assert assessed_ > lives.number("cft_low_disability") > lives.number("cft_low_disability_anyway") > 0


def by_mode(telehealth: float, group: float) -> Policy:
    """A policy that delivers these shares of courses by telehealth and in groups."""
    shares = {"telehealth": telehealth, "group": group}
    return Policy("modes", "", cft=CftPolicy(**{mode: Timeline((0.0,), (share,)) for mode, share in shares.items()}))


OTHER = {
    **{"cft.telehealth_fidelity": 0.5, "cft.telehealth_price": 0.8},
    **{"cft.group_fidelity": 1.5, "cft.group_price": 0.4},
}


@pytest.mark.parametrize(
    ("policy", "fidelity", "price", "counted"),
    [
        (by_mode(0.0, 0.0), 1.0, 1.0, (0.0, 0.0)),
        (by_mode(1.0, 0.0), 0.5, 0.8, (1.0, 0.0)),
        (by_mode(0.0, 1.0), 1.5, 0.4, (0.0, 1.0)),
    ],
)
def test_a_mode_has_its_own_effect_and_price(
    policy: Policy, fidelity: float, price: float, counted: tuple[float, float]
) -> None:
    given = inputs(policy, {**SAME_FOR_ALL, **ALL_SESSIONS, **OTHER})
    someone, sums = course(1.5, given)
    assert someone["cft_full_rmdq"] == pytest.approx(-4.6 * fidelity)
    assert someone["cft_full_pain"] == pytest.approx(-1.4 * fidelity)
    assert sums[OUTCOME_INDEX["cost_cft"]] == pytest.approx((167.5 + 7 * 112.5) * price, abs=1e-5)
    assert (sums[OUTCOME_INDEX["cft_telehealth_courses"]], sums[OUTCOME_INDEX["cft_group_courses"]]) == counted
    assert someone["cft_mode"] == counted[0] + 2.0 * counted[1]


def test_sensors_cost_the_same_in_every_mode() -> None:
    sensors = dataclasses.replace(by_mode(0.0, 1.0), cft=dataclasses.replace(by_mode(0.0, 1.0).cft, biofeedback=True))
    costs = [
        course(1.5, inputs(policy, {**ALL_SESSIONS, **OTHER}))[1][OUTCOME_INDEX["cost_cft"]]
        for policy in (by_mode(0.0, 1.0), sensors)
    ]
    assert costs[1] - costs[0] == 200.0


def test_modes_are_drawn_at_their_shares() -> None:
    """2,000 courses: |z| < 4 for each share (false alarm 0.0001)."""
    given = inputs(by_mode(0.3, 0.5))
    modes = np.array([course(0.0, given, id=n)[0]["cft_mode"] for n in range(2000)])
    for mode, share in ((s.IN_PERSON, 0.2), (s.TELEHEALTH, 0.3), (s.GROUP, 0.5)):
        assert abs((modes == mode).mean() - share) < 4.0 * math.sqrt(share * (1.0 - share) / 2000)


def test_the_mode_of_each_course_is_drawn_anew() -> None:
    given = inputs(by_mode(0.5, 0.0))
    modes = {course(0.0, given, cft_courses=n, cft_mode=s.GROUP)[0]["cft_mode"] for n in range(20)}
    assert modes == {s.IN_PERSON, s.TELEHEALTH}


def test_before_their_dates_courses_are_in_person() -> None:
    later = Policy("later", "", cft=CftPolicy(telehealth=Timeline((0.6,), (1.0,))))
    assert course(0.0, inputs(later), cft_mode=s.GROUP)[0]["cft_mode"] == s.IN_PERSON


@pytest.mark.parametrize("without", [by_mode(0.0, 0.0), USUAL_CARE], ids=["none of them", "no such key"])
def test_modes_that_are_as_in_person_change_nothing_but_what_they_are_called(without: Policy) -> None:
    (someone, sums), (other, plain) = (course(4.0, inputs(each)) for each in (by_mode(0.4, 0.6), without))
    for name in ("cft_telehealth_courses", "cft_group_courses"):
        sums[OUTCOME_INDEX[name]] = plain[OUTCOME_INDEX[name]] = 0.0
    someone["cft_mode"] = other["cft_mode"]
    assert sums.tobytes() == plain.tobytes() and someone.tobytes() == other.tobytes()
