"""Multipliers that a policy puts on hazards of opioids and surgery from its dates on; and when all closes.

A hazard that is doubled from a date on has a clock that runs twice as fast from there. So a clock under multipliers
counts *policy time*: that of the calendar until the first date, and then so many times as fast. When it rings is known
at once, whatever dates lie between, and no date need be an event in anybody's life.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine.event_clocks import UNDRAWN, draw_clock
from lbpsim.engine.numba_cache import inlined_rule, rule
from lbpsim.pathways.person import NEVER, OPIOID_START, REFERRAL

MOST_STEPS = 256
DATE, MULTIPLIER, ELAPSED = 0, 1, 2  # rows of a pace
OPIOIDS, SURGERY = 0, 1  # the clocks under multipliers
PACED = (OPIOID_START, REFERRAL)


class TooManyStepsError(ValueError):
    """More dated changes than the model keeps for one policy."""


@inlined_rule
def new_treatment_allowed(person: Any, inputs: Any) -> bool:
    """Whether a course, opioids or the way to an operation can still begin: not for those followed past the horizon."""
    return person.now < inputs.horizon


@rule
def dated_value(time: float, times: Any, values: Any, knots: int) -> float:
    """Value of a dated policy setting: 0 before its first knot, linear between knots, the last value after."""
    if knots == 0 or time < times[0]:
        return 0.0
    for i in range(1, knots):
        if time < times[i]:
            share = (time - times[i - 1]) / (times[i] - times[i - 1])
            return values[i - 1] + share * (values[i] - values[i - 1])
    return values[knots - 1]


@inlined_rule
def dates_passed(time: float, pace: Any, dates: int) -> int:
    """How many dates of a policy have come by a moment of the calendar."""
    passed = 0
    while passed < dates and pace[DATE, passed] <= time:
        passed += 1
    return passed


@inlined_rule
def policy_time(time: float, pace: Any, passed: int) -> float:
    """Policy time at a moment of the calendar (both in years) by which so many dates have passed."""
    if passed == 0:
        return time
    return pace[ELAPSED, passed - 1] + (time - pace[DATE, passed - 1]) * pace[MULTIPLIER, passed - 1]


@inlined_rule
def calendar_time(elapsed: float, pace: Any, dates: int, passed: int) -> float:
    """The moment of the calendar at which policy time comes to `elapsed`, not before so many dates have passed; never
    where the hazard is stopped before.
    """
    while passed < dates and pace[ELAPSED, passed] <= elapsed:
        passed += 1
    if passed == 0:
        return elapsed
    if pace[MULTIPLIER, passed - 1] == 0.0:
        return NEVER
    return pace[DATE, passed - 1] + (elapsed - pace[ELAPSED, passed - 1]) / pace[MULTIPLIER, passed - 1]


@inlined_rule
def wind(
    now: float, hazard: float, before: float, remaining: float, due: float, pace: Any, dates: int
) -> tuple[float, float, float]:
    """A clock whose hazard, without multipliers, changes from `before` to `hazard` now: what remains on it, when it is
    due in policy time, and in the calendar. What was `remaining` counts where `before` is 0, else when it was `due`.
    """
    passed = dates_passed(now, pace, dates)
    elapsed = policy_time(now, pace, passed)
    if before > 0.0:
        remaining = max((due - elapsed) * before, 0.0)
    if hazard == 0.0:
        return remaining, NEVER, NEVER
    due = elapsed + remaining / hazard
    return remaining, due, max(calendar_time(due, pace, dates, passed), now)


@rule
def schedule_paced(person: Any, inputs: Any) -> None:
    """Schedule what a policy's multipliers bear on: the start of opioids, and referral to surgery."""
    reschedule_paced(person, OPIOIDS, OPIOID_START, inputs.opioid_start_pace, inputs.opioid_start_dates, inputs)
    reschedule_paced(person, SURGERY, REFERRAL, inputs.referral_pace, inputs.referral_dates, inputs)


@inlined_rule
def reschedule_paced(person: Any, clock: int, kind: int, pace: Any, dates: int, inputs: Any) -> None:
    """As `event_clocks.reschedule` where the hazard of this kind has changed, under the multipliers of a policy."""
    if person.hazard[kind] == person.scheduled_hazard[kind]:
        return
    if person.scheduled_hazard[kind] == 0.0 and person.remaining[kind] == UNDRAWN:
        draw_clock(person, kind, inputs.seed, inputs.draw)
    person.remaining[kind], person.policy_due[clock], person.next_time[kind] = wind(
        person.now,
        person.hazard[kind],
        person.scheduled_hazard[kind],
        person.remaining[kind],
        person.policy_due[clock],
        pace,
        dates,
    )
    person.scheduled_hazard[kind] = person.hazard[kind]


def growth_steps(times: tuple[float, ...], rates: tuple[float, ...], horizon: float) -> list[tuple[float, float]]:
    """(time, factor) of a trend: the rate is higher by `rate` from the date on, and again at each anniversary."""
    steps: list[tuple[float, float]] = []
    level = 1.0
    for i, (start, rate) in enumerate(zip(times, rates, strict=True)):
        until = times[i + 1] if i + 1 < len(times) else horizon
        moment = start
        while moment < min(until, horizon):
            level *= 1.0 + rate
            steps.append((moment, level))
            moment += 1.0
    return steps


def step_function(steps: list[tuple[float, float]]) -> Callable[[float], float]:
    """Value at a time of a staircase that starts at 1."""

    def at(time: float) -> float:
        value = 1.0
        for moment, level in steps:
            if moment <= time:
                value = level
        return value

    return at


def pace_of(stairs: list[list[tuple[float, float]]], horizon: float) -> tuple[npt.NDArray[np.float64], int]:
    """The dates of staircases that multiply, the multiplier from each on, and policy time at it, shape (3, MOST_STEPS);
    and how many dates there are.

    Raises TooManyStepsError when there are more than MOST_STEPS.
    """
    dates = sorted({time for steps in stairs for time, _ in steps if time < horizon})
    if len(dates) > MOST_STEPS:
        raise TooManyStepsError(
            f"a policy changes opioids or surgery on {len(dates)} dates; at most {MOST_STEPS} are kept for each"
        )
    at = [step_function(steps) for steps in stairs]
    multipliers = [float(np.prod([value(date) for value in at])) for date in dates]
    elapsed = dates[:1]
    for (since, until), multiplier in zip(pairwise(dates), multipliers, strict=False):
        elapsed.append(elapsed[-1] + (until - since) * multiplier)
    pace = np.zeros((3, MOST_STEPS))
    pace[:, : len(dates)] = dates, multipliers, elapsed
    return pace, len(dates)
