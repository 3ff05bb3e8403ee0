"""Numbers in words: one rule for each kind of quantity, no sign before zero, no error where none can be known."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lbpsim.report
from lbpsim.report.format import (
    HYPHEN,
    MINUS,
    PLUS_MINUS,
    exact_money,
    exact_percent,
    fixed,
    in_a_table,
    known,
    listed,
    money,
    money_with_error,
    per_qaly,
    percent,
    percent_in_words,
    plain,
    signed,
    signed_money,
    with_error,
)

VALUES = st.floats(-1e12, 1e12)
HALVES = st.one_of(st.floats(0.0, 1e12), st.just(math.nan))
ZERO = re.compile(r"[^0-9]*[0,.]+(?=$| )")
ROOM = Path(lbpsim.report.__file__).parent


@given(VALUES, HALVES, st.integers(0, 3))
def test_zero_has_no_sign_and_no_error_is_zero(value: float, half: float, places: int) -> None:
    told = (in_a_table(value, half, places), signed(with_error(value, half), value), money_with_error(value, half))
    for text in told:
        middle, sign, error = text.partition(PLUS_MINUS)
        if ZERO.fullmatch(middle.replace("AUD ", "")):
            assert middle.lstrip("AUD ")[0] == "0", text
        assert known(half) or not sign, text
        assert not sign or re.search("[1-9]", error), text


@pytest.mark.parametrize("half", [0.0, math.nan, math.inf])
def test_an_error_that_nobody_can_know_is_not_shown(half: float) -> None:
    assert in_a_table(0.0, half, 1) == "0.0"
    assert in_a_table(-12.34, half, 1) == "-12.3"
    assert PLUS_MINUS not in with_error(12.0, half)


@given(VALUES)
def test_there_is_one_minus_sign_and_a_hyphen_in_tables_alone(value: float) -> None:
    chosen = round(value / 1e3, 2)
    told = (fixed(value, 2), plain(value), money(value), signed_money(value), percent(value), exact_money(chosen))
    assert not any(HYPHEN in text for text in told)
    assert MINUS not in in_a_table(value, 1.0, 1)
    assert fixed(value, 1, signs=True) == signed(fixed(value, 1), value)


@given(st.floats(0.0, 1.0))
def test_no_share_is_rounded_to_certainty(share: float) -> None:
    assert (percent_in_words(share) == "100%") == (share == 1.0)
    assert (percent_in_words(share) == "0%") == (share == 0.0)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (plain(math.nan), "not known"),
        (plain(math.nan, missing=""), ""),
        (percent(math.nan, missing=""), ""),
        (plain(13.0), "13"),
        (fixed(13.0, 1), "13.0"),
        (per_qaly(123_456.5), "AUD 123,456.5 a QALY"),
        (exact_percent(0.035), "3.5%"),
        (percent_in_words(0.0), "0%"),
        (listed(["a", "b"], last="or"), "a or b"),
    ],
)
def test_a_rule(written: str, meant: str) -> None:
    assert written == meant


def test_no_other_module_changes_a_minus_sign() -> None:
    """Who wants a number written asks `format`; a replaced hyphen would be a rule of its own."""
    mine = [path.name for path in ROOM.rglob("*.py") if 'replace("-", "\\N{MINUS SIGN}")' in path.read_text("utf-8")]
    assert mine == []
