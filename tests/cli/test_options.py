"""What commands are given: wrong options, files and names are refused before any work, and say what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SHIPPED, assert_wrong_input
from tests.cli_runner import Lbpsim


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
