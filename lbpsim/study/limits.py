"""How large and how small the settings of a study may be, in files and on the command line alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from numbers import Integral
from typing import Any

from lbpsim.evidence import in_force
from lbpsim.evidence.country import Country
from lbpsim.study import regions
from lbpsim.study.files.errors import COMMAND_LINE, InputErrors, Place, Problem, short
from lbpsim.study.regions import Region

ALL = "all"
FOLLOW = ("horizon", "lifetime")  # how long people are followed
LATEST_START = date(2100, 12, 31)
AFTER_THE_COUNT = timedelta(days=2)  # the middle of a year lies between its days 182 and 184
MOST_DATES = 32  # dates in one list of changes; the record that the rules read has room for these
ADULT, OLDEST = regions.ADULT, 110
MOST_THRESHOLDS = 6  # each is a panel of charts, and a round of the value of information
MOST_REGIONS = 64  # of which a study can be made up; the record that the rules read has room for these
APART = 0.10  # of the people of the whole: so far from it the regions together may be, for tables differ by their day
APART_TOLD = 0.01  # of them: from here on it is told, for a small region may be missing
APART_AT_AGES = 0.10  # of the people of broad ages: beyond it is told, for a region may be missing at some ages alone
LONGEST_TITLE, LONGEST_TEXT = 120, 5000  # characters: a title stands over charts and beside curves


@dataclass(frozen=True)
class Whole:
    """The whole numbers from `low` to `high`."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}" if self.low == self.high else f"a whole number from {self.low} to {self.high}"

    def allows(self, value: object) -> bool:
        """Whether `value` is one of them."""
        return isinstance(value, Integral) and not isinstance(value, bool) and self.low <= int(value) <= self.high


YEARS = Whole(1, 100)
IN_ORDER = (  # parameters: the first no more than the second
    ("opioids.effect_late_from", "opioids.early_years"),
    ("surgery.reoperation_2y", "surgery.reoperation_10y"),
    ("impact.moderate_from", "impact.high_from"),
)
AGES, FIFTHS = Whole(ADULT, OLDEST), Whole(1, 5)  # the fifths as in results, the most disadvantaged first
REPLICATIONS = Whole(1, 10_000)
WORKERS = Whole(1, 1024)  # more than one machine can use, and fewer than it can start
SEED = Whole(0, 2**63 - 1)  # a key of the random number generator, held as a signed 64-bit number


def earliest_start() -> date:
    """The first day of a study: populations are counted at mid-year, and projected from there."""
    return in_force.country().counted_on + AFTER_THE_COUNT


def cases(region: Region | None = None) -> int:
    """Adults with chronic low back pain in the country in force, or in a region of it; nobody can simulate, train or
    operate on more.
    """
    return _cases(in_force.country(), region)


@cache
def _cases(country: Country, region: Region | None) -> int:
    adults = sum(group.adults(ADULT) for group in (region.groups if region else country.population))
    return round(adults * country.registry.parameters["population.adult_prevalence"].canonical)


def people(region: Region | None = None) -> Whole:
    """Numbers of people that can be simulated."""
    return Whole(1, max(cases(region), 1))


def wrong_people(value: object, region: Region | None = None) -> tuple[str, str] | None:
    """What is wrong with a number of people of the country or a region, and what would be right; None where nothing
    is.
    """
    allowed, where = people(region), region.name if region else "the country"
    if value == ALL or allowed.allows(value):
        return None
    if isinstance(value, Integral) and int(value) > allowed.high:
        many = short(f"{value:,}")
        return (
            f"{many} people are more than the {allowed.high:,} adults with chronic low back pain in {where}",
            "To simulate every one of them write `all`",
        )
    return f"{short(repr(value))} is not a number of people", f"Give {allowed}, or `all`"


def wrong_whole(value: object, allowed: Whole) -> tuple[str, str] | None:
    """What is wrong with a whole number, and what would be right; None where nothing is."""
    return None if allowed.allows(value) else (f"{short(repr(value))} is not {allowed}", "")


def wrong_word(value: object, allowed: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with a word that is one of a few, and what would be right; None where nothing is."""
    right = f"Give {' or '.join(f'`{word}`' for word in allowed)}"
    return None if value in allowed else (f"{short(repr(value))} is not one of the choices", right)


def check(settings: Mapping[str, Any], region: Region | None = None) -> None:
    """Check settings given outside a file, by name, of a study of the country or a `region`; raises InputErrors."""
    allowed = {"years": YEARS, "replications": REPLICATIONS, "seed": SEED}
    problems = []
    for name, value in settings.items():
        if name == "people":
            wrong = wrong_people(value, region)
        elif name == "follow":
            wrong = wrong_word(value, FOLLOW)
        else:
            wrong = wrong_whole(value, allowed[name])
        if wrong is not None:
            problems.append(Problem(Place(COMMAND_LINE), name, *wrong))
    if problems:
        raise InputErrors(problems)
