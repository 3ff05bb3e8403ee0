"""Which choices of structure the draws of a study make, and how often each: `structure_weights` in the study file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lbpsim.study.files.errors import did_you_mean, listed, short
from lbpsim.study.files.field_type import FieldType, Location, Schema, WrongValue, group_schema, number, pairs_of
from lbpsim.study.files.nodes import Node, Scalar

OFF, NO = "off", ("off", "no", "false")
OPTIONS_WANTED = "options with weights, such as `utility_slope: {within_person: 1}`, or `off`"
Weights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class StructureWeights(FieldType):
    """By structural option the weight of each of its choices, in any unit; or `off`, and structure is not drawn.

    `options`: the choices of each option that draws can make; of one that is not given every choice weighs the same.
    """

    options: Mapping[str, tuple[str, ...]]

    @property
    def equal(self) -> Weights:
        """The same weight for every choice."""
        return {name: dict.fromkeys(choices, 1.0) for name, choices in self.options.items()}

    def read(self, node: Node, location: Location) -> Weights:
        """The weights of every option; none for `off`."""
        if isinstance(node, Scalar) and node.text.strip().lower() in NO:
            return {}
        given = {}
        for name, value in pairs_of(node, OPTIONS_WANTED):
            if name.text not in self.options:
                right = f"{did_you_mean(name.text, self.options)} Those drawn are {listed(self.options)}".strip()
                location.under(name.text).report(
                    name.place, "There is no such option among those that are drawn", right
                )
            else:
                given[name.text] = location.under(name.text).read(Weighed(self.options[name.text]), value)
        return {**self.equal, **given}

    def schema(self) -> Schema:
        """A group of groups of numbers, or the word."""
        group = group_schema({name: Weighed(choices).schema() for name, choices in self.options.items()})
        return {"anyOf": [{"enum": [OFF, False]}, group]}


@dataclass(frozen=True)
class Weighed(FieldType):
    """Weights of the choices of one option; a choice that is not given is never drawn."""

    choices: tuple[str, ...]

    def read(self, node: Node, location: Location) -> dict[str, float]:
        """The weights given."""
        weights = {}
        for name, value in pairs_of(node, f"choices with weights, such as `{self.choices[0]}: 2`"):
            if name.text not in self.choices:
                right = f"{did_you_mean(name.text, self.choices)} The choices are {listed(self.choices)}".strip()
                raise WrongValue(name.place, f"`{short(name.text)}` is not one of the choices", right)
            weights[name.text] = number(value, "a weight, such as `1`")
            if weights[name.text] < 0.0:
                raise WrongValue(
                    value.place, "A weight below zero makes no sense", "Give 0 to a choice never to be drawn"
                )
        if not sum(weights.values()):
            raise WrongValue(
                node.place, "All weights are zero, so nothing can be drawn", "Give a choice a weight above 0"
            )
        return weights

    def schema(self) -> Schema:
        """A group of numbers."""
        return group_schema({name: {"type": "number", "minimum": 0} for name in self.choices})
