"""What charts draw: outcomes by year and over the horizon, each with its 95% Monte Carlo interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.outcomes.estimate import Estimate, interval_factor, rare
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.intervals import levels
from lbpsim.report.charts.policy_styles import comparator
from lbpsim.report.narrative.differences import discounted as discounted_difference
from lbpsim.report.narrative.differences import draws_of, undiscounted
from lbpsim.report.narrative.finding import over_draws, with_enough_draws

Numbers = npt.NDArray[np.float64]
FEW = 4  # policies whose bands can be told apart


def yearly(results: Results, outcome: str) -> dict[str, Estimate]:
    """An outcome by calendar year for every policy, by its name."""
    return _series(results, _of(results.yearly, outcome), "value", results.scenarios)


def people_by_year(results: Results, outcome: str) -> dict[str, Estimate]:
    """Person-time as people on average over each calendar year, or what of it is simulated, for every policy."""
    return {name: series.over(results.lengths[0]) for name, series in yearly(results, outcome).items()}


def yearly_difference(results: Results, outcome: str) -> dict[str, Estimate]:
    """Each policy less the comparator by calendar year, paired."""
    return _series(results, _of(results.yearly_incremental, outcome), "difference", results.scenarios[1:])


def expected_by_year(results: Results, outcome: str) -> dict[str, Estimate]:
    """As `yearly`, over draws: means with the interval of parameters, where that is not lost in noise; not a number for
    a year of which some draw has no figure. None without draws enough, or where draws do not have the last year.
    """
    found = levels(results, outcome) if over_draws(results) else {}
    central = yearly(results, outcome)
    ends = ((central[name].value[-1], each.value[-1]) for name, each in found.items())
    return found if all(np.isfinite(over) or np.isnan(usual) for usual, over in ends) else {}


def difference(results: Results, outcome: str, *, discounted: bool) -> dict[str, Estimate]:
    """Each policy less the comparator over the horizon, paired."""
    rows = _of(results.incremental, outcome)
    rows = rows[rows["discounted"].astype(bool) == discounted].set_index("scenario")
    values, errors = rows["difference"].to_dict(), rows["mcse"].to_dict()
    return {name: _drawn(values[name], errors[name], results.replications) for name in results.scenarios[1:]}


def expected(results: Results, outcome: str, *, discounted: bool) -> dict[str, Estimate]:
    """Each policy less the comparator over the horizon: its mean over draws and their 95% interval, where there are
    draws enough; else at central inputs, as `difference`.
    """
    seen = with_enough_draws(results)
    if draws_of(seen) is None:
        return difference(results, outcome, discounted=discounted)
    told = discounted_difference if discounted else undiscounted
    return {name: told(seen, name, outcome) for name in results.scenarios[1:]}


def noise_rules(results: Results, outcome: str) -> bool:
    """Whether in most years Monte Carlo error could explain most differences from the comparator, or, where nothing
    differs, is much of the comparator's own figure.
    """
    found = yearly_difference(results, outcome).values()
    moved = [abs(each.value) > 0.0 for each in found]
    clear = [abs(each.value) > each.half_width for each in found]
    return 2 * np.sum(clear) < np.sum(moved) if np.any(moved) else rare(yearly(results, outcome)[results.scenarios[0]])


def banded(results: Results) -> tuple[str, ...]:
    """Policies whose levels are drawn with a band: all of a few; of many, whose bands would cover each other, one."""
    return results.scenarios if len(results.scenarios) <= FEW else results.scenarios[:1]


def which_bands(results: Results) -> str:
    """What a panel's title adds where not every level has a band."""
    return "" if banded(results) == results.scenarios else f" (band: {comparator(results)})"


def _of(frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return frame[frame["outcome"] == outcome]


def _series(results: Results, rows: pd.DataFrame, column: str, scenarios: tuple[str, ...]) -> dict[str, Estimate]:
    by_scenario = {name: rows[rows["scenario"] == name].set_index("year").reindex(results.years) for name in scenarios}
    return {
        name: _drawn(each[column].to_numpy(float), each["mcse"].to_numpy(float), results.replications)
        for name, each in by_scenario.items()
    }


def _drawn(value: Any, error: Any, replications: int) -> Estimate:
    """An estimate as it is drawn: where its error is not known, the interval has no width."""
    half = interval_factor(replications) * np.nan_to_num(error)
    return Estimate(value, value - half, value + half, error, "Monte Carlo")
