"""How many, and from when to when: in the right number, wherever results are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lbpsim
from lbpsim.study.phrasing import number_of, span

PACKAGE = Path(lbpsim.__file__).parent
BY_HAND = re.compile(
    r"\{[^{}]*(?:draws|policies|replications|scenarios|years|people)[^{}]*\} (?:draws|policies|replications|years)\b"
)
FROM_TO = re.compile(r"\{\w*\.?years\[0\]\}(?:-| to )\{")


@pytest.mark.parametrize("number", [0, 2, 1000])
def test_only_one_is_one(number: int) -> None:
    assert number_of(number, "simulated person").endswith(" simulated people")
    assert number_of(1, "simulated person") == "1 simulated person"


def test_one_year_is_no_span() -> None:
    assert span([2026]) == "2026"
    assert span(range(2026, 2036), "-") == "2026-2035"


def test_numbers_of_things_and_spans_of_years_are_worded_in_one_place() -> None:
    told = [path for room in ("report", "study", "decision") for path in sorted((PACKAGE / room).rglob("*.py"))]
    found = {
        f"{path.relative_to(PACKAGE)}: {match[0]}"
        for path in told
        for match in [*BY_HAND.finditer(path.read_text("utf-8")), *FROM_TO.finditer(path.read_text("utf-8"))]
    }
    assert not found
