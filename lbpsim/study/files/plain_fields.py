"""Plain kinds of values in scenario files: words, choices and numbers without a unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lbpsim import evidence
from lbpsim.evidence.units import number_text
from lbpsim.study import limits
from lbpsim.study.files.errors import did_you_mean, listed, short
from lbpsim.study.files.field_type import WHOLE, FieldType, Location, Schema, WrongValue, as_written, number, scalar
from lbpsim.study.files.nodes import Items, Node

SPELLINGS = {"yes": "on", "true": "on", "no": "off", "false": "off"}


@dataclass(frozen=True)
class Text(FieldType):
    """Words that can be seen, at most `longest` characters."""

    longest: int = limits.LONGEST_TEXT

    def read(self, node: Node, location: Location) -> str:
        """The text, without spaces around it."""
        value = scalar(node, "some words")
        if value.kind != "text":
            wrong = f"`{short(value.text)}` is read as {value.kind_in_words}"
            raise WrongValue(node.place, wrong, "Put it in quotes to make it text")
        text = value.text.strip()
        if len(text) > self.longest:
            wrong = f"`{short(text)}` has {len(text):,} characters"
            raise WrongValue(node.place, wrong, f"Give at most {self.longest:,}")
        if not any(letter.isalnum() for letter in text):
            raise WrongValue(node.place, f"`{short(text)}` holds no letter and no digit", "Give some words")
        return text

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string", "minLength": 1, "maxLength": self.longest}

    def words(self, value: str) -> str:
        """The text on one line, in quotes."""
        return f'"{" ".join(value.split())}"'


@dataclass(frozen=True)
class Name(FieldType):
    """A name that can be a folder or a file."""

    pattern = r"[A-Za-z][A-Za-z0-9_-]{0,63}"

    def read(self, node: Node, location: Location) -> str:
        """The name."""
        text = Text().read(node, location)
        right = "Use a letter, then letters, digits, hyphens and underscores, such as `rollout-2026`"
        if not re.fullmatch(self.pattern, text):
            raise WrongValue(node.place, f"`{short(text)}` cannot be a name", right)
        if reserved(text):
            raise WrongValue(
                node.place, f"`{text}` names a device under Windows, which has no folder of that name", right
            )
        return text

    def schema(self) -> Schema:
        """A string that matches."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


