"""Where a decision changes: found by bisection wherever neighbouring looks differ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.dsa.switching_values import switching_values


@given(st.floats(0.1, 9.9), st.floats(0.01, 100.0))
def test_a_line_that_crosses_zero(where: float, slope: float) -> None:
    (found,) = switching_values(lambda x: np.array([0.0, slope * (x - where)]), [0.0, 10.0], tolerance=1e-9, most=60)
    assert found.value == pytest.approx(where, abs=1e-8)
    assert found.low <= found.value <= found.high
    assert (found.before, found.after) == (0, 1)


def test_a_policy_best_in_between_is_met() -> None:
    """Three policies take turns: both changes are told, in their order."""
    found = switching_values(lambda x: np.array([2.0 - x, 1.0, x - 3.0]), [0.0, 10.0], tolerance=1e-9, most=60)
    assert [round(each.value, 6) for each in found] == [1.0, 4.0]
    assert [(each.before, each.after) for each in found] == [(0, 1), (1, 2)]


def test_more_looks_find_a_decision_that_turns_back() -> None:
    def hump(x: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([0.0, 1.0 - (x - 5.0) ** 2])

    assert switching_values(hump, [0.0, 10.0], tolerance=1e-9, most=60) == ()
    assert [round(each.value, 6) for each in switching_values(hump, [0.0, 5.0, 10.0], tolerance=1e-9, most=60)] == [
        4.0,
        6.0,
    ]


def test_a_jump_is_enclosed() -> None:
    """Whole physiotherapists, whole years: benefit that jumps is enclosed as closely as asked."""
    (found,) = switching_values(
        lambda x: np.array([0.0, 1.0 if x >= 7.0 else -100.0]), [0.0, 20.0], tolerance=0.01, most=60
    )
    assert found.low < 7.0 <= found.high
    assert found.high - found.low <= 0.01


def test_a_decision_that_stands_has_no_switch() -> None:
    assert switching_values(lambda x: np.array([1.0, 0.0]), [0.0, 1.0], tolerance=0.1, most=60) == ()
    assert (
        switching_values(lambda x: np.array([1.0, 1.0]), [0.0, 1.0], tolerance=0.1, most=60) == ()
    )  # ties go to the first


def test_few_evaluations_for_a_costly_model() -> None:
    asked: list[float] = []

    def costly(x: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        asked.append(x)
        return np.array([0.0, x - 3.3])

    switching_values(costly, [0.0, 8.0], tolerance=0.5, most=60)
    assert len(asked) == 2 + 4
    assert len(set(asked)) == len(asked)
