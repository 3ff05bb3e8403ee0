"""Years that a person may expect by the life table: what a death costs, within the study's years and beyond them.

Hazards hold from birthday to birthday, so the integral over survival is exact. The table closes: nobody is expected to
see the birthday after its last age.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.numba_cache import rule
from lbpsim.outcomes.groups import OLDEST
from lbpsim.outcomes.totals import discounted_years
from lbpsim.pathways.person import BIRTHDAY


@rule
def expected_years(person: Any, since: float, until: float, inputs: Any) -> tuple[float, float, float, float]:
    """Expected years of somebody alive at `since`, from then to `until` (infinite: to the end of life).

    Returns years, years discounted to the start of the study, and both times the utility norm of age and sex.
    """
    age, birthday, time = int(person.age), person.next_time[BIRTHDAY], since
    while birthday <= since and age <= OLDEST:
        age += 1
        birthday += 1.0
    alive, years, discounted_sum, quality, discounted_quality = 1.0, 0.0, 0.0, 0.0, 0.0
    while age <= OLDEST and time < until:
        span = min(birthday, until) - time
        hazard, norm = inputs.death_hazard[person.sex, age], inputs.utility_norm[person.sex, age]
        plain = alive * discounted_years(span, hazard)
        today = alive * math.exp(-inputs.discount_force * time) * discounted_years(span, hazard + inputs.discount_force)
        years += plain
        discounted_sum += today
        quality += norm * plain
        discounted_quality += norm * today
        alive *= math.exp(-hazard * span)
        time += span
        age += 1
        birthday += 1.0
    return years, discounted_sum, quality, discounted_quality
