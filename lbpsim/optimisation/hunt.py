"""How the best policy is looked for, checked, and judged at last.

Three samples have no draw in common. In the first, with few draws, policies are tried. In the second, with many, what
looks best is checked: a limit that it shows to be broken is drawn in by as much, and the search goes on. From the third
comes all that is told. Whatever was tried once is known in every later search, under other limits too, since what a
policy comes to does not depend on what is allowed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lbpsim.cea.choice_set import choosable
from lbpsim.optimisation.levers import Point
from lbpsim.optimisation.limits import Limit, amount
from lbpsim.optimisation.optimum import WITHIN_ERROR, FrontierPoint, Optimum, OwnPolicy, Price, Sideways
from lbpsim.optimisation.question import Question
from lbpsim.optimisation.sample import Sample
from lbpsim.optimisation.search import Search, Trial
from lbpsim.optimisation.trials import Allowance, Evaluator, Score, Values
from lbpsim.psa.parameter_sampling import FIRST_DRAW
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


@dataclass(frozen=True)
class Found:
    """The best `values` under limits: those that the trials have to keep (`allowed`), those of the check, and after how
    many `repairs`.
    """

    values: Values
    allowed: Allowance
    check: Allowance
    repairs: int


@dataclass(frozen=True)
class Other:
    """The best policy under another limit at a `place`; `multiple`: of the budget, for the frontier."""

    place: int
    limit: Limit
    values: Values
    multiple: float = 1.0


class Hunt:
    """One search, with the samples in which policies are tried, checked and judged."""

    def __init__(
        self, question: Question, pool: Executor, tell: Tell | None = None, kept: Checkpoint = NOWHERE
    ) -> None:
        self.question, self.plan, self.space = question, question.plan, question.space
        self.tell, self.what = tell, "the best policy"
        self.points: dict[Values, Point] = {}
        evaluators, first = [], FIRST_DRAW
        for size in (self.plan.trial, self.plan.check, self.plan.report):
            evaluators.append(Evaluator(question, Sample(question.study, size, pool, first), kept))
            first += size.draws
        self.trials, self.checks, self.last = evaluators

    @property
    def dimensions(self) -> int:
        """How many levers are moved."""
        return len(self.space.levers)

    def optimum(self) -> Optimum:
        """Everything that is told of what was found."""
        found = self._first()
        for _ in range(self.plan.rounds):
            dearer, budgets = list(self._dearer(found)), list(self._other_budgets(found))
            better = self._shortlisted(found.allowed, found.check)
            if better is None or better == found.values:
                break
            found = replace(found, values=better)  # come upon under other limits; they are priced anew
        return self._told(found, dearer, budgets)

    def _told(self, found: Found, dearer: Sequence[Other], budgets: Sequence[Other]) -> Optimum:
        """What is told, all from the last sample."""
        study, self.what = self.question.study, "what is told"
        aside = list(self._aside(found.values))
        names = [name for name in choosable(study) if name != study.policies[0].name]
        every = [found.values, *(each.values for each in (*dearer, *budgets)), *(values for _, values in aside)]
        own = self.last.score_all(every, [study.policies[0], *(study.policy(name) for name in names)])
        score, forgiving = self.last.score(found.values), found.check.with_margin(-WITHIN_ERROR)
        pairs = zip([study.policies[0].name, *names], own, strict=True)
        return Optimum(
            question=self.question,
            values=found.values,
            score=score,
            left=tuple(found.check.with_margin(0.0).left(score)),
            binding=tuple(self.question.tracked[place] for place in self._binding(found)),
            prices=tuple(self._price(each, score) for each in dearer),
            frontier=tuple(self._frontier(budgets)),
            sideways=tuple(
                Sideways(lever, values, each, forgiving.keeps(each))
                for lever, values in aside
                for each in [self.last.score(values)]
            ),
            own=tuple(OwnPolicy(name, each, forgiving.keeps(each)) for name, each in pairs),
            trials=len(self.points),
            repairs=found.repairs,
        )

    def _first(self) -> Found:
        """The best policy within the limits as they were asked for."""
        allowed = Allowance.of(self.trials)
        check = Allowance.of(self.checks).with_margin(self.plan.margin)
        search = self._search(allowed)
        search.everywhere(self._starts(), self.plan.population, self.plan.generations)
        starts = list(self._best_of_each_choice(search))
        for start in starts:
            self._climb(search, start, self.plan.nearby / len(starts))
        found = self._settled(allowed, check)
        if found is None:
            raise NothingAllowedError(self._why_nothing(allowed, check))
        return self._by_single_moves(found)

    def _by_single_moves(self, found: Found) -> Found:
        """The same, after single levers have been moved aside: a climb may have missed what one of them brings."""
        for _ in range(self.plan.rounds):
            for _, values in self._aside(found.values):
                self._try(found.allowed, self.space.point(values))
            better = self._shortlisted(found.allowed, found.check, found.values)
            if better is None or better == found.values:
                break
            found = replace(found, values=better)
        return found

    def _climb(self, search: Search, start: Point, trials: float) -> None:
        """Look around a point, with so many trials a lever."""
        search.nearby(start, self.plan.step, self.plan.last_step, round(trials * self.dimensions))

    def _best_of_each_choice(self, search: Search) -> Iterator[Point]:
        """The best point tried with each option of every lever that is a choice: no climb goes from one to another."""
        choices = [place for place, lever in enumerate(self.space.levers) if lever.choices]
        best: dict[Values, Point] = {}
        for point, _ in sorted(search.tried, key=lambda each: each[1].order, reverse=True):
            values = self.space.values(point)
            best.setdefault(tuple(values[place] for place in choices), point)
        yield from best.values()

    def _settled(self, allowed: Allowance, check: Allowance) -> Found | None:
        """The best policy nearby that the check finds within limits; None where none is found.

        Where the check draws limits in, the search goes on under these.
        """
        best: Values | None = None
        for repairs in range(self.plan.repairs + 1):
            search = self._search(allowed)
            self._climb(search, search.best[0], self.plan.nearby_again)
            top = self.space.values(search.best[0])
            best = self._better(best, self._shortlisted(allowed, check, best))
            if best is not None and (not search.best[1].allowed or self._as_good(best, top)):
                return Found(best, allowed, check, repairs)
            if not search.best[1].allowed:
                return None
            margin = self.plan.margin * (1.0 + HALF * repairs)
            allowed = allowed.shifted(self.trials.score(top), self.checks.score(top), margin)
        return None if best is None else Found(best, allowed, check, self.plan.repairs)

    def _shortlisted(self, allowed: Allowance, check: Allowance, also: Values | None = None) -> Values | None:
        """Of the few best that keep the limits in the trials, and one known before, the best that keeps them in the
        check; None for none.
        """
        within = [values for values in self.points if allowed.keeps(self.trials.score(values))]
        few = sorted(within, key=lambda values: -self.trials.score(values).gain)[: self.plan.shortlist]
        few += [] if also is None or also in few else [also]
        self.checks.score_all(few)
        kept = [values for values in few if check.keeps(self.checks.score(values))]
        return max(kept, key=lambda values: self.checks.score(values).gain, default=None)

    def _better(self, one: Values | None, other: Values | None) -> Values | None:
        """Which of two gains more in the check."""
        known = [values for values in (one, other) if values is not None]
        return max(known, key=lambda values: self.checks.score(values).gain, default=None)

    def _as_good(self, values: Values, best: Values) -> bool:
        """Whether values come so close to the best in the trials that nothing is lost by taking them."""
        most = self.trials.score(best).gain
        return self.trials.score(values).gain >= most - self.plan.short * abs(most)

    def _why_nothing(self, allowed: Allowance, check: Allowance) -> str:
        """Which limit the nearest policy breaks."""
        point, trial = self._search(allowed).best
        values = self.space.values(point)
        if trial.allowed:
            return f"In the check, what was found breaks a limit: {_broken(check, self.checks.score(values))}."
        return (
            f"No policy that these levers can make keeps the limits. The nearest of {len(self.points)} breaks "
            f"{_broken(allowed, self.trials.score(values))}."
        )

    def _starts(self) -> list[Point]:
        """The policy itself, and the same with its levers part of the way only, as limits may ask for."""
        start = self.space.point(self.space.given)
        return [start, start * HALF, start * QUARTER]

    def _search(self, allowed: Allowance) -> Search:
        """A search under limits, which knows what was tried under others."""
        tried = [(point, allowed.trial(self.trials.score(values))) for values, point in self.points.items()]
        scale = max((abs(trial.goal) for _, trial in tried), default=abs(self.trials.score(self.space.given).gain))
        seed = self.question.study.seed % 2**32  # NumPy's generators take no longer ones
        return Search(lambda point: self._try(allowed, point), self.dimensions, scale or 1.0, seed, tried)

    def _try(self, allowed: Allowance, point: Point) -> Trial:
        values = self.space.values(point)
        found = allowed.trial(self.trials.score(values))
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

    def _binding(self, found: Found) -> list[int]:
        """Places of the limits of which the check leaves next to nothing."""
        left = found.check.left(self.checks.score(found.values))
        least = [float(each.min()) if each.size else np.inf for each in left]
        return [place for place, each in enumerate(least) if each < self.plan.binding]

    def _dearer(self, found: Found) -> Iterator[Other]:
        """For each limit that binds, the best policy with more of it; none where nothing is allowed of it."""
        for place in self._binding(found):
            limit = self.question.tracked[place]
            if limit.size > 0.0:
                self.what = f"what more of {limit.name} is worth"
                yield from self._under(found, place, limit.moved(1.0 + self.plan.more))

    def _other_budgets(self, found: Found) -> Iterator[Other]:
        """For each multiple of the budget, the best policy.

        The budget is what was asked for, where that binds, otherwise what the best policy needs in the year in which it
        needs most. Nothing where it needs nothing.
        """
        place = self.question.budget
        binds, limit = place in self._binding(found), self.question.tracked[place]
        if not binds:
            most = max(self.checks.score(found.values).most_used(place), 0.0)
            limit = replace(limit, allowed=np.full(len(limit.periods), most))
        for multiple in self.plan.frontier:
            if limit.size > 0.0 and (multiple < 1.0 or binds):
                self.what = f"the best for {multiple:g} times the budget"
                yield from self._under(found, place, limit.moved(multiple), multiple)

    def _under(self, found: Found, place: int, limit: Limit, multiple: float = 1.0) -> Iterator[Other]:
        """The best policy under another limit, the one that is best now among them; nothing where none was found."""
        allowed, check = (each.allowing(place, limit) for each in (found.allowed, found.check))
        other = self._settled(allowed, check)
        best = self._better(other.values if other else None, self._shortlisted(allowed, check, found.values))
        if best is not None:
            yield Other(place, limit, best, multiple)

    def _aside(self, best: Values) -> Iterator[tuple[int, Values]]:
        """The best policy with one lever moved, by its place: down and up, where there is room."""
        point = self.space.point(best)
        for place, lever in enumerate(self.space.levers):
            for step in (-self.plan.aside, self.plan.aside):
                share = point[place] + np.sign(step) * max(abs(step), 1.0 / max(lever.steps, 1))
                moved = (*best[:place], lever.at(float(np.clip(share, 0.0, 1.0))), *best[place + 1 :])
                moved = self.space.within_whole(moved)
                if moved[place] != best[place]:
                    yield place, moved

    def _price(self, other: Other, best: Score) -> Price:
        limit = self.question.tracked[other.place]
        gain, error = self.last.score(other.values).over(best)
        return Price(limit, limit.size * self.plan.more, other.values, gain, error)

    def _frontier(self, budgets: Sequence[Other]) -> Iterator[FrontierPoint]:
        for each in sorted(budgets, key=lambda other: other.multiple):
            yield FrontierPoint(each.multiple, each.limit.size, each.values, self.last.score(each.values))


def _broken(allowance: Allowance, score: Score) -> str:
    """The limit that is broken most, and by how much, in words."""
    left = allowance.left(score)
    place = min((place for place, each in enumerate(left) if each.size), key=lambda place: float(left[place].min()))
    limit: Limit = allowance.limits[place]
    period = limit.known[int(left[place].argmin())]
    used = score.used_on_average(place)[period]
    return (
        f"{limit.name} in {limit.periods[period]}: {amount(float(used), limit.unit)}, "
        f"where {amount(float(limit.allowed[period]), limit.unit)} {'are asked' if limit.at_least else 'are allowed'}"
    )
