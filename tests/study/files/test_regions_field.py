"""`regions` in a study file, and some of them in a policy file: read, and every mistake told with its line."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from lbpsim.evidence.shipped_countries import reference
from lbpsim.study import InputErrors, Study, load
from lbpsim.study.limits import MOST_REGIONS

SHIPPED = Path(__file__).parents[3] / "scenarios"
KEY = "regions: {population: states.csv, source: made up}"
HEAD = "region,age_low,age_high,male,female"
GROUPS = reference().population
NAMES = ("Tasmania", "Queensland", "Elsewhere")
POLICY = "title: Tried\ncft:\n  offered: {2027-01-01: 10%}\n  trained_at_start: 10\n"


def rows_of(name: str, share: float) -> list[str]:
    return [f"{name},{g.low},{g.high},{g.male * share:.0f},{g.female * share:.0f}" for g in GROUPS]


ROWS = [row for name in NAMES for row in rows_of(name, 1 / 3)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("study.yaml", "usual-care.yaml"):
        shutil.copy(SHIPPED / name, tmp_path)
    return tmp_path


def read(folder: Path, *lines: str, key: str = KEY, policy: str = "") -> Study:
    (folder / "states.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = (SHIPPED / "study.yaml").read_text(encoding="utf-8")
    (folder / "study.yaml").write_text(text.replace("country: Australia", f"country: Australia\n{key}"), "utf-8")
    if policy:
        (folder / "tried.yaml").write_text(f"{POLICY}{policy}\n", encoding="utf-8")
    return load(folder)


def said(folder: Path, *lines: str, key: str = KEY, policy: str = "") -> str:
    with pytest.raises(InputErrors) as told:
        read(folder, *lines, key=key, policy=policy)
    return " ".join(str(told.value).split())


def test_a_table_is_read_with_its_hash_whatever_order_its_columns_have(folder: Path) -> None:
    turned = [",".join(reversed(line.split(","))) for line in (HEAD, *ROWS)]
    regions = read(folder, "# where it comes from", *turned).regions
    assert regions is not None
    assert (regions.names, regions.source) == (NAMES, "made up")
    assert [len(part.groups) for part in regions.parts] == [len(GROUPS)] * 3
    found = load(folder).file_hashes["states.csv"]
    assert found == f"sha256:{hashlib.sha256((folder / 'states.csv').read_bytes()).hexdigest()}"


def test_rows_of_a_region_may_stand_apart_and_names_may_hold_commas_and_spaces(folder: Path) -> None:
    parts = [rows_of('"Hull,  City of"', 0.5), rows_of(" ON ", 0.5)]
    mixed = [row for pair in zip(*parts, strict=True) for row in pair]
    study = read(folder, HEAD, *mixed, policy="  regions: ['Hull, City of', ON]")
    assert study.names_of_regions == ("Hull, City of", "ON")
    assert study.policy("tried").cft.regions == study.names_of_regions


def test_names_are_compared_however_their_accents_are_written(folder: Path) -> None:
    apart = "Zu\u0308rich"
    study = read(folder, HEAD, *rows_of(apart, 0.5), *rows_of("Bern", 0.5), policy="  regions: [Z\u00fcrich]")
    assert study.policy("tried").cft.regions == ("Z\u00fcrich",)
    assert read(folder, HEAD, *rows_of("Z\u00fcrich", 0.5), *rows_of("Bern", 0.5), policy=f"  regions: [{apart}]")


def test_a_folder_that_is_named_as_a_table_is_told(folder: Path) -> None:
    (folder / "parts.csv").mkdir()
    told = said(folder, HEAD, *ROWS, key=KEY.replace("states.csv", "parts.csv"))
    assert "parts.csv is a folder, not a file" in told and "Did you mean" not in told


def without(age: int, names: Iterable[str] = NAMES) -> list[str]:
    """The rows with nobody in the group of this age, for these regions."""
    none = {f"{name},{age}," for name in names}
    return [",".join([*row.split(",")[:3], "0", "9"]) if any(map(row.startswith, none)) else row for row in ROWS]


TOO_MANY = [row for n in range(MOST_REGIONS + 1) for row in rows_of(f"R{n}", 1 / (MOST_REGIONS + 1))]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param((), "states.csv: The table is empty. Its columns are region, age_low", id="empty"),
        pytest.param((HEAD,), "line 1: The table has no row under its head", id="no rows"),
        pytest.param(("regions,age_low,age_high,male,female", *ROWS),
                     "line 1: The column is missing: region. `regions` may be meant", id="column"),
        pytest.param((HEAD[7:], *ROWS), "The column is missing: region. The columns are region, age_low", id="no name"),
        pytest.param((f"{HEAD},year", *(f"{row},2024" for row in ROWS)),
                     "line 1: `year` is no column of such a table. Remove it: the columns are", id="unknown"),
        pytest.param((f"{HEAD},male", *(f"{row},3" for row in ROWS)), "line 1: A column stands twice", id="twice"),
        pytest.param((HEAD, "Tasmania,0,4,many,3", *ROWS[1:]), "line 2: `Tasmania`: `many` under male", id="word"),
        pytest.param((HEAD, "Tasmania,0,4,-5,3", *ROWS[1:]), "line 2: `Tasmania`: `-5` under male", id="negative"),
        pytest.param((HEAD, "Tasmania,0,4", *ROWS[1:]), "line 2: The row has 3 cells", id="cells"),
        pytest.param((HEAD, f"{'x' * 140_000},0,4,3,3", *ROWS[1:]), "line 2: The row has 1 cells", id="far too long"),
        pytest.param((HEAD, " ,0,4,3,3", *ROWS[1:]), "line 2: The row names no region", id="blank"),
        pytest.param((HEAD, f"{'x' * 121},0,4,3,3", *ROWS), "line 2: `xxx", id="long"),
        pytest.param((HEAD, "Tas\u200bmania,0,4,3,3", *ROWS), "holds a sign that cannot be seen", id="unseen"),
        pytest.param((HEAD, *ROWS[1:]), "line 2: `Tasmania`: the first row begins at age 5", id="first age"),
        pytest.param((HEAD, *ROWS, "tasmania,85,89,5,5"),
                     f"line {len(ROWS) + 2}: `tasmania`: the first row begins at age 85. Or is `Tasmania` meant? Begin "
                     "with age 0", id="capitals"),
        pytest.param((HEAD.replace(",", ";"), *(row.replace(",", ";") for row in ROWS)),
                     "line 1: Cells are separated by semicolons. Separate cells by commas, and write decimals with a "
                     "point", id="semicolons"),
        pytest.param(("sep=,", HEAD, *ROWS), "line 1: `sep=,` is a line for spreadsheets alone. Remove it", id="sep"),
        pytest.param((HEAD, ROWS[0].replace(",", "\t"), *ROWS[1:]), "line 2: The row has 1 cells. The head has 5 "
                     "columns. It holds tabs: separate cells by commas", id="tabs in a row"),
        pytest.param((HEAD, *ROWS[:4], *ROWS[5:]), "line 6: `Tasmania`: ages 20 to 24 are missing", id="gap"),
        pytest.param((HEAD, *ROWS, "Elsewhere,0,4,1,1"), f"line {len(ROWS) + 2}: `Elsewhere`: ages 0", id="overlap"),
        pytest.param((HEAD, *ROWS[:-1]), "`Elsewhere`: nobody older than", id="last age"),
        pytest.param((HEAD, *rows_of("Tasmania", 1.0)), "`Tasmania` is the only region. Give all parts", id="one"),
        pytest.param((HEAD, *TOO_MANY), f"`R{MOST_REGIONS}` is one region too many. Give at most 64", id="many"),
        pytest.param((HEAD, *rows_of("A", 0.5), *rows_of("B", 0.5)[:-1], "B,100,100,5e6,1"),
                     "5,000,000 men aged 100 to 100 are more", id="more than the country"),
        pytest.param((HEAD, *without(80)), "No region has men aged 80 to 84, and there are some", id="nowhere"),
        pytest.param((HEAD, *rows_of("A", 0.4), *rows_of("B", 0.4)),
                     "has 27,204,809. A region is probably missing: give every part", id="too few"),
        pytest.param((HEAD, *rows_of("A", 0.6), *rows_of("B", 0.6)), "Some are probably counted twice", id="too many"),
        pytest.param((HEAD, *rows_of("A", 0.0), *rows_of("B", 0.0)),
                     "`regions.population`: No adult lives in any region", id="nobody"),
        pytest.param((HEAD, *ROWS, *rows_of("Total", 1.0)),
                     "`regions.population`: Total alone has 27,204,", id="a total"),
        pytest.param((HEAD, *ROWS, *rows_of("Total", 1.0)), "If it is their total, remove its rows", id="its rows"),
        pytest.param((HEAD, *ROWS, *rows_of("Beta", 0.0)),
                     f"line {len(ROWS) + 2}: No adult lives in Beta, and nobody could be offered CFT there. Give its "
                     "people, by age, or remove its rows", id="nobody in one"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_table_is_told_with_its_line(folder: Path, lines: tuple[str, ...], words: str) -> None:
    told = said(folder, *lines)
    assert words in told
    assert "states.csv" in told


def test_a_table_may_differ_a_little_from_the_country(folder: Path) -> None:
    assert read(folder, HEAD, *rows_of("A", 0.5), *rows_of("B", 0.42)).regions is not None


def test_regions_of_a_region_make_up_that_region(folder: Path) -> None:
    head, *rows = [row.partition(",")[2] for row in (HEAD, *rows_of("North", 0.1))]
    (folder / "north.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    key = f"region: {{name: North, population: north.csv, source: made up}}\n{KEY}"
    study = read(folder, HEAD, *rows_of("A", 0.06), *rows_of("B", 0.04), key=key)
    assert study.names_of_regions == ("A", "B")
    assert {"north.csv", "states.csv"} <= study.file_hashes.keys()
    told = said(folder, HEAD, *ROWS, key=key)
    assert "Give a table of the parts of North, or remove `region` if the study is of Australia" in told
    assert "North has 2,720," in told and "Some are probably counted twice" in told


@pytest.mark.parametrize(
    ("key", "words"),
    [
        pytest.param("regions: states.csv", "`regions`: Here stands `states.csv`", id="no group"),
        pytest.param(KEY.replace("states.csv", "state.csv"), "Did you mean `states.csv`", id="near"),
        pytest.param(KEY.replace("states.csv", "study.yaml"), "`study.yaml` is no CSV file", id="no table"),
        pytest.param(KEY.replace(", source: made up", ""), "`regions.source`: This key is missing", id="source"),
    ],
)
def test_what_is_wrong_in_the_study_file_is_told(folder: Path, key: str, words: str) -> None:
    assert words in said(folder, HEAD, *ROWS, key=key, policy="  regions: [Anywhere]")


def test_a_table_that_is_no_text_is_told(folder: Path) -> None:
    read(folder, HEAD, *ROWS)
    (folder / "states.csv").write_bytes(b"region\xff\xfe")
    with pytest.raises(InputErrors, match="not UTF-8"):
        load(folder)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        pytest.param("[Tasmania, Queenland]",
                     "tried.yaml, line 5, column 23: `cft.regions`: `Queenland` is none of the study's regions. "
                     "Did you mean `Queensland`? They are Tasmania, Queensland and Elsewhere.", id="near"),
        pytest.param("[Tasmania, Tasmania]", "line 5, column 23: `cft.regions`: `Tasmania` stands twice", id="twice"),
        pytest.param("[]", "`cft.regions`: The list is empty", id="empty"),
        pytest.param("Tasmania", "`cft.regions`: Here stands `Tasmania`, not a list", id="no list"),
        pytest.param("[[Tasmania]]", "Here stands a list. Give the name of a region", id="lists"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_policy_is_told_with_its_line(folder: Path, policy: str, words: str) -> None:
    assert words in said(folder, HEAD, *ROWS, policy=f"  regions: {policy}")


def test_a_name_with_a_comma_is_to_be_quoted(folder: Path) -> None:
    rows = (HEAD, *rows_of('"North, upper"', 0.5), *rows_of("South", 0.5))
    told = said(folder, *rows, policy="  regions: [South, North, upper]")
    assert "line 5, column 12: `cft.regions`: The commas of `North, upper` part it into several names." in told
    assert 'Put the whole name in quotes: "North, upper".' in told and "none of the study's" not in told
    assert read(folder, *rows, policy="  regions: ['North, upper']").policy("tried").cft.regions == ("North, upper",)


def test_one_region_in_a_policy_is_asked_whether_regions_are_meant(folder: Path) -> None:
    told = said(folder, HEAD, *ROWS, policy="  region: Tasmania")
    assert "Did you mean `regions`? `region` belongs in study.yaml as `region`." in told


def test_where_the_study_has_no_regions_none_can_be_chosen(folder: Path) -> None:
    told = said(folder, HEAD, *ROWS, key="", policy="  regions: [Tasmania]")
    assert "tried.yaml, line 5, column 12: `cft.regions`: The study has no `regions` to choose from." in told
    assert "`regions: {population: states.csv, source: ABS population by state and age}`" in told


def test_where_the_table_is_wrong_nothing_is_said_of_those_who_choose(folder: Path) -> None:
    told = said(folder, HEAD, *ROWS[1:], policy="  regions: [Anywhere]")
    assert "tried.yaml" not in told
