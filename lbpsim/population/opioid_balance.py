"""Long-term opioids in balance: the rate of stopping established use at which as many stop as start.

Starts, and stops in the first two years of use, are published; so is the share who use. What is left, the rate from the
third year on, is solved for. Agreement with the published share is therefore no validation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from scipy import optimize

from lbpsim.evidence.country import Country
from lbpsim.pathways.starting_disability import StartingDisability
from lbpsim.population import balance as pain_balance
from lbpsim.population.balance import balance, remission
from lbpsim.population.demography import ADULT, OLDEST, people_counted, survival

QUARTERS = 4
ESTABLISHED, RESTING = QUARTERS, QUARTERS + 1  # pain: quarters of its first year, established, in remission
LONG = 2 * QUARTERS + 1  # use: none, quarters of the first two years, longer
PAIN, USE = RESTING + 1, LONG + 1
SLOWEST, FASTEST = 0.01, 4.0  # of stopping, per year: where no rate in between gives the share
BINS = 8  # of usual disability: fewer than those of the balance of pain, as each is a large matrix here
KEPT_RATES = 2**15  # of every draw that a run makes, and of its structure: asked for again when all are made
NAMES = (
    *pain_balance.NAMES,
    *("flares.rate", "flares.size_mean", "flares.size_shape", "flares.duration_median", "flares.duration_sigma"),
    *("opioids.severity", "opioids.start_rate", "opioids.stop_first_year", "opioids.stop_second_year"),
    *("opioids.end_at_remission", "opioids.on_at_start", "opioids.mortality_rr"),
)
Numbers = npt.NDArray[np.float64]


def stop_established(country: Country, values: Mapping[str, float], steepness: float) -> float:
    """Stopping per year from the third year of use on, so that `opioids.on_at_start` of those in pain use opioids.

    `steepness`: of remission by usual disability. Where starts are too few or too many for that share at any rate, the
    slowest or the fastest that is tried; the share is then what they give.
    """
    return _solved(country, tuple(values[name] for name in NAMES), steepness)


@lru_cache(KEPT_RATES)
def _solved(country: Country, numbers: Sequence[float], steepness: float) -> float:
    values = dict(zip(NAMES, numbers, strict=True))

    @cache  # the ends are asked for twice
    def excess(rate: float) -> float:
        return share_using(country, values, steepness, rate) - values["opioids.on_at_start"]

    if excess(SLOWEST) <= 0.0:
        return SLOWEST
    if excess(FASTEST) >= 0.0:
        return FASTEST
    return float(optimize.brentq(excess, SLOWEST, FASTEST, xtol=1e-4))


def share_using(country: Country, values: Mapping[str, float], steepness: float, established: float) -> float:
    """Users in pain over people in pain, in balance, when established use is stopped at this rate."""
    quarter = _a_quarter(values, _pain(country, values, steepness), established)
    year = np.linalg.matrix_power(quarter, QUARTERS)
    joined = np.sum([np.linalg.matrix_power(quarter, later) for later in range(QUARTERS)], axis=0)[:, :, 0] / QUARTERS
    onsets = balance(country, values, steepness).onsets.reshape(2, -1, BINS, pain_balance.BINS // BINS).sum(axis=3)
    alive, people = people_counted(country), np.zeros((2, BINS, PAIN * USE))
    staying_alive = survival(country) ** max(values["opioids.mortality_rr"] - 1.0, 0.0)  # of users, relative to others
    using, in_pain = 0.0, 0.0
    for age in range(ADULT - 1, OLDEST):
        people = np.einsum("bij,sbj->sbi", year, people) + onsets[:, age, :, None] * joined
        people.reshape(2, BINS, PAIN, USE)[..., 1:] *= staying_alive[:, age, None, None, None]
        now = people.reshape(2, BINS, PAIN, USE)[:, :, :RESTING] * alive[:, age + 1, None, None, None]
        in_pain += float(now.sum())
        using += float(now[..., 1:].sum())
    return using / in_pain


def _a_quarter(values: Mapping[str, float], pain: Numbers, established: float) -> Numbers:
    """What a quarter makes of people by pain and use: (BINS, states, states), from column to row."""
    use, starting = _use(values, established), _starting(values)
    quarter = np.zeros((BINS, PAIN, USE, PAIN, USE))
    for here in range(PAIN):
        habit = np.broadcast_to(use, (BINS, USE, USE)).copy()
        if here != RESTING:
            habit[:, 0, 0] -= starting
            habit[:, 1, 0] += starting
        for there in range(PAIN):
            moved = habit * pain[:, there, here, None, None]
            if there == RESTING and here != RESTING:
                stopping = moved[:, 1:] * values["opioids.end_at_remission"]
                moved[:, 1:] -= stopping
                moved[:, 0] += stopping.sum(axis=1)
            quarter[:, there, :, here, :] = moved
    return quarter.reshape(BINS, PAIN * USE, PAIN * USE)


def _pain(country: Country, values: Mapping[str, float], steepness: float) -> Numbers:
    """The course of pain over a quarter, (BINS, PAIN, PAIN)."""
    rates = remission(country, values, steepness)
    yearly = (rate.reshape(BINS, -1).mean(axis=1) for rate in (rates.first_year, rates.established))
    young, old = (np.exp(-rate / QUARTERS) for rate in yearly)
    back = values["course.recurrence"] * values["course.recurrence_becomes_chronic"]
    pain = np.zeros((BINS, PAIN, PAIN))
    for age in range(QUARTERS):
        pain[:, age + 1, age], pain[:, RESTING, age] = young, 1.0 - young
    pain[:, ESTABLISHED, ESTABLISHED], pain[:, RESTING, ESTABLISHED] = old, 1.0 - old
    pain[:, 0, RESTING] = -np.expm1(-back / QUARTERS)
    pain[:, RESTING, RESTING] = np.exp(-back / QUARTERS)
    return pain


def _use(values: Mapping[str, float], established: float) -> Numbers:
    """Spells of use over a quarter, (USE, USE). They start in the middle of one, so bands end in the middle too."""
    first, second = values["opioids.stop_first_year"], values["opioids.stop_second_year"]
    turns = (first + second) / 2.0, (second + established) / 2.0
    yearly = np.array([*[first] * 3, turns[0], *[second] * 3, turns[1], established])
    staying = np.exp(-yearly / QUARTERS)
    use = np.zeros((USE, USE))
    use[0, 0] = 1.0
    for age, stays in enumerate(staying, start=1):
        use[min(age + 1, LONG), age] = stays
        use[0, age] = 1.0 - stays
    return use


def _starting(values: Mapping[str, float]) -> Numbers:
    """Share of those in pain without opioids who start within a quarter and still use at its end, shape (BINS,)."""
    start, steep = StartingDisability(values), values["opioids.severity"]
    rising = np.exp(steep * start.trait).reshape(BINS, -1).mean(axis=1) / start.mean_exp(steep, with_flares=False)
    started = -np.expm1(-values["opioids.start_rate"] * rising / QUARTERS)
    still = np.exp(-values["opioids.stop_first_year"] / (2.0 * QUARTERS))
    return np.asarray(started * still)
