"""Moment matching: what a report leaves unknown, and what share of the value of knowing it gives."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.voi.moment_matching import share_learnt, variance_left
from tests.voi.proposed import EFFECT, closed_form, data_of, design, drawn, effects, measure

DRAWS = 1000
GAIN = np.column_stack([np.zeros(DRAWS), 0.3 + 2.0 * effects(DRAWS)])
DATA = data_of(design(measure("mean", {"people": EFFECT}, sd=4.0)), drawn(effect=effects(DRAWS)))


@pytest.mark.parametrize("people", [4, 16, 64])
def test_the_variance_that_a_report_leaves_is_that_of_the_posterior(people: int) -> None:
    left = variance_left(GAIN, DATA.reported(people).likelihood)
    assert left[1, 1] == pytest.approx(4.0 / (1.0 + people / 16.0), rel=0.08)
    np.testing.assert_allclose(left[0], 0.0, atol=1e-9)


@pytest.mark.parametrize("people", [4, 16, 64])
def test_the_share_learnt_is_that_of_the_closed_form(people: int) -> None:
    share = share_learnt(GAIN, DATA.reported(people).likelihood)
    assert share == pytest.approx(closed_form(0.3, 2.0, 4.0, people) / closed_form(0.3, 2.0, 0.0, 1), rel=0.06)


def test_a_report_that_says_nothing_is_worth_nothing() -> None:
    assert share_learnt(GAIN, np.zeros((DRAWS, DRAWS))) == pytest.approx(0.0, abs=1e-6)


def test_equal_policies_leave_nothing_to_learn() -> None:
    assert share_learnt(0.0 * GAIN, DATA.reported(4).likelihood) == 0.0
