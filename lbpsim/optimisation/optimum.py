"""What a search for the best policy comes to: the policy, what limits are worth, what other budgets would bring."""

from __future__ import annotations

from dataclasses import dataclass

from lbpsim.optimisation.limits import Limit
from lbpsim.optimisation.question import Question
from lbpsim.optimisation.sample import Numbers
from lbpsim.optimisation.trials import Score, Values
from lbpsim.study import Policy

WITHIN_ERROR = 2.0  # standard errors, beyond which a difference is told as one


@dataclass(frozen=True)
class Price:
    """What more of a limit is worth: `more` of the `limit`, in each of its periods, lets the best policy gain so much
    more towards the goal, with the standard error of that. `values`: of that policy's levers; `kept`: whether it keeps
    the limits in the check.
    """

    limit: Limit
    more: float
    values: Values
    gain: float
    error: float
    kept: bool

    @property
    def of_one(self) -> tuple[float, float]:
        """What one more unit is worth, and the standard error of that."""
        return self.gain / self.more, self.error / self.more

    @property
    def sure(self) -> bool:
        """Whether it is worth anything beyond the error."""
        return abs(self.gain) > WITHIN_ERROR * self.error


@dataclass(frozen=True)
class FrontierPoint:
    """The best policy found for a `multiple` of the budget, which is a `budget` in the year in which it is largest, and
    whether the check found it within that.
    """

    multiple: float
    budget: float
    values: Values
    score: Score
    kept: bool


@dataclass(frozen=True)
class OwnPolicy:
    """A policy of the study beside what was found: its score, and whether it keeps the limits."""

    name: str
    score: Score
    kept: bool


@dataclass(frozen=True)
class Optimum:
    """The best policy found: the `values` of its levers, and its `score` in the check.

    `left`: what the check leaves of each limit, as a share of its size, by limited period; `prices`: of limits that
    bind; `frontier`: the best for other budgets, by rising `multiple`; `own`: the study's policies to choose from;
    `alike`: values tried that come within a small share of the best; `trials`: how many policies were tried; `repairs`:
    how often limits were drawn in, since the check had shown one to be broken; `seconds`: what it took.
    """

    question: Question
    values: Values
    score: Score
    left: tuple[Numbers, ...]
    prices: tuple[Price, ...]
    frontier: tuple[FrontierPoint, ...]
    own: tuple[OwnPolicy, ...]
    alike: tuple[Values, ...]
    trials: int
    repairs: int
    seconds: float = 0.0

    @property
    def policy(self) -> Policy:
        """The policy itself, as its file gives it."""
        return self.question.space.policy(self.values, "optimum")

    @property
    def binding(self) -> tuple[Limit, ...]:
        """The limits that bind."""
        pairs = zip(self.question.judged, self.left, strict=True)
        return tuple(limit for limit, left in pairs if left.size and float(left.min()) < self.question.plan.binding)

    @property
    def next_best(self) -> OwnPolicy | None:
        """The policy of the study that gains most of those that keep the limits; None where none does."""
        return max((each for each in self.own if each.kept), key=lambda each: each.score.gain, default=None)

    @property
    def sure(self) -> bool:
        """Whether it gains more than the next best policy of the study, beyond the error of that."""
        if self.next_best is None:
            return True
        lead, error = self.score.over(self.next_best.score)
        return lead > WITHIN_ERROR * error
