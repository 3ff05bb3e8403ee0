"""Policies tried in a sample and judged: what each gains, and how much of every limit it leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from lbpsim.optimisation.limits import Limit
from lbpsim.optimisation.question import Question
from lbpsim.optimisation.sample import Figures, Sample, by_draw, mean_and_error
from lbpsim.optimisation.search import Trial
from lbpsim.outcomes.arrays import Numbers
from lbpsim.simulation.checkpoints import Arrays, Checkpoint
from lbpsim.study import Policy

SPENT = "spent"  # by all payers on health care, undiscounted, over all years
Values = tuple[Any, ...]
SHOWN = (
    "qalys",
    "dalys",
    "cost_health_system",
    "cost_societal",
)  # against the comparator, of every policy that is told


@dataclass(frozen=True)
class Score:
    """What a policy comes to: its `gains` towards the goal, shape (draws, replications); what it `used` of each limit,
    by draw, shape (draws, periods), and in which share of draws it is `beyond` what is allowed, shape (periods,);
    `extra`: `SHOWN` outcomes over the comparator and what is `SPENT`, shape (draws, replications).
    """

    gains: Numbers
    used: tuple[Numbers, ...]
    beyond: tuple[Numbers, ...]
    extra: dict[str, Numbers]

    @property
    def arrays(self) -> Arrays:
        """The score as it is kept on disk."""
        by_limit = {f"used{place}": each for place, each in enumerate(self.used)}
        by_limit |= {f"beyond{place}": each for place, each in enumerate(self.beyond)}
        return {"gains": self.gains, **by_limit, **self.extra}

    @classmethod
    def of_arrays(cls, kept: Arrays, limits: int) -> Score:
        """The score that was kept, of so many limits."""
        used, beyond = (tuple(kept[f"{name}{place}"] for place in range(limits)) for name in ("used", "beyond"))
        return cls(kept["gains"], used, beyond, {name: kept[name] for name in (*SHOWN, SPENT)})

    @property
    def gain(self) -> float:
        """The mean gain over draws."""
        return float(self.gains.mean())

    def over(self, other: Score) -> tuple[float, float]:
        """How much more it gains than another in the same draws, and the standard error of that."""
        mean, error = mean_and_error(self.gains - other.gains)
        return float(mean), float(error)

    def used_on_average(self, limit: int) -> Numbers:
        """What is used of a limit in each of its periods, the mean over draws."""
        return np.asarray(self.used[limit].mean(axis=0))

    def error_of_used(self, limit: int) -> Numbers:
        """The standard error of that."""
        each = self.used[limit]
        return np.asarray(each.std(axis=0, ddof=1) / np.sqrt(len(each)))

    def most_used(self, limit: int) -> float:
        """What is used of it on average in the period in which it is most."""
        return float(self.used_on_average(limit).max())


class Evaluator:
    """Policies of a question as a `sample` judges them; what was judged before is known, `kept` on disk too."""

    def __init__(self, question: Question, sample: Sample, kept: Checkpoint) -> None:
        self.question, self.sample, self.kept = question, sample, kept
        self._known: dict[Values, Score] = {}

    @cached_property
    def usual(self) -> Figures:
        """The comparator's figures."""
        return self.sample.of([self.question.study.policies[0]])[0]

    def score(self, values: Values) -> Score:
        """The score of the policy with these values at its levers."""
        if values not in self._known:
            self.score_all([values])
        return self._known[values]

    def score_all(self, every: Sequence[Values], others: Sequence[Policy] = ()) -> list[Score]:
        """Judge the policies with these values, all simulated together; the scores of `others`, simulated with them."""
        for values in every:
            stored = None if values in self._known else self.kept.load(self._key(values))
            if stored is not None:
                self._known[values] = Score.of_arrays(stored, len(self.question.tracked))
        new = [values for values in dict.fromkeys(every) if values not in self._known]
        policies = [self.question.space.policy(values) for values in new]
        found = [self.evaluate(figures) for figures in self.sample.of([*policies, *others])] if new or others else []
        for values, score in zip(new, found, strict=False):
            self._known[values] = score
            self.kept.store(self._key(values), score.arrays)
        return found[len(new) :]

    def _key(self, values: Values) -> str:
        """What a score depends on beside the study, as a short hash."""
        limits = [f"{limit.name}: {limit.allowed.tolist()}" for limit in self.question.tracked]
        draws = f"{self.sample.size} from draw {self.sample.first}"
        asked = [self.question.space.text(values), self.question.goal.name, *limits, draws]
        return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:24]

    def evaluate(self, policy: Figures) -> Score:
        """The score of figures."""
        study, limits = self.question.study, self.question.tracked
        return Score(
            self.question.goal.gain(study, policy, self.usual),
            tuple(by_draw(limit.used(study, policy, self.usual)) for limit in limits),
            tuple(limit.beyond(limit.in_each_draw(study, policy, self.usual)).mean(axis=0) for limit in limits),
            {name: policy.of(name) - self.usual.of(name) for name in SHOWN}
            | {SPENT: (policy.paid[:, :, -1] - self.usual.paid[:, :, -1]).sum(axis=-1)},
        )


