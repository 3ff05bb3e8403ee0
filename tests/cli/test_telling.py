"""Commands that tell what is there: check, parameters, trace, report, schema, diff."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lbpsim.simulation.replication import PreparedStudy
from tests.cli.conftest import SHIPPED, assert_wrong_input
from tests.cli_runner import Lbpsim


def test_check_says_in_words_what_each_policy_changes(lbpsim: Lbpsim) -> None:
    said = lbpsim("check", SHIPPED)
    assert (said.status, said.err) == (0, "")
    words = " ".join(said.out.split())
    for policy in SHIPPED.glob("*.yaml"):
        assert policy.stem == "study" or f"{policy.stem}:" in words
    assert (
        "From 1 January 2027 CFT is offered at 10% of eligible consultations, rising to 60% by 1 January 2031" in words
    )
    assert "usual-care: Usual care, the comparator" in words


def test_check_runs_nothing(lbpsim: Lbpsim, monkeypatch: pytest.MonkeyPatch) -> None:
    def simulated(*_: Any, **__: Any) -> None:
        raise AssertionError("check simulates")

    monkeypatch.setattr(PreparedStudy, "simulate_all", simulated)
    assert lbpsim("check", SHIPPED).status == 0


def test_parameters_lists_them_all(lbpsim: Lbpsim) -> None:
    from lbpsim.evidence import parameters

    said = lbpsim("parameters")
    assert (said.status, said.err) == (0, "")
    assert f"{len(parameters())} parameters" in said.out
    assert all(name in said.out for name in parameters())


def test_parameters_as_csv(lbpsim: Lbpsim) -> None:
    from lbpsim.evidence import parameters

    said = lbpsim("parameters", "--csv", "--grade", "assumption")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert said.status == 0
    assert [row["name"] for row in rows] == [name for name, p in parameters().items() if p.grade == "assumption"]
    assert {row["grade"] for row in rows} == {"assumption"}


def test_one_parameter_in_full(lbpsim: Lbpsim) -> None:
    said = lbpsim("parameters", "cft.uptake")
    assert said.status == 0
    for words in ("cft.uptake", "60%", "beta(13.8, 9.2)", "assumption"):
        assert words in said.out


def test_parameters_about_something(lbpsim: Lbpsim) -> None:
    """The beginning of names, or a word that stands in labels alone."""
    assert "cft.rmdq_week13" in lbpsim("parameters", "cft").out
    shown, listed = lbpsim("parameters", "utility"), lbpsim("parameters", "utility", "--csv")
    assert (shown.status, listed.status) == (0, 0)
    names = [row["name"] for row in csv.DictReader(io.StringIO(listed.out))]
    assert "quality.slope" in names and "cft.fidelity" not in names
    assert all(name in shown.out for name in names)
    derived = lbpsim("parameters", "utility", "--grade", "derived", "--csv").out
    assert {row["grade"] for row in csv.DictReader(io.StringIO(derived))} == {"derived"}


@pytest.mark.parametrize("more", [(), ("--csv",)])
def test_a_parameter_that_is_not_there(lbpsim: Lbpsim, more: tuple[str, ...]) -> None:
    assert_wrong_input(
        lbpsim("parameters", "cft.uptak", *more), 'no parameter has "cft.uptak"', "did you mean cft.uptake"
    )


@pytest.mark.parametrize("more", [(), ("--csv",)])
def test_a_grade_that_is_not_there(lbpsim: Lbpsim, more: tuple[str, ...]) -> None:
    assert_wrong_input(lbpsim("parameters", "--grade", "assumptoin", *more), "assumptoin", 'did you mean "assumption"')


def test_a_name_and_a_grade_are_not_asked_together_in_silence(lbpsim: Lbpsim) -> None:
    """cft.uptake is an assumption: to show it under another grade would ignore what was asked."""
    said = lbpsim("parameters", "cft.uptake", "--grade", "trial")
    assert said.status == 2 or "60%" not in said.out


def test_trace_shows_lives_side_by_side(lbpsim: Lbpsim, study: Path) -> None:
    said = lbpsim("trace", study, "--person", 3)
    assert (said.status, said.err) == (0, "")
    words = " ".join(said.out.split())
    assert "Person 3" in words and "2026-01-01" in words
    assert "usual-care" in words and "cft-unlimited" in words
    assert "QALYs, discounted" in words


def test_trace_shows_the_whole_of_lives_when_asked(lbpsim: Lbpsim, study: Path) -> None:
    to_parting, whole = (
        lbpsim("trace", study, "--person", n, "--people", 60, *more) for n in (1,) for more in ((), ("--whole",))
    )
    assert whole.status == to_parting.status == 0
    assert len(whole.out.splitlines()) >= len(to_parting.out.splitlines())
    assert "end of the study" in " ".join(whole.out.split()) or "death" in whole.out


@pytest.mark.parametrize("person", ["-1", "1000000"])
def test_trace_of_nobody(lbpsim: Lbpsim, study: Path, person: str) -> None:
    said = lbpsim("trace", study, "--person", person)
    assert_wrong_input(said, f"there is no person {person} in this study", "the highest number near it is")


def test_trace_needs_a_person(lbpsim: Lbpsim, study: Path) -> None:
    assert_wrong_input(lbpsim("trace", study), "Missing option", "--person")
    assert_wrong_input(lbpsim("trace", study, "--person", "Ann"), "--person", "whole number")


def test_a_chart_of_a_life_goes_over_nothing_else_unasked(lbpsim: Lbpsim, study: Path, tmp_path: Path) -> None:
    chart = tmp_path / "life.svg"
    words = ("trace", study, "--people", 60, "--chart", chart, "--person")
    assert lbpsim(*words, 3).status == 0 and lbpsim(*words, 3).status == 0
    before = chart.read_bytes()
    assert_wrong_input(lbpsim(*words, 4), "life.svg is there and holds something else", "--overwrite")
    assert chart.read_bytes() == before
    assert lbpsim(*words, 4, "--overwrite").status == 0 and chart.read_bytes() != before


@pytest.mark.gate
@pytest.mark.usefixtures("few_charts")
def test_report_writes_the_same_again_without_simulating(
    lbpsim: Lbpsim, outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulated(*_: Any, **__: Any) -> None:
        raise AssertionError("report simulates")

    before = {path.name: path.read_bytes() for path in (outputs / "tables").iterdir()}
    shutil.rmtree(outputs / "tables")
    shutil.rmtree(outputs / "charts")
    monkeypatch.setattr(PreparedStudy, "simulate_all", simulated)
    said = lbpsim("report", outputs)
    assert (said.status, said.err) == (0, "")
    assert {path.name: path.read_bytes() for path in (outputs / "tables").iterdir()} == before
    assert list((outputs / "charts").glob("*.svg"))
    assert str(outputs) in said.out


@pytest.mark.parametrize("missing", ["run.json", "results.npz"])
def test_report_of_an_unfinished_run(lbpsim: Lbpsim, outputs: Path, missing: str) -> None:
    (outputs / missing).unlink()
    assert_wrong_input(lbpsim("report", outputs), "does not hold the results of a finished run", missing)


def spoil_version(folder: Path) -> None:
    """As a version would write that knew other outcomes and called a setting by another name."""
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    told["lbpsim"] = "99.0.0"
    told["study"]["horizon"] = told["study"].pop("years")
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")


def spoil_outcomes(folder: Path) -> None:
    """Sums of a version that counted one outcome fewer: they must not be read under the wrong names."""
    import numpy as np

    with np.load(folder / "results.npz") as stored:
        sums = dict(stored)
    np.savez_compressed(
        folder / "results.npz", **sums | {"totals": sums["totals"][..., :-1], "national": sums["national"][..., :-1]}
    )
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(told | {"lbpsim": "0.0.1"}), encoding="utf-8")


def spoil_number(folder: Path) -> None:
    """The same shapes under another version number: outcomes may stand in another order."""
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(told | {"lbpsim": "0.0.1"}), encoding="utf-8")


@pytest.mark.usefixtures("no_charts")
@pytest.mark.parametrize("spoil", [spoil_version, spoil_outcomes, spoil_number])
def test_report_of_another_version(lbpsim: Lbpsim, outputs: Path, spoil: Callable[[Path], None]) -> None:
    spoil(outputs)
    said = lbpsim("report", outputs)
    assert said.status in (1, 2), said
    assert "Traceback" not in said.err
    told = json.loads((outputs / "run.json").read_text(encoding="utf-8"))
    assert "version" in said.words and told["lbpsim"] in said.words


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"study": 5}', b"\xff\xfe"])
def test_report_of_a_damaged_run_file(lbpsim: Lbpsim, outputs: Path, content: bytes) -> None:
    (outputs / "run.json").write_bytes(content)
    said = lbpsim("report", outputs)
    assert said.status in (1, 2), said
    assert "Traceback" not in said.err and str(outputs.name) in said.words


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half", b"no archive"])
def test_report_of_damaged_sums(lbpsim: Lbpsim, outputs: Path, content: bytes) -> None:
    (outputs / "results.npz").write_bytes(content)
    said = lbpsim("report", outputs)
    assert said.status in (1, 2), said
    assert "Traceback" not in said.err and str(outputs.name) in said.words


def test_schema_is_a_schema(lbpsim: Lbpsim) -> None:
    said = lbpsim("schema")
    assert (said.status, said.err) == (0, "")
    jsonschema.Draft202012Validator.check_schema(json.loads(said.out))
