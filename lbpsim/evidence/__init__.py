"""What is known: every parameter with unit, distribution, source and grade, and the data tables behind the model."""

from __future__ import annotations

from collections.abc import Mapping

from lbpsim.evidence import in_force
from lbpsim.evidence.reading import EvidenceError
from lbpsim.evidence.registry import Parameter

__all__ = ["EvidenceError", "Parameter", "base_values", "parameters"]


def parameters() -> Mapping[str, Parameter]:
    """Everything registered by name, as it is in the country in force.

    Raises LookupError where no country is in force.
    """
    return in_force.registry().parameters


def base_values(price_year: int | None = None) -> dict[str, float]:
    """Base-case value of every input in canonical units, in the country in force; money at prices of `price_year` (the
    last of its price index if None).

    Raises PriceYearError for a year that the price index does not cover.
    """
    return in_force.registry().values(price_year)