@dataclass(frozen=True)
class Allowance:
    """What is allowed in a sample: the `limits` as asked for, or moved.

    `shifts`: for each limit, by period, what has to be added to what is used here, since a larger sample has shown so;
    `sizes`: how large a change of each is worth speaking of; `margin`: standard errors that have to be left, below zero
    where so many are forgiven.
    """

    limits: tuple[Limit, ...]
    shifts: tuple[Numbers, ...]
    sizes: tuple[float, ...]
    margin: float = 0.0

    @classmethod
    def of(cls, evaluator: Evaluator) -> Allowance:
        """The limits as they were asked for. Of one that allows nothing, the size is what the policy itself uses."""
        limits, given = evaluator.question.tracked, evaluator.question.space.given
        score = evaluator.score(given) if any(not limit.size for limit in limits) else None
        sizes = (
            limit.size or (score and float(np.abs(score.used_on_average(place)).max())) or 1.0
            for place, limit in enumerate(limits)
        )
        return cls(limits, tuple(np.zeros(len(limit.periods)) for limit in limits), tuple(sizes))

    def with_margin(self, margin: float) -> Allowance:
        """The same in a sample in which so many standard errors have to be left."""
        return replace(self, margin=margin, shifts=tuple(np.zeros_like(each) for each in self.shifts))

    def shifted(self, here: Score, there: Score, margin: float) -> Allowance:
        """The same after a larger sample (`there`) has shown what a policy that is known `here` uses, with so many
        standard errors to be left there.
        """
        shifts = []
        for place, limit in enumerate(self.limits):
            more = margin * there.error_of_used(place) * (-1.0 if limit.at_least else 1.0)
            shifts.append(there.used_on_average(place) - here.used_on_average(place) + more)
        return replace(self, shifts=tuple(shifts))

    def allowing(self, place: int, limit: Limit) -> Allowance:
        """The same with another limit at a place."""
        return replace(self, limits=(*self.limits[:place], limit, *self.limits[place + 1 :]))

    def left(self, score: Score) -> list[Numbers]:
        """How much is left of each limit, as a share of its size."""
        left = []
        for place, limit in enumerate(self.limits):
            error = self.margin * score.error_of_used(place) * (-1.0 if limit.at_least else 1.0)
            left.append(limit.left(score.used_on_average(place) + self.shifts[place] + error) / self.sizes[place])
        return left

    def trial(self, score: Score) -> Trial:
        """A score as the search knows it."""
        left = self.left(score)
        return Trial(score.gain, np.concatenate(left) if left else np.empty(0))

    def keeps(self, score: Score) -> bool:
        """Whether a score keeps every limit."""
        return self.trial(score).allowed
