"""Event clocks: the law of what happens when, for hazards that hold, that change, that compete and that are zero.

Statistical tests have fixed seeds; the false-alarm rate of each is 0.001 unless said otherwise.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from lbpsim.engine.event_clocks import NEVER, clear_clocks, fields, next_event, reset_clock, schedule_events
from lbpsim.engine.numba_cache import array_rule
from lbpsim.engine.random_numbers import uniform
from lbpsim.verification.models.first_event import live_to_the_first

FALSE_ALARM = 0.001
SAMPLE = 40_000
CHANCES, DATES = 3, 2
PERSON = np.dtype(fields(CHANCES, DATES), align=True)
HAZARD = st.one_of(st.just(0.0), st.floats(1e-6, 1e3))
SPENT = st.floats(0.0, 50.0)
HAZARDS, BUDGETS = st.tuples(HAZARD, HAZARD, HAZARD), st.tuples(SPENT, SPENT, SPENT)
TIMES = st.tuples(*[st.one_of(st.just(math.inf), st.floats(0.0, 100.0))] * DATES)


@array_rule
def count_events(people: Any, seed: int, until: float, happened: Any) -> None:
    """Live to `until`, with a new clock for each event; counts events by row and kind."""
    for row in range(len(people)):
        person = people[row]
        clear_clocks(person)
        schedule_events(person, seed, 0)
        time, kind = next_event(person)
        while time < until:
            person.now = time
            happened[row, kind] += 1
            reset_clock(person, kind)
            schedule_events(person, seed, 0)
            time, kind = next_event(person)


def _people(number: int = 1) -> npt.NDArray[Any]:
    people = np.zeros(number, PERSON)
    people["id"], people["next_time"] = np.arange(number), NEVER
    return people


def _person(budget: tuple[float, ...], hazard: tuple[float, ...], due: tuple[float, ...] = (math.inf,) * 2) -> Any:
    """Somebody with so much remaining on each clock, these hazards from now on and these dates."""
    person = _people()[0]
    clear_clocks(person)
    person["remaining"], person["hazard"], person["next_time"][CHANCES:] = budget, hazard, due
    schedule_events(person, 1, 0)
    return person


def _hold(person: Any, hazard: tuple[float, ...], time: float = 0.0) -> None:
    """These hazards hold from `time` on."""
    person["now"], person["hazard"] = time, hazard
    schedule_events(person, 1, 0)


def _first(ends: list[float], hazards: list[list[float]], seed: int) -> tuple[Any, Any]:
    people, kinds = _people(SAMPLE), np.full(SAMPLE, -1)
    live_to_the_first(people, seed, np.array(ends), np.array(hazards), kinds)
    return people["now"], kinds


def test_budgets_are_unit_exponential() -> None:
    people, kinds = _people(SAMPLE), np.full(SAMPLE, -1)
    live_to_the_first(people, 1, np.array([0.0]), np.ones((1, CHANCES)), kinds)
    for kind in range(CHANCES):  # false-alarm rate: 0.003 for the three tests of the law, 0.0004 for the moments
        budgets = people["remaining"][:, kind]
        assert stats.kstest(budgets, "expon").pvalue > FALSE_ALARM
        assert abs(budgets.mean() - 1.0) < 4.0 / math.sqrt(SAMPLE)
        assert abs(budgets.var() - 1.0) < 4.0 * math.sqrt(8.0 / SAMPLE)  # fourth central moment 9, so 9 - 1 = 8


def test_budget_is_the_draw_of_its_person_kind_and_occurrence() -> None:
    person = _people()[0]
    person["id"], person["hazard"] = 17, (1.0, 1.0, 1.0)
    clear_clocks(person)
    schedule_events(person, 5, 3)
    reset_clock(person, 1)
    schedule_events(person, 5, 3)
    assert person["clocks_drawn"].tolist() == [1, 2, 1]
    expected = [-math.log(uniform(5, 3, 17, kind, occurrence)) for kind, occurrence in enumerate((1, 2, 1))]
    np.testing.assert_allclose(person["remaining"], expected, rtol=1e-15)


def test_a_budget_is_drawn_only_when_its_hazard_is_above_zero() -> None:
    person = _people()[0]
    clear_clocks(person)
    _hold(person, (0.0, 2.0, 0.0))
    assert person["clocks_drawn"].tolist() == [0, 1, 0]
    _hold(person, (1.0, 0.0, 0.0))
    assert person["clocks_drawn"].tolist() == [1, 1, 0]


@pytest.mark.parametrize("hazard", [0.002, 0.7, 30.0])
def test_constant_hazard_gives_the_exponential_law(hazard: float) -> None:
    times, _ = _first([math.inf], [[0.0, hazard, 0.0]], seed=2)
    assert stats.kstest(times, stats.expon(scale=1.0 / hazard).cdf).pvalue > FALSE_ALARM


def test_piecewise_constant_hazard_is_exact() -> None:
    ends, levels = [0.3, 1.0, 1.5, math.inf], [0.9, 0.1, 0.0, 3.0]
    times, _ = _first(ends, [[0.0, 0.0, level] for level in levels], seed=3)

    starts = np.array([0.0, *ends[:-1]])
    spent = np.clip(np.minimum(times[:, None], ends) - starts, 0.0, None) @ np.array(levels)

    assert not np.any((times > 1.0) & (times < 1.5))  # no hazard, no event
    assert stats.kstest(-np.expm1(-spent), "uniform").pvalue > FALSE_ALARM  # the law's own distribution function


def test_competing_risks() -> None:
    hazards = np.array([0.5, 0.2, 1.3])
    times, kinds = _first([math.inf], [hazards.tolist()], seed=4)
    expected = SAMPLE * hazards / hazards.sum()
    assert stats.chisquare(np.bincount(kinds, minlength=CHANCES), expected).pvalue > FALSE_ALARM
    for kind in range(CHANCES):  # which comes first says nothing of when; false-alarm rate 0.003
        law = stats.expon(scale=1.0 / hazards.sum()).cdf
        assert stats.kstest(times[kinds == kind], law).pvalue > FALSE_ALARM


def test_events_that_recur_are_a_poisson_process() -> None:
    people, until, happened = _people(SAMPLE), 4.0, np.zeros((SAMPLE, CHANCES), np.int64)
    people["hazard"] = [0.8, 0.0, 2.0]
    count_events(people, 5, until, happened)
    for kind, hazard in ((0, 0.8), (2, 2.0)):  # false-alarm rate 0.002
        counts = happened[:, kind]
        most = int(stats.poisson.ppf(0.9999, hazard * until))
        observed = np.bincount(np.minimum(counts, most), minlength=most + 1)
        expected = stats.poisson.pmf(np.arange(most + 1), hazard * until)
        expected[-1] = stats.poisson.sf(most - 1, hazard * until)
        assert stats.chisquare(observed, expected * SAMPLE).pvalue > FALSE_ALARM
    assert (people["clocks_drawn"][:, 1] == 0).all()


def test_zero_hazards_never_fire() -> None:
    time, kind = next_event(_person((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)))
    assert (time, kind) == (math.inf, -1)
    assert next_event(_person((0.0, 1.0, 0.0), (0.0, 1.0, 0.0))) == (1.0, 1)


def test_a_budget_is_not_spent_at_zero_hazard() -> None:
    person = _person((1.0, 1.0, 1.0), (0.0, 0.5, 2.0))
    _hold(person, (0.0, 0.0, 0.0), 0.25)
    assert person["remaining"].tolist() == [1.0, 0.875, 0.5]
    assert (person["next_time"] == NEVER).all()
    _hold(person, (1.0, 1.0, 1.0), 10.0)
    assert person["next_time"][:CHANCES].tolist() == [11.0, 10.875, 10.5]


def test_a_hazard_that_does_not_change_keeps_its_moment_to_the_bit() -> None:
    person = _person((0.7, 0.3, 1.1), (0.3, 0.7, 0.9))
    before = person["next_time"].copy()
    for now in (0.1, 0.2, 0.3):
        _hold(person, (0.3, 0.7, 0.9 + now), now)
    assert (person["next_time"][:2] == before[:2]).all()
    assert person["next_time"][2] < before[2]


@pytest.mark.parametrize(
    ("hazard", "due", "kind"),
    [
        ((1.0, 1.0, 1.0), (math.inf, math.inf), 0),
        ((0.0, 1.0, 1.0), (1.0, 1.0), 1),  # a chance event before a date
        ((0.0, 0.0, 0.0), (1.0, 1.0), 3),
        ((0.5, 0.5, 0.5), (2.0, 1.0), 4),
    ],
)
def test_ties_go_to_the_lower_kind(hazard: tuple[float, ...], due: tuple[float, ...], kind: int) -> None:
    assert next_event(_person((1.0, 1.0, 1.0), hazard, due)) == (1.0, kind)


@given(hazard=HAZARDS, budget=BUDGETS, due=TIMES)
def test_next_event_is_the_earliest(hazard: Any, budget: Any, due: Any) -> None:
    moments = [left / rate if rate > 0.0 else math.inf for left, rate in zip(budget, hazard, strict=True)]
    time, kind = next_event(_person(budget, hazard, due))
    assert time == min([*moments, *due])
    assert kind == ([*moments, *due].index(time) if time < math.inf else -1)


@given(hazard=HAZARDS, budget=BUDGETS, cuts=st.lists(st.floats(0.0, 0.99), max_size=8))
def test_a_hazard_that_rests_on_the_way_only_delays(hazard: Any, budget: Any, cuts: list[float]) -> None:
    """All hazards at zero from time to time: the event comes later by exactly the rests."""
    person, pause = _person(budget, hazard), 1.0
    time, kind = next_event(person)
    assume(kind >= 0)
    for number, cut in enumerate(sorted(cuts)):
        _hold(person, (0.0, 0.0, 0.0), cut * time + number * pause)
        _hold(person, hazard, cut * time + (number + 1) * pause)
    again, _ = next_event(person)
    assert math.isclose(again, time + len(cuts) * pause, rel_tol=1e-9, abs_tol=1e-9)


@given(hazard=HAZARDS, budget=BUDGETS, due=TIMES)
def test_at_the_event_its_clock_is_at_zero_and_no_other(hazard: Any, budget: Any, due: Any) -> None:
    person = _person(budget, hazard, due)
    time, kind = next_event(person)
    assume(kind >= 0)
    _hold(person, (0.0, 0.0, 0.0), time)
    rounding = 1e-12 * (1.0 + max(budget))
    assert (person["remaining"] >= 0.0).all()
    assert (person["remaining"] <= np.array(budget) + rounding).all()
    if kind < CHANCES:
        assert person["remaining"][kind] <= rounding


@given(hazard=HAZARDS, budget=BUDGETS, more=st.floats(1.0, 10.0))
def test_higher_hazard_comes_no_later(hazard: Any, budget: Any, more: float) -> None:
    time, _ = next_event(_person(budget, hazard))
    assert next_event(_person(budget, tuple(rate * more for rate in hazard)))[0] <= time
