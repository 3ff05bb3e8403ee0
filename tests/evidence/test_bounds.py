from __future__ import annotations

import math

import pytest

from lbpsim.evidence import EvidenceError, listing, parameters
from lbpsim.evidence.bounds import TIMES, bounds
from tests.evidence.parsed import parse

INPUTS = [parameter for parameter in parameters().values() if parameter.role == "input"]
OWN = """
x.y:
  label: X
  value: 1.0
  unit: ratio
  role: input
  grade: assumption
  sane: {}
"""


def test_every_input_can_be_set_to_its_value_and_over_its_interval() -> None:
    for parameter in INPUTS:
        range_ = bounds(parameter)
        assert math.isfinite(range_.low) and math.isfinite(range_.high), parameter.name
        low, high = parameter.interval or (parameter.value, parameter.value)
        assert range_.low <= low <= high <= range_.high, parameter.name


@pytest.mark.parametrize(
    ("name", "low", "high", "why"),
    [
        ("cft.uptake", 0.0, 1.0, "whole scale"),
        ("cft.rmdq_week13", -24.0, 24.0, "whole scale"),
        ("disability.trait_sd", 0.0, 24.0, "whole scale"),
        ("opioids.mortality_rr", 0.0, 16.8, "ray2016, 0.989 to 1.68"),
        ("cft.time_to_competence", 0.0, 81.1, "assumed interval"),
        ("quality.norm_age", -0.002587, 0.002587, "ten times the value of"),
        ("usual_care.none", 0.0, 60_000.0, "largest registered value of its kind"),
        ("cft.fidelity", 0.0, 2.0, "the registry gives it"),
    ],
)
def test_scale_size_and_sign_give_the_range(name: str, low: float, high: float, why: str) -> None:
    found = bounds(parameters()[name])
    assert (found.low, found.high) == pytest.approx((low, high))
    assert why in found.why


def test_no_range_is_wider_than_the_rule() -> None:
    for parameter in INPUTS:
        found, ends = bounds(parameter), parameter.interval or (parameter.value,)
        if found.why.startswith("ten times the ") and parameter.value:
            assert found.high == pytest.approx(TIMES * max(map(abs, ends))), parameter.name


def test_the_range_of_a_parameter_is_told_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    Console(width=200).print(listing.in_full("opioids.mortality_rr"))
    assert "Can be set to: 0 to 16.8 (ten times the interval of ray2016, 0.989 to 1.68)" in capsys.readouterr().out


@pytest.mark.parametrize("own", ["[2, 3]", "[1, 1]", "[2, 0]"])
def test_a_range_of_its_own_holds_the_value(own: str) -> None:
    assert parse(OWN.format("[0, 2]"), "x.yaml")["x.y"].sane == (0.0, 2.0)
    with pytest.raises(EvidenceError, match="sane"):
        parse(OWN.format(own), "x.yaml")
