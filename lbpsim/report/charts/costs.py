"""Who pays: what each policy changes in costs, by payer and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lbpsim.report.charts.intervals import Interval
from lbpsim.report.charts.intervals import differences as parameter_intervals
from lbpsim.report.charts.page import Panels, page, show_scaled, styled, year_axis
from lbpsim.report.charts.policy_styles import INK, by_family, looks
from lbpsim.report.charts.series import difference
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import Scale, money, money_with_error, scale_for, signed
from lbpsim.study.phrasing import span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

PAYERS = {
    # payer: label, fill, hatch
    "government": ("Government", "#0b3360", ""),
    "private_insurer": ("Private insurers", "#56b4e9", "////"),
    "patient": ("Patients", "#e69f00", ""),
    "employer": ("Employers", "#8a2a67", "...."),
    "society": ("Society (lost work)", "#d9d9d9", ""),
}
SPARE = (("#4d4d4d", "xx"), ("#009e73", "\\\\"), ("#f0e442", "oo"))  # for payers of a user's own
COLUMNS, WIDE, NARROW = 4, 5, 2  # of panels on paper, on a slide, in a column


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """Stacked bars by payer, one panel a policy; of the comparator alone its costs themselves."""
    table = _by_payer(results)
    alone = len(results.scenarios) == 1
    changes = table if alone else table - _usual(table, results)
    reach = {name: _reach(changes.loc[[name]]) for name in by_family(results)[0 if alone else 1 :]}
    shown = sorted(reach, key=lambda name: -reach[name])
    columns = min(style.choose(COLUMNS, WIDE if len(shown) > COLUMNS else COLUMNS, NARROW), len(shown))
    rows = -(-len(shown) // columns)
    intervals = {} if alone else parameter_intervals(results, "cost_societal")
    figure, grid = page(
        results,
        Panels(rows=rows, columns=columns, across=0.3, down=0.85, above=style.choose(0.95, 0.85, 1.4), share_y="row"),
        size=_size(style, rows, columns),
        title="Costs of chronic low back pain by payer" if alone else "Change in costs by payer and policy",
        subtitle=_subtitle(results, table, columns),
        interval="" if alone else "±",
        uncertainty="" if alone else "whiskers, of all together",
    )
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_visible(False)
    for place, (name, axes) in enumerate(zip(shown, grid.flat, strict=False)):
        _panel(axes, results, changes.loc[[name]].droplevel("scenario"), name)
        if name in intervals:
            _whiskers(axes, results, intervals[name])
        year_axis(axes, results, margin=0.6, most=4)
        if place + columns < len(shown):
            axes.set_xlabel("")
        scale = scale_for(reach[shown[place - place % columns]])
        show_scaled(axes.yaxis, scale, signs=not alone)
        if place % columns == 0:
            axes.set_ylabel(_unit(scale, style, alone=alone))
    _key(figure, list(table.columns), grid[0][0], style.choose(6, 6, 2))
    return figure


def _size(style: Style, rows: int, columns: int) -> tuple[float, float]:
    paper = max(9.0, 0.6 + 2.75 * columns), 2.4 + 2.6 * rows
    return style.choose(paper, slide(12.0 if rows > 2 else 11.0), column(2.9 + 2.2 * rows, width=5.6))


def _unit(scale: Scale, style: Style, *, alone: bool) -> str:
    """The vertical axis in words, few where panels are low."""
    unit = f"{scale.label('AUD')} a year"
    if style is not PRINT:
        return unit
    return f"{'Cost' if alone else 'Change in cost'} ({unit})"


def payer_label(payer: str) -> str:
    """A payer in words."""
    return PAYERS[payer][0] if payer in PAYERS else payer.replace("_", " ").capitalize()


def _by_payer(results: Results) -> pd.DataFrame:
    """Costs (AUD) by scenario and year (rows) and payer (columns, known ones first)."""
    table = results.costs.pivot_table(index=["scenario", "year"], columns="payer", values="cost", aggfunc="sum")
    known = [payer for payer in PAYERS if payer in table]
    return table[known + sorted(set(table.columns) - set(known))].fillna(0.0)


def _usual(table: pd.DataFrame, results: Results) -> pd.DataFrame:
    """The comparator's costs, repeated for every scenario."""
    usual = table.loc[results.scenarios[0]]
    return pd.concat(dict.fromkeys(results.scenarios, usual), names=["scenario"]).loc[table.index]


def _reach(changes: pd.DataFrame) -> float:
    return float(max(changes.clip(lower=0.0).sum(axis=1).max(), -changes.clip(upper=0.0).sum(axis=1).min()))


def _whiskers(axes: Axes, results: Results, interval: Interval) -> None:
    middle = (interval.low + interval.high) / 2.0
    axes.errorbar(results.years, middle, yerr=middle - interval.low, color=INK, elinewidth=0.8, linestyle="none")


def _subtitle(results: Results, table: pd.DataFrame, columns: int) -> str:
    a_year = float(table.loc[results.scenarios[0]].to_numpy().sum()) / results.study.years
    usual = f"{looks(results)[results.scenarios[0]].label} costs {money(a_year)} a year."
    money_of = f"Undiscounted, in Australian dollars of {results.study.price_year}, lost work included. {usual}"
    if len(results.scenarios) == 1:
        return money_of
    change = f"{money_of} Under each policy's name: the change over {span(results.years)}."
    if len(results.scenarios) - 1 <= columns:
        return change
    return f"{change} Largest changes first: panels in a row have the same scale, rows do not."


def _panel(axes: Axes, results: Results, changes: pd.DataFrame, name: str) -> None:
    above, below = np.zeros(len(changes)), np.zeros(len(changes))
    for place, payer in enumerate(changes.columns):
        part = changes[payer].to_numpy(dtype=float)
        base = np.where(part >= 0, above, below)
        fill, hatch = _fill(payer, place)
        axes.bar(
            changes.index, part, bottom=base, width=0.84, color=fill, hatch=hatch, edgecolor="white", linewidth=0.2
        )
        above, below = above + np.maximum(part, 0.0), below + np.minimum(part, 0.0)
    axes.axhline(0.0, color=INK, linewidth=0.9)
    label = looks(results)[name].label
    if name == results.scenarios[0]:
        axes.set_title(label, size=9)
        return
    axes.plot(changes.index, changes.sum(axis=1), color=INK, marker="o", markersize=3.5, linewidth=1.2,
              markerfacecolor="white")  # fmt: skip
    total = difference(results, "cost_societal", discounted=False)[name]
    change = signed(money_with_error(total.value, total.half_width), total.value)
    axes.set_title(f"{label}\n{change}", size=9)


def _fill(payer: str, place: int) -> tuple[str, str]:
    return PAYERS[payer][1:] if payer in PAYERS else SPARE[place % len(SPARE)]


def _key(figure: Figure, payers: list[str], first: Axes, columns: int) -> None:
    """One key for all panels, above them."""
    marks: list[Patch | Line2D] = []
    for place, payer in enumerate(payers):
        fill, hatch = _fill(payer, place)
        marks.append(Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=payer_label(payer)))
    if first.lines[1:]:
        marks.append(
            Line2D([], [], color=INK, marker="o", markersize=3.5, markerfacecolor="white", label="All together")
        )
    box = first.get_position()
    figure.legend(
        handles=marks, loc="lower left", bbox_to_anchor=(box.x0, box.y1 + 0.52 / figure.get_figheight()),
        ncols=min(len(marks), columns), borderaxespad=0.0, borderpad=0.0, columnspacing=1.4, handlelength=1.6,
    )  # fmt: skip
