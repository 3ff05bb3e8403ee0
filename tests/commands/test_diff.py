"""`lbpsim diff`: kinds that go together, inputs and outcomes that differ, and their errors."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from lbpsim.commands.diff import CannotCompareError, as_json, compare
from lbpsim.explain.run_differences import FilesApart, ResultsApart
from lbpsim.outcomes.results import Results
from lbpsim.report.diff_text import in_words
from lbpsim.report.file_names import STORED
from lbpsim.report.file_records import write_record
from lbpsim.report.outputs import NoResultsError, store
from lbpsim.report.provenance import RUN_FILE, provenance
from lbpsim.simulation.run import run_study
from lbpsim.study import InputErrors, load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ROLLOUT, SENSORS = SCENARIOS / "cft-rollout.yaml", SCENARIOS / "cft-biofeedback.yaml"


def said(found: FilesApart | ResultsApart) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        for part in in_words(found):
            console.print(part, markup=False, highlight=False)
    return capture.get()


# --- files -----------------------------------------------------------------------------------------------------------


def test_two_policies() -> None:
    found = compare(ROLLOUT, SENSORS)
    assert isinstance(found, FilesApart)
    assert [each.key for each in found.differences] == ["title", "description", "cft.biofeedback"]
    text = said(found)
    assert "3 settings differ." in text
    assert "cft.biofeedback (whether courses use movement-sensor biofeedback)\n  no -> yes" in text
    assert "Said of B only" in text and "CFT with movement-sensor biofeedback is offered" in text


def test_a_policy_and_itself() -> None:
    found = compare(ROLLOUT, ROLLOUT)
    assert isinstance(found, FilesApart) and found.differences == ()
    assert "No differences." in said(found)


def test_two_studies(tmp_path: Path) -> None:
    for file in ("study.yaml", "usual-care.yaml", "cft-rollout.yaml"):
        text = (SCENARIOS / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(text.replace("seed: 20250805", "seed: 9").replace("2027: 400", "2027: 500"))
    found = compare(SCENARIOS, tmp_path / "study.yaml")
    assert isinstance(found, FilesApart)
    told = {(each.where, each.key, each.change) for each in found.differences}
    assert {("study", "seed", "changed"), ("cft-rollout", "cft.training_places", "changed")} <= told
    assert ("surgery-restraint", "", "removed") in told
    assert "surgery-restraint: (a policy of the study)" in said(found)
    assert "cft-rollout: cft.training_places (how many physiotherapists" in said(found)


def test_policies_of_two_studies_tell_what_their_studies_differ_in(tmp_path: Path) -> None:
    for file in ("study.yaml", "usual-care.yaml", "cft-rollout.yaml"):
        text = (SCENARIOS / file).read_text(encoding="utf-8").replace("years: 10", "years: 5")
        (tmp_path / file).write_text(text, encoding="utf-8")
    found = compare(ROLLOUT, tmp_path / "cft-rollout.yaml")
    assert isinstance(found, FilesApart)
    assert [(each.where, each.key) for each in found.differences] == [("study", "years")]


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (ROLLOUT, SCENARIOS, r"is a policy file, and .* is a study; give two"),
        (ROLLOUT, SCENARIOS / "cft-rolout.yaml", r"no file or folder .*Did you mean `.*cft-rollout.yaml`"),
        (ROLLOUT, SCENARIOS.parent / "pyproject.toml", r"neither a scenario file .* nor a folder"),
        (ROLLOUT, SCENARIOS.parent / "docs" / "images", r"holds neither scenario files nor the results"),
    ],
)
def test_what_cannot_be_compared(a: Path, b: Path, message: str) -> None:
    with pytest.raises(CannotCompareError, match=message):
        compare(a, b)


def test_wrong_files_are_told_as_everywhere(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("name: x\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("titel: A\n", encoding="utf-8")
    with pytest.raises(InputErrors, match="titel"):
        compare(tmp_path / "a.yaml", ROLLOUT)


# --- folders of results ----------------------------------------------------------------------------------------------


def saved(results: Results, folder: Path, **told: Any) -> Path:
    """What `lbpsim diff` reads of a run."""
    from datetime import UTC, datetime

    folder.mkdir()
    store(results, folder)
    write_record(folder / RUN_FILE, provenance(results, started=datetime.now(tz=UTC)) | told, [STORED])
    return folder


@pytest.fixture(scope="module")
def small() -> Results:
    study = load(SCENARIOS)
    two = dataclasses.replace(study, policies=(study.policies[0], study.policy("cft-unlimited")))
    return run_study(two.with_changes(people=60, years=2, replications=3), workers=1)


def test_two_folders_of_results(small: Results, tmp_path: Path) -> None:
    a = saved(small, tmp_path / "a")
    other = run_study(dataclasses.replace(small.study, assume={"cft.uptake": 0.9}, seed=5), workers=1)
    b = saved(other, tmp_path / "b", registry_hash="sha256:other")
    found = compare(a, b / RUN_FILE)
    assert isinstance(found, ResultsApart)
    told = {(each.where, each.key): (each.before, each.after) for each in found.inputs}
    assert told["study", "seed"] == ("20250805", "5")
    assert told["study", "assume.cft.uptake"] == ("not set, so 60%", "90%")
    assert told["run", "registry_hash"][1] == "sha256:other"
    assert ("parameters", "cft.uptake") not in told  # told already
    read = json.loads(as_json(found))
    assert read["kind"] == "results" and read["random_numbers"] == "independent"
    assert {row["scenario"] for row in read["outcomes"]} == {"usual-care", "cft-unlimited"}


def test_parameters_of_another_registry_are_told(small: Results, tmp_path: Path) -> None:
    values = small.study.values(small.study.policies[0])
    a = saved(small, tmp_path / "a")
    b = saved(small, tmp_path / "b", parameters=values | {"cft.uptake": 0.7}, packages={"numpy": "1.0"})
    found = compare(a, b)
    assert isinstance(found, ResultsApart)
    told = {each.key: (each.before, each.after) for each in found.inputs if each.where == "parameters"}
    assert told == {"cft.uptake": ("60%", "70%")}
    assert any(each.key == "packages.numpy" for each in found.inputs)
    assert found.same == small.scenarios
    assert "No inputs differ" not in said(found)


def test_a_run_and_itself(small: Results, tmp_path: Path) -> None:
    a = saved(small, tmp_path / "a")
    text = said(compare(a, a))
    assert "No inputs differ." in text
    assert "No differences in results." in text


def test_results_and_files_are_not_mixed(small: Results, tmp_path: Path) -> None:
    with pytest.raises(CannotCompareError, match="is a study"):
        compare(saved(small, tmp_path / "a"), SCENARIOS)


def test_results_that_cannot_be_read(small: Results, tmp_path: Path) -> None:
    a = saved(small, tmp_path / "a")
    with pytest.raises(NoResultsError, match="were written by version"):
        compare(a, saved(small, tmp_path / "b", lbpsim="0.0.0"))
    (a / "results.npz").unlink()
    with pytest.raises(NoResultsError, match="finished run"):
        compare(a, a)
