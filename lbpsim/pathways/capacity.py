"""Capacity: how many physiotherapists are trained, and so how many courses can start each week."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lbpsim.pathways.cft import WEEK


@dataclass(frozen=True)
class Workforce:
    """By week (entry n covers the week that ends with booking n): physiotherapists trained and practising, and
    those who enter training; shape (weeks,) each.
    """

    trained: npt.NDArray[np.float64]
    entering: npt.NDArray[np.float64]


def workforce(
    places_by_year: Mapping[int, float],
    at_start: float,
    weeks: int,
    calendar_year: Callable[[float], int],
    values: Mapping[str, float],
) -> Workforce:
    """Training places are taken up evenly through their year; practice begins after the time to competence.

    `calendar_year` turns years since the start into a calendar year; `values` are the parameters in canonical units.
    """
    moments = (np.arange(weeks) + 0.5) * WEEK
    entering = np.array([places_by_year.get(calendar_year(float(t)), 0.0) * WEEK for t in moments])
    delay = round(values["cft.time_to_competence"] / WEEK)
    graduates = np.concatenate([np.zeros(delay), entering])[:weeks]
    staying = math.exp(-values["cft.attrition"] * WEEK)
    trained = np.empty(weeks)
    stock = at_start
    for week in range(weeks):
        stock = stock * staying + graduates[week]
        trained[week] = stock
    return Workforce(trained, entering)


def courses(staff: Workforce, values: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Courses that can start in each week, for the country."""
    return staff.trained * values["cft.courses_per_physiotherapist"] * WEEK
