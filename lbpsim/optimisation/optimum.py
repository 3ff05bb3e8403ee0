"""What a search for the best policy comes to: the policy, what limits are worth, what other budgets would bring.

All figures are from draws that had no part in the search, so that nobody's luck is told as merit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lbpsim import door
from lbpsim.optimisation.limits import Limit
from lbpsim.optimisation.question import Question
from lbpsim.optimisation.trials import Score, Values
from lbpsim.outcomes.arrays import Numbers
from lbpsim.study import Policy
from lbpsim.study.files.errors import named

WITHIN_ERROR = 2.0  # standard errors, beyond which a difference is told as one


def differs(value: float, error: float) -> int:
    """1 or -1 where a figure lies above or below zero beyond its standard error, 0 where it cannot be told."""
    return int(value > WITHIN_ERROR * error) - int(value < -WITHIN_ERROR * error)


@dataclass(frozen=True)
class Price:
    """What more of a limit is worth: `more` of the `limit`, in the period in which most is allowed and in the others in
    proportion, lets the best policy gain so much more towards the goal, with the standard `error` of that. `values`: of
    that policy's levers.
    """

    limit: Limit
    more: float
    values: Values
    gain: float
    error: float

    @property
    def of_one(self) -> tuple[float, float]:
        """What one more unit is worth, and the standard error of that."""
        return self.gain / self.more, self.error / self.more

    @property
    def sure(self) -> bool:
        """Whether it is worth anything beyond the error."""
        return differs(self.gain, self.error) > 0


@dataclass(frozen=True)
class FrontierPoint:
    """The best policy found for a `multiple` of the budget, which is a `budget` in the year in which it is largest."""

    multiple: float
    budget: float
    values: Values
    score: Score


@dataclass(frozen=True)
class Sideways:
    """The best policy with one `lever`, by its place, moved aside: its values, its score, and whether it keeps the
    limits as far as its error lets one tell.
    """

    lever: int
    values: Values
    score: Score
    kept: bool


@dataclass(frozen=True)
class OwnPolicy:
    """A policy of the study beside what was found: its score, and whether it keeps the limits, as above."""

    name: str
    score: Score
    kept: bool


@dataclass(frozen=True)
class Optimum:
    """The best policy found: the `values` of its levers, and its `score`.

    `left`: what is left of each limit, as a share of its size, by limited period; `binding`: limits of which the check
    left next to nothing; `prices`: what more of these is worth, where a policy was found that keeps the rest;
    `frontier`: the best for smaller and larger budgets, by rising `multiple`; `sideways`: the policy with single levers
    moved; `own`: the study's policies that could be chosen, the comparator first; `trials`: how many policies were
    tried; `repairs`: how often limits were drawn in, since the check had shown one to be broken; `seconds`: it took.
    """

    question: Question
    values: Values
    score: Score
    left: tuple[Numbers, ...]
    binding: tuple[Limit, ...]
    prices: tuple[Price, ...]
    frontier: tuple[FrontierPoint, ...]
    sideways: tuple[Sideways, ...]
    own: tuple[OwnPolicy, ...]
    trials: int
    repairs: int
    seconds: float = 0.0

    @property
    def policy(self) -> Policy:
        """The policy itself, as its file gives it."""
        return self.question.space.policy(self.values, "optimum")

    @property
    def next_best(self) -> OwnPolicy | None:
        """The policy of the study, the comparator among them, that gains most of those that keep the limits."""
        return max((each for each in self.own if each.kept), key=lambda each: each.score.gain, default=None)

    @property
    def lead(self) -> int:
        """1 where it gains more than the next best policy of the study, beyond the error of that, or where none keeps
        the limits; -1 where it gains less; 0 where the two cannot be told apart.
        """
        return 1 if self.next_best is None else differs(*self.score.over(self.next_best.score))

    def save(self, folder: str | Path) -> None:
        """Write the policy as a file, tables, chart and page into a folder, as `lbpsim optimise` does."""
        door.save_optimum(self, named(folder, "folder"))
