"""Other evidence beside the emulated trial: a forest of other CFT trials, and QALY gains beside another model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lbpsim.report.charts.layouts import ARM_LOOKS, PUBLISHED, legend_below, sheet, styled
from lbpsim.report.charts.page import Panels
from lbpsim.report.charts.policy_styles import INK
from lbpsim.validation.summary import when

if TYPE_CHECKING:
    from lbpsim.validation.summary import Assessment

INCHES_A_LINE = 0.36
MODEL = ARM_LOOKS["cft"]["color"]
PANELS = {"rmdq": ("Disability", "RMDQ points"), "pain": ("Pain", "NRS points, 0 to 10")}


@styled
def draw_forest(assessment: Assessment) -> Figure:
    """Differences in other trials of CFT, with the emulated effect against usual care at the same time."""
    frame = assessment.other_trials
    parts = {what: frame[frame["outcome"] == what] for what in PANELS}
    lines = tuple(float(len(part)) for part in parts.values())
    figure, grid = sheet(
        assessment,
        Panels(rows=2, left=4.75, right=0.3, down=1.0, above=0.35, below=1.0, heights=lines),
        size=(10.5, 3.6 + INCHES_A_LINE * sum(lines)),
        title="Where the model's effect stands among other trials of CFT",
        subtitle="Difference with 95% interval; left of zero favours CFT. Other trials compared CFT with other active "
        "care or sham, the emulated RESTORE trial compares with usual care, so that its effect may well be larger. "
        "Oswestry points are converted to RMDQ points by a crude ratio.",
        source="Published: as named; secondary sources and pooled figures are marked in the registry.",
    )
    for axes, (what, part) in zip(grid[:, 0], parts.items(), strict=True):
        _forest(axes, part, *PANELS[what])
    legend_below(figure, _legend(), 0.7)
    return figure


def _forest(axes: Axes, part: pd.DataFrame, word: str, unit: str) -> None:
    places = range(len(part))[::-1]
    for place, (_, row) in zip(places, part.iterrows(), strict=True):
        axes.plot([row["low"], row["high"]], [place, place], color=PUBLISHED, linewidth=2.0)
        axes.plot(row["published"], place, color=PUBLISHED, marker="s", markersize=6, linestyle="none")
        axes.plot(row["emulated"], place, color=MODEL, marker="|", markersize=15, markeredgewidth=2.4, linestyle="none")
    names = [f"{row['trial']}, {when(row['week'])}, against {row['comparator']}" for _, row in part.iterrows()]
    axes.set_yticks(list(places), names, size=8)
    axes.set_ylim(-0.7, len(part) - 0.3)
    axes.axvline(0.0, color=INK, linewidth=1.0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_title(word)
    axes.set_xlabel(f"Difference ({unit})")


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], color=PUBLISHED, marker="s", linewidth=2, label="published, 95% interval"),
        Line2D([], [], color=MODEL, marker="|", markersize=12, markeredgewidth=2.4, linestyle="none",
               label="emulated, CFT against usual care"),
    ]  # fmt: skip


@styled
def draw_gains(assessment: Assessment) -> Figure:
    """QALYs gained by CFT in the first year beside the corridor of another model of conservative care."""
    frame = assessment.gains
    figure, grid = sheet(
        assessment,
        Panels(left=3.1, right=0.5, above=0.2, below=0.95),
        size=(9.0, 4.1),
        title="QALYs gained by CFT in the first year, beside another model",
        subtitle="Bars: the corridor of conservative care of chronic low back pain in an American model on SF-6D. The "
        "same emulated year is shown on the model's utilities and on that model's states and SF-6D.",
        source="Corridor: Herman 2019, quoted without the table at hand.",
    )
    axes, places = grid[0, 0], range(len(frame))[::-1]
    for place, (_, row) in zip(places, frame.iterrows(), strict=True):
        corridor = [row["published_low"], row["published_high"]]
        axes.plot(corridor, [place, place], color=PUBLISHED, linewidth=9, alpha=0.35, solid_capstyle="butt")
        axes.plot(row["emulated"], place, color=MODEL, marker="o", markersize=8)
        axes.annotate(f"{row['emulated']:.3f}", (row["emulated"], place), (8, 0), textcoords="offset points",
                      va="center", size=8.5)  # fmt: skip
    axes.set_yticks(
        list(places), [f"{row['who'].capitalize()},\n{_scale(row['scale'])}" for _, row in frame.iterrows()]
    )
    axes.set_ylim(-0.6, len(frame) - 0.4)
    axes.set_xlim(0.0, 1.18 * max(frame["emulated"].max(), frame["published_high"].max()))
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("QALYs gained in the first year, a person")
    handles = [
        Line2D([], [], color=PUBLISHED, linewidth=9, alpha=0.35, label="corridor of conservative care"),
        Line2D([], [], color=MODEL, marker="o", markersize=8, linestyle="none", label="emulated, CFT less usual care"),
    ]
    legend_below(figure, handles, 0.62)
    return figure


def _scale(scale: str) -> str:
    return "the model's utilities" if scale == "model" else "SF-6D by level of impact"
