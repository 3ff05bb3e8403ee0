"""Cost and QALYs of each policy in every draw: how far parameters spread it over the cost-effectiveness plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.outcomes.draws import DrawResults, ProbabilisticResults
from lbpsim.report.charts.ce_plane import PERSPECTIVE_TITLES
from lbpsim.report.charts.page import NothingToDraw, Panels, page, show_scaled, styled
from lbpsim.report.charts.pain_impact import chosen, few_of
from lbpsim.report.charts.policy_styles import INK, MUTED, by_family, comparator, looks
from lbpsim.report.charts.series import Numbers
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import exact, scale_for
from lbpsim.study.phrasing import span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

COLUMNS, NARROW = 4, 6.4  # panels of paper; inches of a column as laid out
ROOM = 0.06  # around the dots, of their range


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """A panel a policy, a dot a draw, from the perspective of the study; a slide and a column show a few policies."""
    if not isinstance(results, ProbabilisticResults) or len(results.scenarios) == 1:
        raise NothingToDraw("the study has no draws, or no policy beside the comparator")
    shown = style.choose(by_family(results)[1:], chosen(results), chosen(results))
    columns = min(style.choose(COLUMNS, 3, 2), len(shown))
    rows = -(-len(shown) // columns)
    figure, grid = page(
        results,
        Panels(rows=rows, columns=columns, left=0.8, across=0.75, down=0.75, above=0.4),
        size=style.choose((1.2 + 2.9 * columns, 1.9 + 2.6 * rows), slide(), column(2.8 + 2.3 * rows, width=NARROW)),
        title="Cost and QALYs in every draw",
        subtitle=f"Difference from {comparator(results)} over {span(results.years)}, discounted; "
        f"{PERSPECTIVE_TITLES[results.study.perspective].lower()}. A dot a draw, as simulated, so the spread holds "
        f"Monte Carlo noise too; cross: mean. Dashed: AUD {_words(results)} a QALY; below a line is worth it. Every "
        f"panel has scales of its own.{few_of(results, len(shown))}",
        drawn=True,
    )
    for place, axes in enumerate(grid.flat):
        if place < len(shown):
            _panel(axes, results, shown[place], first=place % columns == 0, last=place + columns >= len(shown))
        else:
            axes.set_visible(False)
    return figure


def _words(results: Results) -> str:
    return " and ".join(exact(threshold) for threshold in results.study.thresholds)


def _differences(draws: DrawResults, outcome: str, scenario: str) -> Numbers:
    values = draws.of(outcome)
    return np.asarray(values[:, draws.scenarios.index(scenario)] - values[:, 0])


def _panel(axes: Axes, results: ProbabilisticResults, name: str, *, first: bool, last: bool) -> None:
    look = looks(results)[name]
    health = _differences(results.draws, "qalys", name)
    cost = _differences(results.draws, PERSPECTIVES[results.study.perspective], name)
    axes.scatter(health, cost, s=5, color=look.colour, alpha=0.4, linewidths=0, rasterized=True, zorder=3)
    axes.plot(health.mean(), cost.mean(), marker="P", color=INK, markeredgecolor="white", markersize=8, zorder=4)
    for values, put in ((health, axes.set_xlim), (cost, axes.set_ylim)):
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
        room = ROOM * ((high - low) or 1.0)  # some where no draw differs
        put(low - room, high + room)
    limits = axes.get_xlim(), axes.get_ylim()
    for threshold in results.study.thresholds:
        axes.axline((0.0, 0.0), slope=threshold, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=2)
    axes.set(xlim=limits[0], ylim=limits[1])
    axes.axhline(0.0, color=INK, linewidth=0.9, zorder=1)
    axes.axvline(0.0, color=INK, linewidth=0.9, zorder=1)
    axes.set_title(look.label.replace("\n", " "), size=9)
    across, up = scale_for(float(np.abs(health).max())), scale_for(float(np.abs(cost).max()))
    axes.locator_params(axis="x", nbins=4)
    show_scaled(axes.xaxis, across, signs=True)
    show_scaled(axes.yaxis, up, signs=True)
    axes.set_xlabel(f"{'Difference in ' if last else ''}QALYs{f' ({across.word})' if across.word else ''}", size=8)
    axes.set_ylabel(f"{'Difference in cost ' if first else ''}({up.label('AUD')})", size=8)
