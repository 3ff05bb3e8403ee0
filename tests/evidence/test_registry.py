from __future__ import annotations

import math
import re
from typing import Any

import pytest

from lbpsim.evidence import EvidenceError, Parameter, base_values, distributions, parameters
from lbpsim.evidence.grades import GRADES
from lbpsim.evidence.prices import PriceYearError
from lbpsim.evidence.shipped_countries import reference
from lbpsim.evidence.units import DIMENSIONS, MONEY
from tests.evidence.parsed import parse
from tests.offenders import offenders

PRICES = reference().prices
EVERY = list(parameters().values())
INPUTS = [parameter for parameter in EVERY if parameter.role == "input"]
SAMPLED = {parameter.name: parameter for parameter in EVERY if parameter.distribution}
WHOLE = """
cft.uptake:
  label: Share who accept
  value: 0.6
  unit: share
  role: input
  grade: assumption
"""


def test_the_registry_is_complete_enough() -> None:
    assert len(EVERY) > 300
    assert len(INPUTS) > 160
    assert set(GRADES) == {parameter.grade for parameter in EVERY} | {"borrowed"}, (
        "nothing is, in the country others borrow from"
    )


def test_interval_is_that_of_the_distribution() -> None:
    def other(parameter: Parameter) -> Any:
        exact = distributions.interval(str(parameter.distribution))
        stated_to_three_digits = pytest.approx(exact, rel=0.006, abs=1e-9)
        return None if parameter.interval == stated_to_three_digits else (parameter.interval, exact)

    assert offenders(SAMPLED, other) == {}


def test_value_is_the_mean_of_the_distribution() -> None:
    def other(parameter: Parameter) -> Any:
        mean = distributions.law(str(parameter.distribution)).mean()
        return None if mean == pytest.approx(parameter.value, rel=0.01, abs=1e-9) else (parameter.value, mean)

    assert offenders(SAMPLED, other) == {}


def untold(parameter: Parameter) -> str:
    """What a parameter lacks to be told in plain words."""
    domain, dot, _ = parameter.name.partition(".")
    if not (dot and parameter.name == parameter.name.lower() and domain.isidentifier()):
        return "name"
    if not parameter.label or "\n" in parameter.label or len(parameter.label) >= 100:
        return "label"
    weak = parameter.grade in ("assumption", "unverified") and parameter.role == "input"
    return "a weak number says why it was chosen" if weak and not parameter.note else ""


def test_every_parameter_is_told_in_plain_words() -> None:
    assert offenders(parameters(), untold) == {}


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [({"name": "Uptake"}, "name"), ({"label": "x" * 100}, "label"), ({"grade": "assumption", "note": ""}, "weak")],
)
def test_what_is_not_told_is_found(changed: dict[str, str], lacks: str) -> None:
    parameter = parameters()["cft.uptake"]
    assert untold(parameter) == ""
    assert lacks in untold(parameter.model_copy(update=changed))


def test_names_are_fields_that_cannot_collide() -> None:
    fields = [parameter.name.replace(".", "_") for parameter in INPUTS]
    assert len(fields) == len(set(fields))


def test_inputs_lie_in_the_range_of_their_dimension() -> None:
    kinds = {parameter.name: (DIMENSIONS[parameter.dimension], parameter.canonical) for parameter in INPUTS}
    assert [name for name, (kind, value) in kinds.items() if not kind.low <= value <= kind.high] == []
    assert {parameter.price_year for parameter in INPUTS} - {None} <= set(PRICES.by_year)


def test_money_has_a_price_year_and_nothing_else_has() -> None:
    for parameter in EVERY:
        assert (parameter.dimension in MONEY) == (parameter.price_year is not None), parameter.name


def test_targets_say_what_they_are_used_for() -> None:
    targets = [parameter for parameter in EVERY if parameter.role == "target"]
    assert {parameter.used_to for parameter in targets} == {"calibrate", "validate"}
    assert {parameter.used_to for parameter in EVERY if parameter.role != "target"} == {None}


def test_payers_never_pay_more_than_everything() -> None:
    shares: dict[str, float] = {}
    for parameter in INPUTS:
        if parameter.name.startswith("payers."):
            category = parameter.name.split(".")[1]
            shares[category] = shares.get(category, 0.0) + parameter.value
    assert len(shares) == 10 and all(0.0 <= share <= 1.0 for share in shares.values())


