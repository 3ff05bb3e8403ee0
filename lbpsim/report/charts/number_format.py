"""Figures in words: large numbers, money and signs as people write them, and what they do to an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter

MINUS = "\N{MINUS SIGN}"
PLUS_MINUS = " ± "
NOTHING = 1e-9  # of people, years or dollars: what rounding leaves of zero
MOST_LISTED, FIRST_LISTED = 12, 6  # of names in a sentence
PLAUSIBLE_DIGITS = 3  # more would claim a precision that no simulation has


@dataclass(frozen=True)
class Scale:
    """How large figures are shown: divided by `divisor`, followed by `word` ("million")."""

    divisor: float
    word: str

    def label(self, unit: str) -> str:
        """The unit as an axis label shows it: "AUD million", "thousand people"."""
        if unit == "AUD":
            return f"AUD {self.word}".rstrip()
        return f"{self.word} {unit}".lstrip()


ONES = Scale(1.0, "")
SCALES = (Scale(1e9, "billion"), Scale(1e6, "million"), Scale(1e3, "thousand"))
SHORT_MONEY = (Scale(1e9, "bn"), Scale(1e6, "m"))


def scale_for(largest: float) -> Scale:
    """The scale in which figures up to `largest` (in size) read best.

    >>> scale_for(-3.4e9).word, scale_for(12e3).word, scale_for(900.0).word
    ('billion', 'thousand', '')
    """
    return next((scale for scale in SCALES if abs(largest) >= scale.divisor), ONES)


def plain(value: float, *, digits: int = PLAUSIBLE_DIGITS) -> str:
    """A number rounded to `digits` significant digits, with commas and a true minus sign.

    >>> plain(298624.0), plain(0.0412), plain(-7.0)
    ('299,000', '0.0412', '−7')
    """
    if not math.isfinite(value):
        return "not known"
    if abs(value) < NOTHING:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{MINUS if rounded < 0 else ''}{text}"


def count(value: float) -> str:
    """A number of people or events as people write it.

    >>> count(1_234_567.0), count(45_321.0)
    ('1.23 million', '45,300')
    """
    million = SCALES[1]
    if abs(value) >= million.divisor:
        return f"{plain(value / million.divisor)} {million.word}"
    return plain(value)


def money(value: float) -> str:
    """An amount in Australian dollars.

    >>> money(3.41e9), money(-2.5e6), money(950.0)
    ('AUD 3.41 bn', '−AUD 2.5 m', 'AUD 950')
    """
    scale = next((scale for scale in SHORT_MONEY if abs(value) >= scale.divisor), ONES)
    sign = MINUS if value < 0 else ""
    return f"{sign}AUD {plain(abs(value) / scale.divisor)} {scale.word}".rstrip()


def signed(text: str, value: float) -> str:
    """`text` with a plus before it where `value` is above zero, and is not rounded to zero.

    >>> signed(money(2e6), 2e6), signed("0.0 ± 1.2", 0.01)
    ('+AUD 2 m', '0.0 ± 1.2')
    """
    return f"+{text}" if value > 0 and _not_zero(text) else text


def _not_zero(text: str) -> bool:
    return any(digit in "123456789" for digit in text.partition(PLUS_MINUS)[0])


def to_places(value: float, half_width: float, places: int) -> str:
    """A figure with its sign and half its interval, both to so many decimal places.

    A half-width that is no number, or none at all, says nothing of the error and is left out; one that these places
    would show as zero is told to be less than their last.

    >>> to_places(-3.14, 0.52, 1), to_places(-0.01, 0.001, 1), to_places(2.0, 0.0, 1)
    ('-3.1 ± 0.5', '0.0 ± <0.1', '+2.0')
    """
    middle = f"{abs(value):,.{places}f}"
    middle = f"{'-' if value < 0 else '+'}{middle}" if _not_zero(middle) else middle
    if not known(half_width):
        return middle
    half = f"{half_width:,.{places}f}"
    return f"{middle}{PLUS_MINUS}{half if _not_zero(half) else f'<{10.0**-places:.{places}f}'}"


def known(half_width: float) -> bool:
    """Whether a half-width says how far luck could move a figure.

    Without a second replication, and where all replications come to the same, nobody can know.

    >>> known(0.5), known(0.0), known(math.nan)
    (True, False, False)
    """
    return math.isfinite(half_width) and half_width >= NOTHING


def with_error(value: float, half_width: float) -> str:
    """A figure and half its interval, both rounded where the second digit of the half-width stands.

    >>> with_error(103_412.0, 2_130.0), with_error(-3.0, 12.4)
    ('103,400 ± 2,100', '−3 ± 12')
    """
    if not known(half_width):
        return plain(value)
    places = 1 - math.floor(math.log10(half_width))
    shown = max(places, 0)
    middle, half = round(value, places), round(half_width, places)
    return f"{MINUS if middle < 0 else ''}{abs(middle):,.{shown}f}{PLUS_MINUS}{half:,.{shown}f}"


def count_with_error(value: float, half_width: float) -> str:
    """As `with_error`, in millions from a million on.

    >>> count_with_error(1_411_000.0, 90_000.0), count_with_error(1_900.0, 5_300.0)
    ('1.411 ± 0.090 million', '1,900 ± 5,300')
    """
    million = SCALES[1]
    if abs(value) < million.divisor:
        return with_error(value, half_width)
    return f"{with_error(value / million.divisor, half_width / million.divisor)} {million.word}"


def money_with_error(value: float, half_width: float) -> str:
    """As `with_error`, in Australian dollars.

    >>> money_with_error(-1.234e9, 4.4e7)
    '−AUD 1.234 ± 0.044 bn'
    >>> money_with_error(-1e3, 5e6)
    'AUD 0 ± 5,000,000'
    """
    scale = next((scale for scale in SHORT_MONEY if abs(value) >= scale.divisor), ONES)
    text = with_error(abs(value) / scale.divisor, half_width / scale.divisor)
    return f"{MINUS if value < 0 and _not_zero(text) else ''}AUD {text} {scale.word}".rstrip()


def first_of(items: Sequence[str]) -> Sequence[str]:
    """Items to be listed; of very many the first few, and how many more there are.

    >>> first_of(["a", "b"]), first_of(["a"] * 20)
    (['a', 'b'], ['a', 'a', 'a', 'a', 'a', 'a', '14 more'])
    """
    if len(items) <= MOST_LISTED:
        return items
    return [*items[:FIRST_LISTED], f"{len(items) - FIRST_LISTED} more"]


def show_scaled(axis: Axis, scale: Scale, *, signs: bool = False) -> None:
    """Write an axis's ticks in a scale, with a plus before those above zero where `signs`."""

    def text(value: float, _: int | None = None) -> str:
        shown = value / scale.divisor
        number = f"{abs(shown):,.10g}" if abs(shown) < SCALES[2].divisor else f"{abs(shown):,.0f}"
        sign = MINUS if shown < 0 else "+" if signs and shown > 0 else ""
        return sign + number

    axis.set_major_formatter(FuncFormatter(text))
