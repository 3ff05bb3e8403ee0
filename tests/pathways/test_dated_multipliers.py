"""Dated levers on opioids and surgery: staircases, trends that rise at each anniversary, and how they join."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.pathways import person as s
from lbpsim.pathways.dated_multipliers import (
    DATE,
    MOST_STEPS,
    MULTIPLIER,
    TooManyStepsError,
    calendar_time,
    dates_passed,
    growth_steps,
    pace_of,
    policy_time,
    schedule_paced,
    step_function,
    wind,
)
from lbpsim.study import OpioidPolicy, Policy, SurgeryPolicy, Timeline
from tests.pathways.small_country import inputs, live, person, study

STEPS = st.lists(
    st.tuples(st.integers(0, 40).map(lambda n: n / 4.0), st.floats(0.1, 3.0)),
    max_size=6,
    unique_by=lambda step: step[0],
)


def elapsed_by(time: float, pace: Any, dates: int) -> float:
    return policy_time(time, pace, dates_passed(time, pace, dates))


def test_growth_rises_at_its_date_and_at_each_anniversary() -> None:
    steps = growth_steps((1.5,), (0.06,), 5.0)
    assert [time for time, _ in steps] == [1.5, 2.5, 3.5, 4.5]
    np.testing.assert_allclose([level for _, level in steps], 1.06 ** np.arange(1, 5))


def test_a_second_rate_takes_over_from_where_the_first_came() -> None:
    steps = growth_steps((1.0, 3.0), (0.10, -0.05), 5.0)
    assert [time for time, _ in steps] == [1.0, 2.0, 3.0, 4.0]
    np.testing.assert_allclose([level for _, level in steps], [1.1, 1.21, 1.21 * 0.95, 1.21 * 0.95**2])


def test_growth_after_the_horizon_is_none() -> None:
    assert growth_steps((6.0,), (0.06,), 5.0) == growth_steps((), (), 5.0) == []


def test_a_staircase_is_1_before_its_first_step_and_holds_after_each() -> None:
    at = step_function([(1.0, 0.8), (3.0, 0.5)])
    assert [at(time) for time in (-1.0, 0.0, 0.99, 1.0, 2.9, 3.0, 99.0)] == [1.0, 1.0, 1.0, 0.8, 0.8, 0.5, 0.5]


@given(first=STEPS, second=STEPS, time=st.floats(0.0, 11.0))
def test_multipliers_of_one_hazard_multiply(
    first: list[tuple[float, float]], second: list[tuple[float, float]], time: float
) -> None:
    first, second = sorted(first), sorted(second)
    pace, dates = pace_of([first, second], 12.0)
    assert (np.diff(pace[DATE, :dates]) > 0.0).all()
    now = int(np.searchsorted(pace[DATE, :dates], time, side="right")) - 1
    multiplier = pace[MULTIPLIER, now] if now >= 0 else 1.0
    assert multiplier == pytest.approx(step_function(first)(time) * step_function(second)(time))


@given(steps=STEPS, time=st.floats(0.0, 11.0), more=st.floats(0.0, 5.0))
def test_policy_time_passes_as_fast_as_the_multiplier_says(
    steps: list[tuple[float, float]], time: float, more: float
) -> None:
    steps = sorted(steps)
    pace, dates = pace_of([steps], 12.0)
    value, cuts = step_function(steps), sorted({time, time + more, *(date for date, _ in steps)})
    passed = sum((b - a) * value(a) for a, b in pairwise(cuts) if time <= a and b <= time + more)
    spent = elapsed_by(time + more, pace, dates) - elapsed_by(time, pace, dates)
    assert spent == pytest.approx(passed, abs=1e-9)
    assert calendar_time(elapsed_by(time, pace, dates), pace, dates, 0) == pytest.approx(time)


@given(steps=STEPS, share=st.floats(0.0, 1.0))
def test_before_its_first_date_a_policy_changes_nothing_to_the_bit(
    steps: list[tuple[float, float]], share: float
) -> None:
    pace, dates = pace_of([sorted(steps)], 12.0)
    time = share * min((date for date, _ in steps), default=12.0)
    if dates == 0 or time < pace[DATE, 0]:
        assert elapsed_by(time, pace, dates) == time == calendar_time(time, pace, dates, 0)


def test_a_hazard_that_is_stopped_comes_again_when_it_is_let_go() -> None:
    pace, dates = pace_of([[(1.0, 0.0), (3.0, 2.0)]], 12.0)
    assert [elapsed_by(time, pace, dates) for time in (0.5, 1.0, 2.0, 3.0, 4.0)] == [0.5, 1.0, 1.0, 1.0, 3.0]
    assert [calendar_time(elapsed, pace, dates, 0) for elapsed in (0.5, 1.5, 3.0)] == [0.5, 3.25, 4.0]
    stopped, dates = pace_of([[(1.0, 0.0)]], 12.0)
    assert calendar_time(0.9, stopped, dates, 0) == 0.9
    assert calendar_time(1.1, stopped, dates, 0) == s.NEVER
    assert calendar_time(1.0, stopped, dates, 0) == s.NEVER, "what would ring on the day of the stop does not"


@given(steps=STEPS, hazards=st.lists(st.sampled_from([0.0, 0.2, 1.0, 3.0]), min_size=1, max_size=6))
def test_a_clock_counts_hazard_times_multiplier(steps: list[tuple[float, float]], hazards: list[float]) -> None:
    """Whatever its hazard was meanwhile, it rings when the integral comes to what was on it."""
    steps = sorted(steps)
    pace, dates = pace_of([steps], 12.0)
    value = step_function(steps)
    remaining, due, rings, before, spent = 1.5, s.NEVER, s.NEVER, 0.0, 0.0
    for year, hazard in enumerate([*hazards, 1.0]):
        remaining, due, rings = wind(float(year), hazard, before, remaining, due, pace, dates)
        before = hazard
        cuts = sorted({float(year), min(year + 1.0, rings), *(d for d, _ in steps if year < d < min(year + 1, rings))})
        spent += hazard * sum((b - a) * value(a) for a, b in pairwise(cuts))
        if rings <= year + 1.0:
            assert spent == pytest.approx(1.5)
            return
    cuts = sorted({year + 1.0, rings, *(date for date, _ in steps if year + 1 < date < rings)})
    assert spent + sum((b - a) * value(a) for a, b in pairwise(cuts)) == pytest.approx(1.5)


def test_more_dates_than_there_is_room_for_are_refused() -> None:
    steps = [(n / 100.0, 1.0) for n in range(MOST_STEPS + 1)]
    with pytest.raises(TooManyStepsError, match=f"at most {MOST_STEPS} are kept"):
        pace_of([steps], 100.0)
    assert pace_of([steps[:-1]], 100.0)[1] == MOST_STEPS


CHANGES = Policy(
    "changes",
    "",
    opioids=OpioidPolicy(growth=Timeline((1.0,), (0.06,)), initiation_change=Timeline((2.5,), (-0.2,))),
    surgery=SurgeryPolicy(growth=Timeline((3.0,), (0.10,)), referral_change=Timeline((2.5,), (-0.5,))),
)


@pytest.mark.parametrize(
    ("time", "for_opioids", "for_surgery"),
    [(0.5, 1.0, 1.0), (1.0, 1.06, 1.0), (2.0, 1.06**2, 1.0), (2.5, 1.06**2 * 0.8, 0.5), (3.0, 1.06**3 * 0.8, 0.55)],
)
def test_policies_multiply_hazards_from_their_dates(time: float, for_opioids: float, for_surgery: float) -> None:
    """What is left of a year's worth of hazard is spent so many times as fast."""
    changed, usual = inputs(CHANGES), inputs()
    moment = 1e-3  # short enough that no other date falls in it
    for kind, clock, ratio in ((s.OPIOID_START, 0, for_opioids), (s.REFERRAL, 1, for_surgery)):
        later, now = (person(now=time, scheduled_hazard=0.0, remaining=moment) for _ in range(2))
        for someone, under in ((later, changed), (now, usual)):
            someone["hazard"][kind] = 1.0
            schedule_paced(someone, under)
        assert now["next_time"][kind] - time == pytest.approx(moment)
        assert later["next_time"][kind] - time == pytest.approx(moment / ratio)
        assert later["policy_due"][clock] > 0.0


def test_a_full_stop_lets_nobody_start() -> None:
    stop = Timeline((2.0,), (-1.0,))
    none = Policy("stop", "", opioids=OpioidPolicy(initiation_change=stop), surgery=SurgeryPolicy(referral_change=stop))
    lives = live(study(none, assume={"surgery.new_opioids": 0.0}), watch=True)
    starts = [time for log in lives.log.values() for time, kind in log if kind in (s.OPIOID_START, s.REFERRAL)]
    assert len(starts) > 30
    assert max(starts) < 2.0


def test_a_clock_that_was_never_wound_is_drawn_first() -> None:
    someone = person(now=0.5, remaining=-1.0)
    someone["hazard"][[s.OPIOID_START, s.REFERRAL]] = 0.5
    schedule_paced(someone, inputs())
    for kind in (s.OPIOID_START, s.REFERRAL):
        assert someone["clocks_drawn"][kind] == 1
        assert someone["remaining"][kind] > 0.0
        assert someone["next_time"][kind] == pytest.approx(0.5 + 2.0 * someone["remaining"][kind])
