"""What figures of the book have in common: the expected is a dark line, the observed blue marks, limits grey bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.arrays import Numbers
from lbpsim.verification.check import CheckedFigure

EXPECTED, OBSERVED, SECOND, BAND = "#1a1a1a", "#0072b2", "#e69f00", "#d9d9d9"


def panels(figure: Figure, rows: int = 1, columns: int = 1, **grid: Any) -> list[Axes]:
    """Axes in reading order, with room between them."""
    figure.set_layout_engine("constrained")
    found = figure.subplots(rows, columns, squeeze=False, **grid)
    return list(found.ravel())


def deviations(axes: Axes, comparisons: Sequence[CheckedFigure], *, most: float = 4.0) -> None:
    """Each sampled comparison's distance from what is expected, in standard errors; a band in which it passes."""
    judged = [one for one in comparisons if not np.isnan(one.z)]
    places = np.arange(len(judged))[::-1]
    axes.axvspan(-most, most, color=BAND, alpha=0.6, linewidth=0)
    axes.axvline(0.0, color=EXPECTED, linewidth=1.0)
    axes.plot([one.z for one in judged], places, "o", color=OBSERVED)
    axes.set_yticks(places, [one.quantity for one in judged])
    axes.set(xlim=(-1.4 * most, 1.4 * most), ylim=(-0.6, len(judged) - 0.4))
    axes.set_xlabel("Distance from expected, in standard errors (grey: passes)")
    axes.grid(False)


def cumulative(axes: Axes, sample: Numbers, law: Any, name: str) -> None:
    """Share of a sample below each value, over the exact distribution function of a scipy law."""
    ordered = np.sort(sample)
    shown = np.quantile(ordered, np.linspace(0.01, 0.99, 25))
    grid = np.linspace(0.0, float(np.quantile(sample, 0.995)), 200)
    axes.plot(grid, law.cdf(grid), color=EXPECTED, linewidth=1.0, label="Exact", zorder=3)
    share = np.searchsorted(ordered, shown, side="right") / len(ordered)
    axes.plot(shown, share, "o", color=OBSERVED, markersize=3.4, label="Observed")
    axes.set(xlim=(0.0, grid[-1]), ylim=(0.0, 1.02))
    axes.set_title(name, fontsize=8.5)


def running_mean(axes: Axes, sample: Numbers, exact: float, *, errors: float, label: str) -> None:
    """Mean over the first n people against n, with the band of `errors` standard errors around the exact value."""
    sizes = np.unique(np.geomspace(min(100, len(sample)), len(sample), 60).astype(int))
    means = np.cumsum(sample)[sizes - 1] / sizes
    reach = errors * float(sample.std(ddof=1)) / np.sqrt(sizes)
    axes.fill_between(sizes, exact - reach, exact + reach, color=BAND, alpha=0.6, linewidth=0)
    axes.axhline(exact, color=EXPECTED, linewidth=1.0)
    axes.plot(sizes, means, color=OBSERVED, linewidth=1.4)
    axes.set_xscale("log")
    axes.yaxis.set_major_formatter("{x:,.6g}")
    axes.set(xlabel="People", ylabel=label)