def test_derived_numbers_follow_from_the_others() -> None:
    values = base_values()
    line = values["cft.moderation"] * (values["cft.moderation_centre"] - 7.0)
    assert 3.6 + line == pytest.approx(-values["cft.rmdq_week13"], abs=0.005)
    assert values["course.recurrence"] == pytest.approx(-math.log(1 - 0.40), abs=0.005)
    assert values["course.remission_first_year"] == pytest.approx(-math.log(1 - 0.42), abs=0.001)
    prior = parameters()["course.remission_established"].prior  # its value is calibrated
    assert prior is not None
    assert distributions.interval(prior)[0] == pytest.approx(0.08 * (1 - 0.48), abs=0.002)
    assert values["course.remission_severity"] * 8 == pytest.approx(math.log(1.86), abs=0.03)
    assert values["opioids.stop_first_year"] == pytest.approx(-math.log(0.382), abs=0.005)
    assert values["opioids.stop_second_year"] == pytest.approx(-math.log(0.237 / 0.382), abs=0.005)
    assert values["work.return_severity"] == pytest.approx(-math.log(0.945), abs=0.001)
    full_time = parameters()["work.hourly_earnings"]
    assert pytest.approx(full_time.canonical, abs=0.05) == 1975.80 / 38
    sessions = (values["cft.sessions"] - 1) * values["cft.session_interval"]
    assert sessions == pytest.approx(12 * 7 / 365.25)
    assert parameters()["country.yld_per_case"].value == pytest.approx(298_624 / 2_676_192, abs=5e-5)


def test_base_values_are_canonical_and_in_one_price_year() -> None:
    values = base_values()
    assert set(values) == {parameter.name for parameter in INPUTS}
    assert all(math.isfinite(value) for value in values.values())
    assert values["flares.duration_median"] == pytest.approx(parameters()["flares.duration_median"].value * 7 / 365.25)
    assert values["usual_care.low"] == pytest.approx(PRICES.carry(576, 2021, 2024))
    assert base_values(2021)["usual_care.low"] == 576.0
    assert base_values(2021)["cft.uptake"] == values["cft.uptake"]
    with pytest.raises(PriceYearError):
        base_values(2050)


def test_the_registry_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        parameters()["cft.uptake"] = parameters()["cft.fidelity"]  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        parameters()["cft.uptake"].value = 1.0


def test_a_whole_entry_is_read() -> None:
    parameter = parse(WHOLE, "x.yaml")["cft.uptake"]
    assert (parameter.dimension, parameter.canonical, parameter.at_prices_of(2021, PRICES)) == ("share", 0.6, 0.6)


@pytest.mark.parametrize(
    ("line", "by", "taught"),
    [
        ("grade: assumption", "grade: certain", "grade"),
        ("grade: assumption", "grade: trial", "no source, though graded trial"),
        ("grade: assumption", "grade: trial\n  sources: [nobody1900]", "nobody1900 is not in bibliography.yaml"),
        ("unit: share", "unit: shares", 'did you mean "share"?'),
        ("unit: share", "unit: AUD", "money without a price year"),
        ("unit: share", "unit: share\n  price_year: 2021", "a price year, but not money"),
        ("value: 0.6", "value: much", "value"),
        ("value: 0.6", "value: 0.6\n  interval: [0.7, 0.8]", "value outside its interval"),
        ("value: 0.6", "value: 0.6\n  distribution: beta(6, 4)", "a distribution without its interval"),
        ("value: 0.6", "value: 0.6\n  distribution: beta(6)\n  interval: [0, 1]", "write it like"),
        ("role: input", "role: target", "`used_to` belongs to every target"),
        ("role: input", "role: input\n  colour: red", "colour: there is no such key"),
        ("role: input", "role: input\n  lable: x", "did you mean label?"),
        ("label: Share who accept", "", "label: this key is missing"),
        ("label: Share who accept", "label: 5", 'label: "5" is not text'),
        ("value: 0.6", "value: yes", 'value: "True" is not a number'),
        ("value: 0.6", "value: '0.6'", 'value: "0.6" is not a number'),
        ("value: 0.6", "value: 1e-3", 'value: "1e-3" is not a number'),
        ("value: 0.6", "value: .nan", 'value: "nan" is not a number that can be computed with'),
        ("value: 0.6", "value: 1.5", "value: 1.5 share is no share"),
        ("value: 0.6", "value: 0.6\n  interval: [0.5, 60]", "interval: 60 share is no share"),
        ("value: 0.6", "value: 0.6\n  interval: [0.8, 0.5]", "the lower end 0.8 is above the upper end 0.5"),
        ("value: 0.6", "value: 0.6\n  interval: [0.5, 0.6, 0.7]", "interval: this should be two numbers"),
        ("value: 0.6", "value: 0.6\n  interval: 0.7", "interval: this should be a list"),
        ("value: 0.6", "value: 0.6\n  sources: kent2023", "sources: this should be a list"),
    ],
)
def test_a_faulty_entry_is_named_with_its_fault(line: str, by: str, taught: str) -> None:
    assert line in WHOLE
    with pytest.raises(EvidenceError) as error:
        parse(WHOLE.replace(line, by), "x.yaml")
    assert re.match(r"x\.yaml, line [2-9]: cft\.uptake", str(error.value)) and taught in str(error.value)
    assert "Error" not in str(error.value)


def test_an_entry_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(EvidenceError, match=r"x\.yaml, line 1: `cft\.uptake` should be a mapping with label, value"):
        parse("cft.uptake: 0.6\n", "x.yaml")
