"""A key is declared once, at a field of the model; all that is said of it and done with it follows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import pytest

from lbpsim.study.clock import Timeline
from lbpsim.study.files.dated_fields import ByYear, Dated
from lbpsim.study.files.errors import Place, Problem
from lbpsim.study.files.field_type import Location
from lbpsim.study.files.nodes import Pairs, Scalar
from lbpsim.study.files.plain_fields import Amount, Whether
from lbpsim.study.files.policy_keys import NoEffect, also, components_of, key, keys_of, section_of
from lbpsim.study.files.quantity_fields import Quantity

HERE, START = Place("a.yaml", 1, 1), date(2026, 1, 1)
SHARE = Quantity("share", "10%", bare=True)


@dataclass(frozen=True)
class Walking:
    """A walking programme, declared as CFT is."""

    offered: Timeline = key(
        Dated(SHARE, "2027: 10%"), "how often it is offered", Timeline(), required=True, component="the offer to walk"
    )
    guides: dict[int, float] = key(
        ByYear(Amount("guides"), "2027: 5"), "how many guides there are", {}, takes="single", component="the guides"
    )
    first_guide: float = also("guides", "first", math.inf)
    outside: bool = key(
        Whether(("inside", "outside"), yes="outside"),
        "where people walk",
        False,
        name="place",
        part_of="offered",
        refused=NoEffect("guides", "where guides choose (`guides`)"),
    )
    most_km: float = key(SHARE, "the share of a way", 1.0, says="Nobody walks more than {} of the way.")


def read(**values: str | dict[str, str]) -> tuple[Walking | None, list[Problem]]:
    problems: list[Problem] = []
    return Location(problems, START).read(section_of(Walking), _node(values)), problems


def _node(value: object) -> Scalar | Pairs:
    if isinstance(value, dict):
        return Pairs(tuple((Scalar(name.strip("_"), True, HERE), _node(each)) for name, each in value.items()), HERE)
    return Scalar(str(value), True, HERE)


def test_what_is_declared_is_read_into_the_model() -> None:
    walking, problems = read(offered={"_2027": "10%"}, guides={"_2028": "5"}, most_km="50%")
    assert not problems
    assert walking == Walking(Timeline((1.0,), (0.1,)), {2028: 5.0}, 2.0, most_km=0.5)
    walking, problems = read(offered={"_2027": "10%"}, place="outside")
    assert not problems
    assert walking == Walking(Timeline((1.0,), (0.1,)), outside=True)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"most_km": "50%"}, ("offered", "This key is missing", "It gives how often it is offered")),
        ({"offered": {"_2027": "1%"}, "place": "up"}, ("place", "`up` is not one of the choices", "`inside`")),
        (
            {"offered": {"_2027": "1%"}, "place": "inside", "guides": {"_2027": "1"}},
            ("place", "This has no effect where guides choose (`guides`)", "Remove it"),
        ),
    ],
)
def test_errors_follow(values: dict[str, str | dict[str, str]], told: tuple[str, str, str]) -> None:
    _, (problem,) = read(**values)
    name, wrong, right = told
    assert (problem.key, problem.wrong) == (name, wrong) and right in problem.right


def test_schema_words_and_components_follow() -> None:
    schema = section_of(Walking).schema()
    assert list(schema["properties"]) == ["offered", "guides", "place", "most_km"]
    assert schema["required"] == ["offered"]
    place = {"enum": ["inside", "outside"], "description": "Where people walk.", "default": "inside"}
    assert schema["properties"]["place"] == place
    keys = keys_of(Walking)
    assert keys["outside"].kind.words(True) == "outside"
    assert list(keys["most_km"].sentences(0.5, START, None)) == ["Nobody walks more than 50% of the way."]
    assert list(keys["most_km"].sentences(1.0, START, None)) == []
    assert components_of(Walking) == {
        "offered": "offered",
        "guides": "guides",
        "first_guide": "guides",
        "outside": "offered",
        "most_km": "most_km",
    }
