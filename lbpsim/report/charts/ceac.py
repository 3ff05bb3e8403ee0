"""How likely each policy is to be the best choice, and the expected loss of choosing it, at every threshold."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.ce_plane import PERSPECTIVE_TITLES
from lbpsim.report.charts.forms.axes import mark_at, measure
from lbpsim.report.charts.forms.labels import HALO
from lbpsim.report.charts.forms.lines import draw_courses, name_ends
from lbpsim.report.charts.page import NothingToDraw, Panels, page, styled
from lbpsim.report.charts.policy_styles import FAINT, INK, MUTED, called
from lbpsim.report.charts.styles import FULL, PRINT, Style
from lbpsim.report.format import PER_CENT, exact_money, first_of
from lbpsim.report.narrative.confidence import chance
from lbpsim.study.phrasing import number_of
from lbpsim.voi.decision_analysis import Decision

LABELS = 2.0  # inches at the right of each panel
VISIBLE = 0.02  # probability from which a line can be told from the axis
BEST_WIDTH = 7.0  # points, of the pale line under the policy to choose
EVERY = 6  # thresholds from marker to marker


@styled
def draw(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """Above, the probability of being best by policy, the one to choose underlaid; below, the expected loss of it.

    A column shows the perspective of the study alone.
    """
    table = decision.ceac
    if table is None or len(results.scenarios) == 1:
        raise NothingToDraw("the study has no draws, or no policy beside the comparator")
    chosen = style.choose(tuple(PERSPECTIVES), tuple(PERSPECTIVES), (results.study.perspective,))
    figure, grid = page(
        results,
        Panels(rows=2, columns=len(chosen), tall=(3.6, 1.8), right=LABELS, across=LABELS + 0.75, down=0.8),
        style.sheet(FULL),
        title="Which policy is best, by what a QALY is worth",
        subtitle="Above: share of draws in which a policy has the highest net benefit of all, Monte Carlo noise of the "
        "draws taken out; all policies sum to 100%. The pale line lies under the policy to choose, the one with the "
        "highest expectation. Below: what is lost on average by choosing it under uncertainty. "
        + decided(results, decision),
        drawn=True,
    )
    for (above, below), perspective in zip(grid.T, chosen, strict=True):
        rows = table[table["perspective"] == perspective]
        above.set_title(PERSPECTIVE_TITLES[perspective])
        _probabilities(above, results, rows, decision.draws)
        _loss(below, results, rows)
    return figure


def decided(results: Results, decision: Decision) -> str:
    """From how many draws, and which policies nobody could choose, as sentences."""
    left = [called(results, name) for name in results.scenarios if name not in decision.choices]
    draws = f"{number_of(decision.draws, 'draw')} of all uncertain parameters."
    return f"{draws} Not among the choices: {', '.join(first_of(left))}." if left else draws


def _probabilities(axes: Axes, results: Results, rows: pd.DataFrame, draws: int) -> None:
    wide = rows.pivot_table(index="threshold", columns="scenario", values="probability") * PER_CENT
    shown = [name for name in results.scenarios if name in wide and wide[name].max() >= VISIBLE * PER_CENT]
    best = rows[rows["best"]].set_index("threshold")["scenario"]
    for name in shown:
        _underlay(axes, wide[name], best == name)
    draw_courses(axes, results, wide.index.to_numpy(), {name: wide[name].to_numpy() for name in shown}, EVERY)
    axes.set_ylim(0.0, PER_CENT)
    axes.set_ylabel("Probability of being best (%)")
    _across(axes, results, rows, named=True)
    ends = {name: float(wide[name].iloc[-1]) for name in shown}
    told = {name: chance(end / PER_CENT, draws) for name, end in ends.items()}
    name_ends(axes, results, ends, told)


def _underlay(axes: Axes, line: pd.Series[float], best: pd.Series[bool]) -> None:
    """A pale line under the part of a policy's line where it is the one to choose."""
    axes.plot(line.index, line.where(best), color=FAINT, linewidth=BEST_WIDTH, solid_capstyle="round", zorder=1,
              marker="o", markersize=BEST_WIDTH, markeredgewidth=0)  # fmt: skip


def _loss(axes: Axes, results: Results, rows: pd.DataFrame) -> None:
    best = rows[rows["best"]]
    axes.fill_between(best["threshold"], 0.0, best["expected_loss"], color=FAINT, linewidth=0)
    axes.plot(best["threshold"], best["expected_loss"], color=INK, linewidth=1.4)
    measure(axes.yaxis, float(best["expected_loss"].max()), MONEY)
    axes.set_ylim(bottom=0.0)
    axes.set_title("Expected loss of the policy to choose\n(value of perfect information)", size=9)
    _across(axes, results, rows, named=False)


def _across(axes: Axes, results: Results, rows: pd.DataFrame, *, named: bool) -> None:
    """The horizontal axis, with the thresholds of the study."""
    most = float(rows["threshold"].max())
    axes.set_xlim(0.0, most)
    measure(axes.xaxis, most, MONEY, "" if named else "What a QALY is worth ({})")
    for threshold in results.study.thresholds:
        mark_at(axes, threshold)
        if named:
            axes.annotate(exact_money(threshold), (threshold, 0.5), (-2, 0), size=7.5, color=MUTED,
                          xycoords=axes.get_xaxis_transform(), textcoords="offset points", ha="right", va="center",
                          rotation=90, gid="threshold", path_effects=HALO)  # fmt: skip
