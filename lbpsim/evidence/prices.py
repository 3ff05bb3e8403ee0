"""Prices carried from one year to another by a country's price index.

A price year is its June quarter: the financial year 2020-21 is the price year 2021.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lbpsim.evidence.currency import Currency, CurrencyError, code_of
from lbpsim.evidence.units import format_in_unit


class PriceYearError(ValueError):
    """A year that the price index does not cover."""


@dataclass(frozen=True)
class PriceIndex:
    """Levels of prices in a `currency`, year by year; a country without an index has one year, and carries nothing."""

    currency: Currency
    levels: tuple[tuple[int, float], ...]

    @cached_property
    def by_year(self) -> Mapping[int, float]:
        """The level of each year."""
        return dict(self.levels)

    @property
    def latest(self) -> int:
        """The last year, and the price year where a study names none."""
        return max(self.by_year)

    @property
    def years(self) -> str:
        """The years in words: "2009 to 2024"."""
        first, last = min(self.by_year), self.latest
        return f"{first}" if first == last else f"{first} to {last}"

    def carry(self, amount: float, from_year: int, to_year: int) -> float:
        """`amount` of money (any unit) at prices of `from_year`, at prices of `to_year`.

        Raises PriceYearError for a year that the index does not cover.
        """
        for year in (from_year, to_year):
            if year not in self.by_year:
                raise PriceYearError(f"prices are known for {self.years}, not for {year}")
        return amount * self.by_year[to_year] / self.by_year[from_year]

    def in_words(self, value: float, unit: str, from_year: int, to_year: int) -> str:
        """How a price is carried, like "AUD 576 (2021) = AUD 673 (2024) by CPI"; `unit` is one of money.

        Raises PriceYearError for a year that the index does not cover.
        """
        carried = self.carry(value, from_year, to_year)
        digits = 2 if abs(carried) < 100.0 else 0
        before, after = format_in_unit(value, unit), format_in_unit(round(carried, digits), unit)
        return f"{before} ({from_year}) = {after} ({to_year}) by CPI"

    def refuse_other(self, unit: str) -> None:
        """Raises CurrencyError for a unit in another currency than that of these prices."""
        code = code_of(unit)
        if code is not None and code != self.currency.code:
            raise CurrencyError(f"an amount in {code} cannot be carried by prices in {self.currency}")
