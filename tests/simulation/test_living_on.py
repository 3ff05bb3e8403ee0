"""Lives are the same to the byte however many people are drawn and lived at a time, whether they queue or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.engine.event_clocks import clear_what_follows, set_what_follows
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways.person import CFT_LIST
from lbpsim.population import people, records
from lbpsim.simulation import living_on, replication, shared_lives
from lbpsim.simulation.engines import SIMPY
from lbpsim.simulation.replication import PreparedStudy, ReplicationOutput
from lbpsim.simulation.run import run_study
from lbpsim.study import Policy, Study
from tests.simulation.conftest import Cut
from tests.simulation.test_two_engines import RANDOM, policies, questions, study_of


@contextmanager
def few_at_a_time(number: int) -> Iterator[None]:
    """So many people are drawn, shared, gathered and lived at a time."""
    with pytest.MonkeyPatch.context() as change:
        change.setattr(people, "AT_A_TIME", number)
        change.setattr(replication, "BLOCK", 1)
        change.setattr(shared_lives, "TOGETHER", number)
        change.setattr(records, "FEW", 1)
        change.setattr(living_on, "AT_ONCE", 0.05)  # forty periods
        change.setattr(PreparedStudy, "expected", lambda prepared, number: 2)
        yield


def all_outputs(study: Study, number: int = 0, **how: Any) -> list[ReplicationOutput]:
    prepared = PreparedStudy(study)
    return prepared.simulate_all(prepared.study.policies, number, **how)


def assert_same(some: list[ReplicationOutput], others: list[ReplicationOutput]) -> None:
    for one, other in zip(some, others, strict=True):
        assert one.totals.tobytes() == other.totals.tobytes()
        assert one.events == other.events


@pytest.mark.parametrize("number", [3, 64, 1000])
def test_the_shipped_policies_come_to_the_same_bytes_in_blocks_of_any_size(shipped: Study, number: int) -> None:
    study = shipped.with_changes(people=600, replications=2)
    whole = all_outputs(study, 1)
    with few_at_a_time(number):
        assert_same(all_outputs(study, 1), whole)
    turned_away = OUTCOME_INDEX["cft_turned_away"]
    assert sum(output.totals[0, ..., turned_away].sum() > 0 for output in whole) >= 3, "lists are full, and close"


@pytest.mark.parametrize("number", [3, 1000])
def test_a_policy_alone_comes_to_the_same_bytes_in_blocks_of_any_size(cut: Cut, number: int) -> None:
    """With a list and without; and what is asked of the same people later finds them as they came."""
    study = cut("usual-care", "cft-rollout", "opioid-stewardship", people=300, replications=1, years=6)
    for policy in study.policies:
        prepared, again = PreparedStudy(study), PreparedStudy(study)
        whole = [again.simulate(policy, 0)]
        with few_at_a_time(number):
            assert_same(prepared.simulate_all([policy], 0), whole)
        assert_same(prepared.simulate_all([policy], 0), whole)
        assert_same(again.simulate_all([policy], 0), whole)
        assert_same([again.simulate(policy, 0)], whole)


@pytest.mark.parametrize("names", [["cft-rollout"], ["usual-care", "cft-rollout"]])
def test_places_that_nobody_takes_are_counted(cut: Cut, names: list[str]) -> None:
    study = cut("usual-care", "cft-rollout", people=150, replications=1, years=4, assume={"cft.uptake": 0.0})
    prepared = PreparedStudy(study)
    chosen = [policy for policy in study.policies if policy.name in names]
    output, expected = prepared.simulate_all(chosen, 0)[-1], prepared.simulate(study.policies[1], 0)
    assert output.totals.tobytes() == expected.totals.tobytes()
    assert output.totals[..., OUTCOME_INDEX["cft_joined"]].sum() == 0
    assert output.totals[..., OUTCOME_INDEX["cft_places_unused"]].sum() > 0


@pytest.mark.gate
@given(questions(), st.data())
@RANDOM
def test_random_policies_come_to_the_same_bytes_in_small_blocks(
    shipped: Study, asked: dict[str, Any], data: st.DataObject
) -> None:
    """Of either engine, with lists or without, some alike until lives part, some that share no life with others."""
    study = study_of(shipped, asked)
    others = data.draw(st.lists(policies(asked["years"]), max_size=3))
    assumed = data.draw(st.sampled_from([{}, {"cft.uptake": 0.9}, {"flares.rate": 5.0}]))
    named = [replace(policy, name=f"other-{n}", assume=assumed) for n, policy in enumerate(others)]
    usual = Policy("usual-care", "Usual care", options=asked["policy"].options)
    alike = replace(asked["policy"], name="alike", cft=replace(asked["policy"].cft, capacity_limited=False))
    study = replace(study, policies=(usual, asked["policy"], alike, *named))
    whole = all_outputs(study)
    with few_at_a_time(data.draw(st.sampled_from([3, 17, 64]))):
        assert_same(all_outputs(study), whole)
    assert_same(all_outputs(study, engine=SIMPY), whole)


@pytest.mark.parametrize("workers", [1, 2])
def test_any_number_of_workers_comes_to_the_same_bytes_in_small_blocks(cut: Cut, workers: int) -> None:
    study = cut("usual-care", "cft-rollout", "cft-unlimited", "surgery-restraint", people=200, replications=3, years=4)
    whole = run_study(study, workers=1).totals.tobytes()
    with few_at_a_time(20):
        assert run_study(study, workers=workers).totals.tobytes() == whole


def test_one_person_is_watched_to_the_end_whoever_lives_beside_them(cut: Cut) -> None:
    study = cut("usual-care", "cft-rollout", "cft-unlimited", people=60, replications=1, years=5)
    prepared = PreparedStudy(study)
    for row in range(0, 60, 7):
        shared = prepared.simulate_all(study.policies, 0, watched=row)
        for policy, one in zip(study.policies, shared, strict=True):
            assert one.log.tolist() == prepared.simulate(policy, 0, watched=row).log.tolist()


def test_who_waits_for_nobody_is_put_away_before_the_next_are_drawn(cut: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the memory of a policy without waiting lists does not grow with its people."""
    prepared = PreparedStudy(
        cut("usual-care", "cft-rollout", "opioid-stewardship", people=400, replications=1, years=6)
    )
    most: dict[tuple[int, ...], int] = {}
    real = living_on.LivingOn._live_on

    def live_on(self: Any, place: int, clinics: Any, some: Any, booked: Any) -> Any:
        most[place] = max(most.get(place, 0), len(some))
        return real(self, place, clinics, some, booked)

    monkeypatch.setattr(living_on.LivingOn, "_live_on", live_on)
    with few_at_a_time(50):
        monkeypatch.setattr(living_on, "AT_ONCE", 2)
        prepared.simulate_all(prepared.study.policies, 0)
    assert prepared.clinics(prepared.study.policies[2], 0) == ()
    assert most[1] > 100, "who may queue waits until all have parted"
    assert 0 < most[2] <= 60


