"""The rules of the trial: enrolment without an exclusion is enrolment as before, and accounts leave no trace."""

from __future__ import annotations

import numpy as np

from lbpsim.outcomes.measures import NUMBER
from lbpsim.pathways.state import AWAITING_SURGERY, NO_SURGERY, new_people
from lbpsim.validation.follow_up import account, operated_soon
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


def test_people_do_not_see_each_others_sums() -> None:
    """Whoever is accounted for alone comes to the same as among others, and totals are blank again."""
    people, inputs = enrolment().participants[:20], enrolment().inputs(1)
    numbers, totals = np.array([NUMBER["qalys"], NUMBER["cost_cft"]]), enrolment().laboratory.blank_totals()
    together = np.zeros((20, 1, 2))
    account(people.copy(), inputs, totals, np.array([1.0]), 1, numbers, together)
    assert not totals.any()
    for row in (0, 7, 19):
        alone = np.zeros((1, 1, 2))
        account(people[row : row + 1].copy(), inputs, totals, np.array([1.0]), 1, numbers, alone)
        assert np.array_equal(alone[0], together[row])
