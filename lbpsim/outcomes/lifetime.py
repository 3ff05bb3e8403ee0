"""A closed cohort over its lifetime: what comes of the study's years, and of what lies beyond them.

After the study's last year nothing new begins, and everyone alive is followed to death. QALYs and costs beyond the
study are then lived through, so what deaths within it would have cost beyond it (`qalys_beyond`) is not counted again.
Years of life lost are never lived: those that a death within the study loses beyond it are lost beyond it.
"""

from __future__ import annotations

from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import OUTCOME_INDEX, OUTCOMES, SUMS
from lbpsim.outcomes.periods import every_outcome

WITHIN, BEYOND, LIFETIME = "study years", "beyond", "lifetime"
EXPECTED_BEYOND = ("qalys_beyond", "ylls_beyond")  # at deaths within the study; lived through here, or counted beyond
OVER_A_LIFETIME = tuple(
    name
    for name, outcome in OUTCOMES.items()
    if outcome.nature in ("flow", "ratio") and not {name, *SUMS.get(name, (None, ()))[1]} & set(EXPECTED_BEYOND)
)


def parts_of_life(study: Numbers, beyond: Numbers) -> dict[str, Numbers]:
    """Values of every outcome in the study's years, beyond them, and over both, from counted outcomes of the country.

    Shape of each: (policies, replications, 2, outcomes). Only outcomes `OVER_A_LIFETIME` mean what they say.
    """
    after = beyond.copy()
    after[..., OUTCOME_INDEX["ylls"]] += study[..., OUTCOME_INDEX["ylls_beyond"]]
    parts = {WITHIN: study, BEYOND: after, LIFETIME: study + after}
    return {name: every_outcome(counted, 1.0) for name, counted in parts.items()}
