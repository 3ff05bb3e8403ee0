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

from lbpsim.evidence import tables
from lbpsim.study.regions import Region

OLDEST = 100
AGES = OLDEST + 1
Counts = npt.NDArray[np.float64]
BASE_DATE = 2024.5  # the population table is of 30 June 2024
ADULT = 18


@cache
def survival() -> Counts:
    """Probability of surviving the next year by sex (men, women) and age last birthday, 0 to 100; not to be changed.

    Shape (2, AGES). People of an age are on average half a year past their birthday, and have the next one within the
    year: of two ages, it is the ratio of person-years lived in them.
    """
    life = tables.life_table().set_index("age").loc[:OLDEST]
    hazard = -np.log1p(-np.array([life["male_qx"], life["female_qx"]]))
    alive = np.exp(-np.cumsum(hazard, axis=1)) * np.exp(hazard)  # at each birthday
    lived = alive * -np.expm1(-hazard) / hazard
    return fixed(np.concatenate([lived[:, 1:] / lived[:, :-1], np.exp(-hazard[:, -1:])], axis=1))


def fixed(numbers: Counts) -> Counts:
    """The same numbers, which nobody can change from now on."""
    numbers.flags.writeable = False
    return numbers


@cache
def population_2024(region: Region | None = None) -> Counts:
    """People of the country, or of a region, by sex and single year of age at the base date; shape (2, AGES), not to be
    changed. Groups are split like the country's ages of 2021, three years on.
    """
    groups = region.table() if region else tables.population_2024()[["age_low", "age_high", "male", "female"]]
    single = tables.population_single_year_2021().set_index("age")["persons"]
    shape = single.reindex(np.clip(np.arange(AGES) - 3, 0, OLDEST)).to_numpy(dtype=float)
    people = np.zeros((2, AGES))
    for low, high, men, women in np.asarray(groups, dtype=float):
        ages = np.arange(int(low), min(int(high), OLDEST) + 1)
        share = shape[ages] / shape[ages].sum()
        people[:, ages] = np.array([[men], [women]]) * share
    return fixed(people)


def a_year_on(people: Counts, values: Mapping[str, float], share: float = 1.0) -> Counts:
    """The population a year later; shape as given. `share`: of the country's births and migrants that belong to it."""
    alive = people * survival()
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

    @property
    def migrants(self) -> tuple[Counts, ...]:
        """Adults who come from abroad in each year, less those who go, by age at its start."""
        found = []
        for before, after in pairwise(self.people):
            came = np.zeros_like(before)
            came[:, ADULT - 1 : -2] = (after[:, 1:] - (before * survival())[:, :-1])[:, ADULT - 1 : -1]
            found.append(np.maximum(came, 0.0))
        return tuple(found)

    def adults(self) -> Counts:
        """Adults at the start of each year; shape (years + 1,)."""
        return np.array([people[:, ADULT:].sum() for people in self.people])


def still(projection: Projection) -> Projection:
    """A population that stays as it is: as many adults as at the start, of the ages to which births and deaths lead."""
    alive = np.cumprod(np.concatenate([np.ones((2, 1)), survival()[:, :-1]], axis=1), axis=1)
    alive[:, -1] /= 1.0 - survival()[:, -1]  # all who are older
    people = alive * (projection.people[0][:, ADULT:].sum() / alive[:, ADULT:].sum())
    return Projection((people,) * len(projection.people))


def project(start: float, years: int, values: Mapping[str, float], region: Region | None = None) -> Projection:
    """Population at `start` (a calendar date as a decimal year, from the base date on) and yearly after it.

    Of a region: it has as many births and migrants, of the country's, as it has people.

    Raises ValueError before the base date.
    """
    if start < BASE_DATE:
        raise ValueError(f"the population is known from {BASE_DATE}; a study cannot start at {start:.2f}")
    share = region.share if region else 1.0
    midyears = [population_2024(region)]
    while len(midyears) < int(start - BASE_DATE) + years + 2:
        midyears.append(a_year_on(midyears[-1], values, share))
    whole, part = divmod(start - BASE_DATE, 1.0)
    first = int(whole)
    return Projection(
        tuple((1.0 - part) * midyears[first + k] + part * midyears[first + k + 1] for k in range(years + 1))
    )
