"""National targets: each figure of the model relative to the published one, on the common denominator."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lbpsim.outcomes.estimate import SURE
from lbpsim.report.charts.forms.axes import beside, name_rows
from lbpsim.report.charts.forms.keys import key_below, stroke
from lbpsim.report.charts.layouts import INTERVAL, MODEL, PUBLISHED, THICK, sheet
from lbpsim.report.charts.page import Panels, styled
from lbpsim.report.charts.policy_styles import INK
from lbpsim.report.charts.styles import LINES
from lbpsim.validation.summary import Assessment

INCHES_A_LINE = 0.37
LONGEST = 60  # characters of a name on one line
TICKS = (0.1, 0.2, 0.5, 0.8, 1.0, 1.25, 2.0, 5.0)
SHAPES = {"calibrated to": ("o", MODEL), "validation only": ("o", "white"), "drift from its start": ("D", "white")}
BOUND = ("s", "white")  # any other role: an upper bound


@styled
def draw(assessment: Assessment) -> Figure:
    """One line a target: limits as a bar around the published figure, the model as a mark that tells its role."""
    frame = assessment.targets
    figure, grid = sheet(
        assessment,
        Panels(tall=INCHES_A_LINE * len(frame), left=3.9, right=1.35, above=0.2, below=1.05),
        LINES,
        title=f"The country under usual care beside published figures, {assessment.study.country}",
        subtitle="Model relative to the published figure for as many people. Bars: the published 95% interval, or the "
        "pass mark where there is none; an arrow: no lower limit. Whiskers: 95% Monte Carlo interval. Logarithmic.",
        source="Published: see targets.csv.",
    )
    _lines(grid[0, 0], frame)
    roles = {**SHAPES, "upper bound": BOUND}.items()
    marks = [
        stroke(role, color=MODEL, marker=shape, markerfacecolor=inside, linewidth=1.3)
        for role, (shape, inside) in roles
    ]
    key_below(figure, [stroke("limits", linewidth=THICK, **INTERVAL), *marks])
    return figure


def _lines(axes: Axes, frame: pd.DataFrame) -> None:
    names = [textwrap.fill(f"{row['figure']}, {row['period']}", LONGEST) for _, row in frame.iterrows()]
    for place, (_, row) in zip(name_rows(axes, names), frame.iterrows(), strict=True):
        base = row["comparable"]
        open_below = not row["least"] > 0.0
        ends = np.array([TICKS[0] * base if open_below else row["least"], row["most"]]) / base
        axes.plot(ends, [place, place], linewidth=THICK, **INTERVAL)
        if open_below:
            axes.plot(ends[0], place, color=PUBLISHED, marker="<", markersize=9, linestyle="none", clip_on=False)
        shape, inside = SHAPES.get(row["role"], BOUND)
        axes.errorbar(
            row["emulated"] / base, place, xerr=SURE * row["mcse"] / base, color=MODEL, marker=shape, markersize=6.5,
            markerfacecolor=inside, markeredgewidth=1.4, elinewidth=1.3,
        )  # fmt: skip
        beside(axes, place, row["verdict"])
    axes.set_xscale("log")
    axes.set_xlim(TICKS[0] * 0.93, TICKS[-1] * 1.5)
    axes.xaxis.set_major_locator(FixedLocator(list(TICKS)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.axvline(1.0, color=INK, linewidth=1.0)
    axes.set_xlabel("Model relative to the published figure (ratio)")
