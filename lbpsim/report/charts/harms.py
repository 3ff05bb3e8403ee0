"""Harms and procedures: deaths from overdose and lumbar fusions, by policy and year, and the difference in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from lbpsim.report.charts.figures import ONES, count_with_error, scale_for, show_scaled, signed
from lbpsim.report.charts.labels import end_labels, policy_label
from lbpsim.report.charts.looks import INK, comparator, looks, mark
from lbpsim.report.charts.page import Panels, page, span, styled, year_axis
from lbpsim.report.charts.series import Series, banded, difference, yearly

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

SUBJECTS = {"overdose_deaths": ("Deaths from overdose", "deaths"), "surgeries": ("Lumbar fusions", "operations")}
FAR_OUT = 10.0  # times the median of all policies and years
INCHES_PER_POLICY = 0.24


@styled
def draw(results: Results) -> Figure:
    """Left by year, right the difference from the comparator over the horizon; deaths above, operations below."""
    alone = len(results.scenarios) == 1
    panel = max(2.5, 0.6 + INCHES_PER_POLICY * len(results.scenarios))
    figure, grid = page(
        results,
        Panels(
            rows=2, columns=1 if alone else 2, right=1.9 if alone else 1.55, across=3.35, down=0.95, above=0.4,
            widths=None if alone else (1.15, 1.0),
        ),
        size=(8.0 if alone else 12.5, 2.7 + 2 * panel),
        title="Deaths from overdose and lumbar fusions by policy",
        subtitle="Undiscounted, people with chronic low back pain. Deaths from overdose are rare: look at the "
        "intervals before comparing policies.",
        interval="bands and whiskers",
    )  # fmt: skip
    for row, (outcome, (title, unit)) in zip(grid, SUBJECTS.items(), strict=True):
        _by_year(row[0], results, outcome, title, unit)
        if not alone:
            _differences(row[1], results, outcome, title, unit)
    return figure


def _by_year(axes: Axes, results: Results, outcome: str, title: str, unit: str) -> None:
    series, names, shown = yearly(results, outcome), looks(results), banded(results)
    for place, (name, each) in enumerate(series.items()):
        look = names[name]
        if name in shown:
            axes.fill_between(results.years, each.low, each.high, color=look.colour, alpha=0.15, linewidth=0)
        axes.plot(results.years, each.values, **look.line(1.4), marker=mark(look, results), markevery=(place % 3, 3))
    axes.set_title(
        f"{title} each year"
        if len(shown) == len(results.scenarios)
        else f"{title} each year (band: {comparator(results)})"
    )
    axes.set_ylabel(f"{unit.capitalize()} a year{_vertical(axes, series)}")
    show_scaled(axes.yaxis, ONES)
    year_axis(axes, results)
    end_labels(axes, [policy_label(names[name], float(each.values[-1])) for name, each in series.items()])


def _vertical(axes: Axes, series: dict[str, Series]) -> str:
    """Start at zero, or go by powers of ten where one policy would flatten all others; returns the words for that."""
    each = np.array([one.values for one in series.values()])
    if each.min() > 0.0 and each.max() > FAR_OUT * np.median(each):
        axes.set_yscale("log")
        axes.set_ylim(each.min() / 2.0, each.max() * 2.0)
        axes.yaxis.set_minor_formatter(NullFormatter())
        return " (logarithmic)"
    axes.set_ylim(0.0, None)
    return ""


def _differences(axes: Axes, results: Results, outcome: str, title: str, unit: str) -> None:
    """Dots with whiskers, one line a policy, the largest change on top."""
    found, names = difference(results, outcome, discounted=False), looks(results)
    order = sorted(found, key=lambda name: found[name].value)
    for place, name in enumerate(order):
        look, each = names[name], found[name]
        axes.errorbar(
            each.value, place, xerr=each.half_width, color=look.colour, marker=look.marker, markersize=6, elinewidth=1.3
        )
        figure = signed(count_with_error(each.value, each.half_width), each.value)
        axes.text(1.02, place, figure, transform=axes.get_yaxis_transform(), va="center", size=8, gid="end label")
    axes.axvline(0.0, color=INK, linewidth=1.0)
    axes.set_title(f"Difference from {comparator(results)}, {span(results)}")
    axes.set_yticks(range(len(order)), [names[name].label for name in order], size=8)
    axes.set_ylim(-0.7, len(order) - 0.3)
    axes.grid(visible=True, axis="both")
    reach = max(1.0, *map(abs, axes.get_xlim()))
    if not any(each.value or each.half_width for each in found.values()):
        axes.set_xlim(-reach, reach)
    scale = scale_for(reach) if reach >= 20_000 else ONES
    show_scaled(axes.xaxis, scale, signs=True)
    axes.set_xlabel(f"{title}, policy less {comparator(results)} ({scale.label(unit)})")
