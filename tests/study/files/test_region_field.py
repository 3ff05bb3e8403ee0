"""`region` in a study file: a table of one's own is read, and every mistake in it told with its line."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from lbpsim.evidence.shipped_countries import reference
from lbpsim.study import InputErrors, Study, load

SHIPPED = Path(__file__).parents[3] / "scenarios"
KEY = "region: {name: The North, population: north.csv, source: made up}"
HEAD = "age_low,age_high,male,female"
ROWS = [f"{each.low},{each.high},{each.male / 8:.0f},{each.female / 8:.0f}" for each in reference().population]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("study.yaml", "usual-care.yaml"):
        shutil.copy(SHIPPED / name, tmp_path)
    return tmp_path


def read(folder: Path, *lines: str, key: str = KEY) -> Study:
    (folder / "north.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = (SHIPPED / "study.yaml").read_text(encoding="utf-8")
    (folder / "study.yaml").write_text(text.replace("country: Australia", f"country: Australia\n{key}"), "utf-8")
    return load(folder)


def test_a_table_is_read_with_its_hash_whatever_order_its_columns_have(folder: Path) -> None:
    turned = [",".join(reversed(line.split(","))) for line in (HEAD, *ROWS)]
    region = read(folder, "# where it comes from", *turned).region
    assert region is not None
    assert (region.name, region.source, len(region.groups)) == ("The North", "made up", len(ROWS))
    found = load(folder).file_hashes["north.csv"]
    assert found == f"sha256:{hashlib.sha256((folder / 'north.csv').read_bytes()).hexdigest()}"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param((), "north.csv: The table is empty. Its columns are age_low, age_high, male, female", id="empty"),
        pytest.param((HEAD,), "no row under its head", id="no rows"),
        pytest.param(("age_low,age_high,male,females", *ROWS),
                     "line 1: The column is missing: female. `females` may be meant", id="column"),
        pytest.param((HEAD, "0,4,many,3", *ROWS[1:]), "line 2: `many` under male cannot be", id="word"),
        pytest.param((HEAD, "0,4,-5,3", *ROWS[1:]), "line 2: `-5` under male cannot be", id="negative"),
        pytest.param((HEAD, "0,4.5,5,3", *ROWS[1:]), "line 2: `4.5` under age_high cannot be", id="part of a year"),
        pytest.param((HEAD, "0,4,5", *ROWS[1:]), "line 2: The row has 3 cells", id="cells"),
        pytest.param((HEAD, f"0,4,{'5' * 140_000},3", *ROWS[1:]), "line 2: The row has 1 cells", id="far too long"),
        pytest.param((HEAD, "# children", *ROWS[1:]), "line 3: The first row begins at age 5", id="ages"),
        pytest.param((HEAD, *ROWS[:4], "", *ROWS[5:]), "line 7: Ages 20 to 24 are missing", id="gap"),
        pytest.param((HEAD, *ROWS[:-1], "100,100,5e6,1"), f"line {len(ROWS) + 1}: 5,000,000 men", id="too many"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_table_is_told_with_its_line(folder: Path, lines: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputErrors) as told:
        read(folder, *lines)
    said = " ".join(str(told.value).split())
    assert words in said
    assert "north.csv" in said


@pytest.mark.parametrize(
    ("key", "words"),
    [
        pytest.param("region: Queensland", "without its people. No population table of a state", id="name"),
        pytest.param(KEY.replace("north.csv", "nort.csv"), "There is no file", id="no file"),
        pytest.param(KEY.replace("north.csv", "nort.csv"), "Did you mean `north.csv`", id="near"),
        pytest.param(KEY.replace("north.csv", "study.yaml"), "`study.yaml` is no CSV file", id="no table"),
        pytest.param(KEY.replace(", source: made up", ""), "`region.source`: This key is missing", id="source"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_study_file_is_told(folder: Path, key: str, words: str) -> None:
    with pytest.raises(InputErrors) as told:
        read(folder, HEAD, *ROWS, key=key)
    assert words in " ".join(str(told.value).split())


def test_more_people_than_the_region_has_cannot_be_simulated(folder: Path) -> None:
    few = [",".join([*row.split(",")[:2], "100", "100"]) for row in ROWS]
    with pytest.raises(InputErrors, match="140,000 people are more than the"):
        read(folder, HEAD, *few)


def test_a_table_that_is_no_text_is_told(folder: Path) -> None:
    read(folder, HEAD, *ROWS)
    (folder / "north.csv").write_bytes(b"age_low\xff\xfe")
    with pytest.raises(InputErrors, match="not UTF-8"):
        load(folder)
