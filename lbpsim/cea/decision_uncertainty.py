"""What a decision under uncertainty comes to: acceptability, expected loss, value of perfect information.

Arrays are (draws, policies), policies in the study's order. Not here: where net benefit comes from (`net_benefit`), and
what single parameters are worth (`lbpsim.voi.evppi`).
"""

from __future__ import annotations

import numpy as np

from lbpsim.outcomes.arrays import Numbers


def acceptability(benefit: Numbers) -> Numbers:
    """Probability of each policy to have the highest net benefit; shape (policies,), sums to 1.

    Of equal policies the first counts.

    >>> acceptability(np.array([[0.0, 1.0], [0.0, -1.0], [0.0, 0.0], [0.0, 2.0]])).tolist()
    [0.5, 0.5]
    """
    best = benefit.argmax(axis=1)
    return np.bincount(best, minlength=benefit.shape[1]) / len(benefit)


def optimal(benefit: Numbers) -> int:
    """Number of the policy with the highest expected net benefit; the first of equal ones."""
    return int(benefit.mean(axis=0).argmax())


def expected_loss(benefit: Numbers) -> Numbers:
    """Net benefit lost on average by choosing each policy for good; shape (policies,). The least is the EVPI."""
    return np.asarray((benefit.max(axis=1, keepdims=True) - benefit).mean(axis=0))


def perfect_information(benefit: Numbers) -> tuple[float, float]:
    """Expected value of perfect information, with its standard error from the number of draws.

    >>> perfect_information(np.array([[0.0, 1.0], [0.0, -1.0]]))[0]
    0.5
    """
    lost = benefit.max(axis=1) - benefit[:, optimal(benefit)]
    error = float(lost.std(ddof=1) / np.sqrt(len(lost))) if len(lost) > 1 else np.nan
    return float(lost.mean()), error
