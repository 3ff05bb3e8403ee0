"""Native charts of the main projections, over the sheets by year: policies differ in dashes and markers too."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.budget import ALL_PAYERS
from lbpsim.report.charts import policy_styles
from lbpsim.report.charts.costs import PAYERS
from lbpsim.report.charts.page import source_line
from lbpsim.report.charts.policy_styles import PolicyStyle, by_family, comparator, looks
from lbpsim.report.format import Scale, scale_for
from lbpsim.report.narrative.payers import payer_label
from lbpsim.report.workbook.book import Book, Sheet
from lbpsim.report.workbook.cells import Grid
from lbpsim.report.workbook.payers import BUDGET, far_out
from lbpsim.report.workbook.sheet_texts import ProjectionChart, sheet_texts

NAMES_A_CELL = re.compile(r"!(?=\$?[A-Z]+\$?\d)")
WIDTH, HEIGHT, COLUMNS = 940, 500, 15  # pixels, and columns of the sheet that they take
PRINT_SCALE, MARGIN = 85, 0.5  # per cent, inches: charts are then as wide as a page
ROWS = 29  # of the sheet, that a chart with its source line takes
DASHES = {
    **{policy_styles.COMPARATOR: "solid", policy_styles.CFT: "solid", policy_styles.INSTEAD: "dash"},
    **{policy_styles.TRENDS: "long_dash_dot", policy_styles.RESTRAINT: "round_dot"},
}
OTHER_DASH = "long_dash_dot_dot"
SOLID = ("circle", "square", "diamond", "triangle", "x", "star", "plus")
MARKERS = (*((kind, False) for kind in SOLID), *((kind, True) for kind in SOLID[:4]))  # kind, whether it is hollow
THIN, THICK = 1.75, 3.0  # points
HATCHES = {"": None, "////": "wide_upward_diagonal", "....": "percent_20"}  # white on the colour of the payer
SPARE_FILL = ("#4d4d4d", "xx")


def charts_sheet(book: Book) -> Sheet:
    """The sheet with its title, to be filled when the tables stand."""
    sheet = book.sheet("Charts", *filter(None, [book.few.part]))
    sheet.page.set_print_scale(PRINT_SCALE)  # fitting to a page across would not give charts pages of their own
    sheet.page.set_margins(left=MARGIN, right=MARGIN)
    return sheet


def fill_charts(sheet: Sheet, levels: Grid, changes: Grid | None, budget: Grid | None, waiting: Grid) -> None:
    """Every chart that has a subject, one below the other; once more without policies far out that hide the others."""
    book = sheet.book
    ends: list[int] = []
    for each in sheet_texts().projections:
        grid = waiting if each.waiting else changes if each.change else levels
        if grid is None:
            continue
        for shown in _close_ups(book, _shown(book, each, grid), each.outcome, change=each.change):
            _place(sheet, _lines(book, each, grid, shown), each.title, ends)
    if budget is not None:
        everyone = [policy for payer, policy in _keys(budget) if payer == ALL_PAYERS and policy in book.few.scenarios]
        for shown in _close_ups(book, everyone, BUDGET, change=True):
            _place(sheet, _bars(book, budget, shown), "Budget impact by payer", ends)
    sheet.page.set_h_pagebreaks(ends[:-1])
    sheet.page.print_area(0, 0, sheet.row, COLUMNS - 1)


def _place(sheet: Sheet, chart: Any, title: str, ends: list[int]) -> None:
    sheet.page.insert_chart(sheet.row, 0, chart, {"description": f"{title}, {sheet.book.where}"})
    sheet.row += ROWS - 2
    sheet.notes([source_line(sheet.book.results)])
    sheet.row += 1
    ends.append(sheet.row)


def _close_ups(book: Book, shown: list[str], outcome: str, *, change: bool) -> list[list[str]]:
    """The policies of a chart; and, of a chart of changes from which some stand far out, the others alone."""
    far = far_out(book.few, outcome) if change else set()
    near = [name for name in shown if name not in far]
    return [each for each in (shown, near if len(near) < len(shown) else []) if each]


def _shown(book: Book, each: ProjectionChart, grid: Grid) -> list[str]:
    """Policies of a chart: all with a row; or those that have any of the outcome."""
    results = book.few
    rows = [name for name in by_family(results) if (each.outcome, name) in grid.rows]
    if each.all:
        return rows
    return [name for name in rows if any(value > 0.0 for value in _values(grid, each.outcome, name, results.years))]


def _values(grid: Grid, outcome: str, policy: str, years: Sequence[int]) -> list[float]:
    return [grid.value((outcome, policy), year) for year in years]


def _lines(book: Book, each: ProjectionChart, grid: Grid, shown: Sequence[str]) -> Any:
    results, names = book.few, looks(book.few)
    first, last = results.years[0], results.years[-1]
    chart = book.file.add_chart({"type": "line"})
    for name in shown:
        place = by_family(results).index(name)
        chart.add_series(
            {
                "name": _text(names[name].label),
                "categories": grid.span(None, first, last),
                "values": grid.span((each.outcome, name), first, last),
                **_look(names[name], place),
            }
        )
    known = [value for name in shown for value in _values(grid, each.outcome, name, results.years)]
    scale = scale_for(max((abs(value) for value in known if not math.isnan(value)), default=0.0))
    _finish(chart, f"{each.title}: {book.where}{_left_out(book, shown) if each.change else ''}")
    chart.set_x_axis({"name": "Calendar year", "label_position": "low", "num_font": {"size": 10}})
    chart.set_y_axis(_axis(scale.label(each.unit) + (" a year" if each.rate else ""), scale, known)
                     | ({} if each.change else {"min": 0}))  # fmt: skip
    return chart


def _left_out(book: Book, shown: Sequence[str]) -> str:
    """A line below a title: what changes are measured against, and which policies are left out of a close-up."""
    results, names = book.few, looks(book.few)
    far = [names[name].one_line for name in results.scenarios[1:] if name not in shown]
    return f"\nagainst {comparator(results)}" + (f"; close-up without {', '.join(far)}" if far else "")


def _look(look: PolicyStyle, place: int) -> Mapping[str, Any]:
    """Line and marker of a policy, the `place`-th by family."""
    dash = DASHES.get(look.family, OTHER_DASH)
    if not look.marker:
        return {"line": {"color": look.colour, "width": THICK}, "marker": {"type": "none"}}
    kind, hollow = MARKERS[(place - 1) % len(MARKERS)]
    fill = {"color": "#ffffff" if hollow else look.colour}
    marker = {"type": kind, "size": 7, "border": {"color": look.colour}, "fill": fill}
    return {"line": {"color": look.colour, "width": THIN, "dash_type": dash}, "marker": marker}


def _bars(book: Book, budget: Grid, policies: Sequence[str]) -> Any:
    """Stacked bars by payer, a bar a policy, over the first years; the policies stand below each other."""
    results, period = book.results, _first_years(budget)
    payers = list(dict.fromkeys(payer for payer, _ in _keys(budget) if payer != ALL_PAYERS))
    column = budget.columns[period]
    chart = book.file.add_chart({"type": "bar", "subtype": "stacked"})
    for payer in payers:
        top, end = (budget.rows[payer, policy] for policy in (policies[0], policies[-1]))
        chart.add_series(
            {
                "name": payer_label(payer),
                "categories": [budget.sheet, top, 1, end, 1],
                "values": [budget.sheet, top, column, end, column],
                "gap": 40,
                **_fill(payer),
            }
        )
    known = [sum(abs(budget.value((payer, policy), period)) for payer in payers) for policy in policies]
    scale = scale_for(max(known))
    _finish(chart, f"Budget impact by payer: {results.study.place}, {period}{_left_out(book, policies)}")
    chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": {"size": 10}})  # the policies
    price = f"prices of {results.study.price_year}, undiscounted"
    axis = _axis(f"Change in cost ({scale.label(MONEY)}, {price})", scale, known)
    chart.set_x_axis(axis | {"label_position": "high"})  # at the bottom, since policies run downwards
    return chart


def _keys(budget: Grid) -> list[tuple[str, str]]:
    """Payer and policy of every row of the budget."""
    return [key for key in budget.rows if isinstance(key, tuple)]


def _first_years(budget: Grid) -> str:
    """The first period of several years; a single year where that is all."""
    periods = [name for name in budget.columns if name[:1].isdigit()]
    return next((period for period in periods if " to " in period), periods[0])


def _fill(payer: str) -> Mapping[str, Any]:
    colour, hatch = PAYERS.get(payer, SPARE_FILL)
    pattern = HATCHES.get(hatch, "dark_upward_diagonal")
    edge = {"border": {"color": "#ffffff"}}
    if pattern is None:
        return edge | {"fill": {"color": colour}}
    return edge | {"pattern": {"pattern": pattern, "fg_color": "#ffffff", "bg_color": colour}}


def _axis(name: str, scale: Scale, values: Sequence[float]) -> dict[str, Any]:
    """An axis in a scale: the cells keep all digits, the number format leaves out the thousands."""
    largest = max((abs(value) for value in values if not math.isnan(value)), default=0.0) / scale.divisor
    thousands = "," * round(math.log10(scale.divisor) / 3)
    shown = f"#,##0{'.0' if largest < 10.0 else ''}{thousands}"
    return {
        "name": name[:1].upper() + name[1:],
        "name_font": {"size": 10, "bold": False},
        "num_font": {"size": 10},
        "num_format": shown,
        "major_gridlines": {"visible": True, "line": {"color": policy_styles.FAINT, "width": 0.75}},
        "line": {"color": policy_styles.MUTED},
    }


def _text(words: str) -> str:
    """Words as text of a chart, on one line; XlsxWriter would take what names a cell ("Act now!A1") for a formula.

    >>> _text("Act now!A1"), _text("Act now! Again")
    ('Act now! A1', 'Act now! Again')
    """
    return NAMES_A_CELL.sub("! ", words.replace("\n", " "))


def _finish(chart: Any, title: str) -> None:
    chart.set_title({"name": _text(title), "name_font": {"size": 13, "bold": True}, "overlay": False})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    chart.set_legend({"position": "right", "font": {"size": 10}})
    chart.show_hidden_data()  # a filter on the table must not empty the chart
    chart.show_blanks_as("gap")
