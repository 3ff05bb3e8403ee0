from __future__ import annotations

import math
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lbpsim.study.clock import Timeline, calendar_year, day_at, in_words, part_of_year, years_since

DAYS = st.dates(date(2024, 7, 1), date(2100, 12, 31))
LATER = st.integers(0, 40_000)


def test_known_dates() -> None:
    start = date(2026, 1, 1)
    assert years_since(start, date(2027, 1, 1)) == 1.0
    assert years_since(start, date(2028, 7, 1)) == 2.0 + 182 / 366
    assert years_since(start, date(2025, 1, 1)) == -1.0
    assert part_of_year(date(2027, 7, 1)) == 181 / 365


@given(DAYS, st.integers(1, 100))
def test_new_years_are_whole_years_apart(start: date, years: int) -> None:
    first = years_since(start, date(start.year + 1, 1, 1))
    later = years_since(start, date(start.year + 1 + years, 1, 1))
    assert abs((later - first) - years) < 1e-12


@given(DAYS, LATER)
def test_the_clock_moves_forward(start: date, days: int) -> None:
    day = start + timedelta(days=days)
    assert 0.0 <= years_since(start, day) < years_since(start, day + timedelta(days=1))


@given(DAYS, LATER)
def test_year_and_day_are_read_back(start: date, days: int) -> None:
    day = start + timedelta(days=days)
    time = years_since(start, day)
    assert calendar_year(start, time) == day.year
    assert day_at(start, time) == day


def test_a_day_in_words() -> None:
    assert in_words(date(2027, 1, 1)) == "1 January 2027"


def test_moments_beyond_all_dates_are_told_by_the_last() -> None:
    start = date(2026, 7, 1)
    assert day_at(start, years_since(start, date.max)) == date.max
    assert day_at(start, 1e4) == date.max
    assert calendar_year(start, 9000.0) == 11026


def test_first_of_a_timeline() -> None:
    assert Timeline((1.5, 2.0), (0.1, 0.2)).first == 1.5
    assert Timeline().first == math.inf


def test_a_timeline_is_its_dates_with_their_values() -> None:
    assert list(Timeline((1.5, 2.0), (0.1, 0.2))) == [(1.5, 0.1), (2.0, 0.2)]
