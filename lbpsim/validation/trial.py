"""RESTORE emulated inside the population: the same people with and without Cognitive Functional Therapy (CFT).

People live under usual care until a consultation at which they meet the trial's entry criteria. There each life goes on
once without and once with a course that begins at once. Nothing makes usual care improve: people who enter in a bad
week regress to their own mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.pathways.cft import WEEK, YEAR_3
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import Laboratory
from lbpsim.study import CftPolicy, Policy, Study
from lbpsim.validation.follow_up import enrol, follow

VISITS = (*(week * WEEK for week in (0, 3, 6, 13, 26, 40, 52)), YEAR_3)
ENROLMENT_YEARS = 2.0
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """What was measured: RMDQ and pain, shape (arms, people, visits); ages and share of women of those enrolled.

    Arms: usual care, CFT, CFT with biofeedback; visits at the times in VISITS (years).
    """

    rmdq: Numbers
    pain: Numbers
    age: Numbers
    women: float

    def difference(self, what: Numbers, arm: int) -> Numbers:
        """Mean difference from usual care at each visit over those alive in both, shape (visits,)."""
        return np.asarray(np.nanmean(what[arm] - what[0], axis=0))


def emulate(study: Study) -> Trial:
    """Enrol all who qualify within two years, and follow all arms; nobody waits, so one replication is enough."""
    laboratory = Laboratory(replace(study, years=max(study.years, 6), replications=1))
    usual = study.policies[0]
    arms = [usual, *(replace(usual, cft=CftPolicy(biofeedback=biofeedback)) for biofeedback in (False, True))]
    people = laboratory.persons(0).copy()
    inputs = [_inputs(laboratory, arm) for arm in arms]
    enrolled = enrol(people, inputs[0], laboratory.blank_totals(), ENROLMENT_YEARS)
    baseline = people[enrolled]
    measured = [_follow(baseline.copy(), record, laboratory, treated=arm > 0) for arm, record in enumerate(inputs)]
    rmdqs, pains = (np.array(values) for values in zip(*measured, strict=True))
    return Trial(rmdqs, pains, baseline["age"].astype(float), float(baseline["sex"].mean()))


def _inputs(laboratory: Laboratory, arm: Policy) -> npt.NDArray[Any]:
    return build(laboratory.study, arm, laboratory.study.values(arm), draw=laboratory.draw)


def _follow(
    people: npt.NDArray[Any], inputs: npt.NDArray[Any], laboratory: Laboratory, *, treated: bool
) -> tuple[Numbers, Numbers]:
    measured = np.full((2, len(people), len(VISITS)), np.nan)
    follow(people, inputs, laboratory.blank_totals(), np.array(VISITS), int(treated), measured)
    return measured[0], measured[1]
