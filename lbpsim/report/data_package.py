"""A folder of tables: CSV files, and the Frictionless description of every column of them in datapackage.json."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lbpsim.evidence.output_tables import Column, Table
from lbpsim.evidence.units import amounts_told, told
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.file_records import MADE_BY, DamagedError, Record
from lbpsim.report.files import write_set
from lbpsim.study import Study

PLAIN = (1e-4, 1e11)  # sizes of numbers that Python, too, writes without an exponent
DIGITS = 12  # of a number as written: cents of a hundred thousand million, and no noise of the last bits
PACKAGE = "datapackage.json"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
QUANTITY = re.compile(r"[-+]\.?\d[^(|!=@]*")  # a negative quantity in words: no function, no other program
OF_FORMULAS = "Text that a spreadsheet would run as a formula has an apostrophe before it."
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
OURS = "lbpsim, "  # how the first source begins of every package that is written here
SOURCES = (
    {"title": f"{OURS}a simulation of policies for chronic low back pain; `lbpsim parameters` lists its sources"},
)
AT_ONCE = 50_000  # rows turned into text: millions of cells as words would fill the memory
KINDS = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}  # of columns, as read
DICTIONARIES = {"scenario": "scenarios", "outcome": "outcomes"}  # columns whose words a table of their own explains


@dataclass(frozen=True)
class About:
    """What a package is: a `name` for machines, a `title` and a `description` for people."""

    name: str
    title: str
    description: str


class ColumnsError(ValueError):
    """A table does not have the columns that its description says."""


def write_package(
    folder: Path, tables: Sequence[tuple[Table, pd.DataFrame]], about: About, study: Study
) -> tuple[Path, ...]:
    """Write tables as CSV and `datapackage.json` into `folder`; returns the paths, the description last.

    Files appear whole, the description after all the tables it describes; tables that an earlier description had and
    this one has not are removed. Rows are sorted by the columns that identify them: policies with the comparator
    first, outcomes in the order of outcomes.csv, all else by value.

    Raises:
        ColumnsError: when a table does not have the columns that its description says.
    """
    names = {table.name for table, _ in tables}
    contents = {f"{table.name}.csv": csv_text(ordered(frame, table, study), table) for table, frame in tables}
    resources = [_resource(table, contents[f"{table.name}.csv"], names) for table, _ in tables]
    description = {
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "description": f"{about.description} {OF_FORMULAS}",
        "licenses": [LICENCE],
        "sources": [*SOURCES, dict(study.country.statistics)],
        "resources": resources,
    }
    contents[PACKAGE] = (json.dumps(description, indent=2, ensure_ascii=False) + "\n").encode()
    stale = described(folder) - set(contents)
    write_set(folder, contents, last=PACKAGE)
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    return tuple(folder / name for name in contents)


def ordered(frame: pd.DataFrame, table: Table, study: Study) -> pd.DataFrame:
    """The columns and rows of a table in the order in which they are written.

    Raises ColumnsError when they are not those that the description says.
    """
    declared = [column.name for column in table.columns]
    if sorted(frame.columns) != sorted(declared):
        raise ColumnsError(
            f"table {table.name!r} has the columns {', '.join(frame.columns)}; its description has "
            f"{', '.join(declared)}"
        )
    ranks = {"scenario": [policy.name for policy in study.policies], "outcome": list(OUTCOMES)}

    def rank(column: pd.Series[Any]) -> pd.Series[Any]:
        places = {value: place for place, value in enumerate(ranks.get(str(column.name), []))}
        if places:
            return column.map(places)
        return column.astype(str) if column.dtype == object else column

    return frame[declared].sort_values(list(table.key), key=rank, kind="stable", ignore_index=True)


def csv_text(frame: pd.DataFrame, table: Table) -> bytes:
    """A table as the bytes of its CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for first in range(0, len(frame), AT_ONCE):
        part = frame[first : first + AT_ONCE]
        cells = [_cells(_named(part[column.name]), column) for column in table.columns]
        writer.writerows(zip(*cells, strict=True))
    return text.getvalue().encode()


def _named(values: pd.Series) -> list[Any]:
    """The values of a column, units of money by the name of the currency."""
    return [told(str(value)) for value in values.tolist()] if values.name == "unit" else values.tolist()


def number_text(value: float) -> str:
    """A number as written in tables: 12 significant digits, never an exponent, empty when missing.

    >>> number_text(0.1 + 0.2), number_text(298624.0), number_text(math.nan)
    ('0.3', '298624', '')
    """
    if math.isnan(value):
        return ""
    if PLAIN[0] <= abs(value) < PLAIN[1]:
        return f"{value:.{DIGITS}g}"  # the same text, sooner
    text = np.format_float_positional(value, precision=DIGITS, unique=True, fractional=False, trim="-")
    return "0" if text == "-0" else text


def _cells(values: Sequence[Any], column: Column) -> list[str]:
    if column.kind == "number":
        return [number_text(float(value)) for value in values]
    if column.kind == "boolean":
        return ["true" if value else "false" for value in values]
    texts = {value: plain_text(str(value)) for value in set(values)}  # the same few words stand in many rows
    return [texts[value] for value in values]


def plain_text(text: str) -> str:
    """A text as a cell of a table: an apostrophe before what a spreadsheet would run as a formula.

    >>> plain_text("=cmd|' /C calc'!A0"), plain_text("@SUM(1)"), plain_text("-4.6 RMDQ points")
    ("'=cmd|' /C calc'!A0", "'@SUM(1)", '-4.6 RMDQ points')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) and QUANTITY.fullmatch(text) is None else text


def described(folder: Path) -> set[str]:
    """Files of the package that was written here earlier; none where its description is not ours, or cannot be read."""
    try:
        earlier = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        if not earlier["sources"][0]["title"].startswith(OURS):
            return set()
        return {PACKAGE, *(Path(str(each["path"])).name for each in earlier["resources"])}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return set()


def read_table(record: Record, table: Table) -> pd.DataFrame:
    """A table as its description says: text stays text, and an empty cell of it an empty text.

    Raises DamagedError where it is not as it was written with the record, or has other columns.
    """
    name = f"{table.name}.csv"
    types = {column.name: KINDS[column.kind] for column in table.columns}
    missing = {name: [""] for name, kind in types.items() if kind == "float64"}
    frame = pd.read_csv(io.BytesIO(record.content(name)), dtype=types, keep_default_na=False, na_values=missing)
    if list(frame.columns) != table.names:
        raise DamagedError(f"{name} has other columns than this version writes; run `{record.told[MADE_BY]}` again")
    return frame


def _resource(table: Table, content: bytes, names: set[str]) -> dict[str, Any]:
    links = [
        (name, other) for name, other in DICTIONARIES.items() if name in table.key and other in names - {table.name}
    ]
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
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": name, "reference": {"resource": other, "fields": name}} for name, other in links
            ],
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, str]:
    described = {"name": column.name, "type": column.kind, "description": amounts_told(column.meaning)}
    unit = {"unit": told(column.unit)} if column.unit else {}
    return described | unit | ({"nature": column.nature} if column.nature else {})
