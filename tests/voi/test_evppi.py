"""Value of partial information: closed forms, two regressions, parameters without effect, parameters that interact."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest
from scipy import stats

from lbpsim.cea.decision_uncertainty import perfect_information
from lbpsim.voi.evppi import Evppi, evppi, standard
from tests.cea.made_up import Numbers, normals

DRAWS = 1000
A, B, IDLE, LUCK = (normals(DRAWS, stream) for stream in range(4))
GAIN = np.column_stack([np.zeros(DRAWS), 0.3 + 2.0 * A + 1.0 * B])  # linear in two normal parameters
ALL = perfect_information(GAIN)[0]


def closed_form(sd: float, mean: float = 0.3) -> float:
    """Value of knowing what gives the expected gain this standard deviation (unit normal loss)."""
    z = mean / sd
    return float(sd * (stats.norm.pdf(z) - z * stats.norm.sf(z)))


def worth(gain: Numbers, *known: Numbers) -> Evppi:
    """Value of knowing some parameters for a choice by `gain`."""
    return evppi(gain[None], np.column_stack(known), [perfect_information(gain)[0]])[0]


@cache
def worth_of(known: str) -> Evppi:
    """Value of knowing parameters for the linear gain, by their letters."""
    return worth(GAIN, *({"A": A, "B": B, "I": IDLE}[letter] for letter in known))


@pytest.mark.parametrize(("known", "sd"), [("A", 2.0), ("B", 1.0), ("AB", 5.0**0.5)])
def test_linear_gaussian_case(known: str, sd: float) -> None:
    """Against the closed form, and within 5% between the two regressions."""
    found = worth_of(known)
    assert abs(found.value - closed_form(sd)) < 3.0 * found.se
    assert found.value == pytest.approx(closed_form(sd), rel=0.12)  # 1,000 draws
    assert found.other == pytest.approx(found.value, rel=0.05)
    assert found.clear
    assert found.doubt == ""


def test_noise_in_the_draws_does_not_inflate_it() -> None:
    noisy = GAIN + np.column_stack([np.zeros(DRAWS), 3.0 * LUCK])
    found = worth(noisy, A)
    assert abs(found.value - closed_form(2.0)) < 3.0 * found.se
    assert found.value < 0.8 * perfect_information(noisy)[0]


def test_a_parameter_without_effect_is_worth_nothing() -> None:
    """TECH-VER, uncertainty: EVPPI within its error of 0."""
    found = worth_of("I")
    assert found.value <= 2.0 * found.se
    assert not found.clear
    assert found.r2 < 0.01
    assert np.isnan(found.other)


def test_many_parameters_without_effect_are_worth_nothing() -> None:
    idle = [normals(DRAWS, stream) for stream in range(20, 45)]
    found = worth(GAIN, *idle)
    assert found.value <= 2.0 * found.se


@pytest.mark.parametrize("known", ["A", "I", "ABI"])
def test_between_nothing_and_everything(known: str) -> None:
    """TECH-VER, uncertainty: EVPI >= every EVPPI >= 0 on the same draws."""
    assert 0.0 <= worth_of(known).value <= ALL


def test_parameters_that_work_only_together() -> None:
    """A product: additive curves see nothing in it, so the kernels are believed, which explain what is left out."""
    product = np.column_stack([np.zeros(DRAWS), A * B])
    found = worth(product, A, B)
    assert found.value == pytest.approx(perfect_information(product)[0], rel=0.05)
    assert found.r2 > 0.9
    assert found.other < 0.1 * found.value
    assert found.doubt == ""
    assert not worth(product, A).clear


def test_a_curved_effect() -> None:
    """A gain of the square of a parameter less 1: known exactly by knowing it."""
    square = np.column_stack([np.zeros(DRAWS), A**2 - 1.0])
    assert worth(square, A).value == pytest.approx(perfect_information(square)[0], rel=0.05)


@pytest.mark.gate
def test_several_views_at_once_are_as_one_by_one() -> None:
    views, known = np.stack([GAIN, -3.0 * GAIN])[:, :200], A[:200, None]
    both = evppi(views, known, [9.0, 9.0])
    for found, alone in zip(both, (evppi(view[None], known, [9.0])[0] for view in views), strict=True):
        assert found.value == pytest.approx(alone.value, rel=1e-6)
        assert found.se == pytest.approx(alone.se, rel=1e-6)


def test_equal_policies_have_nothing_to_learn() -> None:
    """TECH-VER, uncertainty: identical policies give EVPI 0, and so every EVPPI."""
    assert worth(np.repeat(GAIN[:, 1:], 3, axis=1) * 0.0, A).value == 0.0


def test_a_parameter_that_does_not_vary_teaches_nothing() -> None:
    assert standard(np.ones((DRAWS, 2))).shape == (DRAWS, 0)
    assert worth(GAIN, np.ones(DRAWS)).value == 0.0


def test_two_values_are_enough_to_learn_from() -> None:
    sign = np.sign(A)
    found = worth(np.column_stack([np.zeros(DRAWS), sign]), sign)
    assert found.value == pytest.approx(0.5, rel=0.05)


def test_too_few_draws_say_nothing() -> None:
    assert np.isnan(worth(GAIN[:15], A[:15]).value)


def test_doubts_are_told() -> None:
    sound = Evppi(10.0, 1.0, 20.0, 0.0, 10.0, 1.0, 0.5, 10.1, 0.5)
    assert sound.doubt == ""
    assert "left out" in dataclasses.replace(sound, held_out=2.0).doubt
    assert "second" in dataclasses.replace(sound, other=15.0).doubt
    assert dataclasses.replace(sound, other=15.0, other_r2=0.1).doubt == ""
