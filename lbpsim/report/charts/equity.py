"""Who gains: net health by socioeconomic fifth, efficiency against equity, and what aversion to inequality changes."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.cea.dcea import EQUITY_GAIN, NET_HEALTH, best_health, best_worth
from lbpsim.outcomes.groups import QUINTILES
from lbpsim.outcomes.people_treated import WITH_NOISE
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import Place, mark_at, measure, reach_of, small_panels, tiles, zero
from lbpsim.report.charts.forms.keys import HATCH, key_above, stroke, swatch
from lbpsim.report.charts.forms.labels import Line, Point
from lbpsim.report.charts.forms.lines import draw_courses, name_ends
from lbpsim.report.charts.forms.plane import cross, name_points
from lbpsim.report.charts.page import PANEL_TITLE, SMALL, NothingToDraw, Panels, compared, page, styled
from lbpsim.report.charts.policy_styles import INK, PlotStyle, by_family, called, comparator, looks
from lbpsim.report.charts.styles import COLUMN, FULL, PRINT, Style
from lbpsim.report.format import exact_money, first_of, plain
from lbpsim.report.narrative.phrasing import intervals_over_draws
from lbpsim.report.rows import rows_of
from lbpsim.voi.decision_analysis import Decision

COLUMNS, FEWER = 5, 2  # panels side by side, and in a column
KIND = "Atkinson"
GAINED, FORGONE = "#0b3360", "#e69f00"
ROOM = 0.2  # around points, of their range
ARM = 0.8  # points, of a cross
CASING = 3.2  # points, of white around a whisker
HALF = 0.38  # of the room of a fifth, for either of its bars
NET: PlotStyle = {"color": INK, "marker": "o", "markersize": 3.5, "markerfacecolor": "white", "linewidth": 1.0}


@styled
def draw(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """A small panel a policy: health gained, forgone and net by fifth."""
    compared(results)
    shown = by_family(results)[1:]
    rows, columns = tiles(len(shown), style.choose(COLUMNS, COLUMNS, FEWER))
    threshold = float(decision.health["threshold"].iloc[0])
    told = _over_draws("whiskers of net", decision.health["interval"])
    figure, grid = page(
        results,
        Panels(rows=rows, columns=columns, tall=1.55, across=0.65, down=0.6, above=style.choose(0.75, 0.75, 1.1)),
        style.sheet(FULL),
        title="Who gains, by socioeconomic fifth of people",
        subtitle=f"Discounted QALYs against {comparator(results)} over the horizon; every panel has a scale of its "
        f"own. Extra health care costs displace care elsewhere, a QALY for each {exact_money(threshold)}; who "
        f"bears that, and access and prevalence by fifth, are assumptions.{told}",
        interval="" if told else "whiskers",
        drawn=bool(told),
    )
    for place in small_panels(grid, shown):
        _fifths(place, results, best_health(decision.health, results.replications))
    entries = [
        swatch("from the policy", GAINED),
        swatch("elsewhere: displaced by its costs (below zero) or bought by its savings", FORGONE, HATCH),
        stroke("net", **NET),
    ]
    key_above(grid[0][0], entries, style.choose(3, 3, 1))
    return figure


@styled
def draw_plane(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """The equity-impact plane, and what each policy is worth by aversion to inequality."""
    compared(results)
    worth = rows_of(best_worth(decision.equity, decision.health), aversion=KIND)
    registered = rows_of(worth, registered=True)
    near = _near(registered, by_family(results)[1:])
    told = _over_draws("crosses", *(registered[columns[-1]] for columns in (NET_HEALTH, EQUITY_GAIN)))
    if not near:
        raise NothingToDraw("policies would displace more health than people have; simulate more of them")
    figure, grid = page(
        results,
        Panels(rows=2, tall=3.6, right=1.75, down=1.15, above=0.7)
        if style is COLUMN
        else Panels(columns=2, tall=3.9, right=1.75, across=1.0, above=0.7, widths=(1.25, 1.0)),
        style.sheet(FULL),
        title="What each policy is worth to those averse to inequality",
        subtitle=f"Discounted QALYs against {comparator(results)} over the horizon"
        f"{'' if told else ' at central inputs'}, less those displaced elsewhere by extra costs. How averse people "
        f"are, healthy life by fifth, and who bears costs are assumptions.{told}{_without(results, near)}",
        drawn=bool(told),
    )
    plane, aversion = grid.flat
    _plane(plane, results, registered, near)
    _aversion(aversion, results, worth, near)
    return figure


def _fifths(place: Place[str], results: Results, health: pd.DataFrame) -> None:
    axes, rows = place.axes, rows_of(health, scenario=place.item).set_index("quintile").loc[list(QUINTILES)]
    at = np.arange(len(QUINTILES))
    axes.bar(at - HALF / 2, rows["gained"], width=HALF, color=GAINED)
    axes.bar(at + HALF / 2, -rows["forgone"], width=HALF, color=FORGONE, hatch=HATCH, edgecolor="white", linewidth=0)
    axes.vlines(at, rows["low"], rows["high"], color="white", linewidth=CASING, zorder=2.5)  # seen on dark bars
    for x, low, high, source in zip(at, rows["low"], rows["high"], rows["interval"], strict=True):
        axes.plot([x] * 2, [low, high], color=INK, linewidth=1.0, linestyle=arm_style(source), zorder=2.6)
    axes.plot(at, rows["net"], zorder=3, **NET)
    zero(axes, y=True)
    measure(axes.yaxis, reach_of(rows[["gained", "forgone", "low", "high"]]), "QALYs", signs=True, size=SMALL)
    axes.set_xticks(at, QUINTILES)
    axes.set_title(looks(results)[place.item].label, size=PANEL_TITLE)
    if place.last:
        axes.set_xlabel("Fifth (1: most disadvantaged)", size=SMALL)


def arm_style(moved_by: str) -> str:
    """How the line of an interval is drawn: dotted where Monte Carlo error is most of it."""
    return ":" if moved_by == WITH_NOISE else "-"


def _over_draws(what: str, *moved_by: pd.Series[str]) -> str:
    """What figures and their intervals are, given what moves each within its own, as a sentence; empty at central
    inputs.
    """
    found = set(chain(*moved_by))
    noisy = "; dotted there, where no direction can be read" if WITH_NOISE in found else ""
    return f" Means over draws; {what}: {intervals_over_draws(found)}{noisy}." if found - {""} else ""


def _near(worth: pd.DataFrame, shown: tuple[str, ...]) -> tuple[str, ...]:
    """The policies that can be shown: not those whose costs displace more health than there is."""
    known = set(worth[np.isfinite(worth["equity_gain"])]["scenario"])
    return tuple(name for name in shown if name in known)


def _without(results: Results, near: tuple[str, ...]) -> str:
    """Which policies are left out, and why, as a sentence."""
    costly = [called(results, name) for name in results.scenarios[1:] if name not in near]
    return f" Left out, displacing more health than people have: {', '.join(first_of(costly))}." if costly else ""


def _plane(axes: Axes, results: Results, worth: pd.DataFrame, shown: tuple[str, ...]) -> None:
    rows = worth.set_index("scenario").loc[list(shown)]
    names, arms, places = looks(results), list[Line](), dict[str, Point]()
    across, up = (rows[list(columns)] for columns in (NET_HEALTH, EQUITY_GAIN))
    both = zip(across.itertuples(), up.itertuples(), strict=True)
    for (name, x, left, right, of_net), (_, y, low, high, of_gain) in both:
        colour, places[name] = names[name].colour, (x, y)
        axes.plot(x, y, color=colour, marker=names[name].marker, markersize=6.5, zorder=3)
        for arm, source in ((([left, right], [y, y]), of_net), (([x, x], [low, high]), of_gain)):
            axes.plot(*arm, color=colour, linewidth=ARM, linestyle=arm_style(source))
        arms += [((left, y), (right, y)), ((x, low), (x, high))]
    across, up = (each.iloc[:, :-1] for each in (across, up))
    lines = cross(axes, across, up, ROOM)
    measure(axes.xaxis, reach_of(across), "QALYs", "Net health ({})", signs=True)
    measure(axes.yaxis, reach_of(up), "QALYs", "Gain in equity ({})", signs=True)
    axes.set_title(f"Equity-impact plane\n(aversion: {KIND}, {plain(float(rows['strength'].iloc[0]))})", size=9.5)
    name_points(axes, results, places, lines + arms)


def _aversion(axes: Axes, results: Results, rows: pd.DataFrame, shown: tuple[str, ...]) -> None:
    wide = rows.pivot_table(index="strength", columns="scenario", values="worth")[list(shown)]
    draw_courses(axes, results, wide.index.to_numpy(), {name: wide[name].to_numpy() for name in shown}, every=5)
    zero(axes, y=True)
    mark_at(axes, float(rows[rows["registered"]]["strength"].iloc[0]))
    measure(axes.yaxis, reach_of(wide), "QALYs", "Worth ({}, equally shared)", signs=True)
    axes.set_xlim(0.0, float(wide.index.max()))
    axes.set_xlabel(f"Aversion to inequality ({KIND}; 0: none)")
    axes.set_title("Worth of the policy by aversion\n(dashed: the aversion of the plane)", size=9.5)
    name_ends(axes, results, {name: float(wide[name].iloc[-1]) for name in shown})
