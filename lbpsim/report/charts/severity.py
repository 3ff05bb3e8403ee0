"""How bad pain is for those who have it: mean disability and mean pain by policy and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from lbpsim.report.charts.burden import INCHES_PER_LABEL, LEAST_PANEL, WIDTH
from lbpsim.report.charts.intervals import levels
from lbpsim.report.charts.lines import draw_levels
from lbpsim.report.charts.page import Panels, page, styled
from lbpsim.report.charts.policy_styles import comparator
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.format import plain

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

SUBJECTS = {
    # outcome: title, unit
    "rmdq_mean": ("Mean disability", "RMDQ points (0 to 24)"),
    "pain_mean": ("Mean pain", "NRS points (0 to 10)"),
}


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """Two panels: mean disability and mean pain of people in pain."""
    panel = max(LEAST_PANEL, INCHES_PER_LABEL * len(results.scenarios))
    figure, grid = page(
        results,
        style.choose(
            Panels(rows=2, right=2.1, down=0.95),
            Panels(columns=2, right=1.75, across=2.5, above=0.5),
            Panels(rows=2, left=0.75, right=1.65, down=1.05, above=0.65),
        ),
        size=style.choose((WIDTH, 3.6 + 2.0 * panel), slide(10.6), column(4.2 + 2.0 * panel)),
        title="Disability and pain of people in chronic low back pain",
        subtitle="Mean over those who are in pain, weighted by time. A policy that brings people out of pain also "
        f"changes who is counted, so a mean can rise while fewer people suffer.{_unsure(results)}",
        interval="bands",
    )
    for axes, (outcome, (title, unit)) in zip(grid.flat, SUBJECTS.items(), strict=True):
        draw_levels(axes, results, outcome, title, unit)
    return figure


def _unsure(results: Results) -> str:
    """How unsure parameters make both levels, in words: drawn, it would press all lines into one."""
    known = [(title, levels(results, outcome).get(results.scenarios[0])) for outcome, (title, _) in SUBJECTS.items()]
    told = [
        f"{title.lower()} from {plain(float(one.low[-1]))} to {plain(float(one.high[-1]))}"
        for title, one in known
        if one is not None and np.isfinite(one.low[-1])
    ]
    if not told:
        return ""
    return (
        f" How unsure the levels are: {' and '.join(told)} in {results.years[-1]} under {comparator(results)} (95% "
        "intervals from parameters alone)."
    )
