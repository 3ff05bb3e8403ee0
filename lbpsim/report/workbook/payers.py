"""Sheets of money by payer: what is spent each year, and what each policy changes in budgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.budget import ALL_PAYERS
from lbpsim.report.charts.ce_plane import far_out_of
from lbpsim.report.charts.series import difference
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Cell, Grid, Row
from lbpsim.report.workbook.outcome_sheets import by_key
from lbpsim.voi.decision_analysis import Decision

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

BUDGET = "cost_health_system"  # outcome that all payers pay together
FIRST = 2  # column of the first period of the budget


def costs_by_payer(book: Book) -> None:
    """The sheet of costs by policy, category, payer and year, years summed up by formulas."""
    sheet, years = book.sheet("Costs by payer"), book.results.years
    known = by_key(book.results.costs, ("scenario", "category", "payer", "year"), "cost")
    rows: list[Row] = []
    for start in dict.fromkeys(key[:-1] for key in known):
        costs = [known[*start, year] for year in years]
        row = sheet.first + len(rows)
        whole = Cell(sum(costs), MONEY, formula=_sum(row, len(start), len(start) + len(years) - 1))
        rows.append(Row((*start, *(Cell(cost, MONEY) for cost in costs), whole)))
    sheet.table(rows, year=years)


def budget_impact(book: Book, decision: Decision) -> Grid:
    """The sheet of budget impact, payer by payer.

    Rows are found by (payer, policy), columns by period, such as "2027" or "2027 to 2031".
    """
    sheet = book.sheet("Budget impact")
    known = by_key(decision.budget, ("payer", "scenario", "period"), "cost")
    periods, payers = (list(dict.fromkeys(decision.budget[name])) for name in ("period", "payer"))
    payers.sort(key=lambda payer: payer == ALL_PAYERS)
    charted, far = set(book.few.scenarios), far_out(book.few, BUDGET)
    policies = sorted(book.results.scenarios[1:], key=lambda name: (name not in charted, name in far))
    rows: list[Row] = []  # policies far out stand last, so that close-ups of a chart can end before them
    for payer in payers:
        summed = len(payers) - 1 if payer == ALL_PAYERS else 0
        for policy in policies:
            row = sheet.first + len(rows)
            above = [row - len(policies) * step for step in range(summed, 0, -1)]
            formulas = (_formula(row, place, periods, above) for place in range(len(periods)))
            cells = (
                Cell(known[payer, policy, period], MONEY, True, formula)
                for period, formula in zip(periods, formulas, strict=True)
            )
            rows.append(Row((payer, policy, *cells), (payer, policy), "sum" if above else ""))
    return sheet.table(rows, period=[period.replace("-", " to ") for period in periods])


def far_out(results: Results, outcome: str) -> set[str]:
    """Policies whose change in an outcome, undiscounted, would press those of the others into a line."""
    return far_out_of(difference(results, outcome, discounted=False))


def _formula(row: int, place: int, periods: Sequence[str], above: Sequence[int]) -> str:
    """Of a cell of a period: the sum of the rows `above`, or of the years of a longer period; of a year nothing."""
    if above:
        return "=" + "+".join(xl_rowcol_to_cell(each, FIRST + place) for each in above)
    first, *last = (FIRST + periods.index(year) for year in periods[place].split("-"))
    return _sum(row, first, *last) if last else ""


def _sum(row: int, first: int, last: int) -> str:
    return f"=SUM({xl_rowcol_to_cell(row, first)}:{xl_rowcol_to_cell(row, last)})"
