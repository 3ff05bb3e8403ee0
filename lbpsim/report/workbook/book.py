"""A workbook and its sheets in the house style: title, notes, head, widths, print set-up, the same bytes every time.

What stands on the sheets is decided by the modules that fill them.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]

import lbpsim
from lbpsim.report.charts.policy_selection import few
from lbpsim.report.workbook.cells import Content, Grid, Heading, Link, Live, NumberCell, Row, number_format, number_text
from lbpsim.study.phrasing import span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

CREATED = datetime(1980, 1, 1)  # the first day of zip files: today's would make equal results unequal workbooks
A4 = 9  # Excel's number of the paper
CONTENTS = "Contents"
INK, PALE, ASSUMED, CHANGEABLE = "#1f3a57", "#eef2f6", "#fff2cc", "#dcecd0"
STYLES: dict[str, dict[str, Any]] = {
    "first": {"top": 1, "top_color": "#9fb0c0"},  # of a group of rows
    "sum": {"bold": True},
    "assumed": {"bg_color": ASSUMED, "italic": True},  # the grade stands in words beside it
    "changeable": {"bg_color": CHANGEABLE, "border": 2, "bold": True},
    "title": {"bold": True, "font_size": 15, "font_color": INK},
    "note": {"font_color": "#404040"},
    "strong": {"bold": True},
    "link": {"font_color": "#0b4f9e", "underline": 1},
    "head": {
        **{"bold": True, "font_color": "#ffffff", "bg_color": INK, "text_wrap": True, "valign": "vcenter"},
        **{"align": "center", "border": 1, "border_color": "#ffffff"},
    },
}
NOTE_WIDTH = 125  # characters
NARROWEST, WIDEST = 9, 52  # characters, of columns; longer texts are wrapped
MOST_ROWS = 1_048_576  # of a sheet, in Excel
LINE, TALLEST = 15.0, 400.0  # points, of rows
PAGE_WIDTH = 240  # characters that a printed page still shows in legible size
FILTER_BUTTON = 3  # characters that it takes in a head
LEFT: dict[str, Any] = {"align": "left", "indent": 1}  # of words, so that they do not touch figures
WHOLE_NUMBER = "0"  # years, draws: no separators
UNALARMED = ("number_stored_as_text", "formula_differs", "formula_range")  # what Excel would flag, though it is meant


@dataclass(frozen=True)
class Listed:
    """A sheet in the contents: what it `holds`, its `rows`; `missing`: why it is not there, and how to get it."""

    name: str
    holds: str
    rows: int = 0
    missing: str = ""


@dataclass(frozen=True)
class Described:
    """A column of a sheet, for the list of all columns."""

    sheet: str
    heading: Heading


class Book:
    """A workbook of `results` being written; its first sheet, the contents, is left to be filled at the end."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.few = few(results)  # those that its charts show
        self.listed: list[Listed] = []
        self.described: list[Described] = []
        self.named: dict[str, float] = {}
        self._stream = io.BytesIO()
        self.file: Any = xlsxwriter.Workbook(self._stream, {"in_memory": True})
        self.file.set_properties(
            {
                "title": results.study.title,
                "subject": f"Results of the study {results.study.name}",
                "author": f"lbpsim {lbpsim.__version__}",
                "created": CREATED,
            }
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.contents = Sheet(self, CONTENTS, results.study.title, ())

    @property
    def where_and_when(self) -> str:
        """Country and years in words."""
        return f"{self.results.study.country}, {span(self.results.years)}"

    def sheet(self, name: str, holds: str, title: str, notes: Sequence[str]) -> Sheet:
        """A new sheet, listed in the contents with what it `holds` in a sentence."""
        self.listed.append(Listed(name, holds))
        return Sheet(self, name, title, notes)

    def leave_out(self, name: str, holds: str, missing: str) -> None:
        """List a sheet that these results do not fill, with the reason and what would fill it."""
        self.listed.append(Listed(name, holds, missing=missing))

    def style(self, name: str, **more: Any) -> Any:
        """A format of the house: the names of one or more styles, and further properties."""
        parts = (part for each in name.split() for part in STYLES[each].items())
        properties = {"valign": "top", **dict(parts), **more}
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(properties)
        return self._formats[key]

    def close(self) -> bytes:
        """The finished workbook."""
        self.file.close()
        return self._stream.getvalue()


class Sheet:
    """One sheet, written from the top: title and notes first, then settings, a table, or charts."""

    def __init__(self, book: Book, name: str, title: str, notes: Sequence[str]) -> None:
        self.book, self.name = book, name
        self.page: Any = book.file.add_worksheet(name)
        self.row = 0
        self._widths: dict[int, int] = {}
        self._wrapped: dict[tuple[int, int], str] = {}
        self._values: dict[tuple[int, int], float | str] = {}
        self._set_up()
        self.page.write_string(0, 0, title, book.style("title"))
        self.row = 1
        self.notes(notes)
        if name != CONTENTS:
            self._write(self.row, 0, Link(CONTENTS))
            self.row += 1

    def notes(self, notes: Iterable[str]) -> None:
        """Write sentences below what is there, wrapped over as many rows as they take."""
        for line in (line for note in notes for line in textwrap.wrap(note, NOTE_WIDTH)):
            self.page.write_string(self.row, 0, line, self.book.style("note"))
            self.row += 1

    def setting(self, name: str, label: str, value: float, unit: str) -> None:
        """A number that the reader may change, in a cell that formulas call by `name`."""
        self._write(self.row, 0, NumberCell(value, unit), "changeable")
        self.page.write_string(self.row, 1, f"{unit}: {label} ({name} in formulas)", self.book.style("note", **LEFT))
        self.book.file.define_name(name, f"='{self.name}'!$A${self.row + 1}")
        self.book.named[name] = value
        self.row += 1

    @property
    def first(self) -> int:
        """Row, from 0, in which the first row of the next table will stand."""
        return self.row + 1

    def table(self, headings: Sequence[Heading], rows: Sequence[Row], *, frozen: int = 1) -> Grid:
        """Write a table with frozen head and filter; `frozen` columns at the left stay in sight.

        Rows for which a sheet has no room are left out, which the contents say.
        """
        head, wanted = self.row, len(rows)
        rows = rows[: MOST_ROWS - self.first]
        for column, heading in enumerate(headings):
            self.page.write_string(head, column, heading.text, self.book.style("head"))
            self._wrapped[head, column] = heading.text
            longest = max(len(word) for word in heading.text.replace("\n", " ").split(" "))
            self._widen(column, min(longest + FILTER_BUTTON, WIDEST))
        groups = _starts(rows)
        for number, row in enumerate(rows):
            style = f"{row.style} first" if number in groups else row.style
            for column, content in enumerate(row.cells):
                self._write(self.first + number, column, content, style)
        self._finish(head, len(rows), len(headings), frozen)
        keys = {row.key: number for number, row in enumerate(rows, start=self.first)}
        columns = {heading.key or heading.title: column for column, heading in enumerate(headings)}
        self.row = head + len(rows) + 2
        self._list(headings, len(rows), wanted)
        return Grid(self.name, head, keys, columns, self._values)

    def _finish(self, head: int, rows: int, columns: int, frozen: int) -> None:
        last = head + max(rows, 1)
        self.page.freeze_panes(head + 1, frozen)
        self.page.autofilter(head, 0, last, columns - 1)
        whole = xl_range(head, 0, last, columns - 1)
        self.page.ignore_errors(dict.fromkeys(UNALARMED, whole))
        self._set_sizes()
        self.page.repeat_rows(head)
        across = math.ceil(sum(self._widths.values()) / PAGE_WIDTH)
        self.page.fit_to_pages(across, 0)
        if across > 1:
            self.page.repeat_columns(0, frozen - 1)

    def _set_sizes(self) -> None:
        """Widths of columns, and heights of rows with wrapped texts: not every program finds those by itself."""
        for column, width in self._widths.items():
            self.page.set_column(column, column, width)
        lines: dict[int, int] = {}
        for (row, column), text in self._wrapped.items():
            parts = (textwrap.wrap(line, self._widths[column] - 1) for line in text.split("\n"))
            lines[row] = max(lines.get(row, 1), sum(max(len(part), 1) for part in parts))
        for row, number in lines.items():
            self.page.set_row(row, min(number * LINE, TALLEST))

    def _list(self, headings: Sequence[Heading], rows: int, wanted: int) -> None:
        more = "" if rows == wanted else f" {wanted - rows:,} more rows do not fit into a sheet; tables/ has them."
        self.book.described += [Described(self.name, heading) for heading in headings if heading.meaning]
        self.book.listed = [
            Listed(each.name, f"{each.holds}{more}", rows) if each.name == self.name else each
            for each in self.book.listed
        ]

    def _set_up(self) -> None:
        study = self.book.results.study
        self.page.set_landscape()
        self.page.set_paper(A4)
        self.page.hide_gridlines(2)
        source = f"lbpsim {lbpsim.__version__}, study {study.name}, seed {study.seed}"
        self.page.set_footer(f"&L{source.replace('&', '&&')}&C&A&RPage &P of &N")

    def _widen(self, column: int, characters: int) -> None:
        wanted = min(max(characters + 1, NARROWEST), WIDEST)
        self._widths[column] = max(self._widths.get(column, 0), wanted)

    def _write(self, row: int, column: int, content: Content, style: str = "") -> None:
        """Write one cell. Text is always text: a title that begins with "=" must not become a formula."""
        match content:
            case None:
                self.page.write_blank(row, column, None, self.book.style(style))
            case str():
                self._text(row, column, content, style)
            case NumberCell():
                self._number(row, column, content, style)
            case Live():
                self._formula(row, column, content, style)
            case Link():
                self.page.write_url(
                    row, column, f"internal:'{content.sheet}'!A1", self.book.style("link"), content.sheet
                )
                self._widen(column, len(content.sheet))
            case int():
                self.page.write_number(row, column, content, self.book.style(style, num_format=WHOLE_NUMBER))
                self._values[row, column] = float(content)

    def _text(self, row: int, column: int, text: str, style: str) -> None:
        more = dict(LEFT) if column else {}
        if len(text) > WIDEST or "\n" in text:
            self._wrapped[row, column] = text
            more |= {"text_wrap": True}
        self.page.write_string(row, column, text, self.book.style(style, **more))
        self._widen(column, max((len(line) for line in text.split("\n")), default=0))

    def _number(self, row: int, column: int, figure: NumberCell, style: str) -> None:
        if not math.isfinite(figure.value):
            self.page.write_blank(row, column, None, self.book.style(style))
            return
        self.page.write_number(row, column, figure.value, self._shown(figure.value, figure, style))
        self._values[row, column] = figure.value
        self._widen(column, len(number_text(figure.value, figure.unit, signed=figure.signed)))

    def _formula(self, row: int, column: int, live: Live, style: str) -> None:
        number = live.value if not isinstance(live.value, str) else 0.0
        shown = self.book.style(style, **LEFT) if isinstance(live.value, str) else self._shown(number, live, style)
        self.page.write_formula(row, column, live.formula, shown, live.value)
        self._values[row, column] = live.value
        text = live.value if isinstance(live.value, str) else number_text(number, live.unit, signed=live.signed)
        self._widen(column, len(text))

    def _shown(self, value: float, content: NumberCell | Live, style: str) -> Any:
        return self.book.style(style, num_format=number_format(value, content.unit, signed=content.signed))


def _starts(rows: Sequence[Row]) -> set[int]:
    """Numbers of the rows with which a group begins, where rows that begin alike stand together."""
    first = [row.cells[0] for row in rows]
    starts = {number for number, cell in enumerate(first) if number and cell != first[number - 1]}
    return starts if len(starts) + 1 < len(rows) else set()
