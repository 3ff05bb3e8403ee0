"""The value of information over the years of use."""

from __future__ import annotations

import math

import pytest

from lbpsim.voi.decision_horizon import annuity, registered_share, share_in_use


def test_years_from_now_are_worth_their_discounted_sum() -> None:
    assert annuity(10.0, 0.05) == pytest.approx(sum(1.05 ** -((k + 0.5) / 1000.0) for k in range(10_000)) / 1000.0)
    assert annuity(7.0, 0.0) == 7.0
    assert annuity(0.0, 0.05) == 0.0


def test_information_at_once_for_the_whole_horizon_is_worth_all() -> None:
    assert share_in_use(10.0, 0.05, 0.0, 10.0) == pytest.approx(1.0)


def test_later_information_is_worth_less_and_longer_use_more() -> None:
    assert share_in_use(10.0, 0.05, 4.0, 10.0) < share_in_use(10.0, 0.05, 2.0, 10.0) < 1.0
    assert share_in_use(10.0, 0.05, 0.0, 20.0) > 1.0
    assert share_in_use(10.0, 0.05, 12.0, 10.0) == 0.0


def test_parts_of_a_lifetime_sum_to_the_whole() -> None:
    early, late = share_in_use(10.0, 0.05, 0.0, 4.0), share_in_use(10.0, 0.05, 4.0, 10.0)
    assert math.isclose(early + late, 1.0)


def test_the_registered_years_of_use() -> None:
    assert 0.0 < registered_share(10.0, 0.05) == share_in_use(10.0, 0.05, 4.0, 10.0) < 1.0