def reserved(name: str) -> bool:
    """Whether Windows keeps a name for a device, so that no file and no folder there can have it."""
    return re.fullmatch(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", name, re.IGNORECASE) is not None


@dataclass(frozen=True)
class Choice(FieldType):
    """One of several words; `on` and `off` may also be spelt yes, true, no and false."""

    options: tuple[str, ...]

    def read(self, node: Node, location: Location) -> str:
        """The word chosen."""
        wanted = listed(f"`{option}`" for option in self.options)
        text = scalar(node, wanted).text.strip()
        word = SPELLINGS.get(text.lower(), text.lower()) if self.switch else text
        if word in self.options:
            return word
        right = f"{did_you_mean(text, self.options)} The choices are {wanted}"
        raise WrongValue(node.place, f"`{short(text)}` is not one of the choices", right.strip())

    @property
    def switch(self) -> bool:
        """Whether it is on or off."""
        return set(self.options) == {"on", "off"}

    def schema(self) -> Schema:
        """An enumeration; editors may take on and off for true and false."""
        return {"enum": [*self.options, "yes", "no", True, False] if self.switch else list(self.options)}


@dataclass(frozen=True)
class Whether(Choice):
    """One of two words, of which `yes` stands for true in the model."""

    yes: str

    def read(self, node: Node, location: Location) -> bool:  # type: ignore[override]
        """Whether the word is that for true."""
        return super().read(node, location) == self.yes

    def words(self, value: bool) -> str:
        """The word."""
        return next(word for word in self.options if (word == self.yes) == value)

    written = words


@dataclass(frozen=True)
class YesNo(FieldType):
    """Yes or no."""

    switch = Choice(("on", "off"))

    def read(self, node: Node, location: Location) -> bool:
        """True for yes."""
        try:
            return self.switch.read(node, location) == "on"
        except WrongValue as error:
            raise WrongValue(error.place, f"Here stands {as_written(node)}", "Write `yes` or `no`") from error

    def schema(self) -> Schema:
        """As a switch."""
        return self.switch.schema()

    def words(self, value: bool) -> str:
        """Yes or no."""
        return "yes" if value else "no"


@dataclass(frozen=True)
class WholeNumber(FieldType):
    """A whole number within limits."""

    allowed: limits.Whole

    def read(self, node: Node, location: Location) -> int:
        """The number."""
        return whole(node, str(self.allowed), self.allowed.allows)

    def schema(self) -> Schema:
        """An integer within the limits."""
        return {"type": "integer", "minimum": self.allowed.low, "maximum": self.allowed.high}


def whole(node: Node, wanted: str, allows: Callable[[int], bool] = lambda _: True) -> int:
    """The node as a whole number that is allowed; raises WrongValue, saying what is `wanted`."""
    number(node, wanted)
    text = scalar(node, wanted).text.strip()
    digits = text.replace(",", "").replace("_", "")
    if not WHOLE.fullmatch(digits):
        raise WrongValue(node.place, f"`{short(text)}` is not a whole number in digits", f"Give {wanted}")
    if not allows(int(digits)):
        raise WrongValue(node.place, f"{short(text)} is out of range", f"Give {wanted}")
    return int(digits)


@dataclass(frozen=True)
class People(FieldType):
    """How many people to simulate, or all of them."""

    def read(self, node: Node, location: Location) -> int | str:
        """The number, or "all"."""
        wanted = f"{limits.people()}, or `{limits.ALL}`"
        if scalar(node, wanted).text.strip() == limits.ALL:
            return limits.ALL
        value = whole(node, wanted)
        wrong = limits.wrong_people(value)
        if wrong is not None:
            raise WrongValue(node.place, *wrong)
        return value

    def schema(self) -> Schema:
        """An integer or the word."""
        return {"anyOf": [{"const": limits.ALL}, WholeNumber(limits.people()).schema()]}

    def words(self, value: int | str) -> str:
        """The number, or "all"."""
        return f"{value:,}" if isinstance(value, int) else value


@dataclass(frozen=True)
class Amount(FieldType):
    """A whole number of `things`, not negative, at most as many as the registered parameter `most` counts; without it,
    as many as there are people with chronic low back pain.
    """

    things: str
    most: str = ""

    def read(self, node: Node, location: Location) -> float:
        """The number."""
        highest, whose = self.limit()
        wanted = f"a whole number of {self.things}, from 0 to {highest:,} ({whose}), such as `400`"
        value = number(node, wanted)
        if value < 0.0:
            raise WrongValue(node.place, f"{value:g} {self.things} is less than nothing", f"Give {wanted}")
        if not value.is_integer():
            raise WrongValue(node.place, f"{value:g} is not a whole number of {self.things}", f"Give {wanted}")
        if value > highest:
            wrong = f"{number_text(value)} {self.things} is more than {highest:,} ({whose})"
            raise WrongValue(node.place, wrong, "Check the number of noughts")
        return value

    def limit(self) -> tuple[int, str]:
        """The highest number, and what it is."""
        if not self.most:
            return limits.cases(), "adults with chronic low back pain in the country"
        counted = evidence.parameters()[self.most]
        label = f"{counted.label[0].lower()}{counted.label[1:]}"
        return int(counted.value), f"{label}, {' and '.join(counted.sources)}"

    def schema(self) -> Schema:
        """A whole number within limits."""
        highest, whose = self.limit()
        return {"type": "integer", "minimum": 0, "maximum": highest, "$comment": f"At most the {whose}"}

    def words(self, value: float) -> str:
        """The number, and of what."""
        return f"{number_text(value)} {self.things}"


@dataclass(frozen=True)
class ListOf(FieldType):
    """A list of values of one kind, at least one and at most `most`, each once."""

    item: FieldType
    most: int

    def read(self, node: Node, location: Location) -> tuple[Any, ...]:
        """The values that could be read."""
        right = "Give a list: one value a line, each after `- `"
        if not isinstance(node, Items):
            raise WrongValue(node.place, f"Here stands {as_written(node)}, not a list", right)
        if not node.items:
            raise WrongValue(node.place, "The list is empty", f"{right}, or leave the key out")
        if len(node.items) > self.most:
            raise WrongValue(node.place, f"{len(node.items)} values are too many", f"Give at most {self.most}")
        values: list[Any] = []
        for one in node.items:
            value = location.read(self.item, one)
            if value in values:
                location.report(one.place, f"{as_written(one)} stands twice", "Give each value once")
            elif value is not None:
                values.append(value)
        return tuple(values)

    def schema(self) -> Schema:
        """An array."""
        return {"type": "array", "items": self.item.schema(), "minItems": 1, "maxItems": self.most}

    def words(self, value: Sequence[Any]) -> str:
        """Each value."""
        return " and ".join(self.item.words(one) for one in value)
