"""Harms and procedures: deaths from overdose and lumbar fusions, by policy and year, and the difference in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from lbpsim.report.charts.intervals import bars_of, end_bars, levels
from lbpsim.report.charts.labels import end_labels, policy_label
from lbpsim.report.charts.page import Panels, page, show_scaled, styled, year_axis
from lbpsim.report.charts.policy_styles import INK, comparator, looks, mark
from lbpsim.report.charts.series import Series, banded, difference, which_bands, yearly
from lbpsim.report.charts.styles import COLUMN, PRINT, Style, column, slide
from lbpsim.report.format import ONES, count_with_error, scale_for, signed
from lbpsim.study.phrasing import span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

SUBJECTS = {"overdose_deaths": ("Deaths from overdose", "deaths"), "surgeries": ("Lumbar fusions", "operations")}
FAR_OUT = 10.0  # times the median of all policies and years
INCHES_PER_POLICY = 0.28
TICKS = 5  # on the axis of differences, at most
NARROW = 6.0  # inches, of a column as laid out


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """Left by year, right the difference from the comparator over the horizon; deaths above, operations below.

    A column shows the differences alone, where there are any.
    """
    alone = len(results.scenarios) == 1
    panel = max(2.5, 0.6 + INCHES_PER_POLICY * len(results.scenarios))
    apart = style is COLUMN and not alone
    figure, grid = page(
        results,
        _panels(style, alone=alone),
        size=style.choose(
            (8.0 if alone else 12.5, 2.7 + 2 * panel), slide(8.9 if alone else 12.6),
            column(3.0 + 2 * (panel + 0.9), width=NARROW),
        ),
        title="Deaths from overdose and lumbar fusions by policy",
        subtitle="Undiscounted, people with chronic low back pain. Deaths from overdose are rare: look at the "
        "intervals before comparing policies.",
        interval="whiskers" if apart else "bands and whiskers",
        uncertainty="" if apart else bars_of(results),
    )  # fmt: skip
    by_year = [] if apart else list(grid[:, 0])
    differences = [] if alone else list(grid[:, -1])
    for axes, (outcome, words) in zip(by_year, SUBJECTS.items(), strict=False):
        _by_year(axes, results, outcome, *words)
    for axes, (outcome, words) in zip(differences, SUBJECTS.items(), strict=False):
        _differences(axes, results, outcome, *words)
        if apart:
            axes.set_title(f"{words[0]}\n{axes.get_title(loc='left').lower()}")
    return figure


def _panels(style: Style, *, alone: bool) -> Panels:
    if alone:
        return Panels(rows=2, right=1.9, down=0.95, above=0.4)
    two = Panels(rows=2, columns=2, right=1.55, across=3.35, down=0.95, above=0.4, widths=(1.15, 1.0))
    flat = Panels(rows=2, columns=2, right=1.55, across=3.35, down=0.85, above=0.35, below=0.5, widths=(1.1, 1.0))
    return style.choose(two, flat, Panels(rows=2, left=1.65, right=1.75, down=1.1, above=0.6))


def _by_year(axes: Axes, results: Results, outcome: str, title: str, unit: str) -> None:
    series, names, shown = yearly(results, outcome), looks(results), banded(results)
    for place, (name, each) in enumerate(series.items()):
        look = names[name]
        if name in shown:
            axes.fill_between(results.years, each.low, each.high, color=look.colour, alpha=0.15, linewidth=0)
        axes.plot(results.years, each.values, **look.line(1.4), marker=mark(look, results), markevery=(place % 3, 3))
    axes.set_title("\n".join(filter(None, (f"{title} each year", which_bands(results).strip()))))
    axes.set_ylabel(f"{unit.capitalize()} a year{_vertical(axes, series)}")
    show_scaled(axes.yaxis, ONES)
    year_axis(axes, results)
    end_bars(axes, results, levels(results, outcome))
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
    axes.set_title(f"Difference from {comparator(results)}, {span(results.years)}")
    axes.set_yticks(range(len(order)), [names[name].label for name in order], size=8)
    axes.set_ylim(-0.7, len(order) - 0.3)
    axes.grid(visible=True, axis="both")
    axes.locator_params(axis="x", nbins=TICKS)
    reach = max(1.0, *map(abs, axes.get_xlim()))
    if not any(each.value or each.half_width for each in found.values()):
        axes.set_xlim(-reach, reach)
    scale = scale_for(reach) if reach >= 20_000 else ONES
    show_scaled(axes.xaxis, scale, signs=True)
    axes.set_xlabel(f"{title}, policy less {comparator(results)} ({scale.label(unit)})")
