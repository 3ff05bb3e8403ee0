"""How bad pain is for those who have it: mean disability and mean pain by policy and year."""

from __future__ import annotations

from matplotlib.figure import Figure

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.lines import draw_levels, level_panels
from lbpsim.report.charts.intervals import last_level
from lbpsim.report.charts.page import page, styled
from lbpsim.report.charts.policy_styles import comparator
from lbpsim.report.charts.styles import LINES, PRINT, Style
from lbpsim.report.format import plain

SUBJECTS = {
    # outcome: title, unit
    "rmdq_mean": ("Mean disability", "RMDQ points (0 to 24)"),
    "pain_mean": ("Mean pain", "NRS points (0 to 10)"),
}


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """Two panels: mean disability and mean pain of people in pain."""
    figure, grid = page(
        results,
        level_panels(results, style, len(SUBJECTS)),
        style.sheet(LINES),
        title="Disability and pain of people in chronic low back pain",
        subtitle="Mean over those who are in pain, weighted by time. A policy that brings people out of pain also "
        f"changes who is counted, so a mean can rise while fewer people suffer.{_uncertainty(results)}",
        interval="bands",
    )
    for axes, (outcome, (title, unit)) in zip(grid.flat, SUBJECTS.items(), strict=True):
        draw_levels(axes, results, outcome, title, unit)
    return figure


def _uncertainty(results: Results) -> str:
    """Parameter uncertainty of both levels, in words: drawn, it would press all lines into one."""
    ends = {title: last_level(results, outcome, plain) for outcome, (title, _) in SUBJECTS.items()}
    told = [f"{title.lower()} from {words}" for title, words in ends.items() if words]
    if not told:
        return ""
    return (
        f" Parameter uncertainty of the levels: {' and '.join(told)} in {results.years[-1]} under "
        f"{comparator(results)} (95% "
        "intervals from parameters alone)."
    )
