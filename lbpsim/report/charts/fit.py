"""A calibration in two charts: how far figures are from their targets before and after, and what became of priors."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import lbpsim
from lbpsim.calibration.fit import Fit
from lbpsim.calibration.fit_tables import parameter_table, target_table
from lbpsim.evidence import parameters
from lbpsim.outcomes.estimate import SURE
from lbpsim.report.charts.forms.axes import name_rows, zero
from lbpsim.report.charts.forms.keys import key_below, spot, stroke, swatch
from lbpsim.report.charts.page import Panels, framed, styled
from lbpsim.report.charts.policy_styles import CFT, FAINT, PlotStyle
from lbpsim.report.charts.styles import FULL, PRINT
from lbpsim.report.format import MINUS

ROW, LABELS = 0.27, 5.8  # inches: a row, and names
BEFORE, AFTER = "#c04a00", CFT.shades[0]
HOLLOW: PlotStyle = {"color": BEFORE, "markerfacecolor": "white", "markersize": 6}
DRAWS: PlotStyle = {"color": AFTER, "linewidth": 2.2, "alpha": 0.55}


@styled
def draw_targets(fit: Fit) -> Figure:
    """Distance of every fitted figure from its target."""
    rows = target_table(fit)
    rows = rows[rows["fitted"]].reset_index(drop=True)
    figure, axes = _sheet(
        fit,
        rows["target"],
        "How near the model comes to its targets",
        "Distance of the emulated figure from the target, in units of the distance that is acceptable (one standard "
        "deviation in the fit, shaded). The line is what draws of the posterior give, with 95 of 100 inside it.",
    )
    places, scale = axes.get_yticks(), rows["within"]
    axes.axvspan(-1.0, 1.0, color=FAINT, alpha=0.6, linewidth=0)
    zero(axes, x=True)
    middle, reach = (rows["sample_mean"] - rows["published"]) / scale, SURE * rows["sample_sd"] / scale
    axes.hlines(places, middle - reach, middle + reach, **DRAWS)
    before = (rows["before"] - rows["published"]) / scale
    axes.plot(before, places, linestyle="none", marker="o", **HOLLOW)
    axes.plot(rows["miss"], places, linestyle="none", marker="D", markersize=5, color=AFTER)
    axes.set_xlabel(f"(emulated {MINUS} target) / acceptable distance")
    key_below(figure, [
        spot("before: prior means", "o", **HOLLOW),
        spot("base case", "D", color=AFTER, markersize=5),
        stroke("draws of the posterior", **DRAWS),
    ])  # fmt: skip
    return figure


@styled
def draw_parameters(fit: Fit) -> Figure:
    """Prior and posterior of every free parameter."""
    rows = parameter_table(fit)
    figure, axes = _sheet(
        fit,
        rows["parameter"],
        "What the targets say of the free parameters",
        "Each parameter in standard deviations of what was known before (0: the prior's middle). Where the bar is as "
        "long as the grey one, the targets say nothing.",
    )
    places = axes.get_yticks()
    axes.barh(places, 2 * SURE, left=-SURE, height=0.62, color=FAINT)
    low, high = np.quantile(fit.sample, [0.025, 0.975], axis=0)
    axes.barh(places, high - low, left=low, height=0.34, color=AFTER)
    axes.plot(rows["shift"], places, linestyle="none", marker="|", markersize=8, markeredgewidth=1.6, color="white")
    reach = max(SURE, float(np.abs([low, high]).max())) + 0.3
    axes.set_xlim(-reach, reach)
    axes.set_xlabel("Standard deviations of the prior")
    key_below(figure, [swatch("before: prior, 95%", FAINT), swatch("after: posterior, 95%, mean marked", AFTER)])
    return figure


def _sheet(fit: Fit, names: Iterable[str], title: str, subtitle: str) -> tuple[Figure, Axes]:
    """A figure and its panel, with a row for each of these registered inputs."""
    labels = [parameters()[name].label for name in names]
    panels = Panels(tall=ROW * len(labels), left=LABELS, above=0.2, below=1.0)
    figure, grid = framed(panels, PRINT.sheet(FULL), title, subtitle, _source(fit))
    axes: Axes = grid[0, 0]
    name_rows(axes, labels)
    axes.spines["left"].set_visible(False)
    return figure, axes


def _source(fit: Fit) -> str:
    settings = fit.task.settings
    return (
        f"Source: lbpsim {lbpsim.__version__}, calibration with {settings.people:,} simulated people, "
        f"seed {fit.task.seed}, {settings.checked} simulated draws of {settings.sample:,}."
    )
