"""What each policy does to budgets in its first years, by payer, and the capacity it takes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lbpsim.decision.budget import ALL_PAYERS
from lbpsim.report.charts.costs import PAYERS, payer_label
from lbpsim.report.charts.figures import money, scale_for, show_scaled, signed
from lbpsim.report.charts.labels import end_labels, policy_label
from lbpsim.report.charts.looks import INK, by_family, comparator, looks, mark
from lbpsim.report.charts.page import EDGE, NothingToDraw, Panels, page, styled, year_axis
from lbpsim.report.charts.plane import _far_out as far_out
from lbpsim.report.charts.series import Estimate

if TYPE_CHECKING:
    from lbpsim.decision.analysis import Decision
    from lbpsim.outcomes.results import Results

Numbers = npt.NDArray[np.float64]
WIDTH = 12.5
LABELS = 1.9  # inches at the right
BAR, LEAST = 0.42, 0.8  # inches a policy, and of a panel at least
FIGURES = 0.16  # of the width of the bars, for the sum beside each
CAPACITY = {
    # outcome: title, unit
    "physiotherapists_trained": ("Trained in CFT and practising", "physiotherapists"),
    "cft_courses": ("CFT courses started", "a year"),
    "cft_wait_mean": ("Mean wait for CFT", "weeks"),
}
SMALL, APART = 2.0, 0.75  # inches: the height of a panel of capacity, and between two


def draw(results: Results, decision: Decision) -> Figure:
    """Left, bars by payer over the first years, a row a policy, for both periods; right, capacity by year."""
    return styled(partial(_draw, decision=decision))(results)


def _draw(results: Results, decision: Decision) -> Figure:
    if len(results.scenarios) == 1:
        raise NothingToDraw("there is no policy to compare with the comparator")
    periods = _periods(decision.budget)
    groups = _groups(results, decision.budget)
    tall = tuple(max(BAR * len(group), LEAST) for group in groups)
    figure, grid = page(
        results,
        Panels(rows=len(groups) + 1, columns=len(periods), left=1.75, across=0.5, down=1.05, above=0.75, right=0.4,
               heights=(*tall, SMALL)),
        size=(WIDTH, sum(tall) + SMALL + 2.4 + 1.05 * len(groups)),
        title="Budget impact by payer, and the capacity it takes",
        subtitle=f"Change against {comparator(results)} in what is paid for health care, undiscounted, in Australian "
        f"dollars of {results.study.price_year}; lost work is on nobody's budget and is left out. Policies far "
        "out have scales of their own. Below: what the policies need and offer by calendar year.",
    )  # fmt: skip
    for row, group in zip(grid[:-1], groups, strict=True):
        for axes, period in zip(row, periods, strict=True):
            _bars(axes, results, decision.budget, period, group, named=period == periods[0])
            axes.set_title(period.replace("-", " to ") + ("" if group == groups[0] else ", far out"))
    _key(figure, grid[0][0], decision.budget)
    for axes in grid[-1]:
        axes.set_visible(False)
    _capacity(figure, grid[-1], results, decision.capacity)
    return figure


def _periods(budget: pd.DataFrame) -> list[str]:
    """The first years and the whole horizon; a single year where that is all."""
    spans = [str(period) for period in dict.fromkeys(budget["period"]) if "-" in str(period)]
    return spans or [str(budget["period"].iloc[0])]


def _groups(results: Results, budget: pd.DataFrame) -> list[tuple[str, ...]]:
    """Policies that share a scale: all but those far out, then those, if there are any."""
    sums = budget[(budget["period"] == _periods(budget)[-1]) & (budget["payer"] == ALL_PAYERS)]
    far = far_out({name: Estimate(cost, 0.0) for name, cost in zip(sums["scenario"], sums["cost"], strict=True)})
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
        axes.annotate(signed(money(float(total)), float(total)), (max(float(end), 0.0), place), (7, 0), size=8,
                      textcoords="offset points", va="center")  # fmt: skip
    scale = scale_for(max(abs(low), abs(high)))
    show_scaled(axes.xaxis, scale, signs=True)
    axes.set_xlabel(f"Change in cost ({scale.label('AUD')})")


def _key(figure: Figure, first: Axes, budget: pd.DataFrame) -> None:
    entries: list[Patch | Line2D] = []
    for payer in _payers(budget):
        fill, hatch = PAYERS[payer][1:] if payer in PAYERS else ("#4d4d4d", "xx")
        entries.append(Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=payer_label(payer)))
    entries.append(Line2D([], [], color=INK, marker="D", markersize=5, markerfacecolor="white", linestyle="none",
                          label="all payers"))  # fmt: skip
    box = first.get_position()
    figure.legend(handles=entries, loc="lower left", bbox_to_anchor=(box.x0, box.y1 + 0.4 / figure.get_figheight()),
                  ncols=len(entries), borderaxespad=0.0)  # fmt: skip


def _capacity(figure: Figure, row: npt.NDArray[Any], results: Results, capacity: pd.DataFrame) -> None:
    """Lines by year of the policies that have any, in a panel for each outcome that some policy has."""
    box = row[0].get_position()
    wide = capacity.pivot_table(index=["outcome", "year"], columns="scenario", values="value", dropna=False)
    present = [name for name in CAPACITY if np.nan_to_num(wide.loc[name].to_numpy(dtype=float)).max(initial=0.0) > 0.0]
    inches = (WIDTH - 2 * EDGE - 0.5 - LABELS - 2 * APART) / len(CAPACITY)
    for place, outcome in enumerate(present):
        left = EDGE + 0.5 + place * (inches + APART)
        axes = figure.add_axes((left / WIDTH, box.y0, inches / WIDTH, box.height))
        title, unit = CAPACITY[outcome]
        _lines(axes, results, pd.DataFrame(wide.loc[outcome]), title, unit, named=outcome == present[-1])


def _lines(axes: Axes, results: Results, wide: pd.DataFrame, title: str, unit: str, *, named: bool) -> None:
    names = looks(results)
    shown = [name for name in by_family(results) if np.nan_to_num(wide[name].to_numpy(dtype=float)).max() > 0.0]
    for name in shown:
        axes.plot(wide.index, wide[name], **names[name].line(), marker=mark(names[name], results))
    scale = scale_for(float(np.nanmax(wide.to_numpy(dtype=float), initial=0.0)))
    show_scaled(axes.yaxis, scale)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel(f"{scale.word} {unit}".strip().capitalize())
    axes.set_title(title, size=9.5)
    year_axis(axes, results, most=4)
    if named:
        ends = {name: wide[name].dropna() for name in shown}
        end_labels(axes, [policy_label(names[name], float(end.iloc[-1])) for name, end in ends.items() if len(end)])
