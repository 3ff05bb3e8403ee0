"""Socioeconomic quintiles, the most disadvantaged fifth of people first: who is in pain, and who takes up care."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lbpsim.outcomes.groups import QUINTILES

Shares = npt.NDArray[np.float64]


def gradient(ratio: float) -> Shares:
    """Values on a line over the quintiles, the first `ratio` times the last; they average 1. Shape (5,).

    >>> gradient(1.5).round(1).tolist()
    [1.2, 1.1, 1.0, 0.9, 0.8]
    """
    line = np.linspace(ratio, 1.0, len(QUINTILES))
    return np.asarray(line / line.mean())


def case_shares(values: Mapping[str, float]) -> Shares:
    """Share of people with chronic low back pain in each quintile; shape (5,), sums to 1."""
    return gradient(values["equity.prevalence_ratio"]) / len(QUINTILES)


def uptake(values: Mapping[str, float]) -> Shares:
    """Share that takes up an offer of CFT in each quintile, `cft.uptake` among all who are in pain; shape (5,)."""
    line = gradient(values["equity.uptake_ratio"])
    return np.asarray(values["cft.uptake"] * line / float(line @ case_shares(values)))
