"""The same policy in two countries: for 100,000 adults in each, and what makes the difference."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from lbpsim.evidence.currency import MONEY, is_money
from lbpsim.explain.countries_apart import PER, CountriesApart
from lbpsim.outcomes.estimate import interval_factor
from lbpsim.report.charts.forms.axes import broken, measure, name_rows, zero
from lbpsim.report.charts.forms.bars import Part, figures_beside, stack
from lbpsim.report.charts.page import Panels, framed, source_line, styled
from lbpsim.report.charts.policy_styles import CFT, INK, MUTED, comparator
from lbpsim.report.charts.styles import FULL, PRINT
from lbpsim.report.format import count, exact_money, signed, signed_money
from lbpsim.study.borrowed import DEMONSTRATION
from lbpsim.study.phrasing import span

LEFT, BAR = 2.5, 0.42  # inches: of names, and a row
PANELS = (
    ("qalys", "QALYs gained", ""),
    ("cost_health_system", "Change in health care costs", MONEY),
    ("cost_societal", "Change in costs to society", MONEY),
)


@styled
def draw(found: CountriesApart) -> Figure:
    """A panel for each outcome: the first country, the steps from it, and the second country."""
    results, frame = found.steps[0], found.frame
    labels = [broken(label, LEFT - 0.2) for label in found.labels]
    figure, grid = framed(
        Panels(columns=len(PANELS), tall=BAR * len(labels), left=LEFT, across=0.4, above=0.15),
        PRINT.sheet(FULL),
        f"{found.policy.title} for {PER:,} adults: {found.here} and {found.there}, {span(results.years)}",
        f"Against {comparator(results)}, discounted, at central inputs; money in {found.here.currency.name} of "
        f"{results.study.price_year} ({exact_money(round(found.rate.each, 3))} for {found.rate.of} 1, at purchasing "
        f"power). Each row takes one thing more from {found.there}; places for training follow the number of adults.",
        " ".join([source_line(results, "whiskers"), *([f"{DEMONSTRATION}."] if found.there.demonstration else [])]),
    )
    factor = interval_factor(results.replications)
    for axes, (outcome, title, unit) in zip(grid[0], PANELS, strict=True):
        rows = frame[frame["outcome"] == outcome]
        values, half = rows["difference"].to_numpy(float), factor * rows["mcse"].to_numpy(float)
        places = name_rows(axes, labels if axes is grid[0][0] else [""] * len(labels))
        shades = [CFT.shades[0] if place in (0, len(labels) - 1) else MUTED for place in range(len(labels))]
        ends = stack(axes, places, [Part(values, CFT.shades[0])], level=True)
        for bar, shade in zip(axes.patches, shades, strict=True):
            bar.set_facecolor(shade)
        axes.hlines(places, values - half, values + half, color=INK, linewidth=1.0)
        ends = np.array([np.minimum(ends[0], values - half), np.maximum(ends[1], values + half)])
        told = [signed_money(value) if is_money(unit) else signed(count(value), value) for value in values]
        figures_beside(axes, places, told, ends, room=0.5)
        measure(axes.xaxis, float(np.abs(ends).max()), unit, f"{title} ({{}})" if is_money(unit) else title, signs=True)
        zero(axes, x=True)
    return figure
