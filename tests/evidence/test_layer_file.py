"""A layer read from YAML: what is right is kept, and what is wrong is told with line, key and what would be right."""

from __future__ import annotations

import pytest

from lbpsim.evidence import EvidenceError, parameters
from lbpsim.evidence.entry_errors import Fault
from lbpsim.evidence.in_force import registry
from lbpsim.evidence.layer_file import PAID_FOR, categories, parse_layer
from lbpsim.evidence.layers import CostItem, Layer
from lbpsim.outcomes.measures import COST_CATEGORIES, COUNTED

RIGHT = """\
parameters:
  cft.uptake:
    value: 0.5
    unit: share
    interval: [0.401, 0.599]
    distribution: beta(48, 48)
    grade: cohort
    sources: [own_survey, kent2023]
cost_items:
  travel:
    label: Travel to sessions
    per: cft_sessions
    category: cft
    value: 20
    unit: AUD
    price_year: 2024
    grade: assumption
sources:
  own_survey:
    citation: Our survey of 96 patients, 2026.
"""


def read(text: str) -> tuple[Layer, list[Fault]]:
    faults: list[Fault] = []
    return parse_layer(text, "evidence.yaml", registry(), faults), faults


def test_what_is_right_is_kept_and_the_label_stays() -> None:
    layer, faults = read(RIGHT)
    uptake, travel = layer.parameters
    assert not faults
    assert (uptake.value, uptake.grade, uptake.label) == (0.5, "cohort", parameters()["cft.uptake"].label)
    assert (travel.name, travel.label) == ("cost_items.travel", "Travel to sessions")
    assert layer.cost_items == (CostItem(travel.name, "cft_sessions", "cft"),)
    assert dict(layer.references)["own_survey"].citation.startswith("Our survey")


WRONG = {
    "an unknown source": ("[own_survey, kent2023]", "[kent2032]", 8, "cft.uptake.sources", "kent2032 is not in"),
    "a mismatched interval": ("[0.401, 0.599]", "[0.1, 0.9]", 5, "cft.uptake.interval", "0.401 to 0.599; write that"),
    "a missing unit": ("    unit: share\n", "", 2, "cft.uptake.unit", "write `unit: share`"),
    "another unit": ("unit: share", "unit: '%'", 4, "cft.uptake.unit", "kept in share"),
    "no unit at all": ("unit: share", "unit: furlongs", 4, "cft.uptake.unit", "not a unit"),
    "a value off the mean": ("value: 0.5", "value: 0.58", 3, "cft.uptake.value", "which is 0.5; the base case"),
    "a value beyond its scale": ("value: 0.5", "value: 5", 3, "cft.uptake.value", "is no share"),
    "a law beyond its scale": ("beta(48, 48)", "normal(0.5, 0.2)", 6, "cft.uptake.distribution", "a beta keeps"),
    "a law that is none": ("beta(48, 48)", "zeta(48)", 6, "cft.uptake.distribution", "zeta is not one of"),
    "no interval": ("    interval: [0.401, 0.599]\n", "", 5, "cft.uptake.distribution", "write its 95% interval"),
    "no source": ("    sources: [own_survey, kent2023]\n", "", 7, "cft.uptake.grade", "or grade it assumption"),
    "no such grade": ("grade: cohort", "grade: hearsay", 7, "cft.uptake.grade", "hearsay"),
    "an unknown key": ("grade: cohort", "grades: cohort", 7, "cft.uptake.grades", "did you mean grade?"),
    "a name misspelt": ("cft.uptake:", "cft.uptaek:", 2, "cft.uptaek", "did you mean cft.uptake?"),
    "a target": ("cft.uptake:", "country.health_spending:", 2, "country.health_spending", "to compare results with"),
    "a section misspelt": ("cost_items:", "costs:", 9, "costs", "parameters, cost_items, sources"),
    "no mapping": (RIGHT, "parameters: 3\n", 1, "parameters", "should be a mapping"),
    "a price that is none": ("unit: AUD", "unit: AUD per year", 15, "travel.unit", "write `unit: AUD`"),
    "a cost below nothing": ("value: 20", "value: -20", 14, "travel.value", "a cost is 0 or more"),
    "money of no year": ("    price_year: 2024\n", "", 15, "travel.unit", "price_year"),
    "a year without prices": ("price_year: 2024", "price_year: 1850", 16, "travel.price_year", "prices are known for"),
    "a cost for what is not counted": ("per: cft_sessions", "per: cft_sesions", 12, "travel.per", "cft_sessions?"),
    "a cost of no category": ("    category: cft\n", "", 10, "travel.category", "who pays it"),
    "a name with a space": ("  travel:", "  bus fare:", 10, "bus fare", "cannot be a name"),
    "a source of nothing": (
        "    citation: Our",
        "    citaton: Our",
        20,
        "own_survey.citaton",
        "did you mean citation?",
    ),
}


@pytest.mark.parametrize("case", WRONG, ids=list(WRONG))
def test_what_is_wrong_is_told_with_line_key_and_remedy(case: str) -> None:
    before, after, line, key, told = WRONG[case]
    assert before in RIGHT
    _, faults = read(RIGHT.replace(before, after))
    found = [(fault.line, fault.key) for fault in faults if told in fault.what]
    assert found == [(line, key)], "\n".join(map(str, faults))


def test_everything_wrong_is_told_at_once() -> None:
    _, faults = read(RIGHT.replace("unit: share", "unit: furlongs").replace("value: 20", "value: -20"))
    assert {fault.key for fault in faults} == {"cft.uptake.unit", "travel.value"}


def test_what_is_not_yaml_is_told() -> None:
    with pytest.raises(EvidenceError, match=r"evidence.yaml, line 3: this is not YAML"):
        read("parameters:\n  - [")


def test_costs_are_paid_for_what_is_counted_and_are_part_of_the_costs_there_are() -> None:
    counted = {outcome.name for outcome in COUNTED if outcome.nature == "flow" and outcome.kind in ("event", "clinic")}
    assert set(PAID_FOR) <= counted
    assert {f"cost_{name}" for name in categories(registry())} == set(COST_CATEGORIES)
