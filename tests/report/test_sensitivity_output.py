"""What `lbpsim sensitivity` writes: whole, described, the same again, and read back as it was found."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from lbpsim.commands.sensitivity import beginning, sensitivity_and_write
from lbpsim.commands.session import Session
from lbpsim.dsa import analysis as found_by
from lbpsim.dsa import plan as scopes
from lbpsim.dsa.analysis import Findings, SensitivityRequest, prepare
from lbpsim.evidence.output_tables import output_tables
from lbpsim.report import sensitivity_output as module
from lbpsim.report.charts.page import NothingToDraw
from lbpsim.report.earlier_run import refuse_other_record
from lbpsim.report.file_records import DamagedError, write_record
from lbpsim.report.sensitivity_output import Sensitivity, charts, icer_tornado, read_sensitivity
from lbpsim.report.sensitivity_text import in_words
from lbpsim.simulation import checkpoints
from lbpsim.study import InputErrors, load
from tests.cli_runner import Lbpsim
from tests.dsa.small_analysis import little, small, with_own
from tests.pathways.small_country import SCENARIOS

ASKED = SensitivityRequest(
    "cft",
    ("cft.uptake", "cft.session_cost", "biofeedback.device_cost"),
    "cft.uptake,cft.session_cost",
    ("cft.fidelity=0:1",),
)
Bytes = dict[str, bytes]


@pytest.fixture(autouse=True)
def a_small_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    scope = little()
    monkeypatch.setattr(scopes, "shipped", lambda: scope)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Findings, Path, str]:
    """Findings, the folder in which they are, and what was said; not to be changed."""
    folder, console = tmp_path_factory.mktemp("once"), Console(record=True, width=200)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scopes, "shipped", little)
        found = sensitivity_and_write(small(), Session(folder, console), ASKED, workers=1)
    return found, folder, console.export_text()


def stored(folder: Path) -> Bytes:
    """Everything in a folder but charts, which take long and are drawn from the tables, and their hashes, by name."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent.name != "charts"]
    found = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    return found | {"run.json": _without_charts(found["run.json"])} if "run.json" in found else found


def _without_charts(record: bytes) -> bytes:
    told = json.loads(record)
    told["files"] = {name: kept for name, kept in told["files"].items() if not name.startswith("charts")}
    return json.dumps({key: value for key, value in told.items() if key != "seal"}).encode()


