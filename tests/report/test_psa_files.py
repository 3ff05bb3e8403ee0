"""What a probabilistic analysis leaves in the folder of a study, and what goes when the next run has no draws."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from lbpsim import __version__
from lbpsim.cea.budget_impact import budget_impact
from lbpsim.cea.dcea import health_table
from lbpsim.commands.run import run_and_write
from lbpsim.commands.session import Session
from lbpsim.evidence.output_tables import output_tables
from lbpsim.outcomes.draws import BANDED, DrawPlan, DrawResults, ProbabilisticResults
from lbpsim.outcomes.people_treated import MEASURES
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.run import run_draws
from lbpsim.report.charts.intervals import levels
from lbpsim.report.decision_files import SAMPLED
from lbpsim.report.file_records import read_record, write_record
from lbpsim.report.outputs import NoResultsError, decided_earlier, read, rewrite
from lbpsim.report.provenance import RUN_FILE, of_draws
from lbpsim.report.psa_files import (
    DRAWS,
    FILES,
    GROUPS,
    KEPT_LATER,
    PAID,
    PARAMETERS,
    TREATED,
    YEARLY,
    read_draws,
    write_draws,
)
from lbpsim.report.psa_text import draws_in_words, plan_in_words
from lbpsim.study import Study
from tests.pathways.small_country import shipped
from tests.report import galleries

pytestmark = pytest.mark.gate

SILENT = Console(file=io.StringIO())
NAMES = ("usual-care", "cft-rollout", "opioid-stewardship")
ASKED = DrawRequest(draws=6, people=80)
DRAW_CHARTS = ("projection", "settling", "plane_draws")
ASKED_FOR = (*DRAW_CHARTS, "ceac", "voi")  # of so few draws some have nothing to show


@pytest.fixture(scope="module")
def small() -> Study:
    whole = shipped()
    return replace(whole, policies=tuple(whole.policy(name) for name in NAMES), years=3, people=400, replications=4)


@pytest.fixture
def tables_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No page and no workbook, and of the charts those of draws: the others are tested elsewhere."""
    for writer in ("write_page", "write_brief", "write_workbook"):
        monkeypatch.setattr(f"lbpsim.report.outputs.{writer}", lambda *_, **__: None)
    with galleries.few_charts(ASKED_FOR):
        yield


