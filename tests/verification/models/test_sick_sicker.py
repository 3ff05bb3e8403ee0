"""Sick-Sicker on the engine against the matrix exponential, within a stated number of Monte Carlo errors.

Seeds are fixed. Two means within 4 errors: false-alarm rate 0.0001; within 3 errors, as for the million: 0.005.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import integrate

from lbpsim.engine.simpy_engine import SimpyEngine
from lbpsim.verification.models import sick_sicker as model

BLOCK = 50_000


def live(people: npt.NDArray[Any], inputs: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Run everybody to death or the horizon; events by kind."""
    totals = np.zeros(model.CHANCES + model.DATES, np.int64)
    SimpyEngine(model.RULES, people, inputs, totals).run()
    return totals


def z_scores(costs: npt.NDArray[np.float64], qalys: npt.NDArray[np.float64], inputs: npt.NDArray[Any]) -> list[float]:
    """Distance of both means from the exact ones, in Monte Carlo errors."""
    return [
        (float(sample.mean()) - exact) / (float(sample.std(ddof=1)) / math.sqrt(len(sample)))
        for sample, exact in zip((costs, qalys), model.exact(inputs), strict=True)
    ]


@pytest.mark.parametrize(
    "changes",
    [{}, {"r_hd": 0.02, "hr_s2": 4.0}, {"r_s1h": 0.0, "r_s1s2": 0.4}, {"discount_force": 1e-9}, {"horizon": 3.5}],
    ids=["base case", "deadlier", "no way back", "undiscounted", "short"],
)
def test_engine_agrees_with_the_matrix_exponential(changes: dict[str, float]) -> None:
    inputs = model.new_inputs(seed=20, **changes)
    people = model.new_people(10_000 if not changes else 5_000)
    live(people, inputs)
    assert max(map(abs, z_scores(people["cost"], people["qalys"], inputs))) < 4.0


@pytest.mark.slow
def test_a_million_people_agree_with_the_matrix_exponential() -> None:
    inputs = model.new_inputs(seed=1)
    costs, qalys = np.empty(1_000_000), np.empty(1_000_000)
    for first in range(0, len(costs), BLOCK):
        people = model.new_people(BLOCK, first)
        live(people, inputs)
        costs[first : first + BLOCK], qalys[first : first + BLOCK] = people["cost"], people["qalys"]
    assert max(map(abs, z_scores(costs, qalys, inputs))) < 3.0


def test_the_exact_answer_agrees_with_integration_in_time() -> None:
    """The closed form by another road: the cohort's differential equations."""
    row = model.new_inputs()[0]

    def change(time: float, y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        flows = y[:4, None] * row["hazards"]
        states = -flows.sum(axis=1)
        np.add.at(states, model.TARGET, flows.sum(axis=0))
        worth = math.exp(-row["discount_force"] * time)
        return np.array([*states, worth * (y[:4] @ row["cost"]), worth * (y[:4] @ row["utility"])])

    end = integrate.solve_ivp(change, (0.0, 60.0), [1.0, 0, 0, 0, 0, 0], rtol=1e-10, atol=1e-10).y[:, -1]
    np.testing.assert_allclose(model.exact(model.new_inputs()), end[4:], rtol=1e-7)


def test_people_are_conserved() -> None:
    people = model.new_people(2_000)
    totals = live(people, model.new_inputs(seed=3))
    ill, well, worse, dead, horizon = (int(n) for n in totals)
    states = np.bincount(people["state"], minlength=len(model.STATES))
    assert dead + horizon == 2_000
    assert states[model.DEAD] == dead
    assert ill - well - worse >= states[model.SICK]
    assert (people["present"] == 0).all()


def test_with_no_death_and_full_utility_qalys_are_years_lived() -> None:
    inputs = model.new_inputs(r_hd=0.0, discount_force=1e-9, horizon=10.0)
    inputs["utility"] = 1.0
    people = model.new_people(200)
    live(people, inputs)
    np.testing.assert_allclose(people["qalys"], 10.0, rtol=1e-7)


def test_blocks_and_order_change_nobody() -> None:
    inputs = model.new_inputs(seed=5)
    whole, block, turned = model.new_people(60), model.new_people(20, 20), model.new_people(60)[::-1].copy()
    for people in (whole, block, turned):
        live(people, inputs)
    assert (whole[20:40] == block).all()
    assert (whole == turned[::-1]).all()
