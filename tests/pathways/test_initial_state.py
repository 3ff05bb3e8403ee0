"""Histories: people live by the rules of the model before they come into it."""

from __future__ import annotations

import numpy as np

from lbpsim.outcomes.totals import blank_totals
from lbpsim.pathways import life
from lbpsim.pathways import person as s
from lbpsim.pathways.initial_state import simulate_history
from lbpsim.simulation.inputs import history
from tests.pathways.small_country import USUAL_CARE, person, study

ASKED = study()
LONG_AGO = -20.0


def begun(number: int) -> np.ndarray:
    """People whose pain begins 20 years before the start."""
    people = np.array([person()] * number)
    people["id"] = np.arange(number)
    people["now"] = LONG_AGO
    people["next_time"][:, s.BIRTHDAY] = LONG_AGO + 0.5
    people["next_time"][:, s.ESTABLISHED] = LONG_AGO + 1.0
    people["first_year"] = 1
    people["age"] = 40
    return people


def lived(years: float, **changes: float) -> np.ndarray:
    """200 people whose pain began 20 years before the start, at the moment `years`."""
    people = begun(200)
    given = history(ASKED, {**ASKED.values(USUAL_CARE), **changes})
    simulate_history(people, np.full(200, years), given, blank_totals(1))
    return people


def test_people_are_brought_to_the_moment_and_no_further() -> None:
    people = lived(0.0)
    assert (people["now"] == 0.0).all()
    here = people[people["present"] == 1]
    assert (here["age"] == 60).all()
    assert (here["next_time"][:, s.BIRTHDAY] == 0.5).all()
    assert (here["next_time"][here["first_year"] == 0, s.ESTABLISHED] == s.NEVER).all()
    assert (here["in_pain"] == 0).any()
    assert here["on_opioids"].any()


def test_histories_go_on_past_the_start_for_those_who_join_later() -> None:
    assert (lived(3.25)["age"][lived(3.25)["present"] == 1] == 63).all()


def test_birthdays_of_a_history_are_those_of_the_rules_of_life() -> None:
    """But for what accrues, which is set anew when a life begins."""
    given = history(ASKED, ASKED.values(USUAL_CARE))
    people, plain, totals = begun(60), begun(60), blank_totals(1)
    people["work"] = plain["work"] = np.arange(60) % 2 * s.WORKING
    people["work_rank"] = plain["work_rank"] = np.arange(60) / 60.0
    simulate_history(people, np.full(60, 25.5), given, totals)
    for row in range(len(plain)):
        life.enter(plain, row, given, totals)
        time, kind = life.next_event(plain, row)
        while plain["present"][row] == 1 and time < 25.5:
            plain["now"][row] = time
            life.apply_event(plain, row, kind, given, totals)
            time, kind = life.next_event(plain, row)
        plain["now"][row] = 25.5
    accruing = {"rate", "impact", "group"}
    for name in set(people.dtype.names or ()) - accruing:
        assert people[name].tobytes() == plain[name].tobytes(), name
    here = people[people["present"] == 1]
    assert (here["age"] == 85).all() and (here["work"] != np.arange(60)[people["present"] == 1] % 2).any()
    assert here["on_opioids"].any(), "some have a hazard of death that rises with age"


def test_nobody_dies_of_what_everybody_dies_of() -> None:
    safe = {"opioids.start_rate": 0.0, "surgery.death": 0.0}
    assert (lived(0.0, **safe)["present"] == 1).all()


def test_histories_hold_neither_flares_nor_consultations() -> None:
    people = lived(0.0)
    assert not people["in_flare"].any()
    assert (people["clocks_drawn"][:, s.CONSULTATION] == 0).all()
