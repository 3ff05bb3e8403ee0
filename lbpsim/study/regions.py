"""A part of the country: how many people of each age and sex live there, and what that has to be.

Not here: from which file it comes (`lbpsim.study.files.region_field`), and how it ages (`population.demography`). What
is known of people by age and sex is known of the country; a region differs from it in its people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lbpsim.evidence import tables

SEXES = ("male", "female")
OLDEST = 100  # the group of this age holds all who are older
ADULT = 18
ALL_OF_THEM = 1.001  # times the country's: tables are rounded, and revised


@dataclass(frozen=True)
class AgeGroup:
    """People of the ages `low` to `high`, both included: so many men and women."""

    low: int
    high: int
    male: float
    female: float

    @property
    def people(self) -> float:
        """Men and women."""
        return self.male + self.female

    @property
    def adults(self) -> float:
        """Those of 18 or older, ages within the group alike in number."""
        return self.people * max(self.high - max(self.low, ADULT) + 1, 0) / (self.high - self.low + 1)


@dataclass(frozen=True)
class Region:
    """A part of the country by its `name`, with its people on 30 June 2024 by age, youngest first; `source`: of that
    table, in words; `file`: from which it was read.
    """

    name: str
    source: str
    groups: tuple[AgeGroup, ...]
    file: Path | None = field(default=None, compare=False, repr=False)

    @property
    def people(self) -> float:
        """People of all ages."""
        return sum(group.people for group in self.groups)

    @property
    def share(self) -> float:
        """Its people as a share of the country's."""
        return self.people / sum(group.people for group in country())

    def table(self) -> npt.NDArray[np.float64]:
        """A row for each group: lowest and highest age, men, women."""
        return np.array([(group.low, group.high, group.male, group.female) for group in self.groups])


@cache
def country() -> tuple[AgeGroup, ...]:
    """The whole country's people by age."""
    rows = tables.population_2024()[["age_low", "age_high", *SEXES]].itertuples(index=False)
    return tuple(AgeGroup(int(low), int(high), float(male), float(female)) for low, high, male, female in rows)


def wrong_groups(groups: Sequence[AgeGroup]) -> Iterator[tuple[int, str, str]]:
    """What cannot be, with the number of its group: ages missing or twice, fewer than nobody, more than the country."""
    expected = 0
    for number, group in enumerate(groups):
        if group.low != expected:
            yield number, *_not_next(group, expected)
        if group.high < group.low:
            yield number, f"The ages end at {group.high}, before they begin at {group.low}", "Exchange them"
        expected = group.high + 1
    if expected <= OLDEST:
        right = f"The ages go on to {OLDEST}, which stands for all who are older: end the last row with {OLDEST}"
        yield len(groups) - 1, f"Nobody older than {expected - 1} is in the table", right
    for number, group in enumerate(groups):
        yield from ((number, *wrong) for wrong in _too_many(group))


def _not_next(group: AgeGroup, expected: int) -> tuple[str, str]:
    if expected == 0:
        return f"The first row begins at age {group.low}", "Begin with age 0; children grow up within a long study"
    what = "are missing" if group.low > expected else "stand in two rows"
    first, last = sorted((group.low, expected))
    return f"Ages {first} to {last - 1} {what}", f"This row has to begin at age {expected}, after the row before it"


def _too_many(group: AgeGroup) -> Iterator[tuple[str, str]]:
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
    for each in country():
        ages = min(group.high, each.high) - max(group.low, each.low) + 1
        found += getattr(each, sex) * max(ages, 0) / (each.high - each.low + 1)
    return found
