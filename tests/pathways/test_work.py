"""Work: leaving because of pain and returning, time off after an operation, and what lost work is worth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from lbpsim.outcomes.measures import NUMBER
from lbpsim.pathways import state as s
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
    leaving = given["work_exit_rate"] * math.exp(0.08 * 10.0) / given["work_mean"]
    assert someone["hazard"][s.LEAVE_WORK] == pytest.approx(leaving if leaves else 0.0)
    assert someone["hazard"][s.RETURN_TO_WORK] == (given["work_return_rate"] if returns else 0.0)


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
    assert totals[0, ..., NUMBER["work_exits"]].sum() == 2**24
    lost = totals[0, ..., NUMBER["cost_lost_work"]].sum() / 2.0**24
    assert lost == pytest.approx(YEARLY * months / 12.0, rel=1e-6)


def test_friction_counts_less_than_human_capital() -> None:
    full, brief = (live(study(options={"lost_work": method})) for method in ("human_capital", "friction"))
    assert 0 < brief.steps("cost_lost_work") < full.steps("cost_lost_work")
    assert brief.number("work_exits") == full.number("work_exits") > 0
    assert brief.steps("employed_years") == full.steps("employed_years")


def test_weeks_off_after_an_operation_follow_their_law() -> None:
    """2,000 operations on people at work; median within a tenth."""
    given, ends = inputs(), []
    for n in range(2000):
        someone = person(id=n, now=1.0, work=s.WORKING, operations=1)
        work.off_after_surgery(someone, given)
        assert someone["work"] == s.OFF_AFTER_SURGERY
        ends.append(someone["due"][s.BACK_TO_WORK] - 1.0)
    assert np.median(ends) == pytest.approx(90.0 / 365.25, rel=0.1)
    work.back_after_surgery(someone)
    assert (someone["work"], someone["due"][s.BACK_TO_WORK]) == (s.WORKING, np.inf)


@pytest.mark.parametrize("state", [s.NOT_WORKING, s.LEFT_BECAUSE_OF_PAIN])
def test_no_weeks_off_for_who_does_not_work(state: int) -> None:
    someone = person(work=state, due=np.inf)
    work.off_after_surgery(someone, inputs())
    assert someone["work"] == state
    assert (someone["due"] == np.inf).all()


@pytest.mark.parametrize(("age", "state"), [(66, s.WORKING), (67, s.NOT_WORKING), (90, s.NOT_WORKING)])
def test_work_ends_at_working_age(age: int, state: int) -> None:
    someone = person(age=age, work=s.WORKING, due=0.0)
    work.retire_if_of_age(someone, inputs())
    assert someone["work"] == state
    assert someone["due"][s.BACK_TO_WORK] == (0.0 if age < 67 else np.inf)


def test_working_age_contains_employment() -> None:
    lives = live(study(assume=FREQUENT))
    assert 0 < lives.steps("employed_years") < lives.steps("working_age_years") < lives.steps("life_years")
