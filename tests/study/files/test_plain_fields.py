from __future__ import annotations

from typing import Any

import pytest

from lbpsim.study import limits
from lbpsim.study.files.errors import Place
from lbpsim.study.files.field_type import FieldType, Location, WrongValue
from lbpsim.study.files.nodes import Items, Node, Pairs, Scalar
from lbpsim.study.files.plain_fields import Amount, Choice, ListOf, Name, People, Text, WholeNumber, YesNo

HERE = Place("a.yaml", 1, 1)


def node(text: str, *, plain: bool = True) -> Scalar:
    return Scalar(text, plain, HERE)


def read(kind: FieldType, given: Node) -> Any:
    return kind.read(given, Location([]))


SWITCH = Choice(("on", "off"))
SMALL = WholeNumber(limits.Whole(1, 20))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Text(), " some words ", "some words"),
        (Name(), "australia-2026", "australia-2026"),
        (Choice(("waning", "sustained")), "sustained", "sustained"),
        *((SWITCH, text, "on") for text in ("on", "On", "yes", "true", "TRUE")),
        *((SWITCH, text, "off") for text in ("off", "no", "False")),
        (YesNo(), "yes", True),
        (YesNo(), "off", False),
        (SMALL, "20", 20),
        (People(), "all", "all"),
        (People(), "10_000", 10_000),
        (Amount("places"), "0", 0.0),
        (Amount("places"), "12", 12.0),
        (Amount("places", "workforce.registered"), "47,761", 47_761.0),
    ],
)
def test_right_values(kind: FieldType, text: str, value: object) -> None:
    assert read(kind, node(text)) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Text(), "5", "number"),
        (Text(), "yes", "yes or no"),
        (Text(), "2027-01-01", "date"),
        (Text(), "", "no value"),
        (Name(), "a/b", "cannot be a name"),
        (Name(), "../up", "cannot be a name"),
        (Choice(("waning", "sustained")), "sustaned", "not one of the choices"),
        (YesNo(), "perhaps", "perhaps"),
        (SMALL, "0", "out of range"),
        (SMALL, "21", "out of range"),
        (SMALL, "2.5", "not a whole number"),
        (SMALL, "two", "not a number"),
        (SMALL, ".inf", "computed"),
        (SMALL, "9" * 5000, "too large"),
        (People(), "0", "not a number of people"),
        (People(), "1000000000", "more than"),
        (People(), "1e4", "whole number"),
        (Amount("places"), "-1", "less than nothing"),
        (Amount("places"), "2.5", "not a whole number"),
        (Amount("places", "workforce.registered"), "2000000", "more than 47,761 (registered physiotherapists, 2024-25"),
        (Text(20), "x" * 190_000, "has 190,000 characters"),
        (Text(), "...", "no letter and no digit"),
        (Name(), "con", "names a device"),
        (Name(), "LPT1", "names a device"),
        (Amount("places"), "1e12", "more than"),
        (Amount("places"), ".nan", "computed"),
        (Amount("places"), "1e999", "too large"),
        (Amount("places"), "many", "not a number"),
    ],
)
def test_wrong_values(kind: FieldType, text: str, said: str) -> None:
    with pytest.raises(WrongValue) as caught:
        read(kind, node(text))
    assert said in caught.value.wrong


@pytest.mark.parametrize("kind", [Text(), Name(), SWITCH, YesNo(), SMALL, People(), Amount("places")])
@pytest.mark.parametrize("given", [Items((), HERE), Pairs((), HERE), node("~")])
def test_groups_lists_and_nothing_are_no_single_value(kind: FieldType, given: Node) -> None:
    with pytest.raises(WrongValue):
        read(kind, given)


@pytest.mark.parametrize("text", ["1000", "1,000", "1_000"])
def test_a_number_may_stand_in_quotes_and_have_its_thousands_parted(text: str) -> None:
    assert WholeNumber(limits.REPLICATIONS).read(Scalar(text, False, Place("a.yaml", 1, 1)), Location([])) == 1000


@pytest.mark.parametrize("text", ["9" * 5000, "1__0", "1,5", "\x1b[31m"])
def test_what_is_no_whole_number_is_quoted_short(text: str) -> None:
    with pytest.raises(WrongValue) as caught:
        WholeNumber(limits.SEED).read(Scalar(text, True, Place("a.yaml", 1, 1)), Location([]))
    assert len(caught.value.wrong) < 200 and caught.value.wrong.isprintable()


def test_too_many_people_are_told_of_all() -> None:
    with pytest.raises(WrongValue) as caught:
        read(People(), node("1000000000"))
    assert "`all`" in caught.value.right


def test_lists_keep_what_can_be_read() -> None:
    location = Location([])
    assert ListOf(SMALL, 3).read(Items((node("1"), node("x"), node("3")), HERE), location) == (1, 3)
    assert len(location.problems) == 1
    for given in (node("1"), Items((), HERE)):
        with pytest.raises(WrongValue):
            read(ListOf(SMALL, 3), given)


def test_a_list_says_each_value_once_and_not_too_many() -> None:
    location = Location([])
    assert read(ListOf(SMALL, 3), Items((node("1"), node("01"), node("2")), HERE)) == (1, 2)
    ListOf(SMALL, 3).read(Items((node("1"), node("01")), HERE), location)
    assert "twice" in location.problems[0].wrong
    with pytest.raises(WrongValue, match="too many"):
        read(ListOf(SMALL, 1), Items((node("1"), node("2")), HERE))
