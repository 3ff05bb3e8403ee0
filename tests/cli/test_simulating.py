"""Commands that simulate: what a run says and leaves, folders and disks, interruption; why."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lbpsim import __version__
from lbpsim.simulation.replication import PreparedStudy
from tests.cli.conftest import assert_wrong_input
from tests.cli_runner import Lbpsim, Said


@pytest.mark.gate
def test_run_leaves_tables_charts_and_where_they_came_from(finished: Path) -> None:
    tables = {file.name for file in (finished / "tables").iterdir()}
    assert {"summary.csv", "incremental.csv", "frontier.csv", "yearly.csv", "yearly_by_group.csv"} <= tables
    assert {"costs.csv", "waiting.csv", "datapackage.json"} <= tables
    assert list((finished / "charts").glob("*.svg"))
    told = json.loads((finished / "run.json").read_text(encoding="utf-8"))
    assert (told["lbpsim"], told["people"], told["replications"]) == (__version__, 24, 3)
    assert set(told["file_hashes"]) == {"study.yaml", "usual-care.yaml", "cft-unlimited.yaml"}
    assert not list(finished.rglob("*.part")) and not (finished / "unfinished").exists()


def test_run_says_what_it_did(lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None) -> None:
    said = lbpsim("run", study, "--draws", 0, "--out", tmp_path / "out", "--people", 12, "--years", 1, "--seed", 3)
    assert (said.status, said.err) == (0, "")
    assert "2 policies, 1 year, 12 people" in " ".join(said.out.split())
    assert "cft-unlimited" in said.out and str(tmp_path / "out") in said.out
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (told["people"], told["study"]["years"], told["seed"]) == (12, 1, 3)


@pytest.mark.gate
def test_run_says_the_notes_of_check_before_it_starts(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None
) -> None:
    (study / "cft-unlimited.yaml").write_text("title: Nothing\nassume: {cft.uptake: 99%}\n", encoding="utf-8")
    note = "cft-unlimited: cft.uptake at 99% is outside its 95% interval"
    assert note in " ".join(lbpsim("check", study).out.split())
    sizes = ("--out", tmp_path / "out", "--people", 12, "--years", 1)
    out = lbpsim("run", study, "--draws", 0, *sizes).out
    assert f"Note: {note}" in out and out.index("Note:") < out.index("QALYs")
    assert "set under" not in out, "without draws nothing is held in them"
    (kept,) = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["notes"]
    assert kept.startswith(note)
    assert lbpsim("run", study, "--draws", 0, *sizes, "--quiet").out == ""


def test_the_headline_of_a_run_shows_whole_numbers_on_a_narrow_terminal(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = lbpsim("run", study, "--draws", 0, "--out", tmp_path / "out")
    assert said.status == 0
    assert "…" not in said.out, "a figure cut short is no figure"


@pytest.mark.parametrize("title", ["Care [bold]or not[/bold]", "Care [/b] or not", "Care [1]"])
def test_brackets_in_titles_are_shown_as_they_are(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None, title: str
) -> None:
    """Titles are users' text, not markup."""
    path = study / "study.yaml"
    path.write_text(re.sub(r"(?m)^title: .*$", f'title: "{title}"', path.read_text(encoding="utf-8")), encoding="utf-8")
    said = lbpsim("run", study, "--draws", 0, "--out", tmp_path / "out", "--people", 12, "--years", 1)
    assert (said.status, said.err) == (0, "")
    assert title in " ".join(said.out.split())


def test_quiet_says_nothing(lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None) -> None:
    assert lbpsim("run", study, "--draws", 0, "--out", tmp_path / "out", "--quiet") == Said(0, "", "")


