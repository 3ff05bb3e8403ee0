"""Cost and QALYs of each policy in every draw: how far parameters spread it over the cost-effectiveness plane."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.evidence import in_force
from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.draws import DrawResults, ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.ce_plane import PERSPECTIVE_TITLES
from lbpsim.report.charts.forms.axes import Place, broken, measure, reach_of, small_panels, tiles, width_of
from lbpsim.report.charts.forms.plane import cross, threshold_line
from lbpsim.report.charts.page import PANEL_TITLE, SMALL, Panels, page, styled, with_draws
from lbpsim.report.charts.pain_impact import chosen, few_of
from lbpsim.report.charts.policy_styles import INK, by_family, comparator, looks
from lbpsim.report.charts.series import Numbers
from lbpsim.report.charts.styles import FULL, PRINT, Style
from lbpsim.report.format import exact
from lbpsim.study.phrasing import span

COLUMNS = 4  # panels side by side on paper
ROOM = 0.06  # around the dots, of their range


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """A panel a policy, a dot a draw, from the perspective of the study; a slide and a column show a few policies."""
    results = with_draws(results)
    shown = style.choose(by_family(results)[1:], chosen(results), chosen(results))
    rows, columns = tiles(len(shown), style.choose(COLUMNS, 3, 2))
    thresholds = " and ".join(map(exact, results.study.thresholds))
    figure, grid = page(
        results,
        Panels(rows=rows, columns=columns, tall=1.85, across=0.75, down=0.85, above=0.5),
        style.sheet(FULL),
        title="Cost and QALYs in every draw",
        subtitle=f"Difference from {comparator(results)} over {span(results.years)}, discounted; "
        f"{PERSPECTIVE_TITLES[results.study.perspective].lower()}. A dot a draw, as simulated, so the spread holds "
        f"Monte Carlo noise too; cross: mean. Dashed: {in_force.currency()} {thresholds} a QALY; below a "
        f"line is worth it. Every panel has scales of its own.{few_of(results, len(shown))}",
        drawn=True,
    )
    for place in small_panels(grid, shown):
        _panel(place, results)
    return figure


def _differences(draws: DrawResults, outcome: str, scenario: str) -> Numbers:
    values = draws.of(outcome)
    return np.asarray(values[:, draws.scenarios.index(scenario)] - values[:, 0])


def _panel(place: Place[str], results: ProbabilisticResults) -> None:
    axes, look = place.axes, looks(results)[place.item]
    health = _differences(results.draws, "qalys", place.item)
    cost = _differences(results.draws, PERSPECTIVES[results.study.perspective], place.item)
    axes.scatter(health, cost, s=5, color=look.colour, alpha=0.4, linewidths=0, rasterized=True, zorder=3)
    axes.plot(health.mean(), cost.mean(), marker="P", color=INK, markeredgecolor="white", markersize=8, zorder=4)
    cross(axes, health, cost, ROOM)
    for threshold in results.study.thresholds:
        threshold_line(axes, threshold)
    axes.set_title(broken(look.one_line, width_of(axes), PANEL_TITLE, "bold"), size=PANEL_TITLE)
    axes.locator_params(axis="x", nbins=4)
    across = "Difference in {}" if place.last else "{}"
    measure(axes.xaxis, reach_of(health), "QALYs", across, signs=True, size=SMALL)
    up = "Difference in cost ({})" if place.first else "{}"
    measure(axes.yaxis, reach_of(cost), MONEY, up, signs=True, size=SMALL)
