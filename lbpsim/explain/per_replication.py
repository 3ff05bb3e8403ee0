"""One value a replication for flows, which add up: by outcome over the horizon, by year, and by payer."""

from __future__ import annotations

import numpy as np

from lbpsim.outcomes import payers
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOMES
from lbpsim.outcomes.periods import FLOWS, every_outcome, of_country, over_years
from lbpsim.outcomes.results import Results

PATHWAY_OF_COST = {
    "consultations": "care",
    "usual_care": "care",
    "cft": "CFT",
    "training": "CFT",
    "opioids": "opioids",
    "disorder": "opioids",
    "overdose": "opioids",
    "fractures": "opioids",
    "surgery": "surgery",
    "lost_work": "work",
}


def over_horizon(results: Results) -> Numbers:
    """Outcomes `FLOWS` over the horizon, undiscounted and discounted; shape (policies, replications, 2, outcomes)."""
    counted = of_country(results.totals.sum(axis=(3, 4)), results.scales)
    return _flows(every_outcome(counted + results.national.sum(axis=2)[:, None], results.lengths.sum(axis=1)))


def by_year(results: Results) -> Numbers:
    """Outcomes `FLOWS` by calendar year, undiscounted; shape (policies, replications, years, outcomes)."""
    return _flows(every_outcome(_counted(results), results.lengths[0]))


def from_year(results: Results, year: int) -> Numbers:
    """Every outcome over the years from `year` on, undiscounted; shape (policies, replications, outcomes)."""
    chosen = [each >= year for each in results.years]
    return every_outcome(over_years(_counted(results)[:, :, chosen], 2), results.lengths[0, chosen].sum())


def by_payer(results: Results) -> tuple[Numbers, list[tuple[str, str, str]]]:
    """Cost by pathway, category and payer, and which these are; shape (policies, replications, 2, columns)."""
    study, horizon = results.study, over_horizon(results)
    shares = [payers.shares(study.values(policy)) for policy in study.policies]
    columns, costs = [], []
    for name in COST_CATEGORIES:
        category = name.removeprefix("cost_")
        for payer in shares[0][category]:
            share = np.array([each[category][payer] for each in shares])
            columns.append((PATHWAY_OF_COST[category], category, payer))
            costs.append(horizon[..., FLOWS.index(name)] * share[:, None, None])
    return np.stack(costs, axis=-1), columns


def _counted(results: Results) -> Numbers:
    """Counted outcomes by calendar year, undiscounted; shape (policies, replications, years, counted outcomes)."""
    counted = of_country(results.totals[:, :, 0].sum(axis=3), results.scales)
    return np.asarray(counted + results.national[:, None, 0])


def _flows(every: Numbers) -> Numbers:
    return every[..., [place for place, name in enumerate(OUTCOMES) if name in FLOWS]]
