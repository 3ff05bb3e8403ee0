"""What one-way, structural and threshold analyses look at, read from plan.yaml and checked against the registry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Self

from pydantic import ConfigDict, Field, model_validator

from lbpsim.evidence import Parameter, in_force, parameters
from lbpsim.evidence.layers import COST_ITEMS
from lbpsim.evidence.reading import Declared, shipped_plan
from lbpsim.evidence.units import MONEY_FOR_ONE, parse_quantity
from lbpsim.study.options import OPTIONS

RATIO = "ratio"


class Scenario(Declared):
    """A structural choice made by parameters: what it `decides`, and what each of its `choices` sets (as text)."""

    decides: str
    choices: Mapping[str, Mapping[str, str]] = Field(min_length=1)

    def values(self, choice: str, price_year: int) -> dict[str, float]:
        """Parameters that a choice sets, in canonical units at prices of `price_year`."""
        return {name: stated(text, name, price_year) for name, text in self.choices[choice].items()}

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        for choice in self.choices.values():
            for name, text in choice.items():
                stated(text, name, None)
        return self


class Search(Declared):
    """A value to look for, within a range: it sets one parameter, scales some, or scales training.

    `low` and `high`: the range, in the canonical unit of the parameter set, else a ratio; `options`: structural choices
    made throughout; `note`: what a reader has to know.
    """

    model_config = ConfigDict(populate_by_name=True)

    title: str
    sets: str = ""
    scales: tuple[str, ...] = ()
    training: bool = False
    options: Mapping[str, str] = {}
    low: float = Field(alias="from")
    high: float = Field(alias="to")
    note: str = ""

    @property
    def dimension(self) -> str:
        """Kind of quantity of its values."""
        if self.sets.startswith(COST_ITEMS):
            return MONEY_FOR_ONE
        return parameters()[self.sets].dimension if self.sets else RATIO

    @property
    def touched(self) -> tuple[str, ...]:
        """Names of the parameters that it moves."""
        return (self.sets, *self.scales) if self.sets else self.scales

    @model_validator(mode="before")
    @classmethod
    def _in_canonical_units(cls, written: dict[str, object]) -> dict[str, object]:
        name = written.get("sets")
        if not name:
            return written
        kind = _input(str(name)).dimension
        ends: dict[str, object] = {
            end: parse_quantity(str(written[end]), kind) for end in ("from", "to") if end in written
        }
        return {**written, **ends}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.sets) + bool(self.scales) + self.training != 1:
            raise ValueError("a search sets one parameter, scales some, or scales training: one of the three")
        if not self.low < self.high:
            raise ValueError(f"its range goes from {self.low:g} to {self.high:g}; it has to rise")
        for name in self.touched:
            _input(name)
        for name, choice in self.options.items():
            if not _is_choice(name, choice):
                raise ValueError(f"{name}: {choice} is no structural option")
        return self


def _is_choice(name: str, choice: str) -> bool:
    return choice in OPTIONS.get(name, ((), ""))[0]


class Uptake(Declared):
    """Uptake in the budget: the `parameter`, and the multiples of it that are looked at."""

    parameter: str
    half: float = Field(gt=0.0)
    double: float = Field(gt=0.0)


class Switch(Declared):
    """A reading of the model other than the base: its `title`, and what it sets in place of study and policy.

    `options`: structural choices; `scenario`: by name the choice of a scenario of the scope.
    """

    title: str
    options: Mapping[str, str] = {}
    scenario: Mapping[str, str] = {}


class Switches(Declared):
    """The readings shown with every run; fields as plan.yaml explains them."""

    people: int = Field(gt=0)
    replications: int = Field(gt=1)
    each: Mapping[str, Switch] = Field(min_length=1)


class Scope(Declared):
    """Everything looked at; fields as plan.yaml explains them."""

    people: int = Field(gt=0)
    replications: int = Field(gt=1)
    grid: int = Field(gt=1)
    discount_rates: tuple[float, ...]
    horizons: tuple[int, ...]
    scenarios: Mapping[str, Scenario]
    searches: Mapping[str, Search]
    looks: int = Field(gt=1)
    halvings: int = Field(ge=0)
    uptake: Uptake
    switches: Switches

    @model_validator(mode="after")
    def _choices_of_switches_are_there(self) -> Self:
        for switch in self.switches.each.values():
            for name, choice in switch.options.items():
                if not _is_choice(name, choice):
                    raise ValueError(f"switches: {name}: {choice} is no structural option")
            for name, choice in switch.scenario.items():
                if name not in self.scenarios or choice not in self.scenarios[name].choices:
                    raise ValueError(f"switches: {name}: {choice} is no scenario")
        return self

    @model_validator(mode="before")
    @classmethod
    def _rates_are_read(cls, written: dict[str, object]) -> dict[str, object]:
        rates = written.get("discount_rates")
        if not isinstance(rates, list):
            return written
        return {**written, "discount_rates": [parse_quantity(str(rate), "rate") for rate in rates]}


def stated(text: str, name: str, price_year: int | None) -> float:
    """The value that a text gives a parameter: a quantity, or the name of a registered one that stands in.

    Canonical unit; money at prices of `price_year`, as written where that is None. Raises ValueError for neither.
    """
    kind = _input(name).dimension
    other = parameters().get(text)
    if other is None:
        return parse_quantity(text, kind)
    if other.dimension != kind:
        raise ValueError(f"{text} is a {other.dimension} and cannot stand in for {name}, a {kind}")
    return other.canonical if price_year is None else other.at_prices_of(price_year, in_force.registry().prices)


def _input(name: str) -> Parameter:
    found = parameters().get(name)
    if found is None or found.role != "input":
        raise ValueError(f"{name} is not a registered input")
    return found


@cache
def shipped() -> Scope:
    """The scope that ships with the package."""
    return shipped_plan(Scope, __package__)
