"""The pages on verification and on reporting standards keep up with what they tell of."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.docs.sources import script


def test_reporting_standards_are_as_they_would_be_written() -> None:
    assert script("standards").outdated() == [], "run `python docs/standards.py`"


def test_every_item_of_a_standard_is_answered() -> None:
    standards = script("standards").yaml.safe_load(script("standards").SOURCE.read_text(encoding="utf-8"))
    counted = {name: len(one["items"]) for name, one in standards.items()}
    assert counted == {"cheers-2022": 29, "stress-des": 24, "advishe": 13, "ispor-validation": 5}
    for one in standards.values():
        assert {len(script("standards").row(item)) for item in one["items"]} == {len(one["header"])}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("command run", True),
        ("command fly", False),
        ("option run --people", True),
        ("option run --wings", False),
        ("option fly --people", False),
        ("table summary", True),
        ("table winter", False),
        ("file model.md", True),
        ("file winter.md", False),
    ],
)
def test_what_exists_is_known(condition: str, expected: bool) -> None:
    assert script("standards").holds(condition) is expected


def test_a_condition_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with none of"):
        script("standards").holds("weather fine")


def test_the_summary_counts_what_was_found(tmp_path: Path) -> None:
    verdicts = {"a": ["pass", "pass"], "b": ["pass", "miss"], "c": ["not judged"]}
    rows = [
        {"check": check, "part": "1. The engine", "title": check, "against": "theory", "verdict": verdict}
        for check, each in verdicts.items()
        for verdict in each
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "verification.csv", index=False)
    (tmp_path / "tests.xml").write_text("<testsuites><testsuite/></testsuites>", encoding="utf-8")
    head = "file,line,function,deleted,verdict,noticed_by,seconds\n"
    (tmp_path / "mutants.csv").write_text(f"{head}a.py,3,f,branch,survived,,1\na.py,4,f,branch,noticed,t,1\n")
    parts = script("verification").parts(tmp_path)
    assert "of 3 checks 1 pass, 1 fail, 0 are inconclusive and 1 cannot be judged" in parts["counts"]
    assert "| The engine | b | theory | 2 | **fails** |" in parts["checks"]
    assert "1 of 2 deletions were noticed" in parts["mutants"]
    assert "`a.py`, `f`" in parts["mutants"]
    assert parts["tech-ver"].count("**missing**") > 40


def test_without_results_nothing_is_written(tmp_path: Path) -> None:
    assert script("verification").parts(tmp_path) == {}
