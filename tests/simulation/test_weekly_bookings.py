"""Places that are booked week by week are those that are counted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.person import CFT_LIST
from lbpsim.simulation.engines import COMPILED
from lbpsim.simulation.replication import PreparedStudy
from tests.simulation.conftest import Cut
from tests.simulation.test_two_engines import live


def test_weekly_places_of_the_shipped_rollout(cut: Cut) -> None:
    study = cut("cft-rollout", people=500, replications=1)
    prepared_study = PreparedStudy(study)
    run = live(prepared_study, study.policies[0], COMPILED)
    weeks = [booking for booking in run.bookings if booking.waiting_list == CFT_LIST]
    assert [booking.time for booking in weeks] == pytest.approx(
        np.arange(1, math.floor(10 * 365.25 / 7) + 1) * 7 / 365.25
    )
    assert sum(booking.taken for booking in weeks) == run.count("cft_courses") > 0
    totals = prepared_study.simulate(study.policies[0], 0).totals[0].sum(axis=(0, 1)) / FIXED_POINT
    assert totals[OUTCOME_INDEX["cft_places"]] == sum(booking.offered for booking in weeks)
    assert totals[OUTCOME_INDEX["cft_places_unused"]] == sum(booking.unused for booking in weeks)
    assert weeks[-1].waiting > 0, "the list is full, as the policy's note says"
