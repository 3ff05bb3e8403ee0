"""`lbpsim research` on the command line: shipped designs on a small study, a finished run, and wrong input."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pandas as pd
import pytest

import lbpsim as package
from lbpsim import api
from lbpsim.evidence.shipped_countries import FOLDER as COUNTRIES
from lbpsim.voi.design_file import shipped
from tests.cli.conftest import SHIPPED, a_study, assert_wrong_input
from tests.cli_runner import Lbpsim


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A small study with the rollout, which makes people wait."""
    folder = a_study(tmp_path / "scenarios")
    shutil.copy(SHIPPED / "cft-rollout.yaml", folder)
    shutil.copy(SHIPPED / "cft-biofeedback.yaml", folder)
    return folder


@pytest.mark.gate
def test_each_shipped_design_runs_on_a_small_study(lbpsim: Lbpsim, waiting: Path, tmp_path: Path) -> None:
    words = ("research", waiting, "--draws", 24, "--draw-people", 24, "--out", tmp_path / "out", "--workers", 1)
    said = lbpsim(*words, "--resume")
    assert said.status == 0, said.err
    assert "There is no unfinished work" in said.out
    table = pd.read_csv(tmp_path / "out" / "evsi.csv")
    assert set(table["design"]) == set(shipped())
    assert (table["value"] >= 0.0).all() and (table["value"] <= table["perfect"]).all()
    lost = pd.read_csv(tmp_path / "out" / "implementation.csv")
    assert set(lost["benchmark"]) == {"cft-unlimited", "cft-rollout-perfect"}
    assert "read research.html first" in " ".join(said.out.split())


@pytest.mark.gate
def test_the_draws_of_a_finished_run_are_used(lbpsim: Lbpsim, waiting: Path, tmp_path: Path, no_charts: None) -> None:
    out = tmp_path / "run"
    said = lbpsim("run", waiting, "--draws", 24, "--draw-people", 24, "--out", out, "--workers", 1, "--quiet")
    assert said.status == 0, said.err
    assert (out / "tables" / "implementation.csv").is_file()
    said = lbpsim("research", out, "--design", "disability-survey", "--quiet")
    assert said.status == 0, said.err
    assert (out / "research" / "research.html").is_file()
    results = package.load(waiting).run(people=24, draws=24, draw_people=24, workers=1)
    again = results.study.research("disability-survey", results=results)
    assert again.evsi["value"].tolist() == pytest.approx(pd.read_csv(out / "research" / "evsi.csv")["value"].tolist())
    assert_wrong_input(lbpsim("research", out, "--draws", 50), "A finished run has its draws")


@pytest.mark.gate
def test_in_another_country_shipped_designs_are_valued_in_its_money(
    lbpsim: Lbpsim, tmp_path: Path, no_charts: None
) -> None:
    home = Path(str(COUNTRIES)) / "england" / "study"
    files = (home / f"{name}.yaml" for name in ("study", "usual-care", "cft-rollout"))
    words = ("--years", 2, "--draws", 24, "--draw-people", 24, "--out", tmp_path / "out", "--workers", 1)
    said = lbpsim("research", *files, *words)
    assert said.status == 0, said.err
    assert "marked borrowed" in " ".join(said.out.split())
    table = pd.read_csv(tmp_path / "out" / "design_numbers.csv")
    assert set(table["design"]) == set(shipped())
    assert set(table.loc[table["number"].isin(["fixed_cost", "cost_per_participant"]), "unit"]) == {"GBP"}


def test_a_run_without_draws_is_refused(lbpsim: Lbpsim, finished: Path) -> None:
    assert_wrong_input(lbpsim("research", finished), "This run has no draws")


def test_wrong_input_is_told(lbpsim: Lbpsim, waiting: Path, tmp_path: Path) -> None:
    assert_wrong_input(lbpsim("research", waiting, "--design", "fidelty"), "no design `fidelty`", "Did you mean")
    assert_wrong_input(lbpsim("research", waiting, "--design", tmp_path / "a.yaml"), "There is no such file")
    assert_wrong_input(lbpsim("research", waiting, "--draws", 0), "--draws 0")
    assert_wrong_input(lbpsim("research", tmp_path / "none"), "There is no such file or folder")


def test_python_refuses_what_the_command_line_refuses(waiting: Path) -> None:
    study = package.load(waiting)
    with pytest.raises(package.study.InputErrors, match="found from draws"):
        study.research("fidelity", draws=0)
    with pytest.raises(package.study.InputErrors, match="no design"):
        study.research("fidelty")


def test_python_follows_nobody_beyond_the_horizon_as_the_command_does(
    waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(study: package.Study, *_: object, **__: object) -> None:
        raise KeyError(study.follow)

    monkeypatch.setattr(api, "run_draws", stopped)
    study = dataclasses.replace(package.load(waiting), follow="lifetime")
    with pytest.raises(KeyError, match="horizon"):
        study.research("fidelity", draws=24, draw_people=24)
