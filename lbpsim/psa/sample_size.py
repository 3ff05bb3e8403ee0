"""How many people a draw and how many draws, for probabilities that are right to a stated precision.

A probability here is that of one policy being worth more than another (net monetary benefit, at a threshold of the
study, from either perspective), or of being worth the most of all. Two things can make it wrong:

- Too few people. Noise widens the law of the net benefit, and so draws its probability towards one half. With mean m,
  variance B from the parameters and W/n from n people, the probability moves from Phi(m / sqrt(B)) to
  Phi(m / sqrt(B + W/n)). A pilot gives B and W by analysis of variance; n is the least for which no pair of
  policies that matters moves by more than the precision: each with the comparator, each with the one worth most.
- Too few draws. The 95% interval of a share of K draws (Wilson's) has to reach no further than the precision to either
  side, and no probability may have moved by more over the last half of the draws.

O'Hagan, Stevenson and Madan (2007, doi 10.1002/hec.1199) use the same analysis of variance for the mean and variance;
the mean needs fewer people than this, and its Monte Carlo error is told with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lbpsim.cea.net_benefit import benefit, views
from lbpsim.evidence import in_force
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.draws import DECISIVE, DrawResults
from lbpsim.psa.draw_request import FEWEST_PEOPLE

STEP = 100  # draws between two looks at whether they are enough
ROUND_PEOPLE = 100  # a round number reads better
Z = float(special.ndtri(0.975))


@dataclass(frozen=True)
class Pair:
    """Net benefit of one policy less that of another, over draws.

    `parameter_variance`: between draws, noise taken out; `person_variance`: noise times people (a draw of n people has
    this over n). In money squared.
    """

    perspective: str
    threshold: float
    policy: str
    against: str
    mean: float
    parameter_variance: float
    person_variance: float

    def probability(self, people: float = math.inf) -> float:
        """That the policy is worth more, as draws of so many people would show it (normal law)."""
        variance = self.parameter_variance + self.person_variance / people
        if variance <= 0.0:
            return 0.5 if self.mean == 0.0 else float(self.mean > 0.0)
        return float(special.ndtr(self.mean / math.sqrt(variance)))

    def moved(self, people: float) -> float:
        """By how much the noise of so many people moves the probability."""
        return abs(self.probability(people) - self.probability())

    def in_words(self, people: int) -> str:
        """What so many people do to the probability, as a sentence."""
        return (
            f"the closest call is {self.policy} against {self.against} at {in_force.currency()} "
            f"{self.threshold:,.0f} a QALY ({self.perspective.replace('_', ' ')}): {self.policy} is "
            "worth more with probability "
            f"{self.probability():.1%}, and {people:,} people would show {self.probability(people):.1%}"
        )

    def people_needed(self, precision: float, most: int) -> int:
        """The least round number of people, up to `most`, that moves the probability by no more than the precision."""
        few, many = 0, 1
        while self.moved(many * ROUND_PEOPLE) > precision and many * ROUND_PEOPLE < most:
            few, many = many, 2 * many
        while many - few > 1:
            middle = (few + many) // 2
            few, many = (few, middle) if self.moved(middle * ROUND_PEOPLE) <= precision else (middle, many)
        return min(many * ROUND_PEOPLE, most)


def pairs(draws: DrawResults, thresholds: Sequence[float]) -> Iterator[Pair]:
    """Policies with the comparator and with the one worth most on average, from every view."""
    for view in views(thresholds):
        each = benefit(draws.replicates, view, DECISIVE)  # (draws, scenarios, replications)
        for one, other in _rivals(int(each.mean(axis=(0, 2)).argmax()), len(draws.scenarios)):
            mean, parameter, person = _variances(each[:, other] - each[:, one], draws.plan.people)
            names = draws.scenarios[other], draws.scenarios[one]
            yield Pair(*view, *names, mean, parameter, person)


def _rivals(best: int, scenarios: int) -> list[tuple[int, int]]:
    """Each policy with the comparator (0) and with the best, once."""
    with_best = [(min(best, other), max(best, other)) for other in range(1, scenarios) if other != best]
    return sorted({*((0, other) for other in range(1, scenarios)), *with_best})


def _variances(each: Numbers, people: int) -> tuple[float, float, float]:
    """Mean, parameters' variance and a person's variance of values of shape (draws, replications)."""
    replications = each.shape[1]
    noise = float(each.var(axis=1, ddof=1).mean()) / replications
    between = float(each.mean(axis=1).var(ddof=1))
    return float(each.mean()), max(between - noise, 0.0), noise * people


def hardest(pilot: DrawResults, thresholds: Sequence[float], precision: float, most: int) -> tuple[int, Pair | None]:
    """People a draw that the precision needs, up to `most`, and the pair of policies that needs them (None: none)."""
    needs = [(pair.people_needed(precision, most), pair) for pair in pairs(pilot, thresholds)]
    people, pair = max(needs, key=lambda need: need[0], default=(0, None))
    return min(max(people, FEWEST_PEOPLE), most), pair


@dataclass(frozen=True)
class Probabilities:
    """Running shares of draws, after `draws` of them (looks,): that each scenario is worth more than the comparator,
    and that it is worth the most; shape (looks, scenarios, views) each. Ties go to the first.
    """

    draws: tuple[int, ...]
    better: Numbers
    best: Numbers

    def worst_error(self) -> float:
        """Half of the widest 95% interval after all draws (Wilson's, which no share of 0 or 1 makes vanish)."""
        return float(max(wilson(share[-1], self.draws[-1]).max() for share in (self.better, self.best)))

    def last_move(self) -> float:
        """The most that a probability differed from its last value at any look in the last half of the draws."""
        late = [look for look, number in enumerate(self.draws) if 2 * number >= self.draws[-1]]
        return float(max(np.abs(share[late] - share[-1]).max() for share in (self.better, self.best)))

    def settled(self, precision: float) -> bool:
        """Whether both kinds of error are within the precision."""
        return self.worst_error() <= precision and self.last_move() <= precision


def wilson(share: Numbers, draws: int) -> Numbers:
    """Half-width of Wilson's 95% interval of a share of so many draws."""
    square = Z**2 / draws
    return np.asarray(Z / (1.0 + square) * np.sqrt(share * (1.0 - share) / draws + square / (4.0 * draws)))


def looks(draws: int) -> tuple[int, ...]:
    """Numbers of draws at which to look: every `STEP`, of fewer draws every twentieth of them; the last always."""
    every = STEP if draws > 2 * STEP else max(draws // 20, 1)
    return tuple(sorted({*range(every, draws, every), draws}))


def probabilities(draws: DrawResults, thresholds: Sequence[float]) -> Probabilities:
    """Running probabilities of a study's draws."""
    at = looks(len(draws.numbers))
    rows = np.array(at) - 1
    better, best = [], []
    for view in views(thresholds):
        each = benefit(draws.replicates.mean(axis=2), view, DECISIVE)
        winners = each.argmax(axis=1)[:, None] == np.arange(each.shape[1])
        better.append(_running(each > each[:, :1])[rows])
        best.append(_running(winners)[rows])
    return Probabilities(at, np.stack(better, axis=-1), np.stack(best, axis=-1))


def _running(happened: npt.NDArray[np.bool_]) -> Numbers:
    counts = np.arange(1, len(happened) + 1)
    return np.asarray(np.cumsum(happened, axis=0) / counts[:, None])
