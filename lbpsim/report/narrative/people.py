"""People treated and improved, and what that costs, as figures with their intervals."""

from __future__ import annotations

import math

from lbpsim.outcomes.estimate import Estimate, from_error
from lbpsim.outcomes.people_treated import WHOLE_HORIZON
from lbpsim.outcomes.results import Results


def counted(results: Results, scenario: str, measure: str, year: str = WHOLE_HORIZON) -> Estimate:
    """A measure of `Results.treated_by_year` under a policy, undiscounted; of the whole horizon by default.

    Over draws where these were kept; else at central inputs, with Monte Carlo error.
    """
    row = results.treated_figures[scenario, measure, year]
    if math.isfinite(row["mean"]):
        return Estimate(float(row["mean"]), float(row["low"]), float(row["high"]), source=row["interval"] or "nothing")
    return from_error(float(row["value"]), float(row["mcse"]), results.replications)
