"""The clock of a study: calendar dates as years since its start, and back, and quantities that have dates."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True)
class Timeline:
    """A dated quantity: `values[i]` from, or at, `times[i]` (years since the start of the study, ascending)."""

    times: tuple[float, ...] = ()
    values: tuple[float, ...] = ()

    @property
    def first(self) -> float:
        """The first date, in years since the start; infinite where there is none."""
        return self.times[0] if self.times else math.inf

    @property
    def last(self) -> float:
        """The last date, in years since the start; infinitely early where there is none."""
        return self.times[-1] if self.times else -math.inf

    def on_a_line(self, time: float) -> float:
        """Its value at a moment: none before the first date, on a line between dates, the last value after.

        >>> [Timeline((1.0, 3.0), (0.2, 0.6)).on_a_line(time) for time in (0.9, 1.0, 2.0, 9.0)]
        [0.0, 0.2, 0.4, 0.6]
        """
        if time < self.first:
            return 0.0
        for (since, old), (until, new) in pairwise(self):
            if time < until:
                return old + (new - old) * (time - since) / (until - since)
        return self.values[-1]

    def __iter__(self) -> Iterator[tuple[float, float]]:
        """Each date with its value."""
        return zip(self.times, self.values, strict=True)


def part_of_year(day: date) -> float:
    """How much of its calendar year has gone when `day` begins: days into it over days in it."""
    days = 366 if calendar.isleap(day.year) else 365
    return (day - date(day.year, 1, 1)).days / days


def years_since(start: date, day: date) -> float:
    """Years from `start` to `day`; each 1 January comes exactly one year after the last. Negative before the start."""
    return (day.year - start.year) + (part_of_year(day) - part_of_year(start))


def calendar_year(start: date, time: float) -> int:
    """The calendar year in which the moment `time` (years since `start`, not negative) falls."""
    year = start.year + math.floor(part_of_year(start) + time)
    # The sum above may round across a new year; the clock itself decides.
    while new_year(start, year + 1) <= time:
        year += 1
    while year > start.year and new_year(start, year) > time:
        year -= 1
    return year


def new_year(start: date, year: int) -> float:
    """Years from `start` to the first moment of a calendar year, which may lie beyond the dates that there are."""
    return (year - start.year) - part_of_year(start)


def day_at(start: date, time: float) -> date:
    """The date that the clock shows as `time` (years since `start`), to the nearest day; no later than the last."""
    year = calendar_year(start, max(time, 0.0))
    if year > date.max.year:
        return date.max
    days = 366 if calendar.isleap(year) else 365
    into = (part_of_year(start) + time - (year - start.year)) * days
    return date.fromordinal(min(date(year, 1, 1).toordinal() + round(into), date.max.toordinal()))


def in_words(day: date) -> str:
    """A date as people say it, such as "1 January 2027"."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
