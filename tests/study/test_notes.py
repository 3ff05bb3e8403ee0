"""What is allowed but looks odd is said, with the policy that it is about."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from lbpsim.study import Policy, Study, Timeline, load
from lbpsim.study.notes import Note, held_in_draws, notes, part_years
from lbpsim.study.policies import CftPolicy
from tests.pathways.small_country import shipped

HELD = "assume: {cft.uptake: 50%, cft.long_wait: 4 months, flares.rate: 3 per year}\n"
SET = "cft.uptake and flares.rate are set under `assume`"


def tried(folder: Path, text: str) -> Study:
    (folder / "tried.yaml").write_text(text, encoding="utf-8")
    return load(folder)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cft: {offered: {2027: 10%, 2040: 20%}, trained_at_start: 5}", "`cft.offered` has dates after"),
        ("cft: {offered: {2027: 10%}, training_places: {2027: 1, 2036: 1}}", "`cft.training_places` has dates after"),
        ("cft: {offered: {2027: 10%}}", "nobody is trained, so no place comes up"),
        ("cft: {offered: {2027: 10%}, replaced_by: surgery}", "nobody is trained, so no place comes up"),
        (
            "cft: {offered: {2027: 10%}, trained_at_start: 5, from_disability: 7 RMDQ points}",
            "chooses nobody: CFT is only ever offered from 7 RMDQ points on",
        ),
        ("description: none", "equal the comparator"),
        ("surgery: {growth: {2027: 6% per year}}\noptions: {after_year_three: sustained}", "offers no CFT"),
        ("assume: {cft.uptake: 99%}", "outside its 95% interval"),
    ],
)
def test_a_note_names_its_policy(folder: Path, text: str, words: str) -> None:
    (found,) = notes(tried(folder, f"title: A\n{text}\n"), drawn=False)
    assert found.policy == "tried"
    assert words in found.text


def test_what_the_study_sets_is_not_drawn(folder: Path) -> None:
    """`cft.long_wait` has no distribution: nothing is lost where it is set."""
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write(HELD)
    study = tried(folder, f"title: A\ncft: {{offered: {{2027: 1%}}, trained_at_start: 5}}\n{HELD}")
    (found,) = held_in_draws(study)
    assert str(found).startswith(f"study.yaml: {SET}, so draws do not vary them")
    assert found in notes(study)
    assert found not in notes(study, drawn=False)


def test_what_a_policy_sets_is_not_drawn_for_it(folder: Path) -> None:
    (found,) = held_in_draws(tried(folder, f"title: A\n{HELD}"))
    assert str(found).startswith(f"tried: {SET}, so draws of this policy do not vary them")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("surgery.reoperation_2y", "surgery.reoperation_10y cannot be below surgery.reoperation_2y, which is set"),
        ("surgery.reoperation_10y", "surgery.reoperation_2y cannot be above surgery.reoperation_10y, which is set"),
    ],
)
def test_draws_that_stop_at_what_is_set_are_told(folder: Path, name: str, words: str) -> None:
    _, stopped = held_in_draws(tried(folder, f"title: A\nassume: {{{name}: 16%}}\n"))
    assert stopped.text == f"{words}: draws of it that would be are 16% instead."
    both = "title: A\nassume: {surgery.reoperation_2y: 14%, surgery.reoperation_10y: 18%}\n"
    assert len(held_in_draws(tried(folder, both))) == 1


def test_several_dates_beyond_the_end_make_one_note(folder: Path) -> None:
    study = tried(folder, "title: A\nopioids: {growth: {2040: 6% per year}, tapering_offered: {2041: 5%}}\n")
    (found,) = notes(study)
    words = "`opioids.growth` and `opioids.tapering_offered` have dates after the study's last day, 31 December 2035."
    assert found.text == words


def test_notes_on_sampling(folder: Path) -> None:
    study = load(folder)
    assert "Monte Carlo" in notes(study.with_changes(replications=1))[0].text
    assert "no more than 3 replications" in notes(study.with_changes(people=3))[0].text
    assert not notes(study)


def test_the_shipped_study_has_nothing_odd(shipped: Path) -> None:
    assert not notes(load(shipped))


def test_a_policy_is_named_as_the_reader_knows_it() -> None:
    note = Note("It changes nothing.", "a")
    assert (str(note), note.under("Plan A")) == ("a: It changes nothing.", "Plan A: It changes nothing.")
    assert str(Note("study.yaml: odd.")) == "study.yaml: odd."


# --- part years ----------------------------------------------------------------------------------------------------


def test_part_years_are_told_with_their_training_places() -> None:
    cft = CftPolicy(offered=Timeline((0.5,), (0.5,)), training_places={2026: 400.0, 2027: 100.0, 2028: 200.0})
    policies = (Policy("usual-care", "Usual care"), Policy("rollout", "Rollout", cft=cft))
    asked = dataclasses.replace(shipped(), start=date(2026, 7, 1), years=2, policies=policies)
    assert part_years(asked) == "2026 (from 1 July) and 2028 (to 30 June)"
    said = [str(note) for note in notes(asked)]
    assert said[0].startswith("2026 (from 1 July) and 2028 (to 30 June) are part years:")
    assert "rollout: All 400 training places of 2026 are taken up from 1 July 2026 on." in said
    assert "rollout: Of the 200 training places of 2028, 99 are taken up by 30 June." in said


def test_whole_years_need_no_words() -> None:
    assert part_years(shipped()) == ""


TAKEN = "cft.telehealth_fidelity, cft.telehealth_price and cft.telehealth_places"


@pytest.mark.parametrize(
    ("assume", "words"),
    [
        ("{}", f"no evidence on CFT by telehealth: {TAKEN} are taken to be as in person (assumption)"),
        (
            "{cft.telehealth_price: 0.8, cft.telehealth_places: 1.1}",
            "telehealth: cft.telehealth_fidelity is taken to be as in person (assumption)",
        ),
    ],
)
def test_what_is_taken_of_a_mode_of_delivery_is_said(folder: Path, assume: str, words: str) -> None:
    more = "" if assume == "{}" else f"assume: {assume}\n"
    text = f"title: A\ncft: {{offered: {{2027: 10%}}, trained_at_start: 5, telehealth: {{2027: 30%}}}}\n{more}"
    (found,) = notes(tried(folder, text), drawn=False)
    assert words in found.text


def test_what_is_known_of_a_mode_of_delivery_needs_no_word(folder: Path) -> None:
    known = "assume: {cft.group_price: 0.8, cft.group_places: 1.1, cft.group_fidelity: 0.9}\n"
    text = f"title: A\ncft: {{offered: {{2027: 10%}}, trained_at_start: 5, group: {{2027: 30%}}}}\n{known}"
    assert notes(tried(folder, text), drawn=False) == ()
