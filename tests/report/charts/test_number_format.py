"""Figures in words: no sign before zero, and no error where none can be known."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.report.charts.number_format import PLUS_MINUS, known, money_with_error, signed, to_places, with_error

VALUES = st.floats(-1e12, 1e12)
HALVES = st.one_of(st.floats(0.0, 1e12), st.just(math.nan))
ZERO = re.compile(r"[^0-9]*[0,.]+(?=$| )")


@given(VALUES, HALVES, st.integers(0, 3))
def test_zero_has_no_sign_and_no_error_is_zero(value: float, half: float, places: int) -> None:
    for text in (to_places(value, half, places), signed(with_error(value, half), value), money_with_error(value, half)):
        middle, sign, error = text.partition(PLUS_MINUS)
        if ZERO.fullmatch(middle.replace("AUD ", "")):
            assert middle.lstrip("AUD ")[0] == "0", text
        assert known(half) or not sign, text
        assert not sign or re.search("[1-9]", error), text


@pytest.mark.parametrize("half", [0.0, math.nan, math.inf])
def test_an_error_that_nobody_can_know_is_not_shown(half: float) -> None:
    assert to_places(0.0, half, 1) == "0.0"
    assert to_places(-12.34, half, 1) == "-12.3"
    assert PLUS_MINUS not in with_error(12.0, half)
