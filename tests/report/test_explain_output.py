"""`lbpsim why`: what it leaves in its folder, what it reads back, and what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from lbpsim.commands.explain import explain
from lbpsim.commands.session import Session
from lbpsim.evidence.output_tables import output_tables
from lbpsim.explain.attribution import Attribution
from lbpsim.explain.decomposition import plan_decomposition
from lbpsim.report.charts import decomposition as chart
from lbpsim.report.explain_output import read_why, write_why
from lbpsim.study import InputErrors, Study, load
from tests.report.explained import made_up
from tests.report.synthetic import synthetic

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FIGURES = ("contributions", "by_year", "by_payer", "held_back", "reached")
RELAXED = {"capacity": (500.0, 50.0), "uptake": (90.0, 50.0), "all": (900.0, 50.0)}


@pytest.fixture(scope="module")
def small() -> Study:
    return load(SCENARIOS).with_changes(people=200, replications=4, years=3)


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lbpsim.report.explain_output.files_of", lambda *_: {})


def quiet_console() -> Console:
    return Console(width=100, force_terminal=False)


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two tables hold the same rows, to the digits that are written."""
    columns = sorted(one.columns)
    heads = [name for name in columns if name not in ("value", "mcse")]  # figures are rounded as they are written
    frames = [frame[columns].sort_values(heads, ignore_index=True) for frame in (one, other)]
    pd.testing.assert_frame_equal(*frames, check_dtype=False, rtol=1e-11)
    return True


def test_a_policy_is_explained_from_start_to_end(small: Study, tmp_path: Path, no_pictures: None) -> None:
    console = quiet_console()
    with console.capture() as capture:
        why = explain(small, plan_decomposition(small, "cft-rollout"), Session(tmp_path, console), workers=1)
    text = capture.get()
    told = [line for line in text.splitlines() if not line.startswith("Compiling")]
    assert told[0].startswith("Note: cft-rollout: ")  # what is odd about the policy, as for a run
    assert not any(line.startswith("Note: surgery-restraint") for line in told)
    assert any(line.startswith("CFT rollout ") for line in told)
    assert "How far the offer reaches" in text
    assert {file.name for file in tmp_path.glob("*.csv")} == {
        *("changes.csv", "relaxations.csv", "why.csv", "why_yearly.csv", "why_payers.csv", "held_back.csv"),
        "reached.csv",
    }
    again = read_why(tmp_path)
    assert again is not None
    assert again.question == why.question
    assert again.lead == why.lead
    assert all(same(getattr(why, name), getattr(again, name)) for name in FIGURES)


def test_quiet_says_nothing(small: Study, tmp_path: Path, no_pictures: None) -> None:
    console = quiet_console()
    with console.capture() as capture:
        plan = plan_decomposition(small, "surgery-restraint")
        explain(small, plan, Session(tmp_path, console, quiet=True), workers=1)
    assert capture.get() == ""
    again = read_why(tmp_path)
    assert again is not None
    assert again.held_back.empty and again.reached.empty


@pytest.fixture
def written(tmp_path: Path, no_pictures: None) -> Path:
    write_why(made_up(relaxed=RELAXED), synthetic(years=2, replications=4), tmp_path)
    return tmp_path


def test_every_column_is_described(written: Path) -> None:
    package = json.loads((written / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["name"] for resource in package["resources"]} == {one.name for one in output_tables("explain")}
    for resource in package["resources"]:
        header = (written / resource["path"]).read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"])
        frame = pd.read_csv(written / resource["path"])
        assert not frame.duplicated(resource["schema"]["primaryKey"]).any()


def test_nothing_is_read_where_nothing_whole_is(written: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert read_why(tmp_path_factory.mktemp("empty")) is None
    assert read_why(written) is not None
    told = json.loads((written / "why.json").read_text(encoding="utf-8"))
    (written / "why.json").write_text(json.dumps({**told, "lbpsim": "0.0.0"}), encoding="utf-8")
    assert read_why(written) is None
    (written / "why.json").write_text("{", encoding="utf-8")
    assert read_why(written) is None
    (written / "why.json").write_text(json.dumps(told), encoding="utf-8")
    (written / "held_back.csv").unlink()
    assert read_why(written) is None


def test_what_was_found_for_other_inputs_is_not_written_over_unasked(small: Study, written: Path) -> None:
    before = {path: path.read_bytes() for path in written.iterdir()}
    with pytest.raises(InputErrors, match="--overwrite"):
        explain(small, plan_decomposition(small, "cft-rollout"), Session(written, quiet_console()))
    assert {path: path.read_bytes() for path in written.iterdir()} == before


def test_damage_is_told(written: Path, caplog: pytest.LogCaptureFixture) -> None:
    (written / "why.csv").write_text("level\n", encoding="utf-8")
    assert read_why(written) is None
    assert str(written) in caplog.text and "why.csv was not written by this why.json" in caplog.text


def texts(why: Attribution) -> list[str]:
    figure = chart.draw(synthetic(years=2, replications=4), why)
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")) if text.get_text()]


def test_the_chart_steps_to_the_whole() -> None:
    why = made_up(alone={"cft.offered": (300.0, 10.0), "cft.training_places": (-100.0, 60.0)},
                  interaction=(800.0, 50.0), relaxed=RELAXED)  # fmt: skip
    bars = chart.steps(why, "qalys")
    assert [bar.label for bar in bars] == [
        *("the offer of CFT", "the training places", "what they do together"),
        "the whole policy",
    ]
    assert [bar.start for bar in bars] == [0.0, 300.0, 200.0, 0.0]
    assert bars[-2].start + bars[-2].effect.value == bars[-1].effect.value == 1000.0
    found = texts(why)
    assert "−100 (not clear)" in found
    assert "+300" in found
    assert any(text.startswith("What holds it back") for text in found)


def test_the_chart_of_one_change_that_offers_nothing() -> None:
    why = made_up(pathways=("opioids",))
    assert [bar.label for bar in chart.steps(why, "qalys")] == ["the offer of supported tapering", "the whole policy"]
    assert not any(text.startswith("What holds it back") for text in texts(why))
