"""A clinic that books once a week: people arrive, wait, may lose patience or die, and are treated for a while.

Without impatience and death this is the discrete bulk-service queue, whose stationary law is computed here exactly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from lbpsim.engine import event_clocks
from lbpsim.engine.numba_cache import array_rule, rule
from lbpsim.engine.random_numbers import uniform
from lbpsim.engine.simpy_engine import Rules
from lbpsim.engine.waiting_list import NEVER
from lbpsim.verification.models.no_lists import next_event

LOSE_PATIENCE, DIE, TREATED, HORIZON = 0, 1, 2, 3
CHANCES, DATES = 2, 2
JOINED, STARTED, LEFT, DIED_WAITING, DIED_LATER, CURED = 0, 1, 2, 3, 4, 5
COUNTS = 6
ARRIVAL = 64  # kind of draw, apart from those of the event clocks

PERSON = np.dtype(
    [
        *event_clocks.fields(CHANCES, DATES),
        *[("joined", "f8", (1,)), ("severity", "f8"), ("waited", "f8"), ("present", "i2")],
    ],
    align=True,
)
INPUTS = np.dtype(
    [(name, "f8") for name in ("horizon", "impatience", "mortality", "treatment")] + [("seed", "i8"), ("draw", "i8")]
)


@rule
def enter(people: Any, row: int, inputs: Any, totals: Any) -> None:
    """Arrive and join the list."""
    person = people[row]
    person.present = 1
    person.joined[0] = person.now
    person.next_time[HORIZON] = inputs[0].horizon
    person.hazard[LOSE_PATIENCE] = inputs[0].impatience
    person.hazard[DIE] = inputs[0].mortality
    event_clocks.clear_clocks(person)
    event_clocks.schedule_events(person, inputs[0].seed, inputs[0].draw)
    totals[JOINED] += 1


@rule
def advance_to(people: Any, row: int, time: float, inputs: Any, totals: Any) -> None:
    """Nothing accrues; time passes."""
    person = people[row]
    person.now = time


@rule
def apply_event(people: Any, row: int, kind: int, inputs: Any, totals: Any) -> None:
    """Whatever happens, the person is gone: out of patience, dead, cured or past the horizon."""
    person = people[row]
    waits = person.joined[0] != math.inf
    if kind == LOSE_PATIENCE:
        totals[LEFT] += 1
    elif kind == DIE and waits:
        totals[DIED_WAITING] += 1
    elif kind == DIE:
        totals[DIED_LATER] += 1
    elif kind == TREATED:
        totals[CURED] += 1
    if kind != HORIZON:
        person.joined[0] = math.inf
    person.present = 0


@rule
def start_service(people: Any, row: int, waiting_list: int, inputs: Any, totals: Any) -> bool:
    """Treatment begins: no longer waiting, nor impatient."""
    person = people[row]
    totals[STARTED] += 1
    person.waited = person.now - person.joined[waiting_list]
    person.joined[waiting_list] = math.inf
    person.hazard[LOSE_PATIENCE] = 0.0
    event_clocks.schedule_events(person, inputs[0].seed, inputs[0].draw)
    person.next_time[TREATED] = person.now + inputs[0].treatment
    return True


@rule
def turn_away(people: Any, row: int, waiting_list: int, inputs: Any, totals: Any) -> None:
    """The list is closed: gone at once, untreated."""
    person = people[row]
    totals[LEFT] += 1
    person.joined[waiting_list] = math.inf
    person.present = 0


@array_rule
def priority(people: Any, rows: Any, time: float) -> Any:
    """Severity, by which the worst off come first."""
    return people[rows]["severity"]


RULES = Rules(enter, next_event, advance_to, apply_event, start_service, turn_away, priority)


def new_people(arrivals: Sequence[float] | npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    """People who arrive at the given times; numbered in that order."""
    people = np.zeros(len(arrivals), PERSON)
    people["id"], people["now"] = np.arange(len(arrivals)), arrivals
    people["next_time"] = people["joined"] = NEVER
    return people


def new_inputs(
    *, horizon: float, impatience: float = 0.0, mortality: float = 0.0, treatment: float = 0.0, seed: int = 1
) -> npt.NDArray[Any]:
    """Times in the unit of the arrivals, hazards per that unit; shape (1,)."""
    inputs = np.zeros(1, INPUTS)
    inputs["horizon"], inputs["impatience"], inputs["mortality"] = horizon, impatience, mortality
    inputs["treatment"], inputs["seed"] = treatment, seed
    return inputs


def poisson_arrivals(rate: float, until: float, seed: int) -> npt.NDArray[np.float64]:
    """Arrival times of a Poisson process of `rate` on (0, `until`)."""
    times: list[float] = []
    now = 0.0
    while True:
        now -= math.log(uniform(seed, 0, len(times), ARRIVAL, 0)) / rate
        if now >= until:
            return np.array(times)
        times.append(now)


def stationary_law(arrivals_per_week: float, places: Sequence[int], longest: int = 150) -> npt.NDArray[np.float64]:
    """Exact probabilities of 0 to `longest` still waiting just after a booking, averaged over a turn of `places`.

    The list after a booking is L' = max(L + A - s, 0) with A Poisson: a Markov chain on 0 to `longest`, solved for its
    stationary law over one whole turn of `places`. What would go beyond `longest` is kept there.
    """
    steps = [_booking_matrix(arrivals_per_week, offered, longest) for offered in places]
    turn = np.linalg.multi_dot([np.eye(longest + 1), *steps])
    equations = turn.T - np.eye(longest + 1)
    equations[-1] = 1.0  # one balance equation follows from the others; shares sum to 1 instead
    law = np.linalg.solve(equations, np.eye(longest + 1)[-1])
    after_each = []
    for step in steps:
        law = law @ step
        after_each.append(law)
    return np.asarray(np.mean(after_each, axis=0))


def _booking_matrix(arrivals_per_week: float, offered: int, longest: int) -> npt.NDArray[np.float64]:
    before, after = np.meshgrid(np.arange(longest + 1), np.arange(longest + 1), indexing="ij")
    arriving = after + offered - before
    matrix: npt.NDArray[np.float64] = stats.poisson.pmf(arriving, arrivals_per_week)
    matrix[:, 0] = stats.poisson.cdf(offered - np.arange(longest + 1), arrivals_per_week)
    matrix[:, -1] += 1.0 - matrix.sum(axis=1)
    return matrix
