"""The tables as a data package: accepted by the validator of Frictionless, and refused where a file was damaged."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lbpsim.evidence.output_tables import output_table, output_tables
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.data_package import PACKAGE
from lbpsim.report.tables import write_tables
from lbpsim.voi.decision_analysis import decide
from tests.report.decided import drawn
from tests.report.synthetic import SHIPPED

frictionless = pytest.importorskip("frictionless", reason="it takes the validator: pip install 'lbpsim[test]'")
EVERY_ERROR, GATE = 100_000, pytest.mark.gate
REFERRED_TO = ("scenarios.csv", "outcomes.csv")
FEW = 3  # parameters, of whose information the value is worked out: more take long


@pytest.fixture(scope="module")
def plain(make: Callable[..., Results], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of results without draws or decision."""
    folder = tmp_path_factory.mktemp("plain")
    write_tables(make(SHIPPED[:2], years=1, replications=1), folder)
    return folder


@pytest.fixture(scope="module")
def whole(make: Callable[..., Results], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of every table there is."""
    folder = tmp_path_factory.mktemp("whole")
    results = make(SHIPPED[:3], years=2, replications=3)
    draws = drawn(results, number=60)
    draws = dataclasses.replace(draws, parameters=draws.parameters.iloc[:, :FEW])
    write_tables(ProbabilisticResults.join(results, draws), folder, decide(results, draws))
    return folder


def problems(folder: Path) -> list[str]:
    """What the validator finds wrong in a folder: table, kind and words."""
    report = frictionless.Package(str(folder / PACKAGE)).validate(limit_errors=EVERY_ERROR)
    found = [": ".join(str(part) for part in each) for each in report.flatten(["name", "type", "message"])]
    assert bool(found) != report.valid
    return found


@pytest.mark.gate
@pytest.mark.parametrize("kind", ["plain", "whole"])
def test_the_validator_accepts_the_tables(kind: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(kind)
    assert problems(folder) == []
    assert {path.name for path in folder.glob("*.csv")} == {each["path"] for each in _told(folder)["resources"]}


def _told(folder: Path) -> dict[str, list[dict[str, object]]]:
    described: dict[str, list[dict[str, object]]] = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    return described


def _edited(folder: Path, name: str, change: Callable[[str], str], tmp_path: Path) -> list[str]:
    """What is found wrong in a copy in which the first row of a file was changed, its size and hash not told.

    The copy has that file and those to which tables refer: others, which are as they were, take most of the time.
    """
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    head, line, *rest = (copy / name).read_text(encoding="utf-8").split("\n")
    (copy / name).write_text("\n".join([head, change(line), *rest]), encoding="utf-8")
    told = _told(copy)
    told["resources"] = [each for each in told["resources"] if each["path"] in (name, *REFERRED_TO)]
    for resource in told["resources"]:
        if resource["path"] == name:
            del resource["hash"], resource["bytes"]
    (copy / PACKAGE).write_text(json.dumps(told), encoding="utf-8")
    return problems(copy)


@pytest.mark.parametrize(
    ("name", "change", "kind"),
    [
        pytest.param("summary.csv", lambda line: line.rsplit(",", 1)[0] + ",many", "type-error", marks=GATE),
        ("summary.csv", lambda line: f"{line}\n{line}", "primary-key"),
        ("summary.csv", lambda line: line.replace("usual-care", "nobody"), "foreign-key"),
        ("yearly.csv", lambda line: f"{line},1", "extra-cell"),
        pytest.param("ceac.csv", lambda line: line.replace("usual-care", "nobody"), "foreign-key", marks=GATE),
        pytest.param("convergence.csv", lambda line: f"x{line}", "type-error", marks=GATE),
    ],
)
def test_a_damaged_table_is_refused(
    whole: Path, tmp_path: Path, name: str, change: Callable[[str], str], kind: str
) -> None:
    wrong = _edited(whole, name, change, tmp_path)
    assert any(kind in problem for problem in wrong), wrong


def test_a_file_that_changed_afterwards_is_refused(whole: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(whole, tmp_path / "copy"))
    with (copy / "summary.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert any("hash" in problem or "byte" in problem for problem in problems(copy))


def test_every_error_of_an_outcome_says_what_a_zero_means() -> None:
    """Where no replication saw an event the error is 0, which must not be read as certainty."""
    every = (*output_tables("run"), output_table("why"), output_table("held_back"))
    errors = [column for table in every for column in table.columns if column.name == "mcse"]
    assert len(errors) > 8
    assert all("does not make the figure certain" in column.meaning for column in errors)
