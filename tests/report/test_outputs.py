"""What a run leaves in its folder: whole when run.json is there, and read back as it was written."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from lbpsim.commands.run import run_and_write
from lbpsim.commands.session import Session
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOMES, reported
from lbpsim.outcomes.periods import FLOWS
from lbpsim.outcomes.results import Results
from lbpsim.report.file_names import STORED, UNFINISHED
from lbpsim.report.outputs import NoResultsError, read, rewrite, store
from lbpsim.report.provenance import RUN_FILE
from lbpsim.study import Study, load
from tests.report.galleries import few_files

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SILENT = Console(quiet=True)


def small_study() -> Study:
    study = load(SCENARIOS).with_changes(people=40, years=3, replications=4)
    policies = [study.policy(name) for name in ("usual-care", "cft-rollout", "opioid-stewardship")]
    return replace(study, policies=tuple(policies))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Path]:
    """Results, and the folder into which they were written, with few files; not to be changed."""
    folder = tmp_path_factory.mktemp("outputs") / "deep" / "small"
    with few_files():
        return run_and_write(small_study(), Session(folder, SILENT, quiet=True), workers=1), folder


@pytest.fixture
def copied(written: tuple[Results, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(written[1], tmp_path / "copy"))


@pytest.mark.gate
def test_a_folder_is_made_with_everything_in_it(written: tuple[Results, Path]) -> None:
    _, folder = written
    assert {RUN_FILE, STORED, "tables", "charts"} <= {path.name for path in folder.iterdir()}
    assert not (folder / UNFINISHED).exists()
    assert not [path for path in folder.rglob("*") if path.name.startswith(".") or path.suffix == ".part"]


def assert_run_json_is_last(folder: Path) -> None:
    last = (folder / RUN_FILE).stat().st_mtime_ns
    assert all(path.stat().st_mtime_ns <= last for path in folder.rglob("*") if path.is_file())


def test_run_json_is_the_last_thing_written(written: tuple[Results, Path]) -> None:
    assert_run_json_is_last(written[1])


def test_results_are_read_back_as_they_were(written: tuple[Results, Path]) -> None:
    results, folder = written
    again = read(folder)
    assert again.study.resolved() == results.study.resolved()
    for name in ("totals", "scales", "national"):
        assert np.array_equal(getattr(again, name), getattr(results, name))
        assert getattr(again, name).dtype == getattr(results, name).dtype
    for name in ("people", "country_cases", "engine", "events", "scenarios", "titles", "years", "seed", "replications"):
        assert getattr(again, name) == getattr(results, name)
    for name in ("summary", "incremental", "yearly", "costs", "waiting"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(results, name), check_exact=True)


@pytest.mark.gate
def test_tables_and_every_chart_are_written_again_from_what_is_stored(tmp_path: Path) -> None:
    run_and_write(small_study(), Session(tmp_path, SILENT, quiet=True), workers=1)
    assert_run_json_is_last(tmp_path)
    before = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for part in ("tables", "charts"):
        shutil.rmtree(tmp_path / part)
    rewrite(tmp_path, console=SILENT)
    after = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len([name for name in after if name.suffix == ".svg"]) > 10
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == set()


@pytest.mark.parametrize("missing", [RUN_FILE, STORED])
def test_a_folder_without_its_run_is_not_read(copied: Path, missing: str) -> None:
    (copied / missing).unlink()
    with pytest.raises(NoResultsError, match="does not hold the results of a finished run"):
        read(copied)


@pytest.mark.parametrize("array", ["totals", "scales", "national"])
def test_sums_that_lack_a_part_are_not_read(copied: Path, array: str) -> None:
    with np.load(copied / STORED) as stored:
        kept = {name: stored[name] for name in stored.files if name != array}
    np.savez_compressed(copied / STORED, **kept)
    with pytest.raises(NoResultsError):
        read(copied)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"words"])
def test_sums_that_are_damaged_are_not_read(copied: Path, content: bytes) -> None:
    (copied / STORED).write_bytes(content)
    with pytest.raises(NoResultsError):
        read(copied)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"x"', "{}"])
def test_a_run_file_that_is_damaged_is_not_read(copied: Path, content: str) -> None:
    (copied / RUN_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(NoResultsError):
        read(copied)


def test_sums_of_another_shape_than_the_outcomes_are_not_read(written: tuple[Results, Path], copied: Path) -> None:
    """A version that counted other outcomes: read under today's names, its sums would be wrong."""
    results, _ = written
    store(replace(results, totals=results.totals[..., :-1], national=results.national[..., :-1]), copied)
    with pytest.raises(NoResultsError):
        read(copied)


