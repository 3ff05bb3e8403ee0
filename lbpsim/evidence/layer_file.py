"""A layer read from YAML: own parameters, new cost items and their sources, checked against what it lies over."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Container, Iterable, Iterator, Mapping

from lbpsim.evidence import distributions
from lbpsim.evidence.bibliography import Reference
from lbpsim.evidence.bounds import Bounds, bounds
from lbpsim.evidence.entry_errors import Fault, entry, every_entry
from lbpsim.evidence.layers import COST_ITEMS, CostItem, Layer, Registry
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.quoting import did_you_mean
from lbpsim.evidence.reading import Entries, parse_entries
from lbpsim.evidence.registry import Parameter, unfit, unsourced
from lbpsim.evidence.soundness import of_no_price_year, off_its_mean
from lbpsim.evidence.units import DIMENSIONS, MONEY_FOR_ONE, number_text, to_canonical, told

PARAMETERS, SOURCES = "parameters", "sources"
SECTIONS = {
    PARAMETERS: "values in place of the package's, by the name of the parameter",
    COST_ITEMS: "costs that the package does not know, by a name of your own",
    SOURCES: "what the sources named here are, by their key",
}
OF_THE_PACKAGE = {"role": "input", "used_to": None, "prior": None, "sane": None}  # not for a layer to say
PER, CATEGORY = "per", "category"
ITEM = re.compile(r"[a-z][a-z0-9_]*")
NARROWER = "a beta keeps to shares, a gamma or a lognormal to what is above 0, a truncated_normal to ends of its own"
RARELY = 1e-6  # one draw in a million is further out


PAID_FOR = (  # outcomes, each of which a new cost can be paid for
    *("consultations", "cft_offers", "cft_people_accepting", "cft_courses", "cft_sessions"),
    *("physiotherapists_entering", "opioid_starts", "disorders", "overdoses", "tapers"),
    *("surgery_referrals", "surgeries", "reoperations"),
)


def categories(below: Registry) -> tuple[str, ...]:
    """What a new cost can be part of: the costs of which the registry knows who pays them.

    >>> from lbpsim.evidence.in_force import registry
    >>> "cft" in categories(registry())
    True
    """
    parts = (name.split(".") for name in below.parameters if name.startswith("payers."))
    return tuple(dict.fromkeys(category for _, category, _ in parts))


def parse_layer(text: str, file: str, below: Registry, faults: list[Fault]) -> Layer:
    """The layer in YAML `text`, to lie over `below`; what is wrong is added to `faults`.

    `file`: the name that errors give. Raises EvidenceError where it is not YAML.
    """
    entries = parse_entries(text, file)
    faults.extend(_misplaced(entries))
    cited = entries.under(SOURCES)
    references = every_entry(Reference, cited, faults)
    known = {*below.references, *cited.content}
    mine, priced = entries.under(PARAMETERS), entries.under(COST_ITEMS)
    own = [one for name in mine.content if (one := _own(mine, name, below, known, faults)) is not None]
    costs = [cost for name in priced.content if (cost := _cost(priced, name, below, known, faults)) is not None]
    return Layer(
        (*own, *(price for _, price in costs)),
        tuple(item for item, _ in costs),
        tuple(references.items()),
    )


def _misplaced(entries: Entries) -> Iterator[Fault]:
    for name, content in entries.content.items():
        if name not in SECTIONS:
            of_one = f"; a parameter stands under `{PARAMETERS}:`" if "." in name else ""
            what = f"there is no such section{of_one}; the sections are {', '.join(SECTIONS)}"
            yield Fault.at(entries, (name,), what)
        elif not isinstance(content, dict):
            yield Fault.at(entries, (name,), f"this should be a mapping: {SECTIONS[name]}")


def _own(
    entries: Entries, name: str, below: Registry, sources: Container[str], faults: list[Fault]
) -> Parameter | None:
    """A value of one's own for a registered input, of which label and meaning stay."""
    registered = below.parameters.get(name)
    if registered is None or registered.role != "input":
        faults.append(Fault.at(entries, (name,), _no_input(name, registered, below)))
        return None
    entries = _with_unit(entries, name, registered.unit, faults)
    found = entry(Parameter, entries, name, faults, name=name, label=registered.label, **OF_THE_PACKAGE)
    if found is not None:
        allowed = bounds(registered)
        wrong = tuple(_of_another_kind(found, registered)) or tuple(_unsound(found, allowed, sources, below.prices))
        _tell(faults, entries, name, wrong)
    return found


def _with_unit(entries: Entries, name: str, unit: str, faults: list[Fault]) -> Entries:
    """The entries with the unit of one, which is told where it is missing."""
    written = entries.content[name]
    if not isinstance(written, dict) or "unit" in written:
        return entries
    faults.append(Fault.at(entries, (name, "unit"), f"this key is missing; write `unit: {unit}` if that is meant"))
    return dataclasses.replace(entries, content={**entries.content, name: {**written, "unit": unit}})


