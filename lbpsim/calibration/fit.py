"""A calibration from beginning to end: search, posterior, and what came of it.

1. Search from several starts for the parameters that meet the targets best (`search`).
2. Simulate a design of parameters around them, and fit an emulator to what it gives (`emulator`).
3. Sample the posterior by it (`posterior`); its mean, rounded, is the base case that ships, its rows are what the
   probabilistic analysis draws.
4. Simulate the base case, with the random numbers of the fit and with others, and some rows of the sample, to see
   whether what the emulator promised holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from lbpsim.calibration import emulator, posterior
from lbpsim.calibration.evaluations import Evaluations, fingerprint
from lbpsim.calibration.normal_scores import Scores, normals, spread_evenly
from lbpsim.calibration.plan import CalibrationPlan, Settings, shipped
from lbpsim.calibration.search import Found, Loss, best, jacobian, search
from lbpsim.calibration.simulated_targets import simulate
from lbpsim.evidence.reading import PlanError
from lbpsim.evidence.units import to_canonical
from lbpsim.outcomes.arrays import Numbers
from lbpsim.simulation.workers import hired
from lbpsim.study import Study
from lbpsim.validation.trial_figures import DIFFERENCES, YEAR_3_WEEK

Tell = Callable[[str, int, int], None]
STARTS, DESIGN = 21, 22  # streams of chance
DIGITS = 3  # significant, of what ships


@dataclass(frozen=True)
class Task:
    """What is fitted: the parameters of `scores`, until the first figures of a model come near `loss.targets`.

    `figures`: names of what the model gives, the targets first, in their order; `seed`: of starts, design and chain.
    """

    settings: Settings
    scores: Scores
    loss: Loss
    figures: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Fit:
    """What came of a calibration.

    `searches`: one from each start; `slopes`: derivatives of figures over "within" by scores at the best fit, shape
    (targets, parameters); `emulator_error`: of each target in held-out simulations; `sample`: scores of the posterior,
    shape (rows, parameters), worth `effective_rows` independent ones; `values`: of the base case, in the registry's
    units; figures of the priors' means (`before`), of the base case (`after`), with other random numbers (`again`), and
    of some rows of the sample (`checked`, shape (rows, figures)). `key`: hash of the code and of all numbers that stay.
    """

    task: Task
    searches: tuple[Found, ...]
    slopes: Numbers
    emulator_error: Numbers
    sample: Numbers
    effective_rows: float
    values: Numbers
    before: Numbers
    after: Numbers
    again: Numbers
    checked: Numbers
    key: str

    @property
    def sample_in_units(self) -> Numbers:
        """The posterior in the registry's units, shape (rows, parameters)."""
        return self.task.scores.in_units(self.sample)


def calibrate(
    study: Study,
    folder: Path,
    *,
    plan: CalibrationPlan | None = None,
    workers: int | None = None,
    tell: Tell | None = None,
) -> Fit:
    """Fit the free parameters of `plan` (the shipped one if None) to its targets; simulations are kept in `folder`.

    `tell` is called with what is being done and how much of it is done of how much. Raises PlanError where the study
    itself assumes a free parameter, TooFewError where too few of the plan's people qualify for the trial.
    """
    plan = plan or shipped()
    assumed = sorted(set(plan.names) & {*study.assume, *study.policies[0].assume})
    if assumed:
        raise PlanError(f"{', '.join(assumed)}: assumed by the study, so it cannot be fitted; take it out of `assume`")
    sized = study.to_the_horizon.with_changes(people=plan.settings.people, replications=1)
    names = figures_of(plan)
    task = Task(
        plan.settings, Scores(tuple(free.parameter for free in plan.free)), loss_of(plan, study), names, study.seed
    )
    seeded = (sized, replace(sized, seed=study.seed + 1))
    models = [partial(simulate, each, work_years=plan.settings.work_years) for each in seeded]
    with hired(workers) as pool:
        keys = [fingerprint(each, plan.names, (plan.settings.work_years, names)) for each in seeded]
        one, other = (Evaluations(model, names, key, folder, pool) for model, key in zip(models, keys, strict=True))
        return fitted(task, one, other, tell)


def figures_of(plan: CalibrationPlan) -> tuple[str, ...]:
    """What is kept of a simulation: the targets, then those met by construction that it also shows."""
    shown = (
        *("restore.baseline_rmdq_sd", "restore.benefit_at_7", "restore.benefit_at_18"),
        *(name for (what, _, week), name in DIFFERENCES.items() if what == "rmdq" and week != YEAR_3_WEEK),
        *("country.yld_per_case", "country.low_back_pain_ylds"),
    )
    return (*plan.aims, *(name for name in shown if name in plan.by_construction))


