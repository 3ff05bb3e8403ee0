"""Prices carried from one year to another by the consumer price index.

A price year is its June quarter: the financial year 2020-21 is the price year 2021.
"""

from __future__ import annotations

from functools import cache

from lbpsim.evidence import tables
from lbpsim.evidence.units import format_in_unit


class PriceYearError(ValueError):
    """A year that the price index does not cover."""


@cache
def index() -> dict[int, float]:
    """Price index by year."""
    table = tables.consumer_prices()
    return {int(year): float(level) for year, level in zip(table["year"], table["index"], strict=True)}


def latest_year() -> int:
    """The last year of the index, and the price year where a study names none."""
    return max(index())


def carry(amount: float, from_year: int, to_year: int) -> float:
    """`amount` of money (any unit) at prices of `from_year`, at prices of `to_year`.

    Raises PriceYearError for a year that the index does not cover.
    """
    for year in (from_year, to_year):
        if year not in index():
            raise PriceYearError(f"prices are known for {min(index())} to {latest_year()}, not for {year}")
    return amount * index()[to_year] / index()[from_year]


def in_words(value: float, unit: str, from_year: int, to_year: int) -> str:
    """How a price is carried, like "AUD 576 (2021) = AUD 673 (2024) by CPI"; `unit` is one of money.

    Raises PriceYearError for a year that the index does not cover.
    """
    carried = carry(value, from_year, to_year)
    digits = 2 if abs(carried) < 100.0 else 0
    before, after = format_in_unit(value, unit), format_in_unit(round(carried, digits), unit)
    return f"{before} ({from_year}) = {after} ({to_year}) by CPI"
