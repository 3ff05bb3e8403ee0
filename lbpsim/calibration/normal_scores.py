"""Parameters as normal scores of their priors, so that every prior is a standard normal, and back.

A score of 0 is the prior's median, 1 its 84th percentile. All searching and sampling is done in scores: no parameter
can leave the range of its prior, and a penalty of score squared is the prior itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from lbpsim.engine.random_numbers import uniforms
from lbpsim.evidence import Parameter, distributions
from lbpsim.evidence.units import to_canonical
from lbpsim.outcomes.arrays import Numbers

LARGEST = 8.0  # a score whose probability a floating-point number still tells from 1


@dataclass(frozen=True)
class Scores:
    """The free parameters of a fit, in order; each has a prior."""

    parameters: tuple[Parameter, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Registered names."""
        return tuple(parameter.name for parameter in self.parameters)

    def values(self, scores: Numbers) -> dict[str, float]:
        """Values in canonical units of one set of scores, shape (parameters,)."""
        in_units = self.in_units(scores)
        return {
            parameter.name: to_canonical(float(value), parameter.unit)
            for parameter, value in zip(self.parameters, in_units, strict=True)
        }

    def in_units(self, scores: Numbers) -> Numbers:
        """Values in the registry's units; scores of shape (..., parameters)."""
        shares = stats.norm.cdf(np.clip(scores, -LARGEST, LARGEST))
        each = [prior(parameter).ppf(shares[..., i]) for i, parameter in enumerate(self.parameters)]
        return np.stack(each, axis=-1)

    def of(self, values: Sequence[float] | Numbers) -> Numbers:
        """Scores of values in the registry's units, shape (..., parameters)."""
        table = np.asarray(values, float)
        each = [prior(parameter).cdf(table[..., i]) for i, parameter in enumerate(self.parameters)]
        return np.asarray(np.clip(stats.norm.ppf(np.stack(each, axis=-1)), -LARGEST, LARGEST))

    @property
    def prior_means(self) -> Numbers:
        """Means of the priors in the registry's units, shape (parameters,)."""
        return np.array([prior(parameter).mean() for parameter in self.parameters])


def prior(parameter: Parameter) -> Any:
    """The law of a free parameter before calibration."""
    assert parameter.prior is not None
    return distributions.law(parameter.prior)


def normals(seed: int, stream: int, rows: int, columns: int, occurrence: int = 0) -> Numbers:
    """Independent standard normal numbers, shape (rows, columns); the first rows are the same however many follow."""
    numbers = np.arange(rows)
    each = [uniforms(seed, stream, numbers, column, occurrence) for column in range(columns)]
    return np.asarray(stats.norm.ppf(np.column_stack(each))).reshape(rows, columns)


def spread_evenly(seed: int, stream: int, rows: int, columns: int) -> Numbers:
    """A Latin hypercube of standard normal numbers: in each column one from each of `rows` equally likely parts."""
    numbers = np.arange(rows)
    each = []
    for column in range(columns):
        order = np.argsort(uniforms(seed, stream, numbers, column, 1), kind="stable")
        each.append((order + uniforms(seed, stream, numbers, column, 2)) / rows)
    return np.asarray(stats.norm.ppf(np.column_stack(each)))
