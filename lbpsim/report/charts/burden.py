"""What chronic low back pain takes by policy and year, in YLDs or DALYs: the level, and what each policy averts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.report.charts.intervals import bars_of, end_bars, levels, reach
from lbpsim.report.charts.intervals import differences as parameter_intervals
from lbpsim.report.charts.labels import end_labels, policy_label
from lbpsim.report.charts.lines import draw_levels, draw_lines
from lbpsim.report.charts.page import Panels, page, show_scaled, styled, year_axis
from lbpsim.report.charts.policy_styles import INK, MUTED, comparator, in_sentence, looks
from lbpsim.report.charts.series import difference, yearly_difference
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import count, first_of, scale_for, with_error
from lbpsim.study.phrasing import span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

SURER = (
    " Differences between policies are more certain than their levels, because every policy meets the same simulated "
    "people with the same luck."
)
WIDTH = 10.0  # inches
INCHES_PER_LABEL = 0.21
LEAST_PANEL = 2.6  # inches


@dataclass(frozen=True)
class Measure:
    """A measure of the burden: `outcome`, its short name, what it is in words, and the title of its chart."""

    outcome: str
    short: str
    words: str
    title: str


YLDS = Measure(
    "ylds",
    "YLDs",
    "Years lived with disability (YLDs), undiscounted; years of life lost to deaths are not in them.",
    "Disability (YLDs, without deaths) from chronic low back pain",
)
DALYS = Measure(
    "dalys",
    "DALYs",
    "Disability-adjusted life years (DALYs), undiscounted: years lived with disability, and years of life lost to "
    "deaths from overdose and surgery.",
    "Burden of chronic low back pain",
)


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """Two panels: YLDs by year, and YLDs averted by year with the sum over the horizon; one panel without policies."""
    return _draw(results, style, YLDS)


@styled
def draw_dalys(results: Results, style: Style = PRINT) -> Figure:
    """As `draw`, for DALYs."""
    return _draw(results, style, DALYS)


def _draw(results: Results, style: Style, measure: Measure) -> Figure:
    alone = len(results.scenarios) == 1
    figure, grid = page(
        results,
        _panels(style, alone=alone),
        size=_size(results, style),
        title=f"{measure.title}{'' if alone else ' by policy'}",
        subtitle=f"{measure.words}{_turned(results, measure)}{'' if alone else SURER}{_unsure(results, measure)}",
        interval="bands",
        uncertainty=bars_of(results),
    )
    level, *averted = grid.flat
    draw_levels(level, results, measure.outcome, f"{measure.short} each year", f"{measure.short} a year")
    if averted:
        _averted(averted[0], results, measure, style)
    return figure


def _turned(results: Results, measure: Measure) -> str:
    """Policies that avert disability and yet clearly add burden once deaths count, or the reverse, in words."""
    if measure is not YLDS:
        return ""
    alone, whole = (difference(results, each.outcome, discounted=False) for each in (YLDS, DALYS))
    names = looks(results)
    told = [
        f"{in_sentence(names[name].label)} {'adds' if whole[name].value > 0.0 else 'averts'} "
        f"{count(abs(whole[name].value))} {DALYS.short}".replace("\n", " ")
        for name in alone
        if alone[name].value * whole[name].value < 0.0 and abs(whole[name].value) > whole[name].half_width
    ]
    return f" Counting these deaths turns it round: {', '.join(first_of(told))}." if told else ""


def _unsure(results: Results, measure: Measure) -> str:
    """How unsure parameters make the level, in words: drawn, it would press all lines into one."""
    usual = levels(results, measure.outcome).get(results.scenarios[0])
    if usual is None or np.isnan(usual.low[-1]):
        return ""
    low, high = count(float(usual.low[-1])), count(float(usual.high[-1]))
    return (
        f" How unsure the level is: from {low} to {high} {measure.short} in {results.years[-1]} under "
        f"{comparator(results)} (95% interval from parameters alone)."
    )


def _panels(style: Style, *, alone: bool) -> Panels:
    paper = Panels(rows=1 if alone else 2, right=3.1, down=0.95, heights=None if alone else (1.0, 1.25))
    aside = Panels(columns=1 if alone else 2, right=2.95, across=2.5, above=0.55, widths=None if alone else (1.0, 1.0))
    narrow = Panels(rows=1 if alone else 2, left=0.75, right=1.75, down=1.05, above=0.65, heights=paper.heights)
    return style.choose(paper, aside, narrow)


def _size(results: Results, style: Style) -> tuple[float, float]:
    alone, policies = len(results.scenarios) == 1, len(results.scenarios)
    panel = max(LEAST_PANEL, INCHES_PER_LABEL * policies)
    narrow = max(LEAST_PANEL, 2.0 * INCHES_PER_LABEL * policies)
    return style.choose(
        (WIDTH, (2.2 if alone else 4.0 + 1.25 * panel) + panel),
        slide(11.0),
        column(LEAST_PANEL + 2.6 if alone else 5.2 + 1.8 * narrow),
    )


def _averted(axes: Axes, results: Results, measure: Measure, style: Style) -> None:
    averted = {name: -series for name, series in yearly_difference(results, measure.outcome).items()}
    intervals = {name: -one for name, one in parameter_intervals(results, measure.outcome).items()}
    axes.set_title(f"{measure.short} averted each year\nagainst {comparator(results)}")
    axes.axhline(0.0, color=INK, linewidth=1.2)
    draw_lines(axes, results, averted, tuple(averted))
    year_axis(axes, results)
    end_bars(axes, results, intervals)
    scale = scale_for(max(reach(intervals), *(float(np.max(np.abs(series.values))) for series in averted.values())))
    show_scaled(axes.yaxis, scale)
    axes.set_ylabel(f"{measure.short} averted a year ({scale.word or 'number'});\nbelow zero: added")
    names, sums = looks(results), difference(results, measure.outcome, discounted=False)
    gap = style.choose("", "", "\n")
    end_labels(
        axes,
        [
            policy_label(
                names[name], float(series.values[-1]), gap + with_error(-sums[name].value, sums[name].half_width)
            )
            for name, series in averted.items()
        ],
    )
    axes.text(
        1.0, 1.0, f"     Averted in all,\n     {span(results.years)}\n     (negative: added), ± 95%",
        transform=axes.transAxes, va="bottom", size=8, color=MUTED,
    )  # fmt: skip