def test_who_may_queue_is_taken_out_when_their_period_comes(cut: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    """And whoever waits no longer has lived to the end: what is kept in full are those who wait, and a period's."""
    prepared = PreparedStudy(cut("usual-care", "cft-rollout", people=600, replications=1, years=6))
    some, waiting = [], []
    real, take_out = living_on.LivingOn._live_on, living_on.PutAway.take_out

    def live_on(self: Any, place: int, clinics: Any, people: Any, booked: Any) -> Any:
        some.append(len(people))
        return real(self, place, clinics, people, booked)

    def taken_out(self: Any, period: int, room: Any, used: int, **how: Any) -> Any:
        here = room[:used][room["present"][:used] == 1]
        waiting.append(len(here))
        assert np.isfinite(here["joined"][:, CFT_LIST]).all()
        return take_out(self, period, room, used, **how)

    monkeypatch.setattr(living_on.LivingOn, "_live_on", live_on)
    monkeypatch.setattr(living_on.PutAway, "take_out", taken_out)
    monkeypatch.setattr(living_on, "AT_ONCE", 100)
    prepared.simulate_all(prepared.study.policies, 0)
    assert len(waiting) >= 10 and max(waiting) > 100
    assert max(some) <= max(waiting) + 40


def test_between_events_all_that_is_cleared_of_a_record_can_be_made_again(
    cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazards are those by which clocks run; what remained on a clock when it began to run is never asked for again."""
    prepared = PreparedStudy(cut("usual-care", "cft-rollout", people=200, replications=1, years=6))
    parted = []
    add = living_on.PutAway.add

    def kept(self: Any, people: Any) -> None:
        parted.append(people.copy())
        add(self, people)

    monkeypatch.setattr(living_on.PutAway, "add", kept)
    monkeypatch.setattr(living_on, "AT_ONCE", 100)
    prepared.simulate_all(prepared.study.policies, 0)
    people = np.concatenate(parted)
    assert len(people) > 50
    assert (people["hazard"] == people["scheduled_hazard"]).all()
    whole = people.copy()
    clear_what_follows(people)
    set_what_follows(people)
    running = people["scheduled_hazard"] > 0.0
    assert running.any(axis=0).sum() > 8 and (people["remaining"][~running] == whole["remaining"][~running]).all()
    people["remaining"] = whole["remaining"]
    assert (people == whole).all()
