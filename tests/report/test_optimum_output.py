"""The folder of an optimum: a policy that runs, tables that are described, a page that opens offline."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from lbpsim.optimisation.optimum import WITHIN_ERROR
from lbpsim.report.charts import optimum as chart
from lbpsim.report.charts.page import NothingToDraw
from lbpsim.report.file_names import OPTIMISED
from lbpsim.report.optimum_output import PAGE, POLICY, write, written_earlier
from lbpsim.report.optimum_tables import tables
from lbpsim.study import load
from tests.optimisation.small_search import found
from tests.pathways.small_country import SCENARIOS

pytestmark = pytest.mark.gate  # a search takes seconds


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("optimum")
    write(found(), home)
    return home


def test_everything_is_there_and_described(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {OPTIMISED, PAGE, POLICY, "levers.csv", "limits.csv", "choices.csv", "datapackage.json"} <= names
    assert {path.name for path in written_earlier(folder)} >= names
    record = json.loads((folder / OPTIMISED).read_text(encoding="utf-8"))
    assert record["made_by"] == "lbpsim optimise" and record["asked"]["policy"] == "cft-rollout"


def test_the_file_is_the_policy_that_was_found(folder: Path, tmp_path: Path) -> None:
    for name in ("study.yaml", "usual-care.yaml"):
        shutil.copy(SCENARIOS / name, tmp_path)
    shutil.copy(folder / POLICY, tmp_path)
    assert load(tmp_path).policy("optimum").cft == found().policy.cft


def test_limits_say_what_is_used_and_how_often_draws_go_beyond(folder: Path) -> None:
    limits = pd.read_csv(folder / "limits.csv")
    staff = limits[limits["limit"] == "physiotherapists"]
    assert len(staff) == 5 and (staff["used"] <= staff["allowed"] + WITHIN_ERROR * staff["mcse"]).all()
    assert limits["share_beyond"].between(0.0, 1.0).all()


def test_choices_hold_every_policy_that_could_be_chosen_and_the_one_found() -> None:
    choices = tables(found())["choices"].set_index("scenario")
    assert list(choices.index) == ["optimum", "usual-care", "cft-rollout", "cft-biofeedback", "opioid-stewardship"]
    lead = choices.loc["optimum", "gain"] - choices.loc["cft-rollout", "gain"]
    assert choices.loc["cft-rollout", "lead"] == pytest.approx(lead)


def test_the_page_needs_nothing_from_elsewhere(folder: Path) -> None:
    page = (folder / PAGE).read_text(encoding="utf-8")
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert "The best policy found" in page and "What was moved" in page


def test_the_chart_shows_budgets_and_the_policies_of_the_study() -> None:
    if not found().frontier:
        with pytest.raises(NothingToDraw):
            chart.draw(found())
        return
    figure = chart.draw(found())
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "the best found" in texts


def test_nothing_is_left_of_an_earlier_search(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "again")
    write(found(), tmp_path / "again")
    assert {path.name for path in (tmp_path / "again").iterdir()} == {path.name for path in folder.iterdir()}


def test_python_writes_what_the_command_writes(folder: Path, tmp_path: Path) -> None:
    found().save(tmp_path / "saved")
    assert (tmp_path / "saved" / POLICY).read_bytes() == (folder / POLICY).read_bytes()
