"""Years lived with disability by policy and year: the level, and what each policy averts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.report.charts.figures import scale_for, show_scaled, with_error
from lbpsim.report.charts.labels import end_labels, policy_label
from lbpsim.report.charts.looks import INK, MUTED, comparator, looks, mark
from lbpsim.report.charts.page import Panels, page, span, styled, year_axis
from lbpsim.report.charts.series import Series, banded, difference, yearly, yearly_difference

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

SURER = (
    " Differences between policies are more certain than their levels, because every policy meets the same simulated "
    "people with the same luck."
)
WIDTH = 10.0
LABELS = 3.1  # inches at the right
INCHES_PER_LABEL = 0.21


@styled
def draw(results: Results) -> Figure:
    """Two panels: YLDs by year, and YLDs averted by year with the sum over the horizon; one panel without policies."""
    alone = len(results.scenarios) == 1
    panel = max(2.6, INCHES_PER_LABEL * len(results.scenarios))
    figure, ((level, *_), *below) = page(
        results,
        Panels(rows=1 if alone else 2, right=LABELS, down=0.95, heights=None if alone else (1.0, 1.25)),
        size=(WIDTH, (2.2 if alone else 4.0 + 1.25 * panel) + panel),
        title=f"Disability from chronic low back pain{'' if alone else ' by policy'}",
        subtitle=f"Years lived with disability (YLDs), undiscounted.{'' if alone else SURER}",
        interval="bands",
    )
    _levels(level, results)
    if not alone:
        _averted(below[0][0], results)
    return figure


def _levels(axes: Axes, results: Results) -> None:
    ylds = yearly(results, "ylds")
    shown = banded(results)
    axes.set_title(
        "YLDs each year" if len(shown) == len(results.scenarios) else f"YLDs each year (band: {comparator(results)})"
    )
    _lines(axes, results, ylds, shown)
    scale = scale_for(max(float(np.max(series.high)) for series in ylds.values()))
    show_scaled(axes.yaxis, scale)
    axes.set_ylabel(f"YLDs a year ({scale.word or 'number'})")
    _mark_base(axes, ylds)
    year_axis(axes, results)
    names = looks(results)
    end_labels(axes, [policy_label(names[name], float(each.values[-1])) for name, each in ylds.items()])


def _averted(axes: Axes, results: Results) -> None:
    averted = {name: -series for name, series in yearly_difference(results, "ylds").items()}
    axes.set_title(f"YLDs averted each year against {comparator(results)}")
    axes.axhline(0.0, color=INK, linewidth=1.2)
    _lines(axes, results, averted, tuple(averted))
    scale = scale_for(max(float(np.max(np.abs(series.values))) for series in averted.values()))
    show_scaled(axes.yaxis, scale)
    axes.set_ylabel(f"YLDs averted a year ({scale.word or 'number'});\nbelow zero: added")
    year_axis(axes, results)
    names, sums = looks(results), difference(results, "ylds", discounted=False)
    end_labels(
        axes,
        [
            policy_label(names[name], float(series.values[-1]), with_error(-sums[name].value, sums[name].half_width))
            for name, series in averted.items()
        ],
    )
    axes.text(
        1.0, 1.0, f"     Averted in all, {span(results)}\n     (negative: added), ± 95%", transform=axes.transAxes,
        va="bottom", size=8, color=MUTED,
    )  # fmt: skip


def _lines(axes: Axes, results: Results, by_policy: dict[str, Series], bands: tuple[str, ...]) -> None:
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
            markevery=(place % 3, 3),
        )


def _mark_base(axes: Axes, by_policy: dict[str, Series]) -> None:
    """Start at zero, or where that would press the lines flat say that the axis does not, and mark its break."""
    lowest = min(float(np.min(series.low)) for series in by_policy.values())
    highest = max(float(np.max(series.high)) for series in by_policy.values())
    if highest - lowest > lowest:
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
