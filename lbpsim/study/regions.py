"""A part of the country: how many people of each age and sex live there, and what that has to be.

Not here: from which file it comes (`lbpsim.study.files.region_field`), and how it ages (`population.demography`). What
is known of people by age and sex is known of the country; a region differs from it in its people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lbpsim.evidence import in_force
from lbpsim.evidence.country import AgeGroup, Country

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
