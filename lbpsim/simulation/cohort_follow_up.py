"""People followed one by one from the consultation at which they qualify for CFT: untreated, or treated at once.

They stand outside every waiting list that a policy books, so that each is independent of the others. What happens to
them is by the rules of the model and no others.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lbpsim.engine.numba_cache import array_rule, rule
from lbpsim.outcomes.groups import QUINTILES
from lbpsim.pathways import cft, life, opioids, surgery
from lbpsim.pathways.care import eligible_for_cft
from lbpsim.pathways.disability import rmdq
from lbpsim.pathways.person import AWAITING_SURGERY, CFT_LIST, CONSULTATION
from lbpsim.pathways.rates_and_hazards import update_rates_and_hazards

UNTREATED, CFT, OPIOIDS, FUSION = 0, 1, 2, 3
A_BAND = 2 * len(QUINTILES)  # from a person's group to the one of the same sex and quintile in the next age band


@array_rule
def enrol(
    people: Any, inputs: Any, totals: Any, deadline: float, no_surgery_within: float = 0.0, established_only: int = 0
) -> Any:
    """Let everyone live to the consultation at which they qualify; 1 for those who do before the deadline.

    `no_surgery_within`: years within which nobody may have a date for an operation. `established_only`: 1 where nobody
    qualifies in the first year of chronic pain.
    """
    qualifies = np.zeros(len(people), np.bool_)
    for row in range(len(people)):
        if people[row].now >= deadline:
            continue
        life.enter(people, row, inputs, totals)
        while people[row].present == 1 and not qualifies[row]:
            time, kind = life.next_event(people, row)
            if time >= deadline:
                break
            life.advance_to(people, row, time, inputs, totals)
            if kind == CONSULTATION and eligible_for_cft(people[row], inputs[0]):
                too_early = established_only == 1 and people[row].first_year == 1
                qualifies[row] = not too_early and not operated_soon(people[row], no_surgery_within)
            life.apply_event(people, row, kind, inputs, totals)
    return qualifies


@rule
def operated_soon(person: Any, within: float) -> bool:
    """Whether the person has a date for an operation less than `within` years away."""
    return bool(person.surgery == AWAITING_SURGERY and person.surgery_date < person.now + within)


@array_rule
def disability(people: Any) -> Any:
    """Disability (RMDQ) of each person at their present moment."""
    found = np.zeros(len(people))
    for row in range(len(people)):
        found[row] = rmdq(people[row], people[row].now)
    return found


@rule
def accumulated_outcomes(
    people: Any, inputs: Any, totals: Any, marks: Any, treatment: int, outcomes: Any, sums: Any
) -> None:
    """What each person comes to from now to each mark (years); `totals` must be blank, and are again.

    `outcomes`: numbers of those to keep; `sums`: filled, undiscounted and discounted to the start of the study, shape
    (people, marks, 2, outcomes).
    """
    for row in range(len(people)):
        person = people[row]
        start, first_year, first_group = person.now, person.year, person.group
        treat(people, row, treatment, inputs, totals)
        for mark in range(len(marks)):
            advance_through(people, row, start + marks[mark], inputs, totals)
            if person.present == 1:
                life.advance_to(people, row, start + marks[mark], inputs, totals)
            for year in range(first_year, person.year + 1):
                for group in range(first_group, person.group + 1, A_BAND):
                    for i in range(len(outcomes)):
                        sums[row, mark, 0, i] += totals[0, year, group, outcomes[i]]
                        sums[row, mark, 1, i] += totals[1, year, group, outcomes[i]]
        for year in range(first_year, person.year + 1):
            for group in range(first_group, person.group + 1, A_BAND):
                totals[:, year, group] = 0


@rule
def treat(people: Any, row: int, treatment: int, inputs: Any, totals: Any) -> None:
    """A treatment that begins at once, or none."""
    if treatment == UNTREATED:
        return
    person = people[row]
    if treatment == CFT:
        person.joined[CFT_LIST] = person.now
        cft.start(person, inputs[0], totals)
    elif treatment == OPIOIDS:
        opioids.start(person, inputs[0], totals)
    else:
        surgery.operate(person, inputs[0], totals)
    if person.present == 1:
        update_rates_and_hazards(person, inputs[0])


@rule
def advance_through(people: Any, row: int, until: float, inputs: Any, totals: Any) -> None:
    """Live through everything that happens up to `until`."""
    time, kind = life.next_event(people, row)
    while people[row].present == 1 and time <= until:
        life.advance_to(people, row, time, inputs, totals)
        life.apply_event(people, row, kind, inputs, totals)
        time, kind = life.next_event(people, row)
