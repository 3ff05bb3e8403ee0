from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lbpsim.study import Policy, load
from lbpsim.study.describe import changes, describe


def said(folder: Path, text: str) -> list[str]:
    (folder / "tried.yaml").write_text(text, encoding="utf-8")
    study = load(folder)
    return changes(study, study.policy("tried"))


def test_a_rollout_in_words(folder: Path) -> None:
    offered = "offered: {2027: 10%, 2031: 60%, 2032: 50%, 2033: 50%}"
    text = f"title: A\ncft: {{{offered}, training_places: {{2027: 400, 2028: 9, 2029: 9}}}}\n"
    assert said(folder, text) == [
        "From 1 January 2027 CFT is offered at 10% of eligible consultations, rising to 60% by 1 January 2031, falling "
        "to 50% by 1 January 2032, unchanged until 1 January 2033, and then held there.",
        "Physiotherapists who can enter training: 400 in 2027, 9 a year from 2028 to 2029.",
        "Courses start as trained physiotherapists have places, first come, first served.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("opioids: {growth: {2027-07-01: 6% per year}}", "From 1 July 2027 the number of people who start long-term "
         "opioids grows by 6% per year, stepwise at each anniversary."),
        ("opioids: {initiation_change: {2027: -20%}}", "From 1 January 2027 20% fewer people start "
         "long-term opioids than otherwise."),
        ("opioids: {tapering_offered: {2027: 50%}}", "From 1 January 2027 supported tapering is offered at 50% of "
         "long-term users' consultations."),
        ("surgery: {referral_change: {2027: 5%}}", "From 1 January 2027 5% more people are referred to "
         "lumbar fusion than otherwise."),
        ("surgery: {operations_per_year: {2027: 3000}}", "From 1 January 2027 at most 3,000 people a year "
         "have a first lumbar fusion."),
        ("assume: {cft.fidelity: 0.8}", "cft.fidelity: 0.75 -> 0.8 (assumption), throughout the study."),
        ("description: none", "Today's care goes on; nothing changes."),
    ],
)  # fmt: skip
def test_each_change_in_words(folder: Path, text: str, sentence: str) -> None:
    assert said(folder, f"title: A\n{text}\n") == [sentence]


def test_training_from_a_year_on_in_words(folder: Path) -> None:
    places = "training_places: {2027: 400, from 2028: 800, from 2030: 0}"
    words = said(folder, f"title: A\ncft: {{offered: {{2027: 10%}}, {places}}}\n")
    assert (
        "Physiotherapists who can enter training: 400 in 2027, 800 a year from 2028 to 2029, 0 a year from 2030 on."
        in words
    )


def test_a_date_beyond_all_calendars_is_told(folder: Path) -> None:
    (line,) = said(folder, "title: A\nopioids: {growth: {9999-12-31: 6% per year}}\n")
    assert line.startswith("From 31 December 9999 ")


def test_replacement_severity_biofeedback_and_ceiling_in_words(folder: Path) -> None:
    offered = "offered: {2027: 10%}"
    replaced = said(folder, f"title: A\ncft: {{{offered}, replaced_by: opioids, trained_at_start: 5}}\n")
    assert replaced[0] == "When a place in CFT comes up, the person called gets long-term opioids instead."
    assert replaced[1].startswith("From 1 January 2027 CFT would be offered at 10%")
    assert replaced[-1] == "They are called as trained physiotherapists have places, first come, first served."
    words = " ".join(said(folder, f"title: A\ncft: {{{offered}, priority: severity, biofeedback: yes}}\n"))
    assert "biofeedback" in words and "most disabled first" in words
    assert "Nobody waits for a place." in said(folder, f"title: A\ncft: {{{offered}, capacity: unlimited}}\n")


def test_what_is_offered_instead_without_limit_in_words(folder: Path) -> None:
    cft = "{offered: {2027: 10%}, replaced_by: surgery, capacity: unlimited}"
    assert said(folder, f"title: A\ncft: {cft}\n") == [
        "The people who would be offered CFT are offered referral to lumbar fusion instead.",
        "From 1 January 2027 CFT would be offered at 10% of eligible consultations.",
    ]


@pytest.mark.parametrize("instead", ["", ", replaced_by: opioids"])
def test_when_referral_stops_in_words(folder: Path, instead: str) -> None:
    cft = f"{{offered: {{2027: 10%}}, trained_at_start: 5, referral_stops_at: 26 weeks{instead}}}"
    words = said(folder, f"title: A\ncft: {cft}\n")
    assert words[-1] == "Nobody new is referred while the expected wait is 26 weeks or longer."


def test_modes_of_delivery_in_words(folder: Path) -> None:
    modes = "telehealth: {2027: 30%}, group: {2027: 10%, 2029: 20%}"
    words = said(folder, f"title: A\ncft: {{offered: {{2027: 10%}}, trained_at_start: 5, {modes}}}\n")
    assert words[-2:] == [
        "From 1 January 2027 CFT is delivered by telehealth in 30% of courses.",
        "From 1 January 2027 CFT is delivered in groups in 10% of courses, rising to 20% by 1 January 2029, and then "
        "held there.",
    ]


def test_whom_a_policy_chooses_in_words(folder: Path) -> None:
    chosen = "from_disability: 12 RMDQ points, from_age: 45, to_age: 64, to_fifth: 2"
    words = said(folder, f"title: A\ncft: {{offered: {{2027: 10%}}, trained_at_start: 5, {chosen}}}\n")
    assert words[-4:] == [
        "Offers go only to people with disability of 12 RMDQ points or more.",
        "Offers go only to people aged 45 or older.",
        "Offers go only to people aged 64 or younger.",
        "Offers go only to the most disadvantaged fifths of people, 1 to 2.",
    ]


def test_a_whole_description(shipped: Path) -> None:
    study = load(shipped)
    text = describe(study)
    assert all(f"{policy.name}: {policy.title}" in text for policy in study.policies)
    assert "1 January 2026 to 31 December 2035" in text
    assert "AUD 28,033 and AUD 50,000" in text
    assert "seed 20250805" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_options_of_the_study_in_words(folder: Path, policy: Callable[[str], Policy]) -> None:
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("options: {lost_work: friction}\nassume: {cft.uptake: 50%}\n")
    text = describe(load(folder))
    assert "lost_work: human_capital -> friction" in text
    assert "cft.uptake: 60% -> 50%" in text


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("off", "Draws vary parameters, and keep the structure of the study."),
        ("{utility_slope: {within_person: 3, with_pain: 1}}", "utility slope: within person (75%), with pain (25%);"),
        ("{utility_slope: {within_person: 1}}", "; utility slope: within person; disability weights: linear,"),
    ],
)
def test_structures_that_are_drawn_in_words(folder: Path, weights: str, words: str) -> None:
    with (folder / "study.yaml").open("a", encoding="utf-8") as study:
        study.write(f"structure_weights: {weights}\n")
    assert words in " ".join(describe(load(folder)).split())


def test_notes_come_last(folder: Path) -> None:
    (folder / "tried.yaml").write_text("title: A\n", encoding="utf-8")
    assert describe(load(folder)).endswith("Notes\n  tried: It changes nothing, and will equal the comparator.\n")
