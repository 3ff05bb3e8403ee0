"""A policy taken apart: what each change contributes, step by step to the whole, and what holds the policy back."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lbpsim.explain.attribution import INTERACTION
from lbpsim.explain.binding_constraints import ALL
from lbpsim.report.charts.page import EDGE, Panels, page, show_scaled, styled
from lbpsim.report.charts.policy_styles import CFT, INK, MUTED, comparator
from lbpsim.report.explain_text import (
    HALF,
    QALYS,
    SOCIETAL,
    at_level,
    contribution,
    relaxed,
    telling_level,
    whole,
    whole_number,
)
from lbpsim.report.explain_text import PairedDifference as Effect
from lbpsim.report.format import scale_for, signed_money

if TYPE_CHECKING:
    from lbpsim.explain.attribution import Attribution
    from lbpsim.outcomes.results import Results

MORE, FEWER = CFT.shades[0], "#e69f00"
HATCH = "////"
WIDTH, LEFT, BAR, LEAST = 12.0, 2.7, 0.34, 1.0  # inches: of the page, of names, a bar, and of a panel at least
NAME = 36  # characters of a line of a name
ROOM = 0.42  # of the width of the bars, for the figures beside them
PANELS = ((QALYS, "QALYs", "QALYs"), (SOCIETAL, "Societal cost", "AUD"))


@dataclass(frozen=True)
class Bar:
    """One bar: `label`, the effect, where it starts, and whether it is the whole of those above it."""

    label: str
    effect: Effect
    start: float = 0.0
    total: bool = False


def draw(results: Results, why: Attribution) -> Figure:
    """Above, contributions as steps to the whole; below, differences with each thing relaxed; QALYs and societal cost.

    `results`: of the plan, for the source line.
    """
    return styled(partial(_draw, why=why))(results)


def _draw(results: Results, why: Attribution) -> Figure:
    rows = [[steps(why, outcome) for outcome, _, _ in PANELS]]
    if why.question.holds:
        rows.append([without(why, outcome) for outcome, _, _ in PANELS])
    tall = tuple(max(BAR * len(row[0]), LEAST) for row in rows)
    figure, grid = page(
        results,
        Panels(rows=len(rows), columns=len(PANELS), left=LEFT, right=0.5, across=0.5, down=1.05, above=0.5, below=0.95,
               heights=tall),
        size=(WIDTH, sum(tall) + 3.0 + 1.05 * (len(rows) - 1)),
        title=f"Why: {why.question.title}",
        subtitle=f"Change against {comparator(results)}, discounted; money in Australian dollars of "
        f"{why.question.price_year}. Above: what each change does alone, and what they do together; the steps add up "
        "to the whole. Below: with one thing relaxed, against the policy as it is.",
        interval="whiskers",
    )  # fmt: skip
    titles = ("What it is made of", "What holds it back")
    for panels, row, title in zip(grid, rows, titles, strict=False):
        for axes, bars, (_, name, unit) in zip(panels, row, PANELS, strict=True):
            _bars(axes, bars, f"{title}: {name}", unit, named=name == PANELS[0][1])
    _key(figure)
    return figure


def steps(why: Attribution, outcome: str) -> list[Bar]:
    """Contributions one after the other, their interaction, and the whole."""
    level, bars, end = telling_level(why), list[Bar](), 0.0
    parts = [(part.key, part.label) for part in at_level(why, level)]
    rest = [(INTERACTION, "what they do together")] if len(parts) > 1 else []
    for key, label in [*parts, *rest]:
        effect = contribution(why, level, key, outcome)
        bars.append(Bar(label, effect, end))
        end += effect.value
    return [*bars, Bar("the whole policy", whole(why, outcome), total=True)]


def without(why: Attribution, outcome: str) -> list[Bar]:
    """What the policy would change with each thing relaxed, and with all."""
    names = [(hold.name, hold.label) for hold in why.question.holds]
    bars = [Bar(label, relaxed(why, name, outcome)) for name, label in names]
    return [*bars, Bar("all of these", relaxed(why, ALL, outcome), total=True)] if len(bars) > 1 else bars


def _bars(axes: Axes, bars: Sequence[Bar], title: str, unit: str, *, named: bool) -> None:
    places = np.arange(len(bars), dtype=float)[::-1]
    for bar, place in zip(bars, places, strict=True):
        _bar(axes, bar, float(place))
    _limits(axes, bars)
    for bar, place in zip(bars, places, strict=True):
        _write(axes, bar, float(place), unit)
    axes.axvline(0.0, color=INK, linewidth=0.9)
    labels = [textwrap.fill(bar.label, NAME) if named else "" for bar in bars]
    axes.set_yticks(places, labels, size=8.5)
    axes.set_ylim(-0.6, len(bars) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_title(title, size=9.5)


def _bar(axes: Axes, bar: Bar, place: float) -> None:
    value, half = bar.effect.value, np.nan_to_num(bar.effect.half)
    colour = MUTED if bar.total else MORE if value >= 0.0 else FEWER
    axes.barh(place, value, left=bar.start, height=0.62, color=colour, edgecolor="white", linewidth=0.2,
              hatch=HATCH if value < 0.0 else "")  # fmt: skip
    if half > 0.0:
        axes.errorbar(bar.start + value, place, xerr=half, color=INK, linewidth=1.0, capsize=2.5)


def _ends(bar: Bar) -> tuple[float, float]:
    half, end = float(np.nan_to_num(bar.effect.half)), bar.start + bar.effect.value
    return min(bar.start, end - half), max(bar.start, end + half)


def _limits(axes: Axes, bars: Sequence[Bar]) -> None:
    low = min(0.0, *(_ends(bar)[0] for bar in bars))
    high = max(0.0, *(_ends(bar)[1] for bar in bars))
    width = (high - low) or 1.0
    axes.set_xlim(low - 0.04 * width, high + ROOM * width)


def _write(axes: Axes, bar: Bar, place: float, unit: str) -> None:
    """The figure right of a bar, in grey where it is not clear; and the axis."""
    value = bar.effect.value
    money_of = signed_money(value) if abs(value) >= HALF else "0"
    text = money_of if unit == "AUD" else whole_number(value)
    note = "" if bar.effect.clear or text == "0" else " (not clear)"
    axes.annotate(text + note, (max(_ends(bar)[1], 0.0), place), (5, 0), textcoords="offset points", va="center",
                  size=8, color=INK if bar.effect.clear else MUTED)  # fmt: skip
    scale = scale_for(max(abs(end) for end in axes.get_xlim()))
    show_scaled(axes.xaxis, scale, signs=True)
    axes.set_xlabel(f"Change ({scale.label(unit)})")


def _key(figure: Figure) -> None:
    entries: list[Patch | Line2D] = [
        Patch(facecolor=MORE, label="more"),
        Patch(facecolor=FEWER, hatch=HATCH, edgecolor="white", label="less"),
        Patch(facecolor=MUTED, label="all together (hatched: less)"),
        Line2D([], [], color=INK, linewidth=1.0, label="95% Monte Carlo interval"),
    ]
    place = (LEFT / WIDTH, (EDGE + 0.1) / figure.get_figheight())
    figure.legend(handles=entries, loc="lower left", bbox_to_anchor=place, ncols=len(entries), borderaxespad=0.0)
