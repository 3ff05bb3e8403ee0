"""Uptake in the budget: the plain budget at the registered uptake, more where more accept."""

from __future__ import annotations

import pandas as pd
import pytest

from lbpsim.cea.budget_impact import budget_impact
from lbpsim.dsa.uptake import DOUBLE, HALF, HIGH, LOW, budgets, shares
from lbpsim.evidence.output_tables import output_table
from lbpsim.outcomes.budget import ALL_PAYERS
from lbpsim.simulation.run import run_study
from lbpsim.simulation.variants import among, assuming
from tests.dsa.small_analysis import little, small, with_own


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return budgets(small(), little(), workers=1)


def test_uptakes_are_the_ends_of_the_interval_half_and_double_of_at_most_everybody() -> None:
    assert shares(small(), little(), small().policy("cft")) == pytest.approx(
        {"as registered": 0.6, LOW: 0.398, HIGH: 0.786, HALF: 0.3, DOUBLE: 1.0}
    )
    for study in (assuming(small(), {"cft.uptake": 0.2}), with_own("cft", {"cft.uptake": 0.2})):
        own = shares(study, little(), study.policy("cft"))
        assert (own["as registered"], own[LOW], own[HALF], own[DOUBLE]) == pytest.approx((0.2, 0.398, 0.1, 0.4))


def test_as_registered_is_the_plain_budget(table: pd.DataFrame) -> None:
    plain = budget_impact(run_study(among(small(), ["cft"]), workers=1))
    mine = table[table["uptake"] == "as registered"]
    assert mine["cost"].to_numpy() == pytest.approx(plain["cost"].to_numpy())
    assert list(table.columns) == output_table("uptake").names and set(table["scenario"]) == {"cft"}


def test_a_policy_that_sets_uptake_itself_has_a_budget_of_its_own_under_each(table: pd.DataFrame) -> None:
    """At the ends of the interval it is that of the policy without a value of its own."""
    own = budgets(with_own("cft", {"cft.uptake": 0.1}), little(), workers=1)
    costs = own[own["payer"] == ALL_PAYERS].groupby("uptake")["cost"].sum()
    assert costs.nunique() == len(costs)
    for uptake in (LOW, HIGH):
        mine, plain = (each[each["uptake"] == uptake] for each in (own, table))
        assert mine["cost"].to_numpy() == pytest.approx(plain["cost"].to_numpy())


def test_payers_add_up_under_every_uptake(table: pd.DataFrame) -> None:
    wide = table.pivot_table(index=["uptake", "period"], columns="payer", values="cost")
    parts = wide.drop(columns=ALL_PAYERS).sum(axis=1)
    assert parts.to_numpy() == pytest.approx(wide[ALL_PAYERS].to_numpy())


def test_nothing_to_tell_where_nobody_is_offered_cft() -> None:
    assert budgets(among(small(), ["stewardship"]), little()).empty
