"""The people of one replication: those in chronic low back pain or in remission at the start, and who join them.

Everybody has a history: from the first onset of pain they have lived through remission and return, opioids, work and
surgery by the model's own rules, under usual care. So the start is what the model itself settles to.

Person j of replication r has the number j x replications + r, and with it all their random numbers: removing or adding
somebody changes nobody else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from lbpsim.engine.random_numbers import quantiles, uniform, uniforms
from lbpsim.evidence.country import Country
from lbpsim.outcomes.totals import blank_totals
from lbpsim.pathways import person as s
from lbpsim.pathways.initial_state import simulate_history
from lbpsim.pathways.starting_disability import PAIN_MAX, RMDQ_MAX, StartingDisability, beta_table, flare_share
from lbpsim.population.balance import BINS, Balance
from lbpsim.population.demography import ADULT, AGES, Counts, survival
from lbpsim.population.quintiles import case_shares
from lbpsim.population.records import chosen, joined
from lbpsim.population.regions import Bounds, regions_of

Column = npt.NDArray[np.float64]
People = npt.NDArray[Any]
Values = Mapping[str, float]
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0  # multiples of it fill an interval evenly, however many are taken
MORE = 1.02  # than are expected to be needed: mostly enough
AT_A_TIME = 8192  # people that are drawn at once
MOST = 16  # numbers for people at the start, for each one in pain
HISTORY = 0x80000000  # draws of histories are apart from those of lives


@dataclass(frozen=True)
class NationalCases:
    """What a replication is drawn from.

    `people`: of the country by sex and age, at the start of each year and at the end; `migrants`: who come in each
    year, by age at its start; `balance`: shares of them in pain and in remission; `onsets`: people who begin within
    each year, by sex, age at its start and usual disability; `remission_known`: whether those in remission at the start
    are in the model from the start.
    """

    people: tuple[Counts, ...]
    migrants: tuple[Counts, ...]
    balance: Balance
    onsets: tuple[Column, ...]
    remission_known: bool = True

    @property
    def cases(self) -> Counts:
        """People with chronic low back pain at the start, by sex and age."""
        return self.people[0] * self.balance.in_pain

    @property
    def total(self) -> float:
        """People with chronic low back pain at the start."""
        return float(self.cases.sum())

    @property
    def everybody(self) -> float:
        """People who are ever counted: at the start, in pain or in remission, and all who join later."""
        joining = sum(map(np.sum, self.onsets)) + sum(float((each * self.balance.ever).sum()) for each in self.migrants)
        return self.total + self.in_remission + float(joining)

    @property
    def in_remission(self) -> float:
        """People in remission at the start."""
        return float((self.people[0] * self.balance.resting).sum())


@dataclass(frozen=True)
class PopulationInputs:
    """What people are drawn by: the `country`, `values` in canonical units, the comparator's `inputs`, and those of
    `history`; `regions`: as `regions.upper_bounds`, None where the study has none.
    """

    country: Country
    values: Values
    inputs: npt.NDArray[Any]
    history: npt.NDArray[Any]
    regions: Bounds | None = None

    def shares(self, people: People, kind: int) -> Column:
        """A number in (0, 1) for each person; shape (people,)."""
        return np.asarray(uniforms(self._seed, self._draw, people["id"], kind, 0))

    def share(self, number: int, kind: int, occurrence: int = 0) -> float:
        """A number in (0, 1) for a replication."""
        return float(uniform(self._seed, self._draw, number, kind, occurrence))

    @property
    def _seed(self) -> int:
        return int(self.inputs["seed"][0])

    @property
    def _draw(self) -> int:
        return int(self.inputs["draw"][0])


def blocks(
    country: NationalCases, draw: PopulationInputs, *, people: int, replications: int, number: int
) -> Iterator[People]:
    """Person records of replication `number`, some at a time: at the start its share of `people` in pain, with those in
    remission that belong to them, then those who join. Each block is drawn when it is asked for.

    Who people are does not depend on a policy.
    """
    for people_entering in _entering(country, draw, people, replications, number):
        _region(people_entering, draw)
        yield people_entering


def _entering(
    country: NationalCases, draw: PopulationInputs, people: int, replications: int, number: int
) -> Iterator[People]:
    """As `blocks`, before it is known in which region they live."""
    here = people // replications + (number < people % replications)
    numbers = PersonNumbers(number, replications, MOST * (-(-people // replications) + BINS))
    returning = []
    for block in _at_start(country, draw, here, numbers):
        if country.remission_known:
            yield block
        else:
            in_pain, back = _unknown_remission(block, draw)
            returning.append(back)
            yield in_pain
    for years in _years_at_once(country, here):
        yield _joining(years, country, draw, here, numbers)
    yield from returning


@dataclass
class PersonNumbers:
    """Numbers for the people of a replication: those at the start up to `most`, later ones in the order of asking."""

    replication: int
    replications: int
    most: int
    given: int = 0

    def at_start(self, since: int, many: int) -> npt.NDArray[np.int64]:
        """Numbers of candidates for the start, from the `since`-th on."""
        assert since + many <= self.most, "more histories than numbers"
        return np.asarray((since + np.arange(many)) * self.replications + self.replication)

    def later(self, many: int) -> npt.NDArray[np.int64]:
        """Numbers of people who join, each given once."""
        found = (self.most + self.given + np.arange(many)) * self.replications + self.replication
        self.given += many
        return np.asarray(found)


def _at_start(country: NationalCases, draw: PopulationInputs, here: int, numbers: PersonNumbers) -> Iterator[People]:
    """As many as are in pain at the start, `here`, and those in remission met on the way to them."""
    weights = country.people[0] * country.balance.ever
    each = (country.total + country.in_remission) / country.total
    missing, since = here, 0
    while missing > 0:
        many = min(math.ceil(missing * each * MORE) + BINS, AT_A_TIME)
        people = s.new_people(many)
        people["id"] = numbers.at_start(since, many)
        shares = np.modf(draw.share(numbers.replication, s.WHO) + (since + np.arange(many)) * GOLDEN)[0]
        people["sex"], people["age"] = np.divmod(_cells(weights, shares), AGES)
        _history(people, country, draw, np.zeros(many))
        people = chosen(people, people["present"] == 1)
        people = people[: np.searchsorted(np.cumsum(people["in_pain"]), missing) + 1]
        _flares(people, draw)
        missing -= int(people["in_pain"].sum())
        since += many
        yield people


def _years_at_once(country: NationalCases, here: int) -> Iterator[range]:
    """The years of the study, as many at a time as few people join in: whoever is drawn apart costs more time."""
    years = len(country.onsets)
    joining = (country.everybody - country.total - country.in_remission) * here / country.total
    several = max(int(AT_A_TIME * years / max(joining, 1.0)), 1)
    for first in range(0, years, several):
        yield range(first, min(first + several, years))


def _joining(years: range, country: NationalCases, draw: PopulationInputs, here: int, numbers: PersonNumbers) -> People:
    """Those who join in some years, by year; in each those whose pain becomes chronic before those from abroad."""
    new = [
        (_onsets(year, country, draw, here, numbers), _migrants(year, country, draw, here, numbers)) for year in years
    ]
    onsets, migrants = joined([people for (people, _), _ in new]), joined([people for _, people in new])
    begun = np.repeat(np.array(years, float), [len(people) for (people, _), _ in new])
    come = np.repeat(np.array(years, float), [len(people) for _, people in new])
    _begin(onsets, draw, begun, np.concatenate([bins for (_, bins), _ in new]))
    _history(migrants, country, draw, come + draw.shares(migrants, s.JOINS))
    migrants["origin"] = s.MIGRANT
    present = migrants["present"] == 1
    migrants, come = chosen(migrants, present), come[present]
    _flares(migrants, draw)
    return chosen(joined([onsets, migrants]), np.argsort(np.concatenate([begun, come]), kind="stable"))


def _onsets(
    year: int, country: NationalCases, draw: PopulationInputs, here: int, numbers: PersonNumbers
) -> tuple[People, npt.NDArray[np.int64]]:
    """Those whose pain becomes chronic for the first time in a year, without their pasts, and the bins of their usual
    disability; how many they are is rounded without bias.
    """
    flow = country.onsets[year]
    many = int(flow.sum() * here / country.total + draw.share(numbers.replication, s.HOW_MANY, 2 * year))
    people, shares = _new(many, draw, numbers)
    people["origin"] = s.FIRST_ONSET
    cells = _cells(flow, shares)
    people["sex"], rest = np.divmod(cells, AGES * BINS)
    people["age"], bins = np.divmod(rest, BINS)
    return people, bins


def _migrants(year: int, country: NationalCases, draw: PopulationInputs, here: int, numbers: PersonNumbers) -> People:
    """Those who come from abroad in a year with chronic pain, or after it, at uniform moments; without their pasts."""
    weights = country.migrants[year] * country.balance.ever
    many = int(weights.sum() * here / country.total + draw.share(numbers.replication, s.HOW_MANY, 2 * year + 1))
    people, shares = _new(many, draw, numbers)
    people["sex"], people["age"] = np.divmod(_cells(weights, shares), AGES)
    return people


def _new(many: int, draw: PopulationInputs, numbers: PersonNumbers) -> tuple[People, Column]:
    """Blank records with numbers of their own, and a share for each from equal slices of all."""
    people = s.new_people(many)
    people["id"] = numbers.later(many)
    return people, (np.arange(many) + draw.shares(people, s.WHO)) / max(many, 1)


def _unknown_remission(people: People, draw: PopulationInputs) -> tuple[People, People]:
    """Those in pain at the start; and those in remission as if they were new when their pain returns."""
    resting = people[people["in_pain"] == 0]
    rate = draw.values["course.recurrence"] * draw.values["course.recurrence_becomes_chronic"]
    times = -np.log(draw.shares(resting, s.RETURNS)) / max(rate, np.finfo(float).tiny)
    horizon = float(draw.inputs["horizon"][0])
    ages = np.minimum(resting["age"] + np.floor(np.minimum(times, horizon)).astype(int), AGES - 1)
    alive = np.cumprod(survival(draw.country), axis=1)
    lives = draw.shares(resting, s.ONSET_MOMENT) < alive[resting["sex"], ages] / alive[resting["sex"], resting["age"]]
    back = resting[lives & (times < horizon)]
    new = s.new_people(len(back))
    for name in ("id", "sex", "age", "quintile", "trait", "pain_trait", "remission_multiplier", "work_rank"):
        new[name] = back[name]
    new["origin"] = s.FIRST_ONSET
    births = np.modf(back["next_time"][:, s.BIRTHDAY])[0]
    _pain_begins(new, times[lives & (times < horizon)], births)
    return chosen(people, people["in_pain"] == 1), new


def _cells(weights: Column, shares: Column) -> npt.NDArray[np.int64]:
    """The cell of `weights`, as if laid out in a line, in which each share (0 to 1) of their sum falls."""
    sums = np.cumsum(weights.ravel())
    return np.minimum(np.searchsorted(sums, shares * sums[-1]), weights.size - 1)


def _history(people: People, country: NationalCases, draw: PopulationInputs, until: Column) -> None:
    """Give people of these ages a first onset in the past, and let them live from it to the moment `until` (years).

    The moment of the first onset follows from how many begin at each age. Who is met now is alive: deaths that
    background mortality brings have not happened to them.
    """
    onsets = country.balance.onsets
    flows = np.cumsum(onsets.reshape(2, AGES * BINS), axis=1)
    begun = np.concatenate([np.zeros((2, 1)), flows], axis=1)[people["sex"], people["age"] * BINS]
    shares = draw.shares(people, s.ONSET) * begun
    cells = np.zeros(len(people), np.int64)
    for sex in (0, 1):
        cells[people["sex"] == sex] = np.searchsorted(flows[sex], shares[people["sex"] == sex])
    ages, bins = np.divmod(cells, BINS)
    years = np.floor(until) + ages - people["age"]
    people["age"] = ages
    _begin(people, draw, years, bins)
    simulate_history(people, until, draw.history, blank_totals(1))


def _begin(people: People, draw: PopulationInputs, year: Column, bins: npt.NDArray[np.int64]) -> None:
    """Make people whose pain begins in the `year` (from the start) in which they are, at its start, of their age."""
    _traits(people, draw, bins)
    _quintile(people, draw)
    _work(people, draw)
    births, moments = draw.shares(people, s.BIRTH_DATE), draw.shares(people, s.ONSET_MOMENT)
    minors = people["age"] < ADULT  # who turn 18 in the year begin after that birthday
    moments = np.where(minors, births + (1.0 - births) * moments, moments)
    _pain_begins(people, year + moments, births)


def _pain_begins(people: People, moments: Column, births: Column) -> None:
    """Set the clock to these moments, by which people may have had their birthday of the year."""
    year, within = np.floor(moments), moments - np.floor(moments)
    people["age"] += within >= births
    people["now"] = moments
    people["next_time"][:, s.BIRTHDAY] = year + births + (within >= births)
    people["next_time"][:, s.ESTABLISHED] = moments + 1.0
    people["in_pain"] = 1
    people["first_year"] = 1


def _traits(people: People, draw: PopulationInputs, bins: npt.NDArray[np.int64]) -> None:
    """Usual disability, within its bin, and usual pain: beta laws joined by a Gaussian copula."""
    values = draw.values
    disability = beta_table(values["disability.trait_mean"], values["disability.trait_sd"], RMDQ_MAX)
    usual_pain = beta_table(values["disability.pain_mean"], values["disability.pain_sd"], PAIN_MAX)
    share, other = (bins + draw.shares(people, s.TRAIT)) / BINS, draw.shares(people, s.PAIN_TRAIT)
    tie = values["disability.pain_correlation"]
    joint = special.ndtr(tie * special.ndtri(share) + np.sqrt(1.0 - tie**2) * special.ndtri(other))
    people["trait"] = quantiles(disability, share)
    people["pain_trait"] = quantiles(usual_pain, joint)
    people["remission_multiplier"] = np.exp(-float(draw.inputs["remission_steepness"][0]) * people["trait"])


def _quintile(people: People, draw: PopulationInputs) -> None:
    """Socioeconomic quintile, the most disadvantaged first (0); independent of age and sex."""
    bounds = np.cumsum(case_shares(draw.values))[:-1]
    people["quintile"] = np.searchsorted(bounds, draw.shares(people, s.QUINTILE), side="right")


def _region(people: People, draw: PopulationInputs) -> None:
    """Where they live, by their sex and their age as they enter; a draw of its own, so that nothing else changes."""
    if draw.regions is not None:
        people["region"] = regions_of(draw.regions, people["sex"], people["age"], draw.shares(people, s.REGION))


def _work(people: People, draw: PopulationInputs) -> None:
    """Rank among peers: so many more work but for pain that, with those who have left, the table's share remain."""
    lost = leaving_over_returning(draw.values, people["trait"], float(draw.inputs["return_severity"][0]))
    people["work_rank"] = draw.shares(people, s.EMPLOYED) / (1.0 + lost)
    shares = np.asarray(draw.inputs["employed"][0])[people["sex"], people["age"]]
    people["work"] = np.where(shares > people["work_rank"], s.WORKING, s.NOT_WORKING)


