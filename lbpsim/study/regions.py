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
from lbpsim.evidence.age_tables import OLDEST, SEXES
from lbpsim.evidence.country import AgeGroup, ByAge, Country

ADULT = 18
ALL_OF_THEM = 1.001  # times the country's: tables are rounded, and revised


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
    """So many of these ages there are in the country, ages within one of its groups alike in number."""
    found = 0.0
    for each in in_force.country().population:
        ages = min(group.high, each.high) - max(group.low, each.low) + 1
        found += getattr(each, sex) * max(ages, 0) / (each.high - each.low + 1)
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
