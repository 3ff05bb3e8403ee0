"""What a budget needs and buys besides money: physiotherapists, places, courses, waits; and how much uptake decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from lbpsim.cea.budget_impact import budget_impact

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

OUTCOMES = (
    *("physiotherapists_entering", "physiotherapists_trained", "cft_places", "cft_courses", "cft_wait_mean"),
    *("cft_waiting_at_year_end", "surgeries"),
)
UPTAKE = "uptake"


class UptakeError(ValueError):
    """Results for several uptakes that cannot be compared."""


def capacity_table(results: Results) -> pd.DataFrame:
    """By policy and calendar year: scenario, year, outcome, unit, value, mcse; no wait where nobody starts."""
    rows = results.yearly
    return rows[rows["outcome"].isin(OUTCOMES)].reset_index(drop=True)


def uptake_table(results: Mapping[str, Results]) -> pd.DataFrame:
    """Budget impact and capacity under several uptakes: uptake, scenario, period, payer, cost (AUD).

    `results`: of the same study, by the name of the uptake ("as registered", "half"), each run with its own.

    Raises UptakeError when there are none, or their policies or years differ.
    """
    shapes = {(each.scenarios, each.years) for each in results.values()}
    if len(shapes) != 1:
        raise UptakeError(f"uptakes need results of the same policies and years; got {len(shapes)} kinds of results")
    frames = [budget_impact(each).assign(**{UPTAKE: name}) for name, each in results.items()]
    return pd.concat(frames, ignore_index=True)[[UPTAKE, "scenario", "period", "payer", "cost"]]
