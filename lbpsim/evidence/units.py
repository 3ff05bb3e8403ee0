"""Quantities with units: "12 weeks", "0.09 per year", "30%", "AUD 120", to one canonical unit a dimension and back.

Not a general unit system: it knows the dimensions of this model, and explains itself when a text does not fit. Money is
read and written in the currency of the country that is in force (`lbpsim.evidence.currency`).
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lbpsim.evidence.currency import MONEY as CURRENCY
from lbpsim.evidence.currency import code_of, in_currency, in_force, without_code
from lbpsim.evidence.quoting import short

DAYS_A_YEAR, DAYS_A_WEEK, MONTHS_A_YEAR = 365.25, 7.0, 12.0
WEEK, MONTH, DAY = DAYS_A_WEEK / DAYS_A_YEAR, 1.0 / MONTHS_A_YEAR, 1.0 / DAYS_A_YEAR
PER_CENT = 0.01
AMOUNT = re.compile(rf"\b{CURRENCY} (?=\d)")
MAGNITUDES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
QUANTITY = re.compile(r"(?P<number>[-+]?[\d.,_]*\d\.?([eE][-+]?\d+)?)\s*(?P<unit>.*)", re.ASCII)
NUMBER = re.compile(r"[-+]?((?P<whole>\d(_?\d)*|[1-9]\d{0,2}(,\d{3})+)(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)

WHOLE = re.compile(r"[-+]?\d{1,30}", re.ASCII)
GROUPED = re.compile(r"[-+]?(\d+|\d{1,3}([.,]\d{3})+)", re.ASCII)  # as written where a comma is the decimal mark


class UnitError(ValueError):
    """A text that is not a quantity of the dimension asked for; the message shows what would be."""


@dataclass(frozen=True)
class Dimension:
    """A kind of quantity.

    Its `units` with their size in the canonical unit (the first one), what is `written` as an example, whether a `bare`
    number is understood, and the range it must lie in (canonical unit); on a scale a change goes no further than its
    length. In units and example "money" stands for the currency.
    """

    units: Mapping[str, float]
    written: str
    bare: bool = False
    low: float = -math.inf
    high: float = math.inf

    @property
    def example(self) -> str:
        """A quantity as it is written, in the currency in force."""
        return told(self.written)

    @property
    def canonical(self) -> str:
        """The canonical unit."""
        return next(iter(self.units))


def _per(sizes: Mapping[str, float], before: str = "") -> dict[str, float]:
    return {f"{before}per {unit}": 1.0 / size for unit, size in sizes.items()}


def _same(*names: str) -> dict[str, float]:
    return dict.fromkeys(names, 1.0)


_TIMES = {"year": 1.0, "month": MONTH, "week": WEEK, "day": DAY}
_COUNTS = (
    *("people", "person", "sessions", "session", "physiotherapists", "cases", "deaths", "DALYs", "YLDs"),
    *("hospitalisations", "visits", "operations", "places", "consultations", "trials"),
)
_YEARLY = ("people", "operations", "places")

DIMENSIONS: Mapping[str, Dimension] = {
    "duration": Dimension({f"{unit}s": size for unit, size in _TIMES.items()} | _TIMES, "12 weeks", low=0.0),
    "rate": Dimension(
        _per(_TIMES) | {"% per year": PER_CENT, "per 1,000 person-years": 1e-3, "per 100,000 person-years": 1e-5},
        "0.09 per year",
        low=0.0,
    ),
    "share": Dimension({"share": 1.0, "%": PER_CENT}, "30%", bare=True, low=0.0, high=1.0),
    "change": Dimension({"relative change": 1.0, "%": PER_CENT}, "-4%", bare=True, low=-1.0),
    "money": Dimension({"money": 1.0}, "money 120"),
    "money per duration": Dimension(_per(_TIMES, "money "), "money 576 per year"),
    "money per week": Dimension({"money per week": 1.0, "money per year": WEEK}, "money 1,975.80 per week"),
    "money per hour": Dimension({"money per hour": 1.0}, "money 52 per hour"),
    "money per RMDQ point-year": Dimension({"money per RMDQ point-year": 1.0}, "money 1,650 per RMDQ point-year"),
    "money per QALY": Dimension({"money per QALY": 1.0}, "money 50,000 per QALY"),
    "RMDQ points": Dimension(_same("RMDQ points", "RMDQ point"), "7 RMDQ points", low=-24.0, high=24.0),
    "NRS points": Dimension(_same("NRS points", "NRS point"), "4 NRS points", low=-10.0, high=10.0),
    "ODI points": Dimension(_same("ODI points", "ODI point"), "-6 ODI points", low=-100.0, high=100.0),
    "per RMDQ point": Dimension({"per RMDQ point": 1.0}, "0.02 per RMDQ point"),
    "per ODI point": Dimension({"per ODI point": 1.0}, "0.009 per ODI point"),
    "per NRS point": Dimension({"per NRS point": 1.0}, "0.02 per NRS point"),
    "ODI points per RMDQ point": Dimension({"ODI points per RMDQ point": 1.0}, "3.1 ODI points per RMDQ point"),
    "NRS points per RMDQ point": Dimension({"NRS points per RMDQ point": 1.0}, "0.3 NRS points per RMDQ point"),
    "RMDQ points per ODI point": Dimension({"RMDQ points per ODI point": 1.0}, "0.3 RMDQ points per ODI point"),
    "utility": Dimension({"utility": 1.0}, "0.83", bare=True, low=-1.0, high=1.0),
    "QALYs": Dimension(_same("QALYs", "QALY"), "0.02 QALYs"),
    "count": Dimension(_same(*_COUNTS), "400", bare=True, low=0.0),
    "count per year": Dimension(_same(*(f"{what} per year" for what in _YEARLY)), "289,100 people per year", low=0.0),
    "hours": Dimension(_same("hours", "hour"), "80 hours", low=0.0),
    "hours per year": Dimension(_same("hours per year"), "75 hours per year", low=0.0, high=24.0 * DAYS_A_YEAR),
    "hours per week": Dimension(_same("hours per week"), "34.7 hours per week", low=0.0, high=24.0 * DAYS_A_WEEK),
    "ratio": Dimension({"ratio": 1.0, "%": PER_CENT}, "1.3", bare=True),
    "age": Dimension({"years of age": 1.0}, "67 years of age", bare=True, low=0.0, high=120.0),
}
MONEY_FOR_ONE = "money"
MONEY = frozenset(name for name in DIMENSIONS if name.startswith("money"))


def dimension_of(unit: str) -> str:
    """Dimension of a unit; where several have it, the one whose canonical unit it is.

    Raises UnitError for a unit that no dimension has.
    """
    plain = without_code(unit)
    holders = [name for name, dimension in DIMENSIONS.items() if plain in dimension.units]
    if not holders:
        every = sorted({told(known) for dimension in DIMENSIONS.values() for known in dimension.units})
        raise UnitError(f'"{unit}" is not a unit{_did_you_mean(unit, every)}')
    return next((name for name in holders if DIMENSIONS[name].canonical == plain), holders[0])


def to_canonical(value: float, unit: str) -> float:
    """`value` in `unit`, in the canonical unit of the unit's dimension.

    Raises UnitError for an unknown unit.
    """
    return value * DIMENSIONS[dimension_of(unit)].units[without_code(unit)]


def parse_quantity(text: str | float, dimension: str) -> float:
    """The quantity that `text` states ("12 weeks", "30%", "AUD 1.2 million"), in the canonical unit of `dimension`.

    Raises UnitError, with a correct example, for anything that is not such a quantity.
    """
    kind = _dimension(dimension)
    number, unit = _split(text, kind, dimension)
    text = short(str(text))
    _refuse_other_currency(text, unit, kind)
    unit = without_code(unit)
    if not unit and not kind.bare:
        raise UnitError(f'"{text}" has no unit: {in_words(dimension)} is written like "{kind.example}"')
    if unit and unit not in kind.units:
        hint = _did_you_mean(told(unit), [told(known) for known in kind.units])
        raise UnitError(f'"{text}" is not {in_words(dimension)}{hint}; write it like "{kind.example}"')
    value = number * (kind.units[unit] if unit else 1.0)
    _check_range(text, value, kind, dimension)
    return value


def _dimension(name: str) -> Dimension:
    if name not in DIMENSIONS:
        raise UnitError(f'"{name}" is not a kind of quantity{_did_you_mean(name, list(DIMENSIONS))}')
    return DIMENSIONS[name]


def _refuse_other_currency(text: str, unit: str, kind: Dimension) -> None:
    code = code_of(unit)
    if code is not None and code != in_force().code and without_code(unit) in kind.units:
        raise UnitError(f'"{text}" is not in {in_force().name}, the money of this country: write "{kind.example}"')


def _split(text: str | float, kind: Dimension, dimension: str) -> tuple[float, str]:
    """Number and unit of a quantity; "AUD 5 per year" has the unit "AUD per year"."""
    words = " ".join(str(text).split())
    currency = code_of(words) or ""
    match = QUANTITY.fullmatch(words.removeprefix(f"{currency} "))
    if isinstance(text, bool) or match is None:
        raise UnitError(f'"{short(words)}" is not {in_words(dimension)}: it is written like "{kind.example}"')
    number, unit = parse_number(match["number"], words), match["unit"]
    first, _, rest = unit.partition(" ")
    if first in MAGNITUDES:
        number, unit = number * MAGNITUDES[first], rest
    if not math.isfinite(number):
        raise UnitError(f'"{short(words)}" is too large to be {in_words(dimension)}')
    return number, f"{currency} {unit}".strip()


def parse_number(text: str, within: str | None = None) -> float:
    """The number that `text` states; a comma may only part thousands. `within`: what errors quote, if more than it.

    Raises UnitError, with the number as it may have been meant, for a comma that stands elsewhere; for a number beyond
    what a computer can hold.

    >>> parse_number("28,033.50")
    28033.5
    >>> parse_number("3,5")
    Traceback (most recent call last):
    lbpsim.evidence.units.UnitError: "3,5" has a comma where only a point can stand: write "3.5"
    """
    whole = text if within is None else within
    if NUMBER.fullmatch(text):
        value = float(text.replace(",", ""))
        if math.isinf(value):
            raise UnitError(f'"{short(whole)}" is too large a number to compute with')
        return value
    meant = _with_a_point(text)
    if meant is None:
        raise UnitError(f'"{short(whole)}" does not start with a number: it is written like "1,250.5"')
    raise UnitError(
        f'"{short(whole)}" has a comma where only a point can stand: write "{short(whole.replace(text, meant, 1))}"'
    )


def parse_whole(text: str) -> int:
    """The whole number that `text` states in digits; commas may part thousands.

    Raises UnitError for anything else.

    >>> parse_whole("140,000")
    140000
    """
    if NUMBER.fullmatch(text) or "," in text:
        parse_number(text)
    digits = text.replace(",", "").replace("_", "")
    if WHOLE.fullmatch(digits) is None:
        raise UnitError(f'"{short(text)}" is not a whole number in digits')
    return int(digits)


def _with_a_point(text: str) -> str | None:
    """A number with a decimal comma, written with a point; None where it does not read like one."""
    body, _, decimals = text.rpartition(",")
    if GROUPED.fullmatch(body) is None or NUMBER.fullmatch(f"0.{decimals}") is None:
        return None
    return f"{body.replace('.', '').replace(',', '')}.{decimals}"


def _check_range(text: str | float, value: float, kind: Dimension, dimension: str) -> None:
    if kind.low <= value <= kind.high:
        return
    hint = f' Did you mean "{text}%"?' if dimension == "share" and 1.0 < value <= 100.0 and "%" not in str(text) else ""
    low, high = (_in_per_cent(end, kind) for end in (kind.low, kind.high))
    limits = f"at least {low}" if math.isinf(kind.high) else f"between {low} and {high}"
    raise UnitError(f'"{text}" is out of range: {in_words(dimension)} is {limits}.{hint}')


def _in_per_cent(value: float, kind: Dimension) -> str:
    """An end of a range, in per cent where that is how such quantities are written."""
    return f"{value / PER_CENT:g}%" if "%" in kind.example else f"{value:g}"


def _did_you_mean(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def format_quantity(value: float, dimension: str) -> str:
    """A canonical value as readable text that `parse_quantity` takes back to six significant digits.

    Raises UnitError for an unknown dimension.
    """
    kind = _dimension(dimension)
    if dimension == "duration":
        return _format_duration(value)
    return format_in_unit(value, kind.canonical)


def _format_duration(years: float) -> str:
    """In the largest of years, months, weeks and days that gives a whole number, else in years."""
    for unit, size in _TIMES.items():
        whole = round(years / size)
        if whole >= 1 and math.isclose(whole * size, years, rel_tol=1e-9):
            return f"{whole} {unit}" if whole == 1 else f"{whole:,} {unit}s"
    return f"{number_text(years)} years"


def format_in_unit(value: float, unit: str) -> str:
    """`value` in `unit` as readers expect it: "9.1%", "AUD 576 per year", "1.3", "5 weeks"."""
    if unit in ("share", "relative change"):
        return f"{number_text(value / PER_CENT)}%"
    if unit in ("ratio", "utility"):
        return number_text(value)
    shown = told(unit)
    code = code_of(shown)
    return f"{number_text(value)} {unit}" if code is None else f"{code} {number_text(value)}{shown.removeprefix(code)}"


def told(unit: str) -> str:
    """A unit, or an example of one, as people read it: "money" by the currency in force."""
    return in_currency(unit, in_force().code) if unit.partition(" ")[0] == CURRENCY else unit


def amounts_told(text: str) -> str:
    """A sentence in which amounts are written "money 28,033", with the currency in force in the place of "money".

    >>> amounts_told("A QALY is worth money 28,033.")
    'A QALY is worth AUD 28,033.'
    """
    return AMOUNT.sub(lambda _: f"{in_force()} ", text)


def format_range(low: float, high: float, unit: str) -> str:
    """From one value to another in `unit`; a unit that follows the number is told once.

    >>> format_range(4.2, 8.11, "months"), format_range(0, 0.5, "share")
    ('4.2 to 8.11 months', '0% to 50%')
    """
    first, last = (format_in_unit(end, unit) for end in (low, high))
    return f"{first.removesuffix(f' {unit}')} to {last}"


def in_words(dimension: str) -> str:
    """A quantity of a dimension as a sentence calls it: "a share", "money per hour", "a number of RMDQ points"."""
    if dimension.startswith("money"):
        return dimension
    if dimension in DIMENSIONS[dimension].units and not DIMENSIONS[dimension].bare:
        return f"a number {'' if dimension.startswith('per ') else 'of '}{dimension}"
    return f"{'an' if dimension[0] in 'aeiou' else 'a'} {dimension}"


def number_text(value: float) -> str:
    """A number in six significant digits, thousands separated, without trailing zeros."""
    if value == 0.0:
        return "0"
    if not 1e-4 <= abs(value) < 1e15:
        return f"{value:.6g}"
    digits = max(5 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
