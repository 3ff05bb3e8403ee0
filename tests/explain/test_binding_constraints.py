"""What can hold a policy back: only what it uses, and as far as can be."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest

from lbpsim.explain.binding_constraints import applicable, offered_to_all, relaxed, taken_up_by_nobody
from lbpsim.population.quintiles import uptake
from lbpsim.simulation.consistency import check
from lbpsim.study import Policy, Timeline, load

STUDY = load(Path(__file__).parents[2] / "scenarios")
ROLLOUT = STUDY.policy("cft-rollout")


def names(policy: Policy) -> list[str]:
    return [each.name for each in applicable(STUDY, policy)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("usual-care", []),
        ("cft-rollout", ["eligibility", "coverage", "uptake", "capacity", "fidelity", "durability"]),
        ("cft-unlimited", ["eligibility", "coverage", "uptake", "fidelity", "durability"]),
        ("opioids-instead", ["eligibility", "coverage", "uptake", "capacity"]),
        ("surgery-instead", ["eligibility", "coverage", "uptake", "capacity"]),
        ("opioid-stewardship", ["tapering coverage", "tapering uptake"]),
        ("surgery-restraint", []),
        ("opioid-expansion", []),
    ],
)
def test_only_what_a_policy_uses_is_relaxed(policy: str, expected: list[str]) -> None:
    assert names(STUDY.policy(policy)) == expected


def test_what_holds_nothing_back_is_not_relaxed() -> None:
    assert "fidelity" not in names(dataclasses.replace(ROLLOUT, assume={"cft.fidelity": 1.0}))
    assert "durability" not in names(dataclasses.replace(ROLLOUT, options={"after_year_three": "sustained"}))
    assert "uptake" not in names(dataclasses.replace(ROLLOUT, assume={"cft.uptake": 1.0}))
    everywhere = dataclasses.replace(ROLLOUT, cft=dataclasses.replace(ROLLOUT.cft, offered=Timeline((1.0,), (1.0,))))
    assert "coverage" not in names(everywhere)
    entry = {"cft.eligible_rmdq": 0.0, "cft.eligible_pain": 0.0}
    assert "eligibility" not in names(dataclasses.replace(ROLLOUT, assume=entry))


@pytest.mark.parametrize(
    "chosen", [{"regions": ("North",)}, {"from_age": 50}, {"to_fifth": 2}, {"from_disability": 12.0}]
)
def test_whom_a_policy_chooses_can_hold_it_back(chosen: dict[str, Any]) -> None:
    choosing = dataclasses.replace(ROLLOUT, cft=dataclasses.replace(ROLLOUT.cft, **chosen))
    assert "choice" in names(choosing) and "choice" not in names(ROLLOUT)
    (choice,) = (each for each in applicable(STUDY, choosing) if each.name == "choice")
    assert relaxed(STUDY, choosing, (choice,)) == ROLLOUT


def test_what_is_offered_instead_without_limit_is_held_back_by_no_places() -> None:
    instead = STUDY.policy("opioids-instead")
    unlimited = dataclasses.replace(instead, cft=dataclasses.replace(instead.cft, capacity_limited=False))
    assert names(unlimited) == ["eligibility", "coverage", "uptake"]


def test_each_goes_as_far_as_can_be() -> None:
    best = relaxed(STUDY, ROLLOUT, applicable(STUDY, ROLLOUT))
    assert best.cft.offered == Timeline((1.0,), (1.0,))
    assert not best.cft.capacity_limited and best.cft.referral_stops_at == math.inf
    assert best.cft.training_places == ROLLOUT.cft.training_places
    assert best.options == {"after_year_three": "sustained"}
    assert STUDY.values(best)["cft.fidelity"] == 1.0  # as in the trial
    assert uptake(STUDY.values(best)).tolist() == [1.0] * 5  # everybody, in every quintile
    check(dataclasses.replace(STUDY, policies=(STUDY.policies[0], best)))


def test_who_is_eligible_is_counted_without_treating_anybody() -> None:
    counting = taken_up_by_nobody(offered_to_all(ROLLOUT))
    assert counting.cft.offered == Timeline((1.0,), (1.0,))
    assert uptake(STUDY.values(counting)).tolist() == [0.0] * 5


def test_nothing_else_is_touched() -> None:
    field_of = {"eligibility": "assume", "uptake": "assume", "fidelity": "assume", "durability": "options"}
    for each in applicable(STUDY, ROLLOUT):
        policy = relaxed(STUDY, ROLLOUT, (each,))
        changed = [
            field.name
            for field in dataclasses.fields(Policy)
            if getattr(policy, field.name) != getattr(ROLLOUT, field.name)
        ]
        assert changed == [field_of.get(each.name, "cft")], each.name
