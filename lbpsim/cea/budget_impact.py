"""Budget impact: what each payer pays more or less in each calendar year; undiscounted, in prices of one year.

Not here: health. A budget says what is paid, not what it is worth.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.outcomes.results import Results
from lbpsim.study.phrasing import span

FIRST_YEARS = 5
LOST_WORK, ALL_PAYERS = "lost_work", "all payers"


def budget_impact(results: Results) -> pd.DataFrame:
    """Policy less comparator: scenario, period, payer, cost (AUD); periods are calendar years, the first five, and all.

    Lost production is nobody's budget and is left out. Each payer and "all payers" have a row; parts sum to totals.
    """
    paid = results.costs[results.costs["category"] != LOST_WORK]
    payers, years = list(dict.fromkeys(paid["payer"])), list(results.years)
    table = paid.pivot_table(index=["scenario", "payer"], columns="year", values="cost", aggfunc="sum", fill_value=0.0)
    usual = _amounts(table, results.scenarios[0], payers)
    rows: list[tuple[str, str, str, float]] = []
    for scenario in results.scenarios[1:]:
        extra = _amounts(table, scenario, payers) - usual
        for period, chosen in _periods(years).items():
            parts = extra[:, chosen].sum(axis=1)
            rows += [(scenario, period, payer, float(cost)) for payer, cost in zip(payers, parts, strict=True)]
            rows.append((scenario, period, ALL_PAYERS, float(parts.sum())))
    return pd.DataFrame(rows, columns=["scenario", "period", "payer", "cost"])


def _periods(years: list[int]) -> dict[str, list[int]]:
    """Columns of each period: single years, the first five (where there are more), and all."""
    first, whole = years[:FIRST_YEARS], range(len(years))
    spans = {span(first, "-"): list(range(len(first))), span(years, "-"): list(whole)}
    return {str(year): [number] for number, year in enumerate(years)} | (spans if len(years) > 1 else {})


def _amounts(table: pd.DataFrame, scenario: str, payers: list[str]) -> npt.NDArray[np.float64]:
    """What each payer pays in each year; shape (payers, years)."""
    keys = pd.MultiIndex.from_product([[scenario], payers])
    return table.reindex(keys, fill_value=0.0).to_numpy(dtype=float)
