"""Budget impact: what each payer pays more or less in each calendar year; undiscounted, in prices of one year.

Not here: health. A budget says what is paid, not what it is worth.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lbpsim.outcomes import payers
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.budget import LOST_WORK, paid, paying, periods
from lbpsim.outcomes.draws import ProbabilisticResults, interval
from lbpsim.outcomes.people_treated import OF_PARAMETERS, WITH_NOISE
from lbpsim.outcomes.results import Results, long_frame, mean_and_error

FIGURES = ("cost", "mcse", "mean", "low", "high")


def budget_impact(results: Results) -> pd.DataFrame:
    """Policy less comparator: scenario, period, payer, cost (money), mcse; and of draws mean, low, high, interval,
    which are empty where none were made.

    Periods are calendar years, the first five of them, and all.

    Lost production is nobody's budget and is left out. Each payer and "all payers" have a row; parts sum to totals.
    `cost` is at central inputs, `mcse` the Monte Carlo standard error of the paired difference.
    """
    shares = [payers.shares(results.study.values(policy)) for policy in results.study.policies]
    names, spans = paying(shares[0]), periods(results.years)
    each = paid(results.by_replication[:, :, 0], shares)
    figures = {"cost": _costs(results, names, spans), "mcse": mean_and_error(each[1:] - each[:1])[1]}
    figures |= _over_draws(results)
    unknown = np.full(figures["mcse"].shape, np.nan)
    columns = {name: figures.get(name, unknown).swapaxes(1, 2) for name in (*FIGURES, "of_parameters")}
    frame = long_frame({"scenario": results.scenarios[1:], "period": list(spans), "payer": names}, columns)
    clean = np.where(frame.pop("of_parameters") == 1.0, OF_PARAMETERS, WITH_NOISE)
    return frame.assign(interval=np.where(frame["low"].isna(), "", clean))


def by_year(budget: pd.DataFrame) -> pd.DataFrame:
    """The calendar years of a budget: as `budget_impact`, with year for period. They add up."""
    single = budget[budget["period"].str.isdecimal()].rename(columns={"period": "year"})
    return single.astype({"year": int}).reset_index(drop=True)


def over_periods(budget: pd.DataFrame) -> pd.DataFrame:
    """The first years and all years of a budget, which overlap: as `budget_impact`."""
    return budget[~budget["period"].str.isdecimal()].reset_index(drop=True)


def best_known(budget: pd.DataFrame) -> str:
    """The column to show: "mean" over draws where there are enough for an interval, else "cost" at central inputs."""
    return "mean" if budget["low"].notna().any() else "cost"


def longer_periods(budget: pd.DataFrame) -> list[str]:
    """The first years and all years, as they stand in a budget; a single year where that is all."""
    every = [str(period) for period in dict.fromkeys(budget["period"])]
    return [period for period in every if "-" in period] or every[:1]


def _costs(results: Results, names: tuple[str, ...], spans: dict[str, list[int]]) -> Numbers:
    """Differences in cents that parts of, and all, payers add up to; shape (policies - 1, payers, periods)."""
    care = results.costs[results.costs["category"] != LOST_WORK]
    table = care.pivot_table(index=["scenario", "payer"], columns="year", values="cost", aggfunc="sum", fill_value=0.0)
    keys = pd.MultiIndex.from_product([results.scenarios, names[:-1]])
    flat = table.reindex(keys, fill_value=0.0).to_numpy(dtype=float)
    amounts = flat.reshape(len(results.scenarios), len(names) - 1, -1)
    extra = amounts[1:] - amounts[:1]
    parts = np.stack([extra[..., places].sum(axis=-1) for places in spans.values()], axis=-1)
    return np.concatenate([parts, parts.sum(axis=1, keepdims=True)], axis=1)


def _over_draws(results: Results) -> dict[str, Numbers]:
    """Mean and 95% interval of every difference over draws, where these were made and kept it."""
    if not isinstance(results, ProbabilisticResults) or not results.draws.payers:
        return {}
    paid_then = results.draws.paid
    found = interval(paid_then[:, 1:] - paid_then[:, :1], results.draws.paid_mcse[:, 1:])
    return {name: np.asarray(each, dtype=float) for name, each in found._asdict().items()}
