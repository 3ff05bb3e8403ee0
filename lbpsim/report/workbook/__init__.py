"""`results.xlsx`: the results for people who live in Excel, with formulas that can be followed and native charts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lbpsim.report.files import write_whole
from lbpsim.report.workbook import contents, inputs, payers, table_sheets, years
from lbpsim.report.workbook.book import Book, Sheet
from lbpsim.report.workbook.cells import Grid
from lbpsim.report.workbook.cost_effectiveness import cost_effectiveness
from lbpsim.report.workbook.headline import fill_headline, headline_sheet
from lbpsim.report.workbook.projections import charts_sheet, fill_charts
from lbpsim.report.workbook.totals import increments, totals
from lbpsim.voi.decision_analysis import decide

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results
    from lbpsim.voi.decision_analysis import Decision

WORKBOOK = "results.xlsx"
NO_POLICY = "It takes a policy beside the comparator: add its file to scenarios/."
COMPARED = (
    ("Headline", "What each policy changes against the comparator, with intervals."),
    ("Incremental", "Each policy less the comparator."),
    ("Cost-effectiveness", "Ratios and net benefits against the comparator."),
    ("Budget impact", "What each payer pays more or less."),
    ("Readings", "The headline under other readings of the model."),
    ("Lifetime", "Differences within the study's years, beyond them, and over the lifetime."),
    ("Who gains", "Main differences by socioeconomic quintile."),
)


def write_workbook(results: Results, decision: Decision | None, path: Path) -> Path:
    """Write the workbook of a study to `path`, the same bytes from the same results, and return the path.

    `decision`: what follows for those who decide; without it what needs no draws is worked out here. Sheets that the
    results do not fill are named in the contents, with what would fill them. The file appears whole.
    """
    write_whole(path, workbook(results, decide(results) if decision is None else decision))
    return path


def workbook(results: Results, decision: Decision) -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    book = Book(results)
    inputs.policies(book)
    if len(results.scenarios) > 1:
        _with_comparisons(book, decision)
    else:
        _alone(book)
    table_sheets.per_thousand(book)
    inputs.inputs(book)
    inputs.assumptions(book)
    inputs.references(book)
    inputs.provenance(book)
    contents.columns(book)
    contents.contents(book)
    return book.close()


def _with_comparisons(book: Book, decision: Decision) -> None:
    answer, charts = headline_sheet(book), charts_sheet(book)
    over = totals(book, "Totals", discounted=True)
    change = increments(book, "Incremental", over, discounted=True)
    cost_effectiveness(book, change)
    table_sheets.frontier_sheet(book)
    over = totals(book, "Undiscounted", discounted=False)
    fill_headline(answer, change, increments(book, "Undiscounted change", over, discounted=False))
    levels = years.by_year(book)
    _fill(book, charts, levels, years.changes_by_year(book, levels), decision)
    table_sheets.lifetime(book)
    table_sheets.who_gains(book)
    table_sheets.equity(book, decision)
    table_sheets.switches(book)
    table_sheets.uncertainty(book)
    table_sheets.choices(book, decision)


def _fill(book: Book, charts: Sheet, levels: Grid, changes: Grid, decision: Decision) -> None:
    payers.costs_by_payer(book)
    budget = payers.budget_impact(book, decision)
    fill_charts(charts, levels, changes, budget, years.waiting(book))


def _alone(book: Book) -> None:
    """The comparator has nothing to be compared with."""
    charts = charts_sheet(book)
    totals(book, "Totals", discounted=True)
    totals(book, "Undiscounted", discounted=False)
    levels = years.by_year(book)
    payers.costs_by_payer(book)
    fill_charts(charts, levels, None, None, years.waiting(book))
    for name, holds in COMPARED:
        book.leave_out(name, holds, NO_POLICY)


__all__ = ["WORKBOOK", "workbook", "write_workbook"]
