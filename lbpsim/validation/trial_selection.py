"""Who of those that qualify takes part: volunteers are like the trial's participants in age and sex, in nothing else.

People who join trials are no sample of those who could. Among everybody who qualifies, selection shifts mean and
spread of age and the share of women to the trial's, and changes as little else as it can (exponential tilting: of all
selections that do so, the one of largest entropy). Disability and pain have no part in it. It is an assumption, and
what it matches is matched by construction.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from lbpsim.engine.random_numbers import uniforms
from lbpsim.evidence import parameters
from lbpsim.outcomes.arrays import Numbers

VOLUNTEERS = 96  # kind of draw: whether a person takes part; kinds from 96 on are the emulated trial's
FEWEST = 30  # that can be told apart by age and sex
Chosen = npt.NDArray[np.bool_]


class TooFewError(ValueError):
    """Too few people qualify for the emulated trial."""


def volunteer(qualified: npt.NDArray[Any], seed: int, draw: int) -> Chosen:
    """Whether each of those who qualify takes part; shape as `qualified`, person records at the moment of enrolment.

    A pure function of each person's number and of who else qualifies. Raises TooFewError below FEWEST of trial age.
    """
    known = parameters()
    age, woman = qualified["age"].astype(float), qualified["sex"].astype(float)
    may = (age >= known["restore.age_low"].value) & (age <= known["restore.age_high"].value)
    if may.sum() < FEWEST:
        raise TooFewError(
            f"only {may.sum()} people qualify for the emulated trial, and it needs {FEWEST} at least: simulate more "
            "people"
        )
    willing = np.zeros(len(qualified))
    willing[may] = willingness(age[may], woman[may], known["restore.selection_strength"].value)
    return np.asarray(uniforms(seed, draw, qualified["id"], VOLUNTEERS, 0) < willing)


def willingness(age: Numbers, woman: Numbers, strength: float) -> Numbers:
    """Chance of taking part by age (years) and sex (1: woman), the likeliest person's being 1; shape as given.

    `strength` 1 leads to the trial's mean and spread of age and share of women, 0 to everybody.
    """
    known = parameters()
    mean, spread = known["restore.age_mean"].value, known["restore.age_sd"].value
    standard = (age - mean) / spread
    traits = np.column_stack([standard, standard**2, woman])
    tilt = traits @ _tilt(traits, np.array([0.0, 1.0, known["restore.women"].value])) * strength
    return np.asarray(np.exp(tilt - tilt.max()))


def _tilt(traits: Numbers, wanted: Numbers) -> Numbers:
    """Coefficients with which weights exp(traits @ coefficients) have the mean traits that are wanted."""

    def distance(coefficients: Numbers) -> tuple[float, Numbers]:
        tilt = traits @ coefficients
        return float(special.logsumexp(tilt) - coefficients @ wanted), special.softmax(tilt) @ traits - wanted

    with np.errstate(over="ignore"):  # where there is no solution the search runs off to infinity
        found = optimize.minimize(distance, np.zeros(len(wanted)), jac=True, method="BFGS")
    if np.abs(found.jac).max() > 1e-3:
        raise TooFewError("too few kinds of people qualify to find the trial's ages and sexes: simulate more people")
    return np.asarray(found.x)
