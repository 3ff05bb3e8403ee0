"""A part of the country: how many people of each age and sex live there, and what that has to be.

A study may be of one part, its `region`, or know of which `regions` the whole is made up, so that policies can begin in
some. Not here: from which files they come (`lbpsim.study.files.region_field` and `regions_field`), how a part ages, and
who lives where (`population.demography` and `regions`). What is known of people by age and sex is known of the country;
a region differs from it in its people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lbpsim.evidence import in_force
from lbpsim.evidence.age_tables import MOST_AGE, OLDEST, SEXES
from lbpsim.evidence.country import AgeGroup, ByAge, Country

ADULT = 18
MILLION = 1e6
HALF, NEAR_HALF = 0.5, 0.02  # shares of all people: so near to half of them, a row is taken for the total of others
FEWEST_WITH_A_TOTAL = 3  # two parts and their total; of two regions one is no total of the other
ALL_OF_THEM = 1.001  # times the country's: tables are rounded, and revised
BROAD_AGES = ((ADULT, 44), (45, 64), (65, MOST_AGE))  # adults, as tables of regions are compared with the whole


@dataclass(frozen=True)
class Region:
    """A part of a country by its `name`, with its people by age, youngest first, on the date of the country's own
    table; `source`: of the region's table, in words; `file`: from which it was read.
    """

    name: str
    source: str
    groups: tuple[AgeGroup, ...]
    file: Path | None = field(default=None, compare=False, repr=False)

    @property
    def people(self) -> float:
        """People of all ages."""
        return sum(group.people for group in self.groups)

    def share_of(self, country: Country) -> float:
        """Its people as a share of the country's."""
        return self.people / sum(group.people for group in country.population)


@dataclass(frozen=True)
class Regions:
    """The parts of which the country, or the part of it that a study is of, is made up; `file`: from which they were
    read.
    """

    parts: tuple[Region, ...]
    file: Path | None = field(default=None, compare=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all, as they are numbered."""
        return tuple(part.name for part in self.parts)

    @property
    def source(self) -> str:
        """Where their table comes from, in words."""
        return self.parts[0].source

    @property
    def people(self) -> float:
        """People of all ages in all of them."""
        return sum(part.people for part in self.parts)


def too_many(group: AgeGroup) -> Iterator[tuple[str, str]]:
    """More men or women than live in the country in force: what is wrong, and what would be right."""
    for sex, many in (("men", group.male), ("women", group.female)):
        most = _in_the_country(group, "male" if sex == "men" else "female")
        if many > most * ALL_OF_THEM:
            yield (
                f"{many:,.0f} {sex} aged {group.low} to {group.high} are more than the {most:,.0f} of the country",
                "A region is a part of the country: give people, not thousands of them or per cent",
            )


def _in_the_country(group: AgeGroup, sex: str) -> float:
    """So many of these ages there are in the country."""
    return _aged(in_force.country().population, group.low, group.high, sex)


def _aged(groups: ByAge, low: int, high: int, *sexes: str) -> float:
    """So many people of these ages and sexes there are, ages within one of the groups alike in number."""
    found = 0.0
    for each in groups:
        ages = min(high, each.high) - max(low, each.low) + 1
        found += sum(getattr(each, sex) for sex in sexes) * max(ages, 0) / (each.high - each.low + 1)
    return found


def nowhere(regions: Regions, whole: ByAge) -> Iterator[tuple[str, str]]:
    """Ages at which the `whole` has men or women and no region has any: what is wrong, and what would be right."""
    for sex, words in zip(SEXES, ("men", "women"), strict=True):
        missing = [
            age
            for age in range(OLDEST + 1)
            if _has(whole, sex, age) and not any(_has(part.groups, sex, age) for part in regions.parts)
        ]
        if missing:
            last = next(age for age in missing if age + 1 not in missing)
            ages = f"{missing[0]} to {last}" if last > missing[0] else f"{last}"
            yield f"No region has {words} aged {ages}, and there are some", "Give how many live in each region"


def _has(groups: ByAge, sex: str, age: int) -> bool:
    return any(getattr(group, sex) > 0.0 for group in groups if group.low <= age <= group.high)


def not_the_whole(regions: Regions, people: float, where: str, apart: float) -> Iterator[tuple[str, str]]:
    """All regions together far from the `people` of the whole (`where`), by more than this share of them: what is
    wrong, and what would be right.
    """
    if abs(regions.people - people) > apart * people:
        fewer = regions.people < people
        yield (
            f"All regions together have {regions.people:,.0f} people, {where} has {people:,.0f}",
            f"{'A region is probably missing' if fewer else 'Some are probably counted twice'}: give every part of "
            "it, each person once",
        )
        if not fewer and (likely := _sum_of_others(regions)):
            yield (
                f"{likely.name} alone has {likely.people:,.0f} people, about as many as all others together",
                "If it is their total, remove its rows",
            )


def _sum_of_others(regions: Regions) -> Region | None:
    """The region that holds about half of all people, as a total does beside the parts that it sums up, if any does."""
    largest = max(regions.parts, key=lambda part: part.people)
    about_half = abs(largest.people / regions.people - HALF) <= NEAR_HALF
    return largest if about_half and len(regions.parts) >= FEWEST_WITH_A_TOTAL else None


def apart(regions: Regions, whole: ByAge, where: str, told_from: float, told_at_ages_from: float) -> Iterator[str]:
    """How far all regions together are from the `whole` (`where`), in people of all ages and in broad groups of adults:
    a sentence or two wherever that is as much as these shares of the people of the whole, or more.
    """
    everybody, of_all = sum(group.people for group in whole), regions.people
    if abs(of_all - everybody) >= told_from * everybody:
        yield (
            f"All regions together have {_of(of_all, everybody, f'people of {where}')}: "
            + (
                "a region may be missing, and the shares of the others are then too large."
                if of_all < everybody
                else "people may be counted twice, and the shares of their regions are then too large."
            )
        )
    for low, high in BROAD_AGES:
        there, found = (
            _aged(whole, low, high, *SEXES),
            sum(_aged(part.groups, low, high, *SEXES) for part in regions.parts),
        )
        if there > 0.0 and abs(found - there) > told_at_ages_from * there:
            ages = f"aged {low} and over" if high == MOST_AGE else f"aged {low} to {high}"
            yield (
                f"Of people {ages} all regions together have {_of(found, there, f'in {where}')}: look at these ages "
                "in every region, for shares of regions are drawn by age."
            )


def _of(found: float, whole: float, of_what: str) -> str:
    """So many of the whole, and how many fewer or more that is: "24.6 of the 27.2 million people, 10% fewer"."""
    numbers, unit = (found, whole), ""
    if whole >= MILLION:
        numbers, unit = (found / MILLION, whole / MILLION), " million"
    digits = 0 if not unit else 1 if numbers[1] >= 10 else 2  # three digits in all
    had, has = (f"{number:,.{digits}f}" for number in numbers)
    return (
        f"{had} of the {has}{unit} {of_what}, {abs(found - whole) / whole:.0%} {'fewer' if found < whole else 'more'}"
    )
