"""Health of people by age and sex, and by socioeconomic fifth: what every replication and draw tells of groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.groups import COUNTRY_WIDE, GROUPS, QUINTILES
from lbpsim.outcomes.measures import OUTCOME_INDEX, SUMS
from lbpsim.outcomes.periods import of_country

HEALTH = ("qalys", "qalys_discounted", "life_years")  # all but the second undiscounted
LABELS = (  # age band, sex, fifth
    *((group.age_band, group.sex, "all") for group in GROUPS),
    *(("all", "all", quintile) for quintile in QUINTILES),
)
FIFTHS = slice(len(GROUPS), len(LABELS))  # of the groups
LIFE_YEARS = SUMS["life_years"][1]


def health_by_group(totals: npt.NDArray[np.int64], scales: Numbers) -> Numbers:
    """Figures `HEALTH` over the horizon for people of the groups `LABELS`; shape (policies, replications, groups, 3).

    `totals`, `scales`: as in `Results`.
    """
    columns = [OUTCOME_INDEX[name] for name in ("qalys", *LIFE_YEARS)]
    people = totals[:, :, :, :, :COUNTRY_WIDE, columns].sum(axis=3)
    cells = people.reshape(*people.shape[:3], len(GROUPS), len(QUINTILES), len(columns))
    groups = np.concatenate([cells.sum(axis=4), cells.sum(axis=3)], axis=3)
    qalys, lived = groups[..., 0], groups[:, :, 0, :, 1:].sum(axis=-1)
    return of_country(np.stack([qalys[:, :, 0], qalys[:, :, 1], lived], axis=-1), scales)
