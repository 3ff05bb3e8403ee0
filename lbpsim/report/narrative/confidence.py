"""How certain: the probability over uncertain inputs that a policy is worth more than the comparator, in words."""

from __future__ import annotations

import math

import numpy as np

from lbpsim.cea.net_benefit import View, net_benefit_of
from lbpsim.outcomes.draws import FEWEST_DRAWS, DrawResults
from lbpsim.psa.sample_size import Z, wilson
from lbpsim.report.format import percent_in_words
from lbpsim.study.phrasing import number_of


def many(draws: DrawResults) -> str:
    """How many draws there are, in words."""
    return number_of(len(draws.numbers), "draw")


def enough(draws: DrawResults) -> bool:
    """Whether there are draws enough for an interval."""
    return len(draws.numbers) >= FEWEST_DRAWS


def probability_better(draws: DrawResults, scenario: str, view: View) -> float:
    """Share of draws, noise taken out, in which a policy is worth more than the comparator."""
    return float((net_benefit_of(draws, view).clean[:, draws.scenarios.index(scenario)] > 0.0).mean())


def probability(share: float, draws: int) -> str:
    """A share of draws with its 95% Monte Carlo interval (Wilson's); never certainty, however many draws agree.

    >>> probability(0.75, 400), probability(1.0, 400)
    ('75% (71% to 79%)', 'at least 99%')
    """
    low, high = likely(share, draws)
    if share == 1.0:
        return f"at least {math.floor(low * 100)}%"
    if share == 0.0:
        return f"at most {math.ceil(high * 100)}%"
    return f"{percent_in_words(share)} ({percent_in_words(low)} to {percent_in_words(high)})"


def likely(share: float, draws: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share of so many draws: never has a rare event none."""
    square = Z**2 / draws
    middle, half = (share + square / 2.0) / (1.0 + square), float(wilson(np.array(share), draws))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def chance(share: float, draws: int) -> str:
    """As `probability`, without the interval.

    >>> chance(0.75, 400)
    '75%'
    """
    return probability(share, draws).partition(" (")[0]