@pytest.fixture(scope="module")
def folder(small: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of a run, of the charts those of draws; not to be changed."""
    out = tmp_path_factory.mktemp("outputs")
    with galleries.few_charts(ASKED_FOR):
        run_and_write(small, Session(out, SILENT, quiet=True), asked=ASKED, workers=2)
    return out


def everything(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def test_draws_are_there_in_long_form(folder: Path) -> None:
    frame = pd.read_parquet(folder / DRAWS)
    assert list(frame.columns[:4]) == ["draw", "scenario", "outcome", "value"]
    assert set(frame["draw"]) == set(range(1, 7)) and set(frame["scenario"]) == set(NAMES)
    assert not frame.duplicated(["draw", "scenario", "outcome"]).any()
    drawn = pd.read_parquet(folder / PARAMETERS)
    assert list(drawn["draw"]) == list(range(1, 7)) and drawn.shape[1] > 100


def test_what_is_stored_is_read_back(folder: Path, small: Study, tmp_path: Path) -> None:
    results = read(folder)
    assert isinstance(results, ProbabilisticResults)
    draws = run_draws(small, ASKED, workers=1)
    pd.testing.assert_frame_equal(results.draws.frame, draws.frame)
    pd.testing.assert_frame_equal(results.draws.yearly_frame, draws.yearly_frame)
    pd.testing.assert_frame_equal(results.draws.parameters, draws.parameters)
    assert results.draws.replicates.tolist() == draws.replicates.tolist()
    assert results.draws.by_group.tolist() == draws.by_group.tolist()
    assert results.draws.plan == draws.plan
    write_draws(results.draws, tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_every_table_is_described(folder: Path) -> None:
    package = json.loads((folder / "tables" / "datapackage.json").read_text())
    described = {resource["name"]: resource for resource in package["resources"]}
    assert {"ceac", "voi"} < set(described)
    for table in output_tables("draws"):
        resource = described[table.name]
        frame = pd.read_csv(folder / "tables" / resource["path"])
        assert [field["name"] for field in resource["schema"]["fields"]] == list(frame.columns)
        assert not frame.duplicated(list(table.key)).any() and len(frame)


def test_tables_say_what_the_draws_say(folder: Path) -> None:
    results = read(folder)
    assert isinstance(results, ProbabilisticResults)
    table = pd.read_csv(folder / "tables" / "uncertainty_incremental.csv").set_index(["scenario", "outcome"])
    qalys = results.draws.of("qalys")
    assert table.loc[("cft-rollout", "qalys"), "mean"] == pytest.approx((qalys[:, 1] - qalys[:, 0]).mean())
    running = pd.read_csv(folder / "tables" / "convergence.csv")
    ends = running[running["draws"] == 6]
    assert ends.groupby(["perspective", "threshold"])["best"].sum().tolist() == [1.0] * 4
    parameters = pd.read_csv(folder / "tables" / "parameters_drawn.csv").set_index("parameter")
    assert parameters.loc["cft.rmdq_week13", "drawn_with"] == "Effects of CFT"
    assert set(parameters.index) == set(results.draws.parameters.columns)


def test_charts_are_drawn(folder: Path) -> None:
    for name in DRAW_CHARTS:
        assert (folder / "charts" / f"{name}.svg").stat().st_size > 5000
        assert (folder / "charts" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_a_report_is_rebuilt_without_simulating(folder: Path) -> None:
    before = everything(folder)
    with galleries.few_charts(ASKED_FOR):
        assert isinstance(rewrite(folder, console=SILENT), ProbabilisticResults)
    assert everything(folder) == before


def test_run_json_tells_of_the_draws(folder: Path) -> None:
    told = json.loads((folder / "run.json").read_text())["draws"]
    assert told["number"] == 6 and told["plan"]["people"] == 80
    assert "cft.uptake" in told["parameters"]
    assert 0 <= told["rates_cut_in"] <= told["number"]


@pytest.fixture
def damaged(folder: Path) -> Iterator[Path]:
    content = (folder / DRAWS).read_bytes()
    yield folder
    (folder / DRAWS).write_bytes(content)


def test_damaged_draws_are_said_to_be(damaged: Path) -> None:
    (damaged / DRAWS).write_bytes(b"PAR1 half")
    with pytest.raises(NoResultsError, match="cannot be read"):
        read(damaged)
    (damaged / DRAWS).unlink()
    with pytest.raises(NoResultsError, match="cannot be read"):
        read(damaged)


def test_draws_of_other_outcomes_are_not_read(folder: Path, tmp_path: Path) -> None:
    """A version that kept fewer outcomes by year: under today's names they would be another's."""
    results = read(folder)
    assert isinstance(results, ProbabilisticResults)
    write_draws(results.draws, tmp_path)
    yearly = pd.read_parquet(tmp_path / YEARLY)
    yearly[yearly["outcome"] != "dalys"].to_parquet(tmp_path / YEARLY)
    write_record(tmp_path / RUN_FILE, {"lbpsim": __version__, "draws": of_draws(results.draws)}, FILES)
    with pytest.raises(ValueError, match="outcomes"):
        read_draws(read_record(tmp_path / RUN_FILE), results.study)


def test_of_what_earlier_draws_did_not_keep_nothing_is_known(folder: Path, tmp_path: Path) -> None:
    results = read(folder)
    assert isinstance(results, ProbabilisticResults) and results.draws.payers
    write_draws(results.draws, tmp_path)
    treated = pd.read_parquet(tmp_path / TREATED)
    treated[treated["measure"] != "courses"].to_parquet(tmp_path / TREATED)
    yearly = pd.read_parquet(tmp_path / YEARLY)
    yearly[~yearly["outcome"].isin(KEPT_LATER)].to_parquet(tmp_path / YEARLY)
    kept = [name for name in FILES if name not in (PAID, GROUPS)]
    write_record(tmp_path / RUN_FILE, {"lbpsim": __version__, "draws": of_draws(results.draws)}, kept)
    found = read_draws(read_record(tmp_path / RUN_FILE), results.study)
    assert found.payers == () and budget_impact(replace(results, draws=found))["mean"].isna().all()
    assert results.draws.knows_groups and not found.knows_groups
    assert health_table(replace(results, draws=found), 28_033.0)["mean"].isna().all()
    later = [BANDED.index(name) for name in KEPT_LATER]
    assert np.isnan(found.yearly[..., later]).all() and not levels(replace(results, draws=found), KEPT_LATER[0])
    earlier = np.delete(results.draws.yearly, later, axis=-1)
    np.testing.assert_array_equal(np.delete(found.yearly, later, axis=-1), earlier)
    gone = MEASURES.index("courses")
    assert np.isnan(found.treated[..., gone]).all()
    rest = np.arange(len(MEASURES)) != gone
    np.testing.assert_array_equal(found.treated[..., rest], results.draws.treated[..., rest])


@pytest.mark.usefixtures("tables_alone")
def test_a_run_without_draws_leaves_none_of_an_earlier_one(small: Study, tmp_path: Path) -> None:
    run_and_write(small, Session(tmp_path, SILENT, quiet=True), asked=ASKED, workers=2)
    run_and_write(small, Session(tmp_path, SILENT, quiet=True, overwrite=True), asked=DrawRequest(), workers=2)
    assert not isinstance(read(tmp_path), ProbabilisticResults)
    assert not [name for name in ("ceac", "voi", "uncertainty") if (tmp_path / "tables" / f"{name}.csv").exists()]
    assert not [name for name in (*FILES, *SAMPLED.values()) if (tmp_path / name).exists()]
    assert not [name for name in DRAW_CHARTS if list((tmp_path / "charts").glob(f"{name}.*"))]


def test_words_say_whether_there_were_enough(folder: Path) -> None:
    results = read(folder)
    assert isinstance(results, ProbabilisticResults)
    told = draws_in_words(results)
    assert told.startswith("6 draws of 1") and "would take about" in told
    plan = DrawPlan(2600, 1000, 0.02, False, 60, "the closest call is this")
    assert "2,600 people each. A pilot of 60 draws" in plan_in_words(plan)
    assert "up to 1,000" in plan_in_words(replace(plan, until_settled=True, pilot=0))


def test_results_are_draws_and_more(folder: Path) -> None:
    results = read(folder)
    assert isinstance(results, ProbabilisticResults) and isinstance(results.draws, DrawResults)
    assert set(results.summary["scenario"]) == set(NAMES)


def test_what_was_found_for_those_who_decide_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The value of information takes a minute: writing charts again must not take it again."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("found anew")

    monkeypatch.setattr("lbpsim.voi.decision_analysis.information_table", never)
    kept = decided_earlier(read(folder), folder)
    assert kept.draws == 6 and kept.voi is not None and kept.ceac is not None


def test_what_is_not_kept_is_found_anew(folder: Path, tmp_path: Path) -> None:
    results = read(folder)
    found, kept = decided_earlier(results, tmp_path), decided_earlier(results, folder)
    assert list(found.tables) == list(kept.tables) and found.choices == kept.choices
    for name, table in found.tables.items():
        pd.testing.assert_frame_equal(table, kept.tables[name], check_exact=True)
