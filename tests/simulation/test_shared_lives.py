"""Lives that policies share are lived once, and come to the same bytes as if each policy had been lived in full."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways.person import CFT_LIST, PERSON
from lbpsim.population.records import Gathered
from lbpsim.simulation import shared_lives
from lbpsim.simulation.engines import COMPILED, SIMPY
from lbpsim.simulation.replication import PreparedStudy, ReplicationOutput
from lbpsim.simulation.run import run_study
from lbpsim.simulation.shared_lives import (
    AFTER_PARTING,
    UNTIL_PARTING,
    Branch,
    SharedLives,
    branches_of,
    shares_lives,
)
from lbpsim.study import OpioidPolicy, Policy, Study, SurgeryPolicy, Timeline
from tests.simulation.conftest import Cut
from tests.simulation.test_two_engines import EVENTFUL, RANDOM, policies, questions, study_of


def in_full(prepared: PreparedStudy, number: int = 0, engine: str = COMPILED) -> list[ReplicationOutput]:
    return [prepared.simulate(policy, number, engine=engine) for policy in prepared.study.policies]


def assert_same(shared: list[ReplicationOutput], full: list[ReplicationOutput]) -> None:
    for one, other in zip(shared, full, strict=True):
        assert one.totals.tobytes() == other.totals.tobytes()
        assert one.events == other.events


def lived(prepared: PreparedStudy, number: int = 0) -> tuple[list[int], dict[str, int]]:
    """Events of lives that are shared, by branch; and of what each policy lives on, by its name."""
    study = prepared.study
    inputs = [prepared.ready(policy).inputs for policy in study.policies]
    branches = branches_of(prepared.untouched_inputs, inputs)
    shared, _ = live_shared(prepared, branches, number)
    parts = list(shared.ended())
    outputs = prepared.simulate_all(study.policies, number)
    after = {
        study.policies[place].name: outputs[place].events - events
        for branch, _, events in parts
        for place in branch.places
    }
    return [events for _, _, events in parts], after


def live_shared(
    prepared: PreparedStudy, branches: list[Branch], number: int = 0, trunk: Any = None
) -> tuple[SharedLives, dict[tuple[int, ...], Any]]:
    """Lives as far as they are shared, and who parts from them, by branch."""
    shared = SharedLives(prepared.untouched_inputs if trunk is None else trunk, branches, prepared.blank_totals())
    parted = {branch.places: Gathered(PERSON, 1) for branch in branches}
    for branch, people in shared.live(prepared.persons(number).copy()):
        parted[branch.places].add(people)
    return shared, {places: gathered.people for places, gathered in parted.items()}


def test_the_shipped_policies_come_to_the_same_bytes(shipped: Study) -> None:
    prepared = PreparedStudy(shipped.with_changes(people=1500, replications=1))
    shared, full = prepared.simulate_all(shipped.policies, 0), in_full(prepared)
    assert_same(shared, full)
    waiting = OUTCOME_INDEX["cft_turned_away"]
    assert sum(output.totals[0, :, :, waiting].sum() > 0 for output in full) >= 4, "lists are full, and close"


def test_room_for_sets_of_policies_grows_where_it_is_needed(shipped: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = PreparedStudy(shipped.with_changes(people=300, replications=1))
    roomy = prepared.simulate_all(shipped.policies, 0)
    monkeypatch.setattr(shared_lives, "SETS", 1)
    assert_same(prepared.simulate_all(shipped.policies, 0), roomy)


@pytest.mark.gate
def test_both_engines_come_to_the_same_bytes(shipped: Study) -> None:
    prepared = PreparedStudy(shipped.with_changes(people=40, replications=1, years=6))
    assert_same(prepared.simulate_all(shipped.policies, 0), prepared.simulate_all(shipped.policies, 0, engine=SIMPY))


@pytest.mark.gate
@given(questions(), st.data())
@RANDOM
def test_random_policies_come_to_the_same_bytes(shipped: Study, asked: dict[str, Any], data: st.DataObject) -> None:
    """Among them a comparator with offers of its own, and policies that share nothing."""
    study = study_of(shipped, asked)
    others = data.draw(st.lists(policies(asked["years"]), max_size=4))
    assumed = data.draw(st.sampled_from([{}, {"cft.uptake": 0.9}, {"opioids.taper_uptake": 1.0}, {"flares.rate": 5.0}]))
    named = [replace(policy, name=f"other-{n}", assume=assumed) for n, policy in enumerate(others)]
    usual = Policy("usual-care", "Usual care", options=asked["policy"].options)
    first, *rest = data.draw(st.permutations([asked["policy"], usual, *named]))
    prepared = PreparedStudy(replace(study, policies=(first, *rest)))
    assert_same(prepared.simulate_all(prepared.study.policies, 0), in_full(prepared))


def test_policies_that_choose_whom_they_offer_cft_share_lives_too(cut: Cut) -> None:
    study = cut("usual-care", "cft-rollout", people=800, replications=1)
    usual, rollout = study.policies
    choices: tuple[dict[str, Any], ...] = ({"from_disability": 14.0}, {"from_age": 60}, {"to_age": 50}, {"to_fifth": 1})
    choosy = [replace(rollout, name=str(n), cft=replace(rollout.cft, **each)) for n, each in enumerate(choices)]
    prepared = PreparedStudy(replace(study, policies=(usual, rollout, *choosy)))
    inputs = [prepared.ready(policy).inputs for policy in prepared.study.policies]
    assert len(branches_of(prepared.untouched_inputs, inputs)) == len(inputs)
    full = in_full(prepared)
    assert_same(prepared.simulate_all(prepared.study.policies, 0), full)
    offered = [output.totals[0, :, :, OUTCOME_INDEX["cft_people_offered"]].sum() for output in full]
    assert all(0 < some < offered[1] for some in offered[2:])


def test_modes_of_delivery_matter_after_lives_have_parted(cut: Cut) -> None:
    study = cut("usual-care", "cft-rollout", people=800, replications=1, assume={"cft.telehealth_fidelity": 0.5})
    usual, rollout = study.policies
    shares = {"telehealth": Timeline((1.0,), (0.5,)), "group": Timeline((2.0, 4.0), (0.1, 0.5))}
    mixed = replace(rollout, name="mixed", cft=replace(rollout.cft, **shares))
    prepared = PreparedStudy(replace(study, policies=(usual, rollout, mixed)))
    inputs = [prepared.ready(policy).inputs for policy in prepared.study.policies]
    assert [branch.places for branch in branches_of(prepared.untouched_inputs, inputs)] == [(0,), (1, 2)]
    full = in_full(prepared)
    assert_same(prepared.simulate_all(prepared.study.policies, 0), full)
    for name in ("cft_telehealth_courses", "cft_group_courses"):
        counts = [output.totals[0, :, :, OUTCOME_INDEX[name]].sum() for output in full]
        assert counts[:2] == [0, 0] and counts[2] > 0


def test_modes_that_are_as_in_person_come_to_the_same_bytes(cut: Cut) -> None:
    study = cut("cft-rollout", people=400, replications=1)
    mixed = replace(study.policies[0].cft, telehealth=Timeline((1.0,), (0.5,)), group=Timeline((2.0,), (0.5,)))
    prepared = PreparedStudy(replace(study, policies=(study.policies[0], replace(study.policies[0], cft=mixed))))
    plain, mixed_ = in_full(prepared)
    for name in ("cft_telehealth_courses", "cft_group_courses"):
        assert mixed_.totals[0, ..., OUTCOME_INDEX[name]].sum() > 0
        mixed_.totals[..., OUTCOME_INDEX[name]] = 0
    assert_same([plain], [mixed_])


def test_who_chooses_all_that_are_eligible_comes_to_the_same_bytes(cut: Cut) -> None:
    study = cut("cft-rollout", people=400, replications=1)
    all_of_them = replace(study.policies[0].cft, from_disability=study.values(study.policies[0])["cft.eligible_rmdq"])
    prepared = PreparedStudy(replace(study, policies=(study.policies[0], replace(study.policies[0], cft=all_of_them))))
    assert_same(in_full(prepared)[:1], in_full(prepared)[1:])


def test_operations_that_a_policy_limits_reach_those_on_the_list_already(cut: Cut) -> None:
    few = SurgeryPolicy(operations_per_year=Timeline((0.0,), (2_000.0,)))
    study = cut("usual-care", people=1500, replications=1, years=4, assume=EVENTFUL)
    prepared = PreparedStudy(replace(study, policies=(*study.policies, Policy("few", "Few", surgery=few))))
    assert_same(prepared.simulate_all(prepared.study.policies, 0), in_full(prepared))


def test_more_branches_than_one_number_has_bits(cut: Cut) -> None:
    study = cut("usual-care", people=60, replications=1, years=4)
    many = [Policy(f"growth-{n}", "", opioids=OpioidPolicy(growth=Timeline((1.0,), (0.02 * n,)))) for n in range(1, 65)]
    prepared = PreparedStudy(replace(study, policies=(*study.policies, *many)))
    assert (
        len(branches_of(prepared.untouched_inputs, [prepared.ready(p).inputs for p in prepared.study.policies])) == 65
    )
    assert_same(prepared.simulate_all(prepared.study.policies, 0), in_full(prepared))


def test_lives_are_lived_once(cut: Cut) -> None:
    """What policies live on is a small part of a life; who differs after parting alone parts at the same moments."""
    study = cut("usual-care", "cft-rollout", "cft-biofeedback", "surgery-restraint", people=1500, replications=1)
    prepared = PreparedStudy(study)
    before, after = lived(prepared)
    whole = prepared.simulate(study.policies[0], 0).events
    assert len(before) == 3
    assert after["usual-care"] == 0
    assert 0 < after["surgery-restraint"] < 0.05 * whole
    assert 0.1 * whole < after["cft-rollout"] < 0.5 * whole


def test_a_policy_that_changes_all_lives_is_lived_in_full(cut: Cut) -> None:
    study = cut("usual-care", "cft-rollout", people=200, replications=1, years=3)
    worse = replace(study.policies[1], name="worse", assume={"flares.rate": 9.0})
    prepared = PreparedStudy(replace(study, policies=(*study.policies, worse)))
    inputs = [prepared.ready(policy).inputs for policy in prepared.study.policies]
    assert [branch.places for branch in branches_of(prepared.untouched_inputs, inputs)] == [(0,), (1,)]
    assert not shares_lives(prepared.untouched_inputs, inputs[2])
    assert_same(prepared.simulate_all(prepared.study.policies, 0), in_full(prepared))


def test_no_untouched_life_depends_on_what_policies_may_differ_in(cut: Cut) -> None:
    """Each of these inputs is changed in turn, and usual care comes to the same bytes."""
    prepared = PreparedStudy(cut("usual-care", people=300, replications=1, years=4, assume=EVENTFUL))
    usual = prepared.untouched_inputs
    free = [name for name in usual.dtype.names or () if shares_lives(usual, changed(usual, name))]
    assert len(free) > len((*UNTIL_PARTING, *AFTER_PARTING))
    expected = prepared.simulate(prepared.study.policies[0], 0).totals
    for name in free:
        if name in UNTIL_PARTING:
            continue
        shared, _ = live_shared(prepared, branches_of(usual, [usual]), trunk=changed(usual, name))
        ((_, sums, _),) = shared.ended()
        assert sums.tobytes() == expected.tobytes(), name


def changed(inputs: Any, name: str) -> Any:
    other = inputs.copy()
    other[name] = other[name] * 2 + 1
    return other


def test_lists_hold_only_those_whom_the_policy_has_touched(cut: Cut) -> None:
    study = cut("usual-care", "cft-rollout", people=400, replications=1)
    prepared = PreparedStudy(study)
    branches = branches_of(prepared.untouched_inputs, [prepared.ready(policy).inputs for policy in study.policies])
    _, parted = live_shared(prepared, branches)
    assert len(parted[0,]) == 0 < len(parted[1,])
    assert (parted[1,]["joined"][:, CFT_LIST] == np.inf).all(), "each as they stood before they accepted"
    assert (parted[1,]["present"] == 1).all()


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_any_number_of_workers_comes_to_the_same_bytes(cut: Cut, workers: int) -> None:
    study = cut("usual-care", "cft-rollout", "cft-first", people=90, replications=3, years=5)
    prepared = PreparedStudy(study)
    expected = np.array([[output.totals for output in in_full(prepared, number)] for number in range(3)])
    results = run_study(study, workers=workers)
    assert results.totals.tobytes() == expected.swapaxes(0, 1).tobytes()


def test_the_life_of_one_person_is_logged_as_if_lived_in_full(cut: Cut) -> None:
    study = cut("usual-care", "cft-rollout", "opioid-stewardship", people=200, replications=1, years=6)
    prepared = PreparedStudy(study)
    for row in range(0, 60, 3):
        shared = prepared.simulate_all(study.policies, 0, watched=row)
        for policy, one in zip(study.policies, shared, strict=True):
            assert one.log.tolist() == prepared.simulate(policy, 0, watched=row).log.tolist()
