"""Capacity: physiotherapists trained, when they begin, how they leave, and the courses they can start."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.pathways.capacity import (
    ModeShare,
    TimeIntervals,
    courses,
    operations,
    time_intervals,
    time_of_a_course,
    workforce,
)
from lbpsim.pathways.cft import WEEK
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study.clock import calendar_year, years_since
from tests.pathways.small_country import CFT, USUAL_CARE, study

VALUES = study().values(USUAL_CARE)
STABLE = {**VALUES, "cft.attrition": 0.0}
YEARS = 6
FIRST = 2026
TIME = time_intervals(float(YEARS), [float(year) for year in range(1, YEARS)])
STARTS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def time_of(start: date, years: int) -> tuple[TimeIntervals, list[int]]:
    """The stretches of a study from `start`, and its calendar years."""
    last = calendar_year(start, float(years))
    new_years = [date(year, 1, 1) for year in range(start.year + 1, last + 1)]
    moments = [years_since(start, day) for day in new_years if years_since(start, day) < years]
    return time_intervals(float(years), moments), [start.year + number for number in range(len(moments) + 1)]


def by_year(amounts: np.ndarray, time: TimeIntervals) -> list[float]:
    return [float(amounts[time.year == number].sum()) for number in range(int(time.year[-1]) + 1)]


@given(STARTS, st.integers(1, 12))
def test_stretches_cover_the_time_of_a_study_once_and_lie_in_one_year(start: date, years: int) -> None:
    time, calendar = time_of(start, years)
    assert time.since[0] == 0.0
    assert time.until[-1] == years
    np.testing.assert_array_equal(time.since[1:], time.until[:-1])
    assert [calendar[year] for year in time.year] == [calendar_year(start, float(middle)) for middle in time.middle]


@given(STARTS, st.integers(1, 12))
def test_places_of_a_year_are_booked_in_that_year(start: date, years: int) -> None:
    time, calendar = time_of(start, years)
    booked = time.booking >= 0
    moments = (time.booking[booked] + 1) * WEEK
    assert [calendar[year] for year in time.year[booked]] == [calendar_year(start, float(each)) for each in moments]
    assert time.length[~booked].sum() < 2 * WEEK  # a first or last part of a year without a booking


def test_nobody_trains_nobody_is_trained() -> None:
    staff = workforce({}, 0.0, TIME, FIRST, VALUES)
    assert not staff.practising.any()
    assert not staff.entering.any()


@given(STARTS, st.integers(2, 12))
def test_all_places_of_a_year_are_taken_up_by_its_end_and_never_more(start: date, years: int) -> None:
    time, calendar = time_of(start, years)
    places = {year: 400.0 + 100.0 * number for number, year in enumerate(calendar)}
    found = by_year(workforce(places, 0.0, time, start.year, VALUES).entering, time)
    assert found[:-1] == pytest.approx([places[year] for year in calendar[:-1]], rel=1e-12)
    simulated = float(time.length[time.year == time.year[-1]].sum())
    assert found[-1] == pytest.approx(places[calendar[-1]] * simulated, rel=1e-12)


def test_years_without_places_train_nobody() -> None:
    staff = workforce({2027: 400.0, 2029: 100.0}, 0.0, TIME, FIRST, VALUES)
    assert by_year(staff.entering, TIME) == pytest.approx([0, 400, 0, 100, 0, 0], rel=1e-12)


@pytest.mark.parametrize("months", [0.0, 6.0, 18.0])
def test_practice_begins_after_the_time_to_competence(months: float) -> None:
    values = {**STABLE, "cft.time_to_competence": months / 12.0}
    staff = workforce({2026: 520.0}, 0.0, TIME, FIRST, values)
    first = int(np.flatnonzero(staff.practising)[0])
    assert TIME.since[first] <= months / 12.0 < TIME.until[first]
    assert staff.practising[-1] == pytest.approx(520.0)
    assert (np.diff(staff.practising) >= -1e-9).all()


def test_those_trained_leave_at_their_rate() -> None:
    staff = workforce({}, 1000.0, TIME, FIRST, VALUES)
    np.testing.assert_allclose(staff.practising, 1000.0 * np.exp(-VALUES["cft.attrition"] * TIME.middle), rtol=1e-6)


def test_stock_approaches_entry_over_attrition() -> None:
    """With 400 entering a year and leaving at the rate of 2 a year, the stock tends to 200."""
    staff = workforce(dict.fromkeys(range(2026, 2040), 400.0), 0.0, TIME, FIRST, {**VALUES, "cft.attrition": 2.0})
    assert staff.practising[-1] == pytest.approx(200.0, rel=0.02)  # attrition acts at the end of a week


def test_each_starts_a_stated_number_of_courses_in_every_year() -> None:
    weekly = courses(workforce({}, 100.0, TIME, FIRST, STABLE), TIME, STABLE)
    a_year = 100.0 * STABLE["cft.courses_per_physiotherapist"]
    years = np.floor((np.arange(TIME.bookings) + 1) * WEEK).astype(int)
    assert np.bincount(years, weekly) == pytest.approx(np.full(YEARS, a_year), rel=1e-12)


@given(STARTS, st.integers(1, 12), st.floats(0.0, 1.0))
def test_operations_of_a_year_are_what_the_country_can_do(start: date, years: int, share: float) -> None:
    """From a date within the study on: never more than the limit, and all of it where the year has bookings."""
    time, calendar = time_of(start, years)
    since = share * years
    weekly = operations((since,), (3000.0,), time)
    moments = [calendar.index(calendar_year(start, (number + 1) * WEEK)) for number in range(time.bookings)]
    found = np.bincount(moments, weekly, minlength=len(calendar))
    possible = by_year(np.clip(time.until - np.maximum(time.since, since), 0.0, None) * 3000.0, time)
    assert (found <= np.array(possible) + 1e-6).all()
    assert found[1:-1] == pytest.approx(possible[1:-1], rel=1e-9, abs=1e-6)


def test_a_limit_that_begins_after_the_study_or_never_leaves_no_places() -> None:
    assert not operations((99.0,), (3000.0,), TIME).any()
    assert not operations((), (), TIME).any()


def test_a_replication_has_its_share_of_the_places() -> None:
    """Places times the real people each simulated one stands for are the country's, in each replication."""
    prepared_study = PreparedStudy(study(CFT, people=2003, replications=4))
    country = courses(prepared_study.workforce(CFT), prepared_study.time, VALUES)
    assert sum(prepared_study.size(number) for number in range(4)) == 2003
    for number in range(4):
        (clinic,) = prepared_study.clinics(CFT, number)
        np.testing.assert_allclose(clinic.places * prepared_study.scale(number), country, rtol=1e-12)
        assert 0.0 < clinic.carried < 1.0
    assert len({prepared_study.clinics(CFT, number)[0].carried for number in range(4)}) == 4


