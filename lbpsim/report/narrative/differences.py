"""Differences between policies as contrasts, from draws where there are draws and from replications otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.outcomes.draws import DECISIVE, DrawResults, ProbabilisticResults
from lbpsim.outcomes.estimate import Estimate, from_draws, from_error
from lbpsim.outcomes.measures import OUTCOMES, adding_up
from lbpsim.outcomes.results import Results, mean_and_error

Numbers = npt.NDArray[np.float64]
Weights = Mapping[str, float]
ROUNDING = 1e-9  # of a figure: far above what its sums lose, far below what anybody would tell


def draws_of(results: Results) -> DrawResults | None:
    """The draws of a probabilistic analysis, None without one."""
    return results.draws if isinstance(results, ProbabilisticResults) else None


def discounted(results: Results, scenario: str, outcome: str) -> Estimate:
    """A policy less the comparator over the horizon, discounted."""
    draws, place = draws_of(results), results.scenarios.index(scenario)
    if draws is None:
        whole = country(results, outcome, discounting=True).sum(axis=-1)
        return from_replications(apart(whole[place], whole[0]))
    values, number = draws.of(outcome), draws.outcomes.index(outcome)
    return from_draws(apart(values[:, place], values[:, 0]), draws.mcse[:, place, number])


def undiscounted(results: Results, scenario: str, outcome: str, years: Sequence[int] | None = None) -> Estimate:
    """A policy less the comparator over `years` (the horizon if None), undiscounted.

    Draws keep some outcomes by year; of the others only Monte Carlo error is known.
    """
    draws, chosen = draws_of(results), results.years if years is None else tuple(years)
    if draws is not None and outcome in draws.yearly_outcomes:
        columns = [draws.years.index(year) for year in chosen]
        each = draws.yearly[..., draws.yearly_outcomes.index(adding_up(outcome))][..., columns].sum(axis=-1)
        change = apart(each[:, draws.scenarios.index(scenario)], each[:, 0])
        return from_draws(change, None)  # years share random numbers in a way that draws do not keep
    columns = [results.years.index(year) for year in chosen]
    each = country(results, outcome)[:, :, columns].sum(axis=-1)
    return from_replications(apart(each[results.scenarios.index(scenario)], each[0]))


def between(results: Results, scenario: str, other: str, weights: Weights) -> Estimate:
    """A weighted sum of discounted outcomes of one policy less that of another; outcomes of `DECISIVE` alone."""
    draws = draws_of(results)
    first, second = results.scenarios.index(scenario), results.scenarios.index(other)
    if draws is None:
        both = [first, second]
        each = sum((weight * country(results, name, discounting=True)[both] for name, weight in weights.items()), 0.0)
        one, another = np.asarray(each).sum(axis=-1)
        return from_replications(apart(one, another))
    row = np.array([weights.get(name, 0.0) for name in DECISIVE])
    each = (draws.replicates[:, first] - draws.replicates[:, second]) @ row
    return from_draws(*mean_and_error(each))


def net_benefit(results: Results, scenario: str, perspective: str, threshold: float) -> Estimate:
    """Net monetary benefit (money) over the comparator at a threshold (money per QALY)."""
    weights = {"qalys": threshold, PERSPECTIVES[perspective]: -1.0}
    return between(results, scenario, results.scenarios[0], weights)


def apart(one: Numbers, other: Numbers) -> Numbers:
    """Differences of national figures; what rounding in the last bits of these leaves of nothing is nothing."""
    found = np.asarray(one - other)
    return np.where(np.abs(found) > ROUNDING * np.maximum(np.abs(one), np.abs(other)), found, 0.0)


def from_replications(each: Numbers) -> Estimate:
    """From one value of a difference per replication, shape (replications,)."""
    mean, error = mean_and_error(each[None])
    return from_error(float(mean[0]), float(error[0]), len(each))


def country(results: Results, outcome: str, *, discounting: bool = False) -> Numbers:
    """A flow, for the country; shape (policies, replications, years). Raises ValueError for what does not add up."""
    return np.asarray(results.by_replication[:, :, int(discounting), :, list(OUTCOMES).index(adding_up(outcome))])
