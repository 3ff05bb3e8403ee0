"""Who gains and who pays in health: each fifth's net gain, and what the whole distribution is worth to the averse.

Health forgone elsewhere is shared out by a registered gradient, equal parts in the base case. A distribution of
healthy life is summed up in the level which, equally shared, would be as good, for aversions from none upwards; a
policy is worth the rise in that level, and what this exceeds its net health by is gained in equity (Cookson et al.
2020, ISBN 9780198838197).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lbpsim.cea.inequality import atkinson_ede, kolm_ede
from lbpsim.evidence import parameters
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.groups import QUINTILES
from lbpsim.population.demography import people_counted
from lbpsim.population.quintiles import gradient

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

STEPS = 20  # of aversion, from none to twice the registered
EVEN = np.ones(len(QUINTILES))


@dataclass(frozen=True)
class Aversion:
    """A kind of aversion to inequality: how it finds the equal level, and its registered strength."""

    name: str
    equal_level: Callable[[Numbers, Numbers, float], float]
    parameter: str

    def range(self) -> Numbers:
        """Strengths to show: from none to twice the registered one, which is among them."""
        return np.linspace(0.0, 2.0 * parameters()[self.parameter].value, STEPS + 1)


AVERSIONS = (
    Aversion("Atkinson", atkinson_ede, "decision.aversion_relative"),
    Aversion("Kolm", kolm_ede, "decision.aversion_absolute"),
)


def healthy_years() -> Numbers:
    """Quality-adjusted life expectancy in each fifth without any policy, in years, the most disadvantaged first."""
    known = parameters()
    most = known["decision.healthy_years_most_disadvantaged"].canonical
    least = known["decision.healthy_years_least_disadvantaged"].canonical
    return np.linspace(most, least, len(QUINTILES))


def forgone_shares() -> Numbers:
    """Share of the health forgone elsewhere that each fifth bears; sums to 1."""
    return np.asarray(gradient(parameters()["decision.opportunity_cost_ratio"].value) / len(QUINTILES))


def health_table(results: Results, threshold: float) -> pd.DataFrame:
    """Discounted QALYs by fifth: threshold, scenario, quintile, gained, forgone, net, mcse (of gained).

    `threshold`: money of health care for which a QALY could be had elsewhere; lost work displaces no health care and is
    left out. Training, which belongs to no person, is in what is forgone. Quintile "all" has each policy's sum.
    """
    fifths, country = results.incremental_by_quintile, results.incremental
    gained = fifths[(fifths["outcome"] == "qalys") & fifths["discounted"]].reset_index(drop=True)
    spent = country[(country["outcome"] == "cost_health_system") & country["discounted"]]
    forgone = gained["scenario"].map(spent.set_index("scenario")["difference"] / threshold).astype(float)
    share = dict(zip(QUINTILES, forgone_shares().tolist(), strict=True))
    table = gained[["scenario", "quintile", "mcse"]].assign(
        gained=gained["difference"], forgone=forgone * gained["quintile"].map(share).astype(float)
    )
    table["net"] = table["gained"] - table["forgone"]
    table = pd.concat([table, _sums(results, table)], ignore_index=True).assign(threshold=threshold)
    return table[["threshold", "scenario", "quintile", "gained", "forgone", "net", "mcse"]]


def equity_table(results: Results, threshold: float) -> pd.DataFrame:
    """What each policy is worth to the averse, in QALYs for the country.

    Columns: threshold, aversion ("Atkinson", "Kolm"), strength, registered (whether it is the registered strength),
    scenario, net_health, equity_gain, worth: the rise in the equal level times people, which is the sum of the two.
    """
    people = float(people_counted(results.study.country, results.study.region).sum())
    rows = [
        (threshold, aversion.name, strength, 2 * place == STEPS, scenario, net.sum(), worth - net.sum(), worth)
        for scenario, net in _net_by_policy(health_table(results, threshold)).items()
        for aversion in AVERSIONS
        for place, strength in enumerate(aversion.range().tolist())
        for worth in [worth_of(net, aversion, strength, people)]
    ]
    columns = ["threshold", "aversion", "strength", "registered", "scenario", "net_health", "equity_gain", "worth"]
    return pd.DataFrame(rows, columns=columns)


def _sums(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    """The row of all fifths of each policy; its error is that of the whole country, as fifths share random numbers."""
    sums = table.groupby("scenario", sort=False)[["gained", "forgone", "net"]].sum().reset_index()
    rows = results.incremental
    errors = rows[(rows["outcome"] == "qalys") & rows["discounted"]].set_index("scenario")["mcse"]
    return sums.assign(quintile="all", mcse=sums["scenario"].map(errors))


def _net_by_policy(health: pd.DataFrame) -> dict[str, Numbers]:
    """Net gains of the fifths in their order, by policy."""
    fifths = health[health["quintile"] != "all"].sort_values("quintile", kind="stable")
    return {str(name): net.to_numpy(dtype=float) for name, net in fifths.groupby("scenario", sort=False)["net"]}


def worth_of(net: Numbers, aversion: Aversion, strength: float, people: float) -> float:
    """QALYs that, shared equally, are as good as the net gains `net` of the fifths, of so many `people` in all."""
    levels = healthy_years()
    after = levels + net * len(QUINTILES) / people
    return people * (aversion.equal_level(after, EVEN, strength) - aversion.equal_level(levels, EVEN, strength))