def loss_of(plan: CalibrationPlan, study: Study) -> Loss:
    """Targets and how well they have to be met, money at the study's prices."""
    year, prices = study.price_year, study.registry.prices
    targets = [aim.target.at_prices_of(year, prices) for aim in plan.targets]
    within = [aim.target.model_copy(update={"value": aim.within}).at_prices_of(year, prices) for aim in plan.targets]
    return Loss(np.array(targets), np.array(within))


def fitted(task: Task, one: Evaluations, other: Evaluations, tell: Tell | None = None) -> Fit:
    """Carry out a task; `other` is the same model with other random numbers."""
    searches = _searches(task, one, tell)
    lowest = best(searches)
    slopes = jacobian(_figures(task, one, "sensitivity", tell), lowest.scores, task.settings.step)
    slopes = slopes / task.loss.within[:, None]
    frame = emulator.around(lowest.scores, slopes, task.settings.spread)
    stand_in = _emulator(task, one, frame, tell)
    likely = emulator.around(lowest.scores, slopes, 1.0)
    chains = _chains(task, stand_in, likely)
    sample = likely.scores(chains.states)
    values = rounded(task.scores.in_units(sample).mean(axis=0))
    base = [task.scores.of(values)]
    checked = sample[: task.settings.checked]
    return Fit(
        task=task,
        searches=tuple(searches),
        slopes=slopes,
        emulator_error=stand_in.error,
        sample=sample,
        effective_rows=chains.effective_rows,
        values=values,
        before=_every_figure(task, one, [task.scores.of(task.scores.prior_means)], "before", tell)[0],
        after=_every_figure(task, one, base, "base case", tell)[0],
        again=_every_figure(task, other, base, "base case, another seed", tell)[0],
        checked=_every_figure(task, one, list(checked), "checking the sample", tell),
        key=one.key,
    )


def _every_figure(task: Task, model: Evaluations, scores: Sequence[Numbers], words: str, tell: Tell | None) -> Numbers:
    model.tell = None if tell is None else partial(tell, words)
    return model.many([task.scores.values(each) for each in scores])


def _figures(task: Task, model: Evaluations, words: str, tell: Tell | None) -> Callable[[Numbers], Numbers]:
    """Figures of the targets for sets of scores."""

    def figures(scores: Numbers) -> Numbers:
        return _every_figure(task, model, list(scores), words, tell)[:, : len(task.loss.targets)]

    return figures


def _searches(task: Task, model: Evaluations, tell: Tell | None) -> list[Found]:
    """The first from the priors' medians, the others from draws of the priors."""
    sizes, parameters = task.settings, len(task.scores.parameters)
    starts = np.vstack([np.zeros(parameters), normals(task.seed, STARTS, sizes.starts - 1, parameters)])
    found = []
    for number, start in enumerate(starts, 1):
        figures = _figures(task, model, f"search {number} of {len(starts)}", tell)
        found.append(search(figures, task.loss, start, step=sizes.step, most=sizes.search_steps))
    return found


def _emulator(task: Task, model: Evaluations, frame: emulator.Frame, tell: Tell | None) -> emulator.Emulator:
    sizes = task.settings
    standard = spread_evenly(task.seed, DESIGN, sizes.design, len(task.scores.parameters))
    figures = _figures(task, model, "design", tell)(frame.scores(standard))
    return emulator.fit(frame, standard, figures, sizes.held_out)


def _chains(task: Task, stand_in: emulator.Emulator, frame: emulator.Frame) -> posterior.Chains:
    sizes = task.settings
    return posterior.sample(
        posterior.density(stand_in, frame, task.loss),
        len(task.scores.parameters),
        rows=sizes.sample,
        chains=sizes.chains,
        burn_in=sizes.burn_in,
        thinning=sizes.thinning,
        seed=task.seed,
    )


def rounded(values: Numbers) -> Numbers:
    """To DIGITS significant digits."""
    return np.array([float(f"{value:.{DIGITS}g}") for value in values])


def canonical(fit: Fit) -> Numbers:
    """The posterior in canonical units, shape (rows, parameters)."""
    each = zip(fit.sample_in_units.T, fit.task.scores.parameters, strict=True)
    return np.column_stack([[to_canonical(float(value), one.unit) for value in column] for column, one in each])
