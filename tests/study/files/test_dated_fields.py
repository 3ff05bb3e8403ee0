from __future__ import annotations

from datetime import date

import pytest

from lbpsim.study.clock import Timeline
from lbpsim.study.files.dated_fields import ByYear, Dated, Day, Yearly, day_of
from lbpsim.study.files.errors import Place
from lbpsim.study.files.field_type import Location, WrongValue
from lbpsim.study.files.nodes import Pairs, Scalar
from lbpsim.study.files.plain_fields import Amount
from lbpsim.study.files.quantity_fields import Quantity
from lbpsim.study.limits import MOST_DATES

HERE = Place("a.yaml", 1, 1)
START = date(2026, 1, 1)
SHARES = Dated(Quantity("share", "10%", bare=True), "2027: 10%")
PLACES = ByYear(Amount("places"), "2027: 400")


def node(text: str) -> Scalar:
    return Scalar(text, True, HERE)


def pairs(**values: str) -> Pairs:
    return Pairs(tuple((node(key.strip("_").replace("_", "-")), node(value)) for key, value in values.items()), HERE)


@pytest.mark.parametrize("text", ["2027", "2027-01-01", "2027-1-1"])
def test_a_year_is_its_first_day(text: str) -> None:
    assert day_of(node(text)) == date(2027, 1, 1)


@pytest.mark.parametrize(
    "text", ["2027-02-30", "1/1/2027", "27", "2027-01", "soon", "0000-01-01", "2027-01-01T00:00:00"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(WrongValue):
        day_of(node(text))


def test_a_day_within_limits() -> None:
    kind = Day(date(2025, 1, 1), date(2030, 1, 1))
    assert kind.read(node("2026"), Location([])) == START
    with pytest.raises(WrongValue):
        kind.read(node("2024-12-31"), Location([]))


def test_dates_become_years_since_the_start() -> None:
    location = Location([], START)
    assert SHARES.read(pairs(_2027="10%", _2028_07_01="0.6"), location) == Timeline((1.0, 2.0 + 182 / 366), (0.1, 0.6))
    assert not location.problems


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"_2025": "10%"}, "before the study starts"),
        ({"_2028": "10%", "_2027": "20%"}, "stands after"),
        ({"_2027": "10%", "_2027_01_01": "20%"}, "stands twice"),
        ({"_2027": "200%"}, "out of range"),
        ({"soon": "10%"}, "not a date"),
    ],
)
def test_wrong_dates(values: dict[str, str], said: str) -> None:
    location = Location([], START)
    SHARES.read(pairs(**values), location)
    assert [said in problem.wrong for problem in location.problems] == [True]


def test_too_many_dates_are_refused() -> None:
    many = {f"_{2027 + i}": "10%" for i in range(MOST_DATES + 1)}
    with pytest.raises(WrongValue):
        SHARES.read(pairs(**many), Location([], START))
    many.popitem()
    assert len(SHARES.read(pairs(**many), Location([], START)).times) == MOST_DATES


def test_years() -> None:
    location = Location([], date(2026, 7, 1))
    assert PLACES.read(pairs(_2026="400", _2028="0"), location) == Yearly({2026: 400.0, 2028: 0.0}, first=0.0)
    assert not location.problems


def test_a_value_from_a_year_on() -> None:
    location = Location([], START)
    read = PLACES.read(pairs(**{"_2027": "100", "from 2028": "200", "from 2031": "0"}), location)
    assert read == Yearly({2027: 100.0}, {2028: 200.0, 2031: 0.0}, first=1.0)
    assert not location.problems


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"from 2027": "1", "_2029": "2"}, "holds from 2027 on"),
        ({"_2027": "1", "from 2027": "2"}, "stands twice"),
        ({"from 2025": "1"}, "before the study starts"),
        ({"from": "1"}, "not a calendar year"),
        ({"from  2027": "1"}, "not a calendar year"),
        ({"_2027": "2.5"}, "not a whole number"),
        ({"_2027": "2,5"}, "a comma"),
        ({"_2025": "1"}, "before the study starts"),
        ({"_2028": "1", "_2027": "1"}, "stands after"),
        ({"_2027_01_01": "1"}, "not a calendar year"),
        ({"_2027": "-1"}, "less than nothing"),
    ],
)
def test_wrong_years(values: dict[str, str], said: str) -> None:
    location = Location([], START)
    PLACES.read(pairs(**values), location)
    assert [said in problem.wrong for problem in location.problems] == [True]
