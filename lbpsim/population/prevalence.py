"""Who has chronic low back pain, by age and sex; and the inflow that a fixed incidence makes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lbpsim.evidence import tables
from lbpsim.population.demography import ADULT, AGES, Counts, population_2024


def prevalence(values: Mapping[str, float]) -> Counts:
    """Share of people with chronic low back pain by sex and age; shape (2, AGES), 0 below 18.

    The survey's curve for back problems, read along lines between the middles of its age bands, scaled so that
    adults of the base population total `population.adult_prevalence`.
    """
    bands = tables.back_problem_prevalence()
    middles = (bands["age_low"] + bands["age_high"] + 1.0).to_numpy(dtype=float) / 2.0
    ages = np.arange(AGES)
    curve = np.array([np.interp(ages + 0.5, middles, bands[sex].to_numpy(dtype=float)) for sex in ("male", "female")])
    curve[:, :ADULT] = 0.0
    people = population_2024()
    cases = (curve * people).sum()
    return curve * (values["population.adult_prevalence"] * people[:, ADULT:].sum() / cases)


def fixed_inflow(people: Counts, shape: Counts, values: Mapping[str, float]) -> Counts:
    """The fixed incidence times adults without pain, spread over age and sex like prevalence."""
    cases = shape * people
    total = values["course.incidence"] * (people[:, ADULT:].sum() - cases.sum())
    spread: Counts = cases / cases.sum() * total
    return spread
