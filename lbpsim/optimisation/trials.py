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
from lbpsim.optimisation.sample import Figures, Numbers, Sample, by_draw, mean_and_error
from lbpsim.optimisation.search import Trial
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
    by draw, shape (draws, periods); `extra`: `SHOWN` outcomes over the comparator, shape (draws, replications).
    """

    gains: Numbers
    used: tuple[Numbers, ...]
    extra: dict[str, Numbers]

    @property
    def arrays(self) -> Arrays:
        """The score as it is kept on disk."""
        return {"gains": self.gains, **{f"used{place}": each for place, each in enumerate(self.used)}, **self.extra}

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

    def most_used(self, limit: int) -> float:
        """What is used of it on average in the period in which it is most."""
        return float(self.used_on_average(limit).max())


class Court:
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
                self._known[values] = self._of_stored(stored)
        new = [values for values in dict.fromkeys(every) if values not in self._known]
        policies = [self.question.space.policy(values) for values in new]
        found = [self.judge(figures) for figures in self.sample.of([*policies, *others])] if new or others else []
        for values, score in zip(new, found, strict=False):
            self._known[values] = score
            self.kept.store(self._key(values), score.arrays)
        return found[len(new) :]

    def _key(self, values: Values) -> str:
        """What a score depends on beside the study, as a short hash."""
        names = [limit.name for limit in self.question.judged]
        asked = [self.question.space.text(values), self.question.goal.name, *names, str(self.sample.size)]
        return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:24]

    def _of_stored(self, stored: Arrays) -> Score:
        used = tuple(stored[f"used{place}"] for place in range(len(self.question.judged)))
        return Score(stored["gains"], used, {name: stored[name] for name in (*SHOWN, SPENT)})

    def judge(self, policy: Figures) -> Score:
        """The score of figures."""
        study, limits = self.question.study, self.question.judged
        return Score(
            self.question.goal.gain(study, policy, self.usual),
            tuple(by_draw(limit.used(study, policy, self.usual)) for limit in limits),
            {name: policy.of(name) - self.usual.of(name) for name in SHOWN}
            | {SPENT: (policy.paid[:, :, -1] - self.usual.paid[:, :, -1]).sum(axis=-1)},
        )


@dataclass(frozen=True)
class Bench:
    """A court with limits as they are to be kept there: `limits` as of the question, or moved.

    `shifts`: for each limit, by period, what has to be added to what is used here, since a larger sample has shown so;
    `sizes`: how large a change of each is worth speaking of.
    """

    court: Court
    limits: tuple[Limit, ...]
    shifts: tuple[Numbers, ...]
    sizes: tuple[float, ...]

    @classmethod
    def of(cls, court: Court) -> Bench:
        """The limits as they were asked for. Of one that allows nothing, the size is what the policy itself uses."""
        limits, given = court.question.judged, court.question.space.given
        score = court.score(given) if any(not limit.size for limit in limits) else None
        sizes = (
            limit.size or (score and float(np.abs(score.used_on_average(place)).max())) or 1.0
            for place, limit in enumerate(limits)
        )
        return cls(court, limits, tuple(np.zeros(len(limit.periods)) for limit in limits), tuple(sizes))

    def shifted(self, here: Score, there: Score, times: int) -> Bench:
        """The bench after a larger sample (`there`) has shown what a policy judged `here` uses: with what it uses more
        there, and so many `times` half a standard error of that.
        """
        shifts = []
        for place, limit in enumerate(self.limits):
            used = there.used[place]
            error = used.std(axis=0, ddof=1) / np.sqrt(len(used))
            margin = 0.5 * times * error * (-1.0 if limit.at_least else 1.0)
            shifts.append(used.mean(axis=0) - here.used_on_average(place) + margin)
        return replace(self, shifts=tuple(shifts))

    def allowing(self, place: int, limit: Limit) -> Bench:
        """The bench with another limit at a place."""
        return replace(self, limits=(*self.limits[:place], limit, *self.limits[place + 1 :]))

    def left(self, score: Score) -> list[Numbers]:
        """How much is left of each limit, as a share of its size."""
        return [
            limit.left(score.used_on_average(place) + self.shifts[place]) / self.sizes[place]
            for place, limit in enumerate(self.limits)
        ]

    def trial(self, score: Score) -> Trial:
        """A score as the search knows it."""
        left = self.left(score)
        return Trial(score.gain, np.concatenate(left) if left else np.empty(0))

    def keeps(self, score: Score) -> bool:
        """Whether a score keeps every limit."""
        return self.trial(score).allowed
