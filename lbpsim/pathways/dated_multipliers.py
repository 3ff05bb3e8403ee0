"""Multipliers that a policy puts on hazards of opioids and surgery, as one staircase in time; and when all closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine.numba_cache import inlined_rule

MOST_STEPS = 256


class TooManyStepsError(ValueError):
    """More dated changes than the model keeps for one policy."""


@inlined_rule
def new_treatment_allowed(person: Any, inputs: Any) -> bool:
    """Whether a course, opioids or the way to an operation can still begin: not for those followed past the horizon."""
    return person.now < inputs.horizon


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


def merge_multipliers(
    opioids: list[list[tuple[float, float]]], surgery: list[list[tuple[float, float]]], horizon: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """One list of dates, and at each the multiplier of opioid initiation and of referral; shape (MOST_STEPS,) each.

    Entry 0 is today's care (multipliers 1); the dates after the last are never.
    """
    dates = sorted({time for steps in [*opioids, *surgery] for time, _ in steps if time < horizon})
    if len(dates) > MOST_STEPS - 2:
        raise TooManyStepsError(
            f"a policy changes opioids and surgery on {len(dates)} dates; at most {MOST_STEPS - 2} are kept"
        )
    times = np.full(MOST_STEPS, np.inf)
    times[0] = -np.inf
    times[1 : len(dates) + 1] = dates
    factors = [np.ones(MOST_STEPS), np.ones(MOST_STEPS)]
    for factor, all_steps in zip(factors, (opioids, surgery), strict=True):
        stairs = [step_function(steps) for steps in all_steps]
        factor[: len(dates) + 1] = [float(np.prod([at(t) for at in stairs])) for t in times[: len(dates) + 1]]
    return times, factors[0], factors[1]
