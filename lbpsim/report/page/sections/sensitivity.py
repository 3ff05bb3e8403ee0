"""What would change the answer: one input at a time, choices of structure, thresholds, uptake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from lbpsim.cea.budget_impact import ALL_PAYERS
from lbpsim.report.file_records import DamagedError
from lbpsim.report.format import known, signed
from lbpsim.report.page.figures import cell, number, percent, rows_of
from lbpsim.report.page.material import SENSITIVITY, Material
from lbpsim.report.page.parts import Cell, Folded, Further, Head, Heading, Part, Picture, Points, Section, Sheet, Words
from lbpsim.report.page.pictures import from_folder
from lbpsim.report.page.sections.inputs import grade_cell
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.sensitivity_output import Sensitivity, read_sensitivity
from lbpsim.report.sensitivity_text import not_moved
from lbpsim.study.phrasing import number_of

KEY, TITLE = "what-if", "What would change the answer"
WITHOUT = "How far the answer moves with each input and with each choice of structure, and where it would turn."
DAMAGED = "What was worked out cannot be shown: in the folder sensitivity, {why}."
COMMAND = "lbpsim sensitivity scenarios/"
SIZE = ("people", "replications")
OTHER = "This analysis is of another study than the results above, which differs in: {what}. Run it again."
MOST = 20  # inputs in a table that is not folded
REACH = 1.96  # Monte Carlo errors to an end of a 95% interval
VIEWS = {"health_system": "health system", "societal": "society"}
MILLION = 1e6


def section(material: Material) -> Section:
    """What `lbpsim sensitivity` found, favourable and unfavourable alike."""
    try:
        found = read_sensitivity(material.folder / SENSITIVITY)
    except DamagedError as damaged:
        return Section(KEY, TITLE, (Further(DAMAGED.format(why=damaged), COMMAND),))
    if found is None:
        return Section(KEY, TITLE, (Further(WITHOUT, COMMAND),))
    parts: list[Part] = [*_of_another_study(material), Words(_told(material, found)), *_turns(material, found)]
    parts += [Heading("what-if-inputs", "One input at a time"), *_held(found), *_pictures(found)]
    parts += _one_way(material, found)
    parts += [Heading("what-if-structure", "Choices of structure"), *_structural(material, found)]
    parts += [Heading("what-if-thresholds", "Where the decision changes"), _thresholds(found)]
    parts += [Heading("what-if-uptake", "If more or fewer people accept"), _uptake(found)]
    return Section(KEY, TITLE, tuple(parts))


def _name(material: Material, scenario: str) -> str:
    return material.label(scenario) if scenario in material.whole.scenarios else scenario


def _of_another_study(material: Material) -> list[Part]:
    """A caution where the analysis asked something else than these results; its size may differ."""
    run = material.folder / SENSITIVITY / RUN_FILE
    if not run.exists():
        return []
    told, asked = json.loads(run.read_text(encoding="utf-8"))["study"], material.whole.study.resolved()
    other = [name for name in asked if name not in SIZE and told.get(name) != json.loads(json.dumps(asked[name]))]
    return [Words(OTHER.format(what=", ".join(other).replace("_", " ")), "note")] if other else []


def _told(material: Material, found: Sensitivity) -> str:
    return (
        f"For {_name(material, found.policy)} against {material.comparator}, with "
        f"{number_of(found.people, 'person')} in each "
        f"simulation, {number_of(found.replications, 'replication')}, seed {found.seed}, lbpsim "
        f"{found.version}. The same people "
        "meet every variation with the same luck. One input moves at a time, to the ends of its 95% interval: this "
        "says what matters, not how likely it is."
    )


NOTHING_TURNS = (
    "No other choice of structure, of {cases}, gives another policy the highest net benefit at central inputs."
)
TURNS = "With {option}: {choice}, the highest net benefit at central inputs is that of"


def _turns(material: Material, found: Sensitivity) -> list[Part]:
    """In sentences: which choices of structure put another policy first, favourable or not."""
    others = found.structural[~found.structural["base"]]
    turned = others[others["changes"]]
    cases = others.groupby(["option", "choice"], sort=False).ngroups
    if turned.empty:
        return [Points((NOTHING_TURNS.format(cases=cases),))]
    sentences = [
        f"{TURNS.format(option=str(row['option']).replace('_', ' '), choice=str(row['choice']).replace('_', ' '))} "
        f"{_name(material, row['best'])} ({VIEWS[row['perspective']]}, AUD {row['threshold']:,.0f} a QALY)."
        for row in turned.to_dict("records")
    ]
    return [Points(tuple(sentences))]


def _pictures(found: Sensitivity) -> Iterator[Part]:
    for path in found.charts:
        title = _title(path.stem)
        markup = from_folder(path.parent, path.stem, path.stem.replace("_", "-"), title)
        if markup is not None:
            caption = "From `lbpsim sensitivity`. Figures are in the tables below, and in the folder of these results."
            yield Picture(path.stem.replace("_", "-"), title, markup, caption)


def _title(stem: str) -> str:
    """A chart's title from the name of its file."""
    words = stem.replace("tornado_net_benefit_", "Net benefit, one input at a time, AUD per QALY: ")
    words = words.replace("tornado_icer_", "Cost per QALY gained, one input at a time: ")
    return words.replace("two_way", "Net benefit over two inputs").replace("_", " ")


