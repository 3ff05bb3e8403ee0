"""What would change the answer: one input at a time, choices of structure, thresholds, uptake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from lbpsim.evidence import in_force
from lbpsim.outcomes.budget import ALL_PAYERS
from lbpsim.outcomes.estimate import SURE
from lbpsim.report.earlier_analysis import asked_otherwise
from lbpsim.report.file_records import DamagedError
from lbpsim.report.format import known, per_qaly
from lbpsim.report.page.figures import MILLION, cell, millions, percent
from lbpsim.report.page.material import SENSITIVITY, Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.page.pictures import from_folder
from lbpsim.report.page.sections.inputs import grade_cell
from lbpsim.report.rows import rows_of
from lbpsim.report.sensitivity_output import Sensitivity, read_sensitivity
from lbpsim.report.sensitivity_text import not_moved

KEY, TITLE = "what-if", "One input, one choice of structure at a time"
SIZE = ("people", "replications")  # may differ from those of the results beside it
MOST = 20  # inputs in a table that is not folded
VIEWS = {"health_system": "health system", "societal": "society"}


def section(material: Material) -> Section | None:
    """What `lbpsim sensitivity` found, favourable and unfavourable alike."""
    try:
        found = read_sensitivity(material.folder / SENSITIVITY)
    except DamagedError as damaged:
        return Section(KEY, TITLE, "sensitivity.html", {"damaged": str(damaged)})
    if found is None:
        return None
    others = found.structural[~found.structural["base"]]
    values = {
        "found": found,
        "name": _name(material, found.policy),
        "other": [name.replace("_", " ") for name in asked_otherwise(found.record, material.whole.study, SIZE)],
        "cases": others.groupby(["option", "choice"], sort=False).ngroups,
        "turns": [_turn(material, row) for row in others[others["changes"]].to_dict("records")],
        "held": not_moved(found.held) if found.held else "",
        "charts": [_chart(path.parent, path.stem) for path in found.charts],
        "views": VIEWS,
        "one_way": _one_way(material, found.one_way),
        "at": list(dict.fromkeys(found.structural["threshold"])),
        "structural": _structural(material, found.structural),
        "thresholds": [_threshold(row) for row in found.thresholds.to_dict("records")],
        "uptake": _uptake(found),
    }
    return Section(KEY, TITLE, "sensitivity.html", values)


def _name(material: Material, scenario: str) -> str:
    return material.label(scenario) if scenario in material.whole.scenarios else scenario


def _turn(material: Material, row: dict[Any, Any]) -> str:
    """A choice of structure that puts another policy first, favourable or not."""
    choice = f"{row['option']}: {row['choice']}".replace("_", " ")
    return (
        f"With {choice}, the highest net benefit at central inputs is that of {_name(material, row['best'])} "
        f"({VIEWS[row['perspective']]}, {per_qaly(row['threshold'])})."
    )


def _chart(folder: Path, stem: str) -> tuple[str, str, str | None]:
    """Key, title from the name of its file, and markup."""
    words = stem.replace("tornado_net_benefit_", f"Net benefit, one input at a time, {in_force.currency()} per QALY: ")
    words = words.replace("tornado_icer_", "Cost per QALY gained, one input at a time: ")
    title = words.replace("two_way", "Net benefit over two inputs").replace("_", " ")
    key = stem.replace("_", "-")
    return key, title, from_folder(folder, stem, key, title)


def _views(material: Material) -> tuple[str, ...]:
    """Perspectives, that of the study first."""
    return tuple(dict.fromkeys((material.results.study.perspective, *VIEWS)))


def _one_way(material: Material, table: pd.DataFrame) -> list[tuple[str, float, int, list[Row]]]:
    """By perspective and threshold: of how many inputs, and those that move net benefit most."""
    rows = rows_of(table, figure="net_benefit")
    found = []
    for perspective in _views(material):
        for threshold in dict.fromkeys(rows["threshold"]):
            mine = rows_of(rows, perspective=perspective, threshold=threshold)
            most = mine.sort_values("swing", ascending=False, kind="stable").head(MOST)
            found.append((perspective, threshold, len(mine), list(map(_one_way_row, most.to_dict("records")))))
    return found


def _one_way_row(row: dict[Any, Any]) -> Row:
    half, unclear = SURE * row["swing_mcse"], "" if row["clear"] else "no more than Monte Carlo error"
    error = f"± {millions(half)}" if known(half) else ""
    ends = ("low", "base", "high")
    figures = (Cell(millions(row[end], signs=True), below=str(row.get(f"{end}_status") or "")) for end in ends)
    return (
        Cell(str(row["label"]), below=str(row["parameter"])),
        str(row["low_text"]),
        Cell(str(row["high_text"]), below=str(row["unit_of_ends"])),
        *figures,
        Cell(millions(row["swing"]), below="; ".join(filter(None, (error, unclear)))),
        grade_cell(str(row["grade"])),
    )


def _structural(material: Material, table: pd.DataFrame) -> dict[str, list[Row]]:
    return {
        perspective: [_structural_row(material, case) for _, case in cases]
        for perspective in _views(material)
        for cases in [rows_of(table, perspective=perspective).groupby(["option", "choice"], sort=False)]
    }


def _structural_row(material: Material, case: pd.DataFrame) -> Row:
    first = case.iloc[0]
    name = f"{first['option']}: {first['choice']}".replace("_", " ")
    kept = f"kept as in its own file: {first['kept_by']}" if first["kept_by"] else ""
    cells = [Cell(name, below="; ".join(filter(None, ("base case" if first["base"] else "", kept))))]
    cells += [_with_error(first, "qalys"), _with_error(first, "dalys_averted"), _with_error(first, "cost", MILLION)]
    for _, row in case.drop_duplicates("threshold").iterrows():
        changed = "another than in the base case" if row["changes"] else ""
        cells += [_with_error(row, "net_benefit", MILLION), Cell(_name(material, str(row["best"])), below=changed)]
    return tuple(cells)


def _with_error(row: pd.Series, name: str, divisor: float = 1.0) -> Cell:
    return cell(float(row[name]) / divisor, SURE * float(row[f"{name}_mcse"]) / divisor, signs=True)


def _threshold(row: dict[Any, Any]) -> Row:
    """What is moved, for which decision, and where it turns, if it does."""
    turns = bool(row["changes"])
    return (
        Cell(str(row["title"]), below=str(row["note"])),
        Cell(str(row["decision"]), below=f"{VIEWS[row['perspective']]}, {per_qaly(row['threshold'])}"),
        str(row["value_text"]) if turns else "no change over the range",
        f"{row['before']}, then {row['after']}" if turns else f"{row['before']} throughout",
        str(row["range_text"]),
    )


def _uptake(found: Sensitivity) -> tuple[list[str], list[Row]]:
    """Periods, and the budget impact in each by uptake."""
    mine = rows_of(found.uptake, scenario=found.policy, payer=ALL_PAYERS)
    spans = [str(period) for period in dict.fromkeys(mine["period"]) if "-" in str(period)]
    rows: list[Row] = []
    for uptake, case in mine.groupby("uptake", sort=False):
        paid = (millions(rows_of(case, period=span)["cost"].iloc[0], signs=True) for span in spans)
        rows.append((Cell(str(uptake), below=percent(float(case["share"].iloc[0]))), *paid))
    return [span.replace("-", " to ") for span in spans], rows
