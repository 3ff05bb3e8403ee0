"""What a proposed study is worth, by its size: its report beside knowing for sure, and its net value."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.evidence.currency import MONEY
from lbpsim.report.charts.forms.axes import around, mark_at, measure, reach_of, zero
from lbpsim.report.charts.forms.keys import key_below, spot, stroke, swatch
from lbpsim.report.charts.forms.labels import HALO
from lbpsim.report.charts.page import SMALL, Panels, framed, source_of, styled
from lbpsim.report.charts.policy_styles import CFT, FAINT, INK, INSTEAD, MUTED
from lbpsim.report.charts.styles import FULL, PRINT, Style
from lbpsim.report.format import money, per_qaly
from lbpsim.study.phrasing import number_of
from lbpsim.voi.design import Design
from lbpsim.voi.research import Research

REACH = 1.96  # standard errors to an end of a 95% interval
VALUE, COST = CFT.shades[0], INSTEAD.shades[0]
DASHES, DOTS = (0, (5, 2)), (0, (1.4, 1.4))


@styled
def draw(found: Research, design: Design, style: Style = PRINT) -> Figure:
    """Left, the value of the report were it there now, beside that of knowing for sure; right, its value in use, its
    cost, and what is left.
    """
    rows, view = found.of_view(), found.view
    rows = rows[rows["design"] == design.name].fillna({"se": 0.0, "net_se": 0.0})  # no band where draws show no error
    figure, grid = framed(
        Panels(columns=2, tall=3.1, across=1.1, left=1.0, above=0.5, below=1.1),
        style.sheet(FULL),
        f"{design.title}: what it is worth, by its size",
        f"For the choice between policies in {found.study.place_in_a_sentence}, from the "
        f"{view.perspective.replace('_', ' ')} perspective at {per_qaly(view.threshold)}. Bands: 95% interval of the "
        "estimate. In use: from the report to the end of the decision, discounted, as the cost is.",
        source_of(
            found.study,
            f"{number_of(len(found.draws.numbers), 'draw')} of {number_of(found.draws.plan.people, 'person')} each, "
            f"seed {found.study.seed}.",
        ),
    )
    _worth(grid[0, 0], rows)
    _net(grid[0, 1], rows)
    key_below(figure, [
        stroke("value of the report; right, in use", color=VALUE, linewidth=2.0),
        spot("by moment matching", "x", color=INK),
        stroke("knowing for sure", color=MUTED, linestyle=DOTS),
        stroke("cost", color=COST, linestyle=DASHES, linewidth=1.6),
        stroke("net value", color=INK, linewidth=2.2),
        swatch("95% interval", FAINT),
    ], 6)  # fmt: skip
    return figure


def _worth(axes: Axes, rows: pd.DataFrame) -> None:
    """The value of the report beside that of knowing for sure."""
    sizes = rows["size"].to_numpy()
    _band(axes, rows, "value", "se")
    axes.plot(sizes, rows["value"], color=VALUE, linewidth=2.0, marker="o", markersize=4)
    axes.plot(sizes, rows["moment_matching"], color=INK, linestyle="none", marker="x")
    perfect = float(rows["perfect"].iloc[0])
    axes.axhline(perfect, color=MUTED, linestyle=DOTS, linewidth=1.3)
    axes.set_title("If it reported today")
    if not rows[["value", "se"]].any(axis=None):
        axes.text(0.5, 0.5, "No report of any draw would change the choice", transform=axes.transAxes, ha="center",
                  size=SMALL, color=MUTED)  # fmt: skip
    most = reach_of(rows["value"] + REACH * rows["se"], rows["moment_matching"], perfect)
    axes.set_ylim(0.0, 1.1 * most or 1.0)
    _across(axes, rows, most, "Value ({})")


def _net(axes: Axes, rows: pd.DataFrame) -> None:
    """Value in use, cost, and the first less the second; the best size marked."""
    sizes = rows["size"].to_numpy()
    _band(axes, rows, "net", "net_se")
    axes.plot(sizes, rows["value_in_use"], color=VALUE, linewidth=2.0)
    axes.plot(sizes, rows["cost"], color=COST, linestyle=DASHES, linewidth=1.6)
    axes.plot(sizes, rows["net"], color=INK, linewidth=2.2, marker="o", markersize=4)
    zero(axes, y=True)
    axes.set_title("When it can be used, less its cost")
    ends = pd.concat([rows["net"] - REACH * rows["net_se"], rows["net"] + REACH * rows["net_se"], rows["value_in_use"],
                      rows["cost"]])  # fmt: skip
    axes.set_ylim(*around(ends, 0.08))
    for row in rows[rows["best"]].to_dict("records"):
        mark_at(axes, row["size"])
        right = row["size"] < float(sizes.mean())
        axes.annotate(f"{money(row['net'])} net\nwith {row['size']:,}", (row["size"], row["net"]),
                      (6 if right else -6, 8), size=SMALL, textcoords="offset points", va="bottom",
                      ha="left" if right else "right", path_effects=HALO)  # fmt: skip
    _across(axes, rows, reach_of(ends), "Value and cost ({})")


def _band(axes: Axes, rows: pd.DataFrame, value: str, error: str) -> None:
    low, high = rows[value] - REACH * rows[error], rows[value] + REACH * rows[error]
    axes.fill_between(rows["size"].to_numpy(), low, high, color=FAINT, linewidth=0)


def _across(axes: Axes, rows: pd.DataFrame, most: float, words: str) -> None:
    axes.set_xlim(0.0, 1.05 * float(rows["size"].max()))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("Participants")
    measure(axes.yaxis, most, MONEY, words)