def _no_input(name: str, registered: Parameter | None, below: Registry) -> str:
    if registered is not None:
        kind = "a figure to compare results with" if registered.role == "target" else "context"
        return f"this is {kind}; the model does not compute with it, so a value of your own would change nothing"
    hint = did_you_mean(name, [each.name for each in below.inputs], "`lbpsim parameters` lists them")
    return f"there is no such parameter; {hint} A new cost stands under `{COST_ITEMS}:`"


def _of_another_kind(own: Parameter, registered: Parameter) -> Iterator[tuple[str, str]]:
    if own.unit != registered.unit:
        what = f"{own.name} is kept in {registered.unit}, and this is {own.unit}"
        yield "unit", f"{what}; write value, interval and distribution in {registered.unit}"


def _cost(
    entries: Entries, name: str, below: Registry, sources: Container[str], faults: list[Fault]
) -> tuple[CostItem, Parameter] | None:
    """A new cost item, and its price as a parameter."""
    if not ITEM.fullmatch(name):
        what = "this cannot be a name; one is like home_visit, in small letters"
        faults.append(Fault.at(entries, (name,), what))
        return None
    written = entries.content[name]
    counted = {key: written.get(key) for key in (PER, CATEGORY)} if isinstance(written, dict) else {}
    plain = {key: value for key, value in written.items() if key not in counted} if counted else written
    rest = _with_unit(dataclasses.replace(entries, content={name: plain}), name, told(MONEY_FOR_ONE), faults)
    price = entry(Parameter, rest, name, faults, name=f"{COST_ITEMS}.{name}", **OF_THE_PACKAGE)
    _tell(faults, entries, name, _uncounted(counted, below))
    if price is None:
        return None
    _tell(faults, entries, name, tuple(_no_price(price)) or tuple(_unsound(price, None, sources, below.prices)))
    return CostItem(price.name, str(counted[PER]), str(counted[CATEGORY])), price


def _uncounted(counted: Mapping[str, object], below: Registry) -> Iterator[tuple[str, str]]:
    choices = {PER: PAID_FOR, CATEGORY: categories(below)}
    what = {PER: "what it is paid for each of", CATEGORY: "which cost it is part of, and so who pays it"}
    for key, value in counted.items():
        if value is None:
            yield key, f"this key is missing; it says {what[key]}, such as {choices[key][0]}"
        elif value not in choices[key]:
            right = did_you_mean(str(value), choices[key], f"the choices are {', '.join(choices[key])}")
            yield key, f"{value} is not {what[key]}; {right}"


def _no_price(price: Parameter) -> Iterator[tuple[str, str]]:
    if price.dimension != MONEY_FOR_ONE:
        yield "unit", f"{price.unit} is not what one of something costs; write `unit: {told(MONEY_FOR_ONE)}`"
    elif price.value < 0.0:
        yield "value", f"{number_text(price.value)} is less than nothing; a cost is 0 or more"


def _unsound(
    own: Parameter, allowed: Bounds | None, sources: Container[str], prices: PriceIndex
) -> Iterator[tuple[str, str]]:
    """What is wrong with the evidence itself: its sources, its distribution, a range that cannot be meant."""
    yield from unsourced(own, sources, f"the `{SOURCES}:` of this file, nor known to the package")
    yield from unfit(own)
    yield from of_no_price_year(own, prices)
    yield from _far(own, allowed)
    yield from off_its_mean(own)


def _far(own: Parameter, allowed: Bounds | None) -> Iterator[tuple[str, str]]:
    """What cannot be meant: beyond what the parameter can be set to, or for a distribution beyond its scale."""
    kind = DIMENSIONS[own.dimension]
    low, high = allowed.canonical if allowed is not None else (0.0, math.inf)
    told = f"{allowed}" if allowed is not None else "0 or more"
    for key, values in (("value", (own.value,)), ("interval", own.interval or ())):
        if any(not low <= to_canonical(value, own.unit) <= high for value in values):
            yield key, f"{' to '.join(map(number_text, values))} {own.unit} cannot be meant; it can be {told}"
    if own.distribution is not None:
        ends = (distributions.quantile(own.distribution, share) for share in (RARELY, 1.0 - RARELY))
        least, most = (to_canonical(end, own.unit) for end in ends)
        if least < low or most > kind.high:
            yield "distribution", f"{own.distribution} draws what cannot be; {NARROWER}"


def _tell(faults: list[Fault], entries: Entries, name: str, wrong: Iterable[tuple[str, str]]) -> None:
    faults.extend(Fault.at(entries, (name, key), what) for key, what in wrong)
