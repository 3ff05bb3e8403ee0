"""What each policy does to budgets, in its first years and over the whole horizon, by payer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lbpsim.cea.budget_impact import ALL_PAYERS
from lbpsim.report.charts.ce_plane import far_out_of
from lbpsim.report.charts.costs import PAYERS, payer_label
from lbpsim.report.charts.page import NothingToDraw, Panels, page, show_scaled, styled
from lbpsim.report.charts.policy_styles import INK, by_family, comparator, looks
from lbpsim.report.charts.series import Estimate
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import scale_for, signed_money

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results
    from lbpsim.voi.decision_analysis import Decision

Numbers = npt.NDArray[np.float64]
WIDTH, NARROW = 12.5, 6.4  # inches: of paper, of a column as laid out
BAR, LEAST = 0.42, 0.8  # inches a policy, and of a panel at least
FIGURES = 0.16  # of the width of the bars, for the sum beside each


@styled
def draw(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """Bars by payer, a row a policy, over the first years and over all; a column shows the whole horizon alone."""
    if len(results.scenarios) == 1:
        raise NothingToDraw("there is no policy to compare with the comparator")
    periods = _periods(decision.budget)
    periods = style.choose(periods, periods, periods[-1:])
    groups = _groups(results, decision.budget)
    tall = tuple(max(BAR * len(group), LEAST) for group in groups)
    figure, grid = page(
        results,
        Panels(
            rows=len(groups), columns=len(periods), left=1.75, across=0.5, down=1.05,
            above=style.choose(0.75, 0.75, 1.1), right=0.4, heights=tall,
        ),
        size=style.choose(
            (WIDTH, sum(tall) + 2.1 + 1.05 * len(groups)), slide(11.4),
            column(sum(tall) + 3.2 + 1.05 * len(groups), width=NARROW),
        ),
        title="Budget impact by payer",
        subtitle=f"Change against {comparator(results)} in what is paid for health care, undiscounted, in Australian "
        f"dollars of {results.study.price_year}; lost work is on nobody's budget and is left out."
        + (" Policies far out have a scale of their own." if len(groups) > 1 else ""),
    )  # fmt: skip
    for row, group in zip(grid, groups, strict=True):
        for axes, period in zip(row, periods, strict=True):
            _bars(axes, results, decision.budget, period, group, named=period == periods[0])
            axes.set_title(period.replace("-", " to ") + ("" if group == groups[0] else ", far out"))
    _key(figure, grid[0][0], decision.budget, style.choose(6, 6, 2))
    return figure


def _periods(budget: pd.DataFrame) -> list[str]:
    """The first years and the whole horizon; a single year where that is all."""
    spans = [str(period) for period in dict.fromkeys(budget["period"]) if "-" in str(period)]
    return spans or [str(budget["period"].iloc[0])]


def _groups(results: Results, budget: pd.DataFrame) -> list[tuple[str, ...]]:
    """Policies that share a scale: all but those far out, then those, if there are any."""
    sums = budget[(budget["period"] == _periods(budget)[-1]) & (budget["payer"] == ALL_PAYERS)]
    far = far_out_of({name: Estimate(cost, 0.0) for name, cost in zip(sums["scenario"], sums["cost"], strict=True)})
    shown = by_family(results)[1:]
    near = tuple(name for name in shown if name not in far)
    return [group for group in (near, tuple(name for name in shown if name in far)) if group]


def _payers(budget: pd.DataFrame) -> list[str]:
    found = [str(payer) for payer in dict.fromkeys(budget["payer"]) if payer != ALL_PAYERS]
    return sorted(found, key=lambda payer: list(PAYERS).index(payer) if payer in PAYERS else len(PAYERS))


def _bars(
    axes: Axes, results: Results, budget: pd.DataFrame, period: str, shown: tuple[str, ...], *, named: bool
) -> None:
    rows = budget[budget["period"] == period].pivot_table(index="scenario", columns="payer", values="cost")
    names = looks(results)
    places = np.arange(len(shown), dtype=float)[::-1]
    above, below = np.zeros(len(shown)), np.zeros(len(shown))
    for payer in _payers(budget):
        part = rows.loc[list(shown), payer].to_numpy(dtype=float)
        fill, hatch = PAYERS[payer][1:] if payer in PAYERS else ("#4d4d4d", "xx")
        axes.barh(places, part, left=np.where(part >= 0.0, above, below), height=0.68, color=fill, hatch=hatch,
                  edgecolor="white", linewidth=0.2)  # fmt: skip
        above, below = above + np.maximum(part, 0.0), below + np.minimum(part, 0.0)
    sums = rows.loc[list(shown), ALL_PAYERS].to_numpy(dtype=float)
    axes.plot(sums, places, color=INK, marker="D", markersize=5, markerfacecolor="white", linestyle="none")
    _write_sums(axes, places, sums, above, below)
    axes.axvline(0.0, color=INK, linewidth=0.9)
    axes.set_yticks(places, [names[name].label for name in shown] if named else [""] * len(shown), size=8.5)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")


def _write_sums(axes: Axes, places: Numbers, sums: Numbers, above: Numbers, below: Numbers) -> None:
    """Each policy's sum right of its bar, with room for it, and the axis."""
    low, high = min(float(below.min()), 0.0), max(float(above.max()), 0.0)
    width = (high - low) or 1.0
    axes.set_xlim(low - 0.04 * width, high + 1.7 * FIGURES * width)
    for place, total, end in zip(places, sums, above, strict=True):
        axes.annotate(signed_money(float(total)), (max(float(end), 0.0), place), (7, 0), size=8,
                      textcoords="offset points", va="center")  # fmt: skip
    scale = scale_for(max(abs(low), abs(high)))
    show_scaled(axes.xaxis, scale, signs=True)
    axes.set_xlabel(f"Change in cost ({scale.label('AUD')})")


def _key(figure: Figure, first: Axes, budget: pd.DataFrame, columns: int) -> None:
    entries: list[Patch | Line2D] = []
    for payer in _payers(budget):
        fill, hatch = PAYERS[payer][1:] if payer in PAYERS else ("#4d4d4d", "xx")
        entries.append(Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=payer_label(payer)))
    entries.append(Line2D([], [], color=INK, marker="D", markersize=5, markerfacecolor="white", linestyle="none",
                          label="all payers"))  # fmt: skip
    box = first.get_position()
    figure.legend(handles=entries, loc="lower left", bbox_to_anchor=(box.x0, box.y1 + 0.4 / figure.get_figheight()),
                  ncols=min(len(entries), columns), borderaxespad=0.0)  # fmt: skip
