from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.estimate import Estimate, Source
from lbpsim.report.narrative.phrasing import (
    AMOUNT,
    INTERVAL,
    Thing,
    alone,
    difference,
    interval,
    quantity,
)

DEATHS = Thing("deaths")
SIZES = st.floats(-1e11, 1e11).filter(lambda size: size == 0.0 or abs(size) > 1e-3)
SOURCES: st.SearchStrategy[Source] = st.sampled_from(["parameters", "parameters and Monte Carlo", "Monte Carlo"])


@st.composite
def contrasts(draw: st.DrawFn) -> Estimate:
    """Any three figures in order."""
    low, value, high = sorted(draw(st.tuples(SIZES, SIZES, SIZES)))
    return Estimate(value, low, high, source=draw(SOURCES))


def numbers(text: str) -> list[float]:
    found = re.findall(r"[+\N{MINUS SIGN}]?\d[\d,]*\.?\d*", text)
    return [float(each.replace(",", "").replace("\N{MINUS SIGN}", "-")) for each in found]


@given(contrasts())
def test_words_never_contradict_sign_or_clarity(contrast: Estimate) -> None:
    for text, more, less in (
        (difference(contrast, AMOUNT, "{} more", "{} less"), " more (", " less ("),
        (difference(contrast, DEATHS, "gains {}", "loses {}"), "gains ", "loses "),
    ):
        assert (more in text) == (contrast.direction > 0)
        assert (less in text) == (contrast.direction < 0)
        assert ("no clear difference" in text) == (not contrast.clear and not contrast.none)
        assert ("no difference seen" in text) == contrast.none


@given(contrasts())
def test_every_stated_difference_says_what_its_interval_is_for(contrast: Estimate) -> None:
    if not contrast.none:
        assert INTERVAL[contrast.source] in difference(contrast, DEATHS, "{}", "{}")
        short = difference(contrast, DEATHS, "{}", "{}", full=False)
        assert not any(words in short for words in INTERVAL.values())


@given(contrasts())
def test_the_interval_of_a_clear_difference_does_not_read_as_if_it_held_zero(contrast: Estimate) -> None:
    shown = numbers(interval(contrast, AMOUNT, full=False))
    if contrast.clear:
        assert all(number > 0.0 for number in shown)
    elif shown:
        assert shown[0] <= 0.0 <= shown[-1]
    assert shown == sorted(shown)


@given(contrasts().filter(lambda contrast: contrast.clear))
def test_the_figure_lies_within_its_interval_as_written(contrast: Estimate) -> None:
    shown = numbers(interval(contrast, DEATHS, full=False))
    if shown:
        assert shown[0] <= numbers(quantity(contrast, DEATHS))[0] <= shown[1]


@given(SIZES, st.floats(1e-3, 1e11))
def test_figures_have_few_digits(value: float, half: float) -> None:
    contrast = Estimate(value, value - half, value + half, source="Monte Carlo")
    if contrast.clear and min(abs(contrast.low), abs(contrast.high)) > half / 10:
        figure = re.sub(r"[^\d]", "", quantity(contrast, Thing(""))).strip("0")
        assert len(figure) <= 5


def test_money_and_counts_as_people_write_them() -> None:
    less = Estimate(-3.457e9, -3.56e9, -3.35e9, source="Monte Carlo")
    told = difference(less, AMOUNT, "", "{} less", full=False)
    assert told == "AUD 3.46 billion less (AUD 3.35 to 3.56 billion)"
    few = Estimate(-96.0, -165.0, -27.0, source="Monte Carlo")
    assert difference(few, DEATHS, "", "{} fewer", full=False) == "96 deaths fewer (27 to 165)"
    unsure = Estimate(2e7, -3e6, 4.3e7, source="parameters")
    told = difference(unsure, AMOUNT, "", "", full=False)
    assert told == "no clear difference in cost (AUD \N{MINUS SIGN}3 to +43 million)"


def test_an_interval_too_narrow_to_write_says_so() -> None:
    narrow = Estimate(632_475.0, 632_474.9, 632_475.1, source="Monte Carlo")
    assert interval(narrow, DEATHS, full=False) == "narrower than the rounding"


def test_without_an_interval_there_is_no_direction() -> None:
    text = difference(Estimate(-50.0), DEATHS, "", "")
    assert text == "a difference in deaths of unknown direction (no interval is known)"


@pytest.mark.parametrize(("value", "words"), [(0.0, "0 people"), (1.5, "1.50 people"), (123_456.0, "123,000 people")])
def test_figures_alone(value: float, words: str) -> None:
    assert alone(value, Thing("people")) == words
