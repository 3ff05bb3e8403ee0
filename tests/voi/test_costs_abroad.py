"""Shipped designs in a country with other money: costs at purchasing power, marked; or a word on why not."""

from __future__ import annotations

import dataclasses

import pytest

from lbpsim.evidence.in_force import registry
from lbpsim.evidence.shipped_countries import from_name, reference
from lbpsim.study import InputErrors
from lbpsim.voi.costs_abroad import abroad
from lbpsim.voi.design_file import read_design, read_designs, shipped


@pytest.mark.parametrize("name", ["England", "United States"])
def test_shipped_designs_cost_what_their_budget_buys_there(name: str) -> None:
    country = from_name(name)
    found = read_designs((), registry(of=country), country)
    assert tuple(each.name for each in found) == shipped()
    assert country.purchasing_power is not None
    for design in found:
        at_home = read_design(design.name, registry())
        for key in ("fixed_cost", "cost_per_participant"):
            here, there = getattr(design, key), getattr(at_home, key)
            carried = there.at_prices_of(reference().prices.latest, reference().prices)
            assert here.value == pytest.approx(carried * country.purchasing_power.value, rel=1e-3)
            assert (here.grade, here.price_year) == ("borrowed", country.price_year)
            assert country.currency.code in here.unit
            assert "AUD" in here.note and "assumption" in here.note and there.note in here.note
        assert design.recruited == at_home.recruited


def test_at_home_nothing_is_exchanged() -> None:
    assert not abroad(registry())
    assert read_design("fidelity", registry(), reference()).fixed_cost.grade == "assumption"


@pytest.mark.parametrize("asked", [(), ("fidelity",)])
def test_where_nothing_says_what_money_buys_the_files_of_the_package_are_not_blamed(asked: tuple[str, ...]) -> None:
    england = dataclasses.replace(from_name("England"), purchasing_power=None)
    with pytest.raises(
        InputErrors, match=r"costs in AUD(.|\n)*in GBP(.|\n)*file of your own(.|\n)*purchasing_power"
    ) as told:
        read_designs(asked, registry(of=england), england)
    assert ".yaml, line" not in str(told.value) and "site-packages" not in str(told.value)
