"""The search itself: first over the whole range, then around what is best; it knows nothing of policies.

Differential evolution (Storn & Price 1997, as in scipy) looks everywhere and takes choices and steps as they come;
COBYQA (Ragonneau 2022, as in scipy) then climbs nearby with a quadratic model, which few trials suffice for. Both keep
limits by their own rules; what is best is the best trial that was seen, whoever made it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, NonlinearConstraint, differential_evolution, minimize
from scipy.stats import qmc

Point = npt.NDArray[np.float64]
KEPT = 0.0  # a limit with less left than this is broken
NEXT_TO_NOTHING = 0.002  # of the scale of the goal


@dataclass(frozen=True)
class Trial:
    """What a point comes to: its `goal`, higher is better, and what is `left` of each limit, as a share of its size;
    below 0 it is broken.
    """

    goal: float
    left: Point

    @property
    def allowed(self) -> bool:
        """Whether it keeps every limit."""
        return bool((self.left >= KEPT).all())

    @property
    def order(self) -> tuple[float, float]:
        """What is better stands higher: first the limits, then the goal."""
        broken = float(np.minimum(self.left, 0.0).sum())
        return broken, self.goal if broken == 0.0 else 0.0


Evaluate = Callable[[Point], Trial]


@dataclass
class Search:
    """Trials of `evaluate` at points of so many `dimensions`, each number from 0 to 1; what was tried stays known.

    `scale`: how large a difference of the goal is worth speaking of.
    """

    evaluate: Evaluate
    dimensions: int
    scale: float = 1.0
    seed: int = 0
    tried: list[tuple[Point, Trial]] = field(default_factory=list)

    def trial(self, point: Point) -> Trial:
        """What a point comes to; a point tried before is not tried again."""
        inside = np.clip(np.asarray(point, dtype=float), 0.0, 1.0)
        for known, trial in reversed(self.tried):
            if np.array_equal(known, inside):
                return trial
        found = self.evaluate(inside)
        self.tried.append((inside, found))
        return found

    @property
    def best(self) -> tuple[Point, Trial]:
        """The best point that was tried, with what it comes to; the first of equals."""
        return max(self.tried, key=lambda each: each[1].order)

    def everywhere(self, starts: Sequence[Point], population: int, generations: int) -> None:
        """Look over the whole range, from some points that are known to be good and from others spread evenly.

        `population`: trials for each dimension and generation.
        """
        size = max(population * self.dimensions, len(starts) + 1, 5)  # scipy asks for five at least
        spread = qmc.LatinHypercube(self.dimensions, rng=self.seed).random(size - len(starts))
        differential_evolution(
            self._cost,
            self._bounds,
            init=np.vstack([*starts, spread]),
            maxiter=generations,
            constraints=self._limits(),
            strategy="currenttobest1bin",
            polish=False,
            tol=0.0,
            rng=self.seed,
        )

    def nearby(self, start: Point, step: float, last_step: float, trials: int) -> None:
        """Climb from a point, again and again from the best found on the way, with half the step where that brought
        next to nothing.

        Ends when `trials` are used up. The trust region begins with a radius `step` and ends with `last_step`.
        """
        first = len(self.tried)
        while (left := trials - (len(self.tried) - first)) > 2 * self.dimensions + 1 and step >= last_step:
            before = self.trial(start).order
            self._climb(start, step, last_step, left)
            here = [(np.asarray(start), self.trial(start)), *self.tried[first:]]
            start, best = max(here, key=lambda each: each[1].order)
            if best.order[0] <= before[0] and best.goal - before[1] < NEXT_TO_NOTHING * self.scale:
                step /= 2.0

    def _climb(self, start: Point, step: float, last_step: float, trials: int) -> None:
        minimize(
            self._cost,
            start,
            method="COBYQA",
            bounds=self._bounds,
            constraints=self._limits(),
            options={
                "initial_tr_radius": step,
                "final_tr_radius": last_step,
                "maxfev": trials,
                "feasibility_tol": KEPT,
            },
        )

    def _cost(self, point: Point) -> float:
        return -self.trial(point).goal / self.scale

    @property
    def _bounds(self) -> Bounds[Any, Any]:
        return Bounds(np.zeros(self.dimensions), np.ones(self.dimensions))

    def _limits(self) -> NonlinearConstraint | tuple[()]:
        found = self.tried[-1][1] if self.tried else self.trial(np.full(self.dimensions, 0.5))
        if not found.left.size:
            return ()
        return NonlinearConstraint(lambda point: self.trial(point).left, 0.0, np.inf)
