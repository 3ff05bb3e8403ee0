"""The fast book: every check passes, the page stands alone, and a wrong answer is noticed."""

from __future__ import annotations

import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lbpsim.commands import verify
from lbpsim.report import verification_page as page
from lbpsim.verification import closed_forms, engines, queues, randomness, tech_ver, time_to_event
from lbpsim.verification.check import (
    Check,
    CheckedFigure,
    above,
    below,
    between,
    book,
    close,
    deviation,
    exactly,
    probability,
    reported,
    sampled,
    worst,
)
from lbpsim.verification.models import bulk_queue, sick_sicker


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fast book, written."""
    home = tmp_path_factory.mktemp("book") / "new" / "folder"
    assert verify.write(home, fast=True) == "pass"
    return home


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    return (folder / page.PAGE_FILE).read_text(encoding="utf-8")


@pytest.mark.gate
def test_every_check_has_a_figure_a_rule_and_passes_or_says_why_not(folder: Path) -> None:
    table = pd.read_csv(folder / page.TABLE_FILE)
    assert tuple(table.columns) == page.COLUMNS
    by_check = table.groupby("check")["verdict"].agg(set)
    assert len(by_check) >= 16
    assert set(by_check.index) == set(book()) - {"corridor"}  # which is in the full book only
    assert {name for name, verdicts in by_check.items() if verdicts == {"not judged"}} == {"star"}
    assert by_check.drop("star").map(lambda verdicts: verdicts <= {"pass", "not judged"}).all()
    assert (table["rule"].str.len() > 4).all()


@pytest.mark.gate
def test_the_page_is_one_file_that_asks_for_nothing_else(text: str) -> None:
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="(?!#)', text.replace('xlink:href="#', 'href="#'))
    assert "url(http" not in text
    assert text.count("<svg ") == text.count("<article") - 1  # all but the one that cannot be reproduced


@pytest.mark.gate
def test_the_page_can_be_read_aloud(text: str) -> None:
    headings = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert text.count('role="img" aria-label="') == text.count("<svg ")
    assert '<html lang="en">' in text
    assert "@media print" in text


@pytest.mark.gate
def test_the_page_is_well_formed(text: str) -> None:
    """Every element is closed, as in XML: nothing depends on how a browser mends a page."""
    page = ET.fromstring(text.removeprefix("<!DOCTYPE html>\n"))
    rows = [len(row) for table in page.iter("table") for row in table.iter("tr")]
    assert len(rows) > 150
    assert {len(row) for table in page.iter("table") for row in table.iter("tr")} <= {3, 4, 7}


@pytest.mark.gate
def test_names_of_parts_are_unique_and_lead_somewhere(text: str) -> None:
    names = re.findall(r'\bid="([^"]+)"', text)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(names)


@pytest.mark.gate
def test_what_cannot_be_reproduced_says_so(text: str) -> None:
    assert "cannot be reproduced: inputs not at hand" in text


# --- the rules can tell right from wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comparison", "verdict"),
    [
        (exactly("", "", 3, 3), "pass"),
        (exactly("", "", 3, 4), "miss"),
        (close("", "", 1.0, 1.004, within=0.005), "pass"),
        (close("", "", 1.0, 1.006, within=0.005), "miss"),
        (close("", "", 1.0, float("nan"), within=0.005), "miss"),
        (sampled("", "", 1.0, 1.03, 0.01, margin=0.05), "pass"),
        (sampled("", "", 1.0, 1.05, 0.01, margin=0.05), "miss"),
        (sampled("", "", 1.0, 1.03, 0.02, margin=0.05), "inconclusive"),
        (sampled("", "", 1.0, float("nan"), 0.02, margin=0.05), "miss"),
        (deviation("", 3.9), "pass"),
        (deviation("", -4.1), "miss"),
        (deviation("", float("nan")), "miss"),
        (probability("", 0.002), "pass"),
        (probability("", 0.0009), "miss"),
        (above("", "", 1.0, 1.0), "miss"),
        (above("", "", 1.0, 1.1), "pass"),
        (below("", "", 1.0, 1.0), "pass"),
        (below("", "", 1.0, 1.1), "miss"),
        (between("", "", 0.5, 0.65, 0.5), "pass"),
        (between("", "", 0.5, 0.65, 0.66), "miss"),
        (between("", "", 0.5, 0.65, float("nan")), "miss"),
        (reported("", "", 1.0, 2.0, "why"), "not judged"),
    ],
)
def test_rules(comparison: CheckedFigure, verdict: str) -> None:
    assert comparison.verdict == verdict


def test_a_bound_stands_in_the_rule_and_is_no_expected_figure() -> None:
    bounded = [
        probability("", 0.5),
        above("", "", 1_000, 2_000),
        below("", "", 0.0970354, 0.08),
        between("", "", 0, 1, 1),
    ]
    assert [one.rule for one in bounded] == ["above 0.001", "above 1,000", "at most 0.09704", "0 to 1"]
    assert all(math.isnan(one.expected) for one in bounded)


@pytest.mark.gate
def test_hazards_are_tried_with_luck_of_their_own() -> None:
    """The same uniforms, stretched, would be one test printed three times."""
    means = [one.observed for one in time_to_event.hazards(200).comparisons if one.quantity.endswith("a year: mean")]
    assert len(means) == len(set(means)) == len(time_to_event.CONSTANT)


def test_one_miss_spoils_the_book() -> None:
    assert worst(["pass", "inconclusive", "miss"]) == "miss"
    assert worst(["pass", "not judged", "inconclusive"]) == "inconclusive"
    assert worst(["not judged"]) == "not judged"


@pytest.mark.gate
def test_a_biased_engine_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def biased(people: int, inputs: Any) -> tuple[Any, Any]:
        costs, qalys = honest(people, inputs)
        return costs * 1.03, qalys

    honest = closed_forms.live_sick_sicker
    monkeypatch.setattr(closed_forms, "live_sick_sicker", biased)
    assert closed_forms.sick_sicker_check(20_000, errors=4.0, margin=0.03).verdict == "miss"


def test_an_uneven_generator_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = randomness.stream
    monkeypatch.setattr(randomness, "stream", lambda number, **ways: honest(number, **ways) ** 1.05)
    assert randomness.coverage(20_000).verdict == "miss"


def test_related_streams_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = randomness.stream
    monkeypatch.setattr(randomness, "stream", lambda number, *, along, later="": honest(number, along=along))
    assert randomness.streams(5_000).verdict == "miss"


def test_a_clinic_that_loses_people_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = queues._flow

    def losing(*parts: Any) -> queues.Flow:
        flow = honest(*parts)
        return replace(flow, waiting=np.maximum(flow.waiting - 1.0, 0.0))

    monkeypatch.setattr(queues, "_flow", losing)
    assert queues.conservation(60).verdict == "miss"


def test_a_policy_that_acts_too_early_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "events_apart", lambda one, other: np.array([0.2, 2.0]))
    assert engines.untouched(50).verdict == "miss"


def test_the_second_philox_is_not_the_first() -> None:
    """A check against itself would pass whatever the truth."""
    assert (
        "philox("
        not in Path(randomness.__file__).read_text(encoding="utf-8").split("def by_the_paper")[1].split("def ")[0]
    )


def test_the_stationary_law_is_a_law() -> None:
    for rate, places in queues.CASES.values():
        law = bulk_queue.stationary_law(rate, places)
        assert law.min() > -1e-15
        assert law.sum() == pytest.approx(1.0, rel=1e-12)


def test_exact_answers_agree_with_each_other() -> None:
    inputs = sick_sicker.new_inputs(horizon=20.0)
    assert closed_forms.by_integration(inputs) == pytest.approx(sick_sicker.exact(inputs), rel=1e-7)


# --- the checklist ---------------------------------------------------------------------------------------------------


def junit(path: Path, cases: list[tuple[str, str, str, str]]) -> Path:
    """A file of results: (class name, name, what went wrong or "", what the test says of the checklist or "")."""
    suite = ET.Element("testsuite")
    for where, name, wrong, told in cases:
        case = ET.SubElement(suite, "testcase", classname=where, name=name)
        if told:
            properties = ET.SubElement(case, "properties")
            ET.SubElement(properties, "property", name="TECH-VER", value=told)
        if wrong:
            ET.SubElement(case, wrong)
    ET.ElementTree(suite).write(path)
    return path


def test_results_are_those_of_all_cases_of_a_test(tmp_path: Path) -> None:
    file = junit(
        tmp_path / "tests.xml",
        [
            ("tests.pathways.test_life", "test_the_dead_stay_dead", "", "TECH-VER, events and states: the dead."),
            ("tests.outcomes.test_x", "test_y[a]", "", "TECH-VER, uncertainty: CEACs sum to 1."),
            ("tests.outcomes.test_x", "test_y[b]", "failure", "TECH-VER, uncertainty: CEACs sum to 1."),
            ("tests.outcomes.test_x", "test_z", "skipped", "TECH-VER, results: something else."),
        ],
    )
    tested = tech_ver.results(file)
    assert tested["outcomes/test_x::test_y"] == tech_ver.Tested("fail", 2, "TECH-VER, uncertainty: CEACs sum to 1.")
    rows = {row.item.text: row for row in tech_ver.table(tested)}
    assert rows["The dead stay dead"].status == "pass"
    assert rows["CEACs sum to 1 at every threshold, ties broken by order"].status == "fail"
    assert rows["Counts are never negative"].status == "missing"
    assert tech_ver.unlisted(tested) == ["outcomes/test_x::test_z"]


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [(["noticed", "noticed"], "pass"), (["noticed", "survived"], "fail"), (["survived the quick tests"], "fail")],
)
def test_deletions_are_judged_by_the_table_of_all_of_them(tmp_path: Path, verdicts: list[str], status: str) -> None:
    beside = tmp_path / tech_ver.LEFT_BY_VERIFY
    beside.mkdir()
    junit(
        beside / tech_ver.TESTS_FILE,
        [("tests.mutation.test_mutants", "test_every_branch_of_the_rules_is_found", "", "")],
    )
    deleting = "Deleting the effect of any branch of the code makes some test fail"

    def row() -> tech_ver.ChecklistRow:
        return {row.item.text: row for row in tech_ver.table(tech_ver.found_in(tmp_path / "validation"))}[deleting]

    assert row().status == "not run"
    pd.DataFrame({"verdict": verdicts}).to_csv(beside / tech_ver.DELETIONS_FILE, index=False)
    assert row().status == status


def test_the_checklist_counts_in_the_verdict(tmp_path: Path) -> None:
    everything = {name: tech_ver.Tested("pass", 1) for item in tech_ver.items() for name in item.tests}
    told = {word: tech_ver.Tested("pass", 1, word) for item in tech_ver.items() for word in item.told}
    passing = {**everything, **told, tech_ver.DELETIONS: tech_ver.Tested("pass", 146)}
    assert tech_ver.verdict(passing) == "pass"
    assert tech_ver.verdict({**passing, next(iter(everything)): tech_ver.Tested("fail", 1)}) == "miss"
    assert tech_ver.verdict({name: one for name, one in passing.items() if name != tech_ver.DELETIONS}) == "pass"
    assert tech_ver.verdict({name: one for name, one in passing.items() if name not in told}) == "miss"
    assert tech_ver.verdict({**passing, next(iter(everything)): tech_ver.Tested("skipped", 1)}) == "inconclusive"
    assert tech_ver.verdict(None) == "not judged"


def test_what_is_not_the_table_of_deletions_is_refused(tmp_path: Path) -> None:
    junit(tmp_path / tech_ver.TESTS_FILE, [])
    (tmp_path / tech_ver.DELETIONS_FILE).write_text("all well", encoding="utf-8")
    with pytest.raises(tech_ver.UnreadableResultsError, match="does not hold the verdicts of deletions"):
        tech_ver.found_in(tmp_path)


def test_without_results_nothing_is_claimed() -> None:
    assert {row.status for row in tech_ver.table(None)} <= {"not run", "missing"}


def test_what_is_not_a_file_of_results_is_refused(tmp_path: Path) -> None:
    (tmp_path / tech_ver.TESTS_FILE).write_text("all well", encoding="utf-8")
    with pytest.raises(tech_ver.UnreadableResultsError, match="does not hold results of tests"):
        verify.write(tmp_path, fast=True)


def functions() -> Iterator[str]:
    """Every test function of the package, as the checklist names them."""
    tests = Path(__file__).parents[1]
    for file in tests.rglob("test_*.py"):
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE):
            yield f"{file.relative_to(tests).with_suffix('').as_posix()}::{name}"


def test_every_test_that_the_checklist_names_exists() -> None:
    named = {name for item in tech_ver.items() for name in item.tests}
    assert sorted(named - set(functions())) == []
    assert len(tech_ver.items()) > 50


@pytest.mark.gate
def test_tests_tell_what_they_cover(tmp_path: Path) -> None:
    (tmp_path / "test_told.py").write_text(
        'def test_one():\n    """TECH-VER, results: a\n    b."""\n\ndef test_two(): ...\n'
        '\ndef example():\n    """\n    >>> 1 + 1\n    2\n    """\n'
    )
    plugin = ["-p", "lbpsim.verification.pytest_plugin", "-p", "no:cacheprovider"]
    call = [sys.executable, "-m", "pytest", "-q", "--doctest-modules", *plugin, "--junitxml", "out.xml", "test_told.py"]
    subprocess.run(call, cwd=tmp_path, check=True, capture_output=True)
    told = {name: one.told for name, one in tech_ver.results(tmp_path / "out.xml").items()}
    assert told.pop("test_told::test_told.example") == ""
    assert told == {"test_told::test_one": "TECH-VER, results: a b.", "test_told::test_two": ""}


def test_a_check_without_comparisons_is_not_a_pass() -> None:
    assert Check("x", (), None, "engine", "", "", "").verdict == "not judged"
