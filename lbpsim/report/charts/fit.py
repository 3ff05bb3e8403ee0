"""A calibration in two charts: how far figures are from their targets before and after, and what became of priors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import lbpsim
from lbpsim.calibration.fit_tables import parameter_table, target_table
from lbpsim.evidence import parameters
from lbpsim.report.charts import page
from lbpsim.report.charts.page import EDGE, SUBTITLE_SIZE, TITLE_SIZE
from lbpsim.report.charts.policy_styles import CFT, FAINT, INK, MUTED

if TYPE_CHECKING:
    from lbpsim.calibration.fit import Fit

WIDTH, ROW, LABELS, LEGEND = 11.4, 0.27, 5.8, 0.5  # inches: the page, a row, the labels, room for legend and axis title
SURE = 1.96
BEFORE, AFTER = "#c04a00", CFT.shades[0]


def draw_targets(fit: Fit) -> Figure:
    """Distance of every fitted figure from its target."""
    rows = target_table(fit)
    rows = rows[rows["fitted"]].reset_index(drop=True)
    figure, axes = _sheet(
        fit,
        len(rows),
        "How near the model comes to its targets",
        "Distance of the emulated figure from the target, in units of the distance that is acceptable (one standard "
        "deviation in the fit, shaded). The line is what draws of the posterior give, with 95 of 100 inside it.",
    )
    places = np.arange(len(rows))
    scale = rows["within"]
    axes.axvspan(-1.0, 1.0, color=FAINT, alpha=0.6, linewidth=0)
    axes.axvline(0.0, color=INK, linewidth=0.8)
    middle, reach = (rows["sample_mean"] - rows["published"]) / scale, SURE * rows["sample_sd"] / scale
    axes.hlines(places, middle - reach, middle + reach, color=AFTER, linewidth=2.2, alpha=0.55)
    before = (rows["before"] - rows["published"]) / scale
    axes.plot(before, places, linestyle="none", marker="o", markersize=6, markerfacecolor="white", color=BEFORE)
    axes.plot(rows["miss"], places, linestyle="none", marker="D", markersize=5, color=AFTER)
    _label(axes, [parameters()[str(name)].label for name in rows["target"]])
    axes.set_xlabel("(emulated \N{MINUS SIGN} target) / acceptable distance")
    _legend(figure, [
        Line2D([], [], linestyle="", marker="o", markerfacecolor="white", color=BEFORE, label="before: prior means"),
        Line2D([], [], linestyle="none", marker="D", color=AFTER, label="base case"),
        Line2D([], [], color=AFTER, linewidth=2.2, alpha=0.55, label="draws of the posterior"),
    ])  # fmt: skip
    return figure


def draw_parameters(fit: Fit) -> Figure:
    """Prior and posterior of every free parameter."""
    rows = parameter_table(fit)
    figure, axes = _sheet(
        fit,
        len(rows),
        "What the targets say of the free parameters",
        "Each parameter in standard deviations of what was known before (0: the prior's middle). Where the bar is as "
        "long as the grey one, the targets say nothing.",
    )
    places = np.arange(len(rows))
    axes.barh(places, 2 * SURE, left=-SURE, height=0.62, color=FAINT)
    low, high = np.quantile(fit.sample, [0.025, 0.975], axis=0)
    axes.barh(places, high - low, left=low, height=0.34, color=AFTER)
    axes.plot(rows["shift"], places, linestyle="none", marker="|", markersize=8, markeredgewidth=1.6, color="white")
    _label(axes, [parameters()[str(row.parameter)].label for row in rows.itertuples()])
    reach = max(SURE, float(np.abs([low, high]).max())) + 0.3
    axes.set_xlim(-reach, reach)
    axes.set_xlabel("Standard deviations of the prior")
    _legend(figure, [
        Patch(color=FAINT, label="before: prior, 95%"),
        Patch(color=AFTER, label="after: posterior, 95%, mean marked"),
    ])  # fmt: skip
    return figure


def _sheet(fit: Fit, rows: int, title: str, subtitle: str) -> tuple[Figure, Axes]:
    with page.our_look():
        height = 1.75 + LEGEND + rows * ROW
        figure = Figure(figsize=(WIDTH, height))
        top = EDGE
        top += page._write(figure, title, top, size=TITLE_SIZE, weight="bold")
        top += page._write(figure, subtitle, top + 0.05, size=SUBTITLE_SIZE, color=MUTED) + 0.2
        bottom = page._source(figure, _source(fit)) + LEGEND + 0.5
        place = (LABELS / WIDTH, bottom / height, 1.0 - (LABELS + 0.3) / WIDTH, 1.0 - (top + bottom) / height)
        axes = figure.add_axes(place)
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_ylim(rows - 0.4, -0.6)
        return figure, axes


def _label(axes: Axes, labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _legend(figure: Figure, handles: list[Line2D] | list[Patch]) -> None:
    low = (EDGE / 2 + 0.25) / figure.get_figheight()
    middle = (LABELS + (WIDTH - LABELS - 0.3) / 2) / WIDTH
    figure.legend(
        handles=handles,
        loc="lower center",
        ncols=len(handles),
        bbox_to_anchor=(middle, low),
        frameon=False,
        fontsize=8.5,
    )


def _source(fit: Fit) -> str:
    settings = fit.task.settings
    return (
        f"Source: lbpsim {lbpsim.__version__}, calibration with {settings.people:,} simulated people, "
        f"seed {fit.task.seed}, {settings.checked} simulated draws of {settings.sample:,}."
    )
