"""Sheets of money by payer: what is spent each year, and what each policy changes in budgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

from lbpsim.cea.budget_impact import ALL_PAYERS
from lbpsim.report.charts.ce_plane import far_out_of
from lbpsim.report.charts.series import difference
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Content, Grid, Heading, Live, NumberCell, Row
from lbpsim.report.workbook.totals import by_key
from lbpsim.voi.decision_analysis import Decision

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

AUD = "AUD"
POLICY = Heading("policy", meaning="Policy, by the name of its file.")
PAYER = Heading("payer", meaning="Who pays.")
CATEGORY = Heading("category", meaning="What the money is spent on, or lost work.")
WHOLE = "whole horizon"
BUDGET = "cost_health_system"  # outcome that all payers pay together


def costs_by_payer(book: Book) -> None:
    """The sheet of costs by policy, category, payer and year, years summed up by formulas."""
    results = book.results
    sheet = book.sheet(
        "Costs by payer",
        "What is spent each year, on what, by whom; lost work too.",
        f"Costs by category and payer: {book.where_and_when}",
        (
            f"AUD of {results.study.price_year}, undiscounted, for the country. The rows of a policy add up to its "
            "cost to society. The last column sums up the years by a formula.",
        ),
    )
    known = by_key(results.costs, ("scenario", "category", "payer", "year"), "cost")
    rows: list[Row] = []
    for policy, category, payer in dict.fromkeys(key[:-1] for key in known):
        years = [known[policy, category, payer, year] for year in results.years]
        cells: tuple[Content, ...] = (
            *(NumberCell(value, AUD) for value in years),
            _sum(sheet.first + len(rows), 3, years),
        )
        rows.append(Row((policy, category, payer, *cells)))
    headings = (POLICY, CATEGORY, PAYER, *_years(results.years), Heading(WHOLE, AUD, "Sum of the years, a formula."))
    sheet.table(headings, rows, frozen=3)


def budget_impact(book: Book, decision: Decision) -> Grid:
    """The sheet of budget impact, payer by payer; rows are found by (payer, policy), columns by period."""
    results = book.results
    sheet = book.sheet(
        "Budget impact",
        "What each payer pays more or less, by year and over the first years.",
        f"Budget impact against {results.scenarios[0]}: {book.where_and_when}",
        (
            f"Change in what is paid for health care for the country, AUD of {results.study.price_year}, undiscounted. "
            "Lost work is on nobody's budget and is left out.",
            "All payers, and periods of several years, are sums by formulas. Policies far out in cost stand last.",
        ),
    )
    known = by_key(decision.budget, ("payer", "scenario", "period"), "cost")
    periods, payers = (list(dict.fromkeys(decision.budget[name])) for name in ("period", "payer"))
    payers.sort(key=lambda payer: payer == ALL_PAYERS)
    headings = (PAYER, POLICY, *(Heading(str(period).replace("-", " to "), AUD, key=period) for period in periods))
    charted, far = set(book.few.scenarios), far_out(book.few, BUDGET)
    policies = sorted(
        results.scenarios[1:], key=lambda name: (name not in charted, name in far)
    )  # close-ups end at far
    rows: list[Row] = []
    for payer in payers:
        for policy in policies:
            values = [known[payer, policy, period] for period in periods]
            row = sheet.first + len(rows)
            above = (
                [row - len(policies) * step for step in range(len(payers) - 1, 0, -1)] if payer == ALL_PAYERS else []
            )
            cells = (_period(row, 2, place, periods, values, above) for place in range(len(periods)))
            rows.append(Row((str(payer), policy, *cells), (payer, policy), "sum" if above else ""))
    return sheet.table(headings, rows, frozen=2)


def far_out(results: Results, outcome: str) -> set[str]:
    """Policies whose change in an outcome, undiscounted, would press those of the others into a line."""
    return far_out_of(difference(results, outcome, discounted=False))


def _period(
    row: int, start: int, place: int, periods: Sequence[str], values: Sequence[float], above: Sequence[int]
) -> Content:
    """One cell: a value, the sum of the rows `above`, or the sum of the years of a longer period in its own row."""
    if above:
        cells = "+".join(xl_rowcol_to_cell(each, start + place) for each in above)
        return Live(f"={cells}", values[place], AUD, signed=True)
    if "-" not in periods[place]:
        return NumberCell(values[place], AUD, signed=True)
    first, last = (start + periods.index(year) for year in periods[place].split("-"))
    summed = f"{xl_rowcol_to_cell(row, first)}:{xl_rowcol_to_cell(row, last)}"
    return Live(f"=SUM({summed})", values[place], AUD, signed=True)


def _sum(row: int, start: int, values: Sequence[float]) -> Live:
    cells = f"{xl_rowcol_to_cell(row, start)}:{xl_rowcol_to_cell(row, start + len(values) - 1)}"
    return Live(f"=SUM({cells})", sum(values), AUD)


def _years(years: Sequence[int]) -> tuple[Heading, ...]:
    return tuple(Heading(str(year), AUD, key=year) for year in years)
