"""Differences in words. A direction is put into words only where the interval leaves no doubt of it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from lbpsim.evidence import in_force
from lbpsim.evidence.layers import Registry
from lbpsim.outcomes.estimate import Estimate, Source
from lbpsim.report.format import SCALES, Scale, decimals, fixed, listed, scale_for

MOST_DIGITS = 4  # of a figure with a narrow interval; more would claim a precision that no model has
NO_DIFFERENCE = "no difference"
FEW_DIGITS = 3  # of a figure without an interval
INTERVAL: dict[Source, str] = {
    "parameters": "95% interval of parameter uncertainty",
    "parameters and Monte Carlo": "95% interval of parameter uncertainty, with Monte Carlo error on top",
    "Monte Carlo": "95% Monte Carlo interval, without parameter uncertainty",
    "nothing": "no interval is known",
}


def intervals_over_draws(sources: Iterable[str]) -> str:
    """What intervals over draws hold, given what moves each figure within its own.

    >>> intervals_over_draws(["parameters"])
    '95% interval of parameter uncertainty'
    """
    noisy: Source = "parameters and Monte Carlo"
    return f"{INTERVAL[noisy]} where that is most of the spread" if noisy in set(sources) else INTERVAL["parameters"]


@dataclass(frozen=True)
class Thing:
    """What is counted: `name` behind the figure, `money` if it is an amount of money (then the name is not shown)."""

    name: str
    money: bool = False


AMOUNT = Thing("", money=True)


def difference(contrast: Estimate, thing: Thing, more: str, less: str, *, full: bool = True) -> str:
    """A difference with its interval, `more` or `less` said only where it is clear.

    `more` and `less` hold the figure as {}: "gains {}". `full`: say what the interval is for.
    """
    if contrast.none:
        return f"no difference seen in {thing.name or 'cost'}"
    if not contrast.clear:
        return _unclear(contrast, thing, full=full)
    words = more if contrast.direction > 0 else less
    return f"{words.format(quantity(contrast, thing))} ({interval(contrast, thing, full=full)})"


def quantity(contrast: Estimate, thing: Thing) -> str:
    """The size of a difference with the digits that its interval bears, without its sign.

    >>> quantity(Estimate(-134101.0, -135300.0, -132900.0, source="Monte Carlo"), Thing("QALYs"))
    '134,100 QALYs'
    """
    return _named(abs(contrast.value), _scale(contrast), _places(contrast), thing)


def interval(contrast: Estimate, thing: Thing, *, full: bool = True) -> str:
    """The interval of a difference: of a clear one by size, of another with signs; says what for where `full`."""
    around = ends(contrast, thing)
    return f"{INTERVAL[contrast.source]}: {around}" if full else around


def signed_with_ends(contrast: Estimate, *, signs: bool = True) -> str:
    """A difference and the ends of its interval, as beside a mark in a chart, whose axis has the unit.

    `signs`: a plus before what is above zero.

    >>> signed_with_ends(Estimate(-60.0, -204.0, 84.0, source="parameters"))
    '−60 (−200 to +80)'
    """
    if contrast.none:
        return NO_DIFFERENCE
    scale, places = _scale(contrast), _places(contrast)
    ends = (contrast.value, contrast.low, contrast.high)
    value, low, high = (
        fixed(each / scale.divisor, max(places, decimals(each / scale.divisor, 1)), signs=signs) for each in ends
    )
    around = f"({low} to {high})" if contrast.source != "nothing" else ""
    return " ".join(filter(None, [value, scale.word, around]))


def alone(value: float, thing: Thing) -> str:
    """A figure without an interval.

    >>> alone(2_780_000.0, Thing("people")), alone(48.23, AMOUNT)
    ('2.78 million people', 'AUD 48.2')
    """
    contrast = Estimate(value)
    return _named(value, _scale(contrast), _places(contrast), thing)


def graded(known: Registry, *names: str) -> str:
    """The grades of inputs of a registry, as it words them: graded "assumption".

    >>> from lbpsim.evidence.in_force import registry
    >>> graded(registry(), "cft.uptake")
    'graded "assumption"'
    """
    grades = sorted({known.parameters[name].grade for name in names})
    return "graded " + listed([f'"{grade}"' for grade in grades])


def _unclear(contrast: Estimate, thing: Thing, *, full: bool) -> str:
    what = thing.name or "cost"
    if contrast.source == "nothing":
        return f"a difference in {what} of unknown direction ({INTERVAL['nothing']})"
    return f"no clear difference in {what} ({interval(contrast, thing, full=full)})"


def ends(contrast: Estimate, thing: Thing) -> str:
    """The ends of an interval alone: of a clear difference by size, of another with signs.

    >>> ends(Estimate(-134101.0, -135300.0, -132900.0, source="Monte Carlo"), Thing("QALYs"))
    '132,900 to 135,300'
    """
    scale, places = _scale(contrast), _places(contrast)
    low, high = contrast.low, contrast.high
    if contrast.clear:
        low, high = sorted((abs(low), abs(high)))
    shown = [_number(end, scale, places, signs=not contrast.clear) for end in (low, high)]
    if shown[0] == shown[1]:
        return "narrower than the rounding" if contrast.clear else "too rare or too small to tell"
    unit = f"{in_force.currency()} " if thing.money else ""
    return f"{unit}{shown[0]} to {shown[1]} {scale.word}".rstrip()


def _named(value: float, scale: Scale, places: int, thing: Thing) -> str:
    number = _number(value, scale, places)
    if thing.money:
        return f"{in_force.currency()} {number} {scale.word}".rstrip()
    return " ".join(filter(None, [number, scale.word, thing.name]))


def _number(value: float, scale: Scale, places: int, *, signs: bool = False) -> str:
    """A figure to so many places, or to its first digit where it would be written as zero."""
    shown = value / scale.divisor
    return fixed(shown, places if signs else max(places, decimals(shown, 1)), signs=signs)


def _scale(contrast: Estimate) -> Scale:
    """Millions and billions are written as words; anything smaller in full."""
    largest = abs(contrast.value) if contrast.clear else _largest(contrast)
    return scale_for(largest, SCALES[:2])


def _places(contrast: Estimate) -> int:
    """Decimal places: to the second digit of half the interval, but no more than `MOST_DIGITS` digits."""
    divisor = _scale(contrast).divisor
    size = _largest(contrast) / divisor
    half = (contrast.high - contrast.low) / 2.0 / divisor
    if not (math.isfinite(half) and half > 0.0):
        return decimals(size, FEW_DIGITS)
    return min(decimals(half, 2), decimals(size, MOST_DIGITS))


def _largest(contrast: Estimate) -> float:
    """Size of the figure, or of the end of its interval that is farther from zero."""
    ends = (contrast.value, contrast.low, contrast.high)
    return max(abs(float(each)) for each in ends if math.isfinite(each))
