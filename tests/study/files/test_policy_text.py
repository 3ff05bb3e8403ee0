"""A policy written as a file reads back as the policy."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.study import CftPolicy, Policy, Timeline
from lbpsim.study.files.build import read_policy
from lbpsim.study.files.nodes import read_text
from lbpsim.study.files.policy_text import as_text, written
from tests.pathways.small_country import shipped

STUDY = shipped()


def read_back(policy: Policy) -> Policy:
    problems: list = []  # type: ignore[type-arg]
    node = read_text(as_text(written(policy, STUDY.start)), "policy", problems)
    assert node is not None and not problems
    regions = policy.cft.regions
    found = read_policy(node, policy.name, Path("policy.yaml"), STUDY.start, problems, regions=regions)
    assert found is not None, problems
    return found


@pytest.mark.parametrize("policy", STUDY.policies, ids=lambda policy: policy.name)
def test_every_shipped_policy_reads_back(policy: Policy) -> None:
    assert dataclasses.replace(read_back(policy), file=policy.file) == policy


def test_places_from_a_year_on_read_back() -> None:
    cft = CftPolicy(Timeline((1.0,), (0.5,)), {2027: 100.0}, {2028: 200.0, 2030: 50.0}, 1.0)
    assert read_back(Policy("p", "P", cft=cft)).cft == cft


def test_dates_that_stand_twice_are_written_twice() -> None:
    """YAML would make the second a reference to the first, which files may not have."""
    cft = CftPolicy(Timeline((1.0,), (0.5,)), {2027: 100.0}, {}, 1.0, telehealth=Timeline((1.0,), (0.3,)))
    assert read_back(Policy("p", "P", cft=cft)).cft == cft


def test_regions_read_back() -> None:
    cft = CftPolicy(Timeline((1.0,), (0.5,)), regions=("Hull, City of", "ON", "North: East"))
    assert read_back(Policy("p", "P", cft=cft)).cft == cft


def test_assumptions_and_options_read_back() -> None:
    policy = Policy("p", "P", assume={"cft.fidelity": 0.8}, options={"after_year_three": "sustained"})
    found = read_back(policy)
    assert (dict(found.assume), dict(found.options)) == (policy.assume, policy.options)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=4), st.integers(0, 5000), st.booleans())
def test_any_rollout_reads_back(shares: list[int], places: int, severity: bool) -> None:
    offered = Timeline(tuple(float(year) for year in range(len(shares))), tuple(each * 0.01 for each in shares))
    cft = CftPolicy(offered, {2026: float(places)}, {}, 0.0 if places else float("inf"), by_severity=severity)
    assert read_back(Policy("p", "P", cft=cft)).cft == cft
