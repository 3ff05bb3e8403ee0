"""Made-up draws of what payers pay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lbpsim.outcomes import payers
from lbpsim.outcomes.budget import paying, periods
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from tests.report.decided import drawn


def with_budgets(results: Results, number: int) -> ProbabilisticResults:
    """The results with draws in which every policy pays 100 more than the one before it, give or take."""
    names = paying(payers.shares(results.study.values(results.study.policies[0])))
    shape = number, len(results.scenarios), len(names), len(periods(results.years))
    paid = (
        100.0 * np.arange(len(results.scenarios))[:, None, None] + np.linspace(-10.0, 10.0, number)[:, None, None, None]
    )
    paid = np.broadcast_to(paid, shape).copy()
    paid[:, 0] = 0.0
    draws = replace(drawn(results, number), payers=names, paid=paid, paid_mcse=np.zeros(shape))
    return ProbabilisticResults.join(results, draws)
