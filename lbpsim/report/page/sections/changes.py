"""What would change it: the headline under every other reading of the model, and what it is worth to know more."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.estimate import interval_factor
from lbpsim.report.charts import voi
from lbpsim.report.charts.policy_selection import marked
from lbpsim.report.format import known, plain
from lbpsim.report.narrative import titles
from lbpsim.report.narrative.finding import view_of
from lbpsim.report.page.figures import around, millions, number
from lbpsim.report.page.forest import Forest, ForestRow
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.page.pictures import inlined
from lbpsim.report.research_text import lost_to_implementation
from lbpsim.report.rows import most_valuable, rows_of
from lbpsim.voi.implementation import implementation_table

KEY, TITLE = "changes", "What would change it"
VOI = "What it would be worth to know more before choosing"
MOST = 15  # single parameters in the table of what it is worth to know them
ALL = 1000  # groups of parameters


def section(material: Material) -> Section | None:
    """The readings of the model in one small chart; folded, the value of information."""
    values = {"readings": _readings(material), "information": _information(material)}
    return Section(KEY, TITLE, "changes.html", values) if any(values.values()) else None


def _readings(material: Material) -> Forest | None:
    found, case = material.whole.switches, material.case
    if found is None or case is None:
        return None
    rows, factor = rows_of(found, outcome="qalys"), interval_factor(material.results.replications)
    drawn = [
        ForestRow(
            Cell(str(row["title"]), below=str(row["note"] or "")),
            around(row["difference"], factor * row["mcse"]),
            row["switch"] == "base",
        )
        for row in rows.to_dict("records")
    ]
    caption = "At central inputs; intervals of Monte Carlo error. One thing is read otherwise in each line."
    return Forest("readings", titles.readings(case), "Reading of the model", "QALYs gained", "", drawn, (), caption)


def _information(material: Material) -> dict[str, Any] | None:
    """What it would be worth to know groups of inputs, and single ones, from the perspective of the study."""
    decision = material.decision
    if decision is None or decision.voi is None:
        return None
    table = rows_of(decision.voi, perspective=material.results.study.perspective)
    table = table[table["threshold"].isin(marked(tuple(table["threshold"].unique())))]
    single = table["kind"] == "parameter"
    return {
        "voi": (VOI, inlined("voi", VOI, lambda: voi.draw(material.results, decision))),
        "worth_anything": bool((table["value"] > 0.0).any()),
        "most": MOST,
        "groups": _worth(table[~single], ALL),
        "single": _worth(table[single], MOST),
        "lost": _lost(material),
    }


def _lost(material: Material) -> list[str]:
    """What is lost to imperfect implementation, where the study has a benchmark for that."""
    whole = material.whole
    if not isinstance(whole, ProbabilisticResults):
        return []
    view = view_of(whole)
    table = implementation_table(whole.draws, whole.study, [view.threshold])
    return list(lost_to_implementation(table, view, whole.study))


def _worth(table: pd.DataFrame, most: int) -> tuple[list[float], list[Row]]:
    """Thresholds, and the value at each of what is worth most, highest first."""
    thresholds = sorted(set(table["threshold"]))
    rows: list[Row] = []
    for name in most_valuable(table)[:most]:
        mine = rows_of(table, name=name)
        values = (_value(rows_of(mine, threshold=threshold).iloc[0]) for threshold in thresholds)
        rows.append((Cell(str(mine["label"].iloc[0]), below=_of_what(mine.iloc[0])), *values))
    return thresholds, rows


def _of_what(row: pd.Series[float]) -> str:
    many = int(row["parameters"])
    return f"{row['kind']}, {plain(many)} inputs" if many > 1 else str(row["name"])


def _value(row: pd.Series[float]) -> Cell:
    error = f"± {number(float(row['se']) / 1e6, digits=2)}" if known(float(row["se"])) else ""
    doubt = f"doubtful: {row['doubt']}" if row["doubt"] else ""
    return Cell(millions(row["value"]), below="; ".join(filter(None, (error, doubt))))
