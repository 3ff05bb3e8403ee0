"""Who pays: what each policy changes in costs, by payer and year."""

from __future__ import annotations

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import Place, measure, small_panels, tiles, year_axis, zero
from lbpsim.report.charts.forms.bars import Part, stack, whiskers
from lbpsim.report.charts.forms.keys import key_above, stroke, swatch
from lbpsim.report.charts.intervals import differences as parameter_intervals
from lbpsim.report.charts.page import PANEL_TITLE, Panels, page, styled
from lbpsim.report.charts.policy_styles import INK, PlotStyle, by_family, looks
from lbpsim.report.charts.series import expected
from lbpsim.report.charts.styles import FULL, PRINT, Style
from lbpsim.report.format import money, money_of, money_with_error, signed
from lbpsim.report.narrative.finding import over_draws
from lbpsim.report.narrative.payers import payer_label
from lbpsim.report.narrative.phrasing import signed_with_ends
from lbpsim.study.phrasing import span

PAYERS = {
    # payer: fill, hatch
    "government": ("#0b3360", ""),
    "private_insurer": ("#56b4e9", "////"),
    "patient": ("#e69f00", ""),
    "employer": ("#8a2a67", "...."),
    "society": ("#d9d9d9", ""),
}
SPARE = (("#4d4d4d", "xx"), ("#009e73", "\\\\"), ("#f0e442", "oo"))  # for payers of a user's own
COLUMNS, WIDE, NARROW = 4, 5, 2  # of panels on paper, on a slide, in a column
TOGETHER: PlotStyle = {"color": INK, "marker": "o", "markersize": 3.5, "linewidth": 1.2, "markerfacecolor": "white"}


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """Stacked bars by payer, one panel a policy; of the comparator alone its costs themselves."""
    table = _by_payer(results)
    alone = len(results.scenarios) == 1
    changes = table if alone else table.sub(table.loc[results.scenarios[0]], level="year")
    reach = {name: _reach(changes.loc[[name]]) for name in by_family(results)[0 if alone else 1 :]}
    shown = sorted(reach, key=lambda name: -reach[name])
    rows, columns = tiles(len(shown), style.choose(COLUMNS, WIDE if len(shown) > COLUMNS else COLUMNS, NARROW))
    intervals = {} if alone else parameter_intervals(results, "cost_societal")
    drawn = over_draws(results)
    figure, grid = page(
        results,
        Panels(
            rows=rows, columns=columns, tall=1.75, across=0.3, down=0.85, above=style.choose(1.0, 0.9, 1.4),
            share_y="row",
        ),
        style.sheet(FULL),
        title="Costs of chronic low back pain by payer" if alone else "Change in costs by payer and policy",
        subtitle=_subtitle(results, table, columns),
        interval="" if alone or drawn else "±",
        uncertainty="" if alone else "whiskers, of all together",
    )  # fmt: skip
    words = f"{'Cost' if alone else 'Change in cost'} ({{}} a year)" if style is PRINT else "{} a year"
    largest = 0.0
    for place in small_panels(grid, shown):
        _panel(place, results, changes.loc[[place.item]].droplevel("scenario"))
        if place.item in intervals:
            whiskers(place.axes, results.years, intervals[place.item].low, intervals[place.item].high)
        year_axis(place.axes, results, margin=0.6, most=4, named=place.last)
        largest = reach[place.item] if place.first else largest
        measure(place.axes.yaxis, largest, MONEY, words if place.first else "", signs=not alone)
    entries: list[Artist] = [swatch(payer_label(payer), *payer_fill(payer, k)) for k, payer in enumerate(table.columns)]
    key_above(grid[0][0], entries if alone else [*entries, stroke("All together", **TOGETHER)], style.choose(6, 6, 2))
    return figure


def _by_payer(results: Results) -> pd.DataFrame:
    """Costs by scenario and year (rows) and payer (columns, known ones first)."""
    table = results.costs.pivot_table(index=["scenario", "year"], columns="payer", values="cost", aggfunc="sum")
    known = [payer for payer in PAYERS if payer in table]
    return table[known + sorted(set(table.columns) - set(known))].fillna(0.0)


def _reach(changes: pd.DataFrame) -> float:
    return float(max(changes.clip(lower=0.0).sum(axis=1).max(), -changes.clip(upper=0.0).sum(axis=1).min()))


def _subtitle(results: Results, table: pd.DataFrame, columns: int) -> str:
    a_year = float(table.loc[results.scenarios[0]].to_numpy().sum()) / results.study.years
    usual = f"{looks(results)[results.scenarios[0]].label} costs {money(a_year)} a year."
    told_money = f"Undiscounted, in {money_of(results.study)}, lost work included. {usual}"
    if len(results.scenarios) == 1:
        return told_money
    drawn = over_draws(results)
    over = ", mean and 95% interval over draws; bars and lines are at central inputs" if drawn else ""
    change = f"{told_money} Under each policy's name: the change over {span(results.years)}{over}."
    if len(results.scenarios) - 1 <= columns:
        return change
    return f"{change} Largest changes first: panels in a row have the same scale, rows do not."


def _panel(place: Place[str], results: Results, changes: pd.DataFrame) -> None:
    axes, label = place.axes, looks(results)[place.item].label
    parts = [Part(changes[payer].to_numpy(float), *payer_fill(payer, k)) for k, payer in enumerate(changes.columns)]
    stack(axes, results.years, parts)
    zero(axes, y=True)
    axes.set_title(label, size=PANEL_TITLE)
    if place.item != results.scenarios[0]:
        axes.plot(changes.index, changes.sum(axis=1), **TOGETHER)
        axes.set_title(f"{label}\n{_change(results, place.item)}", size=PANEL_TITLE)


def _change(results: Results, name: str) -> str:
    """What a policy changes in all, over draws where there are enough."""
    total = expected(results, "cost_societal", discounted=False)[name]
    if over_draws(results):
        return signed_with_ends(total)
    return signed(money_with_error(total.value, total.half_width), total.value)


def payer_fill(payer: str, place: int) -> tuple[str, str]:
    """Fill and hatch of a payer; of one of a user's own by its place among all."""
    return PAYERS.get(payer, SPARE[place % len(SPARE)])
