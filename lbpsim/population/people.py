"""The people of one replication: those with chronic low back pain at the start, and those who join them.

Person j of replication r has the number j x replications + r, and with it all their luck: removing or adding somebody
changes nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from lbpsim.engine.chance import quantiles, uniform, uniforms
from lbpsim.evidence import parameters, tables
from lbpsim.pathways import state as s
from lbpsim.pathways.averages import PAIN_MAX, RMDQ_MAX, StartingDisability, beta_table, flare_share
from lbpsim.pathways.start import settle
from lbpsim.population.demography import ADULT, AGES, Counts
from lbpsim.population.prevalence import share_in_first_year
from lbpsim.population.quintiles import case_shares

Column = npt.NDArray[np.float64]
NUMBERS_A_YEAR = 10_000_000  # for the draws that make newcomers; more than join in a year


@dataclass(frozen=True)
class Country:
    """What a replication is drawn from: cases at the start by sex and age, new cases of each year, employment."""

    cases: Counts
    inflow: tuple[Counts, ...]

    @property
    def total(self) -> float:
        """People with chronic low back pain at the start."""
        return float(self.cases.sum())


def replication(
    country: Country,
    values: Mapping[str, float],
    inputs: npt.NDArray[Any],
    *,
    people: int,
    replications: int,
    number: int,
) -> npt.NDArray[Any]:
    """Person records of replication `number`: its share of `people` at the start, then those who arrive, in order.

    `inputs` is the record of the comparator: who people are does not depend on a policy.
    """
    here = people // replications + (number < people % replications)
    most = -(-people // replications)
    joining = _how_many_join(country, inputs, here / country.total, number)
    everyone = s.new_people(here + sum(joining))  # made once: a country is too large to copy
    at_start, arriving = everyone[:here], everyone[here:]
    at_start["id"] = np.arange(here) * replications + number
    _at_start(at_start, country, values, inputs)
    _arrivals(arriving, joining, country, inputs, number)
    arriving["id"] = (most + np.arange(len(arriving))) * replications + number
    _arrive(arriving, values, inputs)
    return everyone


def _draws(people: npt.NDArray[Any], inputs: npt.NDArray[Any], kind: int) -> Column:
    seed, draw = int(inputs["seed"][0]), int(inputs["draw"][0])
    return np.asarray(uniforms(seed, draw, people["id"], kind, 0))


def _at_start(
    people: npt.NDArray[Any], country: Country, values: Mapping[str, float], inputs: npt.NDArray[Any]
) -> None:
    # Systematic sampling: one person from each equal slice of the age-sex distribution.
    slices = (np.arange(len(people)) + _draws(people, inputs, s.WHO)) / max(len(people), 1)
    _age_and_sex(people, country.cases, slices)
    people["due"][:, s.BIRTHDAY] = _draws(people, inputs, s.BIRTH_DATE)
    _quintile(people, values, inputs)
    _traits(people, values, inputs)
    _employment(people, inputs)
    _left_work(people, values, inputs)
    _pain_history(people, values, inputs)
    settle(people, inputs, *_care_history(people, values, inputs))


def _age_and_sex(people: npt.NDArray[Any], weights: Counts, share: Column) -> None:
    if len(people) == 0:
        return
    cells = np.searchsorted(np.cumsum(weights.ravel()) / weights.sum(), share)
    people["sex"], people["age"] = np.divmod(np.minimum(cells, weights.size - 1), AGES)


def _quintile(people: npt.NDArray[Any], values: Mapping[str, float], inputs: npt.NDArray[Any]) -> None:
    """Socioeconomic quintile, the most disadvantaged first (0); independent of age and sex."""
    bounds = np.cumsum(case_shares(values))[:-1]
    people["quintile"] = np.searchsorted(bounds, _draws(people, inputs, s.QUINTILE), side="right")


def _traits(people: npt.NDArray[Any], values: Mapping[str, float], inputs: npt.NDArray[Any]) -> None:
    """Usual disability and usual pain: beta laws joined by a Gaussian copula."""
    disability = beta_table(values["disability.trait_mean"], values["disability.trait_sd"], RMDQ_MAX)
    usual_pain = beta_table(values["disability.pain_mean"], values["disability.pain_sd"], PAIN_MAX)
    share, other = _draws(people, inputs, s.TRAIT), _draws(people, inputs, s.PAIN_TRAIT)
    tie = values["disability.pain_correlation"]
    joint = stats.norm.cdf(tie * stats.norm.ppf(share) + np.sqrt(1.0 - tie**2) * stats.norm.ppf(other))
    people["trait"] = quantiles(disability, share)
    people["pain_trait"] = quantiles(usual_pain, joint)


@cache
def _employed() -> Column:
    """Share of the population employed, by sex and age."""
    table = tables.employment()
    shares = np.zeros((2, AGES + 1))
    for low, high, men, women in table[["age_low", "age_high", "male", "female"]].to_numpy(dtype=float):
        shares[:, int(low) : int(high) + 1] = [[men], [women]]
    return shares


def _employed_share(people: npt.NDArray[Any]) -> Column:
    return np.asarray(_employed()[people["sex"], people["age"]])


def _employment(people: npt.NDArray[Any], inputs: npt.NDArray[Any]) -> None:
    employed = _draws(people, inputs, s.EMPLOYED) < _employed_share(people)
    people["work"] = np.where(employed, s.WORKING, s.NOT_WORKING)


def _left_work(people: npt.NDArray[Any], values: Mapping[str, float], inputs: npt.NDArray[Any]) -> None:
    """Some of those without work have left it because of pain: as many as balance leaving and returning."""
    steepness, returning = values["work.severity"], values["work.return_rate"]
    rising = np.exp(steepness * people["trait"]) / StartingDisability(values).mean_exp(steepness, with_flares=False)
    leaving = values["work.exit_rate"] * rising
    share = _employed_share(people) * (1.0 + (leaving / returning if returning > 0.0 else 0.0))
    left = (people["work"] == s.NOT_WORKING) & (_draws(people, inputs, s.EMPLOYED) < share)
    people["work"][left] = s.LEFT_BECAUSE_OF_PAIN


def _pain_history(people: npt.NDArray[Any], values: Mapping[str, float], inputs: npt.NDArray[Any]) -> None:
    """Time since onset and flares as they stand in the middle of things."""
    people["in_pain"] = 1
    early = values["course.remission_first_year"]
    share = _draws(people, inputs, s.ONSET)
    first = share_in_first_year(values)
    people["first_year"] = share < first
    fresh = np.minimum(share / first, 1.0)
    since = -np.log1p(fresh * np.expm1(-early)) / early if early > 0.0 else fresh
    established_at = np.where(people["first_year"] == 1, 1.0 - since, s.NEVER)
    people["due"][:, s.ESTABLISHED] = established_at
    flaring = _draws(people, inputs, s.IN_FLARE) < flare_share(values)
    people["in_flare"] = flaring
    left = _draws(people, inputs, s.FLARE_LEFT)
    length = _longer(values["flares.duration_median"], values["flares.duration_sigma"], left)
    people["due"][:, s.FLARE_END] = np.where(flaring, length, s.NEVER)
    sizes = quantiles(inputs["flare_size"][0], _draws(people, inputs, s.FLARE_SIZE))
    people["flare_rmdq"] = np.where(flaring, sizes, 0.0)
    people["flare_pain"] = people["flare_rmdq"] * values["flares.pain_per_rmdq"]


def _longer(median: float, sigma: float, share: Column) -> Column:
    """What is left of a lognormal spell met in its course: its length is biased, and met at a uniform moment."""
    fine = 9973.0  # the digits of a uniform number after the fourth serve as a second, independent one
    place = np.modf(share * fine)[0]
    return np.asarray(place * median * np.exp(sigma**2 + sigma * stats.norm.ppf(np.clip(share, 1e-12, 1 - 1e-12))))


def _care_history(
    people: npt.NDArray[Any], values: Mapping[str, float], inputs: npt.NDArray[Any]
) -> tuple[Column, Column]:
    """Years on opioids so far (below 0: not on them) and years to an operation already booked (infinite: none)."""
    start = StartingDisability(values)
    steepness = values["opioids.severity"]
    rising = np.exp(steepness * people["trait"]) / start.mean_exp(steepness, with_flares=False)
    using = _draws(people, inputs, s.ON_OPIOIDS) < values["opioids.on_at_start"] * rising
    since = np.where(using, _years_on_opioids(_draws(people, inputs, s.OPIOID_SINCE), values), -1.0)
    disorder = using & (_draws(people, inputs, s.HAS_DISORDER) < parameters()["opioids.disorder_at_start"].canonical)
    people["disorder"] = disorder
    people["treated"] = disorder & (_draws(people, inputs, s.HAS_TREATMENT) < values["opioids.treatment_at_start"])
    return since, _years_to_operation(people, values, inputs, start)


def _years_on_opioids(share: Column, values: Mapping[str, float]) -> Column:
    """Time since the start of long-term use of those met in its course, when starts and stops balance."""
    early, late, turn = (values[f"opioids.{name}"] for name in ("stop_early", "stop_established", "early_years"))
    before = -np.expm1(-early * turn) / early if early > 0.0 else turn
    after = np.exp(-early * turn) / max(late, 1e-9)
    mark = before / (before + after)
    young = np.minimum(share / mark, 1.0)
    first = -np.log1p(young * np.expm1(-early * turn)) / early if early > 0.0 else young * turn
    old = np.clip((share - mark) / (1.0 - mark), 0.0, 1.0 - 1e-12)
    return np.where(share < mark, first, turn - np.log1p(-old) / max(late, 1e-9))


def _years_to_operation(
    people: npt.NDArray[Any], values: Mapping[str, float], inputs: npt.NDArray[Any], start: StartingDisability
) -> Column:
    """The list for surgery is not empty on the first day: referrals per year times the mean wait are on it."""
    steepness, least = values["surgery.severity"], values["surgery.min_rmdq"]
    rising = np.where(people["trait"] >= least, np.exp(steepness * people["trait"]), 0.0)
    rising = rising / start.mean_exp(steepness, with_flares=False, at_least=least)
    mean_wait = values["surgery.wait_median"] * np.exp(values["surgery.wait_sigma"] ** 2 / 2.0)
    waiting = _draws(people, inputs, s.AWAITS_SURGERY) < values["surgery.referral_rate"] * mean_wait * rising
    left = _longer(values["surgery.wait_median"], values["surgery.wait_sigma"], _draws(people, inputs, s.SURGERY_LEFT))
    return np.where(waiting, left, s.NEVER)


def _how_many_join(country: Country, inputs: npt.NDArray[Any], scale: float, number: int) -> list[int]:
    """New cases of each year; numbers are rounded without bias."""
    seed, draw = int(inputs["seed"][0]), int(inputs["draw"][0])
    return [
        int(flow.sum() * scale + uniform(seed, draw, number, s.HOW_MANY, year))
        for year, flow in enumerate(country.inflow)
    ]


def _arrivals(
    arriving: npt.NDArray[Any], joining: list[int], country: Country, inputs: npt.NDArray[Any], number: int
) -> None:
    """Age, sex, birthday and moment of arrival of the new cases of all years, in order of arrival."""
    seed, draw = int(inputs["seed"][0]), int(inputs["draw"][0])
    first = 0
    for year, many in enumerate(joining):
        part = arriving[first : first + many]
        first += many
        numbers = year * NUMBERS_A_YEAR + np.arange(many)
        shares = np.asarray(uniforms(seed, draw, numbers, s.WHO, 1 + number))
        _age_and_sex(part, country.inflow[year], (np.arange(many) + shares) / max(many, 1))
        moments, births = (uniforms(seed, draw, numbers, kind, 1 + number) for kind in (s.JOINS, s.BIRTH_DATE))
        _date(part, year, np.asarray(moments), np.asarray(births))
        in_order = np.argsort(part["now"], kind="stable")
        for column in (part["now"], part["age"], part["sex"], part["due"][:, s.BIRTHDAY]):  # the rest is blank yet
            column[:] = column[in_order]


def _date(arriving: npt.NDArray[Any], year: int, moments: Column, births: Column) -> None:
    """Moment of arrival within the year; those who turn 18 in it arrive after that birthday."""
    minors = arriving["age"] < ADULT
    moments = np.where(minors, births + (1.0 - births) * moments, moments)
    past = moments >= births
    arriving["age"] += past
    arriving["now"] = year + moments
    arriving["due"][:, s.BIRTHDAY] = year + births + past


def _arrive(people: npt.NDArray[Any], values: Mapping[str, float], inputs: npt.NDArray[Any]) -> None:
    _quintile(people, values, inputs)
    _traits(people, values, inputs)
    _employment(people, inputs)
