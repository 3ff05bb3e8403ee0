"""Uptake in the budget: the plain budget at the registered uptake, more where more accept."""

from __future__ import annotations

import pandas as pd
import pytest

from lbpsim.decision.budget import ALL_PAYERS, budget_impact
from lbpsim.simulation.runs import run_study
from lbpsim.uncertainty.uptake import COLUMNS, DOUBLE, HALF, HIGH, LOW, budgets, shares
from lbpsim.uncertainty.variants import among, assuming
from tests.uncertainty.asked import little, small


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return budgets(small(), little(), workers=1)


def test_uptakes_are_the_ends_of_the_interval_half_and_double_of_at_most_everybody() -> None:
    assert shares(small(), little()) == pytest.approx(
        {"as registered": 0.6, LOW: 0.398, HIGH: 0.786, HALF: 0.3, DOUBLE: 1.0}
    )
    own = shares(assuming(small(), {"cft.uptake": 0.2}), little())
    assert (own["as registered"], own[HALF], own[DOUBLE]) == pytest.approx((0.2, 0.1, 0.4))


def test_as_registered_is_the_plain_budget(table: pd.DataFrame) -> None:
    plain = budget_impact(run_study(among(small(), ["cft"]), workers=1))
    mine = table[table["uptake"] == "as registered"]
    assert mine["cost"].to_numpy() == pytest.approx(plain["cost"].to_numpy())
    assert list(table.columns) == list(COLUMNS) and set(table["scenario"]) == {"cft"}


def test_payers_add_up_under_every_uptake(table: pd.DataFrame) -> None:
    wide = table.pivot_table(index=["uptake", "period"], columns="payer", values="cost")
    parts = wide.drop(columns=ALL_PAYERS).sum(axis=1)
    assert parts.to_numpy() == pytest.approx(wide[ALL_PAYERS].to_numpy())


def test_nothing_to_tell_where_nobody_is_offered_cft() -> None:
    assert budgets(among(small(), ["stewardship"]), little()).empty
