"""A workbook and its sheets: title, notes, settings, one Excel table each, print set-up, the same bytes every time.

What stands on the sheets is decided by the modules that fill them, and by sheets.yaml.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]

import lbpsim
from lbpsim.evidence.output_tables import Column
from lbpsim.evidence.units import told
from lbpsim.report.charts.policy_selection import few
from lbpsim.report.workbook.cells import Cell, Content, Grid, Row
from lbpsim.report.workbook.sheet_texts import sheet_texts
from lbpsim.study.phrasing import span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

CREATED = datetime(1980, 1, 1)  # the first day of zip files: today's would make equal results unequal workbooks
A4 = 9  # Excel's number of the paper
CONTENTS = "Contents"
STYLES: dict[str, dict[str, Any]] = {
    "": {},
    "sum": {"bold": True},
    "assumed": {"bg_color": "#fff2cc", "italic": True},  # the grade stands in words beside it
    "changeable": {"bg_color": "#dcecd0", "border": 2, "bold": True},
    "title": {"bold": True, "font_size": 15},
    "note": {"font_color": "#404040"},
}
TABLE_STYLE = "Table Style Medium 2"
NOTE_WIDTH = 125  # characters
WIDEST = 370  # pixels, of columns; longer texts are wrapped
COLUMNS_A_PAGE = 10  # that a printed page still shows in legible size
MOST_ROWS = 1_048_576  # of a sheet, in Excel
WHOLE_NUMBER = "0"  # years, draws: no separators
UNALARMED = ("number_stored_as_text", "formula_differs", "formula_range")  # what Excel would flag, though it is meant


@dataclass
class Listed:
    """A sheet in the contents: what it `holds`, its `rows`; `missing`: why it is not there, and how to get it."""

    name: str
    holds: str
    rows: int = 0
    missing: str = ""


class Book:
    """A workbook of `results` being written; its first sheet, the contents, is left to be filled at the end.

    `words`: what sheets.yaml may name in braces; `described`: columns that have a meaning, each with its sheet;
    `named`: values of the settings by name.
    """

    def __init__(self, results: Results) -> None:
        self.results = results
        self.few = few(results)  # those that its charts show
        self.listed: list[Listed] = []
        self.described: list[tuple[str, Column]] = []
        self.named: dict[str, float] = {}
        study = results.study
        self.where = f"{study.place}, {span(results.years)}"
        self.words = {
            "title": study.title,
            "study": study.name,
            "price_year": study.price_year,
            "currency": study.country.currency.name,
            "where": self.where,
            "comparator": results.scenarios[0],
            **sheet_texts().phrases,
        }
        self._stream = io.BytesIO()
        self.file: Any = xlsxwriter.Workbook(self._stream, {"in_memory": True})
        self.file.set_properties(
            {
                "title": study.title,
                "subject": f"Results of the study {study.name}",
                "author": f"lbpsim {lbpsim.__version__}",
                "created": CREATED,
            }
        )
        self._formats: dict[tuple[str, tuple[tuple[str, Any], ...]], Any] = {}
        self.sheets: list[Sheet] = []
        self.contents = Sheet(self, Listed(CONTENTS, ""), (), self.words)

    def sheet(self, name: str, *notes: str, **words: object) -> Sheet:
        """A new sheet, listed in the contents, with what sheets.yaml says of it, and further `notes`."""
        known = self.words | words
        self.listed.append(Listed(name, sheet_texts().sheet(name).holds.format(**known)))
        return Sheet(self, self.listed[-1], notes, known)

    def leave_out(self, name: str, missing: str = "", **words: object) -> None:
        """List a sheet that these results do not fill, with what would fill it."""
        text = sheet_texts().sheet(name)
        self.listed.append(Listed(name, text.holds.format(**self.words, **words), missing=missing or text.wanted))

    def style(self, name: str, **more: Any) -> Any:
        """A format of the house by name, with further properties."""
        key = (name, tuple(more.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format({"valign": "top", **STYLES[name], **more})
        return self._formats[key]

    def close(self) -> bytes:
        """The finished workbook."""
        for sheet in self.sheets:
            sheet.finish()
        self.file.close()
        return self._stream.getvalue()


class Sheet:
    """One sheet, written from the top: title and notes first, then settings, a table, or charts."""

    def __init__(self, book: Book, listed: Listed, notes: Iterable[str], words: dict[str, Any]) -> None:
        self.book, self.name, self.listed = book, listed.name, listed
        self.page: Any = book.file.add_worksheet(self.name)
        book.sheets.append(self)
        self.row = 0
        self._says = sheet_texts().sheet(self.name)
        self._texts: list[tuple[int, int, str, Any]] = []  # that are wider than their column
        self._values: dict[tuple[int, int], float | str] = {}
        self._set_up()
        self._text(0, self._says.title.format(**words), "title")
        self.row = 1
        self.notes((*(note.format(**words) for note in self._says.notes), *notes))
        if self.name != CONTENTS:
            self.link(self.row, CONTENTS)
            self.row += 1

    def notes(self, notes: Iterable[str]) -> None:
        """Write sentences below what is there, wrapped over as many rows as they take."""
        for line in (line for note in notes for line in textwrap.wrap(note, NOTE_WIDTH)):
            self._text(0, line, "note")
            self.row += 1

    def link(self, row: int, name: str) -> None:
        """A way to another sheet, in the first column."""
        self.page.write_url(row, 0, f"internal:'{name}'!A1", string=name)

    def setting(self, name: str, label: str, value: float, unit: str) -> None:
        """A number that the reader may change, in a cell that formulas call by `name`."""
        self._write(self.row, 0, Cell(value, unit), "changeable")
        self._text(1, f"{unit}: {label} ({name} in formulas)", "note")
        self.book.file.define_name(name, f"='{self.name}'!$A${self.row + 1}")
        self.book.named[name] = value
        self.row += 1

    @property
    def first(self) -> int:
        """Row, from 0, in which the first row of the next table will stand."""
        return self.row + 1

    def headings(self, **each: Sequence[object]) -> list[Column]:
        """The columns of its table; `each`: the policies, years and so on for each of which there are columns."""
        return sheet_texts().headings(self.name, each)

    def table(self, rows: Sequence[Row], headings: Sequence[Column] = (), **each: Sequence[object]) -> Grid:
        """Write a table, under `headings` or those that sheets.yaml says, with `each` as for `headings`.

        Rows for which a sheet has no room are left out, which the contents say.
        """
        headings, head = headings or self.headings(**each), self.row
        fitting = rows[: MOST_ROWS - self.first]
        for number, row in enumerate(fitting, start=self.first):
            for column, content in enumerate(row.cells):
                self._write(number, column, content, row.style)
        self._add_table(head, len(fitting), headings)
        self._list(headings, len(fitting), len(rows))
        keys = {row.key: number for number, row in enumerate(fitting, start=self.first)}
        self.row = head + len(fitting) + 2
        return Grid(self.name, head, keys, {each.name: column for column, each in enumerate(headings)}, self._values)

    def finish(self) -> None:
        """Set the widths of columns by what is in them, and write the texts that run over them."""
        self.page.autofit(WIDEST)
        for text in self._texts:
            self.page.write_string(*text)

    def _add_table(self, head: int, rows: int, headings: Sequence[Column]) -> None:
        place = (head, 0, head + max(rows, 1), len(headings) - 1)
        wrapped = self.book.style("", text_wrap=True)
        columns = [{"header": text, "header_format": wrapped} for text in _distinct(map(_head, headings))]
        name = re.sub(r"\W+", "_", self.name)
        self.page.add_table(*place, {"name": name, "style": TABLE_STYLE, "columns": columns})
        self.page.freeze_panes(head + 1, self._says.frozen)
        self.page.ignore_errors(dict.fromkeys(UNALARMED, xl_range(*place)))
        self.page.repeat_rows(head)
        self.page.fit_to_pages(math.ceil(len(headings) / COLUMNS_A_PAGE), 0)
        self.page.repeat_columns(0, self._says.frozen - 1)

    def _list(self, headings: Sequence[Column], rows: int, wanted: int) -> None:
        if rows < wanted:
            self.listed.holds += f" {wanted - rows:,} more rows do not fit into a sheet; tables/ has them."
        self.listed.rows = rows
        self.book.described += [(self.name, heading) for heading in headings if heading.meaning]

    def _set_up(self) -> None:
        study = self.book.results.study
        self.page.set_landscape()
        self.page.set_paper(A4)
        self.page.hide_gridlines(2)
        source = f"lbpsim {lbpsim.__version__}, study {study.name}, seed {study.seed}"
        self.page.set_footer(f"&L{source.replace('&', '&&')}&C&A&RPage &P of &N")

    def _text(self, column: int, text: str, style: str) -> None:
        self._texts.append((self.row, column, text, self.book.style(style)))

    def _write(self, row: int, column: int, content: Content, style: str = "") -> None:
        """Write one cell. Text is always text: a title that begins with "=" must not become a formula."""
        match content:
            case str():
                self.page.write_string(row, column, content, self.book.style(style, text_wrap=True))
            case Cell(value=value, formula=formula) if formula:
                self.page.write_formula(row, column, formula, self._shown(content, style), value)
                self._values[row, column] = value
            case Cell(value=int() | float() as value) if math.isfinite(value):
                self.page.write_number(row, column, value, self._shown(content, style))
                self._values[row, column] = value
            case int():
                self.page.write_number(row, column, content, self.book.style(style, num_format=WHOLE_NUMBER))
                self._values[row, column] = float(content)
            case _:
                self.page.write_blank(row, column, None, self.book.style(style))

    def _shown(self, cell: Cell, style: str) -> Any:
        return self.book.style(style, num_format=cell.number_format)


def _head(column: Column) -> str:
    return f"{column.name}\n({told(column.unit)})" if column.unit else column.name


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    """Heads of a table, which Excel wants to differ in more than capitals."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen[text.lower()] += 1
        yield text if seen[text.lower()] == 1 else f"{text} ({seen[text.lower()]})"
