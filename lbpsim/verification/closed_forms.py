"""Two published models as further sets of rules on the engine: Sick-Sicker, and opioids on two lines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from scipy import integrate

from lbpsim.engine import compiled_engine
from lbpsim.engine.simpy_engine import Rules, SimpyEngine
from lbpsim.outcomes.arrays import Numbers
from lbpsim.validation.treatment_effects import mean_and_error
from lbpsim.verification.check import Check, CheckedFigure, close, described, exactly, sampled
from lbpsim.verification.check_figures import BAND, EXPECTED, OBSERVED, SECOND, panels, running_mean
from lbpsim.verification.models import opioid_reference as opioids
from lbpsim.verification.models import sick_sicker

BLOCK = 50_000  # people in memory at once
TWINS = 300  # people that live on both engines
FIRST_LINES = {"morphine": opioids.MORPHINE, "novel": opioids.NOVEL}
PRINTED_WEEKS = {"morphine": (14.24, 18.85, 17.28), "novel": (29.54, 11.91, 9.43)}
PRINTED_QALYS = {"morphine": 0.505523, "novel": 0.572552}
PLACES = {"line 1": opioids.LINE_1, "line 2": opioids.LINE_2, "discontinued": opioids.STOPPED}
HALF_A_PRINTED_DIGIT, QALYS_AS_CLOSE_AS_KNOWN = 0.005, 0.0001


def checks(*, fast: bool) -> Iterator[Check]:
    """Both models."""
    yield sick_sicker_check(20_000 if fast else 1_000_000, errors=4.0 if fast else 3.0, margin=0.03 if fast else 0.005)
    yield opioid_check(5_000 if fast else 200_000, margin=0.1 if fast else 0.015)


def sick_sicker_check(people: int, *, errors: float, margin: float) -> Check:
    """Mean cost and QALYs against the matrix exponential and against integration in time."""
    inputs = sick_sicker.new_inputs(seed=1)
    costs, qalys = live_sick_sicker(people, inputs)
    exact_cost, exact_qalys = sick_sicker.exact(inputs)
    ode_cost, ode_qalys = by_integration(inputs)
    return described(
        "sick-sicker",
        (
            sampled("cost of a person", "dollars", exact_cost, *mean_and_error(costs), errors=errors, margin=margin),
            sampled("QALYs of a person", "QALYs", exact_qalys, *mean_and_error(qalys), errors=errors, margin=margin),
            close("cost, by integration", "dollars", exact_cost, ode_cost, within=1e-7 * exact_cost),
            close("QALYs, by integration", "QALYs", exact_qalys, ode_qalys, within=1e-7 * exact_qalys),
            exactly("people who differ between the engines", "people", 0, _differ_between_engines(sick_sicker, inputs)),
        ),
        partial(_draw_means, costs, qalys, (exact_cost, exact_qalys), errors),
        people=people,
        errors=errors,
    )


def live_sick_sicker(people: int, inputs: npt.NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Cost and QALYs of each person, block by block on the compiled engine."""
    costs, qalys = np.empty(people), np.empty(people)
    for first in range(0, people, BLOCK):
        block = sick_sicker.new_people(min(BLOCK, people - first), first)
        totals = np.zeros(sick_sicker.CHANCES + sick_sicker.DATES, np.int64)
        compiled_engine.run(sick_sicker.__name__, block, inputs, totals)
        costs[first : first + len(block)], qalys[first : first + len(block)] = block["cost"], block["qalys"]
    return costs, qalys


def by_integration(inputs: npt.NDArray[Any]) -> tuple[float, float]:
    """Expected discounted cost and QALYs by the cohort's differential equations."""
    row = inputs[0]

    def change(time: float, y: Numbers) -> Numbers:
        flows = y[:4, None] * row["hazards"]
        states = -flows.sum(axis=1)
        np.add.at(states, sick_sicker.TARGET, flows.sum(axis=0))
        discount_factor = math.exp(-row["discount_force"] * time)
        return np.array([*states, discount_factor * (y[:4] @ row["cost"]), discount_factor * (y[:4] @ row["utility"])])

    start = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    end = integrate.solve_ivp(change, (0.0, float(row["horizon"])), start, rtol=1e-10, atol=1e-10).y[:, -1]
    return float(end[4]), float(end[5])


