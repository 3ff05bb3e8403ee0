"""Sheets by calendar year, years as columns: main outcomes, their differences, and waiting lists."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import pandas as pd

from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.waiting import WHOLE_HORIZON
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Grid, Heading, NumberCell, Row
from lbpsim.report.workbook.totals import LUCK, PAIRED, SIGNS, by_key, difference, settled

BY = ("outcome", "scenario", "year")
MAIN = (
    *("ylds", "qalys", "in_pain_years", "high_impact_years", "rmdq_mean", "opioid_years", "overdose_deaths", "deaths"),
    *("surgeries", "physiotherapists_trained", "cft_places", "cft_courses", "cft_waiting_years"),
    *("cft_waiting_at_year_end", "cft_wait_mean", "employed_share", "cost_health_system", "cost_societal"),
)
KEYS = (
    Heading("outcome", meaning="What is counted, by its name in all tables."),
    Heading("policy", meaning="Policy, by the name of its file."),
    Heading("what it is", meaning="The outcome in words."),
    Heading("unit", meaning="Unit of all figures of the row."),
)
WAITING = (
    Heading("policy", meaning="Policy, by the name of its file."),
    Heading("list", meaning="The list: CFT or surgery."),
    Heading("measure", meaning="What is measured about the list."),
    Heading("unit", meaning="Unit of all figures of the row."),
)


def mcse(period: Hashable) -> tuple[str, Hashable]:
    """Key of the column with the Monte Carlo errors of a year."""
    return "mcse", period


def by_year(book: Book) -> Grid:
    """The sheet of main outcomes; rows are found by (outcome, policy), columns by year and `mcse(year)`."""
    results = book.results
    sheet = book.sheet(
        "By year",
        "Main outcomes of every policy by calendar year.",
        f"Main outcomes by calendar year: {book.where_and_when}",
        (f"For the country, undiscounted. All outcomes by year are in tables/yearly.csv. {LUCK}",),
    )
    known = [by_key(_main(results.yearly), BY, name) for name in ("value", "mcse")]
    rows = []
    for outcome in MAIN:
        for policy in results.scenarios:
            unit = OUTCOMES[outcome].unit
            figures = (NumberCell(table[outcome, policy, year], unit) for table in known for year in results.years)
            rows.append(Row((*_start(outcome, policy), *figures), (outcome, policy)))
    return sheet.table((*KEYS, *_periods(results.years)), rows, frozen=2)


def changes_by_year(book: Book, over: Grid) -> Grid:
    """The sheet of differences from the comparator, formulas over the sheet by year; found as there."""
    results = book.results
    comparator, *policies = results.scenarios
    sheet = book.sheet(
        "Change by year",
        "Main outcomes less the comparator's, by calendar year: live formulas over the sheet By year.",
        f"Differences from {comparator} by calendar year: {book.where_and_when}",
        (f"Undiscounted. {SIGNS} Differences are formulas over the sheet By year.", PAIRED),
    )
    errors = by_key(_main(results.yearly_incremental), BY, "mcse")
    rows = []
    for outcome in MAIN:
        for policy in policies:
            unit = OUTCOMES[outcome].unit
            base = (outcome, comparator)
            less = (difference(over, ((outcome, policy), year), (base, year), unit) for year in results.years)
            noise = (
                NumberCell(settled(errors[outcome, policy, year], over.value((outcome, policy), year)), unit)
                for year in results.years
            )
            rows.append(Row((*_start(outcome, policy), *less, *noise), (outcome, policy)))
    return sheet.table((*KEYS, *_periods(results.years)), rows, frozen=2)


def waiting(book: Book) -> Grid:
    """The sheet of waiting lists by year, with those never reached over the whole horizon; rows are found by (list and
    measure with a space between, policy), columns by year.
    """
    results = book.results
    sheet = book.sheet(
        "Waiting",
        "Waiting lists for CFT and surgery: length, waits, places, and how often people are never reached.",
        f"Waiting lists: {book.where_and_when}",
        (
            "Never reached counts times that people left a list or were still on it at the end, for the whole horizon. "
            "An empty cell is not known: a mean wait in a year in which nobody starts.",
            LUCK,
        ),
    )
    frame = results.waiting
    periods: tuple[int | str, ...] = (*results.years, WHOLE_HORIZON)
    known = [by_key(frame, ("scenario", "list", "measure", "year"), name) for name in ("value", "mcse")]
    order = frame[["scenario", "list", "measure", "unit"]].drop_duplicates()
    ranks = {name: place for place, name in enumerate(results.scenarios)}
    order = order.sort_values("scenario", key=lambda names: names.map(ranks), kind="stable")
    rows = [
        Row((policy, which, measure.replace("_", " "), unit,
             *(NumberCell(table.get((policy, which, measure, period), math.nan), unit) for table in known
               for period in periods)), (f"{which} {measure}", policy))
        for policy, which, measure, unit in order.itertuples(index=False)
    ]  # fmt: skip
    return sheet.table((*WAITING, *_periods(periods)), rows, frozen=3)


def _start(outcome: str, policy: str) -> tuple[str, str, str, str]:
    return outcome, policy, OUTCOMES[outcome].label, OUTCOMES[outcome].unit


def _periods(periods: Sequence[int | str]) -> tuple[Heading, ...]:
    words = {period: "whole horizon" if period == WHOLE_HORIZON else str(period) for period in periods}
    return (
        *(Heading(word, key=period) for period, word in words.items()),
        *(Heading(f"mcse {word}", key=mcse(period)) for period, word in words.items()),
    )


def _main(yearly: pd.DataFrame) -> pd.DataFrame:
    return yearly[yearly["outcome"].isin(MAIN)]
