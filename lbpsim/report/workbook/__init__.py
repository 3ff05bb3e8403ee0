"""`results.xlsx`: the results for people who live in Excel, with formulas that can be followed and native charts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lbpsim.report.files import write_whole
from lbpsim.report.workbook import contents, inputs, payers
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cost_effectiveness import cost_effectiveness
from lbpsim.report.workbook.headline import fill_headline, headline_sheet
from lbpsim.report.workbook.outcome_sheets import by_year, changes_by_year, increments, totals, waiting, who_gains
from lbpsim.report.workbook.projections import charts_sheet, fill_charts
from lbpsim.report.workbook.table_sheets import choices, frontier_sheet, table_sheet, uncertainty
from lbpsim.voi.decision_analysis import decide

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results
    from lbpsim.voi.decision_analysis import Decision

NO_POLICY = "It takes a policy beside the comparator: add its file to scenarios/."
COMPARED = ("Headline", "Incremental", "Cost-effectiveness", "Budget impact", "Readings", "Lifetime", "Who gains")


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
    table_sheet(book, "People treated", results.treated_by_year)
    table_sheet(book, "Per 1,000 treated", results.per_thousand)
    inputs.inputs(book)
    inputs.assumptions(book)
    inputs.references(book)
    inputs.provenance(book)
    contents.columns(book)
    contents.contents(book)
    return book.close()


def _with_comparisons(book: Book, decision: Decision) -> None:
    results = book.results
    answer, charts = headline_sheet(book), charts_sheet(book)
    over = totals(book, "Totals", discounted=True)
    change = increments(book, "Incremental", over, discounted=True)
    cost_effectiveness(book, change)
    frontier_sheet(book)
    over = totals(book, "Undiscounted", discounted=False)
    fill_headline(answer, change, increments(book, "Undiscounted change", over, discounted=False))
    levels = by_year(book)
    changes = changes_by_year(book, levels)
    payers.costs_by_payer(book)
    budget = payers.budget_impact(book, decision)
    fill_charts(charts, levels, changes, budget, waiting(book))
    table_sheet(book, "Lifetime", None if results.beyond is None else results.lifetime_incremental)
    who_gains(book)
    table_sheet(book, "Net health", decision.health)
    table_sheet(book, "Equity", decision.equity)
    table_sheet(book, "Readings", results.switches)
    uncertainty(book)
    choices(book, decision)


def _alone(book: Book) -> None:
    """The comparator has nothing to be compared with."""
    charts = charts_sheet(book)
    totals(book, "Totals", discounted=True)
    totals(book, "Undiscounted", discounted=False)
    levels = by_year(book)
    payers.costs_by_payer(book)
    fill_charts(charts, levels, None, None, waiting(book))
    for name in COMPARED:
        book.leave_out(name, NO_POLICY, discounting="discounted", over="Totals")


__all__ = ["workbook", "write_workbook"]
