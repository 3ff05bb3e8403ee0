"""The registry in layers: what the package registers, and over it what a study, or a country, knows better.

A layer holds whole parameters, never parts of one: a value whose distribution came from elsewhere would be evidence
that nobody has. Layers are read-only values that compare by what they hold, so a study that has one carries it wherever
it goes: into its results, to worker processes, to a cluster. None is in force for the whole program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from lbpsim.evidence import tables
from lbpsim.evidence.bibliography import Reference
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.registry import Parameter

COST_ITEMS = "cost_items"  # first word of the names of their prices


@dataclass(frozen=True)
class CostItem:
    """A cost that the package does not know: so much for each `per`, an outcome that is counted.

    It is part of the costs of a `category`, as in `costs.csv`, and is paid by who pays those. Its price is the
    parameter `name`.
    """

    name: str
    per: str
    category: str


@dataclass(frozen=True)
class Layer:
    """What lies over a registry: parameters in place of those of the same name, new cost items, sources by key."""

    parameters: tuple[Parameter, ...] = ()
    cost_items: tuple[CostItem, ...] = ()
    references: tuple[tuple[str, Reference], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its parameters."""
        return tuple(each.name for each in self.parameters)


@dataclass(frozen=True)
class Registry:
    """Parameters and sources by key, as they stand when every layer lies over the one before it.

    `prices`: of the country, by which its money is carried from year to year; `of_country`: names of the parameters
    that differ between countries; `own`: of those that come from a study's layer, and not from the package or a pack.
    """

    parameters: Mapping[str, Parameter]
    references: Mapping[str, Reference]
    prices: PriceIndex
    of_country: frozenset[str]
    cost_items: tuple[CostItem, ...] = ()
    own: frozenset[str] = frozenset()

    def over(self, layer: Layer) -> Registry:
        """The registry with a layer over it."""
        known = {**self.parameters, **{each.name: each for each in layer.parameters}}
        return replace(
            self,
            parameters=MappingProxyType(known),
            references=MappingProxyType({**self.references, **dict(layer.references)}),
            cost_items=(*self.cost_items, *layer.cost_items),
            own=self.own | set(layer.names),
        )

    @cached_property
    def inputs(self) -> tuple[Parameter, ...]:
        """What the model computes with, in the order of the registry."""
        return tuple(each for each in self.parameters.values() if each.role == "input")

    @cached_property
    def uncertain(self) -> Mapping[str, Parameter]:
        """Every input that has a distribution, by name, in the order of the registry."""
        return {each.name: each for each in self.inputs if each.distribution is not None}

    @cached_property
    def fitted(self) -> tuple[str, ...]:
        """Names of the parameters that were fitted to targets, and are drawn together from the posterior.

        Whoever has a value of their own for one of them has taken it out of that fit.
        """
        return tuple(str(name) for name in tables.posterior().columns if name not in self.own)

    @property
    def drawable(self) -> tuple[str, ...]:
        """Names of all parameters that a probabilistic analysis can draw."""
        return (*self.uncertain, *(name for name in self.fitted if name not in self.uncertain))

    @property
    def fixed(self) -> tuple[str, ...]:
        """Names of own inputs that have no distribution, so that draws hold them at their value."""
        return tuple(each.name for each in self.inputs if each.name in self.own and each.distribution is None)

    def values(self, price_year: int | None = None) -> dict[str, float]:
        """Value of every input in canonical units, money at prices of `price_year` (the index's last if None).

        Raises PriceYearError for a year that the price index does not cover.
        """
        year = self.prices.latest if price_year is None else price_year
        return {each.name: each.at_prices_of(year, self.prices) for each in self.inputs}
