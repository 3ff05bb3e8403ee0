"""What a fit says, as tables: parameters and targets before and after, what the targets can tell apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lbpsim.calibration.fit import Fit
from lbpsim.evidence import distributions, parameters
from lbpsim.evidence.output_tables import frame_of
from lbpsim.evidence.reading import PlanError
from lbpsim.outcomes.arrays import Numbers

# Posterior over prior standard deviation below and above which a parameter is called so; known to about 0.03.
LEARNT, HARDLY = 0.7, 0.9
TELLING = 0.3  # share of a direction from which a parameter is named with it
ROUGH = 4  # significant digits of a law's parameters


def parameter_table(fit: Fit) -> pd.DataFrame:
    """Free parameters, in the registry's units.

    `value`, `sd`, `low`, `high`: of the posterior; `sd_ratio`, `shift`: width and mean of the posterior in prior
    standard deviations, on the scale on which the prior is normal; `partner`: the parameter it goes with most.
    """
    sample, widths, shifts = fit.sample_in_units, fit.sample.std(axis=0, ddof=1), fit.sample.mean(axis=0)
    names, partners, ties = fit.task.scores.names, *_partners(fit)
    rows = []
    for i, one in enumerate(fit.task.scores.parameters):
        assert one.prior is not None
        value, sd = float(fit.values[i]), float(sample[:, i].std(ddof=1))
        law = law_like(one.prior, value, sd)
        before = distributions.law(one.prior)
        rows.append((
            *(one.name, one.unit, one.prior, float(before.mean()), float(before.std()), value, sd, law),
            *(*distributions.interval(law), widths[i], shifts[i], told(widths[i]), names[partners[i]], ties[i]),
        ))  # fmt: skip
    return frame_of("parameters", rows)


def told(ratio: float) -> str:
    """What the targets say of a parameter whose uncertainty they leave at `ratio` of the prior's."""
    return "much" if ratio < LEARNT else "something" if ratio < HARDLY else "hardly anything"


def law_like(prior: str, mean: float, sd: float) -> str:
    """A law of the prior's family with this mean and standard deviation, as text.

    Raises PlanError for families that a calibration does not use.

    >>> law_like("gamma(36, 0.03333)", 1.2, 0.06)
    'gamma(400, 0.003)'
    """
    family = prior.partition("(")[0]
    if family == "normal":
        return f"normal({mean:g}, {sd:.{ROUGH}g})"
    if family == "gamma":
        shape = float(f"{(mean / sd) ** 2:.{ROUGH}g}")
        return f"gamma({shape:g}, {mean / shape:.{ROUGH}g})"
    if family == "beta":
        weight = mean * (1.0 - mean) / sd**2 - 1.0
        return f"beta({mean * weight:.{ROUGH}g}, {(1.0 - mean) * weight:.{ROUGH}g})"
    raise PlanError(f'"{prior}": the prior of a free parameter is normal, gamma or beta')


def target_table(fit: Fit) -> pd.DataFrame:
    """Targets and what is met by construction; money at the study's prices.

    `miss`: of the base case, in units of `within`; `sample_mean`, `sample_sd`: of simulated rows of the posterior.
    """
    rows, aimed = [], len(fit.task.loss.targets)
    for i, name in enumerate(fit.task.figures):
        one, fitted = parameters()[name], i < aimed
        target, within = (fit.task.loss.targets[i], fit.task.loss.within[i]) if fitted else (one.value, np.nan)
        low, high = one.interval or (np.nan, np.nan)
        scale = target / one.value if one.value else 1.0
        rows.append((
            *(name, one.unit, fitted, target, low * scale, high * scale, within, fit.before[i], fit.after[i]),
            *(fit.again[i], fit.checked[:, i].mean(), fit.checked[:, i].std(ddof=1), (fit.after[i] - target) / within),
            fit.emulator_error[i] if fitted else np.nan,
        ))  # fmt: skip
    return frame_of("calibration_targets", rows)


def correlation_table(fit: Fit) -> pd.DataFrame:
    """Correlation of the free parameters in the posterior, on the scale on which their priors are normal."""
    names = fit.task.scores.names
    table = pd.DataFrame(np.corrcoef(fit.sample.T), index=pd.Index(names, name="parameter"), columns=list(names))
    return table.reset_index()


def direction_table(fit: Fit) -> pd.DataFrame:
    """What the targets can tell apart: singular values of the sensitivities, each with the parameters that make it up.

    Columns direction, singular_value, told (whether the targets say more of it than the prior: above 1), made_of.
    """
    _, sizes, directions = np.linalg.svd(fit.slopes, full_matrices=True)
    padded = np.concatenate([sizes, np.zeros(len(directions) - len(sizes))])
    rows = [
        (number, float(size), "yes" if size > 1.0 else "no", _made_of(direction, fit.task.scores.names))
        for number, (size, direction) in enumerate(zip(padded, directions, strict=True), 1)
    ]
    return frame_of("directions", rows)


def search_table(fit: Fit) -> pd.DataFrame:
    """Each search: loss before and after, steps, why it ended, how far from the best (prior standard deviations)."""
    lowest = min(fit.searches, key=lambda one: one.after)
    rows = [
        (number, one.before, one.after, one.steps, one.ended, float(np.abs(one.scores - lowest.scores).max()))
        for number, one in enumerate(fit.searches, 1)
    ]
    return frame_of("searches", rows)


def _partners(fit: Fit) -> tuple[list[int], list[float]]:
    ties = np.corrcoef(fit.sample.T) - np.eye(len(fit.task.scores.names))
    partners = np.abs(ties).argmax(axis=1)
    return partners.tolist(), ties[np.arange(len(ties)), partners].tolist()


def _made_of(direction: Numbers, names: tuple[str, ...]) -> str:
    signed = direction * np.sign(direction[np.abs(direction).argmax()])
    order = np.argsort(-np.abs(signed), kind="stable")
    return ", ".join(f"{signed[i]:+.2f} {names[i]}" for i in order if abs(signed[i]) >= TELLING)
