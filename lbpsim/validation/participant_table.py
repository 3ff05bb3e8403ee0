"""The emulated trial person by person: one row for each participant and arm."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.outcomes.groups import SEXES
from lbpsim.validation.participant_outcomes import COSTS, MARKS, ParticipantOutcomes
from lbpsim.validation.treatment_effects import VISIT_WEEKS
from lbpsim.validation.trial import ARMS, Enrolment, Trial

SUMMED = ("qalys", *COSTS)


def people(enrolment: Enrolment, trial: Trial, sums: ParticipantOutcomes) -> pd.DataFrame:
    """Columns arm, person, age, sex, `rmdq_week_<n>` and `pain_week_<n>` (0: baseline, 156: year 3; empty once dead),
    sessions, and QALYs and costs by category as `<outcome>_year_1` and `_year_3`, undiscounted.

    A person is in every arm, under the same number and with the same random numbers.
    """
    return pd.concat([_of_arm(enrolment, trial, sums, arm) for arm in range(len(ARMS))], ignore_index=True)


def _of_arm(enrolment: Enrolment, trial: Trial, sums: ParticipantOutcomes, arm: int) -> pd.DataFrame:
    who = enrolment.participants
    columns: dict[str, npt.NDArray[np.generic] | list[str] | str] = {
        "arm": ARMS[arm],
        "person": who["id"],
        "age": who["age"],
        "sex": [SEXES[sex] for sex in who["sex"]],
    }
    for name, scores in (("rmdq", trial.rmdq), ("pain", trial.pain)):
        columns |= {f"{name}_week_{week}": scores[arm, :, visit] for visit, week in enumerate(VISIT_WEEKS)}
    columns["sessions"] = sums.of("cft_sessions")[arm, :, -1].round().astype(np.int64)
    for name in SUMMED:
        columns |= {f"{name}_year_{years:.0f}": sums.of(name)[arm, :, mark] for mark, years in enumerate(MARKS)}
    return pd.DataFrame(columns)
