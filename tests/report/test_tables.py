"""Tables: same bytes from same results, back from disk as written, and described column for column."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
import math
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.report.data_package import DIGITS, number_text, plain_text
from lbpsim.report.tables import write_tables
from lbpsim.study.policies import Policy
from tests.report.run_tables import frames
from tests.report.synthetic import SHIPPED

NAMED_IN_THE_CONTRACT = (
    "summary",
    "incremental",
    "frontier",
    "yearly",
    "yearly_by_group",
    "costs",
    "waiting",
    "per_person",
)


@pytest.fixture(scope="module")
def small(make: Any) -> Results:
    made: Results = make(SHIPPED[:3], years=2, replications=3)
    return made


@pytest.fixture(scope="module")
def folder(small: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outputs") / "tables"
    write_tables(small, folder)
    return folder


@pytest.fixture(scope="module")
def package(folder: Path) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return described


def test_every_table_of_the_contract_is_written(folder: Path) -> None:
    written = {path.name for path in folder.iterdir()}
    assert {f"{name}.csv" for name in NAMED_IN_THE_CONTRACT} <= written
    assert not [name for name in written if name.endswith(".part")]


def test_same_bytes_again(small: Results, folder: Path, tmp_path: Path) -> None:
    paths = write_tables(small, tmp_path)
    assert len(paths) == len(list(folder.iterdir()))
    for path in paths:
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_order_of_rows_does_not_matter(small: Results, folder: Path, tmp_path: Path) -> None:
    shuffled = Results.__new__(type(small))
    shuffled.__dict__.update(small.__dict__)
    for name in ("summary", "yearly", "costs", "waiting"):
        shuffled.__dict__[name] = getattr(small, name).sample(frac=1.0, random_state=3)
    write_tables(shuffled, tmp_path)
    for name in ("summary", "yearly", "costs", "waiting", "frontier"):
        assert (tmp_path / f"{name}.csv").read_bytes() == (folder / f"{name}.csv").read_bytes()


def test_lines_end_in_newline_alone(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        content = path.read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")


@pytest.mark.parametrize("name", NAMED_IN_THE_CONTRACT)
def test_figures_come_back(small: Results, folder: Path, name: str) -> None:
    back = pd.read_csv(folder / f"{name}.csv")
    kept = frames(small)[name]
    assert list(back.columns) == list(kept.columns)
    assert len(back) == len(kept)
    for column in kept.columns:
        if kept[column].dtype == float:
            pd.testing.assert_series_equal(back[column], kept[column], rtol=10.0 ** (1 - DIGITS), check_dtype=False)
        else:
            assert list(back[column].astype(object).fillna("").astype(str)) == list(kept[column].astype(str))


def test_comparator_comes_first_and_outcomes_keep_their_order(small: Results, folder: Path) -> None:
    summary = pd.read_csv(folder / "summary.csv")
    assert list(dict.fromkeys(summary["scenario"])) == list(small.scenarios)
    assert list(dict.fromkeys(summary["outcome"])) == list(OUTCOMES)


def test_package_describes_every_column(folder: Path, package: dict[str, Any]) -> None:
    assert {resource["path"] for resource in package["resources"]} == {path.name for path in folder.glob("*.csv")}
    for resource in package["resources"]:
        with (folder / resource["path"]).open(newline="", encoding="utf-8") as file:
            header = next(csv.reader(file))
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        assert all(field["description"].endswith(".") for field in fields)
        assert set(resource["schema"]["primaryKey"]) <= set(header)


def test_every_number_has_a_unit(package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        names = {field["name"] for field in fields}
        for field in fields:
            if field["type"] == "number":
                assert "unit" in field or "unit" in names, (resource["name"], field["name"])


def test_types_are_as_described(folder: Path, package: dict[str, Any]) -> None:
    readers = {"number": float, "integer": int, "boolean": {"true": True, "false": False}.__getitem__, "string": str}
    for resource in package["resources"]:
        with (folder / resource["path"]).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert rows
        for field in resource["schema"]["fields"]:
            for row in rows:
                if row[field["name"]]:
                    readers[field["type"]](row[field["name"]])


def test_keys_identify_rows(folder: Path, package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        table = pd.read_csv(folder / resource["path"], dtype=str)
        assert not table.duplicated(resource["schema"]["primaryKey"]).any(), resource["name"]


def test_sizes_and_hashes(folder: Path, package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_costs_add_up_to_the_societal_cost(folder: Path) -> None:
    by_year = pd.read_csv(folder / "costs.csv").groupby(["scenario", "year"])["cost"].sum()
    yearly = pd.read_csv(folder / "yearly.csv")
    whole = yearly[yearly["outcome"] == "cost_societal"].set_index(["scenario", "year"])["value"].sort_index()
    pd.testing.assert_series_equal(by_year, whole, check_names=False, rtol=1e-10)


def test_a_column_nobody_described_is_refused(small: Results, tmp_path: Path) -> None:
    odd = Results.__new__(type(small))
    odd.__dict__.update(small.__dict__)
    odd.__dict__["summary"] = small.summary.assign(surprise=1.0)
    with pytest.raises(ValueError, match=r"'summary' has the columns .*surprise"):
        write_tables(odd, tmp_path)
    assert not list(tmp_path.iterdir())


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_number_text_keeps_twelve_digits(value: float) -> None:
    text = number_text(value)
    assert "e" not in text.lower()
    assert math.isclose(float(text), value, rel_tol=10.0 ** (1 - DIGITS))


@given(st.floats(1e-5, 1e12))
def test_the_quick_way_to_write_a_number_is_that_of_numpy(value: float) -> None:
    slow = np.format_float_positional(value, precision=DIGITS, unique=True, fractional=False, trim="-")
    assert number_text(value) == slow and number_text(-value) == f"-{slow}"


def test_number_text_of_nothing() -> None:
    assert number_text(math.nan) == ""
    assert number_text(-0.0) == "0"


@pytest.mark.gate
def test_tables_take_little_memory_beside_the_sums(make: Any) -> None:
    many = make(tuple(Policy(f"policy-{n}", f"Policy {n}") for n in range(40)), years=4, replications=8)
    tracemalloc.start()
    try:
        for made in (many.summary, many.yearly, many.by_quintile):
            assert len(made)
        assert tracemalloc.get_traced_memory()[1] < 0.5 * many.totals.nbytes
    finally:
        tracemalloc.stop()


HOSTILE = ("=cmd|' /C calc'!A0", "@SUM(1)", "+1+cmd|' /C calc'!A0", "-1+1|x", "\t=1", "-HYPERLINK(A1)")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_that_a_spreadsheet_would_run_is_written_as_text(make: Any, tmp_path: Path, title: str) -> None:
    policy = dataclasses.replace(SHIPPED[0], title=title, description=f"{title} x")
    write_tables(make((policy,), years=1, replications=1), tmp_path)
    with (tmp_path / "scenarios.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == f"'{title}"
    assert not row["description"].startswith(("=", "+", "-", "@"))
    assert "apostrophe" in json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["description"]


@pytest.mark.parametrize("text", ["-4.6 RMDQ points", "-20%", "-4% to -2%", "CFT rollout", "+5 years", "'quoted'"])
def test_negative_quantities_and_plain_words_stay_as_they_are(text: str) -> None:
    assert plain_text(text) == text


def test_a_line_break_before_a_formula_does_not_hide_it() -> None:
    assert plain_text("\r=1") == "'\r=1"
