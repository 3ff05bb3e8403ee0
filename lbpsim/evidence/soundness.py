"""What cannot be with a number that a study or a country brings: the key, and what would be right."""

from __future__ import annotations

from collections.abc import Iterator

from lbpsim.evidence import distributions
from lbpsim.evidence.currency import CurrencyError
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.units import number_text

APART = 0.03  # of the value: how far the mean of its distribution may be rounded


def off_its_mean(own: Parameter) -> Iterator[tuple[str, str]]:
    """A value that the draws do not have as their mean."""
    if own.distribution is None:
        return
    low, high = distributions.interval(own.distribution)
    mean = distributions.mean(own.distribution)
    if abs(mean - own.value) > max(APART * abs(own.value), distributions.ROUNDED * (high - low)):
        what = f"{number_text(own.value)} is not the mean of {own.distribution}, which is {mean:.3g}"
        yield "value", f"{what}; the base case is the mean of the draws, so write that, or another distribution"


def of_no_price_year(own: Parameter, prices: PriceIndex) -> Iterator[tuple[str, str]]:
    """Money of a year, or in a currency, of which a country has no prices."""
    if own.price_year is None:
        return
    try:
        prices.refuse_other(own.unit)
    except CurrencyError as error:
        yield "unit", str(error)
    if own.price_year not in prices.by_year:
        yield "price_year", f"{own.price_year} is out of range; prices are known for {prices.years}"
