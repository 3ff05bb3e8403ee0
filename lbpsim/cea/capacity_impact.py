"""What a budget needs and buys besides money: physiotherapists, places, courses, waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

OUTCOMES = (
    *("physiotherapists_entering", "physiotherapists_trained", "cft_places", "cft_courses", "cft_wait_mean"),
    *("cft_waiting_at_year_end", "surgeries"),
)


def capacity_table(results: Results) -> pd.DataFrame:
    """By policy and calendar year: scenario, year, outcome, unit, value, mcse; no wait where nobody starts."""
    rows = results.yearly
    return rows[rows["outcome"].isin(OUTCOMES)].reset_index(drop=True)
