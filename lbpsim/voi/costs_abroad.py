"""Designs that ship, for a country with other money: their costs exchanged at purchasing power, as it borrows prices.

They are budgeted in the money of the country from which others borrow. A design in a file of somebody's own is not
exchanged: whoever writes a budget knows its money.
"""

from __future__ import annotations

import dataclasses

from lbpsim.evidence import Parameter
from lbpsim.evidence.borrowing import Exchange, borrowed
from lbpsim.evidence.country import Country
from lbpsim.evidence.currency import Currency, ExchangeRate
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.shipped_countries import reference
from lbpsim.study.files.errors import wrong_option
from lbpsim.voi.design import Design

AS_IT_IS = 1.0  # people for each one there, and width of a distribution: neither matters to a cost without one


def abroad(known: Registry) -> bool:
    """Whether a study has other money than the designs that ship."""
    return known.prices.currency != reference().currency


def at_home(known: Registry) -> Registry:
    """The registry of a study with the prices in which shipped designs are budgeted."""
    return dataclasses.replace(known, prices=reference().prices)


def exchange_into(country: Country | None, currency: Currency) -> Exchange:
    """From the money of shipped designs into that of a country.

    Raises InputErrors where the country does not say what that money buys there.
    """
    home = reference()
    if country is None or country.purchasing_power is None or country.donor != home.name:
        wrong = f"The designs that ship have costs in {home.currency}, and nothing says what that is in {currency}"
        right = (
            f"Name a file of your own with costs in {currency}, such as a copy of one that ships, or write "
            "`purchasing_power` into the country's country.yaml"
        )
        raise wrong_option("design", wrong, right)
    rate = ExchangeRate(home.currency, currency, country.purchasing_power.value)
    return Exchange(home.name, rate, country.price_year, AS_IT_IS, AS_IT_IS)


def exchanged(design: Design, exchange: Exchange) -> Design:
    """The design with its costs in other money, graded "borrowed"."""
    fixed, each = (_cost(cost, exchange) for cost in (design.fixed_cost, design.cost_per_participant))
    return dataclasses.replace(design, fixed_cost=fixed, cost_per_participant=each)


def _cost(there: Parameter, exchange: Exchange) -> Parameter:
    assert there.price_year is not None
    prices = reference().prices
    here = borrowed(there, exchange, prices.carry(there.value, there.price_year, prices.latest))
    return here.model_copy(update={"note": f"{here.note} {there.note}".strip()})
