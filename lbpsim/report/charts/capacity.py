"""The capacity that policies take and offer, by calendar year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.report.charts.labels import end_labels, policy_label
from lbpsim.report.charts.page import NothingToDraw, Panels, page, show_scaled, styled, year_axis
from lbpsim.report.charts.policy_styles import by_family, looks, mark
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import scale_for

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results
    from lbpsim.voi.decision_analysis import Decision

SUBJECTS = {
    # outcome: title, unit
    "physiotherapists_trained": ("Trained in CFT\nand practising", "physiotherapists"),
    "cft_courses": ("CFT courses\nstarted", "a year"),
    "cft_wait_mean": ("Mean wait of those\nwho start CFT", "weeks"),
}
LABELS = 1.75  # inches at the right of each panel
TALL = 2.6  # inches, of a panel
NARROW = 5.4  # inches, of a column as laid out


@styled
def draw(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """A panel for each of physiotherapists, courses and waits, with the policies that have any."""
    found = {outcome: _present(results, decision.capacity, outcome) for outcome in SUBJECTS}
    shown = [outcome for outcome, wide in found.items() if not wide.empty]
    if not shown:
        raise NothingToDraw("no policy treats anybody with CFT")
    figure, grid = page(
        results,
        style.choose(
            Panels(columns=len(shown), left=0.95, right=LABELS, across=LABELS + 0.75, above=0.65),
            Panels(columns=len(shown), left=0.95, right=LABELS, across=LABELS + 0.75, above=0.65),
            Panels(rows=len(shown), left=0.95, right=LABELS, down=0.95, above=0.65),
        ),
        size=style.choose(
            (1.0 + 4.1 * len(shown), TALL + 2.2), slide(12.0), column(2.2 + (TALL + 0.8) * len(shown), width=NARROW)
        ),
        title="The capacity that CFT takes",
        subtitle="Policies without a line in a panel have none. Means over replications; their Monte Carlo errors are "
        "in capacity.csv.",
    )
    for axes, outcome in zip(grid.flat, shown, strict=True):
        _lines(axes, results, found[outcome], *SUBJECTS[outcome])
    return figure


def _present(results: Results, capacity: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Values by year (rows) and policy (columns), of the policies that have any."""
    rows = capacity[capacity["outcome"] == outcome]
    wide = rows.pivot_table(index="year", columns="scenario", values="value", dropna=False)
    some = [name for name in by_family(results) if name in wide and np.nan_to_num(wide[name].to_numpy(float)).max() > 0]
    return wide[some].dropna(axis="columns", how="all")


def _lines(axes: Axes, results: Results, wide: pd.DataFrame, title: str, unit: str) -> None:
    names = looks(results)
    for name in map(str, wide):
        axes.plot(wide.index, wide[name], **names[name].line(), marker=mark(names[name], results))
    scale = scale_for(float(np.nanmax(wide.to_numpy(dtype=float))))
    show_scaled(axes.yaxis, scale)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel(f"{scale.word} {unit}".strip().capitalize())
    axes.set_title(title)
    year_axis(axes, results, most=4)
    ends = {str(name): wide[name].dropna() for name in wide}
    end_labels(axes, [policy_label(names[name], float(end.iloc[-1])) for name, end in ends.items()])
