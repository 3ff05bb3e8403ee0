"""Who is in the middle of something at the start stands where they are in it; nobody else is moved."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.pathways import state as s
from lbpsim.pathways.opioids import FLAT, LATE_ESTABLISHED
from lbpsim.pathways.start import settle
from lbpsim.simulation.inputs import build
from tests.pathways.small_country import USUAL_CARE, person, study


@pytest.mark.parametrize(
    ("years_on_opioids", "years_to_operation", "on_opioids", "step", "surgery"),
    [
        (-1.0, np.inf, 0, FLAT, s.NO_SURGERY),
        (0.0, np.inf, 1, FLAT, s.NO_SURGERY),
        (8.0, np.inf, 1, LATE_ESTABLISHED, s.NO_SURGERY),
        (-1.0, 0.5, 0, FLAT, s.AWAITING_SURGERY),
        (8.0, 0.5, 1, LATE_ESTABLISHED, s.AWAITING_SURGERY),
    ],
)
def test_people_stand_where_they_are_at_the_start(
    years_on_opioids: float, years_to_operation: float, on_opioids: int, step: int, surgery: int
) -> None:
    people, asked = np.array([person()]), study()
    given = build(asked, USUAL_CARE, asked.values(USUAL_CARE))
    settle(people, given, np.array([years_on_opioids]), np.array([years_to_operation]))
    someone = people[0]
    assert (someone["on_opioids"], someone["opioid_step"], someone["surgery"]) == (on_opioids, step, surgery)
    assert (someone["due"][s.SURGERY_STEP] == 0.5) == (surgery == s.AWAITING_SURGERY)
