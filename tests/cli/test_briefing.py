"""`lbpsim brief`: two files from stored results, and errors that teach."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.report.file_names import BRIEF_PAGE, BRIEF_SHEET
from tests.cli_runner import Lbpsim
from tests.report.stored_runs import made_up, without_pictures


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored") / "made-up"
    with pytest.MonkeyPatch.context() as patch:
        without_pictures(patch)
        made_up(draws=0).save(folder)
    return folder


def test_both_files_are_beside_the_results(lbpsim: Lbpsim, stored: Path) -> None:
    said = lbpsim("brief", stored)
    assert (said.status, said.err) == (0, "")
    assert "In a simulation of the 2.78 million adults" in said.out
    for name in (BRIEF_PAGE, BRIEF_SHEET):
        assert (stored / name).stat().st_size > 5_000
        assert name in said.out


def test_of_some_policies_elsewhere(lbpsim: Lbpsim, stored: Path, tmp_path: Path) -> None:
    said = lbpsim("brief", stored, "--policies", "cft-rollout", "--out", tmp_path / "new" / "briefing")
    assert (said.status, said.err) == (0, "")
    text = (tmp_path / "new" / "briefing" / BRIEF_PAGE).read_text(encoding="utf-8")
    assert "compares 1 policy" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("--policies", "cft-rolout"), "Did you mean `cft-rollout`", id="unknown policy"),
        pytest.param(("--policies", "usual-care"), "policies that somebody could choose", id="the comparator alone"),
        pytest.param(("--out", ""), "empty", id="no name"),
    ],
)
def test_what_cannot_be_is_refused(lbpsim: Lbpsim, stored: Path, words: tuple[str, ...], told: str) -> None:
    said = lbpsim("brief", stored, *words)
    assert (said.status, said.out) == (2, "")
    assert told in said.words and "Traceback" not in said.err


def test_a_folder_without_results_is_refused(lbpsim: Lbpsim, tmp_path: Path) -> None:
    for folder, told in ((tmp_path, "run.json is missing"), (tmp_path / "nowhere", "is no folder of results")):
        said = lbpsim("brief", folder)
        assert (said.status, said.out) == (2, "")
        assert told in said.words
    assert not (tmp_path / "nowhere").exists()
