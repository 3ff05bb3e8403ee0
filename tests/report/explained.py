"""A policy taken apart, made up: figures that a test wants, without simulating anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from lbpsim.explain.attribution import (
    CONTRIBUTION,
    INTERACTION,
    LOST,
    WHOLE,
    Attribution,
    ComponentName,
    Constraint,
    DecompositionSetup,
    Lead,
)
from lbpsim.explain.binding_constraints import RELAXATIONS

OUTCOMES = {"qalys": "QALYs", "cost_health_system": "AUD", "cost_societal": "AUD"}
Figure = tuple[float, float]  # value and Monte Carlo error
PARTS = {
    "cft": (("cft.offered", "the offer of CFT"), ("cft.training_places", "the training places")),
    "opioids": (("opioids.tapering_offered", "the offer of supported tapering"),),
}
PATHWAYS = {"cft": "all changes to CFT", "opioids": "the offer of supported tapering"}
NAMES = {"cft": "CFT", "opioids": "opioids"}
NONE: Figure = (0.0, 1.0)


def made_up(
    *,
    whole: Figure = (1000.0, 50.0),
    alone: Mapping[str, Figure] | None = None,
    lost: Mapping[str, Figure] | None = None,
    interaction: Figure = NONE,
    relaxed: Mapping[str, Figure] | None = None,
    lead: Lead | None = None,
    cost: Figure = (2e6, 1e5),
    lost_cost: Mapping[str, Figure] | None = None,
    label: str = "the training places",
    pathways: Sequence[str] = ("cft",),
    replications: int = 20,
) -> Attribution:
    """A policy with the parts of these pathways; figures are QALYs, 0 ± 1 where not given, costs a fixed amount.

    `lost_cost`: what parts cost in the whole, where that is not `cost`; `label`: of the training places.
    """
    labels = {"cft.training_places": label}
    names = [("change", key, labels.get(key, name), NAMES[path]) for path in pathways for key, name in PARTS[path]]
    names += [("pathway", path, PATHWAYS[path], NAMES[path]) for path in pathways]
    rows = []
    for level, key, _, _ in names:
        rows.append((level, key, CONTRIBUTION, (alone or {}).get(key, NONE)))
        rows.append((level, key, LOST, (lost or {}).get(key, NONE)))
    for level in ("change", "pathway"):
        rows += [(level, INTERACTION, CONTRIBUTION, interaction), (level, WHOLE, CONTRIBUTION, whole)]
    return Attribution(
        question=_question(names, tuple(relaxed or {}), replications),
        contributions=_contributions(rows, cost, lost_cost or {}),
        by_year=_by_year(rows, cost),
        by_payer=_by_payer(rows, cost),
        held_back=_held_back(relaxed or {}, cost),
        reached=_reached(),
        lead=lead,
    )


def _question(
    names: Sequence[tuple[str, str, str, str]], relaxed: Sequence[str], replications: int
) -> DecompositionSetup:
    holds = tuple(Constraint(each.name, each.label, each.if_not) for each in RELAXATIONS if each.name in relaxed)
    parts = tuple(ComponentName(*name) for name in names)
    return DecompositionSetup(
        "australia", "Australia", "cft-rollout", "CFT rollout", "usual-care", (2026, 2027), 0.05, 2024, 20_000,
        replications, 1, parts, holds,
    )  # fmt: skip


def _outcomes(qalys: Figure, cost: Figure) -> list[tuple[str, str, bool, float, float]]:
    figures = {"qalys": qalys, "cost_health_system": cost, "cost_societal": cost}
    return [(name, OUTCOMES[name], discounted, *figures[name]) for name in OUTCOMES for discounted in (False, True)]


def _contributions(
    rows: Sequence[tuple[str, str, str, Figure]], cost: Figure, lost_cost: Mapping[str, Figure]
) -> pd.DataFrame:
    cells = [
        (level, key, measure, *cell)
        for level, key, measure, qalys in rows
        for cell in _outcomes(qalys, lost_cost.get(key, cost) if measure == LOST else cost)
    ]
    return pd.DataFrame(cells, columns=["level", "part", "measure", "outcome", "unit", "discounted", "value", "mcse"])


def _by_year(rows: Sequence[tuple[str, str, str, Figure]], cost: Figure) -> pd.DataFrame:
    cells = [
        (*head, year, name, unit, value / 2, mcse)
        for *head, qalys in rows
        for year in (2026, 2027)
        for name, unit, discounted, value, mcse in _outcomes(qalys, cost)
        if not discounted
    ]
    return pd.DataFrame(cells, columns=["level", "part", "measure", "year", "outcome", "unit", "value", "mcse"])


def _by_payer(rows: Sequence[tuple[str, str, str, Figure]], cost: Figure) -> pd.DataFrame:
    paid = (("CFT", "cft", "government", 0.75), ("CFT", "cft", "patient", 0.25))
    cells = [
        (*head, discounted, pathway, category, payer, share * cost[0], share * cost[1])
        for *head, _ in rows
        for discounted in (False, True)
        for pathway, category, payer, share in paid
    ]
    columns = ["level", "part", "measure", "discounted", "pathway", "category", "payer", "value", "mcse"]
    return pd.DataFrame(cells, columns=columns)


def _held_back(relaxed: Mapping[str, Figure], cost: Figure) -> pd.DataFrame:
    cells = [(name, *cell) for name, qalys in relaxed.items() for cell in _outcomes(qalys, cost)]
    return pd.DataFrame(cells, columns=["relaxation", "outcome", "unit", "discounted", "value", "mcse"])


def _reached() -> pd.DataFrame:
    steps = [
        ("adults with chronic low back pain at the start", "people", 2.85e6, 0.0, "given"),
        ("courses started", "courses", 45_678.0, 100.0, "in the policy's run"),
        ("courses completed", "courses", float("nan"), float("nan"), "not counted"),
    ]
    return pd.DataFrame(steps, columns=["step", "unit", "value", "mcse", "counted"])
