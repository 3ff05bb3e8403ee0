"""The capacity that policies take and offer, by calendar year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import measure, reach_of, year_axis
from lbpsim.report.charts.forms.lines import draw_courses, name_ends
from lbpsim.report.charts.intervals import bars_of, end_bars, reach
from lbpsim.report.charts.page import NothingToDraw, Panels, page, styled
from lbpsim.report.charts.policy_styles import by_family
from lbpsim.report.charts.series import expected_by_year
from lbpsim.report.charts.styles import COLUMN, FULL, PRINT, Style
from lbpsim.voi.decision_analysis import Decision

SUBJECTS = {
    # outcome: title, unit
    "physiotherapists_trained": ("Trained in CFT\nand practising", "physiotherapists"),
    "cft_courses": ("CFT courses\nstarted", "a year"),
    "cft_wait_mean": ("Mean wait of those\nwho start CFT", "weeks"),
}
LABELS = 1.75  # inches at the right of each panel


@styled
def draw(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """A panel for each of physiotherapists, courses and waits, with the policies that have any."""
    found = {outcome: _present(results, decision.capacity, outcome) for outcome in SUBJECTS}
    shown = [outcome for outcome, wide in found.items() if not wide.empty]
    drawn = {outcome: expected_by_year(results, outcome) for outcome in shown}
    if not shown:
        raise NothingToDraw("no policy treats anybody with CFT")
    rows, columns = (len(shown), 1) if style is COLUMN else (1, len(shown))
    figure, grid = page(
        results,
        Panels(rows=rows, columns=columns, right=LABELS, across=LABELS + 0.75, above=0.65),
        style.sheet(FULL),
        title="The capacity that CFT takes",
        subtitle=f"Policies without a line in a panel have none. {_what(drawn)}",
        uncertainty=bars_of(results) if any(drawn.values()) else "",
    )
    for axes, outcome in zip(grid.flat, shown, strict=True):
        _lines(axes, results, found[outcome], drawn[outcome], *SUBJECTS[outcome])
    return figure


def _what(drawn: Mapping[str, Mapping[str, Estimate]]) -> str:
    """What the lines are, and where errors are told."""
    if not any(drawn.values()):
        return "Means over replications; their Monte Carlo errors are in capacity.csv."
    central = [" ".join(SUBJECTS[outcome][0].split()) for outcome, found in drawn.items() if not found]
    rest = f"; at central inputs, since draws did not keep them: {', '.join(central)}" if central else ""
    return f"Means over draws, of years that every draw has{rest}. Figures at central inputs are in capacity.csv."


def _present(results: Results, capacity: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Values by year (rows) and policy (columns), of the policies that have any."""
    rows = capacity[capacity["outcome"] == outcome]
    wide = rows.pivot_table(index="year", columns="scenario", values="value", dropna=False)
    some = [name for name in by_family(results) if name in wide and np.nan_to_num(wide[name].to_numpy(float)).max() > 0]
    return wide[some].dropna(axis="columns", how="all")


def _lines(
    axes: Axes, results: Results, wide: pd.DataFrame, drawn: Mapping[str, Estimate], title: str, unit: str
) -> None:
    """A line a policy: over draws where these tell, with the interval of the last year beside it."""
    central = {str(name): wide[name].to_numpy(dtype=float) for name in wide}
    intervals = {name: drawn[name] for name in central if name in drawn}
    values = central | {name: np.where(np.isnan(central[name]), np.nan, each.value) for name, each in intervals.items()}
    draw_courses(axes, results, wide.index.to_numpy(), values, every=1)
    axes.set_title(title)
    year_axis(axes, results, most=4)
    end_bars(axes, results, intervals)
    measure(axes.yaxis, max(reach(intervals), reach_of(*values.values())), unit)
    axes.set_ylim(bottom=0.0)
    name_ends(axes, results, {name: float(each[np.isfinite(each)][-1]) for name, each in values.items()})
