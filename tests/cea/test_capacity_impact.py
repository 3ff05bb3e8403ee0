"""Capacity beside the budget, and uptakes side by side."""

from __future__ import annotations

import pytest

from lbpsim.cea.budget_impact import budget_impact
from lbpsim.cea.capacity_impact import OUTCOMES, UptakeError, capacity_table, uptake_table
from lbpsim.outcomes.results import Results


def test_every_year_of_every_policy(eleven: Results) -> None:
    table = capacity_table(eleven)
    assert len(table) == len(OUTCOMES) * len(eleven.scenarios) * len(eleven.years)
    assert set(table["outcome"]) == set(OUTCOMES)


def test_uptakes_stand_side_by_side(eleven: Results) -> None:
    table = uptake_table({"as registered": eleven, "again": eleven})
    for _, rows in table.groupby("uptake"):
        assert rows.drop(columns="uptake").reset_index(drop=True).equals(budget_impact(eleven))


def test_uptakes_of_nothing_are_refused() -> None:
    with pytest.raises(UptakeError, match="same policies and years; got 0"):
        uptake_table({})
