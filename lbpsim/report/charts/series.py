"""What charts draw: outcomes by year and over the horizon, each with half of its 95% Monte Carlo interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.policy_styles import comparator

Numbers = npt.NDArray[np.float64]
CONFIDENCE = 0.95
FEW = 4  # policies whose bands can be told apart


@dataclass(frozen=True)
class Series:
    """An outcome by year: `values` and half-widths of their intervals, shape (years,) each."""

    values: Numbers
    half_widths: Numbers

    @property
    def low(self) -> Numbers:
        """Lower ends of the intervals."""
        return self.values - self.half_widths

    @property
    def high(self) -> Numbers:
        """Upper ends of the intervals."""
        return self.values + self.half_widths

    def __neg__(self) -> Series:
        return Series(-self.values, self.half_widths)

    def over(self, time: Numbers) -> Series:
        """What accrued in each year, divided by how much of the year is simulated: the mean over that time."""
        return Series(self.values / time, self.half_widths / time)


@dataclass(frozen=True)
class Estimate:
    """One figure and half of its interval."""

    value: float
    half_width: float

    def __neg__(self) -> Estimate:
        return Estimate(-self.value, self.half_width)


def interval_factor(replications: int) -> float:
    """Half of a 95% interval in standard errors: Student's t, since the error itself comes from few replications.

    Zero with one replication, which has no interval.
    """
    if replications < 2:
        return 0.0
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, replications - 1))


def yearly(results: Results, outcome: str) -> dict[str, Series]:
    """An outcome by calendar year for every policy, by its name."""
    return _series(results, _of(results.yearly, outcome), "value", results.scenarios)


def people_by_year(results: Results, outcome: str) -> dict[str, Series]:
    """Person-time as people on average over each calendar year, or what of it is simulated, for every policy."""
    return {name: series.over(results.lengths[0]) for name, series in yearly(results, outcome).items()}


def yearly_difference(results: Results, outcome: str) -> dict[str, Series]:
    """Each policy less the comparator by calendar year, paired."""
    return _series(results, _of(results.yearly_incremental, outcome), "difference", results.scenarios[1:])


def difference(results: Results, outcome: str, *, discounted: bool) -> dict[str, Estimate]:
    """Each policy less the comparator over the horizon, paired."""
    rows = _of(results.incremental, outcome)
    rows = rows[rows["discounted"].astype(bool) == discounted].set_index("scenario")
    factor = interval_factor(results.replications)
    values, errors = rows["difference"].to_dict(), rows["mcse"].to_dict()
    return {name: Estimate(values[name], _half(errors[name], factor)) for name in results.scenarios[1:]}


def banded(results: Results) -> tuple[str, ...]:
    """Policies whose levels are drawn with a band: all of a few; of many, whose bands would cover each other, one."""
    return results.scenarios if len(results.scenarios) <= FEW else results.scenarios[:1]


def which_bands(results: Results) -> str:
    """What a panel's title adds where not every level has a band."""
    return "" if banded(results) == results.scenarios else f" (band: {comparator(results)})"


def _of(frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return frame[frame["outcome"] == outcome]


def _series(results: Results, rows: pd.DataFrame, column: str, scenarios: tuple[str, ...]) -> dict[str, Series]:
    factor = interval_factor(results.replications)
    by_scenario = {name: rows[rows["scenario"] == name].set_index("year").reindex(results.years) for name in scenarios}
    return {
        name: Series(
            by_scenario[name][column].to_numpy(dtype=float),
            np.nan_to_num(by_scenario[name]["mcse"].to_numpy(dtype=float)) * factor,
        )
        for name in scenarios
    }


def _half(error: float, factor: float) -> float:
    return 0.0 if np.isnan(error) else error * factor
