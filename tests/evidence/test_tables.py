from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lbpsim.evidence import tables
from lbpsim.evidence.reading import EvidenceError
from lbpsim.evidence.shipped_countries import reference
from tests.evidence.pack_tables import pack_table

SEXES = ["male", "female"]


def test_every_file_is_registered_and_whole() -> None:
    files = {file.name for file in tables.FOLDER.iterdir() if file.name.endswith(".csv")}
    assert files == {entry.file for entry in tables.index().values()}
    for entry in tables.index().values():
        content = tables.verified(tables.FOLDER / entry.file, entry.sha256)
        assert content.startswith(b"# "), f"{entry.file} tells its provenance first"


def test_tampering_is_detected(tmp_path: Path) -> None:
    entry = tables.index()["disability_weights"]
    original = (tables.FOLDER / entry.file).read_bytes()
    altered = tmp_path / entry.file
    altered.write_bytes(original.replace(b"0.", b"0.1", 1))
    with pytest.raises(EvidenceError, match=r"disability_weights\.csv is not the one registered"):
        tables.verified(altered, entry.sha256)


def test_line_ends_of_another_system_are_no_tampering(tmp_path: Path) -> None:
    entry = tables.index()["disability_weights"]
    copy = tmp_path / entry.file
    copy.write_bytes((tables.FOLDER / entry.file).read_bytes().replace(b"\n", b"\r\n"))
    assert b"\r" not in tables.verified(copy, entry.sha256)


def test_life_table_is_that_of_2021_23() -> None:
    life = pack_table("life_table")
    assert list(life["age"]) == list(range(101))
    at = life.set_index("age")
    assert at.loc[65, "male_qx"] == 0.00974 and at.loc[65, "female_qx"] == 0.00577
    assert at.loc[0, "male_ex"] == pytest.approx(81.07, abs=0.01) and at.loc[0, "female_ex"] == pytest.approx(
        85.11, abs=0.01
    )
    for sex in SEXES:
        died = at[f"{sex}_lx"] * at[f"{sex}_qx"]
        assert (at[f"{sex}_lx"].diff(-1).iloc[:-1] - died.iloc[:-1]).abs().max() < 2.0  # printed to five decimals


def test_population_totals_are_those_published() -> None:
    groups = pack_table("population")
    assert groups[SEXES].to_numpy().sum() == pytest.approx(27_204_809, abs=1)
    single = pack_table("single_years")
    assert single["persons"].sum() == 25_739_256
    assert list(single["age"]) == list(range(101))


@pytest.mark.parametrize("table", ["population", "prevalence", "employment"])
def test_bands_follow_each_other(table: str) -> None:
    frame = pack_table(table)
    assert list(frame.columns) == ["age_low", "age_high", *SEXES]
    assert (frame["age_low"].to_numpy()[1:] == frame["age_high"].to_numpy()[:-1] + 1).all()
    assert (frame["age_low"] <= frame["age_high"]).all() and (frame[SEXES] >= 0).all().all()


def test_prevalence_meets_the_published_values() -> None:
    bands = pack_table("prevalence").set_index("age_low")
    assert bands.loc[65, "female"] == pytest.approx(26.5) and bands.loc[75, SEXES].mean() == pytest.approx(24.0)
    people = pack_table("population")
    rate = [bands.loc[bands.index <= low, SEXES].iloc[-1].to_numpy() for low in people["age_low"]]
    share = (np.array(rate) * people[SEXES].to_numpy()).sum() / people[SEXES].to_numpy().sum()
    assert share == pytest.approx(16.0, abs=0.7)  # "16%"; bands and groups do not quite match


def test_employment_covers_working_age_and_stays_a_share() -> None:
    work = pack_table("employment")
    assert work["age_low"].iloc[0] == 18 and work["age_high"].iloc[-1] == 66
    assert (work[SEXES] <= 1.0).all().all()
    assert reference().tables["employment"].grade == "assumption"


@pytest.mark.parametrize("choice", tables.CURVES)
def test_disability_weights_rise_with_disability(choice: str) -> None:
    curve = tables.disability_weight_curve(choice)
    assert curve["rmdq"].iloc[0] == 0 and curve["rmdq"].iloc[-1] == 24
    assert (curve["rmdq"].diff().iloc[1:] > 0).all() and (curve["weight"].diff().iloc[1:] >= 0).all()


def test_class_curve_starts_from_the_published_weights() -> None:
    published = tables.table("disability_weights").set_index("sequela")["weight"]
    weights = set(tables.disability_weight_curve("classes")["weight"])
    for sequela in ("Mild LBP without leg pain", "Moderate LBP without leg pain", "Most severe LBP with leg pain"):
        assert published[sequela] in weights


def test_there_is_no_other_curve() -> None:
    with pytest.raises(ValueError, match="there are classes, eq5d_chain"):
        tables.disability_weight_curve("linear")


def test_price_tables_grade_each_row() -> None:
    cpi = pack_table("prices").set_index("year")
    assert cpi.loc[2021, "grade"] == "official statistics" and cpi.loc[2024, "grade"] == "unverified"
    health = tables.table("health_prices").set_index("period")
    assert health.loc["2021-22", "growth"] == 2.83 and health.loc["2023-24", "grade"] == "unverified"
    assert pd.api.types.is_numeric_dtype(tables.table("utility_norms")["mean"])
