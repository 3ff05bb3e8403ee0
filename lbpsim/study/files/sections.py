"""Groups of keys: what keys there are, what each means, and what is said of one that does not belong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from lbpsim import evidence
from lbpsim.evidence import Parameter
from lbpsim.study.files.errors import Place, did_you_mean, nearest
from lbpsim.study.files.field_type import FieldType, Location, Schema, group_schema, pairs_of
from lbpsim.study.files.nodes import Node, Scalar
from lbpsim.study.files.quantity_fields import assumed


@dataclass(frozen=True)
class Key:
    """One key of a file: its name, kind of value and meaning; the default where it may be left out."""

    name: str
    kind: FieldType
    means: str
    default: Any = None
    required: bool = False


@dataclass(frozen=True)
class Section(FieldType):
    """A group of keys."""

    keys: tuple[Key, ...]

    def read(self, node: Node, location: Location) -> dict[str, Any]:
        """The value of every key that is given, and of those that are not, or wrong, the default if there is one."""
        defaults = {key.name: copy(key.default) for key in self.keys if key.default is not None}
        return defaults | self.given(node, location)

    def given(self, node: Node, location: Location) -> dict[str, Any]:
        """The value of every key that is given and right."""
        known = {key.name: key for key in self.keys}
        values = {}
        pairs = pairs_of(node, f"keys such as `{self.keys[0].name}:`")
        for name, value in pairs:
            if name.text not in known:
                _report_unknown(name, list(known), location)
                continue
            read = location.under(name.text).read(known[name.text].kind, value)
            if read is not None:
                values[name.text] = read
        self._report_missing({name.text for name, _ in pairs}, node, location)
        return values

    def _report_missing(self, given: set[str], node: Node, location: Location) -> None:
        for key in self.keys:
            if key.required and key.name not in given:
                location.under(key.name).report(node.place, "This key is missing", f"It gives {key.means}")

    def schema(self) -> Schema:
        """An object that allows no other keys."""
        schema = group_schema({key.name: _described(key) for key in self.keys})
        required = [key.name for key in self.keys if key.required]
        return schema | ({"required": required} if required else {})

    def paths(self, before: str = "") -> Iterator[tuple[str, Key]]:
        """Every key in it and below, after its path."""
        for key in self.keys:
            path = f"{before}.{key.name}" if before else key.name
            yield path, key
            if isinstance(key.kind, Section):
                yield from key.kind.paths(path)


def _described(key: Key) -> Schema:
    schema = key.kind.schema() | {"description": f"{key.means[0].upper()}{key.means[1:]}."}
    default = key.kind.written(key.default)
    return schema | ({"default": default} if isinstance(default, str | int) and default != "" else {})


def _report_unknown(key: Scalar, known: list[str], location: Location) -> None:
    keys = ", ".join(f"`{name}`" for name in known)
    right = f"{_where(key.text, known, location)}The keys here are {keys}"
    location.under(key.text).report(key.place, "There is no such key here", right)


def _where(name: str, known: list[str], location: Location) -> str:
    """Where a key belongs, or what was meant, as the start of a sentence; "" where nothing is near."""
    twin = next((key for key in known if name in (f"{key}s", key.removesuffix("s"))), "")
    if name in location.homes and twin:
        return f"Did you mean `{twin}`? `{name}` belongs {location.homes[name]}. "
    if name in location.homes:
        return f"It belongs {location.homes[name]}. "
    near = did_you_mean(name, known)
    if near:
        return f"{near} "
    elsewhere = nearest(name, location.homes)
    return f"Did you mean `{elsewhere}`? It belongs {location.homes[elsewhere]}. " if elsewhere else ""


class Assumed(dict[str, float]):
    """Values of parameters by name, in canonical units; `places`: where each stands in its file."""

    places: dict[str, Place]


@dataclass(frozen=True)
class Assumptions(FieldType):
    """Registered parameters set to other values, by name."""

    def read(self, node: Node, location: Location) -> Assumed:
        """The values that could be read, in canonical units, and where they stand."""
        values: dict[str, float | None] = {}
        places = {}
        for name, value in pairs_of(node, "parameters and values, such as `cft.fidelity: 0.8`"):
            parameter = self._parameter(name, location.under(name.text))
            if parameter is not None:
                values[name.text] = location.under(name.text).read(assumed(parameter), value)
                places[name.text] = name.place
        found = Assumed({name: value for name, value in values.items() if value is not None})
        found.places = places
        return found

    def _parameter(self, name: Scalar, location: Location) -> Parameter | None:
        known = evidence.parameters() if location.known is None else location.known
        parameter = known.get(name.text)
        hint = did_you_mean(name.text, [each.name for each in _inputs(known)])
        if parameter is None:
            location.report(name.place, "There is no such parameter", f"{hint} `lbpsim parameters` lists them".strip())
        elif parameter.role != "input":
            kind = "a figure to compare results with" if parameter.role == "target" else "context"
            location.report(name.place, f"This is {kind}; the model does not compute with it", hint.strip())
            return None
        return parameter

    def schema(self) -> Schema:
        """An object with a property for each parameter that the model computes with."""
        inputs = ((each, f"{each.label} ({each.grade})") for each in _inputs(evidence.parameters()))
        return group_schema({each.name: assumed(each).schema() | {"description": words} for each, words in inputs})


def _inputs(known: Mapping[str, Parameter]) -> list[Parameter]:
    return [parameter for parameter in known.values() if parameter.role == "input"]
