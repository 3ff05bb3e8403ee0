"""The registry of parameters: read from the files in `parameters/`, checked, and offered read-only.

What differs between countries is read in the same form from their packs (`lbpsim.evidence.country_folder`).

A parameter is documented here once; schemas, errors, tables and reference pages take it from here.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import cache
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AllowInfNan, Strict, field_validator, model_validator

from lbpsim.evidence import distributions
from lbpsim.evidence.bibliography import FILE as SOURCES_FILE
from lbpsim.evidence.bibliography import read as read_bibliography
from lbpsim.evidence.currency import MONEY as MONEY_FOR_ONE
from lbpsim.evidence.currency import code_of, in_currency
from lbpsim.evidence.entry_errors import Fault, NotWhole, entry
from lbpsim.evidence.grades import Grade
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.reading import HOME, Declared, EvidenceError, parse_entries, read_text
from lbpsim.evidence.units import DIMENSIONS, MONEY, dimension_of, to_canonical

Role = Literal["input", "target", "context"]
Number = Annotated[float, Strict(), AllowInfNan(False)]  # not text, nor yes or no, that could be read as one
NAMES = "names.txt"  # file, name and role of every entry that the program may read
CITED = "name one under `sources`, or grade it assumption"
ENDS = "write its 95% interval as `interval: [low, high]`"
OF_WHICH_YEAR = "say of which year its prices are, as `price_year:`"
NAME = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")


class Parameter(Declared):
    """A number with everything that is known of it.

    `value`, `interval` (95%) and `distribution` are in `unit`. A parameter without distribution is a definition or
    a convention, and is not sampled. `role`: an input of the model, a target to compare results with, or context.
    `used_to` tells targets that calibrate the model from those that only validate it. `prior` is what was known of a
    free parameter before it was calibrated; its `value` and `distribution` are then those after. `sane`: the range in
    which an input can be set, where the rules of `bounds` do not give it.
    """

    name: str
    label: str
    value: Number
    unit: str
    role: Role
    grade: Grade
    distribution: str | None = None
    interval: tuple[Number, Number] | None = None
    sources: tuple[str, ...] = ()
    note: str = ""
    price_year: Annotated[int, Strict()] | None = None
    used_to: Literal["calibrate", "validate"] | None = None
    prior: str | None = None
    sane: tuple[Number, Number] | None = None

    @property
    def dimension(self) -> str:
        """Kind of quantity, as in `units.DIMENSIONS`."""
        return dimension_of(self.unit)

    @property
    def canonical(self) -> float:
        """Value in the canonical unit of its dimension, at prices of its own price year."""
        return to_canonical(self.value, self.unit)

    def at_prices_of(self, year: int, prices: PriceIndex) -> float:
        """Value in the canonical unit; money carried to the price year `year` by a country's `prices`.

        Raises PriceYearError for a year that the prices do not cover, CurrencyError where they are in other money.
        """
        if self.price_year is None:
            return self.canonical
        prices.refuse_other(self.unit)
        return prices.carry(self.canonical, self.price_year, year)

    @field_validator("unit")
    @classmethod
    def _unit_is_known(cls, unit: str) -> str:
        dimension_of(unit)
        return unit

    @field_validator("distribution", "prior")
    @classmethod
    def _can_be_sampled(cls, text: str | None) -> str | None:
        if text is not None:
            distributions.parts(text)
        return text

    @model_validator(mode="after")
    def _is_whole(self) -> Parameter:
        faults = [(key, what) for wrong, key, what in (*self._of_its_numbers(), *self._of_its_kind()) if wrong]
        if faults:
            raise NotWhole(faults)
        return self

    def _of_its_numbers(self) -> Iterator[tuple[object, str, str]]:
        low, high = self.interval or (self.value, self.value)
        yield low > high, "interval", f"the lower end {low:g} is above the upper end {high:g}"
        yield low <= high and not low <= self.value <= high, "value", "value outside its interval"
        kind = DIMENSIONS[self.dimension]
        example = in_currency(kind.written, code_of(self.unit) or MONEY_FOR_ONE)
        for key, number in (("value", self.value), ("interval", low), ("interval", high)):
            beyond = not kind.low <= to_canonical(number, self.unit) <= kind.high
            yield beyond, key, f"{number:g} {self.unit} is no {self.dimension}; one is like {example}"
        alone = self.distribution and not self.interval
        yield alone, "distribution", f"a distribution without its interval; {ENDS}"
        yield self.prior and not self.distribution, "prior", "a prior, but no distribution after calibration"
        told = "`sane` belongs to an input, and holds its value and interval"
        yield self.sane and not self._has_room(), "sane", told

    def _has_room(self) -> bool:
        low, high = self.sane or (self.value, self.value)
        first, last = self.interval or (self.value, self.value)
        return self.role == "input" and low < high and low <= first and last <= high

    def _of_its_kind(self) -> Iterator[tuple[object, str, str]]:
        unsourced = not self.sources and self.grade != "assumption"
        yield unsourced, "grade", f"no source, though graded {self.grade}; {CITED}"
        money = self.dimension in MONEY
        yield money and self.price_year is None, "unit", f"money without a price year; {OF_WHICH_YEAR}"
        yield not money and self.price_year is not None, "price_year", "a price year, but not money"
        aimed = self.used_to is not None
        right = "`used_to` belongs to every target and to nothing else"
        yield (self.role == "target") != aimed, "used_to" if aimed else "role", right


def parse(
    text: str, file: str, sources: Container[str], faults: list[Fault], *, in_full: bool = False
) -> dict[str, Parameter]:
    """Parameters written in YAML `text`; what is wrong is added to `faults`.

    `file`: the name that errors give; `sources`: keys of a bibliography; `in_full`: as of `read`. Raises EvidenceError
    where it is not YAML.
    """
    entries = parse_entries(text, file)
    found = {}
    for name in entries.content:
        if not NAME.fullmatch(name):
            what = f"{name} cannot be a name; one is like cft.uptake, in small letters"
            faults.append(Fault.at(entries, (name,), what, key=""))
            continue
        parameter = entry(Parameter, entries, name, faults, name=name)
        if parameter is not None:
            found[name] = parameter
            wrong = (*unsourced(parameter, sources), *(unfit(parameter) if in_full else ()))
            faults.extend(Fault.at(entries, (name, key), what) for key, what in wrong)
    return found


def unsourced(parameter: Parameter, sources: Container[str], file: str = SOURCES_FILE) -> Iterator[tuple[str, str]]:
    """Sources of a parameter that are not among those described in `file`: the key, and what is wrong with it."""
    for key in parameter.sources:
        if key not in sources:
            yield "sources", f"{key} is not in {file}; describe it there first"


def read(folder: Traversable, *, in_full: bool = False) -> Mapping[str, Parameter]:
    """All parameters registered in a folder that is laid out like this package, by name, in the order of their files.

    `in_full`: intervals are held against distributions too, and price years against the index, which takes longer.

    Raises EvidenceError, a line for everything that is wrong in any file, each with file, line, parameter and key.
    """
    sources = read_bibliography(folder)
    found: dict[str, Parameter] = {}
    homes: dict[str, str] = {}
    faults: list[str] = []
    for file in _files(folder / "parameters"):
        wrong: list[Fault] = []
        try:
            read_here = parse(read_text(file), file.name, sources, wrong, in_full=in_full)
        except EvidenceError as error:
            faults.append(str(error))
            continue
        faults.extend(map(str, wrong))
        again = [name for name in read_here if name in homes]
        faults.extend(f"{file.name}: {name} is registered in {homes[name]} already; keep one of them" for name in again)
        homes |= dict.fromkeys(read_here, file.name)
        found |= read_here
    if faults:
        raise EvidenceError("\n".join(faults))
    return MappingProxyType(found)


def _files(folder: Traversable) -> list[Traversable]:
    try:
        return sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    except OSError as problem:
        raise EvidenceError(f"the folder {folder.name} cannot be read: {problem.strerror or problem}") from None


@cache
def common() -> Mapping[str, Parameter]:
    """What is registered of the disease and of its treatments, the same in every country, in the order of its files.

    Raises EvidenceError, a line for everything that is wrong in any file, each with file, line, parameter and key.
    """
    return read(HOME)


def check(folder: Traversable = HOME) -> None:
    """Check the registry in a folder in full: also what takes slow libraries, intervals against their distributions.

    Raises EvidenceError as `read` does.
    """
    read(folder, in_full=True)


def counted_on() -> Iterator[tuple[str, str, str]]:
    """File, name and role of every parameter that the program may read, in the order in which they are shown."""
    for line in read_text(HOME / NAMES).splitlines():
        file, name, role = line.split()
        yield file, name, role


def missing(found: Mapping[str, Parameter]) -> Iterator[str]:
    """What the program counts on, and somebody took out of the files, renamed, or gave another role."""
    for file, name, role in counted_on():
        if name not in found:
            yield f"{file}: {name} is missing, which is counted on as {role}; put its entry back, under this name"
        elif found[name].role != role:
            yield f"{file}: {name}.role: {name} is counted on as {role}, and this is {found[name].role}"


def unfit(parameter: Parameter) -> Iterator[tuple[str, str]]:
    """What takes slow libraries to see: an interval that is not its distribution's."""
    law, stated = parameter.distribution, parameter.interval
    if law is not None and stated is not None and not distributions.fits(stated, law):
        low, high = distributions.interval(law)
        told = f"{stated[0]:g} to {stated[1]:g} is not the 95% interval of {law}, which is {low:.3g} to {high:.3g}"
        yield "interval", f"{told}; write that, or the distribution that has the interval you mean"
