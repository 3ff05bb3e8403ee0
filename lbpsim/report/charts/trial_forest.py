"""Other evidence beside the emulated trial: a forest of other CFT trials, and QALY gains beside another model's."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.report.charts.forms.axes import name_rows, zero
from lbpsim.report.charts.forms.keys import key_below, spot, stroke
from lbpsim.report.charts.layouts import INTERVAL, MODEL, PUBLISHED, THICK, sheet
from lbpsim.report.charts.page import SMALL, Panels, styled
from lbpsim.report.charts.policy_styles import PlotStyle
from lbpsim.report.charts.styles import LINES
from lbpsim.validation.summary import Assessment, when

INCHES_A_LINE = 0.36
UPRIGHT: PlotStyle = {"color": MODEL, "markeredgewidth": 2.4}
PANELS = {"rmdq": ("Disability", "RMDQ points"), "pain": ("Pain", "NRS points, 0 to 10")}


@styled
def draw_forest(assessment: Assessment) -> Figure:
    """Differences in other trials of CFT, with the emulated effect against usual care at the same time."""
    frame = assessment.other_trials
    parts = {what: frame[frame["outcome"] == what] for what in PANELS}
    figure, grid = sheet(
        assessment,
        Panels(rows=2, tall=tuple(INCHES_A_LINE * len(part) for part in parts.values()), left=4.75, below=1.0),
        LINES,
        title="Where the model's effect stands among other trials of CFT",
        subtitle="Difference with 95% interval; left of zero favours CFT. Other trials compared CFT with other active "
        "care or sham, the emulated RESTORE trial compares with usual care, so that its effect may well be larger. "
        "Oswestry points are converted to RMDQ points by a crude ratio.",
        source="Published: as named; secondary sources and pooled figures are marked in the registry.",
    )
    for axes, (what, part) in zip(grid[:, 0], parts.items(), strict=True):
        _forest(axes, part, *PANELS[what])
    theirs = stroke("published, 95% interval", color=PUBLISHED, marker="s", linewidth=2)
    key_below(figure, [theirs, spot("emulated, CFT against usual care", "|", markersize=12, **UPRIGHT)])
    return figure


def _forest(axes: Axes, part: pd.DataFrame, word: str, unit: str) -> None:
    names = [f"{row['trial']}, {when(row['week'])}, against {row['comparator']}" for _, row in part.iterrows()]
    for place, (_, row) in zip(name_rows(axes, names), part.iterrows(), strict=True):
        axes.plot([row["low"], row["high"]], [place, place], color=PUBLISHED, linewidth=2.0)
        axes.plot(row["published"], place, color=PUBLISHED, marker="s", markersize=6, linestyle="none")
        axes.plot(row["emulated"], place, marker="|", markersize=15, linestyle="none", **UPRIGHT)
    zero(axes, x=True)
    axes.set_title(word)
    axes.set_xlabel(f"Difference ({unit})")


@styled
def draw_gains(assessment: Assessment) -> Figure:
    """QALYs gained by CFT in the first year beside the corridor of another model of conservative care."""
    frame = assessment.gains
    figure, grid = sheet(
        assessment,
        Panels(tall=1.5, left=3.1, above=0.2, below=0.95),
        LINES,
        title="QALYs gained by CFT in the first year, beside another model",
        subtitle="Bars: the corridor of conservative care of chronic low back pain in an American model on SF-6D. The "
        "same emulated year is shown on the model's utilities and on that model's states and SF-6D.",
        source="Corridor: Herman 2019, quoted without the table at hand.",
    )
    axes = grid[0, 0]
    names = [f"{row['who'].capitalize()},\n{_scale(row['scale'])}" for _, row in frame.iterrows()]
    for place, (_, row) in zip(name_rows(axes, names), frame.iterrows(), strict=True):
        axes.plot([row["published_low"], row["published_high"]], [place, place], linewidth=THICK, **INTERVAL)
        axes.plot(row["emulated"], place, color=MODEL, marker="o", markersize=8)
        axes.annotate(f"{row['emulated']:.3f}", (row["emulated"], place), (8, 0), textcoords="offset points",
                      va="center", size=SMALL)  # fmt: skip
    axes.set_xlim(0.0, 1.18 * max(frame["emulated"].max(), frame["published_high"].max()))
    axes.set_xlabel("QALYs gained in the first year, a person")
    theirs = stroke("corridor of conservative care", linewidth=THICK, **INTERVAL)
    key_below(figure, [theirs, spot("emulated, CFT less usual care", "o", color=MODEL, markersize=8)])
    return figure


def _scale(scale: str) -> str:
    return "the model's utilities" if scale == "model" else "SF-6D by level of impact"
