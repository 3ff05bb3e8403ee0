"""A country as the model needs it: its people, money, prices, care and work, with what it borrows from another.

What is of the disease and of its treatments is the same everywhere and is not here. A country comes from a folder of a
few files, a pack (`lbpsim.evidence.country_folder`), and can be taken to pieces again (`files`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

from lbpsim.evidence.bibliography import Reference
from lbpsim.evidence.country_declaration import Table
from lbpsim.evidence.currency import Currency
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.registry import Parameter

PAYERS = ("government", "private_insurer", "patient", "employer", "society")
MID_YEAR = 0.5  # of a year, on which populations are counted


@dataclass(frozen=True)
class AgeGroup:
    """People of the ages `low` to `high`, both included: so many, or such a share of, men and women."""

    low: int
    high: int
    male: float
    female: float

    @property
    def people(self) -> float:
        """Men and women."""
        return self.male + self.female

    def adults(self, adult: int) -> float:
        """Those from the age `adult` on, ages within the group alike in number."""
        return self.people * max(self.high - max(self.low, adult) + 1, 0) / (self.high - self.low + 1)


ByAge = tuple[AgeGroup, ...]


@dataclass(frozen=True)
class Country:
    """A country by its `name`, and what a sentence calls it (`in_a_sentence`: "the United States"); two are the same if
    their packs are.

    `price_year`: of money where a study names none; `counted_on`: date of `population`, people by age, the last group
    with all who are older; `single_years`: people of each age some `years_since_single` before, by which groups are
    split, None where the population says it; `death`: the share of men and women of each age who die within a year;
    `prevalence`: of the condition in per cent, for its shape; `employed`: share of people with it who work; `norms`:
    quality of life of everybody, None where parameters say it. `registry`: every parameter, those of the country in
    their places; `borrowed`: of each borrowed parameter or table, how. `demonstration`: not for decisions.
    `statistics`: who counts its people, as sources of data are named. `files`: text of the pack's files by name.
    """

    name: str
    folder: str
    files: Mapping[str, str] = field(compare=False, repr=False)
    currency: Currency = field(compare=False)
    price_year: int = field(compare=False)
    counted_on: date = field(compare=False)
    population: ByAge = field(compare=False, repr=False)
    single_years: tuple[float, ...] | None = field(compare=False, repr=False)
    years_since_single: int = field(compare=False, repr=False)
    death: ByAge = field(compare=False, repr=False)
    prevalence: ByAge = field(compare=False, repr=False)
    employed: ByAge = field(compare=False, repr=False)
    norms: ByAge | None = field(compare=False, repr=False)
    prices: PriceIndex = field(compare=False, repr=False)
    registry: Registry = field(compare=False, repr=False)
    tables: Mapping[str, Table] = field(compare=False, repr=False)
    borrowed: Mapping[str, str] = field(compare=False, repr=False)
    donor: str = field(default="", compare=False)
    purchasing_power: Parameter | None = field(default=None, compare=False, repr=False)
    in_a_sentence: str = field(default="", compare=False)
    demonstration: bool = field(default=False, compare=False)
    limits: tuple[str, ...] = field(default=(), compare=False, repr=False)
    payers: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    statistics: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    shipped: bool = field(default=False, compare=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        told = "".join(f"{name}\n{text}\n" for name, text in sorted(self.files.items()))
        object.__setattr__(self, "digest", hashlib.sha256(told.encode()).hexdigest())

    def __copy__(self) -> Country:
        """Itself: nothing of it changes."""
        return self

    def __deepcopy__(self, _: object) -> Country:
        """Itself, as of `__copy__`."""
        return self

    def __str__(self) -> str:
        return self.name

    @property
    def base_date(self) -> float:
        """The date of the population as a decimal year: populations are counted at mid-year."""
        return self.counted_on.year + MID_YEAR

    @cached_property
    def own(self) -> Mapping[str, Parameter]:
        """The parameters of the country that it does not borrow."""
        return MappingProxyType({
            name: each for name, each in self.registry.parameters.items()
            if name in self.registry.of_country and name not in self.borrowed
        })  # fmt: skip

    @property
    def references(self) -> Mapping[str, Reference]:
        """Sources by key."""
        return self.registry.references
