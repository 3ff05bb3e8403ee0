"""Results of other inputs are not written over unasked; what an earlier run left goes, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lbpsim import __version__
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.report.decision_files import KEPT_SWITCHES
from lbpsim.report.earlier_run import refuse_other_record
from lbpsim.report.file_names import PAGE_FILE, STORED
from lbpsim.report.file_records import MADE_BY, write_record
from lbpsim.report.folder_lock import FolderInUseError, held
from lbpsim.report.outputs import read
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.run_files import READ_AGAIN
from lbpsim.study import InputErrors
from tests.report.decided import drawn
from tests.report.stored_runs import made_up, without_pictures

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    without_pictures(monkeypatch)


@pytest.fixture(scope="module")
def plain() -> Results:
    return made_up(1, draws=0)


@pytest.fixture
def folder(plain: Results, tmp_path: Path, quick: None) -> Path:
    plain.save(tmp_path)
    return tmp_path


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != RUN_FILE}


def refused(results: Results, folder: Path) -> str:
    before = everything(folder)
    with pytest.raises(InputErrors) as errors:
        results.save(folder)
    assert everything(folder) == before
    words = " ".join(str(errors.value).split())
    assert "--overwrite" in words and "overwrite=True" in words and "--out" in words
    return words


def test_the_same_inputs_give_the_same_bytes_unasked(plain: Results, folder: Path) -> None:
    before = everything(folder)
    plain.save(folder)
    assert everything(folder) == before


def test_another_study_is_refused_and_told(plain: Results, folder: Path) -> None:
    study = replace(plain.study, seed=5, discount_rate=0.03, policies=plain.study.policies[:2])
    words = refused(replace(plain, study=study, totals=plain.totals[:2], national=plain.national[:2]), folder)
    assert "seed 1 there, 5 now" in words and "discount_rate 5% per year there, 3% per year now" in words
    assert f"the policy {plain.scenarios[2]} only there" in words


def test_many_differences_are_cut_short(plain: Results, folder: Path) -> None:
    assume = dict.fromkeys(("cft.uptake", "cft.fidelity", "opioids.start_rate", "work.exit_rate"), 0.5)
    study = replace(plain.study, seed=5, years=3, people=9, assume=assume)
    assert "and 2 more" in refused(replace(plain, study=study), folder)


@pytest.mark.gate
def test_draws_are_inputs_too(plain: Results, folder: Path) -> None:
    sampled = ProbabilisticResults.join(plain, drawn(plain, 6, 2))
    assert "no draws there, 6 draws of 2,600 people now" in refused(sampled, folder)
    sampled.save(folder, overwrite=True)
    assert "6 draws of 2,600 people there, no draws now" in refused(plain, folder)
    plain.save(folder, overwrite=True)
    assert not isinstance(read(folder), ProbabilisticResults)
    assert sorted(path.name for path in folder.iterdir() if path.name in READ_AGAIN) == [
        "lives.json",
        STORED,
        KEPT_SWITCHES,
    ]
    assert not (folder / "tables" / "ceac.csv").exists()


@pytest.mark.parametrize(
    "asked",
    [
        DrawRequest(draws=100),
        DrawRequest(precision=0.02),
        DrawRequest(50, 0.05),
        DrawRequest(100, people=30),
        DrawRequest(precision=0.02, people=9),
    ],
)
def test_a_plan_says_what_was_asked_for(asked: DrawRequest) -> None:
    from lbpsim.outcomes.draws import DrawPlan

    draws, precision, until_settled, people = asked.terms
    plan = DrawPlan(people or 700, draws, precision, until_settled, 0 if people else 60, "")
    assert plan.terms == asked.terms


def test_other_evidence_is_told(plain: Results, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lbpsim.report.earlier_run.registry_hash", lambda: "sha256:other")
    assert "other registered parameters" in refused(plain, folder)


def test_what_cannot_be_compared_is_not_written_over(plain: Results, folder: Path) -> None:
    told = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    (folder / RUN_FILE).write_text(json.dumps(told | {"lbpsim": "0.0.1"}), encoding="utf-8")
    assert "written by version 0.0.1" in refused(plain, folder)
    (folder / RUN_FILE).write_text("notes on a run", encoding="utf-8")
    assert "run.json is not what was written" in refused(plain, folder)


def test_files_of_no_finished_run_are_not_written_over(plain: Results, tmp_path: Path) -> None:
    (tmp_path / PAGE_FILE).write_text("my own report")
    assert "holds report.html, though nothing that `lbpsim run` finished" in refused(plain, tmp_path)
    assert (tmp_path / PAGE_FILE).read_text() == "my own report"


def test_what_another_command_found_is_not_written_over(plain: Results, tmp_path: Path) -> None:
    write_record(tmp_path / RUN_FILE, {"lbpsim": __version__, MADE_BY: "lbpsim sensitivity"})
    assert "what `lbpsim sensitivity` found" in refused(plain, tmp_path)


def test_records_of_other_commands_are_compared(plain: Results, tmp_path: Path) -> None:
    asked = {MADE_BY: "lbpsim sensitivity", "policy": "cft-rollout", "two_way": ["a", "b"]}
    write_record(tmp_path / RUN_FILE, {"lbpsim": __version__, **asked, "study": plain.study.resolved()})
    refuse_other_record(tmp_path / RUN_FILE, asked, plain.study)
    refuse_other_record(tmp_path / "none" / RUN_FILE, asked, plain.study)
    for other, study, words in (
        ({"policy": "cft-unlimited"}, plain.study, "other policy"),
        ({"two_way": []}, plain.study, "other two way"),
        ({}, replace(plain.study, seed=9), "seed 1 there, 9 now"),
    ):
        with pytest.raises(InputErrors, match=words):
            refuse_other_record(tmp_path / RUN_FILE, {**asked, **other}, study)


def test_files_of_the_users_stay(plain: Results, folder: Path) -> None:
    """A folder of outputs may hold more than outputs, under names that look like it."""
    mine = [folder / name for name in ("notes.txt", "tables/mine.csv", "charts/mine.svg", "unfinished/essay.txt")]
    for path in mine:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    (folder / "charts" / "burden.svg").write_text("of the earlier run")
    (folder / "charts" / "slide").mkdir()
    (folder / "charts" / "slide" / "burden.png").write_text("of the earlier run")
    replace(plain, study=replace(plain.study, seed=3)).save(folder, overwrite=True)
    assert all(path.read_text() == "mine" for path in mine)
    assert not list((folder / "charts").rglob("burden.*")), "charts of an earlier run do not outlive it"


def test_a_name_that_is_empty_is_refused(plain: Results) -> None:
    for empty in ("", "  "):
        with pytest.raises(InputErrors, match="empty"):
            plain.save(empty)


def test_a_folder_in_use_is_not_saved_into(plain: Results, folder: Path) -> None:
    with held(folder), pytest.raises(FolderInUseError, match="in use by process"):
        plain.save(folder)
