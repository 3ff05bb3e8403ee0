"""How the best policy is looked for: with few people first, believed only after many.

A limit that the larger sample shows to be broken is drawn in by as much, and what is best is looked for again. Whatever
was tried once is known in every later search, under other limits too, since trials do not depend on what is allowed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import numpy as np

from lbpsim.cea.choice_set import choosable
from lbpsim.optimisation.levers import Point
from lbpsim.optimisation.limits import Limit, amount
from lbpsim.optimisation.optimum import FrontierPoint, Optimum, OwnPolicy, Price
from lbpsim.optimisation.question import Question
from lbpsim.optimisation.sample import Sample
from lbpsim.optimisation.search import Search, Trial
from lbpsim.optimisation.trials import Bench, Court, Score, Values
from lbpsim.simulation.checkpoints import Checkpoint
from lbpsim.simulation.run import checkpoint_of
from lbpsim.simulation.workers import hired

Tell = Callable[[str, int, int], None]  # what is looked for, policies tried so far, about how many in all
NOWHERE = Checkpoint(None)
HALF, QUARTER = 0.5, 0.25  # of the way to where the policy stands, for a start within limits


class NothingAllowedError(Exception):
    """No policy was found that keeps the limits; the message says which are broken, and by how much."""


def optimise(
    question: Question, *, workers: int | None = None, tell: Tell | None = None, folder: Path | None = None
) -> Optimum:
    """Find the best policy; `workers`: threads, one a core by default; `tell` hears how far it is; `folder`: where
    trials are kept, so that interrupted work goes on from them.

    Raises NothingAllowedError where none was found that keeps the limits; InputErrors where a policy makes no sense;
    OSError where trials cannot be kept.
    """
    started = time.perf_counter()
    with hired(workers) as pool:
        found = Hunt(question, pool, tell, checkpoint_of(folder, question.study)).optimum()
    return replace(found, seconds=time.perf_counter() - started)


class Hunt:
    """One search, with the samples in which policies are tried and checked."""

    def __init__(
        self, question: Question, pool: Executor, tell: Tell | None = None, kept: Checkpoint = NOWHERE
    ) -> None:
        self.question, self.plan, self.space = question, question.plan, question.space
        self.court = Court(question, Sample(question.study, self.plan.trial, pool), kept)
        self.strict = Court(question, Sample(question.study, self.plan.check, pool), kept)
        self.tell, self.what = tell, "the best policy"
        self.points: dict[Values, Point] = {}

    @property
    def dimensions(self) -> int:
        """How many levers are moved."""
        return len(self.space.levers)

    def optimum(self) -> Optimum:
        """Everything that is told of what was found."""
        check = Bench.of(self.strict)
        values, bench, repairs = self._checked(check)
        for _ in range(self.plan.rounds):
            dearer = list(self._dearer(values, bench, check))
            cheaper = list(self._other_budgets(values, bench, check))
            own = self._own([*(each[-1] for each in dearer), *(each[-1] for each in cheaper)], check)
            before, values = values, self._best_checked(bench, check) or values
            if values == before:  # else a search under other limits has come upon a better one
                break
        score = self.strict.score(values)
        return Optimum(
            question=self.question,
            values=values,
            score=score,
            left=tuple(check.left(score)),
            prices=tuple(self._price(*each, score, check) for each in dearer),
            frontier=tuple(self._frontier(cheaper, check)),
            own=own,
            alike=tuple(self._alike(values, bench)),
            trials=len(self.points),
            repairs=repairs,
        )

    def _checked(self, check: Bench) -> tuple[Values, Bench, int]:
        """The best values that the larger sample finds within the limits, the bench that found them, and after how many
        repairs.
        """
        bench = Bench.of(self.court)
        search = self._search(bench)
        search.everywhere(self._starts(), self.plan.population, self.plan.generations)
        self._nearby(search, self.plan.nearby)
        for repairs in range(self.plan.repairs + 1):
            values = self._best(search, bench)
            kept = self._best_checked(bench, check)
            if kept is not None and self._as_good(kept, values):
                break
            score = self.strict.score(values)
            bench = bench.shifted(self.court.score(values), score, repairs)
            search = self._search(bench)
            self._nearby(search, self.plan.nearby_again)
        if kept is None:
            raise NothingAllowedError(f"With more people, what was found breaks a limit: {_broken(check, score)}.")
        return kept, bench, repairs

    def _as_good(self, values: Values, best: Values) -> bool:
        """Whether values come so close to the best in the trials that nothing is lost by taking them."""
        most = self.court.score(best).gain
        return self.court.score(values).gain >= most - self.plan.flat * abs(most)

    def _best_checked(self, bench: Bench, check: Bench) -> Values | None:
        """Of the few best that keep the limits in the trials, the best that keeps them in the check; None for none."""
        allowed = [values for values in self.points if bench.keeps(self.court.score(values))]
        few = sorted(allowed, key=lambda values: -self.court.score(values).gain)[: self.plan.shortlist]
        self.strict.score_all(few)
        kept = [values for values in few if check.keeps(self.strict.score(values))]
        return max(kept, key=lambda values: self.strict.score(values).gain, default=None)

    def _starts(self) -> list[Point]:
        """The policy itself, and the same with its levers part of the way only, as limits may ask for."""
        start = self.space.point(self.space.given)
        return [start, start * HALF, start * QUARTER]

    def _best(self, search: Search, bench: Bench) -> Values:
        point, trial = search.best
        values = self.space.values(point)
        if not trial.allowed:
            raise NothingAllowedError(
                f"No policy that these levers can make keeps the limits. The nearest of {len(self.points)} breaks "
                f"{_broken(bench, self.court.score(values))}."
            )
        return values

    def _search(self, bench: Bench) -> Search:
        """A search under limits, which knows what was tried under others."""
        tried = [(point, bench.trial(self.court.score(values))) for values, point in self.points.items()]
        scale = max((abs(trial.goal) for _, trial in tried), default=abs(self.court.score(self.space.given).gain))
        return Search(lambda point: self._try(bench, point), self.dimensions, scale or 1.0, self._seed, tried)

    @property
    def _seed(self) -> int:
        return self.question.study.seed % 2**32  # NumPy's generators take no longer ones

    def _try(self, bench: Bench, point: Point) -> Trial:
        values = self.space.values(point)
        found = bench.trial(self.court.score(values))
        if values not in self.points:
            self.points[values] = self.space.point(values)
            if self.tell is not None:
                self.tell(self.what, len(self.points), self._about)
        return found

    @property
    def _about(self) -> int:
        """About how many policies are tried in all."""
        again = len(self.question.limits) + len(self.plan.frontier)
        first = self.plan.population * (self.plan.generations + 1) + self.plan.nearby
        return self.dimensions * (first + again * self.plan.nearby_again)

    def _nearby(self, search: Search, trials: int) -> None:
        search.nearby(search.best[0], self.plan.step, self.plan.last_step, trials * self.dimensions)

    def _dearer(self, values: Values, bench: Bench, check: Bench) -> Iterator[tuple[Bench, int, Values]]:
        """For each limit that binds: the bench with more of it, its place, and the best policy then."""
        score = self.strict.score(values)
        for place, limit in enumerate(self.question.limits):
            if limit.size and self._binds(place, score, check):
                self.what = f"what more of {limit.name} is worth"
                more = bench.allowing(place, limit.moved(1.0 + self.plan.more))
                yield more, place, self._best_again(more)

    def _best_again(self, bench: Bench) -> Values:
        """The best policy under other limits, from what is known."""
        search = self._search(bench)
        self._nearby(search, self.plan.nearby_again)
        return self.space.values(search.best[0])

    def _other_budgets(self, values: Values, bench: Bench, check: Bench) -> Iterator[tuple[float, Limit, int, Values]]:
        """For each multiple of the budget: the limit that it then is, its place, and the best policy.

        The budget is what was asked for, where that binds, otherwise what the best policy needs in the year in which it
        needs most. Nothing where it needs nothing.
        """
        place = self.question.budget
        score, limit = self.strict.score(values), self.question.judged[place]
        if not self._binds(place, score, check):
            limit = replace(limit, allowed=np.full(len(limit.periods), max(score.most_used(place), 0.0)))
        more = [multiple for multiple in self.plan.frontier if multiple < 1.0 or self._binds(place, score, check)]
        for multiple in more if limit.size > 0.0 else ():
            self.what = f"the best for {multiple:g} times the budget"
            other = limit.moved(multiple)
            yield multiple, other, place, self._best_again(bench.allowing(place, other))

    def _binds(self, place: int, score: Score, check: Bench) -> bool:
        """Whether so little is left of a limit that it holds a policy back."""
        left = check.left(score)[place]
        return bool(left.size) and float(left.min()) < self.plan.binding

    def _own(self, found: list[Values], check: Bench) -> tuple[OwnPolicy, ...]:
        """The study's own policies, judged together with what was found for other limits."""
        study, self.what = self.question.study, "a check with more people"
        names = [name for name in choosable(study) if name != study.policies[0].name]
        scores = self.strict.score_all(found, [study.policy(name) for name in names])
        return tuple(OwnPolicy(name, each, check.keeps(each)) for name, each in zip(names, scores, strict=True))

    def _price(self, bench: Bench, place: int, values: Values, best: Score, check: Bench) -> Price:
        limit = self.question.limits[place]
        score = self.strict.score(values)
        kept = check.allowing(place, bench.limits[place]).keeps(score)
        return Price(limit, limit.size * self.plan.more, values, *score.over(best), kept)

    def _frontier(self, found: list[tuple[float, Limit, int, Values]], check: Bench) -> Iterator[FrontierPoint]:
        for multiple, limit, place, values in sorted(found, key=lambda each: each[0]):
            score = self.strict.score(values)
            kept = check.allowing(place, limit).keeps(score)
            yield FrontierPoint(multiple, limit.size, values, score, kept)

    def _alike(self, values: Values, bench: Bench) -> Iterator[Values]:
        """What was tried that keeps the limits and comes close to the best."""
        for tried in self.points:
            if bench.keeps(self.court.score(tried)) and self._as_good(tried, values):
                yield tried


def _broken(bench: Bench, score: Score) -> str:
    """The limit that is broken most, and by how much, in words."""
    left = bench.left(score)
    place = min((place for place, each in enumerate(left) if each.size), key=lambda place: float(left[place].min()))
    limit: Limit = bench.limits[place]
    period = limit.known[int(left[place].argmin())]
    used = score.used_on_average(place)[period]
    return (
        f"{limit.name} in {limit.periods[period]}: {amount(float(used), limit.unit)}, "
        f"where {amount(float(limit.allowed[period]), limit.unit)} {'are asked' if limit.at_least else 'are allowed'}"
    )
