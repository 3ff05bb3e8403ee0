"""Short updates: after any event of any life, recomputing everything changes not a byte of the record."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.engine.event_clocks import clear_clocks
from lbpsim.pathways import life
from lbpsim.pathways import person as s
from lbpsim.pathways.disability import effect_is_changing
from lbpsim.pathways.rates_and_hazards import update_rates_and_hazards
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import Study
from tests.pathways.small_country import BOOKED, BUSY, FREQUENT, UNLIMITED, no_totals, person, study

WAIT = 0.4  # years on any list
LIVES = 25
INSTEAD = {
    f"{name} instead": dataclasses.replace(BUSY, cft=dataclasses.replace(UNLIMITED.cft, replaced_by=name))
    for name in ("opioids", "surgery")
}
STUDIES = {
    "everything at once": study(BUSY, assume=FREQUENT),
    "operations booked": study(BOOKED, assume=FREQUENT),
    **{name: study(policy, assume=FREQUENT) for name, policy in INSTEAD.items()},
    "by usual disability": study(BUSY, assume=FREQUENT, options={"severity_drives_opioids_and_surgery": "off"}),
    "anchored in the trial": study(BUSY, assume=FREQUENT, options={"productivity": "trial_anchored"}),
    "to the end of life": study(BUSY, assume=FREQUENT, years=2, follow="lifetime"),
}
Moments = Counter[tuple[int, bool]]  # by kind of event, and whether an effect was changing
OFTEN = (s.CONSULTATION, s.FLARE, s.FLARE_END, s.BIRTHDAY, s.YEAR_END)


def assert_up_to_date(people: npt.NDArray[Any], inputs: npt.NDArray[Any], kind: int) -> None:
    """A full update of the only one of `people` changes nothing."""
    again = people.copy()
    update_rates_and_hazards(again[0], inputs[0])
    changed = [name for name in s.PERSON.names or () if again[name].tobytes() != people[name].tobytes()]
    assert not changed, s.EVENT_NAMES[kind]


def serve(people: npt.NDArray[Any], until: float, inputs: npt.NDArray[Any], totals: npt.NDArray[Any]) -> bool:
    """Give the only one of `people` a place on a list on which they have waited long before `until`."""
    for waiting_list, joined in enumerate(people[0]["joined"].tolist()):
        if people[0]["now"] <= joined + WAIT < until:
            life.advance_to(people, 0, joined + WAIT, inputs, totals)
            life.start_service(people, 0, waiting_list, inputs, totals)
            return True
    return False


def live(
    people: npt.NDArray[Any],
    inputs: npt.NDArray[Any],
    totals: npt.NDArray[Any],
    *,
    accrues: bool = True,
    until: float = s.NEVER,
) -> Moments:
    """Live the life of the only one of `people`, and compare after every event; what was lived through."""
    lived = Moments()
    life.enter(people, 0, inputs, totals)
    while people[0]["present"] == 1:
        time, kind = life.next_event(people, 0)
        if time > until:
            break
        if serve(people, time, inputs, totals):
            continue
        if accrues:
            life.advance_to(people, 0, time, inputs, totals)
        else:
            people["now"] = time
        life.apply_event(people, 0, kind, inputs, totals)
        if people[0]["present"] == 1:
            assert_up_to_date(people, inputs, kind)
        lived[kind, bool(effect_is_changing(people[0]))] += 1
    return lived


@pytest.mark.parametrize("asked", STUDIES.values(), ids=STUDIES)
def test_after_any_event_a_full_update_changes_nothing(asked: Study) -> None:
    prepared_study = PreparedStudy(asked)
    everybody, inputs = prepared_study.persons(0), prepared_study.ready(asked.policies[0]).inputs
    lived = Moments()
    for row in range(0, len(everybody), len(everybody) // LIVES):
        totals = prepared_study.blank_totals()
        lived += live(everybody[row : row + 1].copy(), inputs, totals)
    assert all(lived[kind, moving] > 0 for kind in OFTEN for moving in (False, True)), lived


def test_after_any_event_of_a_history_a_full_update_changes_nothing() -> None:
    """Histories are lived without accrual, which leaves rates as they were, and without the events after which short
    updates count on it.
    """
    prepared_study = PreparedStudy(study(BUSY, assume=FREQUENT))
    everybody, inputs = prepared_study.persons(0), prepared_study.people_drawn_by.history
    lived = Moments()
    for row in range(0, len(everybody), len(everybody) // LIVES):
        totals = prepared_study.blank_totals()
        lived += live(everybody[row : row + 1].copy(), inputs, totals, accrues=False, until=30.0)
    assert all(lived[s.BIRTHDAY, moving] > 0 for moving in (False, True)), lived
    assert not any(lived[kind, moving] for kind in (s.CONSULTATION, s.YEAR_END) for moving in (False, True))


@pytest.mark.parametrize("until", [s.NEVER, 3.0], ids=["held", "changing"])
@pytest.mark.parametrize("kind", OFTEN)
def test_after_one_event_a_full_update_changes_nothing(kind: int, until: float) -> None:
    """The same for somebody at work whose effect of CFT is held, or on its line."""
    asked = study(BUSY)
    given, totals = build(asked, BUSY, asked.values(BUSY)), no_totals()
    people = np.array([person(work=s.WORKING, work_rank=-1.0, cft_courses=1, cft_to_time=until, cft_to_rmdq=-4.0)])
    clear_clocks(people[0])
    update_rates_and_hazards(people[0], given[0])
    before = people[0]["hazard"].copy()
    life.advance_to(people, 0, 0.4, given, totals)
    life.apply_event(people, 0, kind, given, totals)
    assert_up_to_date(people, given, kind)
    moved = people[0]["hazard"][s.CONSULTATION] != before[s.CONSULTATION]
    assert moved == (until < s.NEVER or kind == s.FLARE)
