"""The scope is checked against the registry, and says what is wrong with it."""

from __future__ import annotations

from importlib.resources import files

import pytest

from lbpsim.dsa.plan import Scope, shipped, stated
from lbpsim.evidence import parameters
from lbpsim.evidence.reading import PLAN, PlanError, parse_plan
from lbpsim.study.options import OPTIONS

TEXT = files("lbpsim.dsa").joinpath(PLAN).read_text(encoding="utf-8")


def test_the_shipped_scope_is_read_in_canonical_units() -> None:
    scope = shipped()
    assert scope.discount_rates == pytest.approx((0.0, 0.03, 0.035, 0.05))
    assert (scope.searches["years_of_effect"].low, scope.searches["years_of_effect"].high) == (4.0, 10.0)
    assert scope.searches["price"].dimension == "ratio"


def test_scenarios_are_set_in_canonical_units_or_by_what_stands_in() -> None:
    scope = shipped()
    assert scope.scenarios["fidelity"].values("half", 2024) == {"cft.fidelity": 0.5}
    slope = scope.scenarios["utility_values"].values("australian_within_people", 2024)
    assert slope == {"quality.slope": parameters()["quality.slope_australian"].value}
    assert stated("96 per year", "cft.courses_per_physiotherapist", 2024) == 96.0


def test_no_scenario_repeats_an_option_of_the_study() -> None:
    assert not set(shipped().scenarios) & set(OPTIONS)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "opioid_stopping: published}",
            "opioid_stopping: forever}",
            "opioid_stopping: forever is no structural option",
        ),
        ("scenario: {fidelity: half}", "scenario: {fidelity: third}", "switches: fidelity: third is no scenario"),
        ("sets: cft.fidelity", "sets: cft.fidelty", "cft.fidelty is not a registered input"),
        ("sets: cft.gone_by", "sets: cft.gone_by\n    training: true", "one of the three"),
        ("gone_by_year_five}", "gone_by_noon}", "gone_by_noon is no structural option"),
        ("from: 4 years", "from: 40 years", "it has to rise"),
        ("from: 4 years", "from: 4 dollars", "not a duration"),
        ('cft.fidelity: "0.5"', "cft.fidelity: half", "half"),
        ("quality.slope: quality.slope_australian", "quality.slope: cft.uptake", "cannot stand in"),
        ("looks: 5", "looks: 1", "looks"),
        ("grid: 7", "gird: 7", "gird"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(PlanError, match=words):
        parse_plan(Scope, TEXT.replace(old, new, 1), "mine.yaml")
