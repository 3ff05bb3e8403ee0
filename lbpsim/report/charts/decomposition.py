"""A policy taken apart: what each change contributes, step by step to the whole, and what holds the policy back."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.evidence import in_force
from lbpsim.evidence.currency import MONEY, is_money
from lbpsim.explain.attribution import INTERACTION, Attribution
from lbpsim.explain.binding_constraints import ALL
from lbpsim.outcomes.results import Results
from lbpsim.report import explain_text as words
from lbpsim.report.charts.forms.axes import measure, name_rows, reach_of, zero
from lbpsim.report.charts.forms.bars import EDGE, ROW, figures_beside
from lbpsim.report.charts.forms.keys import HATCH, key_below, stroke, swatch
from lbpsim.report.charts.page import Panels, page, styled
from lbpsim.report.charts.policy_styles import CFT, INK, MUTED, comparator
from lbpsim.report.charts.styles import FULL, PRINT
from lbpsim.report.format import signed_money

MORE, FEWER = CFT.shades[0], "#e69f00"
LEFT, BAR, LEAST = 2.7, 0.34, 1.0  # inches: of names, a bar, and of a panel at least
NAME = 36  # characters of a line of a name
ROOM = 0.42  # of the width of the bars, for the figures beside them
PANELS = ((words.QALYS, "QALYs", "QALYs"), (words.SOCIETAL, "Societal cost", MONEY))


@dataclass(frozen=True)
class Bar:
    """One bar: `label`, the effect, where it starts, and whether it is the whole of those above it."""

    label: str
    effect: words.PairedDifference
    start: float = 0.0
    total: bool = False


@styled
def draw(results: Results, why: Attribution) -> Figure:
    """Above, contributions as steps to the whole; below, differences with each thing relaxed; QALYs and societal cost.

    `results`: of the plan, for the source line.
    """
    rows = [[steps(why, outcome) for outcome, _, _ in PANELS]]
    if why.question.holds:
        rows.append([without(why, outcome) for outcome, _, _ in PANELS])
    tall = tuple(max(BAR * len(row[0]), LEAST) for row in rows)
    figure, grid = page(
        results,
        Panels(rows=len(rows), columns=len(PANELS), tall=tall, left=LEFT, across=0.5, down=1.05, below=0.95),
        PRINT.sheet(FULL),
        title=f"Why: {why.question.title}",
        subtitle=f"Change against {comparator(results)}, discounted; money in "
        f"{in_force.currency().name} of {why.question.price_year}. "
        "Above: what each change does alone, and what they do together; the steps add up "
        "to the whole. Below: with one thing relaxed, against the policy as it is.",
        interval="whiskers",
    )
    titles = ("What it is made of", "What holds it back")
    for panels, row, title in zip(grid, rows, titles, strict=False):
        for axes, bars, (_, name, unit) in zip(panels, row, PANELS, strict=True):
            _bars(axes, bars, f"{title}: {name}", unit, named=name == PANELS[0][1])
    key_below(figure, [
        swatch("more", MORE),
        swatch("less", FEWER, HATCH),
        swatch("all together (hatched: less)", MUTED),
        stroke("95% Monte Carlo interval", color=INK, linewidth=1.0),
    ])  # fmt: skip
    return figure


def steps(why: Attribution, outcome: str) -> list[Bar]:
    """Contributions one after the other, their interaction, and the whole."""
    level, bars, end = words.telling_level(why), list[Bar](), 0.0
    parts = [(part.key, part.label) for part in words.at_level(why, level)]
    rest = [(INTERACTION, "what they do together")] if len(parts) > 1 else []
    for key, label in [*parts, *rest]:
        effect = words.contribution(why, level, key, outcome)
        bars.append(Bar(label, effect, end))
        end += effect.value
    return [*bars, Bar("the whole policy", words.whole(why, outcome), total=True)]


def without(why: Attribution, outcome: str) -> list[Bar]:
    """What the policy would change with each thing relaxed, and with all."""
    names = [(hold.name, hold.label) for hold in why.question.holds]
    bars = [Bar(label, words.relaxed(why, name, outcome)) for name, label in names]
    return [*bars, Bar("all of these", words.relaxed(why, ALL, outcome), total=True)] if len(bars) > 1 else bars


def _bars(axes: Axes, bars: Sequence[Bar], title: str, unit: str, *, named: bool) -> None:
    places = name_rows(axes, [textwrap.fill(bar.label, NAME) if named else "" for bar in bars])
    for bar, place in zip(bars, places, strict=True):
        _bar(axes, bar, float(place))
    ends = np.array([_ends(bar) for bar in bars]).T
    colours = [INK if bar.effect.clear else MUTED for bar in bars]
    figures_beside(axes, places, [_figure(bar, unit) for bar in bars], ends, colours=colours, room=ROOM)
    zero(axes, x=True)
    measure(axes.xaxis, reach_of(axes.get_xlim()), unit, "Change ({})", signs=True)
    axes.set_title(title, size=9.5)


def _bar(axes: Axes, bar: Bar, place: float) -> None:
    value, half = bar.effect.value, np.nan_to_num(bar.effect.half)
    colour = MUTED if bar.total else MORE if value >= 0.0 else FEWER
    axes.barh(place, value, left=bar.start, height=ROW, color=colour, hatch=HATCH if value < 0.0 else "", **EDGE)
    if half > 0.0:
        axes.errorbar(bar.start + value, place, xerr=half, color=INK, linewidth=1.0, capsize=2.5)


def _ends(bar: Bar) -> tuple[float, float]:
    half, end = float(np.nan_to_num(bar.effect.half)), bar.start + bar.effect.value
    return min(bar.start, end - half), max(bar.start, end + half)


def _figure(bar: Bar, unit: str) -> str:
    """What is written right of a bar, with a note where it is not clear."""
    value = bar.effect.value
    text = words.whole_number(value) if not is_money(unit) else signed_money(value) if abs(value) >= words.HALF else "0"
    return text if bar.effect.clear or text == "0" else f"{text} (not clear)"
