"""A country pack: a folder of a few YAML and CSV files, read, checked and completed from its donor.

    country.yaml     name, currency, date of the population, purchasing power, tables, limits, sources
    parameters.yaml  what is known there: entries as in the registry, by registered names
    population.csv   people by age and sex
    life_table.csv, prevalence.csv, employment.csv, utility_norms.csv, prices.csv

Only country.yaml and population.csv have to be there. Everything wrong is told at once, each with file, line, key and
remedy.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from lbpsim.evidence import age_tables, borrowing
from lbpsim.evidence.age_tables import Shape, by_age, numbers
from lbpsim.evidence.bibliography import Reference
from lbpsim.evidence.country import PAYERS, ByAge, Country
from lbpsim.evidence.country_declaration import (
    DECLARATION,
    GROUPS,
    PURCHASING_POWER,
    Declaration,
    MoneyOf,
    Pack,
    PackError,
    Statistics,
    Table,
    TableOf,
)
from lbpsim.evidence.currency import Currency, ExchangeRate
from lbpsim.evidence.entry_errors import Fault, entry, every_entry, no_such_key, whole_file
from lbpsim.evidence.known_there import KnownThere
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.reading import parse_entries
from lbpsim.evidence.registry import Parameter, counted_on, unsourced

SHAPES: Mapping[str, Shape] = {
    "population": age_tables.POPULATION,
    "life_table": age_tables.DEATH,
    "prevalence": age_tables.PREVALENCE,
    "employment": age_tables.EMPLOYED,
    "utility_norms": age_tables.NORMS,
    "single_years": age_tables.SINGLE_YEARS,
    "prices": age_tables.PRICES,
}
HAS_TO_BE_THERE = ("population",)
BORROWED_TABLES = {"life_table": "death", "prevalence": "prevalence", "employment": "employed"}  # as of `Country`
NORMS = "quality.norm_"  # parameters that a table of norms takes the place of
NORM_SCALE = "quality.norm_scale"  # stays beside it


def read(
    pack: Pack, common: Registry, donor: Country | None, *, shipped: bool = False, in_full: bool = False
) -> Country:
    """The country of a pack, with what it lacks from a donor; `common`: what is registered of all countries; `in_full`:
    a shipped pack is checked as one of a user is, intervals against distributions, which takes longer.

    Raises PackError, with everything that is wrong in any file, each with file, line, key and remedy.
    """
    if DECLARATION not in pack.files:
        what = f"there is no {DECLARATION}; it says name, currency, price_year and counted_on of the country"
        raise PackError([Fault(pack.shown, None, "", what)])
    faults: list[Fault] = []
    country = _Reading(pack, common, donor, faults, shipped=shipped and not in_full).country()
    if faults or country is None:
        raise PackError(faults)
    return country


class _Reading:
    """Reads one pack, collecting what is wrong in any of its files."""

    def __init__(
        self, pack: Pack, common: Registry, donor: Country | None, faults: list[Fault], *, shipped: bool
    ) -> None:
        self.pack, self.common, self.donor, self.faults = pack, common, donor, faults
        self.shipped = self.quickly = shipped  # distributions of shipped packs are held against intervals by tests
        self.entries = parse_entries(pack.files[DECLARATION], pack.file(DECLARATION))

    def country(self) -> Country | None:
        """The country; None, with faults added, where anything needed for more checks is missing."""
        said, currency = self._declaration(), self._currency()
        described = every_entry(Reference, self.entries.under("sources"), self.faults)
        self.references = {**self.common.references, **described}
        tables = self._tables()
        if said is None or currency is None or self.faults:
            return None
        self.said, self.currency = said, currency
        self.prices = self._prices()
        known = KnownThere(self.pack, self.donor, currency, self.prices, self.references, quickly=self.quickly)
        own = known.parameters(self.faults)
        self.power = self._purchasing_power()
        self.groups = {name: self._by_age(name) for name in SHAPES if name not in ("prices", "single_years")}
        single = self._single_years()
        if self.faults:
            return None
        return self._put_together(own, self._borrowed(own), tables, single)

    def _fault(self, path: tuple[str, ...], what: str) -> None:
        self.faults.append(Fault.at(self.entries, path, what))

    def _declaration(self) -> Declaration | None:
        known = [*Declaration.model_fields, *GROUPS]
        for key in self.entries.content:
            if key not in known:
                self._fault((key,), no_such_key(key, known))
        plain = {key: value for key, value in self.entries.content.items() if key in Declaration.model_fields}
        return whole_file(Declaration, dataclasses.replace(self.entries, content=plain), self.faults)

    def _currency(self) -> Currency | None:
        if "currency" not in self.entries.content:
            self._fault(("currency",), "this key is missing; write `currency: {code: ..., name: ...}`")
            return None
        found = entry(MoneyOf, self.entries, "currency", self.faults)
        return None if found is None else Currency(found.code, found.name)

    def _tables(self) -> dict[str, TableOf]:
        told = self.entries.under("tables")
        there = {name for name in SHAPES if f"{name}.csv" in self.pack.files}
        for name in (*(name for name in HAS_TO_BE_THERE if name not in there), *(set(told.content) - there)):
            right = f"put {name}.csv into the folder" if name in SHAPES else f"the tables are {', '.join(SHAPES)}"
            self.faults.append(Fault.at(told, (name,), f"there is no such table; {right}"))
        for name in sorted(there - set(told.content)):
            what = f"nothing says what {name}.csv is; write `{name}: {{what: ..., sources: [...], grade: ...}}` here"
            self._fault(("tables",), f"{name}: {what}")
        found = {name: entry(TableOf, told, name, self.faults) for name in told.content if name in there}
        for name, table in found.items():
            for key in (key for key in (table.sources if table else ()) if key not in self.references):
                what = f"{key} is not under `sources:`; describe it there first"
                self.faults.append(Fault.at(told, (name, "sources"), what))
        return {name: table for name, table in found.items() if table is not None}

    def _prices(self) -> PriceIndex:
        """The country's index; without one a single year, so that prices of another year are refused, not carried."""
        name, price_year = "prices.csv", self.said.price_year
        if name not in self.pack.files:
            return PriceIndex(self.currency, ((price_year, 1.0),))
        rows = numbers(self.pack.files[name], self.pack.file(name), age_tables.PRICES, self.faults)
        for line, (_, level) in rows:
            if level <= 0.0:
                what = "a level of prices is above 0; give the index of the year"
                self.faults.append(Fault(self.pack.file(name), line, "", what))
        levels = tuple((int(year), level) for _, (year, level) in rows)
        if levels and price_year not in dict(levels):
            what = f"the price year {price_year} is not in the index; add its row, or change price_year"
            self.faults.append(Fault(self.pack.file(name), None, "", what))
        return PriceIndex(self.currency, levels or ((price_year, 1.0),))

    def _by_age(self, name: str) -> ByAge | None:
        text = self.pack.files.get(f"{name}.csv")
        return None if text is None else by_age(text, self.pack.file(f"{name}.csv"), SHAPES[name], self.faults)

    def _single_years(self) -> tuple[float, ...] | None:
        text = self.pack.files.get("single_years.csv")
        if text is None:
            return None
        rows = numbers(text, self.pack.file("single_years.csv"), age_tables.SINGLE_YEARS, self.faults)
        return tuple(persons for _, (_, persons) in rows)

    # What is not known there.

    def _purchasing_power(self) -> Parameter | None:
        if PURCHASING_POWER not in self.entries.content or self.donor is None:
            return None
        label = f"What costs {self.donor.currency} 1 in {self.donor.name}, in {self.currency.name}"
        more: dict[str, Any] = {"name": PURCHASING_POWER, "label": label, "unit": "ratio", "role": "context"}
        found = entry(Parameter, self.entries, PURCHASING_POWER, self.faults, **more)
        if found is not None:
            for key, what in unsourced(found, self.references, DECLARATION):
                self._fault((PURCHASING_POWER, key), what)
            if found.value <= 0.0:
                self._fault((PURCHASING_POWER, "value"), "this is above 0; goods cost something everywhere")
        return found

    def _borrowed(self, own: Mapping[str, Parameter]) -> dict[str, Parameter]:
        if self.donor is None:
            return {}
        exchange = self._exchange(self.donor)
        donor = self.donor.registry
        there = {name: each for name, each in donor.parameters.items() if name in donor.of_country}
        return {
            each.name: borrowing.borrowed(each, exchange, self._at_its_last_prices(each))
            for each in borrowing.lacking(there, own)
            if exchange.rate is not None or each.price_year is None or self._has_to_know_prices(each)
        }

    def _has_to_know_prices(self, lacking: Parameter) -> bool:
        """Tell that money cannot be borrowed, once."""
        what = (
            f"{lacking.name} and every other price that is not known here are to be borrowed, which takes purchasing "
            f"power; write `{PURCHASING_POWER}: {{value: ..., interval: [...], grade: ..., sources: [...]}}`"
        )
        fault = Fault(self.pack.file(DECLARATION), None, PURCHASING_POWER, what)
        if not any(other.key == PURCHASING_POWER for other in self.faults):
            self.faults.append(fault)
        return False

    def _exchange(self, donor: Country) -> borrowing.Exchange:
        rate = ExchangeRate(donor.currency, self.currency, self.power.value) if self.power is not None else None
        heads = _people(self.groups["population"]) / _people(donor.population)
        widening = self.common.parameters[borrowing.WIDENING].value
        return borrowing.Exchange(donor.name, rate, self.said.price_year, heads, widening)

    def _at_its_last_prices(self, there: Parameter) -> float:
        assert self.donor is not None
        prices = self.donor.prices
        if there.price_year is None or there.price_year not in prices.by_year:
            return there.value
        return prices.carry(there.value, there.price_year, prices.latest)

    def _registry(self, of_country: Mapping[str, Parameter]) -> Registry:
        """Everything known, in the order in which parameters are shown in every country."""
        order = [name for _, name, _ in counted_on()]
        every = {**self.common.parameters, **of_country}
        inherited = {**(self.donor.references if self.donor else {}), **self.references}
        ordered = {name: every[name] for name in order if name in every} | every
        return Registry(MappingProxyType(ordered), MappingProxyType(inherited), self.prices, frozenset(of_country))

    def _put_together(
        self,
        own: Mapping[str, Parameter],
        lent: Mapping[str, Parameter],
        tables: Mapping[str, TableOf],
        single: tuple[float, ...] | None,
    ) -> Country | None:
        said, donor, groups = self.said, self.donor, self.groups
        lacking = [name for name in BORROWED_TABLES if groups[name] is None]
        if lacking and donor is None:
            what = f"the reference country has to have {', '.join(f'{name}.csv' for name in lacking)}"
            self.faults.append(Fault(self.pack.shown, None, "", what))
            return None
        by_age = {field: groups[name] or getattr(donor, field) for name, field in BORROWED_TABLES.items()}
        since = said.single_years_counted_on
        return Country(
            name=said.name,
            in_a_sentence=said.in_a_sentence or said.name,
            folder=self.pack.folder,
            files=MappingProxyType(dict(self.pack.files)),
            currency=self.currency,
            price_year=said.price_year,
            counted_on=said.counted_on,
            population=groups["population"] or (),
            single_years=single,
            years_since_single=said.counted_on.year - since.year if since else 0,
            **by_age,
            norms=groups["utility_norms"],
            prices=self.prices,
            registry=self._registry({**lent, **own}),
            tables=MappingProxyType(self._told(tables, lacking)),
            borrowed=MappingProxyType(self._told_borrowed(lent, lacking)),
            donor=donor.name if donor else "",
            purchasing_power=self.power,
            demonstration=said.demonstration,
            limits=said.limits,
            payers=MappingProxyType(self._payers()),
            shipped=self.shipped,
            statistics=MappingProxyType(self._statistics()),
        )

    def _told(self, tables: Mapping[str, TableOf], lacking: Iterable[str]) -> dict[str, Table]:
        own = {name: Table(**each.model_dump()) for name, each in tables.items()}
        if self.donor is None:
            return own
        told = {"grade": "borrowed", "borrowed": self.donor.name}
        return {**own, **{name: self.donor.tables[name].model_copy(update=told) for name in lacking}}

    def _told_borrowed(self, lent: Mapping[str, Parameter], lacking: Iterable[str]) -> dict[str, str]:
        """How each parameter and table is borrowed; what a table of the country's own takes the place of is not."""
        normed = self.groups["utility_norms"] is not None
        used = (name for name in lent if not (normed and name.startswith(NORMS) and name != NORM_SCALE))
        return {name: borrowing.rule(lent[name]) for name in used} | {
            f"{name}.csv": "as it is there" for name in lacking
        }

    def _statistics(self) -> dict[str, str]:
        if "statistics" not in self.entries.content:
            return {"title": f"Population of {self.said.name}: sources in its country pack"}
        said = entry(Statistics, self.entries, "statistics", self.faults)
        return {} if said is None else {key: text for key, text in said.model_dump().items() if text}

    def _payers(self) -> dict[str, str]:
        named = self.entries.under("payers").content
        for key in named:
            if key not in PAYERS:
                self._fault(("payers", key), f"there is no such payer; the payers are {', '.join(PAYERS)}")
        return {str(key): str(name) for key, name in named.items() if key in PAYERS}


def _people(groups: ByAge | None) -> float:
    return sum(group.people for group in groups or ())
