"""What is said of a country that borrows, or that is not for decisions."""

from __future__ import annotations

from lbpsim.evidence.shipped_countries import from_name, reference
from lbpsim.study.borrowed import DEMONSTRATION, how_much, of_country


def test_a_country_that_borrows_nothing_says_nothing() -> None:
    assert list(of_country(reference())) == []


def test_a_country_says_how_much_it_borrows_from_whom_and_what_lists_it() -> None:
    england = from_name("england")
    (told,) = of_country(england)
    inputs = [each for each in england.registry.inputs if each.grade == "borrowed" and each.name in england.borrowed]
    assert told == how_much(england) and told.startswith(f"England borrows {len(inputs)} of the ")
    assert "from Australia" in told and "`lbpsim parameters --country england --borrowed`" in told


def test_a_demonstration_says_so_first() -> None:
    first, _ = of_country(from_name("usa"))
    assert first.startswith(f"{DEMONSTRATION}: too little is known of the United States")
