"""Who has chronic low back pain: prevalence by age and sex, and the inflow that keeps it where surveys find it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from lbpsim.evidence import tables
from lbpsim.population.demography import ADULT, AGES, Counts, Projection, population_2024, survival

MONTHS = 12


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


def share_in_first_year(values: Mapping[str, float]) -> float:
    """Share of those in pain whose pain became chronic less than a year ago, when inflow and outflow balance."""
    early, late = values["course.remission_first_year"], values["course.remission_established"]
    exit_late = late + mean_mortality()
    first = -math.expm1(-early) / early if early > 0.0 else 1.0
    later = math.exp(-early) / exit_late
    return first / (first + later)


@cache
def mean_mortality() -> float:
    """Deaths per person-year among those with back pain, by the life table."""
    people = population_2024()[:, ADULT:]
    return float((people * (1.0 - survival()[:, ADULT:])).sum() / people.sum())


@dataclass
class Cohort:
    """Expected people by sex and age: months since pain became chronic (0 to 11), established, in remission."""

    months: Counts  # (12, 2, AGES)
    established: Counts
    remitted: Counts

    @property
    def in_pain(self) -> Counts:
        """People in pain; shape (2, AGES)."""
        return self.months.sum(axis=0) + self.established


def start_cohort(cases: Counts, values: Mapping[str, float]) -> Cohort:
    """`cases` in pain, split by time since onset as in balance, nobody in remission yet."""
    early = values["course.remission_first_year"] / MONTHS
    fading = np.exp(-early * (np.arange(MONTHS) + 0.5))
    share = share_in_first_year(values)
    months = cases * share * (fading / fading.sum())[:, None, None]
    return Cohort(months, cases * (1.0 - share), np.zeros_like(cases))


def a_month_on(cohort: Cohort, inflow: Counts, monthly_survival: Counts, values: Mapping[str, float]) -> Cohort:
    """The cohort a month later, with `inflow` people (2, AGES) whose pain became chronic in it."""
    stay_early = math.exp(-values["course.remission_first_year"] / MONTHS)
    stay_late = math.exp(-values["course.remission_established"] / MONTHS)
    back = -math.expm1(-values["course.recurrence"] * values["course.recurrence_becomes_chronic"] / MONTHS)
    months = cohort.months * stay_early
    established = cohort.established * stay_late + months[-1]
    leaving = cohort.months.sum(axis=0) * (1.0 - stay_early) + cohort.established * (1.0 - stay_late)
    returning = cohort.remitted * back
    months = np.concatenate([(returning + inflow * math.sqrt(stay_early))[None], months[:-1]])
    return Cohort(
        months * monthly_survival,
        established * monthly_survival,
        (cohort.remitted - returning + leaving) * monthly_survival,
    )


def a_year_on(cohort: Cohort, yearly_inflow: Counts, values: Mapping[str, float]) -> Cohort:
    """A year later, by age at the start of the year (nobody has aged yet)."""
    monthly = survival() ** (1.0 / MONTHS)
    for _ in range(MONTHS):
        cohort = a_month_on(cohort, yearly_inflow / MONTHS, monthly, values)
    return cohort


def birthday(cohort: Cohort) -> Cohort:
    """Everybody a year older."""

    def older(people: Counts) -> Counts:
        moved = np.roll(people, 1, axis=-1)
        moved[..., -1] += moved[..., 0]
        moved[..., 0] = 0.0
        return moved

    return Cohort(older(cohort.months), older(cohort.established), older(cohort.remitted))


def inflow(projection: Projection, values: Mapping[str, float], *, balanced: bool) -> tuple[Counts, ...]:
    """New people with chronic low back pain in each year, by sex and age at the start of the year.

    Balanced: what keeps prevalence by age and sex at the survey's level while the population moves, given remission,
    recurrence and death. It holds first-ever cases and returns of people whose earlier episode ended before the
    start. Otherwise: the fixed incidence per adult without pain, with the age-sex shape of prevalence.
    """
    shape = prevalence(values)
    if not balanced:
        return tuple(fixed_inflow(people, shape, values) for people in projection.people[:-1])
    cohort = start_cohort(shape * projection.people[0], values)
    flows = []
    nothing = np.zeros((2, AGES))
    empty = Cohort(np.zeros((MONTHS, 2, AGES)), nothing, nothing)
    kept = a_year_on(empty, np.ones((2, AGES)), values).in_pain
    for people in projection.people[1:]:
        target = np.zeros((2, AGES))
        target[:, :-1] = (shape * people)[:, 1:]
        # The oldest two ages share one cell a year on; leave their inflow at nothing.
        flow = np.clip((target - a_year_on(cohort, nothing, values).in_pain) / kept, 0.0, None)
        flow[:, -2:] = 0.0
        flows.append(flow)
        cohort = birthday(a_year_on(cohort, flow, values))
    return tuple(flows)


def fixed_inflow(people: Counts, shape: Counts, values: Mapping[str, float]) -> Counts:
    """The fixed incidence times adults without pain, spread over age and sex like prevalence."""
    cases = shape * people
    total = values["course.incidence"] * (people[:, ADULT:].sum() - cases.sum())
    spread: Counts = cases / cases.sum() * total
    return spread
