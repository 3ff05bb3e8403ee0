"""What each payer pays for health care, by calendar year and over several: sums of costs, before any comparison.

Lost work is on nobody's budget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOMES
from lbpsim.study.phrasing import span

Shares = Mapping[str, Mapping[str, float]]  # of each payer, by category, as `lbpsim.outcomes.payers.shares` has them
FIRST_YEARS = 5
LOST_WORK, ALL_PAYERS = "lost_work", "all payers"
CARE = tuple(name for name in COST_CATEGORIES if name.removeprefix("cost_") != LOST_WORK)


def paying(shares: Shares) -> tuple[str, ...]:
    """Who pays for health care, in the order of the categories, and all payers together."""
    each = (payer for name in CARE for payer in shares[name.removeprefix("cost_")])
    return (*dict.fromkeys(each), ALL_PAYERS)


def paid(by_year: Numbers, shares: Sequence[Shares]) -> Numbers:
    """What each payer pays, in every replication; shape (policies, replications, payers, periods).

    `by_year`: undiscounted outcomes, shape (policies, replications, years, outcomes); `shares`: under each policy.
    """
    costs = by_year[..., [list(OUTCOMES).index(name) for name in CARE]]
    names = paying(shares[0])[:-1]
    parts = np.array(
        [[[each[name.removeprefix("cost_")].get(payer, 0.0) for payer in names] for name in CARE] for each in shares]
    )
    split = np.einsum("pryc,pcn->prny", costs, parts)
    by_payer = np.concatenate([split, costs.sum(axis=-1)[:, :, None]], axis=2)
    chosen = periods(range(by_year.shape[2])).values()
    return np.stack([by_payer[..., places].sum(axis=-1) for places in chosen], axis=-1)


def periods(years: Sequence[int]) -> dict[str, list[int]]:
    """Columns of each period: single years, the first five (where there are more), and all."""
    first, whole = years[:FIRST_YEARS], range(len(years))
    spans = {span(first, "-"): list(range(len(first))), span(years, "-"): list(whole)}
    return {str(year): [number] for number, year in enumerate(years)} | (spans if len(years) > 1 else {})