def opioid_check(people: int, *, margin: float) -> Check:
    """Weeks on each line and QALYs: printed, by exact cohort calculation, and by lives."""
    comparisons: list[CheckedFigure] = []
    weeks: dict[str, tuple[Numbers, Numbers, Numbers]] = {}
    for drug, first_line in FIRST_LINES.items():
        exact, exact_qalys, each, qalys = live_opioids(people, first_line)
        printed = PRINTED_WEEKS[drug]
        weeks[drug] = (np.array(printed), exact, each.mean(axis=1))
        for n, place in enumerate(PLACES):
            comparisons += [
                close(f"{drug}, {place}: cohort", "weeks", printed[n], exact[n], within=HALF_A_PRINTED_DIGIT),
                sampled(f"{drug}, {place}: lives", "weeks", exact[n], *mean_and_error(each[n]), margin=margin),
            ]
        comparisons += [
            close(f"{drug}: cohort", "QALYs", PRINTED_QALYS[drug], exact_qalys, within=QALYS_AS_CLOSE_AS_KNOWN),
            sampled(f"{drug}: lives", "QALYs", exact_qalys, *mean_and_error(qalys), margin=margin),
        ]
    return described("opioid-reference", comparisons, partial(_draw_weeks, weeks), people=people)


def live_opioids(people: int, first_line: tuple[float, float, float]) -> tuple[Numbers, float, Numbers, Numbers]:
    """Exact weeks in PLACES and QALYs of the cohort; then weeks, shape (places, people), and QALYs of each life."""
    inputs = opioids.new_inputs(first_line, scaled_while_stopping=False, seed=7)
    weeks, qalys = opioids.cohort(inputs)
    lives = opioids.new_people(people)
    compiled_engine.run(opioids.__name__, lives, inputs, np.zeros((opioids.STATES, opioids.STATES), np.int64))
    each = np.array([lives["weeks"][:, list(states)].sum(axis=1) for states in PLACES.values()])
    return np.array([weeks[list(states)].sum() for states in PLACES.values()]), qalys, each, lives["qalys"]


def _differ_between_engines(model: Any, inputs: npt.NDArray[Any]) -> int:
    fast, slow = model.new_people(TWINS), model.new_people(TWINS)
    sums = [np.zeros(model.CHANCES + model.DATES, np.int64) for _ in range(2)]
    compiled_engine.run(model.__name__, fast, inputs, sums[0])
    rules: Rules = model.RULES
    SimpyEngine(rules, slow, inputs, sums[1]).run()
    return int((fast != slow).sum())


def _draw_means(costs: Numbers, qalys: Numbers, exact: tuple[float, float], errors: float, figure: Figure) -> None:
    left, right = panels(figure, 1, 2)
    running_mean(left, costs, exact[0], errors=errors, label="Mean cost (dollars)")
    running_mean(right, qalys, exact[1], errors=errors, label="Mean QALYs")
    left.set_title(f"Line: exact; grey: {errors:g} errors", fontsize=8.5)


def _draw_weeks(weeks: dict[str, tuple[Numbers, Numbers, Numbers]], figure: Figure) -> None:
    for axes, (drug, series) in zip(panels(figure, 1, 2, sharey=True), weeks.items(), strict=True):
        for n, (each, colour) in enumerate(zip(series, (EXPECTED, SECOND, OBSERVED), strict=True)):
            label = ("Printed", "Cohort", "Lives")[n]
            axes.bar(np.arange(3) + 0.27 * (n - 1), each, 0.25, color=colour, edgecolor=BAND, label=label)
        axes.set_xticks(range(3), list(PLACES))
        axes.set_title(f"{drug.capitalize()} first", fontsize=8.5)
    figure.axes[0].set_ylabel("Weeks of the year")
    figure.axes[1].legend()
