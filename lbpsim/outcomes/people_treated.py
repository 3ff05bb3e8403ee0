"""How many people are offered CFT, are treated and improve, by year, and what that costs.

People are treated in the year in which their first course begins, and assessed in the year of its week 13, by the
model's own disability, which has no error of measurement. Whoever would be as well without CFT has not improved by it.
All figures are undiscounted. Cost is that of CFT and of training for it, in the year in which it is spent; the net cost
is all health care, less that under the comparator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.evidence.currency import MONEY, in_currency
from lbpsim.evidence.output_tables import frame_of
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.periods import linearised_ratio

WHOLE_HORIZON = "all"
ORDER = list(OUTCOMES)
COUNTS = {  # measure: outcomes that are added, and those that are taken away
    "people_offered": (("cft_people_offered",), ()),
    "people_treated": (("cft_first_courses",), ()),
    "people_assessed": (("cft_assessed",), ()),
    "people_improved": (("cft_improved",), ()),
    "people_improved_anyway": (("cft_improved_anyway",), ()),
    "people_improved_by_cft": (("cft_improved",), ("cft_improved_anyway",)),
    "people_with_low_disability": (("cft_low_disability",), ()),
    "people_with_low_disability_anyway": (("cft_low_disability_anyway",), ()),
    "people_with_low_disability_by_cft": (("cft_low_disability",), ("cft_low_disability_anyway",)),
    "cost": (("cost_cft", "cost_training"), ()),
}
COURSES = {  # by how they are delivered
    "courses": (("cft_courses",), ()),
    "courses_in_person": (("cft_courses",), ("cft_telehealth_courses", "cft_group_courses")),
    "courses_by_telehealth": (("cft_telehealth_courses",), ()),
    "courses_in_a_group": (("cft_group_courses",), ()),
}
NET_COST = "net_cost"
SHARES = {
    "share_improved": ("people_improved", "people_assessed"),
    "share_improved_by_cft": ("people_improved_by_cft", "people_assessed"),
}
COST_PER_PERSON = {
    "cost_per_person_treated": ("cost", "people_treated"),
    "cost_per_person_improved": ("cost", "people_improved"),
    "cost_per_person_improved_by_cft": ("cost", "people_improved_by_cft"),
}
NET_COST_PER_PERSON = {  # over the whole horizon alone: savings of a year are of people treated in earlier ones
    "net_cost_per_person_treated": (NET_COST, "people_treated"),
    "net_cost_per_person_improved_by_cft": (NET_COST, "people_improved_by_cft"),
}
OF_COURSES = {
    "share_in_person": ("courses_in_person", "courses"),
    "share_by_telehealth": ("courses_by_telehealth", "courses"),
    "share_in_a_group": ("courses_in_a_group", "courses"),
}
RATIOS = SHARES | COST_PER_PERSON | NET_COST_PER_PERSON | OF_COURSES
UNITS = {
    **{name: MONEY if name == "cost" else "people" for name in COUNTS},
    NET_COST: MONEY,
    **dict.fromkeys(SHARES, "share"),
    **dict.fromkeys(COST_PER_PERSON, f"{MONEY} per person"),
    **dict.fromkeys(NET_COST_PER_PERSON, f"{MONEY} per person"),
    **dict.fromkeys(COURSES, "courses"),
    **dict.fromkeys(OF_COURSES, "share"),
}
MEASURES = tuple(UNITS)
FIGURES = ("value", "mcse", "mean", "low", "high")
OF_PARAMETERS, WITH_NOISE = "parameters", "parameters and Monte Carlo"


def treated_by_year(by_year: Numbers) -> Numbers:
    """Every measure by year and then over all years, one value per replication, shape (policies, replications,
    years + 1, measures), the comparator first.

    `by_year`: undiscounted outcomes, shape (policies, replications, years, outcomes).
    """
    periods = np.concatenate([by_year, by_year.sum(axis=2, keepdims=True)], axis=2)  # all that is asked of it are flows
    known = {name: _sum(periods, added) - _sum(periods, less) for name, (added, less) in (COUNTS | COURSES).items()}
    health_care = _sum(periods, ("cost_health_system",))
    known[NET_COST] = health_care - health_care[:1]
    for name, (top, bottom) in RATIOS.items():
        known[name] = linearised_ratio(known[top], known[bottom])
    return np.stack([known[name] for name in MEASURES], axis=-1)


def _sum(periods: Numbers, outcomes: Sequence[str]) -> Numbers:
    return np.asarray(periods[..., [ORDER.index(name) for name in outcomes]].sum(axis=-1))


def treated_frame(
    scenarios: Sequence[str], years: Sequence[int], figures: Mapping[str, Numbers], code: str
) -> pd.DataFrame:
    """The table: scenario, year ("all": the whole horizon), measure, unit, `FIGURES`, interval.

    `figures`: arrays of shape (scenarios, years + 1, measures) by name, those that are missing are not known;
    `of_parameters` among them, whether an interval is free of Monte Carlo noise; `code`: of the currency.
    """
    periods = (*(str(year) for year in years), WHOLE_HORIZON)
    shape = len(scenarios), len(periods), len(MEASURES)
    known = [figures.get(name, np.full(shape, np.nan)) for name in FIGURES]
    clean = np.where(figures.get("of_parameters", np.zeros(shape)), OF_PARAMETERS, WITH_NOISE)
    moved = np.where(np.isnan(known[FIGURES.index("low")]), "", clean)
    return frame_of("treated_by_year", list(_rows(scenarios, periods, known, moved, code)))


def _rows(
    scenarios: Sequence[str], periods: Sequence[str], figures: Sequence[Numbers], moved: npt.NDArray[np.str_], code: str
) -> Iterator[tuple[Any, ...]]:
    for place in np.ndindex(moved.shape):
        scenario, period, measure = scenarios[place[0]], periods[place[1]], MEASURES[place[2]]
        if period == WHOLE_HORIZON or measure not in NET_COST_PER_PERSON:
            told = (float(each[place]) for each in figures)
            yield scenario, period, measure, in_currency(UNITS[measure], code), *told, str(moved[place])
