"""No input ends in a traceback: files and commands made wrong in thousands of ways are refused, or are right after all.

Every refusal has exit status 2 and names the file. What is accepted can be described; that what is accepted runs too is
tried of a few, and of right studies in `test_generated_studies`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lbpsim.simulation.consistency import check
from lbpsim.study import InputErrors, Study, load
from tests.cli_runner import Lbpsim
from tests.generated.broken import SHIPPED, broken
from tests.generated.commands import arguments, lay_out
from tests.generated.running import run_to_the_page, undrawn

QUICK, ALL, CHUNK = 300, 10_000, 50
COMMANDS_QUICK, COMMANDS, COMMANDS_CHUNK = 60, 2_000, 20
RUN = 40  # of accepted files one in so many is run
LONGEST = 20_000  # characters of a refusal
UNTOLD = re.compile(r"cannot be read|There is no scenario")  # where nothing can be said of what would be right
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def chunks(quick: int, every: int, chunk: int) -> list[object]:
    """Numbers of inputs, some to a test, so that tests share the processor's cores; the first are not slow."""
    marks = [pytest.mark.gate if start < quick else pytest.mark.slow for start in range(0, every, chunk)]
    return [pytest.param(place * chunk, marks=mark) for place, mark in enumerate(marks)]


def accepted(folder: Path, wrong: str) -> Study | None:
    """The study in a folder; None where it is refused, each problem with its file and what would be right."""
    try:
        return check(load(folder))
    except InputErrors as errors:
        assert wrong in str(errors)
        for problem in errors.problems:
            assert problem.place.file and problem.wrong
            assert problem.right or UNTOLD.search(problem.wrong), problem
        return None


@pytest.mark.parametrize("start", chunks(QUICK, ALL, CHUNK))
def test_broken_files_are_refused_or_right_after_all(start: int, tmp_path: Path, lbpsim: Lbpsim) -> None:
    for number in range(start, start + CHUNK):
        folder = tmp_path / f"{number}"
        made = broken(number)
        made.write(folder)
        study = accepted(folder, made.wrong)
        said = lbpsim("check", folder)
        assert said.status == (2 if study is None else 0), number
        if study is None:
            assert said.out == "" and made.wrong in said.words and len(said.err) < LONGEST, number
            assert not CONTROL.search(said.err), number
        elif number % RUN == 0:
            small = check(study.with_changes(people=20, years=1, replications=2))
            run_to_the_page(small, tmp_path / f"{number}-out", draws=None, charts="none")


@pytest.mark.parametrize("start", chunks(COMMANDS_QUICK, COMMANDS, COMMANDS_CHUNK))
def test_wrong_commands_are_refused_or_right_after_all(
    start: int, tmp_path: Path, lbpsim: Lbpsim, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, SHIPPED)
    monkeypatch.chdir(tmp_path)
    for number in range(start, start + COMMANDS_CHUNK):
        words = arguments(number, tmp_path)
        try:
            with undrawn():
                said = lbpsim(*words)
        except Exception as failure:
            failure.add_note(f"number {number}: lbpsim {words}")
            raise
        assert said.status in (0, 1, 2), words
        assert "Traceback" not in said.err and not CONTROL.search(said.err), words
        assert said.status == 0 or said.err.strip(), words
