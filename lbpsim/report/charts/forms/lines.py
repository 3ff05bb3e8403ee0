"""Lines, one a policy, each named at its end: levels by year, differences from the comparator, or any other course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import measure, reach_of, width_of, year_axis
from lbpsim.report.charts.forms.labels import end_labels, policy_label
from lbpsim.report.charts.page import Panels
from lbpsim.report.charts.policy_styles import MUTED, looks, mark
from lbpsim.report.charts.series import banded, which_bands, yearly
from lbpsim.report.charts.styles import SLIDE, Style

Numbers = npt.NDArray[np.float64]

NARROW = 3.0  # inches, of a panel whose title is broken before its brackets
MARKED = 3  # every so many points of a line have its marker
LINE, PLAIN_LINE = 1.6, 2.2  # points, of a line with markers and of one without
BAND = 0.15  # of the colour of the line
INCHES_PER_LABEL, LEAST_PANEL = 0.25, 2.6  # of the height of a panel: for the name of a line, and at least
INCHES_PER_LINE = 0.15  # for each further line under the name


def level_panels(results: Results, style: Style, number: int, lines: int = 1) -> Panels:
    """Panels of lines with names at their ends, as high as the names of all policies need, with `lines` of figures.

    One below the other, and on a slide side by side.
    """
    each = INCHES_PER_LABEL + INCHES_PER_LINE * (lines - 1)
    tall = max(LEAST_PANEL, each * len(results.scenarios))
    if style is SLIDE:
        return Panels(columns=number, tall=tall, right=2.75, across=2.5, above=1.0)
    return Panels(rows=number, tall=tall, right=style.choose(2.9, 0.0, 1.75), down=1.05)


def draw_levels(axes: Axes, results: Results, outcome: str, title: str, unit: str) -> None:
    """An outcome by year under every policy, with the intervals that there are; `unit` with {} for the scale."""
    found = yearly(results, outcome)
    draw_lines(axes, results, found, banded(results))
    bands = which_bands(results)
    axes.set_title(title + (bands if width_of(axes) > NARROW else bands.replace(" ", "\n", 1)))
    year_axis(axes, results)
    measure(axes.yaxis, reach_of(*(series.high for series in found.values())), words=unit)
    mark_base(axes)
    name_ends(axes, results, {name: float(each.value[-1]) for name, each in found.items()})


def draw_lines(axes: Axes, results: Results, by_policy: Mapping[str, Estimate], bands: Sequence[str] = ()) -> None:
    """A line by year for each policy; around those in `bands` their 95% Monte Carlo interval."""
    names = looks(results)
    for name in by_policy:
        if name in bands:
            low, high = by_policy[name].low, by_policy[name].high
            axes.fill_between(results.years, low, high, color=names[name].colour, alpha=BAND, linewidth=0)
    draw_courses(axes, results, results.years, {name: series.value for name, series in by_policy.items()})


def draw_courses(
    axes: Axes, results: Results, x: Sequence[float] | Numbers, by_policy: Mapping[str, Numbers], every: int = MARKED
) -> None:
    """A line over `x` for each policy in its look, with a marker at every so many points, each at other ones."""
    names = looks(results)
    for place, (name, values) in enumerate(by_policy.items()):
        look = names[name]
        axes.plot(
            x,
            values,
            **look.line(LINE if look.marker else PLAIN_LINE),
            marker=mark(look, results),
            markevery=(place % every, every),
        )


def name_ends(
    axes: Axes, results: Results, ends: Mapping[str, float], figures: Mapping[str, str] | None = None
) -> None:
    """The name of each policy at the right, where its line ends, with a figure behind it; limits must be final."""
    names, figures = looks(results), figures or {}
    end_labels(axes, [policy_label(names[name], end, figures.get(name, "")) for name, end in ends.items()])


def mark_base(axes: Axes) -> None:
    """Start at zero, or where that would press the lines flat say that the axis does not, and mark its break."""
    low, high = axes.dataLim.intervaly
    if high - low > low:
        axes.set_ylim(0.0, None)
        return
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.12 * (high - low), high)
    rise = np.array([0.0, 0.02, 0.035, 0.065, 0.08, 0.1])
    swing = np.array([0.0, 0.0, 0.008, -0.008, 0.0, 0.0])
    axes.plot([0.0, 0.0], [0.0, 0.1], transform=axes.transAxes, color="white", linewidth=3, clip_on=False, zorder=4)
    axes.plot(swing, rise, transform=axes.transAxes, color=MUTED, linewidth=0.9, clip_on=False, zorder=5)
    axes.text(
        0.015, 0.05, "The axis does not start at zero", transform=axes.transAxes, va="center", size=8, color=MUTED
    )
