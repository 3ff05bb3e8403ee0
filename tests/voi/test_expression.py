"""Arithmetic on registered parameters: what it comes to, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.voi.expression import DEEPEST, LONGEST, Expression, ExpressionError

VALUES = {"cft.uptake": np.array([0.5, 1.0]), "opioids.severity": 2.0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cft.uptake * opioids.severity - 1", [0.0, 1.0]),
        ("-cft.uptake ** 2 / +4", [-0.0625, -0.25]),
        ("exp(log(cft.uptake)) + sqrt(4)", [2.5, 3.0]),
        ("min(cft.uptake, 0.75) + max(1, 2, opioids.severity)", [2.5, 2.75]),
        ("  (cft.uptake\n + 0)", [0.5, 1.0]),
    ],
)
def test_arithmetic(text: str, value: list[float]) -> None:
    np.testing.assert_allclose(Expression.parse(text).value(VALUES), value)


def test_names_stand_once_in_the_order_of_the_text() -> None:
    assert Expression.parse("b.two + a.one * b.two").names == ("b.two", "a.one")
    assert Expression.parse("0").names == ()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "__import__('os')",
            "cft.uptake.__class__()",
            "open('x')",
            "[1]",
            "cft.uptake if 1 else 2",
            "lambda: 1",
            "'a'",
        ),
        *("1 +", "", "True", "cft.uptake > 1", "exp()", "exp(x=1)", "1j", "(lambda: 1).x", "a @ b", "a // b", "\0"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(text)


@pytest.mark.parametrize(
    "text", ["1 / 0", "10 ** 10 ** 10", "0 ** -1", "log(0) * cft.uptake", "(-1) ** 0.5", "-exp(1e9)"]
)
def test_what_cannot_be_computed_is_no_number(text: str) -> None:
    """And raises nothing: whoever asks looks at what comes of it."""
    assert not np.isfinite(Expression.parse(text).value(VALUES)).any()


def test_what_is_too_long_or_too_deep_is_refused() -> None:
    with pytest.raises(ExpressionError, match="characters"):
        Expression.parse("1+" * LONGEST + "1")
    with pytest.raises(ExpressionError, match="cannot stand in it"):
        Expression.parse("1" * 400)
    with pytest.raises(ExpressionError, match="too deep"):
        Expression.parse("-" * (DEEPEST + 2) + "1")
