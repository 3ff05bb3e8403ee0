"""Options of `lbpsim run` that choose what is simulated and what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli_runner import Lbpsim
from tests.pathways.small_country import SCENARIOS

SMALL = ("--people", "80", "--years", "2", "--draws", "2", "--draw-people", "40", "--quiet")


@pytest.mark.gate
def test_only_some_policies_and_no_charts(lbpsim: Lbpsim, tmp_path: Path) -> None:
    said = lbpsim("run", SCENARIOS, *SMALL, "--only", "cft-rollout", "--no-charts", "--out", tmp_path)
    assert said.status == 0
    assert not (tmp_path / "charts").exists()
    assert (tmp_path / "report.html").exists() and (tmp_path / "draws" / "effects.csv").exists()
    assert list(pd.read_csv(tmp_path / "tables" / "scenarios.csv")["scenario"]) == ["usual-care", "cft-rollout"]
    told = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert len(told["study"]["policies"]) == 2


def test_a_policy_that_is_not_there_is_refused(lbpsim: Lbpsim, tmp_path: Path) -> None:
    said = lbpsim("run", SCENARIOS, *SMALL, "--only", "cft-rolout", "--out", tmp_path)
    assert said.status == 2
    assert "cft-rollout" in said.err and not list(tmp_path.iterdir())
