"""The command line: what each command does, how it ends, and how it fails."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lbpsim import __version__, cli
from lbpsim.simulation.replication import PreparedStudy
from tests.cli_runner import Lbpsim, Said
from tests.report.galleries import few_files

SHIPPED = Path(__file__).parents[1] / "scenarios"
COMMANDS = (
    *("init", "run", "check", "parameters", "trace", "sensitivity", "why"),
    *("diff", "validate", "calibrate", "report", "brief", "schema"),
)
ESCAPE = "\x1b"


def assert_wrong_input(said: Said, *words: str) -> None:
    """Exit status 2, nothing on the output, one clear complaint that holds these words."""
    assert (said.status, said.out) == (2, ""), said
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.words, said.words


def a_study(folder: Path) -> Path:
    """A folder with a small study: usual care and an unlimited offer."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (SHIPPED / "study.yaml").read_text(encoding="utf-8")
    for key, value in (("years", 2), ("people", 24), ("replications", 3)):
        text = re.sub(rf"(?m)^{key}: \S+", f"{key}: {value}", text)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    for name in ("usual-care", "cft-unlimited"):
        shutil.copy(SHIPPED / f"{name}.yaml", folder)
    return folder


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return a_study(tmp_path / "scenarios")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of a run, with few files; not to be changed."""
    home = tmp_path_factory.mktemp("finished")
    scenarios = a_study(home / "scenarios")
    with few_files(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            sys, "argv", ["lbpsim", "run", str(scenarios), "--draws", "0", "--quiet", "--out", str(home / "out")]
        )
        with pytest.raises(SystemExit) as end:
            cli.main()
    assert not end.value.code
    return home / "out"


@pytest.fixture
def outputs(finished: Path, tmp_path: Path) -> Path:
    """A copy of finished outputs, to be spoilt."""
    return Path(shutil.copytree(finished, tmp_path / "outputs"))


# --- run -------------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--people", "0"], ["`people`", "0 is not a number of people", "`all`"]),
        (["--people", "-5"], ["`people`", "-5", "is not a number of people"]),
        (["--people", "abc"], ["`people`", "abc", "is not a number of people"]),
        (["--people", "1e9"], ["--people", "1e9", "is not a whole number in digits"]),
        (["--people", "1000000000"], ["1,000,000,000 people are more than the 2,7", "`all`"]),
        (["--people", ""], ["`people`", "is not a number of people"]),
        (["--years", "0"], ["`years`", "0 is not a whole number from 1 to 100"]),
        (["--years", "-1"], ["`years`", "-1 is not a whole number from 1 to 100"]),
        (["--years", "101"], ["`years`", "101 is not a whole number from 1 to 100"]),
        (["--years", "ten"], ["--years", "not a whole number"]),
        (["--years", "2,5"], ["--years", 'write "2.5"']),
        (["--years", "9" * 5000], ["--years", "9999..."]),
        (["--seed", "1e3"], ["--seed", "not a whole number in digits"]),
        (["--people", "14,00"], ["--people", "has a comma"]),
        (["--draws", "2.5"], ["--draws", "not a whole number"]),
        (["--precision", "2,5%"], ["--precision", 'write "2.5%"']),
        (["--seed", "-1"], ["`seed`", "-1 is not a whole number"]),
        (["--seed", str(2**63)], ["`seed`", "is not a whole number"]),
        (["--engine", "fast"], ["--engine", "compiled", "simpy"]),
        (["--workers", "two"], ["--workers", "whole number"]),
        (["--workers", "1000000"], ["workers", "a whole number from 1 to 1024"]),
        (["--workers", "0"], ["workers"]),
        (["--workers", "-1"], ["workers"]),
        (["--peeple", "5"], ["No such option", "--people"]),
    ],
    ids=lambda value: " ".join(value) if value and value[0].startswith("--") else "",
)
def test_wrong_options(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None, options: list[str], words: list[str]
) -> None:
    assert_wrong_input(lbpsim("run", study, "--out", tmp_path / "out", *options), *words)
    assert not (tmp_path / "out").exists(), "wrong input leaves nothing behind"


def test_several_wrong_options_are_told_together(lbpsim: Lbpsim, study: Path) -> None:
    assert_wrong_input(lbpsim("run", study, "--people", "0", "--years", "0"), "`people`", "`years`")


@pytest.mark.parametrize("command", ["run", "check", "trace"])
def test_a_missing_folder(lbpsim: Lbpsim, tmp_path: Path, command: str) -> None:
    more = ["--person", "1"] if command == "trace" else []
    assert_wrong_input(lbpsim(command, tmp_path / "nowhere", *more), "nowhere", "There is no such file or folder")


@pytest.mark.parametrize("command", ["run", "check", "trace"])
def test_a_misspelt_file(lbpsim: Lbpsim, study: Path, command: str) -> None:
    more = ["--person", "1"] if command == "trace" else []
    said = lbpsim(command, study / "cft-unlimitd.yaml", *more)
    assert_wrong_input(said, "There is no such file or folder", "Did you mean", "cft-unlimited.yaml")


@pytest.mark.parametrize("command", ["run", "check", "trace"])
def test_a_misspelt_parameter(lbpsim: Lbpsim, study: Path, command: str) -> None:
    (study / "mine.yaml").write_text("title: Mine\nassume:\n  cft.fidelty: 0.8\n", encoding="utf-8")
    more = ["--person", "1"] if command == "trace" else []
    said = lbpsim(command, study, *more)
    assert_wrong_input(said, "mine.yaml, line 3", "cft.fidelty", "Did you mean `cft.fidelity`")


def test_a_bad_scenario_stops_the_run_before_it_starts(lbpsim: Lbpsim, study: Path, tmp_path: Path) -> None:
    (study / "mine.yaml").write_text(
        "title: Mine\ncft:\n  offered: {2027: 110%}\n  prority: severity\n", encoding="utf-8"
    )
    said = lbpsim("run", study, "--draws", 0, "--out", tmp_path / "out")
    assert_wrong_input(said, "line 3", "110%", "line 4", "Did you mean `priority`?")
    assert not (tmp_path / "out").exists()


# --- parameters that make no sense together --------------------------------------------------------------------------

NO_SENSE = {
    "no spread of disability": "disability.trait_sd: 0 RMDQ points",
    "more spread than the scale allows": "disability.trait_sd: 20 RMDQ points",
    "a correlation above one": "disability.pain_correlation: 1.5",
    "everyone stops in the control arm": "opioids.taper_control_stopped: 100%",
    "a taper that takes no time": "opioids.taper_length: 0 months",
    "payers who pay more than all": "payers.surgery.patient: 60%",
    "certain reoperation": "surgery.reoperation_2y: 100%",
    "utility lost from nothing": "quality.utility_at_zero: 0",
    "flares of no shape": "flares.size_shape: 0",
    "nobody in the country": "population.adult_prevalence: 0%",
    "half a session": "cft.sessions: 6.5 sessions",
    "sessions that outlast week 13": "cft.session_interval: 4 weeks",
    "a booster before week 13": "cft.booster_week: 10 weeks",
    "a booster after week 52": "cft.booster_week: 60 weeks",
    "more sessions than weeks": "cft.sessions: 40 sessions",
    "established before the effect has faded": "opioids.early_years: 6 months",
    "an effect of opioids that fades before it is flat": "opioids.effect_late_from: 1 months",
    "an effect of surgery that fades before it is flat": "surgery.late_from: 1 years",
    "an effect of CFT that comes from nothing": "cft.rmdq_week13: 0 RMDQ points",
    "high impact below moderate": "impact.high_from: 5 RMDQ points",
}


@pytest.mark.parametrize("case", NO_SENSE)
def test_parameters_that_make_no_sense_together(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, no_charts: None, case: str
) -> None:
    name = NO_SENSE[case].partition(":")[0]
    (study / "mine.yaml").write_text(f"title: Mine\nassume:\n  {NO_SENSE[case]}\n", encoding="utf-8")
    said = lbpsim("run", study, "--draws", 0, "--out", tmp_path / "out")
    assert_wrong_input(said, "mine.yaml", name)
    for jargon in ("division by zero", "math domain error", "nan", "invalid value"):
        assert jargon not in said.words, "an error teaches; it does not quote the interpreter"
    assert not (tmp_path / "out").exists()


def test_an_assumption_of_the_study_is_blamed_once_and_where_it_stands(lbpsim: Lbpsim, study: Path) -> None:
    with (study / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("\nassume:\n  disability.trait_sd: 20 RMDQ points\n")
    said = lbpsim("run", study, "--draws", 0)
    assert_wrong_input(said, "study.yaml", "disability.trait_sd")
    assert said.words.count("disability.trait_sd is 20 RMDQ points") == 1


def test_check_finds_parameters_that_make_no_sense_too(lbpsim: Lbpsim, study: Path) -> None:
    (study / "mine.yaml").write_text("title: Mine\nassume:\n  disability.trait_sd: 20 RMDQ points\n", encoding="utf-8")
    assert_wrong_input(lbpsim("check", study), "mine.yaml", "disability.trait_sd")


# --- folders and disks -----------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    "words",
    [
        *(("run", ""), ("run", SHIPPED, "--out", ""), ("run", SHIPPED, "--out", "  "), ("check", "")),
        *(("sensitivity", SHIPPED, "--out", ""), ("why", SHIPPED, "--out", ""), ("report", ""), ("diff", SHIPPED, "")),
        *(("validate", "--out", ""), ("calibrate", "--out", ""), ("trace", SHIPPED, "--person", 0, "--chart", "")),
    ],
    ids=str,
)
def test_an_empty_name_is_not_the_folder_one_is_in(
    lbpsim: Lbpsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[Any, ...]
) -> None:
    """As where a variable in a script is not set."""
    monkeypatch.chdir(tmp_path)
    assert_wrong_input(lbpsim(*words), "empty", "variable")
    assert list(tmp_path.iterdir()) == []


def test_a_finished_run_is_not_written_over_unasked(
    lbpsim: Lbpsim, outputs: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulated(*_: Any, **__: Any) -> None:
        raise AssertionError("refused after the work")

    monkeypatch.setattr(PreparedStudy, "simulate", simulated)
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


# --- interruption ----------------------------------------------------------------------------------------------------


def test_an_interrupted_run_says_how_to_go_on(
    lbpsim: Lbpsim, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PreparedStudy, "simulate", interrupted)
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


# --- check -----------------------------------------------------------------------------------------------------------


def test_check_says_in_words_what_each_policy_changes(lbpsim: Lbpsim) -> None:
    said = lbpsim("check", SHIPPED)
    assert (said.status, said.err) == (0, "")
    words = " ".join(said.out.split())
    for policy in SHIPPED.glob("*.yaml"):
        assert policy.stem == "study" or f"{policy.stem}:" in words
    assert (
        "From 1 January 2027 CFT is offered at 10% of eligible consultations, rising to 60% by 1 January 2031" in words
    )
    assert "usual-care: Usual care, the comparator" in words


def test_check_runs_nothing(lbpsim: Lbpsim, monkeypatch: pytest.MonkeyPatch) -> None:
    def simulated(*_: Any, **__: Any) -> None:
        raise AssertionError("check simulates")

    monkeypatch.setattr(PreparedStudy, "simulate", simulated)
    assert lbpsim("check", SHIPPED).status == 0


# --- parameters ------------------------------------------------------------------------------------------------------


def test_parameters_lists_them_all(lbpsim: Lbpsim) -> None:
    from lbpsim.evidence import parameters

    said = lbpsim("parameters")
    assert (said.status, said.err) == (0, "")
    assert f"{len(parameters())} parameters" in said.out
    assert all(name in said.out for name in parameters())


def test_parameters_as_csv(lbpsim: Lbpsim) -> None:
    from lbpsim.evidence import parameters

    said = lbpsim("parameters", "--csv", "--grade", "assumption")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert said.status == 0
    assert [row["name"] for row in rows] == [name for name, p in parameters().items() if p.grade == "assumption"]
    assert {row["grade"] for row in rows} == {"assumption"}


def test_one_parameter_in_full(lbpsim: Lbpsim) -> None:
    said = lbpsim("parameters", "cft.uptake")
    assert said.status == 0
    for words in ("cft.uptake", "60%", "beta(13.8, 9.2)", "assumption"):
        assert words in said.out


def test_parameters_about_something(lbpsim: Lbpsim) -> None:
    """The beginning of names, or a word that stands in labels alone."""
    assert "cft.rmdq_week13" in lbpsim("parameters", "cft").out
    shown, listed = lbpsim("parameters", "utility"), lbpsim("parameters", "utility", "--csv")
    assert (shown.status, listed.status) == (0, 0)
    names = [row["name"] for row in csv.DictReader(io.StringIO(listed.out))]
    assert "quality.slope" in names and "cft.fidelity" not in names
    assert all(name in shown.out for name in names)
    derived = lbpsim("parameters", "utility", "--grade", "derived", "--csv").out
    assert {row["grade"] for row in csv.DictReader(io.StringIO(derived))} == {"derived"}


@pytest.mark.parametrize("more", [(), ("--csv",)])
def test_a_parameter_that_is_not_there(lbpsim: Lbpsim, more: tuple[str, ...]) -> None:
    assert_wrong_input(
        lbpsim("parameters", "cft.uptak", *more), 'no parameter has "cft.uptak"', "did you mean cft.uptake"
    )


@pytest.mark.parametrize("more", [(), ("--csv",)])
def test_a_grade_that_is_not_there(lbpsim: Lbpsim, more: tuple[str, ...]) -> None:
    assert_wrong_input(lbpsim("parameters", "--grade", "assumptoin", *more), "assumptoin", 'did you mean "assumption"')


def test_a_name_and_a_grade_are_not_asked_together_in_silence(lbpsim: Lbpsim) -> None:
    """cft.uptake is an assumption: to show it under another grade would ignore what was asked."""
    said = lbpsim("parameters", "cft.uptake", "--grade", "trial")
    assert said.status == 2 or "60%" not in said.out


# --- trace -----------------------------------------------------------------------------------------------------------


def test_trace_shows_lives_side_by_side(lbpsim: Lbpsim, study: Path) -> None:
    said = lbpsim("trace", study, "--person", 3)
    assert (said.status, said.err) == (0, "")
    words = " ".join(said.out.split())
    assert "Person 3" in words and "2026-01-01" in words
    assert "usual-care" in words and "cft-unlimited" in words
    assert "QALYs, discounted" in words


def test_trace_shows_the_whole_of_lives_when_asked(lbpsim: Lbpsim, study: Path) -> None:
    to_parting, whole = (
        lbpsim("trace", study, "--person", n, "--people", 60, *more) for n in (1,) for more in ((), ("--whole",))
    )
    assert whole.status == to_parting.status == 0
    assert len(whole.out.splitlines()) >= len(to_parting.out.splitlines())
    assert "end of the study" in " ".join(whole.out.split()) or "death" in whole.out


@pytest.mark.parametrize("person", ["-1", "1000000"])
def test_trace_of_nobody(lbpsim: Lbpsim, study: Path, person: str) -> None:
    said = lbpsim("trace", study, "--person", person)
    assert_wrong_input(said, f"there is no person {person} in this study", "the highest number near it is")


def test_trace_needs_a_person(lbpsim: Lbpsim, study: Path) -> None:
    assert_wrong_input(lbpsim("trace", study), "Missing option", "--person")
    assert_wrong_input(lbpsim("trace", study, "--person", "Ann"), "--person", "whole number")


def test_a_chart_of_a_life_goes_over_nothing_else_unasked(lbpsim: Lbpsim, study: Path, tmp_path: Path) -> None:
    chart = tmp_path / "life.svg"
    words = ("trace", study, "--people", 60, "--chart", chart, "--person")
    assert lbpsim(*words, 3).status == 0 and lbpsim(*words, 3).status == 0
    before = chart.read_bytes()
    assert_wrong_input(lbpsim(*words, 4), "life.svg is there and holds something else", "--overwrite")
    assert chart.read_bytes() == before
    assert lbpsim(*words, 4, "--overwrite").status == 0 and chart.read_bytes() != before


# --- report ----------------------------------------------------------------------------------------------------------


def test_results_of_tests_that_cannot_be_read_are_told_before_the_work(
    lbpsim: Lbpsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(*_: Any, **__: Any) -> None:
        raise AssertionError("validate works before it can know whether it will succeed")

    monkeypatch.setattr("lbpsim.commands.validate.validate_and_write", judged)
    (tmp_path / "verification").mkdir()
    (tmp_path / "verification" / "tests.xml").write_text("<testsuites><testcase", encoding="utf-8")
    said = lbpsim("validate", SHIPPED, "--book", "--out", tmp_path / "validation")
    assert (said.status, said.out) == (1, "")
    assert "tests.xml does not hold results of tests" in said.words and "make verify" in said.words


@pytest.mark.gate
@pytest.mark.usefixtures("few_charts")
def test_report_writes_the_same_again_without_simulating(
    lbpsim: Lbpsim, outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulated(*_: Any, **__: Any) -> None:
        raise AssertionError("report simulates")

    before = {path.name: path.read_bytes() for path in (outputs / "tables").iterdir()}
    shutil.rmtree(outputs / "tables")
    shutil.rmtree(outputs / "charts")
    monkeypatch.setattr(PreparedStudy, "simulate", simulated)
    said = lbpsim("report", outputs)
    assert (said.status, said.err) == (0, "")
    assert {path.name: path.read_bytes() for path in (outputs / "tables").iterdir()} == before
    assert list((outputs / "charts").glob("*.svg"))
    assert str(outputs) in said.out


@pytest.mark.parametrize("missing", ["run.json", "results.npz"])
def test_report_of_an_unfinished_run(lbpsim: Lbpsim, outputs: Path, missing: str) -> None:
    (outputs / missing).unlink()
    assert_wrong_input(lbpsim("report", outputs), "does not hold the results of a finished run", missing)


def spoil_version(folder: Path) -> None:
    """As a version would write that knew other outcomes and called a setting by another name."""
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    told["lbpsim"] = "99.0.0"
    told["study"]["horizon"] = told["study"].pop("years")
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")


def spoil_outcomes(folder: Path) -> None:
    """Sums of a version that counted one outcome fewer: they must not be read under the wrong names."""
    import numpy as np

    with np.load(folder / "results.npz") as stored:
        sums = dict(stored)
    np.savez_compressed(
        folder / "results.npz", **sums | {"totals": sums["totals"][..., :-1], "national": sums["national"][..., :-1]}
    )
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(told | {"lbpsim": "0.0.1"}), encoding="utf-8")


def spoil_number(folder: Path) -> None:
    """The same shapes under another version number: outcomes may stand in another order."""
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(told | {"lbpsim": "0.0.1"}), encoding="utf-8")


@pytest.mark.usefixtures("no_charts")
@pytest.mark.parametrize("spoil", [spoil_version, spoil_outcomes, spoil_number])
def test_report_of_another_version(lbpsim: Lbpsim, outputs: Path, spoil: Callable[[Path], None]) -> None:
    spoil(outputs)
    said = lbpsim("report", outputs)
    assert said.status in (1, 2), said
    assert "Traceback" not in said.err
    told = json.loads((outputs / "run.json").read_text(encoding="utf-8"))
    assert "version" in said.words and told["lbpsim"] in said.words


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"study": 5}', b"\xff\xfe"])
def test_report_of_a_damaged_run_file(lbpsim: Lbpsim, outputs: Path, content: bytes) -> None:
    (outputs / "run.json").write_bytes(content)
    said = lbpsim("report", outputs)
    assert said.status in (1, 2), said
    assert "Traceback" not in said.err and str(outputs.name) in said.words


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half", b"no archive"])
def test_report_of_damaged_sums(lbpsim: Lbpsim, outputs: Path, content: bytes) -> None:
    (outputs / "results.npz").write_bytes(content)
    said = lbpsim("report", outputs)
    assert said.status in (1, 2), said
    assert "Traceback" not in said.err and str(outputs.name) in said.words


# --- schema, version, help -------------------------------------------------------------------------------------------


def test_schema_is_a_schema(lbpsim: Lbpsim) -> None:
    said = lbpsim("schema")
    assert (said.status, said.err) == (0, "")
    jsonschema.Draft202012Validator.check_schema(json.loads(said.out))


def test_version(lbpsim: Lbpsim) -> None:
    assert lbpsim("--version") == Said(0, f"lbpsim {__version__}\n", "")


def test_no_command_shows_what_there_is(lbpsim: Lbpsim) -> None:
    said = lbpsim()
    assert all(command in said.out + said.err for command in COMMANDS)


def test_an_unknown_command(lbpsim: Lbpsim) -> None:
    assert_wrong_input(lbpsim("rnu"), "No such command", "rnu")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_reads_like_a_page(lbpsim: Lbpsim, command: str) -> None:
    said = lbpsim(command, "--help")
    assert (said.status, said.err) == (0, "")
    words = " ".join(said.out.split())
    assert f"Usage: lbpsim {command}" in words
    assert re.search(r"[A-Z][a-z]+ .+\.", words), "a sentence that says what it does"
    for jargon in ("Traceback", "noqa", "TODO", "typer", "[bold]", "{scenarios}"):
        assert jargon not in words
    assert lbpsim(command, "-h").out == said.out


@pytest.mark.parametrize("command", ["init", "run", "check", "parameters", "trace"])
def test_help_gives_an_example(lbpsim: Lbpsim, command: str) -> None:
    assert f"lbpsim {command} " in lbpsim(command, "--help").out.split("Usage:")[1].split("\n", 1)[1]


def test_every_option_of_run_is_explained(lbpsim: Lbpsim) -> None:
    words = " ".join(re.sub(r"[│╭╮╰╯─]", " ", lbpsim("run", "--help").out).split())
    for option, meaning in (
        ("--people", "Number of people"), ("--years", "Length of the study"), ("--seed", "Seed"),
        ("--workers", "the results do not depend on it"), ("--engine", "qual to the bit"), ("--out", "Folder"),
        ("--resume", "interrupted run"), ("--quiet", "Say nothing but errors"),
    ):  # fmt: skip
        assert option in words and meaning in words


# --- other processes -------------------------------------------------------------------------------------------------


def test_help_waits_for_no_slow_library() -> None:
    slow = ("numba", "scipy", "pandas", "matplotlib", "pyarrow")
    told = "import atexit, sys; from lbpsim.cli import main; sys.argv = ['lbpsim', '--help']; "
    told += f"atexit.register(lambda: print([name for name in {slow} if name in sys.modules])); main()"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    assert done.stdout.strip().endswith("[]")


@pytest.mark.gate
def test_piped_output_has_no_colour_codes() -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR")}
    for words in (["parameters", "--help"], ["check", "nowhere"]):
        done = subprocess.run(
            [sys.executable, "-m", "lbpsim.cli", *words], capture_output=True, text=True, check=False,
            env=environment | {"TERM": "xterm-256color"},
        )  # fmt: skip
        assert done.returncode == (2 if "nowhere" in words else 0)
        assert done.stdout + done.stderr
        assert ESCAPE not in done.stdout + done.stderr


@pytest.mark.slow
def test_a_closed_pipe_is_no_failure_to_speak_of() -> None:
    """`lbpsim parameters | head -1` ends without a traceback."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lbpsim.cli", "parameters", "--csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    complained = process.stderr.read().decode()
    process.wait(timeout=60)
    assert "Traceback" not in complained
