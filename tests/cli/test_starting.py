"""`lbpsim init`, and what commands say that are given no study."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli_runner import Lbpsim


@pytest.mark.parametrize("name", ["mine", "my study"])
def test_a_study_is_written_and_its_next_command_works(lbpsim: Lbpsim, tmp_path: Path, name: str) -> None:
    said = lbpsim("init", tmp_path / name)
    assert (said.status, said.err) == (0, "")
    assert "one policy" in said.out and "11 policies" in said.out
    (check,) = re.findall(r"(?m)^ +lbpsim (check .+?)   ", said.out)
    (run,) = re.findall(r"(?m)^ +lbpsim (run .+?)   ", said.out)
    assert shlex.split(run)[1:] == shlex.split(check)[1:] == [str(tmp_path / name)]
    checked = lbpsim(*shlex.split(check))
    assert (checked.status, checked.err) == (0, "") and "cft-rollout: CFT rollout" in checked.out


def test_a_study_is_never_written_over_another(lbpsim: Lbpsim, tmp_path: Path) -> None:
    (tmp_path / "cft-first.yaml").write_text("mine")
    said = lbpsim("init", tmp_path)
    assert (said.status, said.out) == (2, "")
    assert "cft-first.yaml already" in " ".join(said.err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["cft-first.yaml"]


@pytest.mark.parametrize("place", ["file", "file/in", "x" * 300, ""])
def test_what_cannot_be_a_folder_is_wrong_input(
    lbpsim: Lbpsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    said = lbpsim("init", place)
    assert (said.status, said.out) == (2, "")
    assert re.search("This cannot be the folder of a study|is empty", said.words), said
    assert "Traceback" not in said.err
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("command", ["run", "check", "sensitivity", "why", "trace"])
def test_a_command_without_a_study_says_how_to_come_by_one(lbpsim: Lbpsim, command: str) -> None:
    more = ("--person", 1) if command == "trace" else ()
    said = lbpsim(command, *more)
    assert (said.status, said.out) == (2, "")
    assert f"lbpsim {command} my-study" in said.words and "`lbpsim init my-study` writes one" in said.words


def test_other_complaints_about_a_study_are_not_of_its_absence(lbpsim: Lbpsim) -> None:
    said = lbpsim("check", "")
    assert said.status == 2 and "is empty" in said.words and "init" not in said.words
