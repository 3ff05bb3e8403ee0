"""Sheets of totals over the horizon, an outcome a row and a policy a column, and of differences as formulas."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from lbpsim.outcomes.measures import OUTCOMES, reported
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Content, Grid, Heading, Live, NumberCell, Row

Place = tuple[Hashable, Hashable]  # keys of a row and a column
BY = ("outcome", "scenario")
ROUNDING = 1e-13  # of a figure: more of its digits than this are not kept in a double
PAIRED = (
    "The error of a difference (mcse) is a value, not a formula: policies share the luck of the same simulated people, "
    "so it cannot be worked out from the errors of the two totals. It is smaller than they would suggest."
)
LUCK = "mcse: Monte Carlo standard error, how far a figure would move with other luck; unsure inputs are not in it."
PERIOD = (
    "Flows are sums over the years, levels (physiotherapists in practice) means over time, stocks (people on a list at "
    "the end of a year) those of the last year, ratios those of the sums; stocks are not discounted."
)
SIGNS = "Policy less comparator: below zero is less than there. QALYs and DALYs tell of the same gain: never add them."
OUTCOME = (
    Heading("outcome", meaning="What is counted, by its name in all tables."),
    Heading("what it is", meaning="The outcome in words."),
    Heading("unit", meaning="Unit of all figures of the row."),
)


def error(scenario: str) -> tuple[str, str]:
    """Key of the column with the Monte Carlo standard errors of a policy."""
    return scenario, "mcse"


def totals(book: Book, name: str, *, discounted: bool) -> Grid:
    """The sheet of what every policy comes to; columns are found by policy, those of errors by `error(policy)`."""
    results, word = book.results, _word(discounted)
    sheet = book.sheet(
        name,
        f"Outcomes of every policy over the whole horizon, {word}.",
        f"Totals over the horizon, {word}: {book.where_and_when}",
        ("For the country, in the unit of each row; policies are columns, the comparator first.", PERIOD, LUCK),
    )
    frame = results.summary[results.summary["discounted"] == discounted]
    headings = (
        *OUTCOME,
        *(Heading(each, meaning="The figure under this policy.", key=each) for each in results.scenarios),
        *(_error(each, "Monte Carlo standard error of the figure.") for each in results.scenarios),
    )
    known = [by_key(frame, BY, name) for name in ("value", "mcse")]
    rows = [
        Row((*_outcome(each), *(NumberCell(table[each, policy], OUTCOMES[each].unit) for table in known
             for policy in results.scenarios)), each)
        for each in reported(discounted=discounted)
    ]  # fmt: skip
    return sheet.table(headings, rows, frozen=1)


def increments(book: Book, name: str, over: Grid, *, discounted: bool) -> Grid:
    """The sheet of differences from the comparator, formulas over the totals `over`; columns as there."""
    results, word = book.results, _word(discounted)
    policies = results.scenarios[1:]
    sheet = book.sheet(
        name,
        f"Each policy less the comparator, {word}: live formulas over the sheet {over.sheet}.",
        f"Differences from {results.scenarios[0]} over the horizon, {word}: {book.where_and_when}",
        (f"{SIGNS} Differences are formulas over the sheet {over.sheet}.", PAIRED),
    )
    frame = results.incremental[results.incremental["discounted"] == discounted]
    errors = by_key(frame, BY, "mcse")
    headings = (
        *OUTCOME,
        *(Heading(each, meaning="This policy less the comparator, a formula.", key=each) for each in policies),
        *(_error(each, "Monte Carlo standard error of the paired difference.") for each in policies),
    )
    rows = [
        Row((*_outcome(each),
             *(difference(over, (each, policy), (each, results.scenarios[0]), OUTCOMES[each].unit)
               for policy in policies),
             *(NumberCell(settled(errors[each, policy], over.value(each, policy)), OUTCOMES[each].unit)
               for policy in policies)), each)
        for each in reported(discounted=discounted)
    ]  # fmt: skip
    return sheet.table(headings, rows, frozen=1)


def difference(over: Grid, here: Place, less: Place, unit: str) -> Content:
    """A formula for one cell less another, each by its keys of row and column; nothing where either is not known."""
    value = settled(over.value(*here) - over.value(*less), over.value(*here))
    if math.isnan(value):
        return None
    return Live(f"={over.cell(*here)}-{over.cell(*less)}", value, unit, signed=True)


def settled(value: float, size: float) -> float:
    """A difference, or its error; zero where it is but the rounding of figures of this size, as spreadsheets see it."""
    return 0.0 if abs(value) <= ROUNDING * abs(size) else value


def by_key(frame: pd.DataFrame, keys: Sequence[str], column: str) -> dict[tuple[Any, ...], float]:
    """A column of a table by the values of its key columns."""
    return dict(zip(zip(*(frame[key].tolist() for key in keys), strict=True), frame[column].tolist(), strict=True))


def _word(discounted: bool) -> str:
    return "discounted" if discounted else "undiscounted"


def _outcome(name: str) -> tuple[str, str, str]:
    return name, OUTCOMES[name].label, OUTCOMES[name].unit


def _error(scenario: str, meaning: str) -> Heading:
    return Heading(f"mcse: {scenario}", meaning=meaning, key=error(scenario))
