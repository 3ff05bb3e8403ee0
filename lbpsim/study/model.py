"""What is asked: a study and its policies, typed, with every date as years since the start."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbpsim import evidence
from lbpsim.study import limits
from lbpsim.study.clock import calendar_year, day_at, years_since

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

PART_OF_A_DAY = 0.75 / 365.25  # in years: so long before midnight the nearest day is the day itself


@dataclass(frozen=True)
class Timeline:
    """A dated quantity: `values[i]` from, or at, `times[i]` (years since the start of the study, ascending)."""

    times: tuple[float, ...] = ()
    values: tuple[float, ...] = ()

    @property
    def first(self) -> float:
        """The first date, in years since the start; infinite where there is none."""
        return self.times[0] if self.times else math.inf

    @property
    def last(self) -> float:
        """The last date, in years since the start; infinitely early where there is none."""
        return self.times[-1] if self.times else -math.inf


@dataclass(frozen=True)
class CftPolicy:
    """How Cognitive Functional Therapy (CFT) is offered, and who can deliver it.

    `offered`: share of eligible consultations, on a line between dates; `training_places`: physiotherapists by
    calendar year; `training_from`: physiotherapists a year from a calendar year on, until the next; `trained_at_start`:
    physiotherapists; `first_training`: when the first place is taken up, in years since the start; `referral_stops_at`:
    the expected wait in years from which nobody new is referred, infinite for never; `replaced_by`: what people get
    instead of CFT when a place comes up.
    """

    offered: Timeline = Timeline()
    capacity_limited: bool = True
    training_places: Mapping[int, float] = field(default_factory=dict)
    training_from: Mapping[int, float] = field(default_factory=dict)
    trained_at_start: float = 0.0
    by_severity: bool = False
    biofeedback: bool = False
    referral_stops_at: float = math.inf
    replaced_by: str | None = None
    first_training: float = math.inf

    def places_in(self, year: int) -> float:
        """Training places of a calendar year.

        >>> cft = CftPolicy(training_places={2027: 100.0}, training_from={2028: 200.0, 2030: 50.0})
        >>> [cft.places_in(year) for year in range(2026, 2032)]
        [0.0, 100.0, 200.0, 200.0, 50.0, 50.0]
        """
        begun = [since for since in self.training_from if since <= year]
        return self.training_from[max(begun)] if begun else self.training_places.get(year, 0.0)

    @property
    def trains(self) -> bool:
        """Whether it has any training places."""
        return bool(self.training_places or self.training_from)

    @property
    def makes_offers(self) -> bool:
        """Whether anything is offered: CFT, or something else in its place."""
        return bool(self.offered.times)

    @property
    def delivers(self) -> bool:
        """Whether CFT itself is offered."""
        return self.makes_offers and self.replaced_by is None

    @property
    def queues(self) -> bool:
        """Whether people wait for CFT, as its places are limited."""
        return self.delivers and self.capacity_limited

    @property
    def waits_for_place(self) -> bool:
        """Whether those who accept wait until a place comes up, of CFT or of what is put in its place."""
        return self.delivers or (self.makes_offers and self.capacity_limited)

    @property
    def only_compares(self) -> bool:
        """Whether this is there to be compared with: it assumes capacity away, or offers something else than CFT."""
        return self.makes_offers and not self.queues


@dataclass(frozen=True)
class OpioidPolicy:
    """Dated changes to long-term opioids.

    `growth`: of initiation, per year, again at each anniversary; `initiation_change`: relative, as a staircase;
    `tapering_offered`: share of users' consultations, on a line between dates.
    """

    growth: Timeline = Timeline()
    initiation_change: Timeline = Timeline()
    tapering_offered: Timeline = Timeline()


@dataclass(frozen=True)
class SurgeryPolicy:
    """Dated changes to lumbar fusion.

    `growth`: of referral, per year, again at each anniversary; `referral_change`: relative, as a staircase;
    `operations_per_year`: first operations that the country can do, as a staircase, None where not limited.
    """

    growth: Timeline = Timeline()
    referral_change: Timeline = Timeline()
    operations_per_year: Timeline | None = None


@dataclass(frozen=True)
class Policy:
    """One scenario: what it changes against today's care, from which dates.

    `assume`: parameters it sets, in canonical units; `options`: structural choices it sets; `file`: where it was read.
    """

    name: str
    title: str
    description: str = ""
    cft: CftPolicy = CftPolicy()
    opioids: OpioidPolicy = OpioidPolicy()
    surgery: SurgeryPolicy = SurgeryPolicy()
    assume: Mapping[str, float] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None

    @property
    def extras(self) -> int:
        """How many things it does beside offering CFT, first come, first served."""
        others = (
            self.opioids != OpioidPolicy(),
            self.surgery != SurgeryPolicy(),
            bool(self.assume),
            bool(self.options),
        )
        return sum((self.cft.biofeedback, self.cft.by_severity, *others))

    @property
    def first_date(self) -> float:
        """When it first changes anything, in years since the start: 0 with assumptions, infinite where never."""
        if self.assume:
            return 0.0
        return min(self.cft.first_training, *(timeline.first for timeline in self.timelines.values()))

    @property
    def timelines(self) -> dict[str, Timeline]:
        """Every dated quantity, by its key in the file."""
        return {
            "cft.offered": self.cft.offered,
            "opioids.growth": self.opioids.growth,
            "opioids.initiation_change": self.opioids.initiation_change,
            "opioids.tapering_offered": self.opioids.tapering_offered,
            "surgery.growth": self.surgery.growth,
            "surgery.referral_change": self.surgery.referral_change,
            "surgery.operations_per_year": self.surgery.operations_per_year or Timeline(),
        }


@dataclass(frozen=True)
class Study:
    """What all scenarios share, and the scenarios, the comparator first.

    `years`: length; `people`: simulated at the start, or "all"; `discount_rate`: per year; `thresholds`: AUD per QALY;
    `price_year`: of all money; `follow`: people to the "horizon", or over a "lifetime"; `assume`: parameters set for
    every scenario, in canonical units; `file_hashes`: SHA-256 of the files that all this was read from, by name; none
    where it was made in Python.

    `structure_weights`: how often draws make each choice of an option, in any unit; none: structure is not drawn.
    """

    name: str
    title: str
    description: str
    country: str
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

    def clock(self, day: date) -> float:
        """Years from the start to `day`; each 1 January comes exactly one year after the last."""
        return years_since(self.start, day)

    def calendar_year(self, time: float) -> int:
        """The calendar year in which the moment `time` (years since the start) falls."""
        return calendar_year(self.start, time)

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
        return {**_base_values(self.price_year), **self.assume, **policy.assume}

    def policy(self, name: str) -> Policy:
        """The policy of that name; raises KeyError."""
        return {policy.name: policy for policy in self.policies}[name]

    @property
    def plainest_offer(self) -> Policy | None:
        """Of the policies beside the comparator that deliver CFT the plainest, and of these the first; None without.

        One whose places are limited goes before one that assumes capacity away.
        """
        delivering = [policy for policy in self.policies[1:] if policy.cft.delivers]
        return min(delivering, key=lambda policy: (not policy.cft.queues, policy.extras), default=None)

    @property
    def of_comparator(self) -> Study:
        """The same study with no policy but the comparator."""
        return dataclasses.replace(self, policies=self.policies[:1])

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
        limits.check(changes)
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
    ) -> Results:
        """Simulate every policy; settings given here replace the study's.

        `follow`: people to the "horizon", or over a "lifetime", with nothing new begun after the study's years.
        `draws`: of the uncertain parameters, which make the results `ProbabilisticResults`; these are of the study's
        years. None: as many as `lbpsim run` makes by itself, and none with "simpy"; 0: none, and nothing is known of
        how unsure the inputs make the answer. `precision`: a share, to draw until probabilities are right to it, up to
        `draws` if given; `draw_people`: simulated in each draw, by default a part of the study's, or as many as the
        precision or the number of draws needs. `engine`: "compiled" or "simpy"; `workers`: by default one a core;
        `scheduler`: address of a Dask cluster that does the work.

        Raises InputErrors for senseless settings, ClusterError for a cluster that cannot be used.
        """
        from lbpsim.simulation.consistency import check  # noqa: PLC0415 - a study knows nothing of simulation but this door
        from lbpsim.uncertainty.run import draw_request, run_with_draws  # noqa: PLC0415

        study = check(self.with_changes(people=people, years=years, seed=seed, follow=follow))
        asked = draw_request(study, draws, precision, draw_people, engine=engine)
        return run_with_draws(study, asked, engine=engine, workers=workers, scheduler=scheduler)

    def resolved(self) -> dict[str, Any]:
        """Everything asked, as plain values for JSON; `from_resolved` reads it back."""
        return dict(_plain(self))

    @classmethod
    def from_resolved(cls, stored: Mapping[str, Any]) -> Study:
        """The study of which `resolved()` was stored."""
        fields = dict(stored)
        fields["start"] = date.fromisoformat(stored["start"])
        fields["thresholds"] = tuple(stored["thresholds"])
        fields["policies"] = tuple(_stored_policy(policy) for policy in stored["policies"])
        return cls(**fields)


@cache
def _base_values(price_year: int) -> dict[str, float]:
    return evidence.base_values(price_year)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        asked = (item.name for item in dataclasses.fields(value) if item.compare)
        return {name: _plain(getattr(value, name)) for name in asked}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Path):
        return value.name  # the folder says nothing about the question
    if isinstance(value, date):
        return value.isoformat()
    return None if value == math.inf else value


def _stored_policy(stored: Mapping[str, Any]) -> Policy:
    fields = dict(stored)
    fields["cft"] = _stored_cft(stored["cft"])
    fields["opioids"] = OpioidPolicy(**{key: _stored_timeline(item) for key, item in stored["opioids"].items()})
    surgery = {key: item and _stored_timeline(item) for key, item in stored["surgery"].items()}
    fields["surgery"] = SurgeryPolicy(**surgery)
    fields["file"] = stored["file"] and Path(stored["file"])
    return Policy(**fields)


def _stored_cft(stored: Mapping[str, Any]) -> CftPolicy:
    fields = dict(stored)
    fields["offered"] = _stored_timeline(stored["offered"])
    for key in ("training_places", "training_from"):
        fields[key] = {int(year): places for year, places in stored.get(key, {}).items()}
    for key in ("first_training", "referral_stops_at"):
        fields[key] = math.inf if stored.get(key) is None else stored[key]
    return CftPolicy(**fields)


def _stored_timeline(stored: Mapping[str, Any]) -> Timeline:
    return Timeline(tuple(stored["times"]), tuple(stored["values"]))
