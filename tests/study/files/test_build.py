from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from lbpsim.evidence.units import WEEK
from lbpsim.study import CftPolicy, Policy, Problem, Timeline, load

OFFERED = "offered: {2027: 10%}"
Wrongs = Callable[[object], tuple[Problem, ...]]


def test_every_key_arrives(policy: Callable[[str], Policy], full: str) -> None:
    read = policy(full)
    assert (read.name, read.title, read.description) == ("tried", "Everything", "All keys at once")
    assert read.cft == CftPolicy(
        offered=Timeline((1.0, 5.0), (0.1, 0.6)),
        training_places={2027: 400.0, 2028: 800.0},
        trained_at_start=50.0,
        by_severity=True,
        from_disability=12.0,
        from_age=45,
        to_age=64,
        to_fifth=2,
        telehealth=Timeline((1.0,), (0.3,)),
        group=Timeline((1.0, 3.0), (0.2, 0.4)),
        biofeedback=True,
        referral_stops_at=26 * WEEK,
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


@pytest.mark.parametrize("instead", ["opioids", "surgery"])
def test_what_replaces_cft_takes_the_places_of_the_rollout(policy: Callable[[str], Policy], instead: str) -> None:
    places = "training_places: {2027: 3}, trained_at_start: 2, capacity: limited, priority: severity"
    cft = policy(f"title: A\ncft: {{{OFFERED}, replaced_by: {instead}, {places}, referral_stops_at: 1 year}}\n").cft
    assert (cft.replaced_by, cft.training_places, cft.trained_at_start) == (instead, {2027: 3.0}, 2.0)
    assert cft.by_severity and cft.capacity_limited and cft.referral_stops_at == 1.0
    assert cft.waits_for_place and cft.only_compares and not cft.delivers and not cft.queues


def test_without_limit_nobody_waits_and_training_is_still_paid_for(policy: Callable[[str], Policy]) -> None:
    for more in ("", ", replaced_by: surgery"):
        cft = policy(f"title: A\ncft: {{{OFFERED}, capacity: unlimited, training_places: {{2027: 3}}{more}}}\n").cft
        assert not cft.capacity_limited and cft.training_places == {2027: 3.0}
        assert not cft.queues and cft.only_compares
        assert cft.waits_for_place == cft.delivers == (not more)


def test_referral_never_stops_unless_that_is_asked(policy: Callable[[str], Policy]) -> None:
    assert policy(f"title: A\ncft: {{{OFFERED}, trained_at_start: 2}}\n").cft.referral_stops_at == math.inf


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
        ("offered: {2027: 10%}, replaced_by: opioids, biofeedback: yes, priority: severity", {"biofeedback"}),
        ("offered: {2027: 10%}, capacity: unlimited, priority: severity", {"priority"}),
        ("offered: {2027: 10%}, capacity: unlimited, trained_at_start: 5", {"trained_at_start"}),
        ("offered: {2027: 10%}, capacity: unlimited, referral_stops_at: 26 weeks", {"referral_stops_at"}),
        (
            "offered: {2027: 10%}, replaced_by: surgery, capacity: unlimited, priority: severity, trained_at_start: 5, "
            "referral_stops_at: 26 weeks, biofeedback: no",
            {"priority", "trained_at_start", "referral_stops_at", "biofeedback"},
        ),
        ("training_places: {2027: 5}", {"offered"}),
    ],
)
def test_keys_without_effect_are_refused(wrong: Callable[[str], tuple[Problem, ...]], cft: str, keys: set[str]) -> None:
    assert {problem.key for problem in wrong(f"title: A\ncft: {{{cft}}}\n")} == {f"cft.{key}" for key in keys}


@pytest.mark.parametrize(
    ("wait", "said", "right"),
    [
        ("0 weeks", "below 1 day", "`26 weeks`, from 1 day on"),
        ("-3 weeks", "out of range", "`26 weeks`, from 1 day on"),
        ("26", "no unit", "`26 weeks`"),
        ("never", "not a duration", "`26 weeks`"),
    ],
)
def test_a_wait_at_which_nobody_could_be_referred_is_refused(
    wrong: Callable[[str], tuple[Problem, ...]], wait: str, said: str, right: str
) -> None:
    (problem,) = wrong(f"title: A\ncft: {{{OFFERED}, trained_at_start: 5, referral_stops_at: {wait}}}\n")
    assert problem.key == "cft.referral_stops_at"
    assert said in problem.wrong and right in problem.right


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


