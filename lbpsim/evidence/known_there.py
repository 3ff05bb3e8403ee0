"""The numbers of a country pack: entries as in the registry, by registered names, in the country's own currency."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lbpsim.evidence.bibliography import Reference
from lbpsim.evidence.country import Country
from lbpsim.evidence.country_declaration import DECLARATION, PARAMETERS, Pack
from lbpsim.evidence.currency import Currency, code_of, in_currency, without_code
from lbpsim.evidence.entry_errors import Fault, entry
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.quoting import did_you_mean
from lbpsim.evidence.reading import Entries, parse_entries
from lbpsim.evidence.registry import Parameter, unfit, unsourced
from lbpsim.evidence.soundness import of_no_price_year, off_its_mean


@dataclass(frozen=True)
class KnownThere:
    """What a pack knows: its files, the `donor` whose registry says what a pack can hold (None of the reference), and
    its money, prices and sources; `quickly`: without holding intervals against distributions.
    """

    pack: Pack
    donor: Country | None
    currency: Currency
    prices: PriceIndex
    references: Mapping[str, Reference]
    quickly: bool = False

    def parameters(self, faults: list[Fault]) -> dict[str, Parameter]:
        """Every number by its registered name; what is wrong is added to `faults`."""
        found: dict[str, Parameter] = {}
        for name in self.pack.files:
            if name == PARAMETERS or name.startswith("parameters/"):
                entries = parse_entries(self.pack.files[name], self.pack.file(name))
                for key in entries.content:
                    one = self._parameter(entries, key, faults)
                    if one is not None:
                        found[key] = one
        return found

    def _parameter(self, entries: Entries, name: str, faults: list[Fault]) -> Parameter | None:
        registered = self.donor.registry.parameters.get(name) if self.donor else None
        if self.donor is not None and (registered is None or name not in self.donor.registry.of_country):
            faults.append(Fault.at(entries, (name,), self._no_such(name, registered)))
            return None
        completed = entries if registered is None else _completed(entries, name, registered)
        one = entry(Parameter, completed, name, faults, name=name)
        if one is not None:
            kind = _of_another_kind(one, registered, self.currency)
            wrong = [*kind, *unsourced(one, self.references, DECLARATION)]
            if not wrong:
                slowly = () if self.quickly else (*unfit(one), *off_its_mean(one))
                wrong = [*_without_its_year(one, self.prices), *slowly]
            faults.extend(Fault.at(entries, (name, key), what) for key, what in wrong)
        return one

    def _no_such(self, name: str, registered: Parameter | None) -> str:
        assert self.donor is not None
        if registered is not None:
            return (
                "this is of the disease or its treatment, the same in every country; a study that knows it better says "
                "so in its evidence.yaml"
            )
        right = did_you_mean(name, self.donor.registry.of_country, "see the guide")
        return f"there is no such parameter of a country; {right}"


def _completed(entries: Entries, name: str, registered: Parameter) -> Entries:
    """The entry with what the registry says of it: its label, role and use, where they are not written."""
    written = entries.content[name]
    if not isinstance(written, dict):
        return entries
    told = {"label": registered.label, "role": registered.role}
    if registered.used_to is not None:
        told["used_to"] = registered.used_to
    return dataclasses.replace(entries, content={**entries.content, name: {**told, **written}})


def _of_another_kind(own: Parameter, registered: Parameter | None, currency: Currency) -> Iterator[tuple[str, str]]:
    code = code_of(own.unit)
    wanted = in_currency(without_code((registered or own).unit), currency.code)
    if code not in (None, currency.code):
        yield "unit", f"{own.unit} is not in {currency}, the currency of this country; write `unit: {wanted}`"
    elif registered is not None and without_code(own.unit) != without_code(registered.unit):
        yield "unit", f"{own.name} is kept in {wanted}, and this is {own.unit}; write it in {wanted}"
    if registered is not None and own.role != registered.role:
        yield "role", f"{own.name} is {registered.role} in every country; leave the key out"


def _without_its_year(own: Parameter, prices: PriceIndex) -> Iterator[tuple[str, str]]:
    """As for a study's own evidence; what a country is only compared with stays at prices of its year."""
    if own.role != "input":
        return
    for key, what in of_no_price_year(own, prices):
        yield key, f"{what}. Add prices.csv, the country's price index, or carry the price yourself"
