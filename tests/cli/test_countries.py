"""Countries on the command line: what one borrows, a study to start from, what is said of a wrong name."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from lbpsim.evidence.listing import BORROWED_COLUMNS
from lbpsim.evidence.shipped_countries import from_name, names
from tests.cli.conftest import assert_wrong_input
from tests.cli_runner import Lbpsim
from tests.evidence.made_up import edit, write_pack


@pytest.mark.parametrize("width", [80, 300])
def test_what_a_country_borrows_is_listed(lbpsim: Lbpsim, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    said = lbpsim("parameters", "--country", "england", "--borrowed")
    assert (said.status, said.err) == (0, "")
    england = from_name("england")
    assert f"England borrows {len(england.borrowed)} numbers and tables from Australia" in said.out
    assert all(name in said.out for name in england.borrowed), "no name is cut"
    for words in ("GBP", "AUD 12,000 (2024), graded assumption", "by purchasing power"):
        assert words in " ".join(said.out.split())


def test_what_a_country_borrows_as_csv(lbpsim: Lbpsim) -> None:
    said = lbpsim("parameters", "--country", "United States", "--borrowed", "--csv")
    assert (said.status, said.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert tuple(rows[0]) == BORROWED_COLUMNS
    country = from_name("usa")
    assert [row["name"] for row in rows] == [name for name in country.borrowed if not name.endswith(".csv")]
    for row in rows:
        assert row["how"] == country.borrowed[row["name"]] and "graded" in row["there"]
        assert ("USD" in row["value"]) == ("AUD" in row["there"]), "money is in the country's currency"


def test_a_word_chooses_among_what_is_borrowed(lbpsim: Lbpsim) -> None:
    said = lbpsim("parameters", "--country", "england", "--borrowed", "--csv", "surgery.wait_median")
    assert [row["name"] for row in csv.DictReader(io.StringIO(said.out))] == ["surgery.wait_median"]


def test_tables_that_a_pack_of_one_s_own_borrows_are_listed(lbpsim: Lbpsim, tmp_path: Path) -> None:
    said = lbpsim("parameters", "--country", write_pack(tmp_path / "zealand"), "--borrowed", "--csv")
    assert (said.status, said.err) == (0, "")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(said.out))}
    assert rows["life_table.csv"]["value"] == "a table" and rows["life_table.csv"]["there"] == "Australia"
    assert rows["surgery.cost"]["value"].startswith("NZD ")


@pytest.mark.parametrize("more", [(), ("--csv",)])
def test_who_lends_borrows_nothing(lbpsim: Lbpsim, more: tuple[str, ...]) -> None:
    assert_wrong_input(lbpsim("parameters", "--country", "australia", "--borrowed", *more), "borrows nothing")


def test_a_study_and_a_country_at_once_are_refused(lbpsim: Lbpsim, study: Path) -> None:
    said = lbpsim("parameters", "--study", study, "--country", "england")
    assert_wrong_input(said, "give `--study` or `--country`: a study has its country")


def test_a_grade_and_what_is_borrowed_at_once_are_refused(lbpsim: Lbpsim) -> None:
    said = lbpsim("parameters", "--country", "england", "--borrowed", "--grade", "trial")
    assert_wrong_input(said, "give `--grade` or `--borrowed`")


@pytest.mark.parametrize("words", [("parameters",), ("parameters", "--borrowed"), ("init", "new")])
def test_a_country_that_does_not_ship_is_refused_with_those_that_do(
    lbpsim: Lbpsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = lbpsim(*words, "--country", "Atlantis")
    assert_wrong_input(said, "no pack of Atlantis ships", *names().values(), "country.yaml")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_pack_is_refused_with_file_line_and_key(lbpsim: Lbpsim, tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "zealand")
    edit(pack / "parameters.yaml", "unit: NZD", "unit: AUD")
    said = lbpsim("parameters", "--country", pack, "--borrowed")
    assert_wrong_input(said, "parameters.yaml", "care.consultation_cost.unit", "NZD")


@pytest.mark.parametrize("country", ["england", "usa"])
def test_a_study_of_a_country_is_written_and_its_check_speaks_of_it(
    lbpsim: Lbpsim, tmp_path: Path, country: str
) -> None:
    said = lbpsim("init", tmp_path / "mine", "--country", country)
    assert (said.status, said.err) == (0, "") and "11 policies" in said.out
    checked = lbpsim("check", tmp_path / "mine")
    assert (checked.status, checked.err) == (0, "")
    there = from_name(country)
    assert f"{there.name} borrows" in checked.out and "AUD" not in checked.out
    assert ("Demonstration" in checked.out) == there.demonstration
