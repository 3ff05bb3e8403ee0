"""Work: leaving because of pain and returning, time off after an operation, and what lost work is worth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import person as s
from lbpsim.pathways import work
from tests.pathways.small_country import FREQUENT, inputs, live, no_totals, person, study

YEARLY = 1582.975175 * 365.25 / 7.0  # weekly earnings carried to 2024


@pytest.mark.parametrize(
    ("fields", "leaves", "returns"),
    [
        ({"work": s.WORKING}, True, False),
        ({"work": s.WORKING, "in_pain": 0}, False, False),
        ({"work": s.NOT_WORKING}, False, False),
        ({"work": s.LEFT_BECAUSE_OF_PAIN}, False, True),
        ({"work": s.LEFT_BECAUSE_OF_PAIN, "in_pain": 0}, False, True),
        ({"work": s.OFF_AFTER_SURGERY}, False, False),
    ],
)
def test_who_may_leave_and_who_may_return(fields: dict[str, Any], leaves: bool, returns: bool) -> None:
    someone, given = person(**fields), inputs()
    work.hazards(someone, 10.0, given)
    speed = given["work_speed"]
    leaving = speed * given["work_exit_rate"] * math.exp(0.08 * 10.0) / given["work_mean"]
    returning = speed * given["work_return_rate"] * math.exp(-0.057 * 10.0) / given["return_mean"]
    assert someone["hazard"][s.LEAVE_WORK] == pytest.approx(leaving if leaves else 0.0)
    assert someone["hazard"][s.RETURN_TO_WORK] == pytest.approx(returning if returns else 0.0)


def test_speed_of_work_scales_leaving_and_returning_alike() -> None:
    found = []
    for speed in (1.0, 2.5):
        given, hazards = inputs(assume={"work.speed": speed}), []
        for state, kind in ((s.WORKING, s.LEAVE_WORK), (s.LEFT_BECAUSE_OF_PAIN, s.RETURN_TO_WORK)):
            someone = person(work=state)
            work.hazards(someone, 10.0, given)
            hazards.append(someone["hazard"][kind])
        found.append(np.array(hazards))
    np.testing.assert_allclose(found[1] / found[0], 2.5)


def test_where_disability_keeps_nobody_from_returning_all_return_at_the_registered_rate() -> None:
    given = inputs(return_to_work="constant")
    for disability in (0.0, 10.0, 24.0):
        someone = person(work=s.LEFT_BECAUSE_OF_PAIN)
        work.hazards(someone, disability, given)
        assert someone["hazard"][s.RETURN_TO_WORK] == given["work_speed"] * given["work_return_rate"]


@pytest.mark.parametrize(("level", "hours"), [(0, 1.0), (1, 8.0), (2, 12.0), (3, 75.0)])
def test_those_at_work_lose_absence_and_effectiveness(level: int, hours: float) -> None:
    assert work.loss_rate(person(work=s.WORKING), level, inputs()) == pytest.approx(hours * 3.7 * 52.0)


@pytest.mark.parametrize(
    ("state", "human_capital", "friction"),
    [
        (s.NOT_WORKING, 0.0, 0.0),
        (s.LEFT_BECAUSE_OF_PAIN, YEARLY, 0.0),
        (s.OFF_AFTER_SURGERY, YEARLY, YEARLY),
    ],
)
def test_those_who_left_lose_the_whole_year_or_until_replaced(
    state: int, human_capital: float, friction: float
) -> None:
    someone = person(work=state)
    assert work.loss_rate(someone, 3, inputs()) == pytest.approx(human_capital, rel=1e-6)
    assert work.loss_rate(someone, 3, inputs(lost_work="friction")) == pytest.approx(friction, rel=1e-6)


@pytest.mark.parametrize(("method", "months"), [("human_capital", 0.0), ("friction", 3.0)])
def test_friction_counts_three_months_as_the_person_leaves(method: str, months: float) -> None:
    someone, totals = person(work=s.WORKING), no_totals()
    work.leave(someone, inputs(lost_work=method), totals)
    assert someone["work"] == s.LEFT_BECAUSE_OF_PAIN
    assert totals[0, ..., OUTCOME_INDEX["work_exits"]].sum() == 2**24
    lost = totals[0, ..., OUTCOME_INDEX["cost_lost_work"]].sum() / 2.0**24
    assert lost == pytest.approx(YEARLY * months / 12.0, rel=1e-6)


def test_friction_counts_less_than_human_capital() -> None:
    full, brief = (live(study(options={"lost_work": method})) for method in ("human_capital", "friction"))
    assert 0 < brief.steps("cost_lost_work") < full.steps("cost_lost_work")
    assert brief.number("work_exits") == full.number("work_exits") > 0
    assert brief.steps("employed_years") == full.steps("employed_years")


def test_weeks_off_after_an_operation_follow_their_law() -> None:
    """2,000 operations on people at work, who all come back; median within a tenth."""
    given, totals, ends = inputs(assume={"surgery.never_returns_general": 0.0}), no_totals(), []
    for n in range(2000):
        someone = person(id=n, now=1.0, work=s.WORKING, operations=1)
        work.off_after_surgery(someone, given, totals)
        assert someone["work"] == s.OFF_AFTER_SURGERY
        ends.append(someone["next_time"][s.BACK_TO_WORK] - 1.0)
    assert not totals.any()
    assert np.median(ends) == pytest.approx(90.0 / 365.25, rel=0.1)
    work.back_after_surgery(someone)
    assert (someone["work"], someone["next_time"][s.BACK_TO_WORK]) == (s.WORKING, np.inf)


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (1.0, 800, 800), (0.25, 153, 247)])
def test_a_share_never_comes_back_after_an_operation_and_has_left_because_of_pain(
    share: float, least: int, most: int
) -> None:
    """800 operations; at a quarter within 3.9 standard errors: false alarm 0.0001."""
    given, totals = inputs(assume={"surgery.never_returns_general": share}), no_totals()
    people = [person(id=n, now=1.0, work=s.WORKING, operations=1, next_time=np.inf) for n in range(800)]
    for someone in people:
        work.off_after_surgery(someone, given, totals)
    gone = [someone for someone in people if someone["work"] == s.LEFT_BECAUSE_OF_PAIN]
    assert least <= len(gone) <= most
    assert all(someone["next_time"][s.BACK_TO_WORK] == np.inf for someone in gone)
    assert sum(someone["work"] == s.OFF_AFTER_SURGERY for someone in people) == 800 - len(gone)
    assert totals[0, ..., OUTCOME_INDEX["work_exits"]].sum() == len(gone) * 2**24


@pytest.mark.parametrize("never", [0.0, 1.0])
@pytest.mark.parametrize("state", [s.NOT_WORKING, s.LEFT_BECAUSE_OF_PAIN])
def test_no_weeks_off_for_who_does_not_work(state: int, never: float) -> None:
    someone, totals = person(work=state, next_time=np.inf), no_totals()
    work.off_after_surgery(someone, inputs(assume={"surgery.never_returns_general": never}), totals)
    assert not totals.any()
    assert someone["work"] == state
    assert (someone["next_time"] == np.inf).all()


@pytest.mark.parametrize("employment", ["by_age", "only_by_pain"])
@pytest.mark.parametrize(("age", "state"), [(66, s.WORKING), (67, s.NOT_WORKING), (90, s.NOT_WORKING)])
def test_work_ends_at_working_age(age: int, state: int, employment: str) -> None:
    someone = person(age=age, work=s.WORKING, work_rank=0.0, next_time=0.0)
    work.by_age(someone, inputs(employment=employment))
    assert someone["work"] == state
    assert someone["next_time"][s.BACK_TO_WORK] == (0.0 if age < 67 else np.inf)


ALL_STATES = (s.NOT_WORKING, s.WORKING, s.LEFT_BECAUSE_OF_PAIN, s.OFF_AFTER_SURGERY)


@pytest.mark.parametrize("state", ALL_STATES)
@pytest.mark.parametrize("sex", [0, 1])
def test_people_begin_and_end_work_where_the_share_of_their_age_passes_their_rank(sex: int, state: int) -> None:
    """Who is out because of pain, or off after an operation, stays so while peers of this rank work."""
    given = inputs()
    for age in (18, 30, 45, 64, 66):
        share = given["employed"][sex, age]
        below = person(age=age, sex=sex, work=state, work_rank=share - 1e-9, next_time=0.0)
        work.by_age(below, given)
        assert below["work"] == (s.WORKING if state == s.NOT_WORKING else state)
        assert below["next_time"][s.BACK_TO_WORK] == 0.0
        for rank in (share, 1.0):
            above = person(age=age, sex=sex, work=state, work_rank=rank, next_time=0.0)
            work.by_age(above, given)
            assert above["work"] == s.NOT_WORKING
            assert above["next_time"][s.BACK_TO_WORK] == np.inf


@pytest.mark.parametrize("state", ALL_STATES)
def test_where_pain_alone_decides_age_changes_nothing_until_work_ends(state: int) -> None:
    for rank in (0.0, 1.0):
        someone = person(age=50, work=state, work_rank=rank, next_time=0.0)
        work.by_age(someone, inputs(employment="only_by_pain"))
        assert (someone["work"], someone["next_time"][s.BACK_TO_WORK]) == (
            state,
            np.inf if state == s.NOT_WORKING else 0.0,
        )


def test_working_age_contains_employment() -> None:
    lives = live(study(assume=FREQUENT))
    assert 0 < lives.steps("employed_years") < lives.steps("working_age_years") < lives.steps("life_years")
