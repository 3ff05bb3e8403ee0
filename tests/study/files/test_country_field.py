"""`country` in a study file: a country that ships, or the folder of a pack, and what is told where it is neither."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lbpsim.evidence import in_force
from lbpsim.study import InputErrors, Study, load, shipped
from tests.evidence.made_up import edit, write_pack

STUDY = """\
name: there
title: A study elsewhere
country: {country}
comparator: usual-care
start: 2026-01-01
years: 2
people: 50
replications: 2
seed: 1
perspective: societal
discount_rate: 3% per year
thresholds: [{money} 50000 per QALY]
price_year: {year}
"""


def read(folder: Path, country: str, money: str, year: int) -> Study:
    (folder / "study.yaml").write_text(STUDY.format(country=country, money=money, year=year), encoding="utf-8")
    shutil.copy(shipped.folder() / "usual-care.yaml", folder)
    return load(folder)


def test_a_shipped_country_is_named(tmp_path: Path) -> None:
    study = read(tmp_path, "england", "GBP", 2025)
    assert study.country.name == study.place == "England" and in_force.country() == study.country


def test_a_pack_is_named_by_its_folder_as_seen_from_the_study(tmp_path: Path) -> None:
    write_pack(tmp_path / "zealand")
    study = read(tmp_path, "zealand", "NZD", 2025)
    assert study.country.name == "Zealand" and not study.country.shipped
    again = Study.from_resolved(study.resolved())
    assert again.country == study.country and again.base_values == study.base_values, "from run.json alone"


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("Englnd", "`Englnd` is no country that ships. Did you mean"),
        ("england-2", "Did you mean `England`? The countries are"),
        ("empty", "is no country pack: it has no country.yaml"),
    ],
)
def test_what_is_no_country_is_told(tmp_path: Path, country: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputErrors) as told:
        read(tmp_path, country, "GBP", 2025)
    said = " ".join(str(told.value).split())
    assert words in said
    assert "AUD" not in said, "nothing is told in another country's terms"


def test_faults_of_a_pack_are_told_with_its_files(tmp_path: Path) -> None:
    edit(write_pack(tmp_path / "zealand") / "parameters.yaml", "unit: NZD", "unit: AUD")
    with pytest.raises(InputErrors) as told:
        read(tmp_path, "zealand", "NZD", 2025)
    said = " ".join(str(told.value).split())
    assert "zealand/parameters.yaml, line" in said and "Write `unit: NZD`" in said


def test_money_of_another_country_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match="not in pounds"):
        read(tmp_path, "England", "AUD", 2025)


EVIDENCE = """\
parameters:
  care.consultation_cost: {{value: 60, unit: {money}, price_year: 2025, grade: assumption, note: A local fee.}}
"""


def test_a_study_s_own_evidence_lies_over_its_country_s(tmp_path: Path) -> None:
    (tmp_path / "evidence.yaml").write_text(EVIDENCE.format(money="GBP"), encoding="utf-8")
    study = read(tmp_path, "england", "GBP", 2025)
    assert study.registry.parameters["care.consultation_cost"].value == 60
    assert study.country.registry.parameters["care.consultation_cost"].value != 60


def test_a_study_s_own_evidence_is_in_its_country_s_money(tmp_path: Path) -> None:
    (tmp_path / "evidence.yaml").write_text(EVIDENCE.format(money="AUD"), encoding="utf-8")
    with pytest.raises(InputErrors, match="is kept in GBP"):
        read(tmp_path, "england", "GBP", 2025)
