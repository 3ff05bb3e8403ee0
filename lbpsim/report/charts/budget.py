"""What each policy does to budgets, in its first years and over the whole horizon, by payer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.cea.budget_impact import best_known, longer_periods
from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.budget import ALL_PAYERS
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.ce_plane import far_out_of
from lbpsim.report.charts.costs import PAYERS, payer_fill
from lbpsim.report.charts.forms.axes import ROW_NAMES, TICK, broken, measure, name_rows, reach_of, zero
from lbpsim.report.charts.forms.bars import Part, figures_beside, stack
from lbpsim.report.charts.forms.keys import key_above, spot, swatch
from lbpsim.report.charts.page import EDGE, Panels, compared, page, styled
from lbpsim.report.charts.policy_styles import INK, PlotStyle, by_family, comparator, looks
from lbpsim.report.charts.styles import FULL, PRINT, Style
from lbpsim.report.format import money_of, signed_money
from lbpsim.report.narrative.payers import payer_label
from lbpsim.report.narrative.phrasing import signed_with_ends
from lbpsim.voi.decision_analysis import Decision

BAR, LEAST = 0.42, 0.8  # inches a policy, and of a panel at least
SUM: PlotStyle = {"color": INK, "markersize": 5, "markerfacecolor": "white"}


@styled
def draw(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """Bars by payer, a row a policy, over the first years and over all; a column shows the whole horizon alone."""
    compared(results)
    periods = longer_periods(decision.budget)
    periods = style.choose(periods, periods, periods[-1:])
    groups, over_draws = _groups(results, decision.budget), best_known(decision.budget) == "mean"
    tall = tuple(max(BAR * len(group), LEAST) for group in groups)
    figure, grid = page(
        results,
        Panels(
            rows=len(groups), columns=len(periods), tall=tall, left=ROW_NAMES, across=0.5, down=1.05,
            above=style.choose(0.75, 0.75, 1.1),
        ),
        style.sheet(FULL),
        title="Budget impact by payer",
        subtitle=f"Change against {comparator(results)} in what is paid for health care, undiscounted, in "
        f"{money_of(results.study)}; lost work is on nobody's budget and is left out."
        + (" Means over draws; lines: 95% interval of all payers." if over_draws else "")
        + (" Policies far out have a scale of their own." if len(groups) > 1 else ""),
        drawn=over_draws,
    )  # fmt: skip
    for row, group in zip(grid, groups, strict=True):
        for axes, period in zip(row, periods, strict=True):
            _bars(axes, results, decision.budget, period, group, named=period == periods[0])
            axes.set_title(period.replace("-", " to ") + ("" if group == groups[0] else ", far out"))
    entries = [swatch(payer_label(payer), *payer_fill(payer, k)) for k, payer in enumerate(_payers(decision.budget))]
    key_above(grid[0][0], [*entries, spot("All payers", "D", **SUM)], style.choose(6, 6, 2))
    return figure


def _groups(results: Results, budget: pd.DataFrame) -> list[tuple[str, ...]]:
    """Policies that share a scale: all but those far out, then those, if there are any."""
    sums = budget[(budget["period"] == longer_periods(budget)[-1]) & (budget["payer"] == ALL_PAYERS)]
    far = far_out_of(
        {name: Estimate.exact(cost) for name, cost in zip(sums["scenario"], sums[best_known(budget)], strict=True)}
    )
    shown = by_family(results)[1:]
    near = tuple(name for name in shown if name not in far)
    return [group for group in (near, tuple(name for name in shown if name in far)) if group]


def _told(row: Any, *, drawn: bool) -> str:
    """What all payers pay more or less, in words."""
    if not drawn:
        return signed_money(float(row.cost))
    return signed_with_ends(Estimate(row.mean, row.low, row.high, source="parameters"))


def _payers(budget: pd.DataFrame) -> list[str]:
    found = [str(payer) for payer in dict.fromkeys(budget["payer"]) if payer != ALL_PAYERS]
    return sorted(found, key=lambda payer: list(PAYERS).index(payer) if payer in PAYERS else len(PAYERS))


def _bars(
    axes: Axes, results: Results, budget: pd.DataFrame, period: str, shown: tuple[str, ...], *, named: bool
) -> None:
    mine = budget[budget["period"] == period]
    rows = mine.pivot_table(index="scenario", columns="payer", values=best_known(budget)).loc[list(shown)]
    names, sums = looks(results), mine[mine["payer"] == ALL_PAYERS].set_index("scenario").loc[list(shown)]
    drawn = best_known(budget) == "mean"
    places = name_rows(axes, [broken(names[name].one_line, ROW_NAMES - EDGE - TICK) if named else "" for name in shown])
    parts = [Part(rows[payer].to_numpy(float), *payer_fill(payer, k)) for k, payer in enumerate(_payers(budget))]
    ends = stack(axes, places, parts, level=True)
    if drawn:
        for colour, width in (("white", 2.8), (INK, 1.1)):  # to be seen on dark bars
            axes.hlines(places, sums["low"], sums["high"], color=colour, linewidth=width, zorder=3)
        ends = np.array([np.fmin(ends[0], sums["low"]), np.fmax(ends[1], sums["high"])])
    axes.plot(rows[ALL_PAYERS], places, marker="D", linestyle="none", zorder=4, **SUM)
    figures_beside(axes, places, [_told(row, drawn=drawn) for row in sums.itertuples()], ends)
    zero(axes, x=True)
    measure(axes.xaxis, reach_of(ends), MONEY, "Change in cost ({})", signs=True)
