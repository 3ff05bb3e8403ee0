"""What `lbpsim sensitivity` leaves in its folder: tables with their description, charts, and how they came about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.dsa.analysis import Findings, PreparedAnalysis
from lbpsim.evidence.currency import MONEY
from lbpsim.evidence.output_tables import output_tables
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import USUAL_KINDS, files_of, tornado, two_way_heatmap
from lbpsim.report.charts.ce_plane import PERSPECTIVE_TITLES
from lbpsim.report.charts.page import NothingToDraw
from lbpsim.report.data_package import About, described, read_table, write_package
from lbpsim.report.earlier_run import evidence
from lbpsim.report.file_records import MADE_BY, Record, found_whole, record_all
from lbpsim.report.files import write_all
from lbpsim.report.format import money_of, per_qaly
from lbpsim.report.provenance import RUN_FILE, machine
from lbpsim.report.rows import rows_of
from lbpsim.report.staging import aside
from lbpsim.study.phrasing import number_of, span

FOLDER, CHARTS = "sensitivity", "charts"
BY_SENSITIVITY = "lbpsim sensitivity"
CHART_NAMES = ("tornado_net_benefit_*", "tornado_icer_*", "two_way")
LONGEST = 58  # characters of a label with its unit
WITHOUT_UNIT = ("share", "ratio", "utility", "")
NOT_CLEAR = "*"


@dataclass(frozen=True)
class Sensitivity:
    """A finished analysis read back: its tables, `policy` whose case it is, `people` in each simulation, `seed`.

    `held`: parameters that were not moved, with whose file sets each; `record`: with which it was written; `charts`:
    files of its charts.
    """

    one_way: pd.DataFrame
    structural: pd.DataFrame
    thresholds: pd.DataFrame
    uptake: pd.DataFrame
    two_way: pd.DataFrame | None
    policy: str
    people: int
    seed: int
    replications: int
    held: Mapping[str, str]
    record: Record
    charts: tuple[Path, ...]


def write(found: Findings, ready: PreparedAnalysis, folder: Path) -> dict[str, str]:
    """Write tables, charts and provenance; returns the charts left out, with the reason.

    The folder is whole when run.json is there, which comes last.
    """
    tables = [(one, found.tables[one.name]) for one in output_tables(FOLDER) if one.name in found.tables]
    with aside(folder, written_earlier, last=RUN_FILE) as new:
        write_package(new, tables, about(found), ready.study)
        skipped = _write_charts(found, new / CHARTS)
        record_all(new / RUN_FILE, _told(found, ready))
    return skipped


def written_earlier(folder: Path) -> list[Path]:
    """Files that an earlier analysis left in a folder, by the names that it gives."""
    names = (f"{name}.{kind}" for name in CHART_NAMES for kind in USUAL_KINDS)
    charts = [path for name in names for path in (folder / CHARTS).glob(name)]
    return [folder / RUN_FILE, *(folder / name for name in described(folder)), *charts]


def about(found: Findings) -> About:
    """What the package of tables is."""
    results, study = found.base, found.base.study
    return About(
        f"{study.name.lower().replace(' ', '-')}-{FOLDER}",
        f"{study.title}: what would change the answer",
        f"One-way, structural and threshold analysis of {found.policy} against {results.scenarios[0]}, "
        f"{span(results.years)}, each simulation with {number_of(results.people, 'person')} in "
        f"{number_of(results.replications, 'replication')} and seed {results.seed}. The same people live "
        "through every one of them "
        "with the same random numbers. Money is in "
        f"{money_of(study)}. Errors (mcse) are Monte Carlo standard errors.",
    )


def _told(found: Findings, ready: PreparedAnalysis) -> dict[str, Any]:
    """What run.json says: everything that the analysis came from."""
    results = found.base
    return {
        **asked(ready),
        "people": results.people,
        "replications": results.replications,
        "seed": results.seed,
        "file_hashes": dict(results.study.file_hashes),
        "machine": machine(),
        "study": results.study.resolved(),
    }


def asked(ready: PreparedAnalysis) -> dict[str, Any]:
    """What run.json says of the question, beside the study."""
    return {
        MADE_BY: BY_SENSITIVITY,
        "policy": ready.policy,
        "parameters": [movement.name for movement in ready.moved],
        "held": dict(ready.held),
        "searches": list(ready.searches),
        "two_way": list(ready.grid.names) if ready.grid is not None else [],
        "choices": list(ready.choices),
        **evidence(),
    }


def read_sensitivity(folder: Path) -> Sensitivity | None:
    """The finished analysis in a folder (`outputs/<study>/sensitivity`); None where there is none, or not a whole one.

    Raises DamagedError where a file is not as it was written.
    """
    record = found_whole(folder / RUN_FILE)
    if record is None or record.told.get(MADE_BY) != BY_SENSITIVITY:
        return None
    tables: dict[str, Any] = {
        table.name: read_table(record, table) if f"{table.name}.csv" in record.files else None
        for table in output_tables(FOLDER)
    }
    facts = {name: record.told[name] for name in ("policy", "people", "seed", "replications", "held")}
    drawn = tuple(sorted(folder / name for name in record.files if name.endswith(".svg")))
    return Sensitivity(**tables, **facts, record=record, charts=drawn)


def charts(found: Findings) -> Iterator[tuple[str, Callable[[], Figure]]]:
    """Every chart by name, to be drawn when called; NothingToDraw where it has no subject."""
    results, policy = found.base, found.policy
    for threshold in results.study.thresholds:
        at = partial(net_benefit_tornado, results, found.one_way, policy, threshold)
        yield f"tornado_net_benefit_{threshold:.0f}", at
    for perspective in PERSPECTIVES:
        yield f"tornado_icer_{perspective}", partial(icer_tornado, results, found.one_way, policy, perspective)
    if found.two_way is not None:
        yield "two_way", partial(two_way_heatmap.draw, results, found.two_way, policy)


def net_benefit_tornado(results: Results, table: pd.DataFrame, policy: str, threshold: float) -> Figure:
    """The tornado of net benefit from the perspective of the study at a threshold (money per QALY)."""
    perspective = results.study.perspective
    rows = rows_of(table, figure="net_benefit", perspective=perspective, threshold=threshold)
    title = f"Net benefit at {per_qaly(threshold)}"
    note = f"{PERSPECTIVE_TITLES[perspective]}. {_not_clear(rows)}".strip()
    return tornado.draw(results, _bars(rows), policy, tornado.Swing(title, MONEY, _base(rows), (0.0,), note))


def icer_tornado(results: Results, table: pd.DataFrame, policy: str, perspective: str) -> Figure:
    """The tornado of cost per QALY gained from a perspective.

    Raises NothingToDraw where the ratio is no number in the base case.
    """
    rows = rows_of(table, figure="icer", perspective=perspective)
    if not rows.empty and rows["base_status"].iloc[0]:
        raise NothingToDraw(f"in the base case there is no cost per QALY gained ({rows['base_status'].iloc[0]})")
    lost = int(rows[["low", "high"]].isna().any(axis=1).sum())
    parts = [f"{PERSPECTIVE_TITLES[perspective]}.", _not_clear(rows)]
    parts.append(f"{lost} bars are left out: at an end the ratio is no number (one_way.csv says why)." if lost else "")
    note = " ".join(part for part in parts if part)
    swing = tornado.Swing("Cost for each QALY gained", f"{MONEY} per QALY", _base(rows), results.study.thresholds, note)
    return tornado.draw(results, _bars(rows), policy, swing)


def _base(rows: pd.DataFrame) -> float:
    if rows.empty:
        raise NothingToDraw("no parameter was moved")
    return float(rows["base"].iloc[0])


def _not_clear(rows: pd.DataFrame) -> str:
    some = bool((~rows["clear"].astype(bool) & (rows["swing"] > 0.0)).any())
    return f"{NOT_CLEAR} no wider than two Monte Carlo errors." if some else ""


def _bars(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as a tornado takes them."""
    moving = rows[rows["swing"] != 0.0]
    labels = [_label(row) for row in moving.to_dict("records")]
    named = {"low_value": moving["low_text"], "high_value": moving["high_text"]}
    return moving[["low", "high"]].assign(label=labels, **named).reset_index(drop=True)


def _label(row: dict[Any, Any]) -> str:
    unit = str(row["unit_of_ends"])
    full = f"{row['label']} ({unit})"
    label = str(row["label"]) if unit in WITHOUT_UNIT or len(full) > LONGEST else full
    return label if row["clear"] else f"{NOT_CLEAR} {label}"


def _write_charts(found: Findings, folder: Path) -> dict[str, str]:
    """Write the charts; returns those left out, with the reason."""
    skipped = {}
    for name, drawn in charts(found):
        try:
            write_all(folder, files_of(name, drawn()))
        except NothingToDraw as absent:
            skipped[name] = str(absent)
    return skipped