@pytest.fixture
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts take most of the time of a small analysis; those of `once` are looked at."""
    monkeypatch.setattr(module, "_write_charts", lambda *_: {})


@pytest.mark.gate
def test_tables_are_described_column_by_column(once: tuple[Findings, Path, str]) -> None:
    _, folder, _ = once
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in told["resources"]] == [table.name for table in output_tables("sensitivity")]
    for resource in told["resources"]:
        header = (folder / resource["path"]).read_text(encoding="utf-8").splitlines()[0].split(",")
        fields = resource["schema"]["fields"]
        assert header == [field["name"] for field in fields] and all(field["description"] for field in fields)
        frame = pd.read_csv(folder / resource["path"])
        assert not frame.duplicated(resource["schema"]["primaryKey"]).any()


def test_charts_are_those_that_have_a_subject(once: tuple[Findings, Path, str]) -> None:
    found, folder, said = once
    drawn = {path.stem for path in (folder / "charts").glob("*.svg")}
    assert drawn == {path.stem for path in (folder / "charts").glob("*.png")}
    assert {"tornado_net_benefit_28033", "tornado_net_benefit_50000", "two_way"} <= drawn
    for name in {name for name, _ in charts(found)} - drawn:
        assert f"Chart {name} left out: in the base case there is no cost per QALY gained" in said


def test_what_is_read_back_is_what_was_found(once: tuple[Findings, Path, str]) -> None:
    found, folder, _ = once
    back = read_sensitivity(folder)
    assert isinstance(back, Sensitivity)
    assert (back.policy, back.people, back.seed, back.replications) == ("cft", 400, small().seed, 4)
    for table in output_tables("sensitivity"):
        mine = getattr(found, table.name).sort_values(list(table.key), kind="stable", ignore_index=True)
        read = getattr(back, table.name).sort_values(list(table.key), kind="stable", ignore_index=True)
        columns = [column.name for column in table.columns]
        pd.testing.assert_frame_equal(read[columns], mine[columns], check_dtype=False, rtol=1e-9)
    assert [path.stem for path in back.charts] == sorted(path.stem for path in (folder / "charts").glob("*.svg"))


@pytest.mark.gate
def test_any_workers_give_the_same_bytes(once: tuple[Findings, Path, str], tmp_path: Path, no_charts: None) -> None:
    sensitivity_and_write(small(), Session(tmp_path, Console(), quiet=True), ASKED, workers=3)
    assert stored(tmp_path) == stored(once[1])


@pytest.mark.gate
@pytest.mark.parametrize("stage", ["structural", "budgets"])
def test_interrupted_work_is_taken_up_and_ends_with_the_same_bytes(
    once: tuple[Findings, Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_charts: None, stage: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(found_by, stage, interrupted)
        with pytest.raises(KeyboardInterrupt):
            sensitivity_and_write(small(), Session(tmp_path, Console(), quiet=True), ASKED, workers=1)
    kept = {path.name for path in (tmp_path / "unfinished" / "variants").glob("*.kept")}
    assert len(kept) >= 7 and read_sensitivity(tmp_path) is None
    simulated: list[str] = []
    plain = checkpoints.save_arrays
    monkeypatch.setattr(
        checkpoints, "save_arrays", lambda path, **each: (simulated.append(path.name), plain(path, **each))
    )
    sensitivity_and_write(small(), Session(tmp_path, Console(), quiet=True, resume=True), ASKED, workers=1)
    assert stored(tmp_path) == stored(once[1])
    assert not kept & set(simulated), "what was finished is not simulated again"


def test_a_folder_without_a_whole_analysis_is_none(tmp_path: Path, once: tuple[Findings, Path, str]) -> None:
    assert read_sensitivity(tmp_path) is None
    copy = Path(shutil.copytree(once[1], tmp_path / "copy"))
    (copy / "uptake.csv").unlink()
    with pytest.raises(DamagedError, match=r"uptake\.csv is missing"):
        read_sensitivity(copy)
    (copy / "uptake.csv").write_text("uptake,share\nhalf,0.3\n", encoding="utf-8")
    with pytest.raises(DamagedError, match=r"uptake\.csv was not written by this run\.json"):
        read_sensitivity(copy)


def test_what_was_found_for_other_inputs_is_not_written_over_unasked(
    tmp_path: Path, once: tuple[Findings, Path, str]
) -> None:
    copy = Path(shutil.copytree(once[1], tmp_path / "copy"))
    ready = prepare(small(), ASKED)
    refuse_other_record(copy / "run.json", module.asked(ready), ready.study)  # the same again may
    other = small().with_changes(seed=small().seed + 1)
    with pytest.raises(InputErrors, match=r"(?s)seed.*--overwrite"):
        sensitivity_and_write(other, Session(copy, Console(), quiet=True), ASKED)
    with pytest.raises(InputErrors, match="parameters"):
        sensitivity_and_write(small(), Session(copy, Console(), quiet=True), replace(ASKED, patterns=("cft.uptake",)))
    assert stored(copy) == stored(once[1])


def test_without_a_grid_there_is_none(tmp_path: Path, once: tuple[Findings, Path, str]) -> None:
    copy = Path(shutil.copytree(once[1], tmp_path / "copy"))
    told = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    write_record(copy / "run.json", told, [name for name in told["files"] if name != "two_way.csv"])
    back = read_sensitivity(copy)
    assert back is not None and back.two_way is None


def test_what_files_set_themselves_is_said_before_the_work() -> None:
    words = beginning(prepare(with_own("cft", {"cft.uptake": 0.2}), SensitivityRequest("cft")))
    assert words.endswith("Not moved one at a time, as its value is set under `assume`: cft.uptake (cft).")
    assert "Not moved" not in beginning(prepare(small(), SensitivityRequest("cft")))


def test_what_is_said_names_the_policy_the_swings_and_the_turns(once: tuple[Findings, Path, str]) -> None:
    found, folder, said = once
    assert "what would change the answer for cft against usual-care. 3 parameters or groups, 400 people" in said
    for words in ("Share of those offered CFT who accept, 39.8% to 78.6%", "Fees of CFT sessions, low to high",
                  "Structure:", "Where the decision changes:", "Tables and charts are in"):  # fmt: skip
        assert words in said, words
    assert in_words(found) in said or "Net benefit of cft against usual-care at AUD 28,033 a QALY" in said
    assert str(folder) in said


def test_a_ratio_that_is_none_in_the_base_case_is_not_drawn(once: tuple[Findings, Path, str]) -> None:
    found = once[0]
    rows = found.one_way.assign(base_status="dominant: costs less, gains health")
    with pytest.raises(NothingToDraw, match="no cost per QALY gained"):
        icer_tornado(found.base, rows, "cft", "health_system")


def test_the_plainest_policy_that_offers_cft_is_looked_at() -> None:
    whole = load(str(SCENARIOS))
    assert prepare(whole, SensitivityRequest()).policy == "cft-rollout"
    assert prepare(whole, SensitivityRequest("cft-unlimited")).policy == "cft-unlimited"
    assert "cft-unlimited" not in prepare(whole, SensitivityRequest("cft-unlimited")).choices
    few = prepare(whole, SensitivityRequest(), people=2000)
    assert (few.study.people, few.study.replications) == (2000, little().replications)


def test_searches_about_cft_are_not_made_where_nobody_offers_it() -> None:
    from lbpsim.simulation.variants import among

    assert dict(prepare(among(small(), ["stewardship"]), SensitivityRequest()).searches) == {}


@pytest.mark.parametrize(
    ("policy", "words"),
    [("cft-rolout", "no policy `cft-rolout`"), ("usual-care", "no policy `usual-care` beside the comparator")],
)
def test_a_policy_that_is_not_there_is_refused(policy: str, words: str) -> None:
    with pytest.raises(InputErrors, match=re.escape(words)):
        prepare(small(), SensitivityRequest(policy))


# --- the command -----------------------------------------------------------------------------------------------------

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(lbpsim: Lbpsim) -> Command:
    """Runs `lbpsim sensitivity ...`; its exit status and all that it said."""

    def run(*words: object) -> tuple[int, str]:
        said = lbpsim("sensitivity", *words)
        return said.status, " ".join((said.out + said.err).split())

    return run


@pytest.mark.gate
def test_the_command_writes_into_the_outputs_of_the_study(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_charts: None
) -> None:
    monkeypatch.chdir(tmp_path)
    status, said = command(
        SCENARIOS / "cft-rollout.yaml", "--people", 40, "--years", 1, "--parameters", "cft.uptake,cft.attr*"
    )
    assert status == 0, said
    back = read_sensitivity(tmp_path / "outputs" / "australia" / "sensitivity")
    assert back is not None and back.policy == "cft-rollout" and back.people == 40
    assert set(back.one_way["parameter"]) == {"cft.uptake", "cft.attrition"}
    assert not (tmp_path / "outputs" / "australia" / "sensitivity" / "unfinished").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--policy", "cft-rolout"], "Did you mean `cft-rollout`"),
        (["--parameters", "cft.uptak"], "Did you mean `cft.uptake`"),
        (["--two-way", "cft.uptake"], "two different parameters"),
        (["--switch", "cft.uptake=1:0"], "lower end first"),
        (["--people", "0"], "0 is not a number of people"),
    ],
)
def test_wrong_options_end_with_status_2_and_leave_nothing(
    command: Command, tmp_path: Path, options: list[str], words: str
) -> None:
    status, said = command(SCENARIOS / "cft-rollout.yaml", "--out", tmp_path / "out", *options)
    assert status == 2 and words in said and "Traceback" not in said
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_killed_work_is_taken_up_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    """SIGKILL at three moments, whatever it is doing then; the last run goes on from what was finished."""
    words = [sys.executable, "-m", "lbpsim.cli", "sensitivity", str(SCENARIOS / "cft-rollout.yaml"), "--years", "1",
             "--people", "200", "--parameters", "cft.*", "--quiet", "--resume", "--out"]  # fmt: skip
    subprocess.run([*words, str(tmp_path / "whole")], check=True)
    for least in (1, 12, 30):
        _kill_when(tmp_path / "killed", least, [*words, str(tmp_path / "killed")])
        assert read_sensitivity(tmp_path / "killed") is None
    subprocess.run([*words, str(tmp_path / "killed")], check=True)
    assert stored(tmp_path / "killed") == stored(tmp_path / "whole")


def _kill_when(folder: Path, least: int, words: list[str]) -> None:
    """Kill a run once so many simulations are kept."""
    with subprocess.Popen(words) as running:
        while running.poll() is None and len(list(folder.glob("unfinished/variants/*.kept"))) < least:
            time.sleep(0.01)
        assert running.poll() is None, "it ended before it could be killed"
        running.kill()
