from __future__ import annotations

import math

import pytest

from lbpsim.evidence import parameters
from lbpsim.validation.verdicts import (
    MATCHED,
    NOTHING,
    Limits,
    around,
    beside,
    ends,
    overall,
    published_interval,
    role_of,
)


@pytest.mark.parametrize(
    ("value", "error", "verdict"),
    [
        (0.0, 0.1, "pass"),
        (0.9, 0.1, "inconclusive"),
        (1.0, 0.0, "pass"),
        (1.1, 0.1, "inconclusive"),
        (1.3, 0.1, "miss"),
        (-1.3, 0.1, "miss"),
        (0.0, 2.0, "inconclusive"),
        (math.nan, 0.1, "not judged"),
        (0.0, math.nan, "inconclusive"),
    ],
)
def test_a_verdict_takes_account_of_monte_carlo_error(value: float, error: float, verdict: str) -> None:
    assert Limits(-1.0, 1.0).verdict(value, error) == verdict


def test_without_limits_nothing_is_judged() -> None:
    assert Limits().verdict(1.0, 0.1) == "not judged"
    assert all(math.isnan(end) for end in ends(Limits()))
    assert ends(Limits(0.0, 1.0)) == (0.0, 1.0)


def test_limits_meet() -> None:
    assert Limits(0.0, 2.0) & around(2.0, within=1.0) == Limits(1.0, 2.0)
    assert Limits(0.0, 2.0).hold(2.0) and not Limits(0.0, 2.0).hold(2.1)


def test_a_published_figure_must_be_met_within_its_interval_and_its_tolerance() -> None:
    target = parameters()["restore.cft_rmdq_week13"]
    assert published_interval(target) == Limits(-5.9, -3.4)
    assert beside(target).limits == Limits(-5.9, -3.4)
    assert beside(target, tolerance=0.3).limits == Limits(-4.6 - 0.3, -4.6 + 0.3)
    assert beside(target, tolerance=2.0).limits == Limits(-5.9, -3.4)
    assert beside(target, scale=2.0).value == pytest.approx(-9.2)
    assert beside(None) == NOTHING


def test_without_interval_only_the_tolerance_counts() -> None:
    target = parameters()["restore.cft_pain_week13"]
    assert target.interval is None
    assert beside(target).limits == Limits()
    assert beside(target, tolerance=0.3).limits == Limits(-1.4 - 0.3, -1.4 + 0.3)


def test_what_calibrated_the_model_never_counts_as_validation() -> None:
    for name, parameter in parameters().items():
        if name in MATCHED:
            assert role_of(parameter) == "matched by construction"
        elif parameter.used_to == "calibrate":
            assert role_of(parameter) == "calibrated to"
        elif parameter.used_to == "validate":
            assert role_of(parameter) == "validation only"
        else:
            assert role_of(parameter) == "context"


def test_what_is_matched_by_construction_is_registered_as_used() -> None:
    assert {parameters()[name].used_to for name in MATCHED} == {"calibrate"}


@pytest.mark.parametrize(
    ("verdicts", "worst"),
    [
        (["pass", "pass"], "pass"),
        (["pass", "inconclusive"], "inconclusive"),
        (["inconclusive", "miss", "pass"], "miss"),
        (["pass", "not judged"], "not judged"),
        ([], "not judged"),
    ],
)
def test_the_worst_verdict_counts(verdicts: list[str], worst: str) -> None:
    assert overall(verdicts) == worst
