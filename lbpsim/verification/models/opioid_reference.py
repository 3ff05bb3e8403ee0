"""Two lines of opioid treatment for chronic pain, week by week for a year (Sullivan et al. 2016).

The published cohort model (doi 10.1007/s10198-015-0720-y) as lives of persons whose only event is a new week. The
tenth state keeps apart those who never tried the second line.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine import event_clocks
from lbpsim.engine.numba_cache import rule
from lbpsim.engine.random_numbers import uniform
from lbpsim.engine.simpy_engine import Rules
from lbpsim.verification.models.no_lists import next_event, priority, start_service, turn_away

WELL_1, ADVERSE_1, STOPPING_ADVERSE_1, STOPPING_OTHER_1 = 0, 1, 2, 3
WELL_2, ADVERSE_2, STOPPING_ADVERSE_2, STOPPING_OTHER_2 = 4, 5, 6, 7
STOPPED_AFTER_1, STOPPED_AFTER_2 = 8, 9
STATES = 10
LINE_1, LINE_2, STOPPED = (WELL_1, ADVERSE_1), (WELL_2, ADVERSE_2), (STOPPED_AFTER_1, STOPPED_AFTER_2)

CHANCES, DATES, NEW_WEEK = 1, 1, 1  # one chance event that never happens, then the dated event
WEEKS = 52
YEARS_PER_WEEK = 7.0 / 365.25

MORPHINE = (0.436159243, 0.055739588, 0.012741455)  # per week: tolerable adverse event, stop for one, stop otherwise
NOVEL = (0.32445, 0.022958454, 0.001612408)
OXYCODONE = (0.4635, 0.032797792, 0.002303439)
TRIES_SECOND_LINE = 0.95
UTILITIES = (0.695, 0.583, 0.503, 0.405)  # well, adverse event, stopping for one, stopping otherwise
UTILITY_STOPPED = 0.324
SECOND_LINE = 0.9

PERSON = np.dtype(
    [
        *event_clocks.fields(CHANCES, DATES),
        *[("joined", "f8", (1,)), ("weeks", "f8", (STATES,)), ("qalys", "f8")],
        *[("state", "i2"), ("week", "i2"), ("present", "i2")],
    ],
    align=True,
)
INPUTS = np.dtype(
    [
        *[("horizon", "f8"), ("weekly", "f8", (STATES, STATES)), ("utility", "f8", (STATES,))],
        *[("seed", "i8"), ("draw", "i8")],
    ]
)


@rule
def enter(people: Any, row: int, inputs: Any, totals: Any) -> None:
    """Everybody starts on the first line, without adverse event."""
    person = people[row]
    person.present = 1
    person.next_time[NEW_WEEK] = YEARS_PER_WEEK


@rule
def advance_to(people: Any, row: int, time: float, inputs: Any, totals: Any) -> None:
    """The week is counted to the state in which it began."""
    person = people[row]
    person.weeks[person.state] += 1.0
    person.now = time


@rule
def apply_event(people: Any, row: int, kind: int, inputs: Any, totals: Any) -> None:
    """A new week: move, and value the week gone by the mean of the utilities at its ends (half-cycle)."""
    person = people[row]
    before = person.state
    move(person, inputs[0])
    utilities = inputs[0].utility[before] + inputs[0].utility[person.state]
    person.qalys += utilities / 2.0 * YEARS_PER_WEEK
    totals[before, person.state] += 1
    person.week += 1
    person.next_time[NEW_WEEK] = (person.week + 1) * YEARS_PER_WEEK
    if person.week == WEEKS:
        person.present = 0


@rule
def move(person: Any, inputs: Any) -> None:
    """Next week's state."""
    share = uniform(inputs.seed, inputs.draw, person.id, NEW_WEEK, person.week)
    reached = 0
    passed = inputs.weekly[person.state, 0]
    while share >= passed and reached < STATES - 1:
        reached += 1
        passed += inputs.weekly[person.state, reached]
    person.state = reached


RULES = Rules(enter, next_event, advance_to, apply_event, start_service, turn_away, priority)


def weekly(first_line: tuple[float, float, float]) -> npt.NDArray[np.float64]:
    """Weekly transition probabilities, shape (STATES, STATES)."""
    matrix = np.zeros((STATES, STATES))
    for first, line in ((WELL_1, first_line), (WELL_2, OXYCODONE)):
        matrix[first : first + 2, first : first + 4] = (1.0 - sum(line), *line)
    matrix[STOPPING_ADVERSE_1 : STOPPING_OTHER_1 + 1, WELL_2] = TRIES_SECOND_LINE
    matrix[STOPPING_ADVERSE_1 : STOPPING_OTHER_1 + 1, STOPPED_AFTER_1] = 1.0 - TRIES_SECOND_LINE
    matrix[STOPPING_ADVERSE_2 : STOPPING_OTHER_2 + 1, STOPPED_AFTER_2] = 1.0
    matrix[STOPPED, STOPPED] = 1.0
    return matrix


def utility(*, scaled_while_stopping: bool) -> npt.NDArray[np.float64]:
    """Utility of each state. `scaled_while_stopping`: the second line's factor holds in its week of stopping too."""
    second = np.array(UTILITIES) * SECOND_LINE
    if not scaled_while_stopping:
        second[2:] = UTILITIES[2:]
    return np.array([*UTILITIES, *second, UTILITY_STOPPED, UTILITY_STOPPED])


def new_people(number: int, first: int = 0) -> npt.NDArray[Any]:
    """`number` people about to start, numbered from `first`."""
    people = np.zeros(number, PERSON)
    people["id"] = first + np.arange(number)
    people["next_time"] = people["joined"] = math.inf
    return people


def new_inputs(first_line: tuple[float, float, float], *, scaled_while_stopping: bool, seed: int) -> npt.NDArray[Any]:
    """The first line's weekly probabilities, and the reading of the utilities; shape (1,)."""
    inputs = np.zeros(1, INPUTS)
    inputs["horizon"], inputs["seed"] = WEEKS * YEARS_PER_WEEK, seed
    inputs["weekly"], inputs["utility"] = weekly(first_line), utility(scaled_while_stopping=scaled_while_stopping)
    return inputs


def cohort(inputs: npt.NDArray[Any]) -> tuple[npt.NDArray[np.float64], float]:
    """Exact expected weeks in each state, counted where a week begins, and QALYs with half-cycle averaging."""
    share = np.eye(STATES)[WELL_1]
    weeks, qalys = np.zeros(STATES), 0.0
    for _ in range(WEEKS):
        weeks += share
        after = share @ inputs["weekly"][0]
        qalys += float((share + after) @ inputs["utility"][0]) / 2.0 * YEARS_PER_WEEK
        share = after
    return weeks, qalys
