"""The registry of parameters: read from the files in `parameters/`, checked, and offered read-only.

A parameter is documented here once; schemas, errors, tables and reference pages take it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from lbpsim.evidence import distributions, prices
from lbpsim.evidence.bibliography import bibliography
from lbpsim.evidence.grades import Grade
from lbpsim.evidence.reading import HOME, EvidenceError, parse_mapping
from lbpsim.evidence.units import MONEY, dimension_of, to_canonical

Role = Literal["input", "target", "context"]


class Parameter(BaseModel):
    """A number with everything that is known of it.

    `value`, `interval` (95%) and `distribution` are in `unit`. A parameter without distribution is a definition or
    a convention, and is not sampled. `role`: an input of the model, a target to compare results with, or context.
    `used_to` tells targets that calibrate the model from those that only validate it. `prior` is what was known of a
    free parameter before it was calibrated; its `value` and `distribution` are then those after. `sane`: the range in
    which an input can be set, where the rules of `bounds` do not give it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    label: str
    value: float
    unit: str
    role: Role
    grade: Grade
    distribution: str | None = None
    interval: tuple[float, float] | None = None
    sources: tuple[str, ...] = ()
    note: str = ""
    price_year: int | None = None
    used_to: Literal["calibrate", "validate"] | None = None
    prior: str | None = None
    sane: tuple[float, float] | None = None

    @property
    def dimension(self) -> str:
        """Kind of quantity, as in `units.DIMENSIONS`."""
        return dimension_of(self.unit)

    @property
    def canonical(self) -> float:
        """Value in the canonical unit of its dimension, at prices of its own price year."""
        return to_canonical(self.value, self.unit)

    def at_prices_of(self, year: int) -> float:
        """Value in the canonical unit; money carried to the price year `year`.

        Raises PriceYearError for a year that the price index does not cover.
        """
        if self.price_year is None:
            return self.canonical
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
        aimed = self.used_to is not None
        for wrong, what in (
            (self.interval and not self.interval[0] <= self.value <= self.interval[1], "value outside its interval"),
            (self.distribution and not self.interval, "a distribution without its interval"),
            (not self.sources and self.grade != "assumption", f"no source, though graded {self.grade}"),
            (self.dimension in MONEY and self.price_year is None, "money without a price year"),
            (self.dimension not in MONEY and self.price_year is not None, "a price year, but not money"),
            (self.sane and not self._has_room(), "`sane` belongs to an input, and holds its value and interval"),
            (self.prior and not self.distribution, "a prior, but no distribution after calibration"),
            ((self.role == "target") != aimed, "`used_to` belongs to every target and to nothing else"),
        ):
            if wrong:
                raise ValueError(what)
        return self

    def _has_room(self) -> bool:
        low, high = self.sane or (self.value, self.value)
        first, last = self.interval or (self.value, self.value)
        return self.role == "input" and low < high and low <= first and last <= high


def parse(text: str, file: str) -> dict[str, Parameter]:
    """Parameters written in YAML `text`; `file` is the name that errors give.

    Raises EvidenceError that names file, parameter and what is wrong.
    """
    return {name: _parameter(name, entry, file) for name, entry in parse_mapping(text, file).items()}


def _parameter(name: str, entry: Any, file: str) -> Parameter:
    try:
        parameter = Parameter(name=name, **entry)
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, part['loc']))} {part['msg']}".strip() for part in error.errors())
        raise EvidenceError(f"{file}, {name}: {reasons}") from None
    except TypeError:
        raise EvidenceError(f"{file}, {name}: should be a mapping with label, value, unit, role and grade") from None
    unknown = [key for key in parameter.sources if key not in bibliography()]
    if unknown:
        raise EvidenceError(f"{file}, {name}: {', '.join(unknown)} is not in bibliography.yaml")
    return parameter


@cache
def parameters() -> Mapping[str, Parameter]:
    """All registered parameters by name, in the order of their files.

    Raises EvidenceError that names file, parameter and what is wrong.
    """
    found: dict[str, Parameter] = {}
    folder = HOME / "parameters"
    for file in sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name):
        for name, parameter in parse(file.read_text(encoding="utf-8"), file.name).items():
            if name in found:
                raise EvidenceError(f"{file.name}: {name} is registered in another file already")
            found[name] = parameter
    return MappingProxyType(found)


def base_values(price_year: int | None = None) -> dict[str, float]:
    """Base-case value of every input in canonical units, money at prices of `price_year` (the index's last if None).

    Raises PriceYearError for a year that the price index does not cover.
    """
    year = prices.latest_year() if price_year is None else price_year
    return {name: parameter.at_prices_of(year) for name, parameter in parameters().items() if parameter.role == "input"}
