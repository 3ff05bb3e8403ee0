from __future__ import annotations

import pytest

from lbpsim import evidence
from lbpsim.study.files.errors import Place
from lbpsim.study.files.field_type import FieldType, Location, WrongValue
from lbpsim.study.files.nodes import Scalar
from lbpsim.study.files.quantity_fields import Growth, Quantity, Threshold, assumed

SHARE = Quantity("share", "10%", bare=True)
CHANGE = Quantity("change", "-20%", high=1.0)
WAIT = Quantity("duration", "12 weeks")
PRICE = Quantity("money", "AUD 120")


def read(kind: FieldType, text: str) -> float:
    return float(kind.read(Scalar(text, True, Place("a.yaml", 1, 1)), Location([])))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (SHARE, "10%", 0.1),
        (SHARE, "0.10", 0.1),
        (CHANGE, "-20%", -0.2),
        (WAIT, "52.17857142857143 weeks", 1.0),
        (PRICE, "AUD 1,200.50", 1200.5),
        (Growth(), "6% per year", 0.06),
        (Growth(), "-3.4% a year", -0.034),
        (Threshold(), "AUD 28,033", 28_033.0),
        (Threshold(), "AUD 50000 per QALY", 50_000.0),
        (Quantity("rate", "5% per year"), "5% per year", 0.05),
        (Quantity("rate", "0.09 per year"), "0.0075 per month", 0.09),
    ],
)
def test_right_quantities(kind: FieldType, text: str, value: float) -> None:
    assert read(kind, text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (SHARE, "10", "10%"),
        (SHARE, "110%", "out of range"),
        (SHARE, "-0.1", "out of range"),
        (SHARE, ".nan", "computed"),
        (SHARE, "12 weeks", "not a share"),
        (SHARE, "half", "not a share"),
        (CHANGE, "-0.2", "no unit"),
        (CHANGE, "-120%", "out of range"),
        (CHANGE, "500%", "above 100%"),
        (WAIT, "12", "no unit"),
        (WAIT, "12 wekes", "weeks"),
        (WAIT, "-3 weeks", "out of range"),
        (PRICE, "120", "no unit"),
        (PRICE, "USD 120", "money"),
        (PRICE, "AUD 1e999", "too large"),
        (Growth(), "6%", "not growth"),
        (Growth(), "0.06", "not growth"),
        (Growth(), "6 per year", "not growth"),
        (Growth("opioids.growth_2004_2014"), "100% per year", "above 70%"),
        (Growth("opioids.growth_2004_2014"), "-90% per year", "below -70%"),
        (Growth(), "3,5% per year", "a comma"),
        (Quantity("rate", "5% per year"), "3,5% per year", "a comma"),
        (Threshold(), "50000", "no unit"),
        (Threshold(), "AUD -1", "nothing"),
        (Threshold(), "AUD 0", "nothing"),
        (Threshold(), "AUD 1e25", "above AUD 500,000"),
        (Threshold(), "AUD 50,00", "a comma"),
    ],
)
def test_wrong_quantities(kind: FieldType, text: str, said: str) -> None:
    with pytest.raises(WrongValue) as caught:
        read(kind, text)
    assert said in caught.value.wrong


@pytest.mark.parametrize(
    ("kind", "text", "fix"), [(WAIT, "12", "12 years"), (PRICE, "120", "AUD 120"), (CHANGE, "-20", "-20%")]
)
def test_a_bare_number_is_shown_the_fix(kind: FieldType, text: str, fix: str) -> None:
    with pytest.raises(WrongValue) as caught:
        read(kind, text)
    assert f"`{fix}`" in caught.value.right


def test_the_example_of_every_parameter_is_right() -> None:
    for parameter in evidence.parameters().values():
        if parameter.role == "input":
            kind = assumed(parameter)
            assert read(kind, kind.example) == pytest.approx(parameter.canonical, rel=1e-5, abs=1e-12), parameter.name


@pytest.mark.parametrize(
    ("name", "text", "wrong", "right"),
    [
        (
            "opioids.mortality_rr",
            "1e30",
            "above 16.8",
            "from 0 to 16.8 (ten times the interval of ray2016, 0.989 to 1.68)",
        ),
        ("cft.rmdq_week13", "1e9 RMDQ points", "out of range", "from -24 to 24 RMDQ points (the whole scale)"),
        ("disability.trait_sd", "-1 RMDQ points", "below 0", "from 0 to 24 RMDQ points"),
        ("cft.fidelity", "80", "above 2", "Did you mean `80%`?"),
        ("cft.uptake", "60,5%", "a comma", "such as `60%`"),
        ("surgery.cost", "AUD 54,0000", "a comma", "AUD 54,000"),
    ],
)
def test_a_value_that_cannot_be_meant_is_told_the_range_and_its_source(
    name: str, text: str, wrong: str, right: str
) -> None:
    with pytest.raises(WrongValue) as caught:
        read(assumed(evidence.parameters()[name]), text)
    assert wrong in caught.value.wrong
    assert right in caught.value.right


def test_a_ratio_may_be_a_percentage() -> None:
    assert read(assumed(evidence.parameters()["cft.fidelity"]), "80%") == 0.8


def test_parameters_that_cannot_be_negative_are_refused_below_zero() -> None:
    with pytest.raises(WrongValue):
        read(assumed(evidence.parameters()["cft.fidelity"]), "-0.1")
    assert read(assumed(evidence.parameters()["cft.rmdq_week13"]), "-6 RMDQ points") == -6.0
