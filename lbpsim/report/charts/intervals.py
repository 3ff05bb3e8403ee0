"""Parameter uncertainty of a figure: 95% intervals from draws, Monte Carlo noise taken out, and how they look."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes

from lbpsim.outcomes.draws import ProbabilisticResults, spread
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import reach_of
from lbpsim.report.charts.policy_styles import looks

STEP = 0.016  # of the width of the years, between bars
BAR = 1.6  # points


def levels(results: Results, outcome: str) -> dict[str, Estimate]:
    """Intervals of an outcome by calendar year for every policy; none without draws, or where they do not tell it."""
    return _intervals(results, outcome, paired=False)


def people_intervals(results: Results, outcome: str) -> dict[str, Estimate]:
    """As `levels`, of person-time: people on average over each calendar year, or what of it is simulated."""
    return {name: interval.over(results.lengths[0]) for name, interval in levels(results, outcome).items()}


def differences(results: Results, outcome: str) -> dict[str, Estimate]:
    """As `levels`, for each policy less the comparator within each draw."""
    return _intervals(results, outcome, paired=True)


def _intervals(results: Results, outcome: str, *, paired: bool) -> dict[str, Estimate]:
    if not isinstance(results, ProbabilisticResults) or outcome not in results.draws.yearly_outcomes:
        return {}
    draws, k = results.draws, results.draws.yearly_outcomes.index(outcome)
    values, noise = draws.yearly[..., k], (draws.yearly_mcse if paired else draws.yearly_noise)[..., k]
    if not np.isfinite(values).any():  # earlier draws did not keep it
        return {}
    found = spread(values - values[:, :1] if paired else values, noise)
    return {
        name: Estimate(found.mean[p], found.low[p], found.high[p], found.mcse[p], "parameters")
        for p, name in enumerate(draws.scenarios)
        if p > 0 or not paired
    }


def end_bars(axes: Axes, results: Results, intervals: Mapping[str, Estimate]) -> None:
    """Beside the lines, an upright bar a policy: its interval in the last year, where draws tell; makes room for it."""
    low, high = axes.get_xlim()
    step = STEP * (high - low)
    names, known = looks(results), {name: one for name, one in intervals.items() if np.isfinite(one.low[-1])}
    for place, (name, interval) in enumerate(known.items()):
        ends = [float(interval.low[-1]), float(interval.high[-1])]
        axes.plot([high + place * step] * 2, ends, color=names[name].colour, linewidth=BAR, solid_capstyle="butt")
    if known:
        axes.set_xlim(low, high + len(known) * step)


def bars_of(results: Results) -> str:
    """What `end_bars` are, for the source line."""
    return f"bars right of the lines (none where draws are too noisy), {results.years[-1]}"


def reach(intervals: Mapping[str, Estimate]) -> float:
    """The largest size of any end; 0 where there is none."""
    return reach_of(*(end for one in intervals.values() for end in (one.low, one.high)))


def last_level(results: Results, outcome: str, words: Callable[[float], str]) -> str:
    """From where to where parameters leave an outcome in the last year under the comparator; "" where unknown."""
    usual = levels(results, outcome).get(results.scenarios[0])
    if usual is None or np.isnan(usual.low[-1]):
        return ""
    return f"{words(float(usual.low[-1]))} to {words(float(usual.high[-1]))}"
