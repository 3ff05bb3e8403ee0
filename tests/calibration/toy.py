"""A small model with a known answer, to see whether the machinery of a calibration finds it.

Three parameters, two of which only matter by their product's logarithm, so that they cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from lbpsim.calibration.evaluations import Evaluations
from lbpsim.calibration.fit import Fit, Task, figures_of, fitted, loss_of
from lbpsim.calibration.normal_scores import Scores
from lbpsim.calibration.plan import CalibrationPlan, Settings, shipped
from lbpsim.calibration.search import Loss
from lbpsim.evidence import Parameter, parameters
from lbpsim.simulation.workers import Here
from tests.pathways import small_country

SETTINGS = Settings(
    people=1, work_years=1, starts=3, search_steps=20, step=0.1, design=80, held_out=20, spread=1.2, chains=20,
    burn_in=50, thinning=5, sample=400, checked=5,
)  # fmt: skip
TRUTH = {"toy.level": 7.5, "toy.rate": 1.0, "toy.size": 2.0}  # rate is in years, given in weeks below
FIGURES = ("level", "product", "bend")


def parameter(name: str, prior: str, unit: str = "ratio") -> Parameter:
    return Parameter(
        name=name, label=name, value=1.0, unit=unit, role="input", grade="assumption", prior=prior,
        distribution="normal(1, 0.2)", interval=(0.608, 1.392),
    )  # fmt: skip


SCORES = Scores(
    (
        parameter("toy.level", "normal(7, 1)"),
        parameter("toy.rate", "gamma(16, 3.26)", "weeks"),
        parameter("toy.size", "gamma(16, 0.125)"),
    )
)


def figures(values: Mapping[str, float]) -> dict[str, float]:
    level, rate, size = (values[name] for name in TRUTH)
    return {"level": level, "product": float(np.log(rate * size)), "bend": level**2 / 10.0}


def task(within: tuple[float, ...] = (0.05, 0.05, 0.5)) -> Task:
    answers = figures(TRUTH)
    loss = Loss(np.array([answers[name] for name in FIGURES]), np.array(within))
    return Task(SETTINGS, SCORES, loss, FIGURES, seed=3)


class Counted:
    """The toy, counting how often it is asked; breaks down when asked more than `most` times."""

    def __init__(self, most: float = float("inf")) -> None:
        self.asked, self.most = 0, most

    def __call__(self, values: Mapping[str, float]) -> dict[str, float]:
        self.asked += 1
        if self.asked > self.most:
            raise KeyboardInterrupt
        return figures(values)


def small_plan() -> CalibrationPlan:
    """The shipped plan with four free parameters and little work."""
    whole = shipped()
    settings = whole.settings.model_copy(
        update={
            "starts": 2,
            "design": 40,
            "held_out": 10,
            "sample": 200,
            "chains": 20,
            "checked": 5,
            "burn_in": 50,
            "thinning": 3,
        }
    )
    chosen = ("disability.trait_mean", "care.severity", "cft.latent_scale", "flares.duration_median")
    free = tuple(one for one in whole.free if one.name in chosen)
    return whole.model_copy(update={"free": free, "settings": settings})


def registered_fit(folder: Path) -> Fit:
    """A fit of registered parameters to registered targets, by a stand-in for the simulation that takes no time."""
    plan, study = small_plan(), small_country.shipped()
    scores, names = Scores(tuple(one.parameter for one in plan.free)), figures_of(plan)
    loss = loss_of(plan, study)
    middle = scores.values(np.zeros(len(plan.free)))
    published = [parameters()[name].value for name in names]

    def model(values: Mapping[str, float]) -> dict[str, float]:
        moved = sum(values[name] / middle[name] - 1.0 for name in plan.names)
        found = {name: value * (0.9 + 0.2 * moved) for name, value in zip(names, published, strict=True)}
        for aim, target, within in zip(plan.targets, loss.targets, loss.within, strict=True):
            found[aim.name] = target + within * moved
        return found

    stand_in = Evaluations(model, names, "stand-in", folder, Here())
    return fitted(Task(plan.settings, scores, loss, names, study.seed), stand_in, stand_in)


def evaluations(folder: Path, pool: Executor, model: Counted | None = None, key: str = "toy") -> Evaluations:
    return Evaluations(model or Counted(), FIGURES, key, folder, pool)
