"""National targets: each figure of the model relative to the published one, on the common denominator."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lbpsim.report.charts.layouts import ARM_LOOKS, PUBLISHED, legend_below, sheet, styled
from lbpsim.report.charts.page import Panels
from lbpsim.report.charts.policy_styles import INK

if TYPE_CHECKING:
    from lbpsim.validation.summary import Assessment

INCHES_A_LINE = 0.37
LONGEST = 60  # characters of a name on one line
MODEL = ARM_LOOKS["cft"]["color"]
TICKS = (0.1, 0.2, 0.5, 0.8, 1.0, 1.25, 2.0, 5.0)
SHAPES = {"calibrated to": ("o", MODEL), "validation only": ("o", "white"), "drift from its start": ("D", "white")}
BOUND = ("s", "white")  # any other role: an upper bound


@styled
def draw(assessment: Assessment) -> Figure:
    """One line a target: limits as a bar around the published figure, the model as a mark that tells its role."""
    frame = assessment.targets
    figure, grid = sheet(
        assessment,
        Panels(left=3.9, right=1.35, above=0.2, below=1.05),
        size=(10.5, 2.6 + INCHES_A_LINE * len(frame)),
        title=f"The country under usual care beside published figures, {assessment.study.country}",
        subtitle="Model relative to the published figure for as many people. Bars: the published 95% interval, or the "
        "pass mark where there is none; an arrow: no lower limit. Whiskers: 95% Monte Carlo interval. Logarithmic.",
        source="Published: see targets.csv.",
    )
    _lines(grid[0, 0], frame)
    legend_below(figure, _legend(), 0.6)
    return figure


def _lines(axes: Axes, frame: pd.DataFrame) -> None:
    places = range(len(frame))[::-1]
    for place, (_, row) in zip(places, frame.iterrows(), strict=True):
        base = row["comparable"]
        open_below = not row["least"] > 0.0
        ends = np.array([TICKS[0] * base if open_below else row["least"], row["most"]]) / base
        axes.plot(ends, [place, place], color=PUBLISHED, linewidth=8, alpha=0.35, solid_capstyle="butt")
        if open_below:
            axes.plot(ends[0], place, color=PUBLISHED, marker="<", markersize=9, linestyle="none", clip_on=False)
        shape, inside = SHAPES.get(row["role"], BOUND)
        axes.errorbar(
            row["emulated"] / base, place, xerr=1.96 * row["mcse"] / base, color=MODEL, marker=shape, markersize=6.5,
            markerfacecolor=inside, markeredgewidth=1.4, elinewidth=1.3,
        )  # fmt: skip
        axes.text(1.02, place, row["verdict"], transform=axes.get_yaxis_transform(), va="center", size=8.5)
    names = [textwrap.fill(f"{row['figure']}, {row['period']}", LONGEST) for _, row in frame.iterrows()]
    axes.set_yticks(list(places), names, size=8)
    axes.set_xscale("log")
    axes.set_xlim(TICKS[0] * 0.93, TICKS[-1] * 1.5)
    axes.xaxis.set_major_locator(FixedLocator(list(TICKS)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.axvline(1.0, color=INK, linewidth=1.0)
    axes.set_ylim(-0.7, len(frame) - 0.3)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("Model relative to the published figure (ratio)")


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], color=PUBLISHED, linewidth=8, alpha=0.35, label="limits"),
        *(
            Line2D([], [], color=MODEL, marker=shape, markerfacecolor=inside, linewidth=1.3, label=role)
            for role, (shape, inside) in {**SHAPES, "upper bound": BOUND}.items()
        ),
    ]
