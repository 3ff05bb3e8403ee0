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
from lbpsim.evidence.country import PAYERS, ByAge, Country, Table
from lbpsim.evidence.country_declaration import (
    DECLARATION,
    GROUPS,
    PURCHASING_POWER,
    Declaration,
    MoneyOf,
    Pack,
    PackError,
    Statistics,
    TableOf,
)
from lbpsim.evidence.currency import Currency, ExchangeRate
from lbpsim.evidence.entry_errors import Fault, entry, no_such_key
from lbpsim.evidence.known_there import KnownThere
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.reading import Entries, parse_entries
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
BORROWED_TABLES = ("life_table", "prevalence", "employment")
NORMS = "quality.norm_"  # parameters that a table of norms takes the place of
NORM_SCALE = "quality.norm_scale"  # stays beside it


def read(
    pack: Pack, common: Registry, donor: Country | None, *, shipped: bool = False, in_full: bool = False
) -> Country:
    """The country of a pack, with what it lacks from a donor; `common`: what is registered of all countries; `in_full`:
    a shipped pack is checked as one of a user is, intervals against distributions, which takes longer.

    Raises PackError, with everything that is wrong in any file, each with file, line, key and remedy.
    """
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

    def country(self) -> Country | None:
        """The country; None, with faults added, where anything needed for more checks is missing."""
        if DECLARATION not in self.pack.files:
            what = f"there is no {DECLARATION}; it says name, currency, price_year and counted_on of the country"
            self.faults.append(Fault(self.pack.shown, None, "", what))
            return None
        entries = parse_entries(self.pack.files[DECLARATION], self.pack.file(DECLARATION))
        said, currency = self._declaration(entries), self._currency(entries)
        references = self._references(entries)
        tables = self._tables(entries, references)
        if said is None or currency is None or self.faults:
            return None
        prices = self._prices(currency, said.price_year)
        known = KnownThere(self.pack, self.donor, currency, prices, references, quickly=self.quickly)
        own = known.parameters(self.faults)
        power = self._purchasing_power(entries, currency, references)
        groups = {name: self._by_age(name) for name in SHAPES if name not in ("prices", "single_years")}
        single = self._single_years()
        if self.faults:
            return None
        lent = self._borrowed(own, said, currency, power, groups)
        registry = self._registry({**lent, **own}, references, prices)
        return self._put_together(said, currency, prices, registry, tables, groups, single, power, lent)

    def _fault(self, entries: Entries, path: tuple[str, ...], what: str) -> None:
        self.faults.append(Fault.at(entries, path, what))

    def _declaration(self, entries: Entries) -> Declaration | None:
        known = [*Declaration.model_fields, *GROUPS]
        for key in entries.content:
            if key not in known:
                self._fault(entries, (key,), no_such_key(key, known))
        plain = {key: value for key, value in entries.content.items() if key in Declaration.model_fields}
        lines = {("", *path): line for path, line in entries.lines.items()}
        found: list[Fault] = []
        said = entry(Declaration, Entries(entries.file, {"": plain}, lines), "", found)
        self.faults.extend(dataclasses.replace(fault, key=fault.key.removeprefix(".")) for fault in found)
        return said

    def _currency(self, entries: Entries) -> Currency | None:
        if "currency" not in entries.content:
            self._fault(entries, ("currency",), "this key is missing; write `currency: {code: ..., name: ...}`")
            return None
        found = entry(MoneyOf, entries, "currency", self.faults)
        return None if found is None else Currency(found.code, found.name)

    def _references(self, entries: Entries) -> dict[str, Reference]:
        cited = entries.under("sources")
        found = {key: entry(Reference, cited, key, self.faults) for key in cited.content}
        return {**self.common.references, **{key: each for key, each in found.items() if each is not None}}

    def _tables(self, entries: Entries, references: Mapping[str, Reference]) -> dict[str, TableOf]:
        told = entries.under("tables")
        there = {name for name in SHAPES if f"{name}.csv" in self.pack.files}
        for name in (*(name for name in HAS_TO_BE_THERE if name not in there), *(set(told.content) - there)):
            right = f"put {name}.csv into the folder" if name in SHAPES else f"the tables are {', '.join(SHAPES)}"
            self._fault(told, (name,), f"there is no such table; {right}")
        for name in sorted(there - set(told.content)):
            what = f"nothing says what {name}.csv is; write `{name}: {{what: ..., sources: [...], grade: ...}}` here"
            self._fault(entries, ("tables",), f"{name}: {what}")
        found = {name: entry(TableOf, told, name, self.faults) for name in told.content if name in there}
        for name, table in found.items():
            for key in (key for key in (table.sources if table else ()) if key not in references):
                self._fault(told, (name, "sources"), f"{key} is not under `sources:`; describe it there first")
        return {name: table for name, table in found.items() if table is not None}

    def _prices(self, currency: Currency, price_year: int) -> PriceIndex:
        """The country's index; without one a single year, so that prices of another year are refused, not carried."""
        name = "prices.csv"
        if name not in self.pack.files:
            return PriceIndex(currency, ((price_year, 1.0),))
        rows = numbers(self.pack.files[name], self.pack.file(name), age_tables.PRICES, self.faults)
        for line, (_, level) in rows:
            if level <= 0.0:
                what = "a level of prices is above 0; give the index of the year"
                self.faults.append(Fault(self.pack.file(name), line, "", what))
        levels = tuple((int(year), level) for _, (year, level) in rows)
        if levels and price_year not in dict(levels):
            what = f"the price year {price_year} is not in the index; add its row, or change price_year"
            self.faults.append(Fault(self.pack.file(name), None, "", what))
        return PriceIndex(currency, levels or ((price_year, 1.0),))

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

    def _purchasing_power(
        self, entries: Entries, currency: Currency, references: Mapping[str, Reference]
    ) -> Parameter | None:
        if PURCHASING_POWER not in entries.content or self.donor is None:
            return None
        label = f"What costs {self.donor.currency} 1 in {self.donor.name}, in {currency.name}"
        more: dict[str, Any] = {"name": PURCHASING_POWER, "label": label, "unit": "ratio", "role": "context"}
        found = entry(Parameter, entries, PURCHASING_POWER, self.faults, **more)
        if found is not None:
            for key, what in unsourced(found, references, DECLARATION):
                self._fault(entries, (PURCHASING_POWER, key), what)
            if found.value <= 0.0:
                self._fault(entries, (PURCHASING_POWER, "value"), "this is above 0; goods cost something everywhere")
        return found

    def _borrowed(
        self,
        own: Mapping[str, Parameter],
        said: Declaration,
        currency: Currency,
        power: Parameter | None,
        groups: Mapping[str, ByAge | None],
    ) -> dict[str, Parameter]:
        if self.donor is None:
            return {}
        exchange = self._exchange(said, currency, power, groups)
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

    def _exchange(
        self, said: Declaration, currency: Currency, power: Parameter | None, groups: Mapping[str, ByAge | None]
    ) -> borrowing.Exchange:
        assert self.donor is not None
        rate = ExchangeRate(self.donor.currency, currency, power.value) if power is not None else None
        return borrowing.Exchange(
            self.donor.name,
            rate,
            self.donor.prices.latest,
            said.price_year,
            _people(groups["population"]) / _people(self.donor.population),
            self.common.parameters[borrowing.WIDENING].value,
        )

    def _at_its_last_prices(self, there: Parameter) -> float:
        assert self.donor is not None
        prices = self.donor.prices
        if there.price_year is None or there.price_year not in prices.by_year:
            return there.value
        return prices.carry(there.value, there.price_year, prices.latest)

    def _registry(
        self, of_country: Mapping[str, Parameter], references: Mapping[str, Reference], prices: PriceIndex
    ) -> Registry:
        """Everything known, in the order in which parameters are shown in every country."""
        order = [name for _, name, _ in counted_on()]
        every = {**self.common.parameters, **of_country}
        inherited = {**(self.donor.references if self.donor else {}), **references}
        ordered = {name: every[name] for name in order if name in every} | every
        return Registry(MappingProxyType(ordered), MappingProxyType(inherited), prices, frozenset(of_country))

    def _put_together(
        self,
        said: Declaration,
        currency: Currency,
        prices: PriceIndex,
        registry: Registry,
        tables: Mapping[str, TableOf],
        groups: Mapping[str, ByAge | None],
        single: tuple[float, ...] | None,
        power: Parameter | None,
        lent: Mapping[str, Parameter],
    ) -> Country | None:
        donor = self.donor
        lacking = [name for name in BORROWED_TABLES if groups[name] is None]
        if lacking and donor is None:
            what = f"the reference country has to have {', '.join(f'{name}.csv' for name in lacking)}"
            self.faults.append(Fault(self.pack.shown, None, "", what))
            return None
        lent_tables = {} if donor is None else {
            "life_table": donor.death, "prevalence": donor.prevalence, "employment": donor.employed
        }  # fmt: skip
        found = {name: groups[name] or lent_tables[name] for name in BORROWED_TABLES}
        since = said.single_years_counted_on
        return Country(
            name=said.name,
            in_a_sentence=said.in_a_sentence or said.name,
            folder=self.pack.folder,
            files=MappingProxyType(dict(self.pack.files)),
            currency=currency,
            price_year=said.price_year,
            counted_on=said.counted_on,
            population=groups["population"] or (),
            single_years=single,
            years_since_single=said.counted_on.year - since.year if since else 0,
            death=found["life_table"],
            prevalence=found["prevalence"],
            employed=found["employment"],
            norms=groups["utility_norms"],
            prices=prices,
            registry=registry,
            tables=MappingProxyType(self._told(tables, lacking)),
            borrowed=MappingProxyType(self._told_borrowed(lent, lacking, groups)),
            donor=donor.name if donor else "",
            purchasing_power=power,
            demonstration=said.demonstration,
            limits=said.limits,
            payers=MappingProxyType(self._payers()),
            shipped=self.shipped,
            statistics=MappingProxyType(self._statistics(said.name)),
        )

    def _told(self, tables: Mapping[str, TableOf], lacking: Iterable[str]) -> dict[str, Table]:
        own = {name: Table(each.what, each.sources, each.grade) for name, each in tables.items()}
        if self.donor is None:
            return own
        lent = {name: dataclasses.replace(self.donor.tables[name], grade="borrowed", borrowed=self.donor.name)
                for name in lacking}  # fmt: skip
        return {**own, **lent}

    def _told_borrowed(
        self, lent: Mapping[str, Parameter], lacking: Iterable[str], groups: Mapping[str, ByAge | None]
    ) -> dict[str, str]:
        """How each parameter and table is borrowed; what a table of the country's own takes the place of is not."""
        normed = groups["utility_norms"] is not None
        used = (name for name in lent if not (normed and name.startswith(NORMS) and name != NORM_SCALE))
        return {name: borrowing.rule(lent[name]) for name in used} | {
            f"{name}.csv": "as it is there" for name in lacking
        }

    def _statistics(self, name: str) -> dict[str, str]:
        entries = parse_entries(self.pack.files[DECLARATION], self.pack.file(DECLARATION))
        if "statistics" not in entries.content:
            return {"title": f"Population of {name}: sources in its country pack"}
        said = entry(Statistics, entries, "statistics", self.faults)
        return {} if said is None else {key: text for key, text in said.model_dump().items() if text}

    def _payers(self) -> dict[str, str]:
        entries = parse_entries(self.pack.files[DECLARATION], self.pack.file(DECLARATION))
        named = entries.under("payers").content
        for key in named:
            if key not in PAYERS:
                self._fault(entries, ("payers", key), f"there is no such payer; the payers are {', '.join(PAYERS)}")
        return {str(key): str(name) for key, name in named.items() if key in PAYERS}


def _people(groups: ByAge | None) -> float:
    return sum(group.people for group in groups or ())
