"""Budget impact: what each payer pays more or less in each calendar year; undiscounted, in prices of one year.

Not here: health. A budget says what is paid, not what it is worth.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.outcomes import payers
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOMES
from lbpsim.outcomes.results import Results, mean_and_error
from lbpsim.study import Policy
from lbpsim.study.phrasing import span

Numbers = npt.NDArray[np.float64]
FIRST_YEARS = 5
LOST_WORK, ALL_PAYERS = "lost_work", "all payers"


def budget_impact(results: Results) -> pd.DataFrame:
    """Policy less comparator: scenario, period, payer, cost (AUD), mcse.

    Periods are calendar years, the first five of them, and all.

    Lost production is nobody's budget and is left out. Each payer and "all payers" have a row; parts sum to totals.
    `mcse`: Monte Carlo standard error of the paired difference.
    """
    paid = results.costs[results.costs["category"] != LOST_WORK]
    paying, years = list(dict.fromkeys(paid["payer"])), list(results.years)
    table = paid.pivot_table(index=["scenario", "payer"], columns="year", values="cost", aggfunc="sum", fill_value=0.0)
    usual = _amounts(table, results.scenarios[0], paying)
    rows: list[tuple[str, str, str, float, float]] = []
    each = _paid_by_replication(results, paying)
    for place, scenario in enumerate(results.scenarios[1:], start=1):
        extra = _amounts(table, scenario, paying) - usual
        for period, chosen in _periods(years).items():
            parts = extra[:, chosen].sum(axis=1)
            _, errors = mean_and_error((each[place] - each[0])[None, :, :, chosen].sum(axis=3))
            costs = [*parts, parts.sum()]
            rows += [
                (scenario, period, payer, float(cost), float(error))
                for payer, cost, error in zip([*paying, ALL_PAYERS], costs, errors[0], strict=True)
            ]
    return pd.DataFrame(rows, columns=["scenario", "period", "payer", "cost", "mcse"])


def by_year(budget: pd.DataFrame) -> pd.DataFrame:
    """The calendar years of a budget: scenario, year, payer, cost, mcse. They add up."""
    single = budget[budget["period"].str.isdecimal()].rename(columns={"period": "year"})
    return single.astype({"year": int}).reset_index(drop=True)


def over_periods(budget: pd.DataFrame) -> pd.DataFrame:
    """The first years and all years of a budget, which overlap: scenario, period, payer, cost, mcse."""
    return budget[~budget["period"].str.isdecimal()].reset_index(drop=True)


def _paid_by_replication(results: Results, names: list[str]) -> Numbers:
    """What payers, and all together, pay for health care; shape (policies, replications, payers + 1, years)."""
    care = [name for name in COST_CATEGORIES if name.removeprefix("cost_") != LOST_WORK]
    costs = results.by_replication[:, :, 0][..., [list(OUTCOMES).index(name) for name in care]]
    shares = np.array([_shares(results, policy, care, names) for policy in results.study.policies])
    parts = np.einsum("pryc,pcn->prny", costs, shares)
    return np.concatenate([parts, costs.sum(axis=-1)[:, :, None]], axis=2)


def _shares(results: Results, policy: Policy, care: list[str], names: list[str]) -> list[list[float]]:
    """Part of each category that each payer bears under a policy; shape (categories, payers)."""
    known = payers.shares(results.study.values(policy))
    return [[known[name.removeprefix("cost_")].get(payer, 0.0) for payer in names] for name in care]


def _periods(years: list[int]) -> dict[str, list[int]]:
    """Columns of each period: single years, the first five (where there are more), and all."""
    first, whole = years[:FIRST_YEARS], range(len(years))
    spans = {span(first, "-"): list(range(len(first))), span(years, "-"): list(whole)}
    return {str(year): [number] for number, year in enumerate(years)} | (spans if len(years) > 1 else {})


def _amounts(table: pd.DataFrame, scenario: str, payers: list[str]) -> npt.NDArray[np.float64]:
    """What each payer pays in each year; shape (payers, years)."""
    keys = pd.MultiIndex.from_product([[scenario], payers])
    return table.reindex(keys, fill_value=0.0).to_numpy(dtype=float)
