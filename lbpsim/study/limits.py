"""How large and how small the settings of a study may be, in files and on the command line alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from numbers import Integral
from typing import Any

from lbpsim import evidence
from lbpsim.evidence import tables
from lbpsim.study.files.errors import InputErrors, Place, Problem, short

ALL = "all"
FOLLOW = ("horizon", "lifetime")  # how long people are followed
# The population is counted at mid-2024 and projected from there.
EARLIEST_START, LATEST_START = date(2024, 7, 2), date(2100, 12, 31)
MOST_DATES = 32  # dates in one list of changes; the record that the rules read has room for these
ADULT, OLDEST = 18, 110
MOST_THRESHOLDS = 6  # each is a panel of charts, and a round of the value of information
LONGEST_TITLE, LONGEST_TEXT = 120, 5000  # characters: a title stands over charts and beside curves


@dataclass(frozen=True)
class Whole:
    """The whole numbers from `low` to `high`."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def allows(self, value: object) -> bool:
        """Whether `value` is one of them."""
        return isinstance(value, Integral) and not isinstance(value, bool) and self.low <= int(value) <= self.high


YEARS = Whole(1, 100)
AGES, FIFTHS = Whole(ADULT, OLDEST), Whole(1, 5)  # the fifths as in results, the most disadvantaged first
REPLICATIONS = Whole(1, 10_000)
WORKERS = Whole(1, 1024)  # more than one machine can use, and fewer than it can start
SEED = Whole(0, 2**63 - 1)  # a key of the random number generator, held as a signed 64-bit number


@cache
def cases() -> int:
    """Adults with chronic low back pain in the country; nobody can simulate, train or operate on more."""
    groups = tables.population_2024()
    ages = groups["age_high"] - groups["age_low"] + 1
    grown = (groups["age_high"] - groups["age_low"].clip(lower=ADULT) + 1).clip(lower=0)
    adults = float(((groups["male"] + groups["female"]) * grown / ages).sum())
    return round(adults * evidence.parameters()["population.adult_prevalence"].canonical)


def people() -> Whole:
    """Numbers of people that can be simulated."""
    return Whole(1, cases())


def wrong_people(value: object) -> tuple[str, str] | None:
    """What is wrong with a number of people, and what would be right; None where nothing is."""
    if value == ALL or people().allows(value):
        return None
    if isinstance(value, Integral) and int(value) > cases():
        many = short(f"{value:,}")
        return (
            f"{many} people are more than the {cases():,} adults with chronic low back pain in the country",
            "To simulate every one of them write `all`",
        )
    return f"{short(repr(value))} is not a number of people", f"Give {people()}, or `all`"


def wrong_whole(value: object, allowed: Whole) -> tuple[str, str] | None:
    """What is wrong with a whole number, and what would be right; None where nothing is."""
    return None if allowed.allows(value) else (f"{short(repr(value))} is not {allowed}", "")


def wrong_word(value: object, allowed: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with a word that is one of a few, and what would be right; None where nothing is."""
    right = f"Give {' or '.join(f'`{word}`' for word in allowed)}"
    return None if value in allowed else (f"{short(repr(value))} is not one of the choices", right)


def check(settings: Mapping[str, Any]) -> None:
    """Check settings given outside a file, by name; raises InputErrors with all that is wrong."""
    allowed = {"years": YEARS, "replications": REPLICATIONS, "seed": SEED}
    problems = []
    for name, value in settings.items():
        if name == "people":
            wrong = wrong_people(value)
        elif name == "follow":
            wrong = wrong_word(value, FOLLOW)
        else:
            wrong = wrong_whole(value, allowed[name])
        if wrong is not None:
            problems.append(Problem(Place("command line"), name, *wrong))
    if problems:
        raise InputErrors(problems)
