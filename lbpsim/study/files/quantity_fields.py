"""Kinds of values with a unit: shares, rates, money, growth, and the quantities that parameters are set to."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import cached_property

from lbpsim import evidence
from lbpsim.evidence import Parameter, units
from lbpsim.evidence.bounds import bounds
from lbpsim.evidence.currency import code_of
from lbpsim.study.files.errors import short
from lbpsim.study.files.field_type import (
    LIKE_A_NUMBER,
    FieldType,
    Location,
    Schema,
    WrongValue,
    finite,
    group_schema,
    scalar,
)
from lbpsim.study.files.nodes import Node, Pairs


@dataclass(frozen=True)
class Quantity(FieldType):
    """A number with its unit, of a `dimension` that the evidence knows.

    `example`: how to write one; `bare`: whether a number without a unit is understood, as it is for shares; `low` and
    `high`: bounds in the canonical unit, beyond those of the dimension; `within`: that range in words, and its source.
    """

    dimension: str
    example: str
    bare: bool = False
    low: float = -math.inf
    high: float = math.inf
    within: str = ""

    def read(self, node: Node, location: Location) -> float:
        """The value in the canonical unit."""
        value = scalar(node, self.wanted)
        return self.of_text(finite(value, self.wanted), node)

    @property
    def wanted(self) -> str:
        """What would be right, in words."""
        within = f", from {self.within}" if self.within else ""
        return f"{units.in_words(self.dimension)} such as `{self.example}`{within}"

    def of_text(self, text: str, node: Node) -> float:
        """The value in the canonical unit; raises WrongValue at the node."""
        if not self.bare and LIKE_A_NUMBER.fullmatch(text):
            raise WrongValue(
                node.place, f"`{short(text)}` has no unit", f"Write {self._with_unit(text)}, or {self.wanted}"
            )
        try:
            value = float(units.parse_quantity(text, self.dimension))
        except units.UnitError as error:
            raise WrongValue(node.place, short(str(error), longest=200), f"Give {self.wanted}") from error
        if not self.low <= value <= self.high:
            raise WrongValue(node.place, f"`{short(text)}` is {self._beyond(value)}", self._right(value))
        return value

    def _with_unit(self, text: str) -> str:
        try:
            value = units.parse_number(text)
        except units.UnitError as error:
            return str(error)
        guess = f"{text}%" if self._percent else units.format_quantity(value, self.dimension)
        return f"`{short(guess)}` if that is meant"

    @property
    def _percent(self) -> bool:
        return self.dimension in ("share", "change")

    def _beyond(self, value: float) -> str:
        side, bound = ("below", self.low) if value < self.low else ("above", self.high)
        return f"{side} {units.format_quantity(bound, self.dimension)}, which cannot be meant"

    def _right(self, value: float) -> str:
        """What would be right: the range, and what was meant where a sign of per cent was left out."""
        percent = "%" in units.DIMENSIONS[self.dimension].units and self.low <= value * units.PER_CENT <= self.high
        hint = f"Did you mean `{value:g}%`? " if percent and 1.0 < value <= 1.0 / units.PER_CENT else ""
        return f"{hint}Give {self.wanted}"

    def schema(self) -> Schema:
        """A string with an example, or a number where that is understood."""
        words: Schema = {"type": "string", "examples": [self.example]}
        if self.within:
            words["$comment"] = f"From {self.within}"
        if not self.bare:
            return words
        kind = units.DIMENSIONS[self.dimension]
        bounds = {"minimum": max(self.low, kind.low), "maximum": min(self.high, kind.high)}
        plain: Schema = {"type": "number"} | {key: bound for key, bound in bounds.items() if math.isfinite(bound)}
        return {"anyOf": [plain, words]}

    def words(self, value: float) -> str:
        """With its unit; yearly rates that are written in per cent are told so."""
        if self.dimension == "rate" and "%" in self.example:
            return f"{units.format_quantity(value, 'change')} per year"
        return units.format_quantity(value, self.dimension)


@dataclass(frozen=True)
class Growth(FieldType):
    """A relative change a year, such as 6% per year; it may be negative."""

    seen: str = ""  # the registered parameter that says what growth there has been
    example = "6% per year"

    @cached_property
    def change(self) -> Quantity:
        """The relative change, at most ten times as fast as growth has been, up or down."""
        if not self.seen:
            return Quantity("change", self.example, low=-1.0, high=1.0)
        seen = bounds(evidence.parameters()[self.seen])
        both = replace(seen, low=-seen.high)
        return Quantity("change", self.example, low=-seen.high, high=seen.high, within=str(both))

    def read(self, node: Node, location: Location) -> float:
        """The relative change a year."""
        wanted = f"growth such as `{self.example}`"
        text = finite(scalar(node, wanted), wanted)
        match = re.fullmatch(r"(.*%)\s*(per|a) year", text)
        if match is None:
            raise WrongValue(node.place, f"`{short(text)}` is not growth in per cent a year", f"Give {wanted}")
        return self.change.of_text(match[1], node)

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string", "pattern": r"%\s*(per|a) year$", "examples": [self.example]}

    def words(self, value: float) -> str:
        """In per cent a year."""
        return f"{units.format_quantity(value, 'change')} per year"


@dataclass(frozen=True)
class Threshold(FieldType):
    """What a QALY may cost: money above 0, with or without "per QALY"."""

    @property
    def money(self) -> Quantity:
        """Money for a QALY, at most ten times what is customary in the country."""
        customary = bounds(evidence.parameters()["economics.threshold_convention"])
        return Quantity(
            "money per QALY", units.told("money 50,000 per QALY"), high=customary.canonical[1], within=str(customary)
        )

    def read(self, node: Node, location: Location) -> float:
        """Money per QALY, in the currency of the country."""
        text = finite(scalar(node, self.money.wanted), self.money.wanted)
        money_only = code_of(text) is not None and "per" not in text
        amount = self.money.of_text(f"{text} per QALY" if money_only else text, node)
        if amount <= 0.0:
            wrong = f"`{short(text)}` for a QALY would make health worth nothing"
            raise WrongValue(node.place, wrong, f"Give {self.money.wanted}, above 0")
        return amount

    def schema(self) -> Schema:
        """As money."""
        return self.money.schema()

    def words(self, value: float) -> str:
        """As money."""
        return self.money.words(value)


@dataclass(frozen=True)
class DiscountRate(FieldType):
    """One yearly rate for costs and health, or one for each."""

    rate: Quantity
    both = ("costs", "health")

    def read(self, node: Node, location: Location) -> float | dict[str, float]:
        """The rate, or each by what it is for, as far as they could be read."""
        if not isinstance(node, Pairs):
            return self.rate.read(node, location)
        found = {}
        for name, value in node.pairs:
            if name.text in self.both:
                found[name.text] = location.under(name.text).read(self.rate, value)
            else:
                right = f"Give {' and '.join(f'`{each}`' for each in self.both)}, or one rate for both"
                location.under(name.text).report(name.place, "There is no such key here", right)
        for missing in (each for each in self.both if each not in [name.text for name, _ in node.pairs]):
            location.report(node.place, f"The rate for {missing} is missing", f"Give {self.rate.wanted} for it too")
        return {name: value for name, value in found.items() if value is not None}

    def schema(self) -> Schema:
        """A rate, or a group of two."""
        each = group_schema(dict.fromkeys(self.both, self.rate.schema())) | {"required": list(self.both)}
        return {"anyOf": [self.rate.schema(), each]}

    def words(self, value: float) -> str:
        """One of the rates, with its unit."""
        return self.rate.words(value)


def assumed(parameter: Parameter) -> Quantity:
    """The kind of value that a parameter can be set to."""
    allowed = bounds(parameter)
    low, high = allowed.canonical
    return Quantity(
        parameter.dimension,
        units.format_quantity(parameter.canonical, parameter.dimension),
        bare=units.DIMENSIONS[parameter.dimension].bare,
        low=low,
        high=high,
        within=str(allowed),
    )
