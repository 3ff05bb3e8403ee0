"""What is allowed in a study but looks odd, or has a consequence that its author may not expect: one sentence or two.

`check` says these before anything runs; `run` says them again, and keeps them with its results.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lbpsim.evidence.units import format_quantity, to_canonical
from lbpsim.study import unusual
from lbpsim.study.borrowed import of_country
from lbpsim.study.clock import in_words
from lbpsim.study.files.errors import listed
from lbpsim.study.limits import APART_AT_AGES, APART_TOLD, IN_ORDER
from lbpsim.study.model import Study
from lbpsim.study.phrasing import number_of
from lbpsim.study.policies import MODES, Policy
from lbpsim.study.regions import apart

STUDY_FILE, EVIDENCE_FILE = "study.yaml", "evidence.yaml"
ASSUMPTION = "assumption"
MOST_NAMED = 10  # regions in a sentence


@dataclass(frozen=True)
class Note:
    """Something odd about a policy, by name, or about the whole study (`policy` is empty), in words.

    >>> str(Note("It changes nothing.", "cft-rollout"))
    'cft-rollout: It changes nothing.'
    """

    text: str
    policy: str = ""

    def __str__(self) -> str:
        return self.under(self.policy)

    def under(self, name: str) -> str:
        """The note after a name for its policy, such as a title; a note about the study stands alone."""
        return f"{name}: {self.text}" if self.policy else self.text


def notes(study: Study, *, drawn: bool = True) -> tuple[Note, ...]:
    """Everything odd about a study, then about each of its policies.

    Args:
        study: as read from its files, or as changed for a run.
        drawn: whether a probabilistic analysis is asked for, or may be; if not, what concerns draws alone is left out.
    """
    of_the_study = (*unusual.settings(study), *_of_values(study, study.assume))
    found = [*map(Note, of_country(study.country)), *_of_region(study), *_of_regions(study), *_of_sizes(study)]
    found += [Note(f"{STUDY_FILE}: {text}") for text in of_the_study]
    for policy in study.policies:
        texts = (*_of_policy(study, policy), *_of_values(study, policy.assume))
        found += [Note(text, policy.name) for text in texts]
    if drawn:
        found += held_in_draws(study)
    if drawn and study.to_death:
        text = "Draws are of the study's years: beyond them people are followed at the best estimates alone."
        found.append(Note(text))
    return tuple(found)


def part_years(study: Study) -> str:
    """The calendar years of which a part is simulated, in words; "" where there are none.

    A study of two years from 1 July 2026 has "2026 (from 1 July) and 2028 (to 30 June)".
    """
    return " and ".join(f"{year} ({which})" for year, which in parts_of_years(study).items())


def parts_of_years(study: Study) -> dict[int, str]:
    """Which part of a calendar year is simulated, such as "from 1 July"; whole years are left out."""
    first, last = study.start, study.last_day
    begun = {} if (first.month, first.day) == (1, 1) else {first.year: f"from {_day(first)}"}
    ended = {} if (last.month, last.day) == (12, 31) else {last.year: f"to {_day(last)}"}
    return begun | ended


def _day(day: date) -> str:
    return in_words(day).rpartition(" ")[0]


def fixed_in_draws(study: Study) -> Iterator[Note]:
    """Which values of the study's own evidence have no distribution, so that draws keep them."""
    names = [name for name in study.registry.fixed if name not in study.assume]
    if names:
        has, is_held, it = ("has", "it is", "it is") if len(names) == 1 else ("have", "they are", "they are")
        yield Note(
            f"{EVIDENCE_FILE}: {listed(names, 'and')} {has} no distribution, so {is_held} fixed in draws: intervals "
            f"from draws do not show how uncertain {it}."
        )


def held_in_draws(study: Study) -> tuple[Note, ...]:
    """Which uncertain parameters a probabilistic analysis holds, because the study or a policy sets them itself."""
    found = [Note(f"{STUDY_FILE}: {text}") for text in _held(study, study.assume, "draws do")]
    for policy in study.policies:
        own = {name: value for name, value in policy.assume.items() if name not in study.assume}
        found += [Note(text, policy.name) for text in _held(study, own, "draws of this policy do")]
    return (*fixed_in_draws(study), *found)


def _held(study: Study, assume: Mapping[str, float], draws_do: str) -> Iterator[str]:
    names = [name for name in study.registry.drawable if name in assume]
    if names:
        is_set, them, their = ("is", "it", "its") if len(names) == 1 else ("are", "them", "their")
        yield (
            f"{listed(names, 'and')} {is_set} set under `assume`, so {draws_do} not vary {them}: intervals from draws "
            f"leave {their} uncertainty out."
        )
    yield from _stopped(study, assume)


def _stopped(study: Study, assume: Mapping[str, float]) -> Iterator[str]:
    """Which draws stop at a value that is set, as they may not pass it."""
    drawn = set(study.registry.drawable) - {*assume, *study.assume}
    for early, late in IN_ORDER:
        for name, other, where in ((early, late, "below"), (late, early, "above")):
            if name in assume and other in drawn:
                value = format_quantity(assume[name], study.registry.parameters[name].dimension)
                yield f"{other} cannot be {where} {name}, which is set: draws of it that would be are {value} instead."


def _of_region(study: Study) -> Iterator[Note]:
    """What a study of a part of the country takes from the country."""
    region = study.region
    if region is not None:
        yield Note(
            f"{region.name} has {region.share_of(study.country):.1%} of the country's people in "
            f"mid-{study.country.counted_on.year} ({region.source}). Shares and "
            "rates by age and sex, births and migration per head, prices, fifths and registered workforce are the "
            f"country's; places, operations and dates are the policies' own, for {region.name} alone."
        )


