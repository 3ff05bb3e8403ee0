"""What a country does not know, from one that does: by a stated rule, graded "borrowed", more uncertain than there.

Money is carried to the donor's last price year and exchanged at purchasing power; numbers of people are taken per head;
shares, rates and everything else as they are. A distribution keeps its form, and becomes wider.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lbpsim.evidence import distributions
from lbpsim.evidence.currency import ExchangeRate, Money, in_currency, without_code
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.units import MONEY, format_in_unit

WIDENING = "uncertainty.borrowed_widening"  # of the standard deviation, registered
PER_HEAD = frozenset({"count", "count per year"})
CONTEXT_READ = ("decision.", "economics.threshold_convention", "economics.discount_rate", "workforce.registered")
NOT_COUNTED_BY_HEAD = frozenset({"sessions", "trials"})
DIGITS = 4  # significant digits of a number that is borrowed: more would claim to know it


@dataclass(frozen=True)
class Exchange:
    """From a donor to a country: `rate` of purchasing power, None where it is not known; people here for each one
    there; `price_year` here; `widening` of standard deviations.
    """

    donor: str
    rate: ExchangeRate | None
    price_year: int
    heads: float
    widening: float


def rule(parameter: Parameter) -> str:
    """How a parameter is borrowed, in words."""
    if parameter.dimension in MONEY:
        return "by purchasing power"
    if parameter.dimension in PER_HEAD and parameter.unit not in NOT_COUNTED_BY_HEAD:
        return "per head"
    return "as it is there"


def borrowed(there: Parameter, exchange: Exchange, at_donor_year: float) -> Parameter:
    """A parameter of the donor as one of the country; `at_donor_year`: its value at prices of the donor's year.

    Raises ValueError for money where purchasing power is not known.
    """
    how = rule(there)
    factor = exchange.heads if how == "per head" else 1.0
    unit = there.unit
    if there.dimension in MONEY:
        if exchange.rate is None:
            raise ValueError(f"{there.name} is money, and cannot be borrowed without `purchasing_power`")
        carried = Money(at_donor_year, exchange.rate.of).exchanged(exchange.rate)
        factor = carried.amount / there.value if there.value else 1.0
        unit = in_currency(without_code(unit), carried.currency.code)
    law = there.distribution and distributions.widened(there.distribution, exchange.widening, factor)
    value = distributions.mean(law) if law else there.value * factor
    changes = {
        "value": _rounded(value),
        "unit": unit,
        "grade": "borrowed",
        "distribution": law,
        "interval": _interval(there, law, factor),
        "price_year": exchange.price_year if there.dimension in MONEY else None,
        "note": f"Borrowed from {exchange.donor} {how}, where it is {_there(there)}.",
        "prior": None,
        "sane": None,
    }
    return there.model_copy(update=changes)


def _interval(there: Parameter, law: str | None, factor: float) -> tuple[float, float] | None:
    if law is None:
        ends = there.interval and tuple(_rounded(end * factor) for end in there.interval)
        return (ends[0], ends[1]) if ends else None
    low, high = distributions.interval(law)
    return _rounded(low), _rounded(high)


def _there(there: Parameter) -> str:
    year = f" ({there.price_year})" if there.price_year else ""
    return f"{format_in_unit(there.value, there.unit)}{year}, graded {there.grade}"


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def lacking(donor: Mapping[str, Parameter], own: Mapping[str, Parameter]) -> Iterator[Parameter]:
    """What the donor knows, the country does not, and a study reads; figures to compare with are nobody else's."""
    unknown = (each for name, each in donor.items() if name not in own)
    return (each for each in unknown if each.role == "input" or each.name.startswith(CONTEXT_READ))
