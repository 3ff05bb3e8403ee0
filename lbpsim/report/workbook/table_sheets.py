"""Sheets that show tables of results as tables.yaml describes them, or say what it takes to have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from lbpsim.cea.choice_set import choosable
from lbpsim.cea.frontier import frontier, frontier_table, steps
from lbpsim.evidence.output_tables import Column, output_table
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.psa.uncertainty_tables import uncertainty_incremental
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Cell, Content, Row
from lbpsim.report.workbook.sheet_texts import sheet_texts
from lbpsim.study.phrasing import number_of
from lbpsim.voi.decision_analysis import Decision

BIGGEST_FIRST = ("perspective", "threshold", "value")


def table_sheet(book: Book, name: str, frame: pd.DataFrame | None, *notes: str, **words: str) -> None:
    """The sheet of a table; where the results do not have it, a line in the contents that says how to get it."""
    if frame is None:
        book.leave_out(name)
        return
    table = output_table(sheet_texts().sheet(name).table, book.results.study.thresholds)
    sheet = book.sheet(name, *notes, table_title=table.title, description=table.description, **words)
    headings = [column.model_copy(update={"name": column.name.replace("_", " ")}) for column in table.columns]
    rows = [Row(tuple(_content(row, column) for column in table.columns)) for row in frame.to_dict("records")]
    sheet.table(rows, headings)


def frontier_sheet(book: Book) -> None:
    """The sheet of the efficiency frontier."""
    table = frontier_table(book.results)
    table_sheet(book, "Frontier", table, *_without_benchmarks(book.results, table))


def _without_benchmarks(results: Results, table: pd.DataFrame) -> Iterator[str]:
    """What the frontier is without policies that nobody could choose, where there are any."""
    possible = choosable(results.study)
    beyond = [name for name in results.scenarios if name not in possible]
    if not beyond:
        return
    yield f"No choice, but a benchmark, since capacity is assumed away: {', '.join(beyond)}."
    for perspective, rows in table[table["scenario"].isin(possible)].groupby("perspective", sort=False):
        found = frontier(*(rows[name].tolist() for name in ("scenario", "cost", "qalys")))
        yield f"On the frontier of the others, {perspective}: {', '.join(option.name for option in steps(found))}."


def uncertainty(book: Book) -> None:
    """The sheet of differences over the draws."""
    if not isinstance(book.results, ProbabilisticResults):
        book.leave_out("Uncertainty")
        return
    draws = book.results.draws
    words = {
        "draws": number_of(len(draws.numbers), "draw"),
        "inputs": number_of(draws.parameters.shape[1], "input"),
        "people": number_of(draws.plan.people, "person"),
    }
    table_sheet(book, "Uncertainty", uncertainty_incremental(draws), **words)


def choices(book: Book, decision: Decision) -> None:
    """The sheets of acceptability and of the value of information."""
    words = {"draws": number_of(decision.draws, "draw"), "choices": ", ".join(decision.choices)}
    table_sheet(book, "Acceptability", decision.ceac, **words)
    voi = decision.voi
    if voi is not None:
        voi = voi.sort_values(list(BIGGEST_FIRST), ascending=[True, True, False], kind="stable")
    table_sheet(book, "Value of information", voi, **words)


def _content(row: Mapping[Any, Any], column: Column) -> Content:
    value = row[column.name]
    if column.kind == "number":
        return Cell(float(value), column.unit or row.get("unit", ""))
    if column.kind == "boolean":
        return "yes" if value else "no"
    return int(value) if column.kind == "integer" else str(value)
