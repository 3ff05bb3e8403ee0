"""`lbpsim compare`: two countries by name, by pack or by study; a table, a chart, and teaching errors."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli_runner import Lbpsim
from tests.evidence.made_up import write_pack

SMALL = ("--people", "60", "--years", "2")


def test_two_countries_are_compared(lbpsim: Lbpsim, tmp_path: Path) -> None:
    said = lbpsim("compare", "australia", "usa", *SMALL, "--out", str(tmp_path))
    assert said.status == 0, said.err
    told = " ".join(said.out.split())
    assert "100,000 adults in Australia and United States" in told and "Demonstration, not for decisions" in told
    table = pd.read_csv(tmp_path / "countries.csv")
    assert list(table["step"].unique())[0::3] == ["Australia", "United States"]
    assert (tmp_path / "countries.svg").exists() and (tmp_path / "countries.png").exists()


def test_a_pack_of_one_s_own_may_come_second(lbpsim: Lbpsim, tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "zealand")
    said = lbpsim("compare", "england", str(pack), *SMALL, "--policy", "cft-first", "--out", str(tmp_path / "out"))
    assert said.status == 0, said.err
    assert "CFT first" in said.out and "Zealand borrows" in said.out
    assert set(pd.read_csv(tmp_path / "out" / "countries.csv")["unit"]) == {"QALYs", "DALYs", "events", "GBP"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("australia", "Atlantis"), "no pack of Atlantis ships; there are Australia, England, United States"),
        (("australia", "england", "--policy", "cft-rolout"), "No policy of the study is called `cft-rolout`"),
        (("australia",), "Missing argument 'B'"),
    ],
)
def test_what_cannot_be_compared_is_told(lbpsim: Lbpsim, words: tuple[str, ...], told: str) -> None:
    said = lbpsim("compare", *words)
    assert said.status == 2
    assert told in " ".join(f"{said.out} {said.err}".split())


def test_a_pack_without_a_study_cannot_come_first(lbpsim: Lbpsim, tmp_path: Path) -> None:
    said = lbpsim("compare", str(write_pack(tmp_path / "zealand")), "england")
    assert said.status == 2 and "No study ships for Zealand" in " ".join(said.err.split())
