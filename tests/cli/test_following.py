"""How long people are followed: the option of `lbpsim run`, the key of the study file, and what is said of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lbpsim.study import InputErrors
from lbpsim.study.describe import TO_DEATH, describe
from lbpsim.study.notes import notes
from tests.cli_runner import Lbpsim
from tests.pathways.small_country import SCENARIOS, shipped


def test_another_word_on_the_command_line_is_refused_with_the_choices(lbpsim: Lbpsim) -> None:
    said = lbpsim("run", SCENARIOS, "--follow", "forever")
    assert said.status == 2
    assert all(word in said.words for word in ("--follow", "horizon", "lifetime"))


def test_another_word_in_the_study_file_is_refused_with_its_line(lbpsim: Lbpsim, tmp_path: Path) -> None:
    text = (SCENARIOS / "study.yaml").read_text(encoding="utf-8")
    (tmp_path / "study.yaml").write_text(f"{text}\nfollow: forever\n", encoding="utf-8")
    (tmp_path / "usual-care.yaml").write_text("title: Usual care\n", encoding="utf-8")
    said = lbpsim("check", tmp_path)
    assert said.status == 2
    assert f"line {len(text.splitlines()) + 2}, column 9" in said.words
    assert all(word in said.words for word in ("follow", "horizon", "lifetime"))


def test_another_word_in_python_is_refused_with_the_choices() -> None:
    with pytest.raises(InputErrors, match=r"`horizon` or\s+`lifetime`"):
        shipped().with_changes(follow="forever")


def test_the_choice_is_kept_with_the_study() -> None:
    study = shipped().with_changes(follow="lifetime")
    assert study.to_death
    assert type(study).from_resolved(study.resolved()).follow == "lifetime"
    assert study.to_the_horizon == shipped()


def test_the_check_and_the_notes_say_who_is_followed() -> None:
    study = dataclasses.replace(shipped(), follow="lifetime")
    assert " ".join(TO_DEATH.split()) in " ".join(describe(study).split())
    assert TO_DEATH not in " ".join(describe(shipped()).split())
    assert any("Draws are of the study's years" in note.text for note in notes(study))
    assert not any("Draws are of the study's years" in note.text for note in notes(study, drawn=False))
