"""`lbpsim report` with its options, and `lbpsim trace --chart`: from the command line to the files."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from rich.console import Console

from lbpsim.commands.run import run_and_write
from lbpsim.commands.session import Session
from tests.cli_runner import ended
from tests.pathways.small_country import SCENARIOS, shipped

pytestmark = pytest.mark.gate

NAMES = ("usual-care", "cft-rollout", "opioid-stewardship")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    whole = shipped()
    study = replace(whole, policies=tuple(whole.policy(name) for name in NAMES), years=3, people=600, replications=2)
    out = tmp_path_factory.mktemp("outputs") / "small"
    run_and_write(study, Session(out, Console(file=io.StringIO()), quiet=True), workers=1)
    return out


def test_some_charts_in_a_style_have_a_folder_of_their_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder / "charts" / "burden.svg").read_bytes()
    assert (
        ended(monkeypatch, "report", folder, "--only", "burden,impact", "--only", "capacity", "--style", "slide") == 0
    )
    made = sorted(path.name for path in (folder / "charts" / "slide").iterdir())
    assert made == [f"{name}.{kind}" for name in ("burden", "capacity", "impact") for kind in ("png", "svg")]
    assert (folder / "charts" / "burden.svg").read_bytes() == before


def test_a_format_is_the_only_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("--only", "impact", "--format", "pdf", "--style", "column")
    assert ended(monkeypatch, "report", folder, *words) == 0
    (made,) = (folder / "charts" / "column").iterdir()
    assert made.name == "impact.pdf" and len(PdfReader(made).pages) == 1


def test_all_charts_with_lives_are_bound_into_one_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "report", folder, "--style", "print", "--format", "svg") == 0
    out = capsys.readouterr().out
    drawn = len(list((folder / "charts").glob("*.svg")))
    assert f"{drawn} charts in {folder / 'charts'}" in out.replace("\n", "")
    assert "settling left out: the study has no draws" in out
    assert out.count("left out") == 2  # one line a reason: no draws, no validation
    assert (folder / "charts" / "lives.svg").exists()
    assert len(PdfReader(folder / "charts" / "charts.pdf").pages) == drawn


def test_unknown_charts_are_refused_with_the_right_names(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "report", folder, "--only", "budren") == 2
    complaint = capsys.readouterr().err
    assert "no chart budren" in complaint and "burden, burden_dalys" in complaint


def test_a_folder_without_results_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(monkeypatch, "report", tmp_path, "--only", "burden") == 2


def test_a_traced_life_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenarios = [SCENARIOS / f"{name}.yaml" for name in NAMES[:2]]
    words = ("--person", 3, "--people", 300, "--years", 3, "--chart", tmp_path / "life.svg")
    assert ended(monkeypatch, "trace", *scenarios, *words) == 0
    assert (tmp_path / "life.svg").read_bytes().startswith(b"<?xml")


def test_a_life_in_an_unknown_format_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (SCENARIOS / "usual-care.yaml", "--person", 3, "--people", 300, "--chart", tmp_path / "life.docx")
    assert ended(monkeypatch, "trace", *words) == 2
    captured = capsys.readouterr()
    assert "svg, png or pdf" in captured.err and captured.out == ""
