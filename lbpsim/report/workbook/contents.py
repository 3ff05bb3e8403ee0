"""The first sheet: what the workbook holds, where from, how to read it; and the last: what every column means."""

from __future__ import annotations

from collections.abc import Iterator

import lbpsim
from lbpsim.evidence.units import amounts_told, told
from lbpsim.report.charts.page import source_line
from lbpsim.report.format import discounting, money_of
from lbpsim.report.provenance import command, notes_on
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Row
from lbpsim.study.phrasing import number_of

HOW_TO_READ = (
    "Differences, ratios, net benefits and sums are formulas that can be followed; everything else is a value.",
    "Figures are for the country: simulated people stand for real ones. mcse is Monte Carlo error, "
    "never parameter uncertainty.",
    "Green framed cells may be changed. Shaded cells in italics are assumptions, or unverified.",
)


def columns(book: Book) -> None:
    """The sheet of what the columns of all sheets mean."""
    sheet = book.sheet("Columns")
    sheet.table(
        [Row((name, column.name, told(column.unit), amounts_told(column.meaning))) for name, column in book.described]
    )


def contents(book: Book) -> None:
    """Fill the first sheet."""
    sheet = book.contents
    sheet.notes(_about(book))
    sheet.row += 1
    sheet.notes(HOW_TO_READ)
    sheet.row += 1
    rows = [Row((each.name, each.holds, each.rows or None, each.missing or None), each.name) for each in book.listed]
    grid = sheet.table(rows)
    for each in book.listed:
        if not each.missing:
            sheet.link(grid.rows[each.name], each.name)


def _about(book: Book) -> Iterator[str]:
    study, results = book.results.study, book.results
    yield " ".join(study.description.split())
    yield (
        f"{book.where}. {number_of(len(results.scenarios), 'policy')}; the others are compared with "
        f"{study.comparator}. "
        f"Costs in {money_of(study)}; costs and health discounted at {discounting(study)} a "
        "year unless a sheet says otherwise."
    )
    yield source_line(results)
    yield from (f"Note: {note}" for note in notes_on(book.few))
    yield f"To repeat it with lbpsim {lbpsim.__version__}: {command(results)}"