CHOICES = "from_disability: 12 RMDQ points, from_age: 45, to_age: 64, to_fifth: 2"


def test_whom_a_policy_chooses(policy: Callable[[str], Policy]) -> None:
    cft = policy(f"title: A\ncft: {{{OFFERED}, trained_at_start: 2, {CHOICES}}}\n").cft
    assert (cft.from_disability, cft.from_age, cft.to_age, cft.to_fifth) == (12.0, 45, 64, 2)
    assert cft.chooses
    assert not policy(f"title: A\ncft: {{{OFFERED}, trained_at_start: 2}}\n").cft.chooses


@pytest.mark.parametrize(
    ("choice", "key", "said", "right"),
    [
        ("from_disability: 12", "from_disability", "`12` has no unit", "12 RMDQ points"),
        ("from_disability: 25 RMDQ points", "from_disability", "25", "0 to 24 RMDQ points"),
        ("from_disability: -1 RMDQ points", "from_disability", "below 0", "0 to 24 RMDQ points"),
        ("from_age: 17", "from_age", "17 is out of range", "from 18 to 110"),
        ("to_age: 111", "to_age", "111 is out of range", "from 18 to 110"),
        ("to_fifth: 0", "to_fifth", "0 is out of range", "from 1 to 5"),
        ("to_fifth: 6", "to_fifth", "6 is out of range", "from 1 to 5"),
        ("from_age: 65, to_age: 64", "to_age", "Nobody is 65 or older and 64 or younger", "ages in order"),
    ],
)
def test_whom_nobody_can_choose(
    wrong: Callable[[str], tuple[Problem, ...]], choice: str, key: str, said: str, right: str
) -> None:
    (problem,) = wrong(f"title: A\ncft: {{{OFFERED}, trained_at_start: 5, {choice}}}\n")
    assert problem.key == f"cft.{key}"
    assert said in problem.wrong and right in problem.right
    assert problem.place.line == 2


def test_one_age_alone_can_be_chosen(policy: Callable[[str], Policy]) -> None:
    cft = policy(f"title: A\ncft: {{{OFFERED}, trained_at_start: 2, from_age: 50, to_age: 50}}\n").cft
    assert (cft.from_age, cft.to_age) == (50, 50)


@pytest.mark.parametrize(
    ("modes", "come_to"),
    [
        ("telehealth: {2027: 60%}, group: {2027: 41%}", "101%"),
        ("telehealth: {2027: 0%, 2029: 80%}, group: {2028: 70%, 2030: 10%}", "120%"),  # in 2029: 80% and 40%
        ("telehealth: {2030: 50%}, group: {2027: 60%}", "110%"),
    ],
)
def test_modes_of_delivery_come_to_no_more_than_all(
    wrong: Callable[[str], tuple[Problem, ...]], modes: str, come_to: str
) -> None:
    (problem,) = wrong(f"title: A\ncft: {{{OFFERED}, trained_at_start: 5, {modes}}}\n")
    assert problem.key == "cft.group"
    assert f"come to {come_to} of courses" in problem.wrong and "100% at most" in problem.right


@pytest.mark.parametrize("modes", ["telehealth: {2027: 60%}, group: {2027: 40%}", "group: {2027: 100%}"])
def test_all_courses_may_be_delivered_otherwise_than_in_person(policy: Callable[[str], Policy], modes: str) -> None:
    cft = policy(f"title: A\ncft: {{{OFFERED}, trained_at_start: 5, {modes}}}\n").cft
    assert sum(share.on_a_line(2.0) for share in cft.modes.values()) == 1.0


@pytest.mark.parametrize("mode", ["telehealth", "group"])
def test_nobody_delivers_what_nobody_starts(wrong: Callable[[str], tuple[Problem, ...]], mode: str) -> None:
    (problem,) = wrong(
        f"title: A\ncft: {{{OFFERED}, replaced_by: opioids, trained_at_start: 5, {mode}: {{2027: 1%}}}}\n"
    )
    assert problem.key == f"cft.{mode}" and "nobody starts CFT" in problem.wrong