def test_outputs_go_to_a_folder_named_after_the_study(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lbpsim("run", study, "--draws", 0, "--quiet").status == 0
    assert (tmp_path / "outputs" / "australia" / "run.json").exists()


def test_single_files_bring_their_study_and_comparator(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None
) -> None:
    assert lbpsim("run", study / "cft-unlimited.yaml", "--draws", 0, "--quiet", "--out", tmp_path / "out").status == 0
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert [policy["name"] for policy in told["study"]["policies"]] == ["usual-care", "cft-unlimited"]


@pytest.mark.parametrize("out", ["scenarios/study.yaml", "scenarios/study.yaml/out"])
def test_an_output_folder_that_cannot_be(lbpsim: Lbpsim, study: Path, out: str) -> None:
    said = lbpsim("run", study, "--draws", 0, "--out", study.parent / out)
    assert said.status in (1, 2)
    assert "study.yaml" in said.err and "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) <= 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_output_folder(lbpsim: Lbpsim, study: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    said = lbpsim("run", study, "--draws", 0, "--out", locked / "out")
    assert said.status == 1
    assert "locked" in said.err and "Traceback" not in said.err


def test_a_finished_run_is_not_written_over_unasked(
    lbpsim: Lbpsim, outputs: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulated(*_: Any, **__: Any) -> None:
        raise AssertionError("refused after the work")

    monkeypatch.setattr(PreparedStudy, "simulate_all", simulated)
    before = {path: path.read_bytes() for path in outputs.rglob("*") if path.is_file()}
    words = ("--overwrite", "--out", "people 24 there, 12 now", "2 draws")
    said = lbpsim("run", study, "--people", 12, "--draws", 2, "--draw-people", 5, "--out", outputs)
    assert_wrong_input(said, *words)
    assert {path: path.read_bytes() for path in outputs.rglob("*") if path.is_file()} == before


@pytest.mark.gate
def test_the_same_run_again_and_another_that_may(lbpsim: Lbpsim, outputs: Path, study: Path, no_charts: None) -> None:
    before = (outputs / "tables" / "summary.csv").read_bytes()
    assert lbpsim("run", study, "--draws", 0, "--out", outputs, "--quiet") == Said(0, "", "")
    assert (outputs / "tables" / "summary.csv").read_bytes() == before
    assert lbpsim("run", study, "--draws", 0, "--out", outputs, "--quiet", "--seed", 9, "--overwrite") == Said(
        0, "", ""
    )
    assert json.loads((outputs / "run.json").read_text(encoding="utf-8"))["seed"] == 9


def test_a_folder_in_use_is_left_alone(lbpsim: Lbpsim, outputs: Path, study: Path, tmp_path: Path) -> None:
    from lbpsim.report.folder_lock import held

    for folder, words in (
        (outputs, ("run", study, "--out", outputs)),
        (outputs, ("report", outputs)),
        (outputs, ("report", outputs, "--only", "burden")),
        (outputs, ("brief", outputs)),
        (tmp_path / "s", ("sensitivity", study, "--out", tmp_path / "s")),
        (tmp_path / "w", ("why", study, "--out", tmp_path / "w")),
        (tmp_path / "v", ("validate", study, "--out", tmp_path / "v")),
    ):
        with held(folder):
            said = lbpsim(*words)
        assert said.status == 1 and "in use by process" in said.words and "Traceback" not in said.err, said


SELDOM = [pytest.param(name, marks=pytest.mark.gate) for name in ("results.npz", "datapackage.json")]


@pytest.mark.parametrize("file", ["summary.csv", "run.json", *SELDOM])
def test_a_full_disk(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    from lbpsim.report import files

    real, out = files.tempfile.mkstemp, tmp_path / "out"

    def full(*words: Any, **options: Any) -> Any:
        if options.get("prefix") == f".{file}.":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(out / file))
        return real(*words, **options)

    with monkeypatch.context() as patch:
        patch.setattr(files.tempfile, "mkstemp", full)
        said = lbpsim("run", study, "--draws", 0, "--out", out, "--quiet")
    assert said.status == 1
    assert "No space left on device" in said.words and file in said.words
    assert "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) <= 3, "one clear paragraph"
    assert not (out / "run.json").exists()
    assert not (out / "tables" / "datapackage.json").exists() or file == "run.json"
    assert not list(out.rglob("*.part"))
    assert lbpsim("report", out).status in (1, 2), "what is not whole is not reported on"
    assert lbpsim("run", study, "--draws", 0, "--out", out, "--quiet", "--resume").status == 0
    assert (out / "run.json").exists()


def test_a_disk_that_fills_up_while_simulating(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("lbpsim.simulation.checkpoints.PATIENCE", 0.0)
    monkeypatch.setattr("lbpsim.simulation.checkpoints.npz", full)
    said = lbpsim("run", study, "--draws", 0, "--out", tmp_path / "out", "--quiet", "--workers", 1)
    assert said.status == 1
    assert "No space left on device" in said.words and "Traceback" not in said.err
    assert not (tmp_path / "out" / "run.json").exists()


def test_the_run_before_stays_whole_when_the_disk_fills_up_while_simulating(
    lbpsim: Lbpsim, outputs: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = {path: path.read_bytes() for path in outputs.rglob("*") if path.is_file()}
    monkeypatch.setattr("lbpsim.simulation.checkpoints.PATIENCE", 0.0)
    monkeypatch.setattr("lbpsim.simulation.checkpoints.npz", full)
    assert (
        lbpsim(
            "run", study, "--draws", 0, "--out", outputs, "--quiet", "--workers", 1, "--seed", 9, "--overwrite"
        ).status
        == 1
    )
    assert {path: path.read_bytes() for path in before} == before


def test_an_interrupted_run_says_how_to_go_on(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PreparedStudy, "simulate_all", interrupted)
    said = lbpsim("run", study, "--draws", 0, "--out", tmp_path / "out", "--quiet", "--workers", 1)
    assert said.status == 1
    assert "--resume" in said.words
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("command", "work"),
    [("run", "lbpsim.commands.run.run_study"), ("sensitivity", "lbpsim.commands.sensitivity.analyse")],
)
def test_that_there_is_nothing_to_resume_is_told(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, work: str
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(work, interrupted)
    told = "There is no unfinished work on the same inputs to take up in"
    for more, is_told in ((("--resume",), True), ((), False)):
        said = lbpsim(command, study, "--out", tmp_path / "out", *more)
        assert said.status == 1 and (told in said.out) == is_told


@pytest.mark.slow
def test_control_c_ends_a_run_cleanly(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["run", str(study), "--people", "3000", "--engine", "simpy", "--workers", "1", "--out", str(out), "--quiet"]
    # Shells have what they put into the background ignore the signal.
    heard = "import signal as s; s.signal(s.SIGINT, s.default_int_handler); from lbpsim.cli import main; main()"
    process = subprocess.Popen([sys.executable, "-c", heard, *words], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 240
    while not list(out.rglob("*.kept")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, complained = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "--resume" in complained and "Traceback" not in complained
    assert not (out / "run.json").exists() and list(out.rglob("*.kept"))