def leaving_over_returning(values: Values, trait: Column, return_severity: float) -> Column:
    """Out of work because of pain, relative to those in work, where both balance; by usual disability."""
    start = StartingDisability(values)
    leaving, returning = values["work.exit_rate"], values["work.return_rate"]
    if returning <= 0.0:
        return np.zeros_like(trait)
    rising = np.exp(values["work.severity"] * trait) / start.mean_exp(values["work.severity"], with_flares=False)
    falling = np.exp(-return_severity * trait) / start.mean_exp(-return_severity, with_flares=False)
    return np.asarray(leaving * rising / (returning * falling))


def _flares(people: People, draw: PopulationInputs) -> None:
    """Flares as they stand in the middle of things; histories have none."""
    values = draw.values
    flaring = (people["in_pain"] == 1) & (draw.shares(people, s.IN_FLARE) < flare_share(values))
    people["in_flare"] = flaring
    left = draw.shares(people, s.FLARE_LEFT)
    length = _longer(values["flares.duration_median"], values["flares.duration_sigma"], left)
    people["next_time"][:, s.FLARE_END] = np.where(flaring, people["now"] + length, s.NEVER)
    sizes = quantiles(draw.inputs["flare_size"][0], draw.shares(people, s.FLARE_SIZE))
    people["flare_rmdq"] = np.where(flaring, sizes, 0.0)
    people["flare_pain"] = people["flare_rmdq"] * values["flares.pain_per_rmdq"]


def _longer(median: float, sigma: float, share: Column) -> Column:
    """What is left of a lognormal spell met in its course: its length is biased, and met at a uniform moment."""
    fine = 9973.0  # the digits of a uniform number after the fourth serve as a second, independent one
    place = np.modf(share * fine)[0]
    return np.asarray(place * median * np.exp(sigma**2 + sigma * special.ndtri(np.clip(share, 1e-12, 1 - 1e-12))))
