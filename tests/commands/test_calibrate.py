from __future__ import annotations

import shutil
from pathlib import Path

from typer.testing import CliRunner

from lbpsim.cli import app
from tests.pathways.small_country import SCENARIOS

RUNNER = CliRunner()


def test_help_says_what_comes_of_it() -> None:
    told = RUNNER.invoke(app, ["calibrate", "--help"])
    assert told.exit_code == 0
    assert "posterior" in told.output and "--ship" in told.output


def test_a_study_that_assumes_what_is_fitted_is_wrong_input(tmp_path: Path) -> None:
    study = tmp_path / "scenarios"
    study.mkdir()
    shutil.copy(SCENARIOS / "usual-care.yaml", study)
    text = (SCENARIOS / "study.yaml").read_text(encoding="utf-8")
    (study / "study.yaml").write_text(f"{text}\nassume:\n  flares.rate: 3 per year\n", encoding="utf-8")
    told = RUNNER.invoke(app, ["calibrate", str(study), "--out", str(tmp_path / "out"), "--quiet"])
    assert told.exit_code == 2
    assert "flares.rate: assumed by the study" in told.output
    assert not (tmp_path / "out").exists()
