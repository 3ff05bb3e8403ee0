"""Plain kinds of values in scenario files: words, choices and numbers without a unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lbpsim.study import limits
from lbpsim.study.nodes import Items, Node
from lbpsim.study.problems import did_you_mean, listed, short
from lbpsim.study.reading import WHOLE, Kind, Schema, Spot, Wrong, as_written, number, scalar

SPELLINGS = {"yes": "on", "true": "on", "no": "off", "false": "off"}


@dataclass(frozen=True)
class Text:
    """Words."""

    def read(self, node: Node, spot: Spot) -> str:
        """The text, without spaces around it."""
        value = scalar(node, "some words")
        if value.kind != "text":
            wrong = f"`{short(value.text)}` is read as {value.kind_in_words}"
            raise Wrong(node.place, wrong, "Put it in quotes to make it text")
        return value.text.strip()

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class Name:
    """A name that can be a folder or a file."""

    pattern = r"[A-Za-z][A-Za-z0-9_-]{0,63}"

    def read(self, node: Node, spot: Spot) -> str:
        """The name."""
        text = Text().read(node, spot)
        if not re.fullmatch(self.pattern, text):
            right = "Use a letter, then letters, digits, hyphens and underscores, such as `australia-2026`"
            raise Wrong(node.place, f"`{short(text)}` cannot be a name", right)
        return text

    def schema(self) -> Schema:
        """A string that matches."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


@dataclass(frozen=True)
class Choice:
    """One of several words; `on` and `off` may also be spelt yes, true, no and false."""

    options: tuple[str, ...]

    def read(self, node: Node, spot: Spot) -> str:
        """The word chosen."""
        wanted = listed(f"`{option}`" for option in self.options)
        text = scalar(node, wanted).text.strip()
        word = SPELLINGS.get(text.lower(), text.lower()) if self.switch else text
        if word in self.options:
            return word
        right = f"{did_you_mean(text, self.options)} The choices are {wanted}"
        raise Wrong(node.place, f"`{short(text)}` is not one of the choices", right.strip())

    @property
    def switch(self) -> bool:
        """Whether it is on or off."""
        return set(self.options) == {"on", "off"}

    def schema(self) -> Schema:
        """An enumeration; editors may take on and off for true and false."""
        return {"enum": [*self.options, "yes", "no", True, False] if self.switch else list(self.options)}


@dataclass(frozen=True)
class YesNo:
    """Yes or no."""

    switch = Choice(("on", "off"))

    def read(self, node: Node, spot: Spot) -> bool:
        """True for yes."""
        try:
            return self.switch.read(node, spot) == "on"
        except Wrong as error:
            raise Wrong(error.place, f"Here stands {as_written(node)}", "Write `yes` or `no`") from error

    def schema(self) -> Schema:
        """As a switch."""
        return self.switch.schema()


@dataclass(frozen=True)
class WholeNumber:
    """A whole number within limits."""

    allowed: limits.Whole

    def read(self, node: Node, spot: Spot) -> int:
        """The number."""
        return whole(node, str(self.allowed), self.allowed.allows)

    def schema(self) -> Schema:
        """An integer within the limits."""
        return {"type": "integer", "minimum": self.allowed.low, "maximum": self.allowed.high}


def whole(node: Node, wanted: str, allows: Callable[[int], bool] = lambda _: True) -> int:
    """The node as a whole number that is allowed; raises Wrong, saying what is `wanted`."""
    number(node, wanted)
    text = scalar(node, wanted).text.strip()
    digits = text.replace(",", "").replace("_", "")
    if not WHOLE.fullmatch(digits):
        raise Wrong(node.place, f"`{short(text)}` is not a whole number in digits", f"Give {wanted}")
    if not allows(int(digits)):
        raise Wrong(node.place, f"{short(text)} is out of range", f"Give {wanted}")
    return int(digits)


@dataclass(frozen=True)
class People:
    """How many people to simulate, or all of them."""

    def read(self, node: Node, spot: Spot) -> int | str:
        """The number, or "all"."""
        wanted = f"{limits.people()}, or `{limits.ALL}`"
        if scalar(node, wanted).text.strip() == limits.ALL:
            return limits.ALL
        value = whole(node, wanted)
        wrong = limits.wrong_people(value)
        if wrong is not None:
            raise Wrong(node.place, *wrong)
        return value

    def schema(self) -> Schema:
        """An integer or the word."""
        return {"anyOf": [{"const": limits.ALL}, WholeNumber(limits.people()).schema()]}


@dataclass(frozen=True)
class Amount:
    """A number of `things`, not negative, at most as many as there are people with chronic low back pain."""

    things: str

    def read(self, node: Node, spot: Spot) -> float:
        """The number."""
        wanted = f"a number of {self.things}, 0 or more, such as `400`"
        value = number(node, wanted)
        if value < 0.0:
            raise Wrong(node.place, f"{value:g} {self.things} is less than nothing", f"Give {wanted}")
        if value > limits.cases():
            wrong = f"{value:g} {self.things} is more than the {limits.cases():,} people with chronic low back pain"
            raise Wrong(node.place, wrong, "Check the number of noughts")
        return value

    def schema(self) -> Schema:
        """A number within limits."""
        return {"type": "number", "minimum": 0, "maximum": limits.cases()}


@dataclass(frozen=True)
class ListOf:
    """A list of values of one kind, at least one."""

    item: Kind

    def read(self, node: Node, spot: Spot) -> tuple[Any, ...]:
        """The values that could be read."""
        right = "Give a list: one value a line, each after `- `"
        if not isinstance(node, Items):
            raise Wrong(node.place, f"Here stands {as_written(node)}, not a list", right)
        if not node.items:
            raise Wrong(node.place, "The list is empty", f"{right}, or leave the key out")
        values = [spot.read(self.item, one) for one in node.items]
        return tuple(value for value in values if value is not None)

    def schema(self) -> Schema:
        """An array."""
        return {"type": "array", "items": self.item.schema(), "minItems": 1}
