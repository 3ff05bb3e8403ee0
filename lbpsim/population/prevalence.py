"""Who has chronic low back pain, by age and sex; and the inflow that a fixed incidence makes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lbpsim.evidence.country import Country
from lbpsim.population.demography import ADULT, AGES, Counts, along_ages, people_counted


def prevalence(country: Country, values: Mapping[str, float]) -> Counts:
    """Share of people with chronic low back pain by sex and age; shape (2, AGES), 0 below 18.

    The country's curve by age, read along lines between the middles of its age bands, scaled so that
    adults of the base population total `population.adult_prevalence`.
    """
    curve = along_ages(country.prevalence, np.arange(AGES, dtype=float))
    curve[:, :ADULT] = 0.0
    people = people_counted(country)
    cases = (curve * people).sum()
    return curve * (values["population.adult_prevalence"] * people[:, ADULT:].sum() / cases)


def fixed_inflow(people: Counts, shape: Counts, values: Mapping[str, float]) -> Counts:
    """The fixed incidence times adults without pain, spread over age and sex like prevalence."""
    cases = shape * people
    total = values["course.incidence"] * (people[:, ADULT:].sum() - cases.sum())
    spread: Counts = cases / cases.sum() * total
    return spread
