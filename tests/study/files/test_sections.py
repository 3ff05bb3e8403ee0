from __future__ import annotations

from collections.abc import Callable

import pytest

from lbpsim import evidence
from lbpsim.study import Policy, Problem


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("titel: A\ntitle: B\n", "titel", "Did you mean `title`?"),
        ("title: A\noffered: {2027: 10%}\n", "offered", "in a policy file as `cft.offered`"),
        ("title: A\npeople: 5\n", "people", "in study.yaml as `people`"),
        ("title: A\npeopel: 5\n", "peopel", "in study.yaml as `people`"),
        ("title: A\ncft.fidelity: 0.8\n", "cft.fidelity", "under `assume`"),
        ("title: A\noptions: {lost_work: friction}\n", "options.lost_work", "in study.yaml as `options.lost_work`"),
        ("title: A\nopioids: {referral_change: {2027: -5%}}\n", "opioids.referral_change", "`surgery.referral_change`"),
        ("title: A\nxyzzy: 1\n", "xyzzy", "The keys here are `title`"),
    ],
)
def test_keys_that_do_not_belong_are_told_where_they_do(
    wrong: Callable[[str], tuple[Problem, ...]], text: str, key: str, said: str
) -> None:
    (problem,) = wrong(text)
    assert problem.key == key
    assert said in problem.right


def test_a_missing_key_is_told_with_its_meaning(wrong: Callable[[str], tuple[Problem, ...]]) -> None:
    (problem,) = wrong("description: D\n")
    assert (problem.key, problem.wrong) == ("title", "This key is missing")
    assert "tables and charts" in problem.right


def test_parameters_can_be_assumed(policy: Callable[[str], Policy]) -> None:
    assume = policy("title: A\nassume:\n  cft.fidelity: 0.8\n  cft.uptake: 50%\n  cft.training_cost: AUD 9000\n").assume
    assert assume == {"cft.fidelity": 0.8, "cft.uptake": 0.5, "cft.training_cost": 9000.0}


def test_what_is_not_an_input_cannot_be_assumed(wrong: Callable[[str], tuple[Problem, ...]]) -> None:
    roles: dict[str, str] = {}
    for name, parameter in evidence.parameters().items():
        roles.setdefault(parameter.role, name)
    target, context = wrong(f"title: A\nassume:\n  {roles['target']}: 1\n  {roles['context']}: 1\n")
    assert "compare" in target.wrong
    assert "context" in context.wrong


def test_a_misspelt_parameter(wrong: Callable[[str], tuple[Problem, ...]]) -> None:
    (problem,) = wrong("title: A\nassume: {cft.fidelty: 0.8}\n")
    assert "Did you mean `cft.fidelity`" in problem.right
