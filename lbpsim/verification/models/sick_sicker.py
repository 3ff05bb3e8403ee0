"""Sick-Sicker: healthy, sick, sicker, dead. A second model on the same engine, with an answer known in closed form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import linalg

from lbpsim.engine import event_clocks
from lbpsim.engine.numba_cache import inlined_rule
from lbpsim.engine.simpy_engine import Rules
from lbpsim.verification.models.no_lists import next_event, priority, start_service, turn_away

HEALTHY, SICK, SICKER, DEAD = 0, 1, 2, 3
FALL_ILL, RECOVER, WORSEN, DIE, HORIZON = 0, 1, 2, 3, 4
CHANCES, DATES = 4, 1
TARGET = np.array([SICK, HEALTHY, SICKER, DEAD])
STATES = (HEALTHY, SICK, SICKER, DEAD)

PERSON = np.dtype(
    [
        *event_clocks.fields(CHANCES, DATES),
        *[("joined", "f8", (1,)), ("discount_factor", "f8"), ("cost", "f8"), ("qalys", "f8")],
        *[("state", "i2"), ("present", "i2")],
    ],
    align=True,
)
INPUTS = np.dtype(
    [
        *[("horizon", "f8"), ("discount_force", "f8"), ("seed", "i8"), ("draw", "i8")],
        *[("hazards", "f8", (len(STATES), CHANCES)), ("cost", "f8", (len(STATES),)), ("utility", "f8", (len(STATES),))],
    ],
    align=True,
)


@inlined_rule
def enter(people: Any, row: int, inputs: Any, totals: Any) -> None:
    """Everybody starts healthy, at time 0."""
    person = people[row]
    person.present = 1
    person.now, person.discount_factor = 0.0, 1.0
    person.cost, person.qalys = 0.0, 0.0
    person.state = HEALTHY
    event_clocks.clear_clocks(person)
    person.next_time[HORIZON] = inputs[0].horizon
    settle(person, inputs[0])


@inlined_rule
def settle(person: Any, inputs: Any) -> None:
    """The hazards of the person's state hold from now on."""
    for kind in range(CHANCES):
        person.hazard[kind] = inputs.hazards[person.state, kind]
    event_clocks.schedule_events(person, inputs.seed, inputs.draw)


@inlined_rule
def advance_to(people: Any, row: int, time: float, inputs: Any, totals: Any) -> None:
    """Cost and utility of the state, discounted."""
    person = people[row]
    discount_factor, force = math.exp(-inputs[0].discount_force * time), inputs[0].discount_force
    years = (person.discount_factor - discount_factor) / force if force > 0.0 else time - person.now
    person.cost += inputs[0].cost[person.state] * years
    person.qalys += inputs[0].utility[person.state] * years
    person.now = time
    person.discount_factor = discount_factor


@inlined_rule
def apply_event(people: Any, row: int, kind: int, inputs: Any, totals: Any) -> None:
    """Move to another state; at death or the horizon, leave."""
    person = people[row]
    totals[kind] += 1
    if kind >= DIE:
        person.present = 0
        person.state = DEAD if kind == DIE else person.state
        return
    person.state = TARGET[kind]
    event_clocks.reset_clock(person, kind)
    settle(person, inputs[0])


RULES = Rules(enter, next_event, advance_to, apply_event, start_service, turn_away, priority)


def new_people(number: int, first: int = 0) -> npt.NDArray[Any]:
    """`number` healthy people, numbered from `first`."""
    people = np.empty(number, PERSON)
    people["id"] = first + np.arange(number)
    people["joined"] = math.inf
    return people


def new_inputs(
    *,
    r_hs1: float = 0.15,
    r_s1h: float = 0.5,
    r_s1s2: float = 0.105,
    r_hd: float = 0.005,
    hr_s1: float = 3.0,
    hr_s2: float = 10.0,
    horizon: float = 60.0,
    discount_force: float = 0.03,
    seed: int = 1,
) -> npt.NDArray[Any]:
    """Rates per year, hazard ratios of death, horizon in years and continuous discount rate per year; shape (1,)."""
    inputs = np.zeros(1, INPUTS)
    inputs["horizon"], inputs["discount_force"], inputs["seed"] = horizon, discount_force, seed
    inputs["cost"], inputs["utility"] = [2000.0, 4000.0, 15000.0, 0.0], [1.0, 0.75, 0.5, 0.0]
    inputs["hazards"][0, HEALTHY, [FALL_ILL, DIE]] = r_hs1, r_hd
    inputs["hazards"][0, SICK, [RECOVER, WORSEN, DIE]] = r_s1h, r_s1s2, hr_s1 * r_hd
    inputs["hazards"][0, SICKER, DIE] = hr_s2 * r_hd
    return inputs


def exact(inputs: npt.NDArray[Any]) -> tuple[float, float]:
    """Expected discounted cost and QALYs of one person, by the matrix exponential of an augmented generator.

    With Q the generator, d the discount rate and r what accrues per year in each state, the integral of
    exp((Q - d) t) r over the horizon is the upper right block of exp([[Q - d, r], [0, 0]] horizon).
    """
    row = inputs[0]
    generator = np.zeros((len(STATES), len(STATES)))
    for kind, target in enumerate(TARGET):
        generator[:, target] += row["hazards"][:, kind]
    generator -= np.diag(generator.sum(axis=1) + row["discount_force"])
    augmented = np.zeros((len(STATES) + 2, len(STATES) + 2))
    augmented[: len(STATES), : len(STATES)] = generator
    augmented[: len(STATES), len(STATES) :] = np.column_stack([row["cost"], row["utility"]])
    whole = linalg.expm(augmented * row["horizon"])
    return float(whole[HEALTHY, -2]), float(whole[HEALTHY, -1])
