"""Sheets of outcomes with their Monte Carlo errors: over the horizon, by year, by quintile; differences as formulas."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from lbpsim.evidence.units import told
from lbpsim.outcomes.groups import QUINTILES
from lbpsim.outcomes.measures import OUTCOMES, reported
from lbpsim.outcomes.waiting import WHOLE_HORIZON
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Cell, Content, Grid, Row
from lbpsim.report.workbook.sheet_texts import sheet_texts

Place = tuple[Hashable, str | int]  # key of a row, name of a column
Known = Mapping[tuple[Any, ...], float]
ROUNDING = 1e-13  # of a figure: more of its digits than this are not kept in a double


def error(scenario: str) -> str:
    """Name of the column with the Monte Carlo standard errors of a policy."""
    return f"mcse: {scenario}"


def totals(book: Book, name: str, *, discounted: bool) -> Grid:
    """The sheet of what every policy comes to; columns are found by policy, those of errors by `error(policy)`."""
    policies = book.results.scenarios
    sheet = book.sheet(name, discounting=_word(discounted))
    frame = book.results.summary[book.results.summary["discounted"] == discounted]
    values, errors = (by_key(frame, ("outcome", "scenario"), column) for column in ("value", "mcse"))
    rows = []
    for each in reported(discounted=discounted):
        about = OUTCOMES[each]
        figures = _with_errors(values, errors, [(each, policy) for policy in policies], about.unit)
        rows.append(Row((each, about.label, told(about.unit), *figures), each))
    return sheet.table(rows, policy=policies)


def increments(book: Book, name: str, over: Grid, *, discounted: bool) -> Grid:
    """The sheet of differences from the comparator, formulas over the totals `over`; columns as there."""
    comparator, *policies = book.results.scenarios
    sheet = book.sheet(name, discounting=_word(discounted), over=over.sheet)
    frame = book.results.incremental[book.results.incremental["discounted"] == discounted]
    errors = by_key(frame, ("outcome", "scenario"), "mcse")
    rows = []
    for each in reported(discounted=discounted):
        about = OUTCOMES[each]
        places = [((each, policy), (each, comparator), errors[each, policy]) for policy in policies]
        rows.append(Row((each, about.label, told(about.unit), *_differences(over, places, about.unit)), each))
    return sheet.table(rows, policy=policies)


def by_year(book: Book) -> Grid:
    """The sheet of main outcomes; rows are found by (outcome, policy), columns by year."""
    results = book.results
    sheet = book.sheet("By year")
    values, errors = (_by_year(results.yearly, column) for column in ("value", "mcse"))
    rows = []
    for start in _starts(sheet_texts().by_year, results.scenarios):
        keys = [(*start[:2], year) for year in results.years]
        rows.append(Row((*start, *_with_errors(values, errors, keys, start[-1])), start[:2]))
    return sheet.table(rows, year=results.years)


def changes_by_year(book: Book, over: Grid) -> Grid:
    """The sheet of differences from the comparator, formulas over the sheet by year; found as there."""
    results = book.results
    comparator, *policies = results.scenarios
    sheet = book.sheet("Change by year")
    errors = _by_year(results.yearly_incremental, "mcse")
    rows = []
    for start in _starts(sheet_texts().by_year, policies):
        here, base = start[:2], (start[0], comparator)
        places = [((here, year), (base, year), errors[*here, year]) for year in results.years]
        rows.append(Row((*start, *_differences(over, places, start[-1])), here))
    return sheet.table(rows, year=results.years)


def waiting(book: Book) -> Grid:
    """The sheet of waiting lists by year, with those never reached over the whole horizon; rows are found by (list and
    measure with a space between, policy), columns by year.
    """
    results = book.results
    sheet, frame = book.sheet("Waiting"), results.waiting
    values, errors = (by_key(frame, ("scenario", "list", "measure", "year"), column) for column in ("value", "mcse"))
    order = frame[["scenario", "list", "measure", "unit"]].drop_duplicates()
    ranks = {name: place for place, name in enumerate(results.scenarios)}
    order = order.sort_values("scenario", key=lambda names: names.map(ranks), kind="stable")
    rows = []
    for policy, which, measure, unit in order.itertuples(index=False):
        keys = [(policy, which, measure, period) for period in (*results.years, WHOLE_HORIZON)]
        start = (policy, which, measure.replace("_", " "), unit)
        rows.append(Row((*start, *_with_errors(values, errors, keys, unit)), (f"{which} {measure}", policy)))
    return sheet.table(rows, year=(*results.years, "whole horizon"))


def who_gains(book: Book) -> None:
    """The sheet of differences by socioeconomic quintile, quintiles as columns."""
    frame, by = book.results.incremental_by_quintile, ("outcome", "discounted", "scenario", "quintile")
    changes, errors = (by_key(frame, by, column) for column in ("difference", "mcse"))
    rows = []
    shown = sheet_texts().who_gains
    for start in _starts(shown, book.results.scenarios[1:]):
        outcome, policy, _, unit = start
        keys = [(outcome, shown[outcome], policy, each) for each in QUINTILES]
        figures = _with_errors(changes, errors, keys, unit, signed=True)
        rows.append(Row((*start, "yes" if shown[outcome] else "no", *figures)))
    book.sheet("Who gains").table(rows, each=QUINTILES)


def difference(over: Grid, here: Place, less: Place, unit: str) -> Content:
    """A formula for one cell less another, each by its keys of row and column; nothing where either is not known."""
    value = settled(over.value(*here) - over.value(*less), over.value(*here))
    if math.isnan(value):
        return None
    return Cell(value, unit, True, f"={over.cell(*here)}-{over.cell(*less)}")


def settled(value: float, size: float) -> float:
    """A difference, or its error; zero where it is but the rounding of figures of this size, as spreadsheets see it."""
    return 0.0 if abs(value) <= ROUNDING * abs(size) else value


def by_key(frame: pd.DataFrame, keys: Sequence[str], column: str) -> Known:
    """A column of a table by the values of its key columns."""
    return dict(zip(zip(*(frame[key].tolist() for key in keys), strict=True), frame[column].tolist(), strict=True))


def _with_errors(
    values: Known, errors: Known, keys: Sequence[tuple[Any, ...]], unit: str, *, signed: bool = False
) -> Iterator[Cell]:
    yield from (Cell(values.get(key, math.nan), unit, signed) for key in keys)
    yield from (Cell(errors.get(key, math.nan), unit) for key in keys)


def _differences(over: Grid, places: Sequence[tuple[Place, Place, float]], unit: str) -> Iterator[Content]:
    """Formulas for the first place of each less the second, then their Monte Carlo errors."""
    yield from (difference(over, here, less, unit) for here, less, _ in places)
    yield from (Cell(settled(noise, over.value(*here)), unit) for here, _, noise in places)


def _by_year(yearly: pd.DataFrame, column: str) -> Known:
    main = yearly[yearly["outcome"].isin(sheet_texts().by_year)]
    return by_key(main, ("outcome", "scenario", "year"), column)


def _starts(outcomes: Iterable[str], policies: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """The cells with which rows begin, policy by policy for each outcome."""
    for outcome in outcomes:
        for policy in policies:
            yield outcome, policy, OUTCOMES[outcome].label, told(OUTCOMES[outcome].unit)


def _word(discounted: bool) -> str:
    return "discounted" if discounted else "undiscounted"
