"""Tables by age and sex: what cannot be is told with its line."""

from __future__ import annotations

import pytest

from lbpsim.evidence.age_tables import DEATH, EMPLOYED, POPULATION, PREVALENCE, PRICES, Shape, by_age, numbers
from lbpsim.evidence.entry_errors import Fault

HEAD = "age_low,age_high,male,female"
ROWS = ["0,17,10,10", "18,64,30,30", "65,100,5,6"]


def told(*lines: str, shape: Shape = POPULATION) -> list[str]:
    faults: list[Fault] = []
    by_age("\n".join(lines), "table.csv", shape, faults)
    return [str(fault) for fault in faults]


def test_a_table_is_read_in_whatever_order_its_columns_stand() -> None:
    faults: list[Fault] = []
    groups = by_age("# where from\nfemale,male,age_high,age_low\n6,5,100,0\n", "table.csv", POPULATION, faults)
    assert not faults and (groups[0].low, groups[0].high, groups[0].male, groups[0].female) == (0, 100, 5.0, 6.0)


def test_single_years_may_name_one_age() -> None:
    faults: list[Fault] = []
    rows = "\n".join(f"{age},0.01,0.02" for age in range(101))
    groups = by_age(f"age,male_qx,female_qx\n{rows}\n", "life_table.csv", DEATH, faults)
    assert not faults and len(groups) == 101 and groups[100].female == 0.02


@pytest.mark.parametrize(
    ("lines", "shape", "words"),
    [
        (["age_low,age_high,men,female", *ROWS], POPULATION, "line 1: the column is missing: male"),
        ([HEAD.replace(",", ";")], POPULATION, "line 1: cells are separated by semicolons; separate cells by commas"),
        ([HEAD.replace(",", "\t")], POPULATION, "line 1: cells are separated by tabs; separate cells by commas"),
        (["sep=;", HEAD], POPULATION, "line 1: `sep=;` is a line for spreadsheets alone; remove it"),
        ([HEAD, "0;17;10;10"], POPULATION, "the head has 4 columns. It holds semicolons: separate cells by commas"),
        (
            [HEAD, '0,17,"1,5",10'],
            POPULATION,
            "`1,5` under male cannot be; give how many people there are, without a "
            "unit, with a point before decimals and nothing between thousands",
        ),
        ([HEAD], POPULATION, "no row under its head"),
        ([HEAD, *ROWS[1:]], POPULATION, "line 2: the first row begins at age 18; begin with age 0"),
        ([HEAD, ROWS[0], ROWS[2]], POPULATION, "line 3: ages 18 to 64 are missing"),
        ([HEAD, ROWS[0], ROWS[0], *ROWS[1:]], POPULATION, "line 3: ages 0 to 17 stand in two rows"),
        ([HEAD, *ROWS[:2]], POPULATION, "line 3: nobody older than 64 is in the table"),
        ([HEAD, "0,-1,1,1", *ROWS], POPULATION, "`-1` under age_high cannot be; give whole years of age"),
        ([HEAD, "0,17,many,10", *ROWS[1:]], POPULATION, "`many` under male cannot be"),
        ([HEAD, "0,17,10", *ROWS[1:]], POPULATION, "line 2: the row has 3 cells; the head has 4 columns"),
        ([HEAD, "18,64,0.8,1.2"], EMPLOYED, "`1.2` under female cannot be; give the share who work, between 0 and 1"),
        ([HEAD, "0,100,16,140"], PREVALENCE, "`140` under female cannot be; give per cent of people"),
        (["age,male_qx,female_qx", "0,1.5,0.1"], DEATH, "`1.5` under male_qx cannot be; give the share who die"),
        ([""], POPULATION, "the table is empty; its columns are age_low, age_high, male, female"),
    ],
)
def test_what_cannot_be_is_told_with_its_line(lines: list[str], shape: Shape, words: str) -> None:
    assert any(words in fault for fault in told(*lines, shape=shape)), told(*lines, shape=shape)


def test_prices_are_years_and_levels() -> None:
    faults: list[Fault] = []
    assert numbers("year,index\n2023,100\n2024,103.5\n", "prices.csv", PRICES, faults) == [
        (2, (2023.0, 100.0)),
        (3, (2024.0, 103.5)),
    ]
    assert not faults
