"""A population in balance: who is in pain or in remission at each age, and who begin, so that nothing drifts.

A birth cohort is followed from childhood on, by sex and usual disability, through first onset, remission and return.
At every age as many begin as keep prevalence where surveys find it, at every level of usual disability. From
this follow who is in remission, and the rate of first onsets by age: shares of those alive, whatever the population.
In old age surveyed prevalence falls faster than the course of pain lets it: there nobody begins, and more are in pain
than surveyed; the curve as a whole is lowered so that adults together still total `population.adult_prevalence`.

The more disabled a person usually is, the less likely remission. So who begins is less disabled than who is in pain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from lbpsim.engine.quantile_tables import CACHED_TABLES, CELLS
from lbpsim.evidence.country import Country
from lbpsim.pathways.starting_disability import RMDQ_MAX, beta_table
from lbpsim.population.demography import ADULT, AGES, OLDEST, Counts, people_counted, survival
from lbpsim.population.prevalence import prevalence

BINS = 32  # equally many of those in pain, by usual disability
MONTHS = 12
ESTABLISHED, RESTING = MONTHS, MONTHS + 1  # after the months since pain became chronic
ROUNDS = 60  # until the average over those who begin has settled
FEW_ROUNDS = 3  # until the total has
NAMES = (
    *("course.remission_first_year", "course.remission_established", "course.recurrence"),
    *("course.recurrence_becomes_chronic", "population.adult_prevalence"),
    *("disability.trait_mean", "disability.trait_sd"),
)
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Remission:
    """Remission per year by usual disability, shape (BINS,): in the first year of pain, and once it is established.

    `early` and `late`: the same for someone with no usual disability; hazards are these times exp(-k trait).
    `in_first_year`: share of those in pain whose pain is younger than a year; shape (BINS,).
    """

    first_year: Numbers
    established: Numbers
    early: float
    late: float
    in_first_year: Numbers


@cache
def mean_mortality(country: Country) -> float:
    """Deaths per person-year among those with back pain, by the life table."""
    people = people_counted(country)[:, ADULT:]
    return float((people * (1.0 - survival(country)[:, ADULT:])).sum() / people.sum())


def remission(country: Country, values: Mapping[str, float], steepness: float) -> Remission:
    """Rates that fall by `steepness` a point of usual disability and average to the registered ones.

    Established: over those in pain. In the first year: over those whose pain becomes chronic, as the source followed
    them, who are less disabled.
    """
    return _remission(
        country,
        steepness,
        values["course.remission_first_year"],
        values["course.remission_established"],
        values["disability.trait_mean"],
        values["disability.trait_sd"],
    )


@lru_cache(CACHED_TABLES)
def _remission(
    country: Country, steepness: float, first_year: float, established: float, mean: float, sd: float
) -> Remission:
    trait = beta_table(mean, sd, RMDQ_MAX)
    middles = (trait[:-1] + trait[1:]) / 2.0
    falling = np.exp(-steepness * middles).reshape(BINS, CELLS // BINS).mean(axis=1)
    late = established / float(falling.mean())
    early, young, old = first_year, np.ones(BINS), np.ones(BINS)
    for _ in range(ROUNDS):
        young, old = _spell(country, early * falling, late * falling)
        begin = 1.0 / (young + old)
        early = first_year * float(begin.sum() / (begin * falling).sum())
    return Remission(early * falling, late * falling, early, late, young / (young + old))


def _spell(country: Country, first_year: Numbers, established: Numbers) -> tuple[Numbers, Numbers]:
    """Mean time in pain before and after its first year, by the rates of remission and death."""
    leaving = np.maximum(first_year, np.finfo(float).tiny)
    return -np.expm1(-leaving) / leaving, np.exp(-leaving) / (established + mean_mortality(country))


@dataclass(frozen=True)
class Balance:
    """Shares of those alive by sex and age: in pain, in remission (`resting`), and who begin for the first time within
    the year (`onsets`, by age at its start and usual disability); shapes (2, AGES), (2, AGES), (2, AGES, BINS).
    `years_in_pain`: in the lives so far of those who have or had it, on average; shape (2, AGES, BINS).
    """

    in_pain: Counts
    resting: Counts
    onsets: Numbers
    years_in_pain: Numbers

    @property
    def ever(self) -> Counts:
        """In pain or in remission; shape (2, AGES)."""
        return self.in_pain + self.resting


def balance(country: Country, values: Mapping[str, float], steepness: float) -> Balance:
    """The balance under these rates; `steepness`: of remission by usual disability, as for `remission`."""
    return _balance(country, tuple(values[name] for name in NAMES), steepness)


@lru_cache(CACHED_TABLES)
def _balance(country: Country, numbers: Sequence[float], steepness: float) -> Balance:
    values = dict(zip(NAMES, numbers, strict=True))
    rates = remission(country, values, steepness)
    back = values["course.recurrence"] * values["course.recurrence_becomes_chronic"]
    month, begin = _a_month(rates, back)
    year = np.linalg.matrix_power(month, MONTHS)
    joined = sum(np.linalg.matrix_power(month, later) for later in range(MONTHS)) @ begin[:, :, None] / MONTHS
    wanted, people = prevalence(country, values), people_counted(country)
    cases = (wanted * people).sum()
    found = _walk(wanted, year, joined[:, :, 0])
    for _ in range(FEW_ROUNDS):
        wanted = wanted * (cases / (found.in_pain * people).sum())
        found = _walk(wanted, year, joined[:, :, 0])
    return found


def _a_month(rates: Remission, back: float) -> tuple[Numbers, Numbers]:
    """What a month makes of people, (BINS, states, states) from column to row; where those stand who begin in it."""
    young, old = (np.exp(-rate / MONTHS) for rate in (rates.first_year, rates.established))
    returning = -math.expm1(-back / MONTHS)
    month = np.zeros((BINS, RESTING + 1, RESTING + 1))
    for age in range(MONTHS):
        month[:, age + 1, age] = young
        month[:, RESTING, age] = 1.0 - young
    month[:, ESTABLISHED, ESTABLISHED] = old
    month[:, RESTING, ESTABLISHED] = 1.0 - old
    month[:, 0, RESTING] = returning
    month[:, RESTING, RESTING] = 1.0 - returning
    begin = np.zeros((BINS, RESTING + 1))
    begin[:, 0] = np.sqrt(young)
    begin[:, RESTING] = 1.0 - np.sqrt(young)
    return month, begin


def _walk(wanted: Counts, year: Numbers, joined: Numbers) -> Balance:
    """Follow a birth cohort year by year; `year` and `joined`: what becomes of people, and of one who begins in it."""
    people = np.zeros((2, BINS, RESTING + 1))
    in_pain, resting = np.zeros((2, AGES)), np.zeros((2, AGES))
    onsets, years = np.zeros((2, AGES, BINS)), np.zeros((2, AGES + 1, BINS))
    kept = joined[:, :RESTING].sum(axis=1)
    for age in range(ADULT - 1, OLDEST):
        people = np.einsum("bij,sbj->sbi", year, people)
        lacking = wanted[:, age + 1, None] / BINS - people[:, :, :RESTING].sum(axis=2)
        onsets[:, age] = np.maximum(lacking / kept, 0.0)
        people = people + onsets[:, age, :, None] * joined
        in_pain[:, age + 1] = people[:, :, :RESTING].sum(axis=(1, 2))
        resting[:, age + 1] = people[:, :, RESTING].sum(axis=1)
        years[:, age + 2] = years[:, age + 1] + people[:, :, :RESTING].sum(axis=2)
    onsets[:, OLDEST] = onsets[:, OLDEST - 1]
    each = np.maximum(in_pain + resting, np.finfo(float).tiny)[:, :, None] / BINS
    return Balance(in_pain, resting, onsets, years[:, :AGES] / each)
