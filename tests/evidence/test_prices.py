from __future__ import annotations

import pytest

from lbpsim.evidence import prices


def test_prices_follow_the_index() -> None:
    assert prices.carry(576.0, 2021, 2024) == pytest.approx(576.0 * 138.8 / 118.8)
    assert prices.carry(576.0, 2021, 2021) == 576.0


def test_carrying_there_and_back_changes_nothing() -> None:
    for year in prices.index():
        assert prices.carry(prices.carry(100.0, 2009, year), year, 2009) == pytest.approx(100.0)


def test_years_outside_the_index_are_refused() -> None:
    with pytest.raises(prices.PriceYearError, match="2009 to 2024, not for 2030"):
        prices.carry(1.0, 2021, 2030)
    with pytest.raises(prices.PriceYearError, match="not for 1997"):
        prices.carry(1.0, 1997, 2024)


def test_carrying_can_be_seen() -> None:
    assert prices.in_words(576, "AUD", 2021, 2024) == "AUD 576 (2021) = AUD 673 (2024) by CPI"
    assert prices.in_words(42.85, "AUD per hour", 2021, 2024) == (
        "AUD 42.85 per hour (2021) = AUD 50.06 per hour (2024) by CPI"
    )


def test_the_default_price_year_is_the_last_of_the_index() -> None:
    assert prices.latest_year() == 2024
