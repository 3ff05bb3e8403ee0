"""Everything that follows from a study for those who decide, in one call: tables ready to be written and drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lbpsim.cea.budget_impact import budget_impact, by_year, over_periods
from lbpsim.cea.capacity_impact import capacity_table
from lbpsim.cea.ceac import acceptability_table, threshold_range
from lbpsim.cea.choice_set import among, choosable
from lbpsim.cea.dcea import equity_table, health_table
from lbpsim.voi.decision_horizon import registered_share
from lbpsim.voi.voi_table import Tell, information_table

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults
    from lbpsim.outcomes.results import Results


@dataclass(frozen=True)
class Decision:
    """Tables of the decision layer; columns as the functions say that make them.

    `budget`, `capacity`, `health`, `equity` from the results at the point estimates; `ceac` and `voi` from the draws,
    None without draws; `draws`: how many; `choices`: the policies between which `ceac` and `voi` decide.
    """

    budget: pd.DataFrame
    capacity: pd.DataFrame
    health: pd.DataFrame
    equity: pd.DataFrame
    ceac: pd.DataFrame | None = None
    voi: pd.DataFrame | None = None
    draws: int = 0
    choices: tuple[str, ...] = ()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table there is by the name of its file."""
        found = {
            **{"budget": by_year(self.budget), "budget_periods": over_periods(self.budget)},
            **{"capacity": self.capacity, "net_health": self.health, "equity": self.equity},
            **{"ceac": self.ceac, "voi": self.voi},
        }
        return {name: table for name, table in found.items() if table is not None}


def decide(
    results: Results,
    draws: DrawResults | None = None,
    *,
    thresholds: Sequence[float] | None = None,
    opportunity_cost: float | None = None,
    choices: Sequence[str] | None = None,
    together: Mapping[str, Sequence[str]] | None = None,
    tell: Tell | None = None,
) -> Decision:
    """Budget, capacity and equity of a study's policies; with `draws` also acceptability and the value of information.

    Args:
        results: at the point estimates.
        draws: of the same study's uncertain parameters.
        thresholds: money per QALY at which information is valued; the study's if None. Acceptability is from 0 up.
        opportunity_cost: money for which a QALY could be had elsewhere; the lowest threshold if None.
        choices: policies between which to decide, the comparator among them; if None, all that could be chosen, which
            leaves out those that assume capacity away.
        together: parameters drawn together, by title, of which no single value of information is given.
        tell: called with how many questions about parameters are answered, and of how many.

    Raises ChoiceError for choices that are no policies of the study, or lack the comparator.
    """
    study = results.study
    at = tuple(study.thresholds if thresholds is None else thresholds)
    elsewhere = min(at) if opportunity_cost is None else opportunity_cost
    plain = Decision(
        budget_impact(results),
        capacity_table(results),
        health_table(results, elsewhere),
        equity_table(results, elsewhere),
    )
    if draws is None:
        return plain
    lifetime = registered_share(float(study.years), study.discount_rate_of_costs)
    sampled = among(draws, choosable(study) if choices is None else choices)
    voi = information_table(sampled, at, lifetime, together=together, known=study.registry, tell=tell)
    ceac = acceptability_table(sampled, threshold_range(at))
    number = len(sampled.numbers)
    return dataclasses.replace(plain, ceac=ceac, voi=voi, draws=number, choices=sampled.scenarios)
