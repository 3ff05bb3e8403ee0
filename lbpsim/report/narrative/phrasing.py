"""Differences in words. A direction is put into words only where the interval leaves no doubt of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lbpsim.evidence import parameters
from lbpsim.report.charts.number_format import MINUS, ONES, SCALES, Scale, first_of
from lbpsim.report.narrative.estimate import DifferenceEstimate, Source

MOST_DIGITS = 4  # of a figure with a narrow interval; more would claim a precision that no model has
FEW_DIGITS = 3  # of a figure without an interval
INTERVAL: dict[Source, str] = {
    "inputs": "95% interval over how unsure the inputs are",
    "inputs and luck": "95% interval over how unsure the inputs are, with luck in the simulation on top",
    "luck": "95% interval for other luck in the simulation, not for how sure the inputs are",
    "nothing": "no interval is known",
}


@dataclass(frozen=True)
class Thing:
    """What is counted: `name` behind the figure, `money` if it is dollars (then the name is not shown)."""

    name: str
    money: bool = False


DOLLARS = Thing("", money=True)


def difference(contrast: DifferenceEstimate, thing: Thing, more: str, less: str, *, full: bool = True) -> str:
    """A difference with its interval, `more` or `less` said only where it is clear.

    `more` and `less` hold the figure as {}: "gains {}". `full`: say what the interval is for.
    """
    if contrast.none:
        return f"no difference seen in {thing.name or 'cost'}"
    if not contrast.clear:
        return _unclear(contrast, thing, full=full)
    words = more if contrast.direction > 0 else less
    return f"{words.format(quantity(contrast, thing))} ({interval(contrast, thing, full=full)})"


def counted(contrast: DifferenceEstimate, thing: Thing, *, full: bool = True) -> str:
    """As `difference`, of things that are more or fewer: "1,200 fewer deaths (...)"."""
    if contrast.none or not contrast.clear:
        return difference(contrast, thing, "", "", full=full)
    word = "more" if contrast.direction > 0 else "fewer"
    number = quantity(contrast, Thing(""))
    return f"{number} {word} {thing.name} ({interval(contrast, thing, full=full)})"


def paid(contrast: DifferenceEstimate, *, full: bool = True) -> str:
    """As `difference`, of an amount that somebody pays: "AUD 3.1 million more (...)"."""
    return difference(contrast, DOLLARS, "{} more", "{} less", full=full)


def quantity(contrast: DifferenceEstimate, thing: Thing) -> str:
    """The size of a difference with the digits that its interval bears, without its sign.

    >>> quantity(DifferenceEstimate(-134101.0, -135300.0, -132900.0, "luck"), Thing("QALYs"))
    '134,100 QALYs'
    """
    return _named(abs(contrast.value), _scale(contrast), _places(contrast), thing)


def interval(contrast: DifferenceEstimate, thing: Thing, *, full: bool = True) -> str:
    """The interval of a difference: of a clear one by size, of another with signs; says what for where `full`."""
    ends = _ends(contrast, thing)
    return f"{INTERVAL[contrast.source]}: {ends}" if full else ends


def alone(value: float, thing: Thing) -> str:
    """A figure without an interval.

    >>> alone(2_780_000.0, Thing("people")), alone(48.23, DOLLARS)
    ('2.78 million people', 'AUD 48.2')
    """
    contrast = DifferenceEstimate(value, math.nan, math.nan, "nothing")
    return _named(value, _scale(contrast), _places(contrast), thing)


def graded(*names: str) -> str:
    """The grades of registered inputs, as the registry words them: graded "assumption".

    >>> graded("cft.uptake")
    'graded "assumption"'
    """
    grades = sorted({parameters()[name].grade for name in names})
    return "graded " + listed([f'"{grade}"' for grade in grades])


def exact(amount: float) -> str:
    """An agreed amount of dollars in full: a threshold, which nobody has measured.

    >>> exact(28033.0)
    'AUD 28,033'
    """
    return f"AUD {amount:,.10g}"


def listed(items: Sequence[str]) -> str:
    """Items as a list inside a sentence; of very many the first few, and how many more there are.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed(["a"] * 20)
    ('a, b and c', 'a', 'a, a, a, a, a, a and 14 more')
    """
    items = first_of(items)
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def percent(share: float) -> str:
    """A share that is neither none nor all is not rounded to none or all.

    >>> percent(0.5), percent(0.9999), percent(0.0004), percent(1.0)
    ('50%', 'more than 99%', 'less than 1%', '100%')
    """
    if 0.99 < share < 1.0:
        return "more than 99%"
    return "less than 1%" if 0.0 < share < 0.01 else f"{share:.0%}"


def _unclear(contrast: DifferenceEstimate, thing: Thing, *, full: bool) -> str:
    what = thing.name or "cost"
    if contrast.source == "nothing":
        return f"a difference in {what} of unknown direction ({INTERVAL['nothing']})"
    return f"no clear difference in {what} ({interval(contrast, thing, full=full)})"


def _ends(contrast: DifferenceEstimate, thing: Thing) -> str:
    scale, places = _scale(contrast), _places(contrast)
    low, high = contrast.low, contrast.high
    if contrast.clear:
        low, high = sorted((abs(low), abs(high)))
    shown = [_number(end, scale, places, signs=not contrast.clear) for end in (low, high)]
    if shown[0] == shown[1]:
        return "narrower than the rounding" if contrast.clear else "too rare or too small to tell"
    unit = "AUD " if thing.money else ""
    return f"{unit}{shown[0]} to {shown[1]} {scale.word}".rstrip()


def _named(value: float, scale: Scale, places: int, thing: Thing) -> str:
    number = _number(value, scale, places)
    if thing.money:
        return f"AUD {number} {scale.word}".rstrip()
    return " ".join(filter(None, [number, scale.word, thing.name]))


def _number(value: float, scale: Scale, places: int, *, signs: bool = False) -> str:
    """A figure to so many places, or to its first digit where it would be written as zero."""
    shown = value / scale.divisor
    places = places if signs else max(places, _last_place(abs(shown), 1))
    rounded = round(shown, places)
    sign = MINUS if rounded < 0 else "+" if signs and rounded > 0 else ""
    return f"{sign}{abs(rounded):,.{max(places, 0)}f}"


def _scale(contrast: DifferenceEstimate) -> Scale:
    """Millions and billions are written as words; anything smaller in full."""
    largest = abs(contrast.value) if contrast.clear else _largest(contrast)
    return next((scale for scale in SCALES[:2] if largest >= scale.divisor), ONES)


def _places(contrast: DifferenceEstimate) -> int:
    """Decimal places: to the second digit of half the interval, but no more than `MOST_DIGITS` digits."""
    divisor = _scale(contrast).divisor
    size = _largest(contrast) / divisor
    half = (contrast.high - contrast.low) / 2.0 / divisor
    if not (math.isfinite(half) and half > 0.0):
        return _last_place(size, FEW_DIGITS)
    return min(_last_place(half, 2), _last_place(size, MOST_DIGITS))


def _largest(contrast: DifferenceEstimate) -> float:
    """Size of the figure, or of the end of its interval that is farther from zero."""
    return max(abs(each) for each in (contrast.value, contrast.low, contrast.high) if math.isfinite(each))


def _last_place(size: float, digits: int) -> int:
    """Decimal places at which a figure of this size has so many digits."""
    return digits - 1 - math.floor(math.log10(size)) if size > 0.0 else 0
