"""Kinds of values that hold from a date, or for a calendar year."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, ClassVar

from lbpsim.study import limits
from lbpsim.study.clock import Timeline, in_words, years_since
from lbpsim.study.files.errors import short
from lbpsim.study.files.field_type import FieldType, Location, Schema, WrongValue, pairs_of, scalar
from lbpsim.study.files.nodes import Node, Scalar

DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
YEAR = re.compile(r"[0-9]{4}")
FROM = "from "
FROM_YEAR = re.compile(f"({FROM})?{YEAR.pattern}")
DAY_OR_YEAR = f"^({YEAR.pattern}|{DAY.pattern})$"
WANTED = "a date such as `2027-01-01`, or a year such as `2027`"


def day_of(node: Node) -> date:
    """The date that a node names; a year means its first day. Raises WrongValue."""
    text = scalar(node, WANTED).text.strip()
    match = DAY.fullmatch(f"{text}-01-01" if YEAR.fullmatch(text) else text)
    if match is None:
        raise WrongValue(node.place, f"`{short(text)}` is not a date", f"Give {WANTED}")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise WrongValue(node.place, f"`{text}` is not a date: {error}", f"Give {WANTED}") from error


@dataclass(frozen=True)
class Day(FieldType):
    """A date within limits."""

    first: date
    last: date

    def read(self, node: Node, location: Location) -> date:
        """The date."""
        day = day_of(node)
        if not self.first <= day <= self.last:
            right = f"Give a date from {in_words(self.first)}, when the population is known, to {in_words(self.last)}"
            raise WrongValue(node.place, f"{in_words(day)} is out of range", right)
        return day

    def schema(self) -> Schema:
        """A date, or a year."""
        return {"anyOf": [{"type": "string", "pattern": DAY_OR_YEAR}, {"type": "integer"}]}

    def words(self, value: date) -> str:
        """As people say it."""
        return in_words(value)


@dataclass(frozen=True)
class ByTime(FieldType):
    """Values of one kind, each with when it holds, which matches `pattern`."""

    value: FieldType
    example: str
    pattern: ClassVar[str]

    def schema(self) -> Schema:
        """A map from dates or years."""
        return {
            "type": "object",
            "patternProperties": {self.pattern: self.value.schema()},
            "additionalProperties": False,
            "minProperties": 1,
            "$comment": f"For example {{{self.example}}}",
        }

    def words(self, value: float) -> str:
        """One of the values."""
        return self.value.words(value)


@dataclass(frozen=True)
class Dated(ByTime):
    """Values by date, in order, none before the start of the study."""

    pattern = DAY_OR_YEAR

    def read(self, node: Node, location: Location) -> Timeline:
        """The dates that could be read, with their values."""
        pairs = pairs_of(node, f"dates and values, such as `{{{self.example}}}`")
        if len(pairs) > limits.MOST_DATES:
            raise WrongValue(node.place, f"{len(pairs)} dates are too many", f"At most {limits.MOST_DATES} are kept")
        days: list[date] = []
        read: list[tuple[float, float]] = []
        for key, value in pairs:
            day = location.attempt(partial(_next_day, key, days, location))
            amount = location.under(key.text).read(self.value, value)
            if day is not None and amount is not None and location.start is not None:
                read.append((years_since(location.start, day), amount))
        return Timeline(tuple(time for time, _ in read), tuple(amount for _, amount in read))


def _next_day(key: Scalar, days: list[date], location: Location) -> date:
    """The date of a key, added to `days`, which it must follow."""
    day = day_of(key)
    if location.start is not None and day < location.start:
        raise WrongValue(
            key.place, f"{in_words(day)} is before the study starts", f"It starts on {in_words(location.start)}"
        )
    if days and day <= days[-1]:
        order = "stands twice" if day == days[-1] else f"stands after {in_words(days[-1])}"
        raise WrongValue(key.place, f"{in_words(day)} {order}", "Give the dates in order, each once")
    days.append(day)
    return day


@dataclass(frozen=True)
class Yearly:
    """Values by calendar year: `single` of one year each, and `on` of a year and those after it, until the next.

    `first`: when the first that is above 0 begins, in years since the start of the study, infinite where none does.
    """

    single: Mapping[int, Any] = field(default_factory=dict)
    on: Mapping[int, Any] = field(default_factory=dict)
    first: float = math.inf


@dataclass(frozen=True)
class ByYear(ByTime):
    """Values by calendar year, in order, none before the study's first; `from 2028` means that year and all after."""

    pattern = f"^({FROM})?{YEAR.pattern}$"

    def read(self, node: Node, location: Location) -> Yearly:
        """Value of each year that could be read."""
        single: dict[int, Any] = {}
        on: dict[int, Any] = {}
        last = 0
        for key, value in pairs_of(node, f"years and values, such as `{{{self.example}}}`"):
            year = location.attempt(partial(_next_year, key, last, bool(on), location))
            amount = location.under(key.text).read(self.value, value)
            last = year or last
            if year is not None and amount is not None:
                (on if key.text.startswith(FROM) else single)[year] = amount
        return Yearly(single, on, _first(single | on, location.start))


def _first(values: Mapping[int, float], start: date | None) -> float:
    years = [year for year, number in values.items() if number > 0.0]
    return max(years_since(start, date(min(years), 1, 1)), 0.0) if years and start is not None else math.inf


def _next_year(key: Scalar, last: int, after_on: bool, location: Location) -> int:
    """The year of a key, which must follow the last; after one that holds from its year on, it must do so too."""
    text = key.text.strip()
    if not FROM_YEAR.fullmatch(text):
        wanted = "Give a year such as `2027`, or `from 2027` for it and all years after"
        raise WrongValue(key.place, f"`{short(key.text)}` is not a calendar year", wanted)
    year = int(text.removeprefix(FROM))
    if location.start is not None and year < location.start.year:
        raise WrongValue(key.place, f"{year} is before the study starts", f"It starts on {in_words(location.start)}")
    if year <= last:
        order = "stands twice" if year == last else f"stands after {last}"
        raise WrongValue(key.place, f"{year} {order}", "Give the years in order, each once")
    if after_on and not text.startswith(FROM):
        wrong = f"{year} stands after a value that holds from {last} on"
        raise WrongValue(key.place, wrong, f"Write `{FROM}{year}` to replace it from then on")
    return year
