"""The weekly bookings of a study: the years in which they fall, and the places that are counted there."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from lbpsim.engine.compiled_engine import EngineOutput
from lbpsim.evidence.units import WEEK
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.person import CFT_LIST
from lbpsim.study import Study


@dataclass(frozen=True)
class Weeks:
    """The weekly bookings of a study: the number of the year in which each falls, and what a unit is worth then; both
    of shape (weeks,).
    """

    years: npt.NDArray[np.intp]
    discount_factors: npt.NDArray[np.float64]

    @classmethod
    def of(cls, study: Study, number: int) -> Weeks:
        """So many weeks from the start of a study."""
        times, force = [(week + 1) * WEEK for week in range(number)], math.log1p(study.discount_rate)
        factors = np.array([math.exp(-force * time) for time in times])
        return cls(np.array(year_numbers(study, times), np.intp), factors)


def count_bookings(totals: npt.NDArray[np.int64], lived: EngineOutput, weeks: Weeks) -> None:
    """Count the places of the CFT clinic, in the year in which each booking falls."""
    for clinic, booked in zip(lived.clinics, lived.booked, strict=False):
        if clinic.waiting_list == CFT_LIST:
            for name, amounts in zip(("cft_places", "cft_places_unused"), booked[:, [0, 2]].T, strict=True):
                for worth, factors in enumerate((np.ones(len(booked)), weeks.discount_factors)):
                    steps = np.floor(amounts * factors * FIXED_POINT + 0.5).astype(np.int64)
                    np.add.at(totals[worth, :, COUNTRY_WIDE, OUTCOME_INDEX[name]], weeks.years, steps)


def year_at(study: Study) -> Callable[[float], int]:
    """`study.calendar_year` for many moments within the study: the year's beginnings are worked out once."""
    years = study.calendar_years
    starts = [study.clock(date(year, 1, 1)) for year in years[1:]]
    return lambda time: years[bisect(starts, time)]


def year_numbers(study: Study, times: Iterable[float]) -> list[int]:
    """Calendar years of moments within the study (years since its start), counted from its first year."""
    year, first = year_at(study), study.calendar_years[0]
    return [year(time) - first for time in times]
