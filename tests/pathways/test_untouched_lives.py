"""Nobody's life changes before a policy touches them, nor by who else is there; all of it to the bit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lbpsim.engine.random_numbers import uniforms
from lbpsim.outcomes.lives import parting
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import person as s
from lbpsim.simulation.replication import People, PreparedStudy
from lbpsim.simulation.trace import trace
from lbpsim.study import OpioidPolicy, Policy, SurgeryPolicy, Timeline
from tests.pathways.small_country import BUSY, CFT, FREQUENT, UNLIMITED, USUAL_CARE, Lives, live, shipped, study

TAPERING = Policy("tapering", "Tapering", opioids=OpioidPolicy(tapering_offered=Timeline((2.0,), (1.0,))))
RESTRAINT = Policy("restraint", "Restraint", surgery=SurgeryPolicy(referral_change=Timeline((2.5,), (-0.9,))))
SERVED = {-1 - s.CFT_LIST, -1 - s.SURGERY_LIST}
GAVE_UP_A_PLACE = -51 - s.CFT_LIST  # without a trace but for an interval cut in two


@pytest.fixture(scope="module")
def untouched() -> Lives:
    return live(study(assume=FREQUENT), watch=True)


def under(policy: Policy) -> Lives:
    return live(study(assume=FREQUENT), policy, watch=True)


def first_difference(one: list[tuple[float, int]], other: list[tuple[float, int]]) -> tuple[float, int] | None:
    """The first event of `other` that is not in `one` at its place; None where both lives are the same."""
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            return theirs
    return None if len(one) == len(other) else other[len(one)]


def test_lives_part_where_a_course_begins_or_the_list_is_left(untouched: Lives) -> None:
    lives = under(CFT)
    parted = 0
    for person, log in lives.log.items():
        difference = first_difference(untouched.log[person], log)
        if difference is not None:
            assert difference[1] in SERVED | {s.LEAVE_CFT_LIST, GAVE_UP_A_PLACE}
            parted += 1
    ends = [lives.number(f"cft_{name}") for name in ("first_courses", "left_list", "places_given_up")]
    assert max(ends) <= parted <= sum(ends)


def test_those_never_served_nor_impatient_live_as_before(untouched: Lives) -> None:
    lives = under(CFT)
    touched = SERVED | {s.LEAVE_CFT_LIST, GAVE_UP_A_PLACE}
    same = [n for n, log in lives.log.items() if not touched & {kind for _, kind in log}]
    assert len(same) > 200
    for person in same:
        assert lives.log[person] == untouched.log[person]


@pytest.mark.parametrize(("policy", "first"), [(TAPERING, 2.0), (RESTRAINT, 2.5), (BUSY, 0.5)])
def test_nobody_changes_before_the_first_date(untouched: Lives, policy: Policy, first: float) -> None:
    assert policy.first_date <= first
    lives = under(policy)
    times = [
        difference[0]
        for person, log in lives.log.items()
        if (difference := first_difference(untouched.log[person], log)) is not None
    ]
    assert len(times) > 20
    assert min(times) >= first


def test_only_users_are_touched_by_tapering(untouched: Lives) -> None:
    lives = under(TAPERING)
    for person, log in lives.log.items():
        difference = first_difference(untouched.log[person], log)
        assert difference is None or ever_on_opioids(lives, person)


def ever_on_opioids(lives: Lives, person: int) -> bool:
    """From the start, by a start of their own, or after an operation."""
    row = lives.before["id"] == person
    from_the_start = bool(lives.before["on_opioids"][row][0])
    started = s.OPIOID_START in [kind for _, kind in lives.log[person]]
    return from_the_start or started or bool(lives.after["operations"][row][0])


def test_a_traced_life_parts_only_where_it_is_touched() -> None:
    """The trace that users see: all figures of a moment, not only its time and kind."""
    prepared_study = PreparedStudy(study(USUAL_CARE, CFT, people=300))
    parted = 0
    for person in range(25):
        lives = trace(prepared_study.study, person)
        shared = parting(lives)
        offered = next((n for n, moment in enumerate(lives[1].moments) if moment.on_cft_list), None)
        assert (shared is None) == (offered is None)
        if shared is not None:
            assert shared == offered
            parted += 1
    assert 5 < parted < 25


# --- the eleven that ship --------------------------------------------------------------------------------------------


def test_the_eleven_are_the_same_before_their_first_date() -> None:
    """To the bit in every figure of every year that ends before it; and none is the same after it."""
    asked = shipped().with_changes(people=1200, replications=1, years=5)
    prepared_study = PreparedStudy(asked)
    totals = [prepared_study.simulate(policy, 0).totals for policy in asked.policies]
    national = [prepared_study.national(policy) for policy in asked.policies]
    assert len(totals) == 11
    for policy, sums, known in zip(asked.policies[1:], totals[1:], national[1:], strict=True):
        whole_years = int(policy.first_date)
        assert whole_years == 1
        assert sums[:, :whole_years].tobytes() == totals[0][:, :whole_years].tobytes(), policy.name
        assert known[:, :whole_years].tobytes() == national[0][:, :whole_years].tobytes(), policy.name
        assert sums[:, whole_years:].tobytes() != totals[0][:, whole_years:].tobytes(), policy.name


@pytest.mark.parametrize("policy", [CFT, BUSY, TAPERING], ids=lambda policy: policy.name)
def test_a_policy_that_starts_late_changes_no_year_before(policy: Policy) -> None:
    cft = dataclasses.replace(policy.cft, offered=later(policy.cft.offered, 3.0))
    opioids = OpioidPolicy(tapering_offered=later(policy.opioids.tapering_offered, 3.0))
    late = Policy(policy.name, policy.title, cft=cft, opioids=opioids)
    sums, usual = live(study(), late).totals, live(study()).totals
    places = [
        OUTCOME_INDEX["cft_places"],
        OUTCOME_INDEX["cft_places_unused"],
    ]  # clinics keep empty rooms from the first day
    for totals in (sums, usual):
        totals[..., places] = 0
    assert sums[:, :3].tobytes() == usual[:, :3].tobytes()
    assert sums[:, 3:].tobytes() != usual[:, 3:].tobytes()


def later(timeline: Timeline, years: float) -> Timeline:
    return Timeline(tuple(time + years for time in timeline.times), timeline.values)


# --- who else is there -----------------------------------------------------------------------------------------------


def same_people(some: People, others: People) -> bool:
    """Every field to the bit (the gaps between fields hold nothing)."""
    return all(some[name].tobytes() == others[name].tobytes() for name in s.PERSON.names or ())


@pytest.mark.parametrize("policy", [USUAL_CARE, UNLIMITED], ids=lambda policy: policy.name)
def test_removing_somebody_changes_nobody_else(policy: Policy) -> None:
    everybody = under(policy)
    gone = np.isin(everybody.before["id"], [3, 700, int(everybody.before["id"][-2])])
    rest = live(study(assume=FREQUENT), policy, watch=True, people=everybody.before[~gone])
    assert len(rest.log) == len(everybody.log) - 3
    assert all(everybody.log[person] == log for person, log in rest.log.items())
    assert same_people(rest.after, everybody.after[~gone])


@pytest.mark.parametrize("policy", [USUAL_CARE, UNLIMITED], ids=lambda policy: policy.name)
def test_another_new_case_changes_nobody_else(policy: Policy) -> None:
    everybody = under(policy)
    another = everybody.before[everybody.before["origin"] == s.FIRST_ONSET][-1:].copy()
    another["id"] = everybody.before["id"].max() + 1
    another["now"] = 2.5
    more = live(study(assume=FREQUENT), policy, watch=True, people=np.concatenate([everybody.before, another]))
    assert more.number("new_cases") == everybody.number("new_cases") + 1
    assert same_people(more.after[:-1], everybody.after)
    assert len(more.log[int(another["id"][0])]) > 0


@pytest.mark.parametrize("policy", [USUAL_CARE, CFT, BUSY], ids=lambda policy: policy.name)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_the_order_of_people_changes_nothing(policy: Policy, seed: int | None) -> None:
    ordered = live(study(assume=FREQUENT), policy)
    rows = np.arange(len(ordered.before))
    turned = rows[::-1] if seed is None else np.argsort(uniforms(seed, 0, rows, 0, 0))
    mixed = live(study(assume=FREQUENT), policy, people=ordered.before[turned])
    assert mixed.totals.tobytes() == ordered.totals.tobytes()
    assert same_people(mixed.after, ordered.after[turned])
