"""Capacity: physiotherapists trained, when they begin, how they leave, and the courses they can start."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lbpsim.pathways.capacity import courses, workforce
from lbpsim.pathways.cft import WEEK
from lbpsim.simulation.replication import Laboratory
from tests.pathways.small_country import CFT, USUAL_CARE, study

VALUES = study().values(USUAL_CARE)
STABLE = {**VALUES, "cft.attrition": 0.0}
WEEKS = 313  # six years


def in_year(time: float) -> int:
    return 2026 + int(time)


def test_nobody_trains_nobody_is_trained() -> None:
    staff = workforce({}, 0.0, WEEKS, in_year, VALUES)
    assert not staff.trained.any()
    assert not staff.entering.any()


def test_places_are_taken_up_evenly_through_their_year() -> None:
    staff = workforce({2027: 400.0, 2029: 100.0}, 0.0, WEEKS, in_year, VALUES)
    years = [in_year((n + 0.5) * WEEK) for n in range(WEEKS)]
    by_year = {
        year: sum(e for y, e in zip(years, staff.entering, strict=True) if y == year) for year in range(2026, 2032)
    }
    assert by_year == pytest.approx({2026: 0, 2027: 400, 2028: 0, 2029: 100, 2030: 0, 2031: 0}, rel=0.01)


@pytest.mark.parametrize("months", [0.0, 6.0, 18.0])
def test_practice_begins_after_the_time_to_competence(months: float) -> None:
    values = {**STABLE, "cft.time_to_competence": months / 12.0}
    staff = workforce({2026: 520.0}, 0.0, WEEKS, in_year, values)
    first = int(np.flatnonzero(staff.trained)[0])
    assert first * WEEK == pytest.approx(months / 12.0, abs=WEEK / 2.0 + 1e-9)
    assert staff.trained[-1] == pytest.approx(staff.entering.sum())
    assert (np.diff(staff.trained) >= 0.0).all()


def test_those_trained_leave_at_their_rate() -> None:
    staff = workforce({}, 1000.0, WEEKS, in_year, VALUES)
    ends = (np.arange(WEEKS) + 1) * WEEK
    np.testing.assert_allclose(staff.trained, 1000.0 * np.exp(-VALUES["cft.attrition"] * ends), rtol=1e-12)


def test_stock_approaches_entry_over_attrition() -> None:
    """With entry e a week and leaving at rate a, the stock tends to e / (1 - exp(-a week))."""
    values = {**VALUES, "cft.attrition": 2.0}
    places = dict.fromkeys(range(2026, 2040), 400.0)
    staff = workforce(places, 0.0, WEEKS, in_year, values)
    assert staff.trained[-1] == pytest.approx(400.0 * WEEK / -math.expm1(-2.0 * WEEK), rel=1e-4)


def test_each_starts_a_stated_number_of_courses_a_year() -> None:
    staff = workforce({}, 100.0, WEEKS, in_year, STABLE)
    a_year = courses(staff, STABLE)[:52].sum() / (52.0 * WEEK)
    assert a_year == pytest.approx(100.0 * VALUES["cft.courses_per_physiotherapist"])


def test_a_replication_has_its_share_of_the_places() -> None:
    """Places times the real people each simulated one stands for are the country's, in each replication."""
    laboratory = Laboratory(study(CFT, people=2003, replications=4))
    country = courses(laboratory.workforce(CFT), VALUES)
    assert sum(laboratory.size(number) for number in range(4)) == 2003
    for number in range(4):
        (clinic,) = laboratory.clinics(CFT, number)
        np.testing.assert_allclose(clinic.places * laboratory.scale(number), country, rtol=1e-12)
        assert 0.0 < clinic.carried < 1.0
    assert len({laboratory.clinics(CFT, number)[0].carried for number in range(4)}) == 4
