from __future__ import annotations

import dataclasses
import json
import pickle
from datetime import date
from pathlib import Path

import pytest

from lbpsim import evidence
from lbpsim.study import CftPolicy, InputErrors, Policy, Study, Timeline, load


@pytest.fixture(scope="module")
def study(shipped: Path) -> Study:
    return load(shipped)


def starting(study: Study, day: date, years: int) -> Study:
    return dataclasses.replace(study, start=day, years=years)


def test_calendar_years_are_those_touched(study: Study) -> None:
    assert starting(study, date(2026, 1, 1), 10).calendar_years == tuple(range(2026, 2036))
    assert starting(study, date(2026, 7, 1), 10).calendar_years == tuple(range(2026, 2037))
    assert starting(study, date(2028, 1, 1), 1).calendar_years == (2028,)


def test_every_moment_falls_in_a_calendar_year(study: Study) -> None:
    for start in (date(2026, 1, 1), date(2027, 3, 1), date(2028, 12, 31)):
        here = starting(study, start, 30)
        moments = [here.years * week / 1000 for week in range(1000)]
        assert {here.calendar_year(moment) for moment in moments} <= set(here.calendar_years)


def test_values_take_the_studys_assumptions_and_then_the_policys(study: Study) -> None:
    base = evidence.base_values(study.price_year)
    shared = dataclasses.replace(study, assume={"cft.fidelity": 0.8, "cft.uptake": 0.3})
    policy = Policy("a", "A", assume={"cft.fidelity": 0.5})
    values = shared.values(policy)
    assert (values["cft.fidelity"], values["cft.uptake"]) == (0.5, 0.3)
    assert {name for name, value in values.items() if value != base[name]} == {"cft.fidelity", "cft.uptake"}
    assert evidence.base_values(study.price_year) == base


def test_resolved_is_json_and_reads_back(study: Study) -> None:
    stored = json.loads(json.dumps(study.resolved(), allow_nan=False))
    back = Study.from_resolved(stored)
    without_folders = [
        dataclasses.replace(policy, file=Path(policy.file.name)) for policy in study.policies if policy.file
    ]
    assert back == dataclasses.replace(study, policies=tuple(without_folders))
    assert back.resolved() == study.resolved()


def test_a_study_can_be_sent_to_a_worker(study: Study) -> None:
    assert pickle.loads(pickle.dumps(study)) == study


def test_with_changes(study: Study) -> None:
    changed = study.with_changes(people="all", years=3, seed=0)
    assert (changed.people, changed.years, changed.seed) == ("all", 3, 0)
    assert changed.replications == study.replications
    assert study.with_changes() == study


@pytest.mark.parametrize(
    "changes",
    [{"people": 0}, {"people": 10**9}, {"people": "most"}, {"years": 0}, {"years": 101}, {"seed": -1}, {"seed": 2**63},
     {"replications": 0}, {"people": True}],
)  # fmt: skip
def test_changes_out_of_range_are_refused(study: Study, changes: dict[str, int | str]) -> None:
    with pytest.raises(InputErrors) as caught:
        study.with_changes(**changes)  # type: ignore[arg-type]
    assert [problem.key for problem in caught.value.problems] == list(changes)
    assert "command line" in str(caught.value)


def test_policies_by_name(study: Study) -> None:
    assert study.policy("cft-first").title == "CFT first"
    with pytest.raises(KeyError):
        study.policy("none")


OFFER = CftPolicy(offered=Timeline((1.0,), (0.5,)))


def test_the_plainest_offer_of_cft_does_least_beside_it(study: Study) -> None:
    assert study.plainest_offer == study.policy("cft-rollout")
    usual = study.policies[0]
    unlimited, sensors = (
        Policy("a", "", cft=dataclasses.replace(OFFER, capacity_limited=False)),
        Policy("b", "", cft=dataclasses.replace(OFFER, biofeedback=True), options={"after_year_three": "sustained"}),
    )
    assert dataclasses.replace(study, policies=(usual, unlimited, sensors)).plainest_offer == sensors
    assert dataclasses.replace(study, policies=(usual, unlimited)).plainest_offer == unlimited
    assert dataclasses.replace(study, policies=(usual,)).plainest_offer is None


def test_some_policies_are_kept_in_the_order_of_the_study_beside_the_comparator(study: Study) -> None:
    kept = study.only(["cft-unlimited", "cft-rollout"])
    assert [policy.name for policy in kept.policies] == ["usual-care", "cft-rollout", "cft-unlimited"]
    assert dataclasses.replace(kept, policies=study.policies) == study


@pytest.mark.parametrize(("names", "told"), [(["cft-rolout"], "cft-rollout"), ([], "No policy is named")])
def test_a_policy_that_is_not_there_cannot_be_kept(study: Study, names: list[str], told: str) -> None:
    with pytest.raises(InputErrors, match=told):
        study.only(names)
