from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lbpsim.evidence.quoting import LONGEST_QUOTE, printable, short


def test_line_ends_stay_where_a_whole_message_is_escaped() -> None:
    assert printable("one\ntwo\x1b") == "one\ntwo\\x1b"


@given(st.text())
def test_any_text_is_quoted_on_one_printable_line(text: str) -> None:
    assert short(text).isprintable()
    assert len(short(text)) <= LONGEST_QUOTE + 3
    assert "\n" not in short(text)


def test_a_text_that_fits_is_quoted_as_it_is() -> None:
    assert short("a\n  b") == "a b"
    assert short("x" * LONGEST_QUOTE) == "x" * LONGEST_QUOTE
    assert short(f"x{' ' * 500}y").startswith("x")
