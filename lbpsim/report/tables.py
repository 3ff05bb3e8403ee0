"""Tables as CSV files with a Frictionless description: one fact a row, the same bytes from the same results."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lbpsim.decision.frontier import frontier_table
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.columns import Column, Table, tables
from lbpsim.report.files import write_set

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

DIGITS = 12  # of a number as written: cents of a hundred thousand million, and no noise of the last bits
PACKAGE = "datapackage.json"


def write_tables(results: Results, folder: Path) -> tuple[Path, ...]:
    """Write every table of the results as CSV, and `datapackage.json`; returns the paths, the description last.

    Files appear whole, the description after all the tables it describes. Rows are sorted by the columns that identify
    them: policies with the comparator first, outcomes in the order of outcomes.csv, all else by value.

    Raises:
        ValueError: when a table of the results does not have the columns that its description says.
    """
    files = {f"{table.name}.csv": (table, content) for table, content in _contents(results)}
    described = [_resource(table, content) for table, content in files.values()]
    contents = {name: content for name, (_, content) in files.items()}
    contents[PACKAGE] = _json(_package(results, described))
    write_set(folder, contents, last=PACKAGE)
    return tuple(folder / name for name in contents)


def frames(results: Results) -> dict[str, pd.DataFrame]:
    """Every table of the results by name, with its columns and rows in the order in which they are written."""
    return {table.name: _ordered(_frame(results, table), table, results) for table in tables(results.study.thresholds)}


def number_text(value: float) -> str:
    """A number as written in tables: 12 significant digits, never an exponent, empty when missing.

    >>> number_text(0.1 + 0.2), number_text(298624.0), number_text(math.nan)
    ('0.3', '298624', '')
    """
    if math.isnan(value):
        return ""
    text = np.format_float_positional(value, precision=DIGITS, unique=True, fractional=False, trim="-")
    return "0" if text == "-0" else text


def _contents(results: Results) -> Iterator[tuple[Table, bytes]]:
    ordered = frames(results)
    for table in tables(results.study.thresholds):
        yield table, _csv(ordered[table.name], table.columns)


def _frame(results: Results, table: Table) -> pd.DataFrame:
    special: Mapping[str, Callable[[Results], pd.DataFrame]] = {
        "scenarios": _scenarios,
        "outcomes": _outcomes,
        "frontier": frontier_table,
    }
    frame = special[table.name](results) if table.name in special else getattr(results, table.name)
    _check(frame, table)
    return frame[[column.name for column in table.columns]]


def _check(frame: pd.DataFrame, table: Table) -> None:
    declared = [column.name for column in table.columns]
    if sorted(frame.columns) != sorted(declared):
        raise ValueError(
            f"table {table.name!r} has the columns {', '.join(frame.columns)}; its description in "
            f"lbpsim/report/columns.py has {', '.join(declared)}"
        )


def _scenarios(results: Results) -> pd.DataFrame:
    policies = results.study.policies
    return pd.DataFrame(
        {
            "scenario": [policy.name for policy in policies],
            "title": [policy.title for policy in policies],
            "description": [" ".join(policy.description.split()) for policy in policies],
            "comparator": [policy.name == results.scenarios[0] for policy in policies],
        }
    )


def _outcomes(_: Results) -> pd.DataFrame:
    rows = [(outcome.name, outcome.label, outcome.unit, outcome.kind) for outcome in OUTCOMES.values()]
    return pd.DataFrame(rows, columns=["outcome", "label", "unit", "kind"])


def _ordered(frame: pd.DataFrame, table: Table, results: Results) -> pd.DataFrame:
    ranks: dict[str, Sequence[str]] = {"scenario": results.scenarios, "outcome": tuple(OUTCOMES)}

    def rank(column: pd.Series[Any]) -> pd.Series[Any]:
        name = str(column.name)
        if name in ranks:
            return column.map({value: place for place, value in enumerate(ranks[name])})
        return column.astype(str) if column.dtype == object else column

    return frame.sort_values(list(table.key), key=rank, kind="stable", ignore_index=True)


def _csv(frame: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    cells = [[_cell(value, column) for value in frame[column.name].tolist()] for column in columns]
    writer.writerows(zip(*cells, strict=True))
    return text.getvalue().encode()


def _cell(value: Any, column: Column) -> str:
    if column.kind == "number":
        return number_text(float(value))
    if column.kind == "boolean":
        return "true" if value else "false"
    return str(value)


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": f"{table.description} Rows are sorted by {', '.join(table.key)}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True, "header": True},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    links = [name for name in ("scenario", "outcome") if name in table.key and table.name != f"{name}s"]
    return {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [{"fields": name, "reference": {"resource": f"{name}s", "fields": name}} for name in links],
        "missingValues": [""],
    }


def _field(column: Column) -> dict[str, str]:
    described = {"name": column.name, "type": column.kind, "description": column.meaning}
    return described | ({"unit": column.unit} if column.unit else {})


def _package(results: Results, resources: list[dict[str, Any]]) -> dict[str, Any]:
    study = results.study
    return {
        "profile": "tabular-data-package",
        "name": study.name.lower().replace(" ", "-"),
        "title": study.title,
        "description": _description(results),
        "licenses": [LICENCE],
        "sources": list(SOURCES),
        "resources": resources,
    }


LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
SOURCES = (
    {"title": "lbpsim, a simulation of policies for chronic low back pain; `lbpsim parameters` lists its sources"},
    {"title": "Australian Bureau of Statistics: population and life tables", "path": "https://www.abs.gov.au"},
)


def _description(results: Results) -> str:
    years = results.years
    return (
        f"Simulated outcomes of {len(results.scenarios)} policies for chronic low back pain in "
        f"{results.study.country}, {years[0]} to {years[-1]}, from {results.people:,} simulated people in "
        f"{results.replications} replications with seed {results.seed}. Money is in Australian dollars of "
        f"{results.study.price_year}. Errors are Monte Carlo standard errors: they say how much the simulation would "
        "vary with other luck, not how sure the inputs are."
    )


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
