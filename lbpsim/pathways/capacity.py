"""Capacity: how many physiotherapists are trained, and so how many courses can start each week.

A year's places are the year's: they are given out at the bookings that fall in it, evenly over its days, and add up to
what was stated. So the days between the last booking of a year and its end count for that booking, not for the next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lbpsim.pathways.cft import WEEK

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TimeIntervals:
    """The time of a study, cut at every weekly booking and new year; all arrays have the shape (stretches,).

    `since`, `until`: in years since the start; `year`: the calendar year, counted from the first; `booking`: at which
    the places of the stretch are given out, -1 where its calendar year has none; `bookings`: how many there are.
    """

    since: Numbers
    until: Numbers
    year: npt.NDArray[np.intp]
    booking: npt.NDArray[np.intp]
    bookings: int

    @property
    def length(self) -> Numbers:
        """Length of each stretch in years."""
        return self.until - self.since

    @property
    def middle(self) -> Numbers:
        """The middle of each stretch, in years since the start."""
        return (self.since + self.until) / 2.0

    def booked(self, amounts: Numbers) -> Numbers:
        """Amounts of the stretches by weekly booking, shape (bookings,)."""
        weekly = np.zeros(self.bookings)
        given = self.booking >= 0
        np.add.at(weekly, self.booking[given], amounts[given])
        return weekly


def time_intervals(years: float, new_years: Sequence[float]) -> TimeIntervals:
    """The stretches of a study of so many years; `new_years`: when each calendar year but the first begins."""
    ends = (np.arange(math.floor(years / WEEK)) + 1.0) * WEEK
    starts = np.asarray(new_years, float)
    cuts = np.unique(np.concatenate([[0.0], ends, starts, [years]]))
    since, until = cuts[:-1], cuts[1:]
    year = np.searchsorted(starts, since, side="right")
    year_of_booking = np.append(np.searchsorted(starts, ends, side="right"), len(starts) + 1)  # none beyond the last
    following = np.searchsorted(ends, until, side="left")
    last_of_year = np.searchsorted(year_of_booking, year, side="right") - 1
    booking = np.where(year_of_booking[following] == year, following, last_of_year)
    booking = np.where((booking >= 0) & (year_of_booking[booking] == year), booking, -1)
    return TimeIntervals(since, until, year, booking, len(ends))


@dataclass(frozen=True)
class Workforce:
    """Physiotherapists in each stretch of time: who enter training, and how many practise on average; same shapes."""

    entering: Numbers
    practising: Numbers


def workforce(
    places_by_year: Mapping[int, float],
    at_start: float,
    time: TimeIntervals,
    first_year: int,
    values: Mapping[str, float],
) -> Workforce:
    """Training places are taken up evenly through what the study has of their year; practice begins after the time to
    competence, and ends at the rate of attrition.

    All places of the study's `first_year` are taken up by its end, however late the study starts in it. `values` are
    the parameters in canonical units.
    """
    places = np.array([places_by_year.get(first_year + int(year), 0.0) for year in time.year])
    whole_year = np.where(time.year == 0, time.until[time.year == 0].max(), 1.0)
    entering = places * time.length / whole_year
    ends = np.append(0.0, time.until)
    entered = np.append(0.0, np.cumsum(entering))
    competent = np.interp(ends - values["cft.time_to_competence"], ends, entered)
    stock = np.empty(len(ends))
    stock[0] = at_start
    staying = np.exp(-values["cft.attrition"] * time.length)
    for number, graduates in enumerate(np.diff(competent)):
        stock[number + 1] = stock[number] * staying[number] + graduates
    return Workforce(entering, (stock[:-1] + stock[1:]) / 2.0)


@dataclass(frozen=True)
class ModeShare:
    """What share of courses is delivered in a way: `times` (years since the start) and `values`, on a line between
    them; and how many `places` there are in the time of one in person.
    """

    times: Sequence[float]
    values: Sequence[float]
    places: float


def courses(
    staff: Workforce, time: TimeIntervals, values: Mapping[str, float], modes: Sequence[ModeShare] = ()
) -> Numbers:
    """Courses that can start at each weekly booking, for the country; those of no mode are in person."""
    in_person = staff.practising * time.length * values["cft.courses_per_physiotherapist"]
    return time.booked(in_person / time_of_a_course(time, modes))


def time_of_a_course(time: TimeIntervals, modes: Sequence[ModeShare]) -> Numbers:
    """Time that a course takes on average in each stretch, that of one in person being 1."""
    taken = np.ones(len(time.since))
    for mode in modes:
        if len(mode.times):
            share = np.interp(time.middle, mode.times, mode.values, left=0.0)
            taken += share * (1.0 / mode.places - 1.0)
    return taken


def operations(times: Sequence[float], yearly: Sequence[float], time: TimeIntervals) -> Numbers:
    """Operations that can be done at each weekly booking: so many a year from each of `times`, none before."""
    knots = [*times, max([float(time.until[-1]), *times])]
    done = np.append(0.0, np.cumsum(np.diff(knots) * np.asarray(yearly, float)))
    return time.booked(np.diff(np.interp(np.append(0.0, time.until), knots, done)))
