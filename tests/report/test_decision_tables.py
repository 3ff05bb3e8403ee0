"""Tables and charts of the decision layer: described column for column, the same bytes again, nothing cut off."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lbpsim.decision.analysis import Decision, decide
from lbpsim.outcomes.results import Results
from lbpsim.report import charts
from lbpsim.report.charts import NothingToDraw, picture
from lbpsim.report.charts.decision import DECISION_CHARTS, write_decision_charts
from lbpsim.report.decision_columns import DECISION_TABLES
from lbpsim.report.package import ColumnsError
from lbpsim.report.tables import frames, write_tables
from tests.report.charts.test_charts import _boxes, _cut_off, _standing, _visible
from tests.report.decided import decided
from tests.report.synthetic import SHIPPED


@pytest.fixture(scope="module")
def three(make: Callable[..., Results]) -> Results:
    return make(SHIPPED[:3], years=6, replications=4)


@pytest.fixture(scope="module")
def decision(three: Results) -> Decision:
    return decided(three)


@pytest.fixture(scope="module")
def drawn(three: Results, decision: Decision) -> dict[str, Figure]:
    figures = {name: draw(three, decision) for name, draw in DECISION_CHARTS.items()}
    for figure in figures.values():
        FigureCanvasAgg(figure).draw()
    return figures


def test_files_are_described_and_read_back(three: Results, decision: Decision, tmp_path: Path) -> None:
    *paths, package = write_tables(three, tmp_path, decision)
    described = {each["name"]: each for each in json.loads(package.read_text(encoding="utf-8"))["resources"]}
    assert {path.stem for path in paths} == set(described)
    assert {"budget", "capacity", "net_health", "equity", "ceac", "voi"} <= set(described)
    for path in paths:
        frame = pd.read_csv(path, keep_default_na=False)
        assert list(frame.columns) == [field["name"] for field in described[path.stem]["schema"]["fields"]]
        assert not frame.duplicated(described[path.stem]["schema"]["primaryKey"]).any()


def test_same_bytes_again(three: Results, decision: Decision, tmp_path: Path) -> None:
    one, other = (write_tables(three, tmp_path / name, decision) for name in ("one", "other"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_every_column_is_declared(three: Results, decision: Decision) -> None:
    assert {table.name for table in DECISION_TABLES.values()} <= set(frames(three, decision))
    with pytest.raises(ColumnsError, match="table 'budget' has the columns"):
        frames(three, Decision(decision.capacity, *[decision.capacity] * 3))


def test_tables_of_an_earlier_run_with_draws_go(three: Results, decision: Decision, tmp_path: Path) -> None:
    write_tables(three, tmp_path, decision)
    write_tables(three, tmp_path, decide(three))
    assert not (tmp_path / "ceac.csv").exists()
    assert (tmp_path / "budget.csv").exists()


@pytest.mark.parametrize("name", DECISION_CHARTS)
def test_charts_are_whole(drawn: dict[str, Figure], name: str) -> None:
    figure = drawn[name]
    assert not _cut_off(figure)
    texts = [text for text in _standing(figure) if text.get_gid() != "threshold"]
    for (one, here), (other, there) in combinations(_boxes(iter(texts)), 2):
        assert not here.overlaps(there), (one, other)
    labels = [label for axes in _visible(figure) for label in (axes.get_xlabel(), axes.get_ylabel()) if label]
    assert any("QALYs" in label or "AUD" in label for label in labels), labels
    title, *_, source = [" ".join(text.get_text().split()) for text in figure.texts if text.get_text()]
    assert title.endswith(", Australia, 2026 to 2031")
    assert any(text.get_gid() == "source" for text in figure.texts), source


def test_the_same_picture_again(three: Results, decision: Decision, drawn: dict[str, Figure]) -> None:
    assert picture(DECISION_CHARTS["budget"](three, decision), "svg") == picture(drawn["budget"], "svg")


def test_without_draws_two_charts_are_left_out(three: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "RESOLUTION", 30)
    (tmp_path / "voi.svg").write_text("of an earlier run")
    made = {chart.name: chart for chart in write_decision_charts(three, decide(three), tmp_path)}
    assert "no draws" in made["voi"].skipped and "no draws" in made["ceac"].skipped
    assert not (tmp_path / "voi.svg").exists()
    assert (tmp_path / "equity.svg").stat().st_size > 0


def test_a_comparator_alone_has_no_decision(alone: Results) -> None:
    for draw in DECISION_CHARTS.values():
        with pytest.raises(NothingToDraw):
            draw(alone, decide(alone))
