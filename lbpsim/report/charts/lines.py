"""Panels of lines by year, one line a policy, named at its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from lbpsim.report.charts.labels import end_labels, policy_label
from lbpsim.report.charts.page import show_scaled, year_axis
from lbpsim.report.charts.policy_styles import MUTED, looks, mark
from lbpsim.report.charts.series import Series, banded, which_bands, yearly
from lbpsim.report.format import scale_for

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

NARROW = 3.0  # inches, of a panel whose title is broken before its brackets
MARKED = 3  # every so many years of a line have its marker


def draw_levels(axes: Axes, results: Results, outcome: str, title: str, unit: str) -> None:
    """An outcome by year under every policy, with the intervals that there are."""
    found = yearly(results, outcome)
    draw_lines(axes, results, found, banded(results))
    axes.set_title(
        title + (which_bands(results) if _wide(axes) > NARROW else which_bands(results).replace(" ", "\n", 1))
    )
    scale = scale_for(max(float(np.max(series.high)) for series in found.values()))
    year_axis(axes, results)
    show_scaled(axes.yaxis, scale)
    axes.set_ylabel(f"{unit} ({scale.word or 'number'})" if "(" not in unit else unit)
    mark_base(axes)
    names = looks(results)
    end_labels(axes, [policy_label(names[name], float(each.values[-1])) for name, each in found.items()])


def _wide(axes: Axes) -> float:
    """Width of the panel in inches."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return float(axes.get_position().width * figure.get_figwidth())


def draw_lines(axes: Axes, results: Results, by_policy: Mapping[str, Series], bands: tuple[str, ...]) -> None:
    """A line for each policy; around those in `bands` their 95% Monte Carlo interval."""
    names = looks(results)
    for place, (name, series) in enumerate(by_policy.items()):
        look = names[name]
        if name in bands:
            axes.fill_between(results.years, series.low, series.high, color=look.colour, alpha=0.15, linewidth=0)
        axes.plot(
            results.years,
            series.values,
            **look.line(1.6 if look.marker else 2.2),
            marker=mark(look, results),
            markevery=(place % MARKED, MARKED),
        )


def mark_base(axes: Axes) -> None:
    """Start at zero, or where that would press the lines flat say that the axis does not, and mark its break."""
    low, high = axes.dataLim.intervaly
    if high - low > low:
        axes.set_ylim(0.0, None)
        return
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.12 * (high - low), high)
    rise = np.array([0.0, 0.02, 0.035, 0.065, 0.08, 0.1])
    swing = np.array([0.0, 0.0, 0.008, -0.008, 0.0, 0.0])
    axes.plot([0.0, 0.0], [0.0, 0.1], transform=axes.transAxes, color="white", linewidth=3, clip_on=False, zorder=4)
    axes.plot(swing, rise, transform=axes.transAxes, color=MUTED, linewidth=0.9, clip_on=False, zorder=5)
    axes.text(
        0.015, 0.05, "The axis does not start at zero", transform=axes.transAxes, va="center", size=8, color=MUTED
    )
