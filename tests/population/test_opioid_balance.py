"""Opioid use in balance: a solved rate, and what it is solved from."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.evidence.shipped_countries import reference
from lbpsim.population import opioid_balance
from lbpsim.population.opioid_balance import FASTEST, SLOWEST, share_using, stop_established
from lbpsim.psa.draw_request import MOST_DRAWS
from tests.pathways.small_country import USUAL_CARE, study

VALUES = study().values(USUAL_CARE)
STEEP = VALUES["course.remission_severity"]


def test_at_the_solved_rate_the_registered_share_uses_opioids() -> None:
    rate = stop_established(reference(), VALUES, STEEP)
    assert SLOWEST < rate < 0.48
    assert share_using(reference(), VALUES, STEEP, rate) == pytest.approx(VALUES["opioids.on_at_start"], rel=2e-3)


def test_fewer_use_the_faster_use_ends_and_the_likelier_it_ends_with_remission() -> None:
    assert share_using(reference(), VALUES, STEEP, 0.2) < share_using(reference(), VALUES, STEEP, 0.05)
    kept = {**VALUES, "opioids.end_at_remission": 0.0}
    assert share_using(reference(), kept, STEEP, 0.1) > share_using(reference(), VALUES, STEEP, 0.1)


def test_in_the_long_run_of_steady_pain_it_is_the_arithmetic_of_the_source() -> None:
    """Mean stay 2.94 years = 0.946 + 0.237/0.12 at 3.4% starts among the 90.9% who do not use."""
    plain = {**VALUES, "opioids.severity": 1e-9, "course.remission_first_year": 0.0}
    pain = opioid_balance._pain(reference(), {**plain, "course.remission_established": 0.0}, 0.0)
    quarter = opioid_balance._a_quarter(plain, pain, 0.12)
    settled = np.linalg.matrix_power(quarter, 1000)[:, :, 0].reshape(opioid_balance.BINS, opioid_balance.PAIN, -1)
    using = settled[:, :, 1:].sum(axis=(1, 2))
    np.testing.assert_allclose(using, 0.091, rtol=0.015)  # of which quarters of a year take a little


@pytest.mark.parametrize(("share", "rate"), [(0.9, SLOWEST), (0.001, FASTEST)])
def test_where_no_rate_gives_the_share_the_nearest_stands(share: float, rate: float) -> None:
    assert stop_established(reference(), {**VALUES, "opioids.on_at_start": share}, STEEP) == rate


def test_everything_it_reads_is_named() -> None:
    """What is solved is kept by these names: an unnamed one would give stale answers."""
    few = {name: VALUES[name] for name in opioid_balance.NAMES}
    assert opioid_balance.stop_established(reference(), few, STEEP) == stop_established(reference(), VALUES, STEEP)


def test_the_rates_of_all_draws_are_kept() -> None:
    """A run asks for each again when it says in how many of them a rate was cut."""
    assert opioid_balance._solved.cache_parameters()["maxsize"] >= 2 * MOST_DRAWS