def _of_regions(study: Study) -> Iterator[Note]:
    """What is taken to be alike in the regions among which policies choose."""
    regions = study.regions
    if regions is not None:
        shares = [f"{part.name} ({part.people / regions.people:.1%})" for part in regions.parts[:MOST_NAMED]]
        if len(regions.parts) > MOST_NAMED:
            shares.append(number_of(len(regions.parts) - MOST_NAMED, "other"))
        counted = study.country.counted_on.year
        yield Note(
            f"People live in {listed(shares, 'and')} ({regions.source}): a region is drawn once for each person, by "
            f"the shares of regions among people of their sex and age as counted in mid-{counted}, "
            "and nobody moves. Who joins later is drawn by the shares as counted, at their age then, so a region whose "
            "people are older or younger does not age apart from the others. "
            "Pain, its course and care are taken to be alike in all regions for people of one age and sex, "
            f"places for CFT belong to no region, and results are of {study.place_in_a_sentence} as a whole."
        )
        whole = study.region.groups if study.region else study.country.population
        where = study.region.name if study.region else study.place_in_a_sentence
        yield from map(Note, apart(regions, whole, where, APART_TOLD, APART_AT_AGES))


def _of_sizes(study: Study) -> Iterator[Note]:
    if study.replications == 1:
        yield Note("With one replication there are no Monte Carlo errors.")
    elif study.people != "all" and int(study.people) < study.replications:
        yield Note(
            f"With {number_of(int(study.people), 'person')} there can be no more than "
            f"{number_of(int(study.people), 'replication')}."
        )
    if parts := part_years(study):
        verb = "are part years" if " and " in parts else "is a part year"
        yield Note(f"{parts} {verb}: amounts of a year are those of its part, means are over its part.")


def _of_policy(study: Study, policy: Policy) -> Iterator[str]:
    cft = policy.cft
    yield from _late(study, policy)
    yield from _places_of_part_years(study, policy)
    yield from unusual.dated_changes(study, policy)
    limited = cft.waits_for_place and cft.capacity_limited
    if limited and not cft.trained_at_start and cft.first_training == math.inf:
        yield "CFT is offered but nobody is trained, so no place comes up; see `training_places`."
    everybody = study.values(policy)["cft.eligible_rmdq"]
    if 0.0 < cft.from_disability <= everybody:
        least, given = (format_quantity(value, "RMDQ points") for value in (everybody, cft.from_disability))
        yield f"`cft.from_disability` of {given} chooses nobody: CFT is only ever offered from {least} on."
    if study.regions is not None and len(cft.regions) == len(study.regions.parts):
        yield "`cft.regions` names every region of the study: it leaves nobody out, and may go."
    yield from _unknown_modes(study, policy)
    if policy.options and not cft.makes_offers:
        yield "Its `options` change nothing, for it offers no CFT."
    if policy.first_date == math.inf and policy.name != study.comparator:
        yield "It changes nothing, and will equal the comparator."


def _unknown_modes(study: Study, policy: Policy) -> Iterator[str]:
    """What is taken of a way to deliver CFT without evidence, where neither study nor policy says otherwise."""
    set_here = {**study.assume, **policy.assume}
    known = study.registry.parameters
    for name, share in policy.cft.modes.items():
        mode = MODES[name]
        taken = [each for each in mode.parameters if each not in set_here and known[each].grade == ASSUMPTION]
        if share.times and taken:
            are = "is" if len(taken) == 1 else "are"
            yield (
                f"There is no evidence on CFT {mode.words}: {listed(taken, 'and')} {are} taken to be as in person "
                f"({ASSUMPTION}), with wide intervals. Set what you know under `assume`."
            )


def _places_of_part_years(study: Study, policy: Policy) -> Iterator[str]:
    """How many of a year's training places fall into the part of it that is simulated."""
    first, last = study.calendar_years[0], study.calendar_years[-1]
    early, late = policy.cft.places_in(first), policy.cft.places_in(last)
    if early and (study.start.month, study.start.day) != (1, 1):
        yield f"All {early:,.0f} training places of {first} are taken up from {in_words(study.start)} on."
    share = float(study.years) - study.clock(date(last, 1, 1))
    if late and share < 1.0:
        taken = f"{late * share:,.0f} are taken up by {_day(study.last_day)}"
        yield f"Of the {late:,.0f} training places of {last}, {taken}."


def _late(study: Study, policy: Policy) -> Iterator[str]:
    """Dates that the study does not reach."""
    late = [f"`{key}`" for key, timeline in policy.timelines.items() if timeline.last >= study.years]
    if max([*policy.cft.training_places, *policy.cft.training_from], default=0) > study.calendar_years[-1]:
        late.append("`cft.training_places`")
    if late:
        has = "has" if len(late) == 1 else "have"
        yield f"{listed(late, 'and')} {has} dates after the study's last day, {in_words(study.last_day)}."


def _of_values(study: Study, assume: Mapping[str, float]) -> Iterator[str]:
    """Values outside the interval that the evidence gives."""
    for name, value in assume.items():
        parameter = study.registry.parameters[name]
        if parameter.interval is None:
            continue
        carried = (
            parameter.at_prices_of(study.price_year, study.registry.prices) / parameter.canonical
            if parameter.price_year
            else 1.0
        )
        low, high = (to_canonical(bound, parameter.unit) * carried for bound in parameter.interval)
        if not low <= value <= high:
            given, least, most = (format_quantity(amount, parameter.dimension) for amount in (value, low, high))
            yield f"{name} at {given} is outside its 95% interval, {least} to {most}."
