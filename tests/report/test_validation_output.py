"""What `lbpsim validate` writes and says, and how it ends."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from lbpsim.commands import validate
from lbpsim.report import validation_output
from lbpsim.report.file_names import VALIDATED
from lbpsim.report.validation_output import CHARTS, checks_table, frames, summary, verdict_in_words, write
from lbpsim.validation import summary as judging
from lbpsim.validation.summary import Assessment
from tests.cli_runner import Lbpsim, ended
from tests.validation.small import SCENARIOS, judged
from tests.validation.test_summary import with_verdicts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "validation"


@pytest.mark.gate
def test_every_chart_is_written(folder: Path) -> None:
    write(judged(), folder)
    pictures = {path.name for path in (folder / "charts").iterdir()}
    assert pictures == {f"{name}.{kind}" for name in CHARTS for kind in ("svg", "png")}


@pytest.mark.gate
def test_everything_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation_output, "CHARTS", {"trial_gains": CHARTS["trial_gains"]})
    write(judged(), folder)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    tables = {"restore.csv", "restore_baseline.csv", "targets.csv", "other_trials.csv", "qaly_gains.csv", "checks.csv"}
    pictures = {"charts/trial_gains.svg", "charts/trial_gains.png"}
    assert found == tables | pictures | {"restore_people.parquet", "summary.md", "validation.json"}
    people = pd.read_parquet(folder / "restore_people.parquet")
    assert len(people) == 3 * judged().participants
    restore = pd.read_csv(folder / "restore.csv")
    assert restore["emulated"].to_numpy() == pytest.approx(judged().restore["emulated"].to_numpy())


def test_the_same_bytes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation_output, "CHARTS", {"trial_gains": CHARTS["trial_gains"]})
    for name in ("one", "other"):
        write(judged(), tmp_path / name)
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "other" / path.relative_to(tmp_path / "one")).read_bytes(), path.name


def test_the_summary_names_every_check_and_the_rules() -> None:
    text = summary(judged())
    for _, row in judged().checks.iterrows():
        assert f"| {row['figure']} |" in text
    assert "misses when it lies wholly outside" in text
    assert "The exit status is 0 when" in text
    assert f"{judged().participants:,} take part" in text


@pytest.mark.parametrize(
    ("verdict", "word"),
    [("pass", "PASS"), ("miss", "FAIL"), ("inconclusive", "NOT SHOWN"), ("not judged", "NOT SHOWN")],
)
def test_the_verdict_is_said_first(verdict: str, word: str) -> None:
    assert verdict_in_words(with_verdicts(verdict)).startswith(word)


def test_tables_of_checks_fit_a_terminal() -> None:
    for gates in (True, False):
        stream = io.StringIO()
        Console(file=stream, width=80).print(checks_table(judged(), gates=gates))
        assert max(map(len, stream.getvalue().splitlines())) <= 80
        assert "\N{HORIZONTAL ELLIPSIS}" not in stream.getvalue()


def test_tables_have_no_index_and_no_missing_names() -> None:
    for name, frame in frames(judged()).items():
        assert not any(str(column).startswith("Unnamed") for column in frame.columns), name


@pytest.mark.parametrize(("verdict", "status"), [("pass", 0), ("miss", 1), ("inconclusive", 1)])
def test_the_exit_status_is_true_to_the_verdict(
    folder: Path, monkeypatch: pytest.MonkeyPatch, verdict: str, status: int
) -> None:
    def judge(*_: object, **__: object) -> Assessment:
        return with_verdicts(verdict)

    monkeypatch.setattr(validate, "assess", judge)
    monkeypatch.setattr(validation_output, "CHARTS", {})
    assert ended(monkeypatch, "validate", SCENARIOS, "--out", folder) == status
    assert (folder / "summary.md").exists()


@pytest.mark.gate
def test_half_the_effect_makes_the_command_fail(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a scenario file to the exit status: CFT at half its effect is not RESTORE's."""
    monkeypatch.setattr(validation_output, "CHARTS", {})
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    text = (SCENARIOS / "study.yaml").read_text(encoding="utf-8").replace("replications: 20", "replications: 2")
    halved = "\nassume: {cft.latent_scale: 0.5, cft.latent_scale_week52: 0.6, cft.latent_scale_year3: 0.6}\n"
    (scenarios / "study.yaml").write_text(text + halved, encoding="utf-8")
    usual = (SCENARIOS / "usual-care.yaml").read_text(encoding="utf-8")
    (scenarios / "usual-care.yaml").write_text(usual, encoding="utf-8")
    assert ended(monkeypatch, "validate", scenarios, "--people", 3000, "--out", folder, "--workers", 1) == 1
    assert "FAIL" in capsys.readouterr().out


def test_too_few_people_are_wrong_input(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "validate", SCENARIOS, "--people", 300, "--out", folder) == 2
    complaint = capsys.readouterr().err
    assert "--people 300" in complaint and "simulate more people" in complaint
    assert not (folder / "summary.md").exists()


def test_a_folder_that_cannot_be_is_said_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def judge(*_: object, **__: object) -> Assessment:
        raise AssertionError("the work has begun")

    monkeypatch.setattr(validate, "assess", judge)
    (tmp_path / "file").write_text("not a folder")
    assert ended(monkeypatch, "validate", SCENARIOS, "--out", tmp_path / "file" / "inside") == 1
    assert "Could not read or write" in capsys.readouterr().err


def test_quiet_says_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(validate, "assess", lambda *_, **__: with_verdicts("miss"))
    monkeypatch.setattr(validation_output, "CHARTS", {})
    assert ended(monkeypatch, "validate", SCENARIOS, "--out", folder, "--quiet") == 1
    assert capsys.readouterr().out == ""


def test_judging_is_what_the_command_does() -> None:
    assert validate.assess is judging.assess
    assert dataclasses.is_dataclass(Assessment)


def test_a_validation_of_other_inputs_is_not_written_over_unasked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, lbpsim: Lbpsim
) -> None:
    monkeypatch.setattr(validate, "assess", lambda study, **_: dataclasses.replace(with_verdicts("pass"), study=study))
    monkeypatch.setattr(validation_output, "CHARTS", {})
    words = ("validate", SCENARIOS, "--out", folder, "--quiet", "--people", 3000)
    assert lbpsim(*words).status == 0 and lbpsim(*words, "--workers", 1).status == 0
    before = (folder / VALIDATED).read_bytes()
    said = lbpsim(*words, "--seed", 7)
    assert said.status == 2 and "seed 20250805 there, 7 now" in said.words and "--overwrite" in said.words
    assert (folder / VALIDATED).read_bytes() == before
    assert lbpsim(*words, "--seed", 7, "--overwrite").status == 0


def test_a_file_of_the_users_is_not_written_over_unasked(folder: Path, lbpsim: Lbpsim) -> None:
    folder.mkdir()
    (folder / "summary.md").write_text("of my thesis")
    said = lbpsim("validate", SCENARIOS, "--out", folder)
    assert said.status == 2 and "summary.md, though nothing that `lbpsim validate` finished" in said.words