def test_sums_of_another_study_are_not_read(written: tuple[Results, Path], copied: Path) -> None:
    results, _ = written
    store(replace(results, totals=results.totals[:2], national=results.national[:2]), copied)
    with pytest.raises(NoResultsError):
        read(copied)


def test_results_of_another_version_are_not_read(copied: Path) -> None:
    """Outcomes have no names in the sums; under another version they may stand in another order."""
    told = json.loads((copied / RUN_FILE).read_text(encoding="utf-8"))
    (copied / RUN_FILE).write_text(json.dumps(told | {"lbpsim": "99.0.0"}), encoding="utf-8")
    with pytest.raises(NoResultsError, match=re.escape("99.0.0")):
        read(copied)


@pytest.mark.usefixtures("no_charts")
def test_the_folder_of_an_earlier_run_is_written_over(copied: Path) -> None:
    other = small_study().with_changes(seed=5)
    before = (copied / "tables" / "summary.csv").read_bytes()
    run_and_write(other, Session(copied, SILENT, quiet=True, overwrite=True), workers=1)
    assert (copied / "tables" / "summary.csv").read_bytes() != before
    assert read(copied).seed == 5


@pytest.mark.gate
@pytest.mark.usefixtures("few_charts")
def test_charts_of_an_earlier_run_do_not_outlive_it(copied: Path) -> None:
    """A chart that the new run leaves out must not stay behind from the old one."""
    assert (copied / "charts" / "waiting.svg").exists(), "the first run has a waiting list"
    alone = replace(small_study(), policies=small_study().policies[:1])
    run_and_write(alone, Session(copied, SILENT, quiet=True, overwrite=True), workers=1)
    assert not (copied / "charts" / "waiting.svg").exists()


# --- the tables hold together ----------------------------------------------------------------------------------------


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "tables" / f"{name}.csv", keep_default_na=True)


def test_every_scenario_and_outcome_is_in_the_summary(written: tuple[Results, Path]) -> None:
    results, folder = written
    summary = table(folder, "summary")
    assert set(summary["scenario"]) == set(results.scenarios)
    assert set(summary["outcome"]) == set(OUTCOMES)
    rows = sum(len(reported(discounted=discounted)) for discounted in (False, True))
    assert len(summary) == len(results.scenarios) * rows


def test_costs_by_payer_sum_to_the_years_totals(written: tuple[Results, Path]) -> None:
    _, folder = written
    costs, yearly = table(folder, "costs"), table(folder, "yearly")
    by_category = costs.groupby(["scenario", "year", "category"])["cost"].sum()
    for row in yearly[yearly["outcome"].isin(COST_CATEGORIES)].itertuples():
        category = str(row.outcome).removeprefix("cost_")
        assert by_category[(row.scenario, row.year, category)] == pytest.approx(row.value, rel=1e-10, abs=0.01)


def test_years_sum_to_the_horizon_and_groups_to_the_years(written: tuple[Results, Path]) -> None:
    _, folder = written
    summary, yearly, groups = (table(folder, name) for name in ("summary", "yearly", "yearly_by_group"))
    additive = [name for name in OUTCOMES if OUTCOMES[name].nature != "ratio"]
    whole = summary[~summary["discounted"]].set_index(["scenario", "outcome"])["value"]
    by_year = yearly[yearly["outcome"].isin(FLOWS)].groupby(["scenario", "outcome"])["value"].sum()
    for key, value in by_year.items():
        assert value == pytest.approx(whole[key], rel=1e-9, abs=1e-3)
    by_age_and_sex = groups[(groups["quintile"] == "all") & groups["outcome"].isin(additive)]
    by_group = by_age_and_sex.groupby(["scenario", "year", "outcome"])["value"].sum()
    of_year = yearly.set_index(["scenario", "year", "outcome"])["value"]
    together = ("cost_health_system", "cost_societal")  # hold training, which belongs to no group
    for key, value in by_group.items():
        if key[2] not in together:
            assert value == pytest.approx(of_year[key], rel=1e-9, abs=1e-3)


def test_differences_are_those_of_the_summary(written: tuple[Results, Path]) -> None:
    _, folder = written
    summary = table(folder, "summary").set_index(["scenario", "outcome", "discounted"])["value"]
    for row in table(folder, "incremental").itertuples():
        if OUTCOMES[str(row.outcome)].nature != "ratio":
            ours, theirs = (summary[(name, row.outcome, row.discounted)] for name in (row.scenario, "usual-care"))
            assert row.difference == pytest.approx(ours - theirs, rel=1e-9, abs=1e-9 * abs(theirs) + 1e-3)
