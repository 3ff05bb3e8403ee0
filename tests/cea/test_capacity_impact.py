"""Capacity beside the budget, and uptakes side by side."""

from __future__ import annotations

from lbpsim.cea.capacity_impact import OUTCOMES, capacity_table
from lbpsim.outcomes.results import Results


def test_every_year_of_every_policy(eleven: Results) -> None:
    table = capacity_table(eleven)
    assert len(table) == len(OUTCOMES) * len(eleven.scenarios) * len(eleven.years)
    assert set(table["outcome"]) == set(OUTCOMES)
