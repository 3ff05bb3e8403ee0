"""Who gains: net health by socioeconomic fifth, efficiency against equity, and what aversion to inequality changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lbpsim.outcomes.groups import QUINTILES
from lbpsim.report.charts.ce_plane import far_out_of
from lbpsim.report.charts.labels import end_labels, point_labels, policy_label
from lbpsim.report.charts.page import NothingToDraw, Panels, page, show_scaled, styled
from lbpsim.report.charts.policy_styles import INK, MUTED, by_family, comparator, in_sentence, looks
from lbpsim.report.charts.series import Estimate, interval_factor
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import dollars, first_of, plain, scale_for

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results
    from lbpsim.voi.decision_analysis import Decision

WIDTH, NARROW, COLUMNS = 12.5, 6.4, 5  # inches: of paper, of a column as laid out; panels
KIND = "Atkinson"
GAINED, FORGONE = "#0b3360", "#e69f00"
ROOM = 0.2  # around points, of their range


@styled
def draw(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """A small panel a policy: health gained, forgone and net by fifth."""
    if len(results.scenarios) == 1:
        raise NothingToDraw("there is no policy to compare with the comparator")
    shown = by_family(results)[1:]
    columns = min(style.choose(COLUMNS, COLUMNS, 2), len(shown))
    rows = -(-len(shown) // columns)
    threshold = float(decision.health["threshold"].iloc[0])
    figure, grid = page(
        results,
        Panels(rows=rows, columns=columns, left=0.95, across=0.65, down=0.6, above=style.choose(0.75, 0.75, 1.1)),
        size=style.choose(
            (max(2.6 * columns, 8.0), 2.2 * rows + 2.7), slide(12.0), column(1.9 * rows + 3.4, width=NARROW)
        ),
        title="Who gains, by socioeconomic fifth of people",
        subtitle=f"Discounted QALYs against {comparator(results)} over the horizon; every panel has a scale of its "
        f"own. Extra health care costs displace care elsewhere, a QALY for each {dollars(threshold)}; who "
        "bears that, and access and prevalence by fifth, are assumptions.",
        interval="whiskers",
    )
    for place, axes in enumerate(grid.flat):
        if place < len(shown):
            _fifths(axes, results, decision.health, shown[place], last=place + columns >= len(shown))
        else:
            axes.set_visible(False)
    _key(figure, grid[0][0], style.choose(3, 3, 1))
    return figure


@styled
def draw_plane(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """The equity-impact plane, and what each policy is worth by aversion to inequality."""
    if len(results.scenarios) == 1:
        raise NothingToDraw("there is no policy to compare with the comparator")
    near = _near(decision.equity, by_family(results)[1:])
    if not near:
        raise NothingToDraw("policies would displace more health than people have; simulate more of them")
    figure, grid = page(
        results,
        style.choose(
            Panels(columns=2, left=0.95, right=1.75, across=1.0, above=0.7, widths=(1.25, 1.0)),
            Panels(columns=2, left=0.95, right=1.75, across=1.0, above=0.7, widths=(1.25, 1.0)),
            Panels(rows=2, left=0.95, right=1.75, down=1.15, above=0.7),
        ),
        size=style.choose((WIDTH, 6.4), slide(12.0), column(10.4, width=NARROW)),
        title="What each policy is worth to those averse to inequality",
        subtitle=f"Discounted QALYs against {comparator(results)} over the horizon, less those displaced elsewhere by "
        "extra costs. How averse people are, healthy life by fifth, and who bears costs are assumptions. "
        + _without(results, near),
    )
    plane, aversion = grid.flat
    _plane(plane, results, decision.equity, near)
    _aversion(aversion, results, decision.equity, near)
    return figure


def _fifths(axes: Axes, results: Results, health: pd.DataFrame, name: str, *, last: bool) -> None:
    rows = (
        health[(health["scenario"] == name) & (health["quintile"] != "all")].set_index("quintile").loc[list(QUINTILES)]
    )
    places, half = np.arange(len(QUINTILES)), 0.38
    axes.bar(places - half / 2, rows["gained"], width=half, color=GAINED)
    axes.bar(
        places + half / 2, -rows["forgone"], width=half, color=FORGONE, hatch="////", edgecolor="white", linewidth=0
    )
    error = np.nan_to_num(rows["mcse"].to_numpy(dtype=float)) * interval_factor(results.replications)
    axes.errorbar(places, rows["net"], yerr=error, color=INK, marker="o", markersize=3.5, markerfacecolor="white",
                  elinewidth=0.9, linewidth=1.0)  # fmt: skip
    axes.axhline(0.0, color=INK, linewidth=0.9)
    scale = scale_for(float(rows[["gained", "forgone", "net"]].abs().to_numpy().max()))
    show_scaled(axes.yaxis, scale, signs=True)
    axes.set_xticks(places, QUINTILES)
    axes.set_title(looks(results)[name].label, size=9)
    axes.set_ylabel(f"QALYs ({scale.word})" if scale.word else "QALYs", size=8)
    if last:
        axes.set_xlabel("Fifth (1: most disadvantaged)", size=8)


def _key(figure: Figure, first: Axes, columns: int) -> None:
    entries: list[Patch | Line2D] = [
        Patch(facecolor=GAINED, label="from the policy"),
        Patch(
            facecolor=FORGONE,
            hatch="////",
            edgecolor="white",
            label="elsewhere: displaced by its costs (below zero) or bought by its savings",
        ),
        Line2D([], [], color=INK, marker="o", markersize=3.5, markerfacecolor="white", label="net"),
    ]
    box = first.get_position()
    figure.legend(handles=entries, loc="lower left", bbox_to_anchor=(box.x0, box.y1 + 0.4 / figure.get_figheight()),
                  ncols=columns, borderaxespad=0.0)  # fmt: skip


def _near(equity: pd.DataFrame, shown: tuple[str, ...]) -> tuple[str, ...]:
    """The policies that share a scale: those far out would press the others into a spot."""
    rows = equity[(equity["aversion"] == KIND) & equity["registered"]]
    rows = rows[np.isfinite(rows["equity_gain"])]  # not of those whose costs displace more health than there is
    far = far_out_of({name: Estimate(net, 0.0) for name, net in zip(rows["scenario"], rows["net_health"], strict=True)})
    return tuple(name for name in shown if name in set(rows["scenario"]) and name not in far)


def _without(results: Results, near: tuple[str, ...]) -> str:
    """Which policies are left out as far out, as a sentence."""
    names = looks(results)
    far = [names[name].label.replace("\n", " ") for name in results.scenarios[1:] if name not in near]
    return f"Left out, being far out: {', '.join(first_of([*map(in_sentence, far)]))}." if far else ""


def _plane(axes: Axes, results: Results, equity: pd.DataFrame, shown: tuple[str, ...]) -> None:
    rows = equity[(equity["aversion"] == KIND) & equity["registered"]].set_index("scenario").loc[list(shown)]
    names = looks(results)
    across, up = rows["net_health"], rows["equity_gain"]
    for name in shown:
        axes.plot(across[name], up[name], color=names[name].colour, marker=names[name].marker, markersize=6.5)
    for values, put, zero in ((across, axes.set_xlim, axes.axvline), (up, axes.set_ylim, axes.axhline)):
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
        room = ROOM * ((high - low) or 1.0)
        put(low - room, high + room)
        zero(0.0, color=INK, linewidth=0.9, zorder=1)
    lines = [
        ((axes.get_xlim()[0], 0.0), (axes.get_xlim()[1], 0.0)),
        ((0.0, axes.get_ylim()[0]), (0.0, axes.get_ylim()[1])),
    ]
    axes.grid(visible=True, axis="both")
    for axis, values, words in ((axes.xaxis, across, "Net health"), (axes.yaxis, up, "Gain in equity")):
        scale = scale_for(float(values.abs().max()))
        show_scaled(axis, scale, signs=True)
        axis.set_label_text(f"{words} ({scale.word} QALYs)".replace("( ", "("))
    axes.set_title(f"Equity-impact plane\n(aversion: {KIND}, {plain(float(rows['strength'].iloc[0]))})", size=9.5)
    point_labels(
        axes, [names[name].label for name in shown], across[list(shown)].tolist(), up[list(shown)].tolist(), lines
    )


def _aversion(axes: Axes, results: Results, equity: pd.DataFrame, shown: tuple[str, ...]) -> None:
    rows = equity[equity["aversion"] == KIND]
    wide = rows.pivot_table(index="strength", columns="scenario", values="worth")[list(shown)]
    names = looks(results)
    for place, name in enumerate(shown):
        axes.plot(wide.index, wide[name], **names[name].line(), marker=names[name].marker, markevery=(place % 5, 5))
    axes.axhline(0.0, color=INK, linewidth=0.9, zorder=1)
    axes.axvline(float(rows[rows["registered"]]["strength"].iloc[0]), color=MUTED, linewidth=0.9,
                 linestyle=(0, (4, 3)), zorder=1)  # fmt: skip
    scale = scale_for(float(wide.abs().to_numpy().max()))
    show_scaled(axes.yaxis, scale, signs=True)
    axes.set_xlim(0.0, float(wide.index.max()))
    axes.set_ylabel(f"Worth ({scale.word} QALYs, equally shared)".replace("( ", "("))
    axes.set_xlabel(f"Aversion to inequality ({KIND}; 0: none)")
    axes.set_title("Worth of the policy by aversion\n(dashed: the aversion of the plane)", size=9.5)
    end_labels(axes, [policy_label(names[name], float(wide[name].iloc[-1])) for name in shown])
