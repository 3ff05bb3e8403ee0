"""How values are read: what a kind of value is, where reading has come to, and what is said of a wrong value."""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lbpsim.evidence import Parameter
from lbpsim.evidence.units import UnitError, parse_number
from lbpsim.study.files.errors import Place, Problem, short
from lbpsim.study.files.nodes import Node, Pairs, Scalar

WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
LIKE_A_NUMBER = re.compile(r"[-+]?[\d.,_]*\d[\d_.]*([eE][-+]?\d+)?", re.ASCII)
NOT_FINITE = re.compile(r"[+-]?\.?(nan|inf|infinity)", re.IGNORECASE)

Schema = dict[str, Any]


class WrongValue(Exception):  # noqa: N818 - it is a finding, caught where it can be located
    """One value is wrong: where, what is wrong, and what would be right."""

    def __init__(self, place: Place, wrong: str, right: str = "") -> None:
        self.place, self.wrong, self.right = place, wrong, right
        super().__init__(wrong)


class FieldType(ABC):
    """A kind of value: the one place where its meaning is declared, for reading, for the schema and for words."""

    @abstractmethod
    def read(self, node: Node, location: Location) -> Any:
        """The value of a node; raises WrongValue."""

    @abstractmethod
    def schema(self) -> Schema:
        """JSON Schema of the value."""

    def words(self, value: Any) -> str:
        """A value, or one of several with dates, as its file would write it, with its unit."""
        return str(value)

    def written(self, value: Any) -> Any:
        """A value as the schema and the reference page name it as a default."""
        return value


def group_schema(properties: Mapping[str, Schema]) -> Schema:
    """JSON Schema of a group of keys that allows no others."""
    return {"type": "object", "properties": dict(properties), "additionalProperties": False, "minProperties": 1}


@dataclass(frozen=True)
class Location:
    """Where reading has come to: the path of keys, and the problems so far.

    `start`: of the study, where known; `homes`: for every key there is, where it belongs; `known`: parameters by name,
    of the study with its own evidence, None: those of the country in force; `regions`: the names of the study's, none
    where it has none, None where they could not be read.
    """

    problems: list[Problem]
    start: date | None = None
    homes: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    known: Mapping[str, Parameter] | None = None
    regions: Sequence[str] | None = ()

    def under(self, name: str) -> Location:
        """One key further in."""
        return replace(self, key=f"{self.key}.{short(name)}" if self.key else short(name))

    def report(self, place: Place, wrong: str, right: str = "") -> None:
        """Note a problem here."""
        self.problems.append(Problem(place, self.key, wrong, right))

    def attempt(self, reading: Callable[[], Any]) -> Any:
        """What `reading` gives; None, and the problem noted, where it raises WrongValue."""
        try:
            return reading()
        except WrongValue as error:
            self.report(error.place, error.wrong, error.right)
            return None

    def read(self, kind: FieldType, node: Node) -> Any:
        """The node's value; None, and the problem noted, where it is wrong."""
        return self.attempt(lambda: kind.read(node, self))


def scalar(node: Node, wanted: str) -> Scalar:
    """The node as one value; raises WrongValue, saying what is `wanted`, where it is a group, a list or empty."""
    if not isinstance(node, Scalar):
        raise WrongValue(node.place, f"Here stands {node.kind_in_words}", f"Give {wanted}")
    if node.kind == "empty" or not node.text.strip():
        raise WrongValue(node.place, "There is no value here", f"Give {wanted}")
    return node


def number(node: Node, wanted: str) -> float:
    """The node as a finite number without a unit; raises WrongValue, saying what is `wanted`."""
    value = scalar(node, wanted)
    text = finite(value, wanted)
    if LIKE_A_NUMBER.fullmatch(text) is None:
        raise WrongValue(node.place, f"`{short(text)}` is not a number", f"Give {wanted}")
    try:
        found = parse_number(text)
    except UnitError as error:
        raise WrongValue(node.place, str(error), f"Give {wanted}") from error
    if not math.isfinite(found):
        raise WrongValue(node.place, f"`{short(text)}` is too large", f"Give {wanted}")
    return found


def finite(value: Scalar, wanted: str) -> str:
    """The value's text; raises WrongValue, saying what is `wanted`, where it spells infinity or "not a number"."""
    text = value.text.strip()
    if NOT_FINITE.fullmatch(text):
        raise WrongValue(value.place, f"`{text}` is not a number that can be computed with", f"Give {wanted}")
    return text


def pairs_of(node: Node, wanted: str) -> tuple[tuple[Scalar, Node], ...]:
    """The pairs of a map, at least one; raises WrongValue, saying what is `wanted`."""
    if not isinstance(node, Pairs):
        raise WrongValue(node.place, f"Here stands {as_written(node)}", f"Give {wanted}")
    if not node.pairs:
        raise WrongValue(node.place, "Nothing stands between the braces", f"Give {wanted}, or leave the key out")
    return node.pairs


def as_written(node: Node) -> str:
    """A node as an error quotes it."""
    return f"`{short(node.text)}`" if isinstance(node, Scalar) and node.kind != "empty" else node.kind_in_words