def test_a_mode_with_more_places_makes_courses_shorter_from_its_date_on() -> None:
    groups, telehealth = ModeShare((1.0, 3.0), (0.0, 0.5), 2.0), ModeShare((3.0,), (0.5,), 0.5)
    taken = time_of_a_course(TIME, [groups, telehealth])
    late = TIME.since >= 3.0
    assert (taken[TIME.until <= 1.0] == 1.0).all()
    halfway = np.interp(2.0, TIME.middle[TIME.until <= 3.0], taken[TIME.until <= 3.0])
    assert halfway == pytest.approx(1.0 - 0.25 / 2.0)
    assert taken[late] == pytest.approx(0.5 / 2.0 + 0.5 / 0.5)


def test_places_of_a_mode_make_as_many_courses_as_their_time_allows() -> None:
    staff = workforce({}, 100.0, TIME, FIRST, STABLE)
    plain, mixed = courses(staff, TIME, STABLE), courses(staff, TIME, STABLE, [ModeShare((0.0,), (0.5,), 2.0)])
    assert mixed == pytest.approx(plain / 0.75)


def test_modes_that_take_as_long_as_in_person_change_no_place() -> None:
    staff = workforce({FIRST: 30.0}, 100.0, TIME, FIRST, VALUES)
    alike = [ModeShare((0.5,), (0.3,), 1.0), ModeShare((0.0, 2.0), (0.1, 0.7), 1.0), ModeShare((), (), 3.0)]
    assert courses(staff, TIME, VALUES, alike).tobytes() == courses(staff, TIME, VALUES).tobytes()
