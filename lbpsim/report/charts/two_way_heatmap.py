"""Two-way analysis as a heat map: net benefit over a grid of two parameters, and where it changes sign."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lbpsim.evidence import parameters
from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.ce_plane import PERSPECTIVE_TITLES
from lbpsim.report.charts.forms.axes import cut_name
from lbpsim.report.charts.forms.keys import HATCH, key_below, swatch
from lbpsim.report.charts.page import SMALL, NothingToDraw, Panels, page, styled
from lbpsim.report.charts.policy_styles import INK, PlotStyle, called, comparator, in_sentence
from lbpsim.report.charts.styles import FULL, PRINT
from lbpsim.report.format import Scale, per_qaly, plain, scale_for

LOSS, NOTHING, GAIN = "#e69f00", "#ffffff", "#3d8fc4"
BORDER: PlotStyle = {"color": INK, "linewidth": 2.2, "solid_capstyle": "butt"}  # between gains and losses
Numbers = npt.NDArray[np.float64]


@styled
def draw(results: Results, rows: pd.DataFrame, scenario: str) -> Figure:
    """Net benefit of a policy over the grid, a panel for each threshold, from the perspective of the study.

    `rows`: as `lbpsim.dsa.two_way.two_way` makes them. Raises NothingToDraw where there are none.
    """
    mine = rows[rows["perspective"] == results.study.perspective]
    if mine.empty:
        raise NothingToDraw("no two parameters were moved together")
    thresholds = sorted(mine["threshold"].unique())
    largest = float(mine["net_benefit"].abs().max())
    scale = scale_for(largest)
    costs = in_sentence(PERSPECTIVE_TITLES[results.study.perspective])
    figure, grid = page(
        results,
        Panels(columns=len(thresholds), tall=4.9, left=1.3, across=0.5, above=0.5, below=1.05),
        PRINT.sheet(FULL),
        title=f"Net monetary benefit over two parameters: {called(results, scenario)} against {comparator(results)}",
        subtitle=f"{scale.label(MONEY)} over the horizon, discounted; {costs}. Both parameters over their 95% "
        f"intervals, all others at their base values. {_parted(mine)}",
    )
    for place, threshold in enumerate(thresholds):
        axes = grid[0, place]
        axes.set_title(f"At {per_qaly(threshold)}")
        _panel(axes, mine[mine["threshold"] == threshold], largest or 1.0, scale)
        _names(axes, mine, first=place == 0)
    gains, losses = (mine["net_benefit"] > 0.0).any(), (mine["net_benefit"] < 0.0).any()
    signs = ((swatch("gain", GAIN), gains), (swatch("loss", LOSS, HATCH), losses))
    key_below(figure, [entry for entry, there in signs if there])
    return figure


def _parted(rows: pd.DataFrame) -> str:
    """What the heavy line means, or that there is none."""
    gains = rows["net_benefit"] > 0.0
    if gains.all():
        return "A gain throughout."
    return "The heavy line parts gains from losses." if gains.any() else "No gain anywhere."


def _panel(axes: Axes, rows: pd.DataFrame, largest: float, scale: Scale) -> None:
    """Cells with their figures; the first parameter goes up, the second to the right."""
    values = rows.pivot_table(index="first_value", columns="second_value", values="net_benefit").to_numpy(dtype=float)
    shades = LinearSegmentedColormap.from_list("worth", [LOSS, NOTHING, GAIN])
    axes.pcolormesh(values, cmap=shades, norm=TwoSlopeNorm(0.0, -largest, largest), edgecolor="white", linewidth=0.6)
    for (up, along), value in np.ndenumerate(values):
        if value < 0.0:
            axes.add_patch(Rectangle((along, up), 1, 1, fill=False, hatch=HATCH, edgecolor="white", linewidth=0.0))
        axes.text(along + 0.5, up + 0.5, plain(float(value) / scale.divisor), ha="center", va="center", size=SMALL)
    _border(axes, values)
    for axis, name in ((axes.yaxis, "first"), (axes.xaxis, "second")):
        words = rows.drop_duplicates(f"{name}_value").sort_values(f"{name}_value")[f"{name}_text"]
        axis.set_ticks(np.arange(len(words)) + 0.5, [str(word) for word in words])
    axes.grid(visible=False)
    axes.tick_params(length=0)


def _border(axes: Axes, values: Numbers) -> None:
    """A heavy line between neighbouring cells of which one is a gain and the other is not."""
    gains = values > 0.0
    for up, along in np.argwhere(gains[:, 1:] != gains[:, :-1]):
        axes.plot([along + 1, along + 1], [up, up + 1], **BORDER)
    for up, along in np.argwhere(gains[1:] != gains[:-1]):
        axes.plot([along, along + 1], [up + 1, up + 1], **BORDER)


def _names(axes: Axes, rows: pd.DataFrame, *, first: bool) -> None:
    axes.set_xlabel(_label(str(rows["second"].iloc[0])))
    if first:
        axes.set_ylabel(_label(str(rows["first"].iloc[0])))
    else:
        axes.set_yticklabels([])


def _label(name: str) -> str:
    parameter = parameters().get(name)
    if parameter is None:  # of the study's own evidence
        return cut_name(name)
    short = cut_name(parameter.label)
    return short if parameter.unit in ("share", "ratio", "utility") else f"{short}\n({parameter.unit})"
