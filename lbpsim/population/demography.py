"""The denominators: adults of the country by single year of age and sex, projected year by year.

Cohort-component projection: people age, die by the life table, migrants arrive, babies are born. Everybody without
chronic low back pain is a denominator here and nowhere an entity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lbpsim.evidence.country import ByAge, Country
from lbpsim.study.regions import Region

OLDEST = 100
AGES = OLDEST + 1
Counts = npt.NDArray[np.float64]
ADULT = 18


@cache
def survival(country: Country) -> Counts:
    """Probability of surviving the next year by sex (men, women) and age last birthday, 0 to 100; not to be changed.

    Shape (2, AGES). People of an age are on average half a year past their birthday, and have the next one within the
    year: of two ages, it is the ratio of person-years lived in them.
    """
    life = np.array([(group.male, group.female) for group in country.death])[: OLDEST + 1].T
    hazard = -np.log1p(-life)
    alive = np.exp(-np.cumsum(hazard, axis=1)) * np.exp(hazard)  # at each birthday
    lived = alive * -np.expm1(-hazard) / hazard
    return fixed(np.concatenate([lived[:, 1:] / lived[:, :-1], np.exp(-hazard[:, -1:])], axis=1))


def fixed(numbers: Counts) -> Counts:
    """The same numbers, which nobody can change from now on."""
    numbers.flags.writeable = False
    return numbers


@cache
def people_counted(country: Country, region: Region | None = None) -> Counts:
    """People of a country, or of a region of it, by sex and single year of age when they were counted; shape (2, AGES),
    not to be changed. Groups of ages are split like the country's single years, as long on as they are older.
    """
    groups, shape = region.groups if region else country.population, _single_years(country)
    people = np.zeros((2, AGES))
    for group in groups:
        ages = np.arange(group.low, min(group.high, OLDEST) + 1)
        share = shape[ages] / shape[ages].sum() if shape[ages].sum() else np.full(len(ages), 1.0 / len(ages))
        people[:, ages] = np.array([[group.male], [group.female]]) * share
    return fixed(people)


def _single_years(country: Country) -> Counts:
    """How many people of each age there are beside each other, whichever their number; shape (AGES,)."""
    if country.single_years is not None:
        ages = np.clip(np.arange(AGES) - country.years_since_single, 0, OLDEST)
        return np.asarray(country.single_years, dtype=float)[ages]
    shape = np.zeros(AGES)
    for group in country.population:
        ages = np.arange(group.low, min(group.high, OLDEST) + 1)
        shape[ages] = group.people / len(ages)
    return shape


def along_ages(groups: ByAge, ages: Counts) -> Counts:
    """What a table tells of groups, read along lines between the middles of their ages; shape (2, ages)."""
    middles = np.array([(group.low + group.high + 1.0) / 2.0 for group in groups])
    told = np.array([(group.male, group.female) for group in groups]).T
    return np.array([np.interp(ages + 0.5, middles, each) for each in told])


def a_year_on(country: Country, people: Counts, values: Mapping[str, float], share: float = 1.0) -> Counts:
    """The population a year later; shape as given. `share`: of the country's births and migrants that belong to it."""
    alive = people * survival(country)
    later = np.zeros_like(people)
    later[:, 1:] = alive[:, :-1]
    later[:, -1] += alive[:, -1]
    later[:, 0] = share * values["population.births"] / 2.0
    low, high = int(values["population.migrant_age_low"]), int(values["population.migrant_age_high"])
    later[:, low : high + 1] += share * values["population.net_migration"] / (2.0 * (high - low + 1))
    return later


@dataclass(frozen=True)
class Projection:
    """Population at the start of each year of the study and at its end; `people[k]` is (2, AGES) at year k."""

    people: tuple[Counts, ...]
    country: Country

    @property
    def migrants(self) -> tuple[Counts, ...]:
        """Adults who come from abroad in each year, less those who go, by age at its start."""
        found = []
        for before, after in pairwise(self.people):
            came = np.zeros_like(before)
            came[:, ADULT - 1 : -2] = (after[:, 1:] - (before * survival(self.country))[:, :-1])[:, ADULT - 1 : -1]
            found.append(np.maximum(came, 0.0))
        return tuple(found)

    def adults(self) -> Counts:
        """Adults at the start of each year; shape (years + 1,)."""
        return np.array([people[:, ADULT:].sum() for people in self.people])


def still(projection: Projection) -> Projection:
    """A population that stays as it is: as many adults as at the start, of the ages to which births and deaths lead."""
    surviving = survival(projection.country)
    alive = np.cumprod(np.concatenate([np.ones((2, 1)), surviving[:, :-1]], axis=1), axis=1)
    alive[:, -1] /= 1.0 - surviving[:, -1]  # all who are older
    people = alive * (projection.people[0][:, ADULT:].sum() / alive[:, ADULT:].sum())
    return Projection((people,) * len(projection.people), projection.country)


def project(
    country: Country, start: float, years: int, values: Mapping[str, float], region: Region | None = None
) -> Projection:
    """Population at `start` (a calendar date as a decimal year, from the base date on) and yearly after it.

    Of a region: it has as many births and migrants, of the country's, as it has people.

    Raises ValueError before the base date.
    """
    if start < country.base_date:
        raise ValueError(f"the population is known from {country.base_date}; a study cannot start at {start:.2f}")
    share = region.share_of(country) if region else 1.0
    midyears = [people_counted(country, region)]
    while len(midyears) < int(start - country.base_date) + years + 2:
        midyears.append(a_year_on(country, midyears[-1], values, share))
    whole, part = divmod(start - country.base_date, 1.0)
    first = int(whole)
    return Projection(
        tuple((1.0 - part) * midyears[first + k] + part * midyears[first + k + 1] for k in range(years + 1)),
        country,
    )
