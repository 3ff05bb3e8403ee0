"""The changes of a policy: every lever belongs to one part, and the parts make up the policy."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lbpsim.explain.policy_components import KEYS, components, only, pathways, same_changes
from lbpsim.study import CftPolicy, Policy, Study, Timeline, load
from lbpsim.study.files.policy_keys import components_of
from lbpsim.study.policies import PARTS

SHIPPED = load(Path(__file__).parents[2] / "scenarios")
FROM_2027 = Timeline((1.0,), (0.5,))


def keys(policy: Policy) -> list[str]:
    return [part.key for part in components(policy)]


def test_every_key_has_a_component_with_words() -> None:
    held = {f"{name}.{key}" for name, part in PARTS.items() for key in components_of(part).values()}
    assert held == set(KEYS)
    assert all(key.component for key in KEYS.values())


def test_parts_of_a_rollout() -> None:
    assert keys(SHIPPED.policy("cft-rollout")) == ["cft.offered", "cft.training_places", "cft.referral_stops_at"]
    assert keys(SHIPPED.policy("cft-biofeedback"))[-1] == "cft.biofeedback"
    assert keys(SHIPPED.policy("usual-care")) == []


def test_what_is_offered_instead_is_part_of_the_offer() -> None:
    policy = SHIPPED.policy("opioids-instead")
    assert [part.label for part in components(policy)] == [
        "the offer of long-term opioids", "the training places", "the stop of referral while the wait is long"
    ]  # fmt: skip
    alone = only(policy, {"cft.offered"}).cft
    assert (alone.replaced_by, alone.offered) == ("opioids", policy.cft.offered)
    assert alone == CftPolicy(policy.cft.offered, replaced_by="opioids")


def test_the_places_of_what_is_offered_instead_are_parts_as_those_of_cft_are() -> None:
    rollout, instead = (SHIPPED.policy(name) for name in ("cft-rollout", "surgery-instead"))
    assert keys(instead) == keys(rollout)
    places = set(keys(rollout)) - {"cft.offered"}
    assert only(instead, places).cft == only(rollout, places).cft


def test_without_limit_is_a_part_of_its_own_whatever_is_offered() -> None:
    cft = CftPolicy(FROM_2027, replaced_by="opioids", capacity_limited=False)
    policy = Policy("a", "A", cft=cft)
    assert [part.label for part in components(policy)] == ["the offer of long-term opioids", "capacity without limit"]
    assert only(policy, {"cft.capacity"}).cft == CftPolicy(capacity_limited=False)
    assert only(policy, {"cft.offered"}).cft.waits_for_place


def test_pathways_hold_all_parts() -> None:
    found = components(SHIPPED.policy("cft-first"))
    groups = pathways(found)
    assert [(group.key, group.label) for group in groups] == [
        ("cft", "all changes to CFT"),
        ("opioids", "all changes to opioids"),
        ("surgery", "the change in referral to surgery"),
    ]
    assert set().union(*(group.keys for group in groups)) == {part.key for part in found}


def test_assumptions_are_parts_each_or_one_together() -> None:
    policy = Policy("a", "A", assume={"cft.uptake": 0.5, "cft.fidelity": 0.8}, options={"after_year_three": "waning"})
    assert keys(policy) == ["assume.cft.uptake", "assume.cft.fidelity", "options.after_year_three"]
    (together,) = components(policy, assumptions_together=True)
    assert same_changes(only(policy, together.keys), policy)


@pytest.mark.parametrize("policy", SHIPPED.policies, ids=lambda policy: policy.name)
def test_all_parts_make_up_the_policy_and_none_todays_care(policy: Policy) -> None:
    every = {key for part in components(policy) for key in part.keys}
    assert same_changes(only(policy, every), policy)
    assert same_changes(only(policy, ()), SHIPPED.policies[0])


def test_one_part_leaves_out_the_others() -> None:
    policy = dataclasses.replace(
        SHIPPED.policy("cft-first"), cft=CftPolicy(FROM_2027, by_severity=True, trained_at_start=9.0), assume={"a": 1.0}
    )
    alone = only(policy, {"cft.priority", "opioids.initiation_change"})
    assert alone.cft == CftPolicy(by_severity=True)
    assert alone.opioids.initiation_change == policy.opioids.initiation_change
    assert not alone.opioids.tapering_offered.times
    assert not alone.assume


def test_names_do_not_make_policies_differ() -> None:
    study: Study = SHIPPED
    assert same_changes(study.policies[1], dataclasses.replace(study.policies[1], name="x", title="X", file=None))
    assert not same_changes(study.policy("cft-rollout"), study.policy("cft-biofeedback"))
