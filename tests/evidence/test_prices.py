from __future__ import annotations

import pytest

from lbpsim.evidence.currency import CurrencyError
from lbpsim.evidence.prices import PriceIndex, PriceYearError
from lbpsim.evidence.shipped_countries import reference

PRICES = reference().prices
ONE_YEAR = PriceIndex(PRICES.currency, ((2025, 1.0),))


def test_prices_follow_the_index() -> None:
    assert PRICES.carry(576.0, 2021, 2024) == pytest.approx(576.0 * 138.8 / 118.8)
    assert PRICES.carry(576.0, 2021, 2021) == 576.0


def test_carrying_there_and_back_changes_nothing() -> None:
    for year in PRICES.by_year:
        assert PRICES.carry(PRICES.carry(100.0, 2009, year), year, 2009) == pytest.approx(100.0)


def test_years_outside_the_index_are_refused() -> None:
    with pytest.raises(PriceYearError, match="2009 to 2024, not for 2030"):
        PRICES.carry(1.0, 2021, 2030)
    with pytest.raises(PriceYearError, match="not for 1997"):
        PRICES.carry(1.0, 1997, 2024)
    with pytest.raises(PriceYearError, match="known for 2025, not for 2024"):
        ONE_YEAR.carry(1.0, 2024, 2025)


def test_carrying_can_be_seen() -> None:
    assert PRICES.in_words(576, "AUD", 2021, 2024) == "AUD 576 (2021) = AUD 673 (2024) by CPI"
    assert PRICES.in_words(42.85, "AUD per hour", 2021, 2024) == (
        "AUD 42.85 per hour (2021) = AUD 50.06 per hour (2024) by CPI"
    )


def test_the_default_price_year_is_the_last_of_the_index() -> None:
    assert PRICES.latest == 2024


def test_money_of_another_country_is_not_carried() -> None:
    with pytest.raises(CurrencyError, match="GBP cannot be carried by prices in AUD"):
        PRICES.refuse_other("GBP per hour")
    PRICES.refuse_other("AUD per hour")
    PRICES.refuse_other("money per hour")
