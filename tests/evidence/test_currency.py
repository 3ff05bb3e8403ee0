"""Amounts of two currencies meet only at a stated rate."""

from __future__ import annotations

import pytest

from lbpsim.evidence.currency import CURRENCY, Currency, CurrencyError, ExchangeRate, Money, in_currency, in_force


def test_money_of_two_currencies_never_meets() -> None:
    pounds, euros = Currency("GBP", "pounds"), Currency("EUR", "euros")
    with pytest.raises(CurrencyError, match="an amount in EUR is not one in GBP"):
        Money(1.0, pounds) + Money(1.0, euros)
    with pytest.raises(CurrencyError):
        assert Money(1.0, pounds) < Money(2.0, euros)
    with pytest.raises(CurrencyError, match="a rate from EUR"):
        Money(1.0, pounds).exchanged(ExchangeRate(euros, pounds, 0.9))
    assert Money(1.0, pounds).exchanged(ExchangeRate(pounds, euros, 1.2)) - Money(0.2, euros) == Money(1.0, euros)


def test_units_name_the_currency_only_where_people_read_them() -> None:
    assert in_currency("money per person", "GBP") == "GBP per person"
    assert in_currency("moneylenders", "GBP") == "moneylenders"


def test_the_currency_in_force_is_the_innermost() -> None:
    outside = in_force()
    with CURRENCY.within(Currency("EUR", "euros")):
        assert str(in_force()) == "EUR"
    assert in_force() == outside
