"""A reader of workbooks that works formulas out anew, from the constants up, to compare with what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl

PART = re.compile(
    r'(?P<text>"[^"]*")'
    r"|(?P<cell>(?:(?:'[^']+'|\w+)!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(])"
    r"|(?P<function>[A-Z]+)\("
    r"|(?P<name>[a-z_]\w*)"
    r"|(?P<sign><>|<=|>=|=|\^)"
)
SIGNS = {"<>": "!=", "=": "==", "^": "**", "<=": "<=", ">=": ">="}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "IF": lambda test, yes, no: yes if test else no,
    "AND": lambda *tests: all(tests),
    "OR": lambda *tests: any(tests),
    "ABS": abs,
    "SQRT": np.sqrt,
    "MAX": max,
    "SUM": sum,
}


class Spreadsheet:
    """A workbook on disk; `changed`: values of cells by (sheet, cell), in place of those that it holds."""

    def __init__(self, path: Path, changed: Mapping[tuple[str, str], float] | None = None) -> None:
        self.formulas = openpyxl.load_workbook(path)
        self.path, self.changed = path, changed or {}
        self._known: dict[tuple[str, str], Any] = {}

    @cached_property
    def stored(self) -> Any:
        """The same workbook with the values that stand beside formulas."""
        return openpyxl.load_workbook(self.path, data_only=True)

    def all_formulas(self) -> Iterator[tuple[str, str]]:
        """Sheet and cell of every formula."""
        for sheet in self.formulas:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                yield sheet.title, cell.coordinate

    def value(self, sheet: str, cell: str) -> Any:
        """What a cell comes to, worked out from constants."""
        if (sheet, cell) not in self._known:
            self._known[sheet, cell] = self._work_out(sheet, cell)
        return self._known[sheet, cell]

    def table(self, sheet: str) -> tuple[list[str], list[dict[str, str]]]:
        """The head of a sheet's table, and the cells of each of its rows by head."""
        page = self.formulas[sheet]
        (found,) = page.tables.values()
        head, *rows = page[found.ref]
        titles = [str(cell.value) for cell in head]
        return titles, [{title: cell.coordinate for title, cell in zip(titles, row, strict=True)} for row in rows]

    def _work_out(self, sheet: str, cell: str) -> Any:
        content = self.changed.get((sheet, cell), self.formulas[sheet][cell].value)
        if isinstance(content, int | float) and not isinstance(content, bool):
            return np.float64(content)
        if not (isinstance(content, str) and self.formulas[sheet][cell].data_type == "f"):
            return content
        text = PART.sub(self._python, content[1:])
        with np.errstate(all="ignore"):  # a branch that is not taken may divide by zero
            return eval(text, {**FUNCTIONS, "of": lambda which: self._cells(which, sheet)})

    def _python(self, part: re.Match[str]) -> str:
        found = part.group()
        if part["cell"]:
            return f"of({found!r})"
        if part["name"]:
            return f"of({self.formulas.defined_names[found].attr_text!r})"
        return SIGNS.get(found, found)

    def _cells(self, which: str, here: str) -> Any:
        """The value of one cell, or the values of a range; of an empty cell 0, as in Excel."""
        sheet, _, cells = which.rpartition("!")
        sheet, cells = sheet.strip("'") or here, cells.replace("$", "")
        if ":" not in cells:
            return self._number(self.value(sheet, cells))
        return [self._number(self.value(sheet, cell.coordinate)) for row in self.formulas[sheet][cells] for cell in row]

    @staticmethod
    def _number(value: Any) -> Any:
        return np.float64(0.0) if value is None else value
