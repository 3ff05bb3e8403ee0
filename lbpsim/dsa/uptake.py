"""How much uptake decides of the budget: CFT's uptake at the ends of its interval, at half and at double."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from lbpsim.cea.budget_impact import budget_impact
from lbpsim.dsa.one_way import interval_of
from lbpsim.dsa.plan import Scope
from lbpsim.evidence.output_tables import frame_of, output_table
from lbpsim.simulation.run import Tell, run_study
from lbpsim.simulation.variants import among
from lbpsim.study import Policy, Study

AS_REGISTERED, LOW, HIGH, HALF, DOUBLE = "as registered", "low end", "high end", "half", "double"


def shares(study: Study, scope: Scope, policy: Policy) -> dict[str, float]:
    """Uptakes of a policy that are looked at, by name; none above everybody.

    Where the policy or study.yaml sets uptake itself, "as registered" is what it sets.
    """
    name = scope.uptake.parameter
    base = study.values(policy)[name]
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
        return frame_of("uptake", ())
    small = among(study, offering)
    taken = {policy.name: shares(small, scope, policy) for policy in small.policies}
    frames = []
    for uptake in (AS_REGISTERED, LOW, HIGH, HALF, DOUBLE):
        asked = _accepting(small, scope, {name: each[uptake] for name, each in taken.items()})
        table = budget_impact(run_study(asked, workers=workers, tell=tell, checkpoint=folder))
        share = table["scenario"].map({name: each[uptake] for name, each in taken.items()})
        frames.append(table.assign(uptake=uptake, share=share))
    return pd.concat(frames, ignore_index=True)[output_table("uptake").names]


def _accepting(study: Study, scope: Scope, uptakes: Mapping[str, float]) -> Study:
    """The study with an uptake for each policy, by name."""
    policies = (
        dataclasses.replace(policy, assume={**policy.assume, scope.uptake.parameter: uptakes[policy.name]})
        for policy in study.policies
    )
    return dataclasses.replace(study, policies=tuple(policies))
