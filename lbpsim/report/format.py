"""How numbers are written for people: one rule for each kind of quantity, whoever shows it.

A negative number has a true minus sign in prose, charts and on pages. Tables on a terminal and files of comma-separated
values have the hyphen that spreadsheets and scripts read (`in_a_table`, and `number_text` of the data package).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lbpsim.evidence import in_force
from lbpsim.evidence.currency import is_money
from lbpsim.evidence.units import told

if TYPE_CHECKING:
    from lbpsim.explain.attribution import DecompositionSetup
    from lbpsim.study import Study

MINUS, HYPHEN = "\N{MINUS SIGN}", "-"
PLUS_MINUS = " ± "
NOT_KNOWN = "not known"
NOTHING = 1e-9  # of people, years or money: what rounding leaves of zero
MOST_LISTED, FIRST_LISTED = 12, 6  # of names in a sentence
PLAUSIBLE_DIGITS = 3  # more would claim a precision that no simulation has
PER_CENT = 100.0
EXACT = ",.10g"  # of what was chosen, not measured: all of it, without the errors of binary fractions


@dataclass(frozen=True)
class Scale:
    """How large figures are shown: divided by `divisor`, followed by `word` ("million")."""

    divisor: float
    word: str

    def label(self, unit: str) -> str:
        """The unit as an axis label shows it: "AUD million", "thousand people"."""
        shown = told(unit)
        return f"{shown} {self.word}".rstrip() if is_money(unit) else f"{self.word} {shown}".lstrip()


ONES = Scale(1.0, "")
SCALES = (Scale(1e9, "billion"), Scale(1e6, "million"), Scale(1e3, "thousand"))
SHORT_MONEY = (Scale(1e9, "bn"), Scale(1e6, "m"))


def scale_for(largest: float, scales: Sequence[Scale] = SCALES) -> Scale:
    """The scale in which figures up to `largest` (in size) read best.

    >>> scale_for(-3.4e9).word, scale_for(12e3).word, scale_for(900.0).word
    ('billion', 'thousand', '')
    """
    return next((scale for scale in scales if abs(largest) >= scale.divisor), ONES)


def decimals(size: float, digits: int) -> int:
    """Decimal places that show so many significant digits of a number; below zero: tens, hundreds.

    >>> decimals(0.0412, 3), decimals(-298624.0, 3), decimals(0.0, 3)
    (4, -3, 0)
    """
    return digits - 1 - math.floor(math.log10(abs(size))) if size and math.isfinite(size) else 0


def fixed(value: float, places: int, *, signs: bool = False) -> str:
    """A number to `places` decimals (below zero: tens, hundreds), with commas; what rounds to zero has no sign.

    `signs`: a plus before what is above zero, as in a difference.

    >>> fixed(-1234.5, 0), fixed(1234.5, -2), fixed(0.04, 1, signs=True), fixed(0.06, 1, signs=True)
    ('−1,234', '1,200', '0.0', '+0.1')
    """
    if not math.isfinite(value):
        return NOT_KNOWN
    rounded = round(value, places)
    sign = MINUS if rounded < 0 else "+" if signs and rounded > 0 else ""
    return f"{sign}{abs(rounded):,.{max(places, 0)}f}"


def plain(value: float, *, digits: int = PLAUSIBLE_DIGITS, missing: str = NOT_KNOWN) -> str:
    """A number rounded to `digits` significant digits, without zeros at its end; `missing` where there is none.

    >>> plain(298624.0), plain(0.0412), plain(-7.0)
    ('299,000', '0.0412', '−7')
    """
    if not math.isfinite(value):
        return missing
    text = fixed(value, decimals(value, digits)) if abs(value) >= NOTHING else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(amount: float) -> str:
    """A number that somebody chose, in full.

    >>> exact(28033.0), exact(-0.035)
    ('28,033', '−0.035')
    """
    return f"{MINUS if amount < 0 else ''}{abs(amount):{EXACT}}"


def exact_money(amount: float) -> str:
    """An agreed amount of money in full, such as a threshold, which nobody has measured.

    >>> exact_money(28033.0)
    'AUD 28,033'
    """
    return f"{in_force.currency()} {exact(amount)}"


def money_of(study: Study) -> str:
    """What money is in, in a sentence: "Australian dollars of 2024"."""
    return f"{study.country.currency.name} of {study.price_year}"


def per_qaly(threshold: float) -> str:
    """What a QALY is worth.

    >>> per_qaly(28033.0)
    'AUD 28,033 a QALY'
    """
    return f"{exact_money(threshold)} a QALY"


def percent(share: float, places: int = 0, *, missing: str = NOT_KNOWN) -> str:
    """A share in per cent, as in a table; `missing` where there is none.

    >>> percent(0.4567), percent(0.004, 1), percent(-0.2)
    ('46%', '0.4%', '−20%')
    """
    return f"{fixed(PER_CENT * share, places)}%" if math.isfinite(share) else missing


def percent_in_words(share: float) -> str:
    """A share as in a sentence: one that is neither none nor all is not rounded to none or all.

    >>> percent_in_words(0.5), percent_in_words(0.9999), percent_in_words(0.0004), percent_in_words(1.0)
    ('50%', 'more than 99%', 'less than 1%', '100%')
    """
    if 0.99 < share < 1.0:
        return "more than 99%"
    return "less than 1%" if 0.0 < share < 0.01 else percent(share)


def exact_percent(rate: float) -> str:
    """A rate that somebody chose, such as that of discounting, in full.

    >>> exact_percent(0.05), exact_percent(0.0325)
    ('5%', '3.25%')
    """
    return f"{exact(PER_CENT * rate)}%"


def discounting(asked: Study | DecompositionSetup) -> str:
    """The yearly rate of discounting in words: "5%", or "5% (costs) and 1.5% (health)"."""
    if asked.cost_discount_rate is None:
        return exact_percent(asked.discount_rate)
    return f"{exact_percent(asked.cost_discount_rate)} (costs) and {exact_percent(asked.discount_rate)} (health)"


def count(value: float) -> str:
    """A number of people or events as people write it.

    >>> count(1_234_567.0), count(45_321.0)
    ('1.23 million', '45,300')
    """
    return count_with_error(value, math.nan)


def money(value: float) -> str:
    """An amount of money, in the currency in force.

    >>> money(3.41e9), money(-2.5e6), money(950.0)
    ('AUD 3.41 bn', '−AUD 2.5 m', 'AUD 950')
    """
    return money_with_error(value, math.nan)


def signed(text: str, value: float) -> str:
    """`text` with a plus before it where `value` is above zero, and is not rounded to zero.

    >>> signed(money(2e6), 2e6), signed("0.0 ± 1.2", 0.01)
    ('+AUD 2 m', '0.0 ± 1.2')
    """
    return f"+{text}" if value > 0 and _not_zero(text) else text


def signed_money(value: float) -> str:
    """A change in money.

    >>> signed_money(2e6), signed_money(-2e6), signed_money(0.0)
    ('+AUD 2 m', '−AUD 2 m', 'AUD 0')
    """
    return signed(money(value), value)


def _not_zero(text: str) -> bool:
    return any(digit in "123456789" for digit in text.partition(PLUS_MINUS)[0])


def in_a_table(value: float, half_width: float, places: int) -> str:
    """A difference and half its interval in a table on a terminal, both to so many decimal places.

    A half-width that is no number, or none at all, says nothing of the error and is left out; one that these places
    would show as zero is told to be less than their last.

    >>> in_a_table(-3.14, 0.52, 1), in_a_table(-0.01, 0.001, 1), in_a_table(2.0, 0.0, 1)
    ('-3.1 ± 0.5', '0.0 ± <0.1', '+2.0')
    """
    middle = fixed(value, places, signs=True).replace(MINUS, HYPHEN)
    if not known(half_width):
        return middle
    half = fixed(half_width, places)
    return f"{middle}{PLUS_MINUS}{half if _not_zero(half) else f'<{10.0**-places:.{places}f}'}"


def known(half_width: float) -> bool:
    """Whether a half-width tells the Monte Carlo error of a figure.

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
    places = decimals(half_width, 2)
    return f"{fixed(value, places)}{PLUS_MINUS}{fixed(half_width, places)}"


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
    """As `with_error`, an amount of money.

    >>> money_with_error(-1.234e9, 4.4e7)
    '−AUD 1.234 ± 0.044 bn'
    >>> money_with_error(-1e3, 5e6)
    'AUD 0 ± 5,000,000'
    """
    scale = scale_for(value, SHORT_MONEY)
    text = with_error(abs(value) / scale.divisor, half_width / scale.divisor)
    return f"{MINUS if value < 0 and _not_zero(text) else ''}{in_force.currency()} {text} {scale.word}".rstrip()


def people_asked(study: Study) -> str:
    """How many people a study simulates: their number, or "all" of the country."""
    return f"{study.people:,}" if isinstance(study.people, int) else study.people


def first_of(items: Sequence[str]) -> Sequence[str]:
    """Items to be listed; of very many the first few, and how many more there are.

    >>> first_of(["a", "b"]), first_of(["a"] * 20)
    (['a', 'b'], ['a', 'a', 'a', 'a', 'a', 'a', '14 more'])
    """
    if len(items) <= MOST_LISTED:
        return items
    return [*items[:FIRST_LISTED], f"{len(items) - FIRST_LISTED} more"]


def listed(items: Sequence[str], *, last: str = "and") -> str:
    """Items as a list inside a sentence; of very many the first few, and how many more there are.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed(["a"] * 20)
    ('a, b and c', 'a', 'a, a, a, a, a, a and 14 more')
    """
    items = first_of(items)
    return f" {last} ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