def _held(found: Sensitivity) -> list[Part]:
    return [Words(not_moved(found.held), "note")] if found.held else []


def _one_way(material: Material, found: Sensitivity) -> Iterator[Part]:
    rows = rows_of(found.one_way, figure="net_benefit")
    study = material.results.study
    for perspective in dict.fromkeys((study.perspective, *VIEWS)):
        for threshold in dict.fromkeys(rows["threshold"]):
            mine = rows_of(rows, perspective=perspective, threshold=threshold)
            sheet = _one_way_sheet(mine, perspective, float(threshold))
            first = perspective == study.perspective and threshold == rows["threshold"].iloc[0]
            yield sheet if first else Folded(sheet.caption, (sheet,))


def _one_way_sheet(rows: pd.DataFrame, perspective: str, threshold: float) -> Sheet:
    order = rows.sort_values("swing", ascending=False, kind="stable").head(MOST)
    columns = ("Low end", "High end", "At the low end", "Base case", "At the high end", "Swing")
    return Sheet(
        f"one-way-{perspective.replace('_', '-')}-{threshold:.0f}",
        f"Net benefit at AUD {threshold:,.0f} a QALY, {VIEWS[perspective]} (AUD million): the {len(order)} inputs of "
        f"{len(rows)} that move it most",
        (Head("Input"), *(Head(column, number=True) for column in columns), Head("Grade")),
        tuple(_one_way_row(row) for row in order.to_dict("records")),
        note="Below a swing: ± its 95% Monte Carlo interval, and whether it is more than luck.",
    )


def _one_way_row(row: dict[Any, Any]) -> tuple[Cell, ...]:
    half, unsure = REACH * row["swing_mcse"], "" if row["clear"] else "no more than luck"
    error = f"± {_million(half, signs=False)}" if known(half) else ""
    figures = (Cell(_million(row[end]), below=str(row.get(f"{end}_status") or "")) for end in ("low", "base", "high"))
    return (
        Cell(str(row["label"]), below=str(row["parameter"])),
        Cell(str(row["low_text"])),
        Cell(str(row["high_text"]), below=str(row["unit_of_ends"])),
        *figures,
        Cell(_million(row["swing"], signs=False), below="; ".join(filter(None, (error, unsure)))),
        grade_cell(str(row["grade"])),
    )


def _structural(material: Material, found: Sensitivity) -> Iterator[Part]:
    table, study = found.structural, material.results.study
    for perspective in dict.fromkeys((study.perspective, *VIEWS)):
        mine = rows_of(table, perspective=perspective)
        sheet = _structural_sheet(material, mine, perspective)
        yield sheet if perspective == study.perspective else Folded(sheet.caption, (sheet,))


