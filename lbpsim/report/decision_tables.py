"""Tables of the decision layer as CSV files with a Frictionless description, in a folder of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from lbpsim.report import tables
from lbpsim.report.columns import Table
from lbpsim.report.columns import tables as plain_tables
from lbpsim.report.decision_columns import DECISION_TABLES
from lbpsim.report.files import write_set

if TYPE_CHECKING:
    from lbpsim.decision.analysis import Decision
    from lbpsim.outcomes.results import Results

WORDS = ("scenarios", "outcomes")  # tables that explain names, beside the others so that the folder stands alone


def decision_frames(results: Results, decision: Decision) -> dict[str, pd.DataFrame]:
    """Every table of the decision layer by file name, its columns and rows in the order in which they are written."""
    found = {}
    for name, frame in decision.tables.items():
        table = DECISION_TABLES[name]
        tables._check(frame, table)
        found[table.name] = tables._ordered(frame, table, results)[[column.name for column in table.columns]]
    return found


def write_decision_tables(results: Results, decision: Decision, folder: Path) -> tuple[Path, ...]:
    """Write the tables of the decision layer and their description; returns the paths, the description last.

    Tables of an earlier run that this one does not have are removed.
    """
    frames = {**_words(results), **decision_frames(results, decision)}
    described = {table.name: table for table in (*_of_words(results), *DECISION_TABLES.values())}
    contents = {f"{name}.csv": tables._csv(frame, described[name].columns) for name, frame in frames.items()}
    resources = [tables._resource(described[name], contents[f"{name}.csv"]) for name in frames]
    contents[tables.PACKAGE] = tables._json(_package(results, decision, resources))
    for table in DECISION_TABLES.values():
        if table.name not in frames:
            (folder / f"{table.name}.csv").unlink(missing_ok=True)
    write_set(folder, contents, last=tables.PACKAGE)
    return tuple(folder / name for name in contents)


def _of_words(results: Results) -> tuple[Table, ...]:
    return tuple(table for table in plain_tables(results.study.thresholds) if table.name in WORDS)


def _words(results: Results) -> dict[str, pd.DataFrame]:
    return {table.name: tables._frame(results, table) for table in _of_words(results)}


def _package(results: Results, decision: Decision, resources: list[dict[str, Any]]) -> dict[str, Any]:
    package, study = tables._package(results, resources), results.study
    sampled = (
        f" Acceptability and the value of information are from {decision.draws:,} draws." if decision.draws else ""
    )
    return package | {
        "name": f"{package['name']}-decision",
        "title": f"{study.title}: what follows for those who decide",
        "description": package["description"] + sampled,
    }
