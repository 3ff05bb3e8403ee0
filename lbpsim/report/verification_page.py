"""The book as files: one page with every figure in it, and a table with every comparison."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from lbpsim.report.charts import picture
from lbpsim.report.charts.page import our_look
from lbpsim.report.files import write_whole
from lbpsim.report.page.pictures import svg_markup
from lbpsim.report.page.templates import rendered
from lbpsim.verification import tech_ver
from lbpsim.verification.check import PARTS, Check, worst
from lbpsim.verification.tech_ver import Tested

PAGE_FILE, TABLE_FILE = "verification.html", "verification.csv"
WORDS = {"miss": "fails", "pass": "passes", "not judged": "not judged", "fail": "fails"}
COLUMNS = (
    *("check", "part", "title", "quantity", "unit", "expected", "observed", "error", "rule", "verdict", "against"),
)
SIGNIFICANT = 7
WIDTH = 7.2  # of a figure, in inches


def page(checks: Sequence[Check], tested: Mapping[str, Tested] | None, *, fast: bool, seconds: float) -> str:
    """The page as text; `tested`: results of tests by name, None where they were not run; `seconds`: taken so far."""
    rows = tech_ver.table(tested)
    size = "The fast book: small samples, and no emulated trial." if fast else "The full book."
    text = rendered(
        PAGE_FILE,
        figure_text=figure_text,
        words=WORDS,
        overall=worst([*(check.verdict for check in checks), tech_ver.verdict(tested)]),
        summary=summary(checks),
        listed=_counted(Counter(row.status for row in rows)),
        size=size,
        seconds=round(seconds),
        checks=sorted(checks, key=lambda check: list(PARTS).index(check.part)),
        parts=PARTS,
        figures={check.key: drawn(check) for check in checks if check.draw is not None},
        groups={group: list(of) for group, of in groupby(rows, lambda row: row.item.group)},
        source=tech_ver.SOURCE,
        ran=tested is not None,
        unlisted=[] if tested is None else tech_ver.unlisted(tested),
    )
    return f"{text}\n"


def save(
    checks: Sequence[Check], folder: Path, tested: Mapping[str, Tested] | None, *, fast: bool, seconds: float
) -> None:
    """Write page and table into a folder, each whole or not at all."""
    text = page(checks, tested, fast=fast, seconds=seconds)
    write_whole(folder / TABLE_FILE, table(checks).to_csv(index=False, lineterminator="\n").encode())
    write_whole(folder / PAGE_FILE, text.encode())


def summary(checks: Sequence[Check]) -> str:
    """How many checks came out how, in words."""
    return f"{len(checks)} checks: {_counted(Counter(check.verdict for check in checks))}."


def table(checks: Sequence[Check]) -> pd.DataFrame:
    """Every comparison of every check, columns as in COLUMNS."""
    rows = [
        (
            *(check.key, PARTS[check.part], check.title, one.quantity, one.unit, one.expected, one.observed),
            *(one.error, one.rule, one.verdict, check.against),
        )
        for check in checks
        for one in check.comparisons
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def drawn(check: Check) -> str:
    """The figure of a check as SVG to stand inside a page, named for those who cannot see it."""
    assert check.draw is not None
    with our_look():
        figure = Figure(figsize=(WIDTH, check.height))
        check.draw(figure)
    return svg_markup(picture(figure, "svg").decode(), check.key, check.shows)


def figure_text(value: Any, digits: int = SIGNIFICANT) -> str:
    """A number for a reader: whole ones in full, others to so many significant digits; "" where there is none.

    >>> figure_text(1000000.0), figure_text(0.5055230001), figure_text(106.5, 2), figure_text(float("nan"))
    ('1,000,000', '0.505523', '106', '')
    """
    number = float(value)
    if math.isnan(number):
        return ""
    whole = f"{number:,.0f}"
    if (number.is_integer() and abs(number) < 1e12) or 10**digits <= abs(number) < 1e12:
        return whole
    return f"{number:,.{digits}g}"


def _counted(counts: Counter[Any]) -> str:
    said = {"miss": "failed", "fail": "failed", "pass": "passed", "not judged": "reported and not judged"}
    return ", ".join(f"{number} {said.get(word, word)}" for word, number in counts.most_common())
