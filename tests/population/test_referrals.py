"""Referrals for each operation."""

from __future__ import annotations

import pytest

from lbpsim.evidence.shipped_countries import reference
from lbpsim.population.referrals import referrals_per_operation
from tests.pathways.small_country import USUAL_CARE, study

VALUES = study().values(USUAL_CARE)
STEEP = VALUES["course.remission_severity"]


def test_more_are_referred_than_operated() -> None:
    assert 1.02 < referrals_per_operation(reference(), VALUES, STEEP) < 1.5


def test_nobody_is_lost_where_nobody_waits_remits_or_has_been_operated() -> None:
    rare = {**VALUES, "surgery.referral_rate": 1e-9, "surgery.wait_median": 1e-6}
    assert referrals_per_operation(reference(), rare, STEEP) == pytest.approx(1.0, abs=1e-4)


def test_longer_waits_and_more_operations_take_more_referrals() -> None:
    base = referrals_per_operation(reference(), VALUES, STEEP)
    assert (
        referrals_per_operation(
            reference(), {**VALUES, "surgery.wait_median": 4 * VALUES["surgery.wait_median"]}, STEEP
        )
        > base
    )
    assert referrals_per_operation(reference(), {**VALUES, "surgery.referral_rate": 0.004}, STEEP) > base


def test_where_nobody_is_disabled_enough_nothing_is_raised() -> None:
    assert referrals_per_operation(reference(), {**VALUES, "surgery.min_rmdq": 25.0}, STEEP) == 1.0
