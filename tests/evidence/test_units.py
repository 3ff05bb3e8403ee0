from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lbpsim.evidence.quoting import short
from lbpsim.evidence.units import (
    DIMENSIONS,
    UnitError,
    dimension_of,
    format_in_unit,
    format_quantity,
    parse_number,
    parse_quantity,
    to_canonical,
)


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("12 weeks", "duration", 12 * 7 / 365.25),
        ("6 months", "duration", 0.5),
        ("1 year", "duration", 1.0),
        ("0.09 per year", "rate", 0.09),
        ("1 per month", "rate", 12.0),
        ("2.3 per 1,000 person-years", "rate", 0.0023),
        ("6% per year", "rate", 0.06),
        ("30%", "share", 0.3),
        ("0.3", "share", 0.3),
        (0.3, "share", 0.3),
        ("-4%", "change", -0.04),
        ("AUD 120", "money", 120.0),
        ("AUD 1,975.80", "money", 1975.8),
        ("AUD 3.4 billion", "money", 3.4e9),
        ("AUD 10 per week", "money per duration", 10 * 365.25 / 7),
        ("AUD 1,000 per week", "money per week", 1000.0),
        ("-4.6 RMDQ points", "RMDQ points", -4.6),
        ("0.02 per RMDQ point", "per RMDQ point", 0.02),
        ("2.78 million people", "count", 2_780_000.0),
        ("  400 ", "count", 400.0),
        ("67", "age", 67.0),
        ("80%", "ratio", 0.8),
        ("1,250.5", "ratio", 1250.5),
        ("1_000 people", "count", 1000.0),
        ("5.", "ratio", 5.0),
    ],
)
def test_reads_what_people_write(text: str | float, dimension: str, value: float) -> None:
    assert parse_quantity(text, dimension) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "dimension", "taught"),
    [
        ("12", "duration", 'no unit: a duration is written like "12 weeks"'),
        ("12 weks", "duration", 'did you mean "weeks"?'),
        ("12 weeks", "rate", 'write it like "0.09 per year"'),
        ("30", "share", 'Did you mean "30%"?'),
        ("-1%", "share", "between 0% and 100%"),
        ("-2 weeks", "duration", "at least 0"),
        ("-120%", "change", "at least -100%"),
        ("120", "money", 'written like "AUD 120"'),
        ("USD 120", "money", 'not in Australian dollars, the money of this country: write "AUD 120"'),
        ("$120", "money", 'written like "AUD 120"'),
        ("nan", "ratio", "is not a ratio"),
        ("inf years", "duration", "is not a duration"),
        ("1e400 years", "duration", "too large"),
        ("", "count", "is not a count"),
        ("per year", "rate", "is not a rate"),
        (True, "share", "is not a share"),
        ("1 year", "lenght", "not a kind of quantity"),
        ("1.2.3", "ratio", "does not start with a number"),
        ("1,,2", "ratio", "does not start with a number"),
    ],
)
def test_errors_show_what_would_be_right(text: str, dimension: str, taught: str) -> None:
    with pytest.raises(UnitError) as error:
        parse_quantity(text, dimension)
    assert taught in str(error.value)


@pytest.mark.parametrize(
    ("text", "dimension", "meant"),
    [
        ("3,5% per year", "rate", "3.5% per year"),
        ("2,5%", "change", "2.5%"),
        ("AUD 112,5", "money", "AUD 112.5"),
        ("AUD 3,4 billion", "money", "AUD 3.4 billion"),
        ("0,8", "ratio", "0.8"),
        ("0,800", "ratio", "0.800"),
        ("-1,25", "change", "-1.25"),
        ("1.250,5", "ratio", "1250.5"),
        ("5,000,00", "ratio", "5000.00"),
        ("1,5e3", "ratio", "1.5e3"),
    ],
)
def test_a_decimal_comma_is_shown_the_point(text: str, dimension: str, meant: str) -> None:
    with pytest.raises(UnitError) as error:
        parse_quantity(text, dimension)
    assert f'write "{meant}"' in str(error.value)


@pytest.mark.parametrize("text", ["9" * 5000, "x" * 5000, f"{'9' * 5000} bananas", "\x1b[31m12 weeks"])
def test_long_and_unprintable_texts_are_cut_and_escaped(text: str) -> None:
    with pytest.raises(UnitError) as error:
        parse_quantity(text, "duration")
    assert len(str(error.value)) < 300
    assert str(error.value).isprintable()


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_examples_in_errors_are_right(dimension: str) -> None:
    assert math.isfinite(parse_quantity(DIMENSIONS[dimension].example, dimension))


@pytest.mark.parametrize("dimension", DIMENSIONS)
@settings(max_examples=50)
@given(share=st.floats(0.0, 1.0), size=st.floats(1e-6, 1e9))
def test_what_is_written_is_read_back(dimension: str, share: float, size: float) -> None:
    kind = DIMENSIONS[dimension]
    value = share * min(kind.high, size)
    assert parse_quantity(format_quantity(value, dimension), dimension) == pytest.approx(value, rel=1e-5, abs=1e-300)


@given(text=st.text(max_size=20), dimension=st.sampled_from(list(DIMENSIONS)))
def test_any_text_is_a_quantity_or_a_unit_error(text: str, dimension: str) -> None:
    try:
        assert math.isfinite(parse_quantity(text, dimension))
    except UnitError as error:
        assert short(text) in str(error)


@given(number=st.integers(1, 10**9), dimension=st.sampled_from(["duration", "rate"]))
def test_units_of_a_dimension_convert_into_each_other(number: int, dimension: str) -> None:
    for unit, size in DIMENSIONS[dimension].units.items():
        assert parse_quantity(f"{number:,} {unit}", dimension) == pytest.approx(number * size, rel=1e-12)


def test_a_unit_of_two_dimensions_belongs_to_the_one_it_is_canonical_for() -> None:
    assert dimension_of("AUD per week") == "money per week"
    assert dimension_of("AUD per year") == "money per duration"
    assert to_canonical(26, "weeks") == pytest.approx(26 * 7 / 365.25)
    with pytest.raises(UnitError, match="did you mean"):
        dimension_of("per yeer")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.091, "share", "9.1%"),
        (576, "AUD per year", "AUD 576 per year"),
        (289100, "people per year", "289,100 people per year"),
        (1.3, "ratio", "1.3"),
        (0.00003, "per year", "3e-05 per year"),
    ],
)
def test_readers_see_familiar_forms(value: float, unit: str, text: str) -> None:
    assert format_in_unit(value, unit) == text


@pytest.mark.parametrize(("years", "text"), [(5 * 7 / 365.25, "5 weeks"), (0.25, "3 months"), (2.0, "2 years")])
def test_durations_come_in_whole_units_where_they_can(years: float, text: str) -> None:
    assert format_quantity(years, "duration") == text


def test_a_percentage_above_a_hundred_is_not_offered_a_second_sign() -> None:
    with pytest.raises(UnitError) as told:
        parse_quantity("140%", "share")
    assert "%%" not in str(told.value)
    with pytest.raises(UnitError, match='"40%"'):
        parse_quantity("40", "share")


@pytest.mark.parametrize(("text", "dimension"), [("6e999 weeks", "duration"), ("9" * 400 + " years", "duration")])
def test_a_number_too_large_to_compute_with_is_refused(text: str, dimension: str) -> None:
    """It would be infinite, and stand for never."""
    with pytest.raises(UnitError, match="too large a number"):
        parse_quantity(text, dimension)
    with pytest.raises(UnitError, match="too large a number"):
        parse_number("1e999")