def _structural_sheet(material: Material, rows: pd.DataFrame, perspective: str) -> Sheet:
    thresholds = list(dict.fromkeys(rows["threshold"]))
    cases = rows.groupby(["option", "choice"], sort=False)
    body = tuple(_structural_row(material, case, thresholds) for _, case in cases)
    worth = (
        Head(f"{what} at AUD {threshold:,.0f} a QALY", number=what.startswith("Net"))
        for threshold in thresholds
        for what in ("Net benefit, AUD m,", "Best policy")
    )
    return Sheet(
        f"structural-{perspective.replace('_', '-')}",
        f"Every choice of structure, {VIEWS[perspective]}",
        (
            *(Head("Choice"), Head("QALYs gained", number=True), Head("DALYs averted", number=True)),
            *(Head("Extra cost, AUD m", number=True), *worth),
        ),
        body,
        note="Below each figure: its 95% Monte Carlo interval. Best: of all policies that could be chosen.",
    )


def _structural_row(material: Material, case: pd.DataFrame, thresholds: list[float]) -> tuple[Cell, ...]:
    first = case.iloc[0]
    name = f"{first['option']}: {first['choice']}".replace("_", " ")
    kept = f"kept as in its own file: {first['kept_by']}" if first["kept_by"] else ""
    cells = [Cell(name, below="; ".join(filter(None, ("base case" if first["base"] else "", kept))))]
    cells += [_with_error(first, "qalys"), _with_error(first, "dalys_averted"), _with_error(first, "cost", MILLION)]
    for threshold in thresholds:
        row = rows_of(case, threshold=threshold).iloc[0]
        changed = "another than in the base case" if row["changes"] else ""
        cells += [_with_error(row, "net_benefit", MILLION), Cell(_name(material, str(row["best"])), below=changed)]
    return tuple(cells)


def _with_error(row: pd.Series, name: str, divisor: float = 1.0) -> Cell:
    value, half = float(row[name]) / divisor, REACH * float(row[f"{name}_mcse"]) / divisor
    return cell(value, value - half, value + half, signs=True)


def _thresholds(found: Sensitivity) -> Sheet:
    rows = tuple(
        (
            Cell(str(row["title"]), below=str(row["note"])),
            Cell(str(row["decision"]), below=f"{VIEWS[row['perspective']]}, AUD {row['threshold']:,.0f} a QALY"),
            Cell(str(row["value_text"]) if row["changes"] else "no change over the range"),
            Cell(f"{row['before']}, then {row['after']}" if row["changes"] else f"{row['before']} throughout"),
            Cell(str(row["range_text"])),
        )
        for row in found.thresholds.to_dict("records")
    )
    heads = (
        Head("What is moved"),
        Head("Decision"),
        Head("Turns at"),
        Head("Highest net benefit, at central inputs"),
        Head("Range looked at"),
    )
    return Sheet("thresholds", "At what value the decision changes", heads, rows)


def _uptake(found: Sensitivity) -> Sheet:
    mine = rows_of(found.uptake, scenario=found.policy, payer=ALL_PAYERS)
    spans = [str(period) for period in dict.fromkeys(mine["period"]) if "-" in str(period)]
    rows = tuple(
        (
            Cell(str(uptake), below=percent(float(case["share"].iloc[0]))),
            *(Cell(_million(rows_of(case, period=span)["cost"].iloc[0])) for span in spans),
        )
        for uptake, case in mine.groupby("uptake", sort=False)
    )
    return Sheet(
        "uptake",
        f"Budget impact of {found.policy} by uptake of CFT (AUD million, undiscounted, all payers of health care)",
        (Head("Uptake"), *(Head(span.replace("-", " to "), number=True) for span in spans)),
        rows,
    )


def _million(value: float, *, signs: bool = True) -> str:
    text = number(float(value) / MILLION)
    return signed(text, float(value)) if signs else text
