"""What is asked: a study, typed, and its policies, with every date of theirs as years since its start."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, TypeAdapter

from lbpsim import door
from lbpsim.evidence import in_force
from lbpsim.evidence.country import Country
from lbpsim.evidence.in_force import registry
from lbpsim.evidence.layers import Layer, Registry
from lbpsim.evidence.shipped_countries import from_files, from_name
from lbpsim.evidence.units import DAYS_A_YEAR
from lbpsim.study import limits
from lbpsim.study.clock import calendar_year, day_at, years_since
from lbpsim.study.files.errors import COMMAND_LINE, InputErrors, Place, Problem, did_you_mean, listed, wrong_option
from lbpsim.study.policies import MODES, Policy
from lbpsim.study.regions import Region, Regions


def _to_store(country: Country) -> str | dict[str, Any]:
    """A shipped country by its name; another by its files, so that nothing but what is stored is needed to repeat."""
    return country.name if country.shipped else {"folder": country.folder, "files": dict(country.files)}


def _from_store(stored: Any) -> Country:
    if isinstance(stored, Country):
        return stored
    return from_name(stored) if isinstance(stored, str) else from_files(stored["folder"], stored["files"])


StoredCountry = Annotated[Country, PlainSerializer(_to_store), PlainValidator(_from_store)]
PART_OF_A_DAY = 0.75 / DAYS_A_YEAR  # in years: so long before midnight the nearest day is the day itself


@dataclass(frozen=True)
class Study:
    """What all scenarios share, and the scenarios, the comparator first.

    `years`: length; `people`: simulated at the start, or "all"; `discount_rate`: a year; `thresholds`: money per QALY;
    `price_year`: of all money; `follow`: people to the "horizon", or over a "lifetime"; `assume`: parameters set for
    every scenario, in canonical units; `file_hashes`: SHA-256 of the files that all this was read from, by name, and
    `folder`: where these stand, in words of a command; none where it was made in Python.

    `country`: in whose currency all money is. `region`: the part of the country that it is of, None for all of it.
    `regions`: of which that is made up, None where policies do not choose among any.
    `structure_weights`: how often draws make each choice of an option, in any unit; none: structure is not drawn.
    `evidence`: the study's own, which lies over the package's registry. `cost_discount_rate`: per year, where costs are
    discounted at another rate than health and everything else; None: at the same.
    """

    name: str
    title: str
    description: str
    country: StoredCountry
    start: date
    years: int
    people: int | str
    replications: int
    seed: int
    discount_rate: float
    perspective: str
    thresholds: tuple[float, ...]
    price_year: int
    comparator: str
    options: Mapping[str, str]
    assume: Mapping[str, float]
    policies: tuple[Policy, ...]
    follow: str = "horizon"
    file_hashes: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    structure_weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    evidence: Layer = field(default_factory=Layer)
    cost_discount_rate: float | None = None
    region: Region | None = None
    regions: Regions | None = None
    folder: str = field(default="", compare=False)

    @property
    def registry(self) -> Registry:
        """What is known in this study: of its country, and its own evidence over it."""
        return registry(self.evidence, of=self.country)

    def clock(self, day: date) -> float:
        """Years from the start to `day`; each 1 January comes exactly one year after the last."""
        return years_since(self.start, day)

    def calendar_year(self, time: float) -> int:
        """The calendar year in which the moment `time` (years since the start) falls."""
        return calendar_year(self.start, time)

    @property
    def place(self) -> str:
        """What the study is of, as reports call it: the country, or a part of it."""
        return self.country.name if self.region is None else f"{self.region.name} ({self.country})"

    @property
    def place_in_a_sentence(self) -> str:
        """The same within a sentence, with the article that some countries have."""
        country = self.country.in_a_sentence
        return country if self.region is None else f"{self.region.name} ({country})"

    @property
    def names_of_regions(self) -> tuple[str, ...]:
        """The names of the regions among which policies may choose; none where the study knows of none."""
        return self.regions.names if self.regions is not None else ()

    @property
    def of_the_country(self) -> Study:
        """The same study of the whole country, where policies choose no regions, for these are parts of a part."""
        if self.region is None:
            return self
        return dataclasses.replace(
            self, region=None, regions=None, policies=tuple(policy.everywhere for policy in self.policies)
        )

    @property
    def to_death(self) -> bool:
        """Whether people are followed beyond the study's years, to death."""
        return self.follow == "lifetime"

    @property
    def to_the_horizon(self) -> Study:
        """The same study, in which nobody is followed beyond its years."""
        return dataclasses.replace(self, follow="horizon")

    @property
    def last_day(self) -> date:
        """The last day of the study, or where the clock ends within a day, as it may in a leap year, that day."""
        return day_at(self.start, float(self.years) - PART_OF_A_DAY)

    @property
    def calendar_years(self) -> tuple[int, ...]:
        """The calendar years that the study touches."""
        last = self.calendar_year(float(self.years))
        if self.clock(date(last, 1, 1)) >= self.years:  # the study ends as that year begins
            last -= 1
        return tuple(range(self.start.year, last + 1))

    def values(self, policy: Policy) -> dict[str, float]:
        """Every input in canonical units: the registry, the study's assumptions over it, the policy's over those."""
        return {**self.base_values, **self.assume, **policy.assume}

    @property
    def discount_rate_of_costs(self) -> float:
        """The yearly rate at which costs are discounted."""
        return self.discount_rate if self.cost_discount_rate is None else self.cost_discount_rate

    @property
    def base_values(self) -> Mapping[str, float]:
        """Every input in canonical units, before anything is assumed; not to be changed."""
        return _base_values(self.country, self.evidence, self.price_year)

    def policy(self, name: str) -> Policy:
        """The policy of that name; raises KeyError."""
        return {policy.name: policy for policy in self.policies}[name]

    def feels(self, parameter: str) -> bool:
        """Whether some policy can feel a parameter: what is of a mode of delivery matters where a policy uses it."""
        of_modes = [name for name, mode in MODES.items() if parameter in mode.parameters]
        return all(any(policy.cft.modes[name].times for policy in self.policies) for name in of_modes)

    @property
    def plainest_offer(self) -> Policy | None:
        """Of the policies beside the comparator that deliver CFT the plainest, and of these the first; None without.

        One whose places are limited goes before one that assumes capacity away.
        """
        delivering = [policy for policy in self.policies[1:] if policy.cft.delivers]
        return min(delivering, key=lambda policy: (not policy.cft.queues, policy.additions), default=None)

    @property
    def of_comparator(self) -> Study:
        """The same study with no policy but the comparator."""
        return dataclasses.replace(self, policies=self.policies[:1])

    def only(self, names: Sequence[str]) -> Study:
        """The same study with these policies, in its order, beside its comparator.

        Raises InputErrors for a name that no policy has.
        """
        known = [policy.name for policy in self.policies]
        problems = [
            Problem(Place(COMMAND_LINE), "only", f"No policy of the study is called `{name}`", _which(name, known))
            for name in names
            if name not in known
        ]
        if problems:
            raise InputErrors(problems)
        if not names:
            raise wrong_option("only", "No policy is named", _which("", known))
        kept = {self.policies[0].name, *names}
        return dataclasses.replace(self, policies=tuple(each for each in self.policies if each.name in kept))

    def with_changes(
        self,
        *,
        people: int | str | None = None,
        years: int | None = None,
        seed: int | None = None,
        replications: int | None = None,
        follow: str | None = None,
    ) -> Study:
        """The same study with some settings replaced; raises InputErrors where one is out of range."""
        given = {"people": people, "years": years, "seed": seed, "replications": replications, "follow": follow}
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        with in_force.within(self.country):
            limits.check(changes, self.region)
        plain: dict[str, Any] = {
            name: value if isinstance(value, str) else int(value) for name, value in changes.items()
        }
        return dataclasses.replace(self, **plain)

    def run(
        self,
        *,
        people: int | str | None = None,
        years: int | None = None,
        seed: int | None = None,
        follow: str | None = None,
        draws: int | None = None,
        precision: float | None = None,
        draw_people: int | None = None,
        engine: str = "compiled",
        workers: int | None = None,
        scheduler: str | None = None,
    ) -> door.Results:
        """Simulate every policy; settings given here replace the study's.

        `follow`: people to the "horizon", or over a "lifetime", with nothing new begun after the study's years.
        `draws`: of the uncertain parameters, which make the results `ProbabilisticResults`; these are of the study's
        years. None: as many as `lbpsim run` makes by itself, and none with "simpy"; 0: none, and nothing is known of
        parameter uncertainty. `precision`: a share, to draw until probabilities are right to it, up to
        `draws` if given; `draw_people`: simulated in each draw, by default a part of the study's, or as many as the
        precision or the number of draws needs. `engine`: "compiled" or "simpy"; `workers`: by default one a core;
        `scheduler`: address of a Dask cluster that does the work.

        Raises InputErrors for senseless settings, ClusterError for a cluster that cannot be used.
        """
        with in_force.within(self.country):
            return door.run(
                self.with_changes(people=people, years=years, seed=seed, follow=follow),
                draws=draws,
                precision=precision,
                draw_people=draw_people,
                engine=engine,
                workers=workers,
                scheduler=scheduler,
            )

    def optimise(
        self,
        goal: str,
        within: Sequence[str] = (),
        *,
        policy: str | None = None,
        vary: Sequence[str] = (),
        workers: int | None = None,
    ) -> door.Optimum:
        """The best policy within limits, in words as of `lbpsim optimise`.

        `goal`: "net-health-benefit", "dalys-averted", "equity-weighted-health" or "cost"; `within`: limits such as
        "wait: 26 weeks"; `policy`: by name, that whose levers are moved, by default the plainest that offers CFT;
        `vary`: levers that are moved alone, such as "cft.offered: 0% to 80%"; `workers`: by default one a core.

        Raises InputErrors for what makes no sense, `lbpsim.optimisation.hunt.NothingAllowedError` where no policy was
        found that keeps the limits.
        """
        with in_force.within(self.country):
            return door.optimise(self, goal, within, policy=policy, vary=vary, workers=workers)

    def research(
        self,
        *designs: str | Path,
        results: door.Results | None = None,
        draws: int | None = None,
        draw_people: int | None = None,
        workers: int | None = None,
    ) -> door.Research:
        """What proposed studies are worth for the choice between the policies, and what slow implementation loses.

        `designs`: files, or names of those that ship; none: all of these. `results`: of this study, whose draws are
        used; without them `draws` are made of `draw_people` each, as `run` does, with the plainest offer of CFT also
        carried out perfectly.

        Raises InputErrors for designs that cannot be read or measure nothing that the draws vary, and without draws.
        """
        with in_force.within(self.country):
            return door.research(self, designs, results=results, draws=draws, draw_people=draw_people, workers=workers)

    def resolved(self) -> dict[str, Any]:
        """Everything asked, as plain values for JSON; `from_resolved` reads it back."""
        left_out: dict[str, Any] = {
            "file_hashes": True,
            "folder": True,
            "region": {"file": True} if self.region else True,
            "regions": {"file": True, "parts": {"__all__": {"file": True}}} if self.regions else True,
        }
        return dict(_stored().dump_python(self, mode="json", exclude=left_out, warnings=False))

    @classmethod
    def from_resolved(cls, stored: Mapping[str, Any]) -> Study:
        """The study of which `resolved()` was stored; its country is in force from now on."""
        study = _stored().validate_python(stored)
        in_force.put(study.country)
        return study


def _which(name: str, known: Sequence[str]) -> str:
    """What may have been meant, and what there is to choose from."""
    return f"{did_you_mean(name, known)} Its policies are {listed(known, 'and')}".strip()


@cache
def _base_values(country: Country, evidence: Layer, price_year: int) -> dict[str, float]:
    return registry(evidence, of=country).values(price_year)


@cache
def _stored() -> TypeAdapter[Study]:
    return TypeAdapter(Study)
