"""Value for money: what each choice is worth, how likely it is the best, the frontier and the plane."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any

import pandas as pd

from lbpsim.cea.choice_set import choosable
from lbpsim.cea.frontier import PERSPECTIVES, frontier, frontier_table, threshold_column
from lbpsim.evidence import in_force
from lbpsim.report.charts import ce_plane, ceac
from lbpsim.report.format import money, per_qaly
from lbpsim.report.narrative import titles
from lbpsim.report.narrative.confidence import likely
from lbpsim.report.narrative.cost_per_qaly import both
from lbpsim.report.narrative.differences import net_benefit
from lbpsim.report.narrative.finding import COUNTED, view_of
from lbpsim.report.page.figures import millions, number, percent
from lbpsim.report.page.forest import Forest, ForestRow
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.page.pictures import inlined
from lbpsim.report.rows import rows_of

if TYPE_CHECKING:
    from lbpsim.voi.decision_analysis import Decision

KEY, TITLE = "value", "Value for money"
VIEWS = {"health_system": "health system", "societal": "society, lost work included"}
PLANE, CEAC = "Costs and effects of each policy", "Which policy is best, by what a QALY is worth"


def section(material: Material) -> Section | None:
    """What each choice is worth, and which is best by what a QALY is worth; folded, planes, frontiers, benchmarks."""
    if material.case is None:
        return None
    decision = material.decision
    values = {"views": VIEWS, "worth": _worth(material, material.choices), "benchmarks": None, **_frontiers(material)}
    if material.benchmarks:
        values["benchmarks"] = _worth(material, material.benchmarks, "benchmark-")
    if decision is not None and decision.ceac is not None:
        values["drawn"] = _acceptability(material, decision, decision.ceac)
    return Section(KEY, TITLE, "cost_effectiveness.html", {"drawn": None, **values})


def _worth(material: Material, names: tuple[str, ...], key: str = "") -> Forest:
    """Net benefit at the study's threshold, with what a QALY costs over draws and at central inputs."""
    seen, case = material.seen, material.case
    assert case is not None, "there are choices"
    view = view_of(seen)
    rows = [
        ForestRow(
            material.cell(name),
            net_benefit(seen, name, *view),
            name == case.name,
            both(seen, name, view.perspective)[0 if material.drawn else 1 :],
        )
        for name in names
    ]
    title = "What benchmarks are worth, which nobody would choose" if key else titles.best(case)
    caption = (
        f"QALYs at {per_qaly(view.threshold)}, less the cost of {COUNTED[view.perspective]}; all against "
        f"{material.comparator}. A policy dominates that gains QALYs and saves money."
    )
    behind = (f"{in_force.currency()} a QALY, over draws", "at central inputs")[0 if material.drawn else 1 :]
    heads = (f"Worth at {per_qaly(view.threshold)}", str(in_force.currency()))
    return Forest(f"{key}worth", title, "Policy", *heads, rows, behind, caption)


def _frontiers(material: Material) -> dict[str, Any]:
    """The plane, and the frontier of all policies and of those that could be chosen, from each perspective."""
    table, whole = frontier_table(material.whole), material.whole
    views = {perspective: rows_of(table, perspective=perspective) for perspective in PERSPECTIVES}
    some_are_no_choice = len(choosable(whole.study)) < len(whole.scenarios)
    real = {perspective: _among_choices(material, rows) for perspective, rows in views.items()}
    return {
        "plane": (PLANE, inlined("plane", PLANE, lambda: ce_plane.draw(material.results))),
        "thresholds": material.results.study.thresholds,
        "frontiers": {perspective: _frontier(material, rows) for perspective, rows in views.items()},
        "real": {each: _frontier(material, rows) for each, rows in real.items()} if some_are_no_choice else {},
    }


def _among_choices(material: Material, rows: pd.DataFrame) -> pd.DataFrame:
    """The frontier of the policies that could be chosen, worked out without the others."""
    choices = choosable(material.whole.study)
    rows = rows.set_index("scenario").loc[list(choices)]
    options = frontier(choices, rows["cost"].tolist(), rows["qalys"].tolist())
    rows["status"] = [option.status for option in options]
    rows["icer"] = [math.nan if option.icer is None else option.icer for option in options]
    return rows.reset_index()


def _frontier(material: Material, table: pd.DataFrame) -> list[Row]:
    rows = _of_shown(material, table).sort_values("cost", kind="stable")
    first = rows.set_index("scenario").loc[material.results.scenarios[0]]
    thresholds = [threshold_column(at) for at in material.results.study.thresholds]
    return [
        (
            _name(material, str(row["scenario"])),
            money(float(row["cost"] - first["cost"])),
            number(float(row["qalys"] - first["qalys"])),
            str(row["status"]),
            number(float(row["icer"])),
            *(millions(row[column] - first[column]) for column in thresholds),
        )
        for _, row in rows.iterrows()
    ]


def _of_shown(material: Material, table: pd.DataFrame) -> pd.DataFrame:
    return table[table["scenario"].isin(material.results.scenarios)]


def _name(material: Material, scenario: str) -> Cell:
    if scenario == material.results.scenarios[0]:
        return Cell(material.label(scenario), below="comparator")
    return material.cell(scenario)


def _acceptability(material: Material, decision: Decision, table: pd.DataFrame) -> dict[str, Any]:
    """How likely each policy is to be the best: the curves, at every threshold, and at those of the study."""
    shown = _of_shown(material, table)
    names = list(dict.fromkeys(shown["scenario"]))
    at = [each for each in material.results.study.thresholds if (shown["threshold"] == each).any()]
    return {
        "ceac": (CEAC, inlined("ceac", CEAC, lambda: ceac.draw(material.results, decision))),
        "draws": decision.draws,
        "no_choice": [material.label(name) for name in material.whole.scenarios if name not in decision.choices],
        "names": [material.label(name) for name in names],
        "every": _every_threshold(material, table, names),
        "at": at,
        "best": {
            view: [
                (_name(material, name), *chain.from_iterable(_chance(rows, name, each, decision) for each in at))
                for name in names
                for rows in [rows_of(shown, perspective=view)]
            ]
            for view in VIEWS
        },
    }


def _chance(rows: pd.DataFrame, name: str, threshold: float, decision: Decision) -> tuple[Cell, Cell]:
    """How likely a policy is to be the best at a threshold, and what is lost by choosing it."""
    row = rows_of(rows, scenario=name, threshold=threshold).iloc[0]
    probability = float(row["probability"])
    low, high = likely(probability, decision.draws)
    chosen = "to choose: the highest expectation" if bool(row["best"]) else ""
    return (
        Cell(percent(probability, 1), below=f"{percent(low, 1)} to {percent(high, 1)}"),
        Cell(millions(row["expected_loss"]), below=chosen),
    )


def _every_threshold(material: Material, table: pd.DataFrame, names: list[str]) -> list[Row]:
    rows: list[Row] = []
    for (perspective, threshold), mine in table.groupby(["perspective", "threshold"], sort=False):
        chances = mine.set_index("scenario")["probability"]
        best = mine[mine["best"]].iloc[0]
        likelihoods = (percent(float(chances[name]), 1) for name in names)
        label, loss = material.label(str(best["scenario"])), millions(best["expected_loss"])
        rows.append((f"{float(str(threshold)):,.0f}", VIEWS[str(perspective)], *likelihoods, label, loss))
    return rows
