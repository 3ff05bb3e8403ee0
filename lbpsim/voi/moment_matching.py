"""The value of a study's report by moment matching, a check on that by regression (Heath, Manolopoulou and Baio 2018).

What is expected of each policy once the study has reported varies less than if its parameters were known for sure, by
the variance that the report leaves (doi 10.1177/0272989X17738515). That variance is found by weighing the draws by how
likely each makes the report, for the report of every draw in turn; the expectations are then drawn together until
their covariance is that much less. No regression on reports is made. But it starts from what a regression on parameters
expects, and is a share of the value that this gives of knowing them: where that errs, both ways err together.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from lbpsim.cea.decision_uncertainty import perfect_information
from lbpsim.cea.net_benefit import without_noise
from lbpsim.outcomes.arrays import Numbers


def share_learnt(expected: Numbers, likelihood: Numbers) -> float:
    """What the report is worth, to what it would be worth to know its parameters for sure; 0 where that is nothing.

    `expected`: net benefit of each policy given the parameters, shape (draws, policies); `likelihood`: log, of the
    report of each draw (columns) under the parameters of each (rows).
    """
    perfect, _ = perfect_information(expected)
    if perfect <= 0.0:
        return 0.0
    return perfect_information(without_noise(expected, variance_left(expected, likelihood)))[0] / perfect


def variance_left(expected: Numbers, likelihood: Numbers) -> Numbers:
    """Covariance of the expected benefits of policies that a report leaves, averaged over reports."""
    weights = special.softmax(likelihood, axis=0)
    means = weights.T @ expected
    second = np.einsum("iq,ij,ik->jk", weights, expected, expected, optimize=True) / weights.shape[1]
    return np.asarray(second - means.T @ means / len(means))
