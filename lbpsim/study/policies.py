"""What a policy can change, typed. **A key of policy files is declared here, at the field that it sets.**

A declaration has the kind of the value with its range and unit, what the key means, what `lbpsim check` says of it, and
what `lbpsim why` calls it. All dates are years since the start of the study.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from lbpsim.evidence.units import DAY, number_text
from lbpsim.study import limits
from lbpsim.study.clock import Timeline
from lbpsim.study.files.dated_fields import ByYear, Dated
from lbpsim.study.files.plain_fields import Amount, Choice, Text, Whether, WholeNumber, YesNo
from lbpsim.study.files.policy_keys import Clash, NoEffect, PolicyKey, PolicySection, also, key, keys_of, section_of
from lbpsim.study.files.quantity_fields import Growth, Quantity
from lbpsim.study.files.regions_field import RegionNames
from lbpsim.study.files.sections import Assumptions, Key, Section
from lbpsim.study.options import OF_A_POLICY, OPTIONS
from lbpsim.study.sentences import along_a_line, by_year, fewer_or_more, from_each_date, grows_or_falls, line

SHARE, CHANGE = Quantity("share", "10%", bare=True), Quantity("change", "-20%", high=1.0)
NOBODY_WAITS = NoEffect("capacity", "where nobody waits (`capacity: unlimited`)", "unlimited")
NO_CFT = NoEffect("replaced_by", "where nobody starts CFT (`replaced_by`)")
TARGETS = ("from_disability", "from_age", "to_age", "to_fifth", "regions")
INSTEAD = {"opioids": "long-term opioids", "surgery": "referral to lumbar fusion"}


@dataclass(frozen=True)
class Mode:
    """A way to deliver CFT other than in person, in `words`; parameters that say what it is relative to that."""

    words: str
    fidelity: str
    price: str
    places: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return self.fidelity, self.price, self.places


MODES = {  # by key, as numbered in `lbpsim.pathways.person` after in person
    "telehealth": Mode("by telehealth", "cft.telehealth_fidelity", "cft.telehealth_price", "cft.telehealth_places"),
    "group": Mode("in groups", "cft.group_fidelity", "cft.group_price", "cft.group_places"),
}

# Years since the start, infinite for never; what is stored has none instead.
OrNever = Annotated[
    float,
    BeforeValidator(lambda stored: math.inf if stored is None else stored),
    PlainSerializer(lambda time: None if time == math.inf else time),
]


def _offer(offered: Timeline, start: date, cft: CftPolicy) -> Iterator[str]:
    if not cft.makes_offers:
        return
    if cft.replaced_by is not None and cft.capacity_limited:
        yield f"When a place in CFT comes up, the person called gets {INSTEAD[cft.replaced_by]} instead."
    elif cft.replaced_by is not None:
        yield f"The people who would be offered CFT are offered {INSTEAD[cft.replaced_by]} instead."
    sensors = " with movement-sensor biofeedback" if cft.biofeedback else ""
    what = "is offered" if cft.replaced_by is None else "would be offered"
    yield line(offered, start, f"CFT{sensors} {what} at", "of eligible consultations")


def _training(_: Mapping[int, float], start: date, cft: CftPolicy) -> Iterator[str]:
    if cft.trained_at_start and cft.waits_for_place:
        yield f"{number_text(cft.trained_at_start)} physiotherapists are trained as the study starts."
    if cft.trains and cft.waits_for_place:
        yield f"Physiotherapists who can enter training: {by_year(cft.training_places, cft.training_from)}."


def _places(limited: bool, start: date, cft: CftPolicy) -> Iterator[str]:
    if not cft.waits_for_place:
        return
    if not limited:
        yield "Nobody waits for a place."
        return
    order = "the most disabled first" if cft.by_severity else "first come, first served"
    starts = "Courses start" if cft.replaced_by is None else "They are called"
    yield f"{starts} as trained physiotherapists have places, {order}."


def _more_than_all(group: Timeline, telehealth: Timeline) -> str:
    times = sorted({*group.times, *telehealth.times})
    most = max((group.on_a_line(time) + telehealth.on_a_line(time) for time in times), default=0.0)
    return f"In groups and by telehealth together come to {number_text(100.0 * most)}% of courses" if most > 1.0 else ""


def _ages_in_order(to_age: int, from_age: int) -> str:
    return f"Nobody is {from_age} or older and {to_age} or younger" if to_age < from_age else ""


@dataclass(frozen=True)
class CftPolicy:
    """How Cognitive Functional Therapy (CFT) is offered, and who can deliver it.

    `training_from`: physiotherapists a year from a calendar year on, until the next; `first_training`: when the first
    place is taken up.
    """

    offered: Timeline = key(
        Dated(SHARE, "2027-01-01: 10%, 2031-01-01: 60%"),
        "the share of eligible consultations at which CFT is offered, on a line between dates",
        Timeline(),
        required=True,
        component="the offer of CFT",
        says=_offer,
    )
    training_places: Mapping[int, float] = key(
        ByYear(Amount("training places", "workforce.registered"), "2027: 400, from 2028: 800"),
        "how many physiotherapists can enter training in CFT in each calendar year",
        {},
        takes="single",
        component="the training places",
        says=_training,
    )
    training_from: Mapping[int, float] = also("training_places", "on", {})
    first_training: OrNever = also("training_places", "first", math.inf)
    trained_at_start: float = key(
        Amount("physiotherapists", "workforce.registered"),
        "how many physiotherapists are trained in CFT as the study starts",
        0.0,
        component="physiotherapists trained at the start",
        refused=NOBODY_WAITS,
    )
    capacity_limited: bool = key(
        Whether(("limited", "unlimited"), yes="limited"),
        "whether courses, or what is offered instead, wait for trained physiotherapists",
        True,
        name="capacity",
        component="capacity without limit",
        says=_places,
    )
    referral_stops_at: OrNever = key(
        Quantity("duration", "26 weeks", low=DAY, within="1 day on; at none nobody could ever be referred"),
        "the expected wait, list over places a week, from which nobody new is referred",
        math.inf,
        component="the stop of referral while the wait is long",
        says="Nobody new is referred while the expected wait is {} or longer.",
        refused=NOBODY_WAITS,
    )
    by_severity: bool = key(
        Whether(("first_come", "severity"), yes="severity"),
        "who on the waiting list comes first: who waits longest, or who is most disabled",
        False,
        name="priority",
        component="the most disabled first",
        refused=NOBODY_WAITS,
    )
    from_disability: float = key(
        Quantity("RMDQ points", "12 RMDQ points", low=0.0, within="0 to 24 RMDQ points"),
        "the least disability of those to whom CFT is offered, if more than everybody's `cft.eligible_rmdq`",
        0.0,
        component="the choice by disability",
        says="Offers go only to people with disability of {} or more.",
    )
    from_age: int = key(
        WholeNumber(limits.AGES),
        "the least age of those to whom CFT is offered",
        limits.AGES.low,
        component="the choice by least age",
        says="Offers go only to people aged {} or older.",
    )
    to_age: int = key(
        WholeNumber(limits.AGES),
        "the greatest age of those to whom CFT is offered",
        limits.AGES.high,
        component="the choice by greatest age",
        says="Offers go only to people aged {} or younger.",
        clash=Clash("from_age", _ages_in_order, "Give ages in order, or leave one out"),
    )
    to_fifth: int = key(
        WholeNumber(limits.FIFTHS),
        "the last of the socioeconomic fifths to whom CFT is offered, from the most disadvantaged (1) on",
        limits.FIFTHS.high,
        component="the choice by socioeconomic fifth",
        says="Offers go only to the most disadvantaged fifths of people, 1 to {}.",
    )
    regions: tuple[str, ...] = key(
        RegionNames(),
        "the regions of the study, by name, in which CFT is offered; none: in all",
        (),
        component="the choice by region",
        says="Offers go only to people in {}.",
    )
    biofeedback: bool = key(
        YesNo(),
        "whether courses use movement-sensor biofeedback",
        False,
        component="movement-sensor biofeedback",
        refused=NO_CFT,
    )
    telehealth: Timeline = key(
        Dated(SHARE, "2027-01-01: 30%"),
        "the share of CFT courses that are delivered by telehealth, on a line between dates",
        Timeline(),
        component="delivery by telehealth",
        says=along_a_line("CFT is delivered by telehealth in", "of courses"),
        refused=NO_CFT,
    )
    group: Timeline = key(
        Dated(SHARE, "2027-01-01: 20%"),
        "the share of CFT courses that are delivered in groups, on a line between dates",
        Timeline(),
        component="delivery in groups",
        says=along_a_line("CFT is delivered in groups in", "of courses"),
        refused=NO_CFT,
        clash=Clash("telehealth", _more_than_all, "Give shares that come to 100% at most; the rest is in person"),
    )
    replaced_by: str | None = key(
        Choice(tuple(INSTEAD)),
        "what people get instead of CFT, place for place: long-term opioids, or a date for surgery",
        None,
        part_of="offered",
    )

    def places_in(self, year: int) -> float:
        """Training places of a calendar year.

        >>> cft = CftPolicy(training_places={2027: 100.0}, training_from={2028: 200.0, 2030: 50.0})
        >>> [cft.places_in(year) for year in range(2026, 2032)]
        [0.0, 100.0, 200.0, 200.0, 50.0, 50.0]
        """
        begun = [since for since in self.training_from if since <= year]
        return self.training_from[max(begun)] if begun else self.training_places.get(year, 0.0)

    def with_staff(self, ratio: float) -> CftPolicy:
        """The same with so many times as many physiotherapists, trained and to be trained."""
        places, since = (
            {year: number * ratio for year, number in each.items()}
            for each in (self.training_places, self.training_from)
        )
        trained = self.trained_at_start * ratio
        return replace(self, training_places=places, training_from=since, trained_at_start=trained)

    @property
    def trains(self) -> bool:
        """Whether it has any training places."""
        return bool(self.training_places or self.training_from)

    @property
    def modes(self) -> dict[str, Timeline]:
        """The share of courses that are delivered in each of `MODES`."""
        return {mode: getattr(self, mode) for mode in MODES}

    @property
    def chooses(self) -> bool:
        """Whether it is offered to some of those who are eligible alone, by disability, age, socioeconomic fifth
        or region.
        """
        plain = CftPolicy()
        return any(getattr(self, name) != getattr(plain, name) for name in TARGETS)

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
    """Dated changes to long-term opioids."""

    growth: Timeline = key(
        Dated(Growth("opioids.growth_2004_2014"), "2027-01-01: 6% per year"),
        "how the start of long-term opioids grows from each date, again at each anniversary",
        Timeline(),
        component="growth of the start of opioids",
        says=from_each_date(
            "the number of people who start long-term opioids {} per year, stepwise at each anniversary.",
            grows_or_falls,
        ),
    )
    initiation_change: Timeline = key(
        Dated(CHANGE, "2027-01-01: -20%"),
        "how much more or fewer people start long-term opioids from each date than otherwise",
        Timeline(),
        component="the change in the start of opioids",
        says=from_each_date("{} people start long-term opioids than otherwise.", fewer_or_more),
    )
    tapering_offered: Timeline = key(
        Dated(SHARE, "2027-01-01: 50%"),
        "the share of users' consultations at which supported tapering is offered, on a line between dates",
        Timeline(),
        component="the offer of supported tapering",
        says=along_a_line("supported tapering is offered at", "of long-term users' consultations"),
    )


@dataclass(frozen=True)
class SurgeryPolicy:
    """Dated changes to lumbar fusion; `operations_per_year`: None where not limited."""

    growth: Timeline = key(
        Dated(Growth("surgery.growth_private"), "2027-01-01: 6% per year"),
        "how referral to lumbar fusion grows from each date, again at each anniversary",
        Timeline(),
        component="growth of referral to surgery",
        says=from_each_date(
            "the number of people referred to lumbar fusion {} per year, stepwise at each anniversary.", grows_or_falls
        ),
    )
    referral_change: Timeline = key(
        Dated(CHANGE, "2027-01-01: -20%"),
        "how much more or fewer people are referred to lumbar fusion from each date than otherwise",
        Timeline(),
        component="the change in referral to surgery",
        says=from_each_date("{} people are referred to lumbar fusion than otherwise.", fewer_or_more),
    )
    operations_per_year: Timeline | None = key(
        Dated(Amount("operations a year"), "2027-01-01: 3000"),
        "how many first lumbar fusions the country can do a year, from each date",
        None,
        component="the limit of operations",
        says=from_each_date("at most {} people a year have a first lumbar fusion."),
    )


OPTION_KEYS = Section(tuple(Key(name, Choice(OPTIONS[name][0]), OPTIONS[name][1]) for name in OF_A_POLICY))


@dataclass(frozen=True)
class Policy:
    """One scenario: what it changes against today's care, from which dates.

    `name`: of its file; `assume`: in canonical units; `file`: where it was read.
    """

    name: str
    title: str = key(Text(limits.LONGEST_TITLE), "the policy's name in tables and charts", required=True)
    description: str = key(Text(), "the policy in plain words", "")
    cft: CftPolicy = key(section_of(CftPolicy), "how Cognitive Functional Therapy (CFT) is offered", CftPolicy())
    opioids: OpioidPolicy = key(section_of(OpioidPolicy), "changes to long-term opioids", OpioidPolicy())
    surgery: SurgeryPolicy = key(section_of(SurgeryPolicy), "changes to lumbar fusion", SurgeryPolicy())
    assume: Mapping[str, float] = key(Assumptions(), "registered parameters that this policy sets, by name", {})
    options: Mapping[str, str] = key(OPTION_KEYS, "structural choices that this policy makes", {})
    file: Annotated[Path | None, PlainSerializer(lambda file: file and file.name)] = field(default=None)

    @property
    def additions(self) -> int:
        """How many things it does beside offering CFT, first come, first served."""
        others = (getattr(self, name) != part() for name, part in PARTS.items() if name != "cft")
        modes = any(share.times for share in self.cft.modes.values())
        plain = (self.cft.biofeedback, self.cft.by_severity, self.cft.chooses, modes)
        return sum((*plain, *others, bool(self.assume), bool(self.options)))

    @property
    def everywhere(self) -> Policy:
        """The same, with CFT offered in all regions."""
        return replace(self, cft=replace(self.cft, regions=()))

    @property
    def first_date(self) -> float:
        """When it first changes anything, in years since the start: 0 with assumptions, infinite where never."""
        if self.assume:
            return 0.0
        return min(self.cft.first_training, *(timeline.first for timeline in self.timelines.values()))

    @property
    def timelines(self) -> dict[str, Timeline]:
        """Every dated quantity, by its key in the file."""
        return {path: value or Timeline() for path, each, value, _ in self.settings() if isinstance(each.kind, Dated)}

    def settings(self) -> Iterator[tuple[str, PolicyKey, Any, Any]]:
        """Every key of a part, such as CFT: its path in the file, its declaration, its value, and the part."""
        for section in PARTS:
            part = getattr(self, section)
            for name, declared in keys_of(part).items():
                yield f"{section}.{declared.name}", declared, getattr(part, name), part


PARTS: Mapping[str, Any] = {
    name: declared.kind.part for name, declared in keys_of(Policy).items() if isinstance(declared.kind, PolicySection)
}
