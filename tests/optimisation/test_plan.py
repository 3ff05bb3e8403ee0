"""The plan of a search: read from its file, and told where it is wrong."""

from __future__ import annotations

import pytest

from lbpsim.evidence.reading import PlanError, parse_plan
from lbpsim.optimisation.plan import Plan, shipped
from lbpsim.study.files.declarations import policy_file


def test_every_lever_of_the_plan_is_a_key_of_policy_files() -> None:
    assert set(shipped().levers) <= {path for path, _ in policy_file().paths()}


def test_the_check_is_larger_than_the_trials() -> None:
    plan = shipped()
    assert plan.check.draws >= 5 * plan.trial.draws and plan.check.people >= plan.trial.people


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("trial: {draws: 1, people: 5}", "trial.draws"),
        ("steps: 5", "steps"),
        ("- 5", "mapping"),
    ],
)
def test_a_wrong_plan_is_told(text: str, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        parse_plan(Plan, text)
