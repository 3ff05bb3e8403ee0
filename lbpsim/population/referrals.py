"""How many referrals to surgery it takes for the published operations: some do not come to it, and nobody goes twice.

Between referral and date some remit or die. And in balance part of the most disabled, on whom referral falls, have been
operated before. The rate of referral is raised by as much as both take away.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lbpsim.engine.quantile_tables import lognormal_table
from lbpsim.evidence.country import Country
from lbpsim.pathways.starting_disability import StartingDisability
from lbpsim.population.balance import BINS, balance, mean_mortality, remission
from lbpsim.population.demography import people_counted

ROUNDS = 30
Numbers = npt.NDArray[np.float64]


def referrals_per_operation(country: Country, values: Mapping[str, float], steepness: float) -> float:
    """By what the rate of operations among all in pain is multiplied to be that of referral among those not operated.

    `steepness`: of remission by usual disability.
    """
    referred = _relative(values)
    if not referred.any():
        return 1.0
    found, people = balance(country, values, steepness), people_counted(country)
    weights = people[:, :, None] * found.in_pain[:, :, None] * referred
    operated = _reach_the_date(country, values, steepness, referred)
    raised = 1.0 / operated
    for _ in range(ROUNDS):
        rate = values["surgery.referral_rate"] * raised * operated * referred
        never = float((weights * np.exp(-rate * found.years_in_pain)).sum() / weights.sum())
        raised = 1.0 / (operated * never)
    return raised


def _relative(values: Mapping[str, float]) -> Numbers:
    """Rate of referral by usual disability, flares among it, relative to the average; shape (BINS,)."""
    start, steep, least = StartingDisability(values), values["surgery.severity"], values["surgery.min_rmdq"]
    quiet = np.where(start.trait >= least, np.exp(steep * start.trait), 0.0)
    loud = np.where(start.flaring >= least, np.exp(steep * start.flaring), 0.0).mean(axis=1)
    rising = (1.0 - start.flare_share) * quiet + start.flare_share * loud
    return np.asarray(rising.reshape(BINS, -1).mean(axis=1) / max(float(rising.mean()), np.finfo(float).tiny))


def _reach_the_date(country: Country, values: Mapping[str, float], steepness: float, referred: Numbers) -> float:
    """Share of those referred who are still in pain, and alive, on the date of their operation."""
    rates = remission(country, values, steepness)
    leaving = rates.in_first_year * rates.first_year + (1.0 - rates.in_first_year) * rates.established
    waits = lognormal_table(values["surgery.wait_median"], values["surgery.wait_sigma"])
    staying = np.exp(-(float(np.average(leaving, weights=referred)) + mean_mortality(country)) * waits)
    return float((staying[:-1] + staying[1:]).mean() / 2.0)
