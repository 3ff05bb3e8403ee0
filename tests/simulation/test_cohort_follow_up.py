"""People followed one by one: who is excluded, that treatments are those of the rules, that accounts leave no trace."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.disability import rmdq
from lbpsim.pathways.person import AWAITING_SURGERY, NO_SURGERY, new_people
from lbpsim.simulation.cohort_follow_up import (
    CFT,
    FUSION,
    OPIOIDS,
    UNTREATED,
    accumulated_outcomes,
    disability,
    operated_soon,
)
from tests.validation.small import enrolment


def test_only_a_date_that_is_near_excludes() -> None:
    person = new_people(1)[0]
    person["now"], person["surgery_date"] = 1.0, 1.2
    person["surgery"] = AWAITING_SURGERY
    assert operated_soon(person, 0.25)
    assert not operated_soon(person, 0.1)
    assert not operated_soon(person, 0.0)
    person["surgery"] = NO_SURGERY
    assert not operated_soon(person, 0.25)


def accounted(treatment: int, *outcomes: str, rows: slice = slice(None), years: float = 1.0) -> npt.NDArray[np.float64]:
    """What some participants come to, shape (people, 2, outcomes); that totals are blank again is checked."""
    people, totals = enrolment().participants[rows].copy(), enrolment().prepared_study.blank_totals()
    sums = np.zeros((len(people), 1, 2, len(outcomes)))
    numbers = np.array([OUTCOME_INDEX[name] for name in outcomes])
    accumulated_outcomes(people, enrolment().inputs(1), totals, np.array([years]), treatment, numbers, sums)
    assert not totals.any()
    return np.asarray(sums[:, 0] / FIXED_POINT)


@pytest.mark.parametrize("treatment", [UNTREATED, CFT, OPIOIDS, FUSION])
def test_people_do_not_see_each_others_sums(treatment: int) -> None:
    """Whoever is accounted for alone comes to the same as among others, and totals are blank again."""
    together = accounted(treatment, "qalys", "cost_cft", rows=slice(20), years=3.0)
    for row in (0, 7, 19):
        alone = accounted(treatment, "qalys", "cost_cft", rows=slice(row, row + 1), years=3.0)
        assert np.array_equal(alone[0], together[row])


def test_a_treatment_is_given_to_everybody_at_once() -> None:
    """Within a moment each has the treatment's first cost and event, and nobody has any other treatment's."""
    events = ("cft_courses", "opioid_starts", "surgeries")
    for treatment, event in zip((CFT, OPIOIDS, FUSION), events, strict=True):
        found = accounted(treatment, *events, years=1e-9)[:, 0]
        assert (found[:, events.index(event)] == 1.0).all()
        begun_by_fusion = found[:, 1].sum() if treatment == FUSION else 0.0  # opioids, for some after an operation
        assert found.sum() == len(found) + begun_by_fusion
    assert not accounted(UNTREATED, *events, years=1e-9).any()


def test_no_moment_is_left_out_and_none_is_counted_twice() -> None:
    """Years at all levels of impact come to the years that were followed, for all but the few who die."""
    levels = ("pain_free_years", "low_impact_years", "moderate_impact_years", "high_impact_years")
    years = accounted(UNTREATED, *levels, years=3.0)[:, 0].sum(axis=1)
    assert years.max() <= 3.0 + 1e-6
    assert np.mean(np.isclose(years, 3.0, atol=1e-5)) > 0.9


def test_disability_is_that_of_the_present_moment() -> None:
    people = enrolment().participants[:5]
    assert disability(people).tolist() == [rmdq(person, person["now"]) for person in people]
