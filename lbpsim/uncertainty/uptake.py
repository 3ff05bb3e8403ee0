"""How much uptake decides of the budget: CFT's uptake at the ends of its interval, at half and at double."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from lbpsim.decision.capacity import uptake_table
from lbpsim.outcomes.results import Results
from lbpsim.simulation.runs import Tell, Unfinished, run_study
from lbpsim.study import Study
from lbpsim.uncertainty.one_way import interval_of
from lbpsim.uncertainty.scope import Scope
from lbpsim.uncertainty.variants import among, assuming

AS_REGISTERED, LOW, HIGH, HALF, DOUBLE = "as registered", "low end", "high end", "half", "double"
COLUMNS = ("uptake", "share", "scenario", "period", "payer", "cost")


def shares(study: Study, scope: Scope) -> dict[str, float]:
    """Uptakes looked at, by name; none above everybody.

    Where study.yaml sets uptake itself, "as registered" is what it sets.
    """
    name = scope.uptake.parameter
    base = study.values(study.policies[0])[name]
    low, high = interval_of(name, study)
    multiples = {HALF: base * scope.uptake.half, DOUBLE: min(base * scope.uptake.double, 1.0)}
    return {AS_REGISTERED: base, LOW: low, HIGH: high, **multiples}


def budgets(
    study: Study, scope: Scope, *, workers: int | None = None, tell: Tell | None = None, folder: Path | None = None
) -> pd.DataFrame:
    """Budget impact of every policy that offers CFT under each uptake: uptake, share, scenario, period, payer, cost.

    `folder`: where finished pieces are kept. No rows where no policy offers CFT. Raises as `run_study`.
    """
    offering = [policy.name for policy in study.policies if policy.cft.makes_offers]
    if not offering:
        return pd.DataFrame(columns=list(COLUMNS))
    small, taken = among(study, offering), shares(study, scope)
    results = {name: _run(small, scope.uptake.parameter, share, workers, tell, folder) for name, share in taken.items()}
    table = uptake_table(results)
    return table.assign(share=table["uptake"].map(taken))[list(COLUMNS)]


def _run(
    study: Study, parameter: str, share: float, workers: int | None, tell: Tell | None, folder: Path | None
) -> Results:
    taken = assuming(study, {parameter: share})
    kept = Unfinished(folder, taken) if folder is not None else None
    return run_study(taken, workers=workers, tell=tell, unfinished=kept)
