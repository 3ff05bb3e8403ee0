"""Tables of the decision layer: described column for column, the same bytes again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from lbpsim.evidence.output_tables import output_tables
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import NothingToDraw, budget, capacity, ceac, equity, voi
from lbpsim.report.data_package import ColumnsError
from lbpsim.report.tables import write_tables
from lbpsim.voi.decision_analysis import Decision, decide
from tests.report.decided import decided
from tests.report.run_tables import frames
from tests.report.synthetic import SHIPPED

pytestmark = pytest.mark.gate


@pytest.fixture(scope="module")
def three(make: Callable[..., Results]) -> Results:
    return make(SHIPPED[:3], years=6, replications=4)


@pytest.fixture(scope="module")
def decision(three: Results) -> Decision:
    return decided(three)


def test_files_are_described_and_read_back(three: Results, decision: Decision, tmp_path: Path) -> None:
    *paths, package = write_tables(three, tmp_path, decision)
    described = {each["name"]: each for each in json.loads(package.read_text(encoding="utf-8"))["resources"]}
    assert {path.stem for path in paths} == set(described)
    assert {"budget", "budget_periods", "capacity", "net_health", "equity", "ceac", "voi"} <= set(described)
    for path in paths:
        frame = pd.read_csv(path, keep_default_na=False)
        assert list(frame.columns) == [field["name"] for field in described[path.stem]["schema"]["fields"]]
        assert not frame.duplicated(described[path.stem]["schema"]["primaryKey"]).any()


def test_same_bytes_again(three: Results, decision: Decision, tmp_path: Path) -> None:
    one, other = (write_tables(three, tmp_path / name, decision) for name in ("one", "other"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_every_column_is_declared(three: Results, decision: Decision) -> None:
    declared = {table.name for group in ("decision", "decision_over_draws") for table in output_tables(group)}
    assert declared == set(decision.tables) and declared <= set(frames(three, decision))
    with pytest.raises(ColumnsError, match="table 'capacity' has the columns"):
        frames(three, dataclasses.replace(decision, capacity=decision.health))


def test_tables_of_an_earlier_run_with_draws_go(three: Results, decision: Decision, tmp_path: Path) -> None:
    write_tables(three, tmp_path, decision)
    write_tables(three, tmp_path, decide(three))
    assert not (tmp_path / "ceac.csv").exists()
    assert (tmp_path / "budget.csv").exists()


def test_a_comparator_alone_has_no_decision(alone: Results) -> None:
    for draw in (budget.draw, capacity.draw, equity.draw, equity.draw_plane, ceac.draw, voi.draw):
        with pytest.raises(NothingToDraw):
            draw(alone, decide(alone))
