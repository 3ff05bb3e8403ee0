"""Acceptability at every threshold."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.cea.ceac import acceptability_table, threshold_range
from tests.cea.made_up import SCENARIOS, made_up

THRESHOLDS = (0.0, 20_000.0, 50_000.0)


@pytest.mark.parametrize("noise", [0.0, 800.0])
def test_probabilities_sum_to_one_at_every_threshold(noise: float) -> None:
    """TECH-VER, uncertainty: CEACs sum to 1 at every threshold, ties broken by order."""
    table = acceptability_table(made_up(noise=noise), THRESHOLDS)
    sums = table.groupby(["perspective", "threshold"])["probability"].sum()
    assert len(sums) == 2 * len(THRESHOLDS)
    np.testing.assert_allclose(sums, 1.0, atol=1e-12)
    copies = table[table["scenario"] == SCENARIOS[2]]
    assert (copies["probability"] == 0.0).all()
    assert not copies["best"].any()


def test_the_best_has_the_least_expected_loss_which_is_the_value_of_perfect_information() -> None:
    table = acceptability_table(made_up(noise=200.0), THRESHOLDS)
    least = table.groupby(["perspective", "threshold"], sort=False)["expected_loss"].min()
    np.testing.assert_allclose(table[table["best"]]["expected_loss"], least)
    assert (table.groupby(["perspective", "threshold"])["best"].sum() == 1).all()


def test_expected_losses_differ_as_net_benefits_do() -> None:
    table = acceptability_table(made_up(noise=200.0), THRESHOLDS)
    for _, rows in table.groupby(["perspective", "threshold"]):
        sums = rows["expected_loss"] + rows["net_benefit"]
        np.testing.assert_allclose(sums, sums.iloc[0], rtol=1e-9, atol=1e-3)


def test_health_benefit_is_money_over_the_threshold() -> None:
    table = acceptability_table(made_up(), THRESHOLDS)
    assert table.loc[table["threshold"] == 0.0, "net_health_benefit"].isna().all()
    rows = table[table["threshold"] > 0.0]
    np.testing.assert_allclose(rows["net_health_benefit"] * rows["threshold"], rows["net_benefit"])


def test_the_range_of_thresholds_holds_those_of_the_study() -> None:
    shown = threshold_range((28_033.0, 50_000.0, 150_000.0))
    assert shown[0] == 0.0 and shown[-1] == 150_000.0 and 28_033.0 in shown
    assert list(shown) == sorted(set(shown))


def test_the_range_of_thresholds_does_not_grow_with_the_highest() -> None:
    usual = threshold_range((28_033.0, 50_000.0))
    assert len(threshold_range((28_033.0, 1e8))) <= len(usual) + 2


def test_a_single_draw_has_no_error() -> None:
    table = acceptability_table(made_up(1), (50_000.0,))
    assert table["net_benefit_mcse"].isna().all()
    assert set(table["probability"]) == {0.0, 1.0}
