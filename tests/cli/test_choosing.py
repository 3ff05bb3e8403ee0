"""`lbpsim optimise`: from files to a policy that runs; what is wrong is told before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.optimisation import question as of_question
from tests.cli.conftest import assert_wrong_input
from tests.cli_runner import Lbpsim
from tests.optimisation.small_search import small_plan
from tests.pathways.small_country import SCENARIOS


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan whose searches take a second."""
    monkeypatch.setattr(of_question, "shipped", small_plan)


ASKED = ("optimise", SCENARIOS, "--years", "3", "--policy", "cft-rollout", "--vary", "cft.training_places")


@pytest.mark.gate
def test_a_policy_is_found_written_and_run(tmp_path: Path, lbpsim: Lbpsim) -> None:
    out = tmp_path / "out"
    said = lbpsim(*ASKED, "--within", "physiotherapists: 900", "--out", out)
    assert said.status == 0, said
    assert "The best policy found" in said.out and "optimum.yaml" in said.out
    again = lbpsim(*ASKED, "--within", "physiotherapists: 900", "--out", out)
    assert again.status == 0 and again.out == said.out
    other = lbpsim(*ASKED, "--within", "physiotherapists: 800", "--out", out)
    assert other.status == 2 and "--overwrite" in other.words
    files = [SCENARIOS / "study.yaml", SCENARIOS / "usual-care.yaml", out / "optimum.yaml"]
    checked = lbpsim("check", *files)
    assert checked.status == 0, checked


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--goal", "health", "is not a goal"),
        ("--within", "wait: 26", "has no unit"),
        ("--vary", "cft.price", "cannot be moved"),
        ("--policy", "cft", "not a policy whose levers can be moved"),
    ],
)
def test_what_is_wrong_is_told(option: str, value: str, words: str, tmp_path: Path, lbpsim: Lbpsim) -> None:
    assert_wrong_input(lbpsim("optimise", SCENARIOS, option, value, "--out", tmp_path / "out"), words)
    assert not (tmp_path / "out").exists()


def test_limits_that_nothing_keeps_are_an_answer_not_a_crash(tmp_path: Path, lbpsim: Lbpsim) -> None:
    said = lbpsim(*ASKED, "--within", "qalys: 90,000,000 QALYs", "--out", tmp_path / "out")
    assert said.status == 1 and "No policy that these levers can make keeps the limits" in said.words
