"""Dated levers on opioids and surgery: staircases, trends that rise at each anniversary, and how they join."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.pathways import opioids, surgery
from lbpsim.pathways import person as s
from lbpsim.pathways.dated_multipliers import (
    MOST_STEPS,
    TooManyStepsError,
    growth_steps,
    merge_multipliers,
    step_function,
)
from lbpsim.study import OpioidPolicy, Policy, SurgeryPolicy, Timeline
from tests.pathways.small_country import inputs, live, person, study

STEPS = st.lists(
    st.tuples(st.integers(0, 40).map(lambda n: n / 4.0), st.floats(0.1, 3.0)),
    max_size=6,
    unique_by=lambda step: step[0],
)


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


@given(first=STEPS, second=STEPS, third=STEPS, time=st.floats(0.0, 11.0))
def test_levers_of_one_pathway_multiply_and_pathways_keep_apart(
    first: list[tuple[float, float]], second: list[tuple[float, float]], third: list[tuple[float, float]], time: float
) -> None:
    first, second, third = sorted(first), sorted(second), sorted(third)
    times, for_opioids, for_surgery = merge_multipliers([first, second], [third], 12.0)
    lever = int(np.searchsorted(times, time, side="right")) - 1
    assert for_opioids[lever] == pytest.approx(step_function(first)(time) * step_function(second)(time))
    assert for_surgery[lever] == pytest.approx(step_function(third)(time))
    assert (np.diff(times[np.isfinite(times)]) > 0.0).all()
    assert times[0] == -np.inf
    assert for_opioids[0] == for_surgery[0] == 1.0


def test_more_dates_than_there_is_room_for_are_refused() -> None:
    steps = [(n / 100.0, 1.0) for n in range(MOST_STEPS)]
    with pytest.raises(TooManyStepsError, match=f"at most {MOST_STEPS - 2} are kept"):
        merge_multipliers([steps], [], 100.0)


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
def test_levers_multiply_hazards_from_their_dates(time: float, for_opioids: float, for_surgery: float) -> None:
    changed, usual = inputs(CHANGES), inputs()
    lever = int(np.searchsorted(changed["multiplier_times"], time, side="right")) - 1
    ratios = []
    for pathway, kind in ((opioids, s.OPIOID_START), (surgery, s.REFERRAL)):
        later, now = person(multiplier_period=lever), person()
        pathway.hazards(later, 14.0, changed)
        pathway.hazards(now, 14.0, usual)
        ratios.append(later["hazard"][kind] / now["hazard"][kind])
    assert ratios == pytest.approx([for_opioids, for_surgery])


def test_a_full_stop_lets_nobody_start() -> None:
    stop = Timeline((2.0,), (-1.0,))
    none = Policy("stop", "", opioids=OpioidPolicy(initiation_change=stop), surgery=SurgeryPolicy(referral_change=stop))
    lives = live(study(none, assume={"surgery.new_opioids": 0.0}), watch=True)
    starts = [time for log in lives.log.values() for time, kind in log if kind in (s.OPIOID_START, s.REFERRAL)]
    assert len(starts) > 30
    assert max(starts) < 2.0
