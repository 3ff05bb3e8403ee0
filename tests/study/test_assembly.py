from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from lbpsim.study import CftPolicy, Policy, Problem, Timeline, load

Wrongs = Callable[[object], tuple[Problem, ...]]


def test_every_key_arrives(policy: Callable[[str], Policy], full: str) -> None:
    read = policy(full)
    assert (read.name, read.title, read.description) == ("tried", "Everything", "All keys at once")
    assert read.cft == CftPolicy(
        offered=Timeline((1.0, 5.0), (0.1, 0.6)),
        training_places={2027: 400.0, 2028: 800.0},
        trained_at_start=50.0,
        by_severity=True,
        biofeedback=True,
        first_training=1.0,
    )
    assert read.opioids.growth == Timeline((1.0,), (0.06,))
    assert read.opioids.initiation_change == Timeline((1.0, 2.0), (-0.2, 0.1))
    assert read.opioids.tapering_offered == Timeline((1.0,), (0.5,))
    assert read.surgery.growth == Timeline((1.0,), (-0.02,))
    assert read.surgery.referral_change == Timeline((2.0,), (-0.5,))
    assert read.surgery.operations_per_year == Timeline((1.0,), (3000.0,))
    assert read.assume == {"cft.fidelity": 0.8}
    assert read.options == {"after_year_three": "sustained"}
    assert read.file is not None and read.file.name == "tried.yaml"


def test_a_title_is_enough(policy: Callable[[str], Policy]) -> None:
    read = policy("title: Nothing\n")
    assert read.cft == CftPolicy()
    assert read.surgery.operations_per_year is None
    assert read.first_date == math.inf


def test_ceiling_and_replacement(policy: Callable[[str], Policy]) -> None:
    assert not policy("title: A\ncft: {offered: {2027: 10%}, capacity: unlimited}\n").cft.capacity_limited
    assert policy("title: A\ncft: {offered: {2027: 10%}, replaced_by: surgery}\n").cft.replaced_by == "surgery"


def test_training_that_began_before_the_study_begins_with_it(folder: Path) -> None:
    text = (folder / "study.yaml").read_text(encoding="utf-8").replace("2026-01-01", "2026-07-01")
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    (folder / "a.yaml").write_text(
        "title: A\ncft: {offered: {2027: 10%}, training_places: {2026: 1}}\n", encoding="utf-8"
    )
    assert load(folder).policy("a").first_date == 0.0


@pytest.mark.parametrize(
    ("cft", "keys"),
    [
        (
            "offered: {2027: 10%}, replaced_by: opioids, biofeedback: yes, priority: severity",
            {"biofeedback", "priority"},
        ),
        ("offered: {2027: 10%}, replaced_by: opioids, training_places: {2027: 3}", {"training_places"}),
        ("offered: {2027: 10%}, capacity: unlimited, priority: severity", {"priority"}),
        ("offered: {2027: 10%}, capacity: unlimited, trained_at_start: 5", {"trained_at_start"}),
        ("training_places: {2027: 5}", {"offered"}),
    ],
)
def test_keys_without_effect_are_refused(wrong: Callable[[str], tuple[Problem, ...]], cft: str, keys: set[str]) -> None:
    assert {problem.key for problem in wrong(f"title: A\ncft: {{{cft}}}\n")} == {f"cft.{key}" for key in keys}


@pytest.mark.parametrize(
    "change",
    ["cft: {offered: {2027: 10%}}", "opioids: {growth: {2027: 6% per year}}", "surgery: {growth: {2027: 6% per year}}",
     "assume: {cft.fidelity: 0.5}", "options: {after_year_three: sustained}"],
)  # fmt: skip
def test_the_comparator_changes_nothing(folder: Path, problems_of: Wrongs, change: str) -> None:
    (folder / "usual-care.yaml").write_text(f"title: Usual care\n{change}\n", encoding="utf-8")
    (problem,) = problems_of(folder)
    assert "comparator" in problem.wrong
    assert problem.key == change.partition(":")[0]


def test_a_second_study_file_is_told_once(folder: Path, problems_of: Wrongs) -> None:
    (folder / "study-b.yaml").write_text((folder / "study.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (problem,) = problems_of(folder)
    assert "second study file" in problem.wrong


def test_a_misplaced_study_key_hides_no_other_problem(folder: Path, problems_of: Wrongs) -> None:
    (folder / "mine.yaml").write_text("title: Mine\nseed: 5\ncft:\n  ofered: {2027: 0.1}\n", encoding="utf-8")
    keys = {problem.key for problem in problems_of(folder)}
    assert {"seed", "cft.ofered"} <= keys
