"""Kinds of values with a unit: shares, rates, money, growth, and the quantities that parameters are set to."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lbpsim.evidence import Parameter
from lbpsim.evidence.units import DIMENSIONS, UnitError, format_quantity, parse_number, parse_quantity
from lbpsim.study.nodes import Node
from lbpsim.study.problems import short
from lbpsim.study.reading import LIKE_A_NUMBER, Schema, Spot, Wrong, finite, scalar


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, of a `dimension` that the evidence knows.

    `example`: how to write one; `bare`: whether a number without a unit is understood, as it is for shares; `low` and
    `high`: bounds in the canonical unit, beyond those of the dimension.
    """

    dimension: str
    example: str
    bare: bool = False
    low: float = -math.inf
    high: float = math.inf

    def read(self, node: Node, spot: Spot) -> float:
        """The value in the canonical unit."""
        value = scalar(node, self.wanted)
        return self.of_text(finite(value, self.wanted), node)

    @property
    def wanted(self) -> str:
        """What would be right, in words."""
        article = "an" if self.dimension[0] in "aeiou" else "a"
        return f"{'' if self.dimension.startswith('money') else f'{article} '}{self.dimension} such as `{self.example}`"

    def of_text(self, text: str, node: Node) -> float:
        """The value in the canonical unit; raises Wrong at the node."""
        if not self.bare and LIKE_A_NUMBER.fullmatch(text):
            raise Wrong(node.place, f"`{short(text)}` has no unit", f"Write {self._with_unit(text)}, or {self.wanted}")
        try:
            value = float(parse_quantity(text, self.dimension))
        except UnitError as error:
            raise Wrong(node.place, short(str(error), longest=200), f"Give {self.wanted}") from error
        if not self.low <= value <= self.high:
            raise Wrong(node.place, f"`{short(text)}` is {self._beyond(value)}", f"Give {self.wanted}")
        return value

    def _with_unit(self, text: str) -> str:
        try:
            value = parse_number(text)
        except UnitError as error:
            return str(error)
        guess = f"{text}%" if self._percent else format_quantity(value, self.dimension)
        return f"`{short(guess)}` if that is meant"

    @property
    def _percent(self) -> bool:
        return self.dimension in ("share", "change")

    def _beyond(self, value: float) -> str:
        side, bound = ("below", self.low) if value < self.low else ("above", self.high)
        return f"{side} {format_quantity(bound, self.dimension)}, which cannot be meant"

    def schema(self) -> Schema:
        """A string with an example, or a number where that is understood."""
        words: Schema = {"type": "string", "examples": [self.example]}
        if not self.bare:
            return words
        kind = DIMENSIONS[self.dimension]
        bounds = {"minimum": max(self.low, kind.low), "maximum": min(self.high, kind.high)}
        plain: Schema = {"type": "number"} | {key: bound for key, bound in bounds.items() if math.isfinite(bound)}
        return {"anyOf": [plain, words]}


@dataclass(frozen=True)
class Growth:
    """A relative change a year, such as 6% per year; it may be negative."""

    example = "6% per year"
    change = Quantity("change", example, low=-1.0, high=1.0)

    def read(self, node: Node, spot: Spot) -> float:
        """The relative change a year."""
        wanted = f"growth such as `{self.example}`"
        text = finite(scalar(node, wanted), wanted)
        match = re.fullmatch(r"(.*%)\s*(per|a) year", text)
        if match is None:
            raise Wrong(node.place, f"`{short(text)}` is not growth in per cent a year", f"Give {wanted}")
        return self.change.of_text(match[1], node)

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string", "pattern": r"%\s*(per|a) year$", "examples": [self.example]}


@dataclass(frozen=True)
class Threshold:
    """What a QALY may cost: money, with or without "per QALY"."""

    money = Quantity("money per QALY", "AUD 50,000 per QALY", low=0.0)

    def read(self, node: Node, spot: Spot) -> float:
        """AUD per QALY."""
        text = finite(scalar(node, self.money.wanted), self.money.wanted)
        money_only = text.startswith("AUD") and "per" not in text
        return self.money.of_text(f"{text} per QALY" if money_only else text, node)

    def schema(self) -> Schema:
        """As money."""
        return self.money.schema()


def assumed(parameter: Parameter) -> Quantity:
    """The kind of value that a parameter can be set to; where only positive values make sense, no other."""
    lowest = parameter.interval[0] if parameter.interval else parameter.value
    return Quantity(
        parameter.dimension,
        format_quantity(parameter.canonical, parameter.dimension),
        bare=DIMENSIONS[parameter.dimension].bare,
        low=0.0 if parameter.value > 0.0 and lowest >= 0.0 else -math.inf,
    )
