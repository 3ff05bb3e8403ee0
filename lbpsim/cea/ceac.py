"""Acceptability at every threshold: who is probably best, the frontier curve, expected loss, perfect information.

CEAC, the probability that a policy is worth most; CEAF, that of the policy with the highest expected net benefit, which
is the one to choose and need not be the likeliest (Fenwick, Claxton and Sculpher 2001, doi 10.1002/hec.635).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lbpsim.cea.decision_uncertainty import acceptability, expected_loss, optimal
from lbpsim.cea.net_benefit import View, net_benefit_of, views
from lbpsim.evidence import parameters

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults


def threshold_range(thresholds: Sequence[float]) -> tuple[float, ...]:
    """Thresholds to show (money per QALY), rising: from 0 to the registered end by the registered step, and these.

    Beyond that end the steps grow with the highest threshold, so that there are never more of them.
    """
    known = parameters()
    registered, step = known["decision.threshold_most"].value, known["decision.threshold_step"].value
    most = max(registered, *thresholds, 0.0)
    step *= math.ceil(most / registered)
    even = np.arange(0.0, most + step / 2.0, step).tolist()
    return tuple(sorted({*even, *(float(threshold) for threshold in thresholds)}))


def acceptability_table(draws: DrawResults, thresholds: Sequence[float]) -> pd.DataFrame:
    """Each policy at each threshold (money per QALY) from both perspectives, Monte Carlo noise of the draws taken out.

    Columns: perspective, threshold, scenario; net_benefit, net_benefit_mcse (money), mean over the comparator, and
    net_health_benefit (QALYs, missing at threshold 0); probability of being best and its mcse; best, whether it has the
    highest expectation (one policy at each threshold, the first of equal ones); expected_loss (money) of choosing it,
    least for the best, whose loss is the value of perfect information; noise_share.
    """
    return pd.concat([_at(draws, view) for view in views(thresholds)], ignore_index=True)


def _at(draws: DrawResults, view: View) -> pd.DataFrame:
    benefit = net_benefit_of(draws, view)
    mean, probability = benefit.raw.mean(axis=0), acceptability(benefit.clean)
    number = len(benefit.raw)
    error = benefit.raw.std(axis=0, ddof=1) / np.sqrt(number) if number > 1 else np.full_like(mean, np.nan)
    return pd.DataFrame(
        {
            **view._asdict(),
            "scenario": draws.scenarios,
            "net_benefit": mean,
            "net_benefit_mcse": error,
            "net_health_benefit": mean / view.threshold if view.threshold > 0.0 else np.nan,
            "probability": probability,
            "probability_mcse": np.sqrt(probability * (1.0 - probability) / number),
            "best": np.arange(len(mean)) == optimal(benefit.clean),
            "expected_loss": expected_loss(benefit.clean),
            "noise_share": benefit.noise_share,
        }
    )
