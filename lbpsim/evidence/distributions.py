"""Uncertainty of a parameter in text form, "beta(18.7, 187)", and as a law that can be sampled.

normal(mean, standard error), lognormal(mu, sigma of the log), gamma(shape, scale), beta(a, b), uniform(low, high),
truncated_normal(mean, standard deviation, low, high): both before it is cut to low and high.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

FORM = re.compile(r"^(?P<name>[a-z]+(_[a-z]+)*)\((?P<values>[^()]+)\)$")
LAWS = {"normal": 2, "lognormal": 2, "gamma": 2, "beta": 2, "uniform": 2, "truncated_normal": 4}  # with their values
EXAMPLES = {2: "beta(18.7, 187)", 4: "truncated_normal(0.75, 0.2, 0, 1.2)"}
TAIL = 0.025
ROUNDED = 0.05  # of its width: how far an end of an interval may be rounded
WRITTEN = 6  # significant digits of values of a distribution that is made here
LARGEST_EXPONENT = math.log(sys.float_info.max)


class DistributionError(ValueError):
    """A text that is not a distribution that can be sampled."""


@cache
def law(text: str) -> Any:
    """The frozen scipy distribution that `text` describes.

    Raises DistributionError for an unknown form or values that no distribution has.
    """
    from scipy import stats  # noqa: PLC0415 - two seconds, which a command that samples nothing need not wait

    name, (first, second, *ends) = parts(text)
    if name == "normal":
        return stats.norm(first, second)
    if name == "truncated_normal":
        return stats.truncnorm(*((end - first) / second for end in ends), loc=first, scale=second)
    if name == "lognormal":
        return stats.lognorm(s=second, scale=math.exp(first))
    if name == "gamma":
        return stats.gamma(a=first, scale=second)
    if name == "beta":
        return stats.beta(first, second)
    return stats.uniform(first, second - first)


def parts(text: str) -> tuple[str, tuple[float, ...]]:
    """Name and values of a distribution that can be sampled.

    Raises DistributionError for an unknown form or values that no distribution has.

    >>> parts("beta(18.7, 187)")
    ('beta', (18.7, 187.0))
    """
    name, values = _written(text)
    first, second, *ends = values
    if name in ("gamma", "beta") and first <= 0.0:
        raise DistributionError(f'"{text}": the first value of {name} must be above 0')
    if name == "uniform" and second <= first:
        raise DistributionError(f'"{text}": the second value of uniform must be above the first')
    if name != "uniform" and second <= 0.0:
        raise DistributionError(f'"{text}": the second value of {name} must be above 0')
    if ends and not ends[0] < first < ends[1]:
        raise DistributionError(f'"{text}": the first value of {name} must lie between the third and the fourth')
    return name, values


_parts_kept = cache(parts)


def _written(text: str) -> tuple[str, tuple[float, ...]]:
    match = FORM.match(text.strip())
    if match is None:
        raise DistributionError(f'"{text}" is not a distribution: write it like "beta(18.7, 187)"')
    name, written = match["name"], match["values"].split(",")
    if name not in LAWS:
        raise DistributionError(f'"{text}": {name} is not one of {", ".join(LAWS)}')
    if len(written) != LAWS[name]:
        raise DistributionError(f'"{text}": {name} has {LAWS[name]} values; write it like "{EXAMPLES[LAWS[name]]}"')
    try:
        values = tuple(float(value) for value in written)
    except ValueError:
        raise DistributionError(f'"{text}": all values must be numbers') from None
    if not all(map(math.isfinite, values)):
        raise DistributionError(f'"{text}": all values must be finite')
    return name, values


def interval(text: str) -> tuple[float, float]:
    """Its 2.5% and 97.5% quantiles, in the unit of its parameter.

    >>> [round(end, 3) for end in interval("normal(0.02, 0.002)")]
    [0.016, 0.024]
    """
    return quantile(text, TAIL), quantile(text, 1.0 - TAIL)


def quantile(text: str, share: float) -> float:
    """The value below which a share (0 to 1) of a distribution lies, in the unit of its parameter."""
    from scipy import special  # noqa: PLC0415 - as in `law`; these functions alone come sooner than its distributions

    name, (first, second, *ends) = parts(text)
    below, above = (special.ndtr((end - first) / second) for end in ends or (-math.inf, math.inf))
    quantiles = _quantiles(first, second, share) | {
        "truncated_normal": lambda: first + second * special.ndtri(below + share * (above - below)),
        "lognormal": lambda: math.exp(min(first + second * special.ndtri(share), LARGEST_EXPONENT)),
    }
    return float(quantiles[name]())


def _quantiles(first: float, second: float, share: float) -> dict[str, Callable[[], Any]]:
    """By form, how to work out a quantile to the bit as scipy's laws do; one that is too large overflows."""
    from scipy import special  # noqa: PLC0415 - as in `quantile`

    return {
        "normal": lambda: first + second * special.ndtri(share),
        "lognormal": lambda: np.exp(second * special.ndtri(share)) * math.exp(first),
        "gamma": lambda: second * special.gammaincinv(first, share),
        "beta": lambda: special.betaincinv(first, second, share),
        "uniform": lambda: first + (second - first) * share,
    }


def drawn(text: str, share: float) -> float:
    """As `law(text).ppf(share)`, to the bit, and for most forms in a small part of the time."""
    name, (first, second, *_) = _parts_kept(text)
    quantiles = _quantiles(first, second, share)
    return float(quantiles[name]() if name in quantiles else law(text).ppf(share))


def mean(text: str) -> float:
    """The mean of a distribution, in the unit of its parameter.

    >>> mean("beta(13.8, 9.2)"), mean("gamma(9, 2)")
    (0.6, 18.0)
    """
    name, (first, second, *ends) = parts(text)
    means: dict[str, Callable[[], float]] = {
        "normal": lambda: first,
        "truncated_normal": lambda: first + second * _shift(*((end - first) / second for end in ends)),
        "lognormal": lambda: math.exp(min(first + second**2 / 2.0, LARGEST_EXPONENT)),
        "gamma": lambda: first * second,
        "beta": lambda: first / (first + second),
        "uniform": lambda: (first + second) / 2.0,
    }
    return means[name]()


def widened(text: str, factor: float, scale: float = 1.0) -> str:
    """The distribution of the same form with its mean times `scale`, and its standard deviation times both.

    A beta stays within 0 and 1, and is not scaled; ends of a truncated_normal are scaled, and limit its width.

    >>> widened("gamma(9, 2)", 1.5), widened("beta(18.7, 187)", 1.5), widened("normal(10, 1)", 2.0, 3.0)
    ('gamma(4, 4.5)', 'beta(8.26061, 82.6061)', 'normal(30, 6)')
    """
    name, (first, second, *ends) = parts(text)
    values: dict[str, Callable[[], tuple[float, ...]]] = {
        "normal": lambda: (first * scale, second * scale * factor),
        "truncated_normal": lambda: (first * scale, second * scale * factor, *(end * scale for end in ends)),
        "lognormal": lambda: _wider_lognormal(first, second, factor, scale),
        "gamma": lambda: (first / factor**2, second * scale * factor**2),
        "beta": lambda: _wider_beta(first, second, factor),
        "uniform": lambda: _wider_uniform(first * scale, second * scale, factor),
    }
    return f"{name}({', '.join(f'{value:.{WRITTEN}g}' for value in values[name]())})"


def _wider_lognormal(mu: float, sigma: float, factor: float, scale: float) -> tuple[float, float]:
    spread = math.log1p(factor**2 * math.expm1(sigma**2))
    return mu + sigma**2 / 2.0 + math.log(scale) - spread / 2.0, math.sqrt(spread)


def _wider_beta(a: float, b: float, factor: float) -> tuple[float, float]:
    """As of fewer people; one that is as good as unknown already becomes no wider."""
    seen = max((a + b + 1.0) / factor**2 - 1.0, min(a + b, 2.0))
    return a / (a + b) * seen, b / (a + b) * seen


def _wider_uniform(low: float, high: float, factor: float) -> tuple[float, float]:
    """To both sides of its middle, but not below 0 if it was not there before."""
    middle, half = (low + high) / 2.0, (high - low) / 2.0 * factor
    half = min(half, middle) if low >= 0.0 else half
    return middle - half, middle + half


def _shift(low: float, high: float) -> float:
    """Mean of a standard normal variable between two ends."""
    density = (math.exp(-(end**2) / 2.0) / math.sqrt(2.0 * math.pi) for end in (low, high))
    below, above = (math.erfc(-end / math.sqrt(2.0)) / 2.0 for end in (low, high))
    at_low, at_high = density
    return (at_low - at_high) / (above - below)


def fits(stated: tuple[float, float], text: str) -> bool:
    """Whether an interval is that of a distribution, but for rounding.

    >>> fits((0.4, 0.8), "beta(13.8, 9.2)"), fits((0.2, 0.8), "beta(13.8, 9.2)")
    (True, False)
    """
    exact = interval(text)
    return all(abs(a - b) <= ROUNDED * (exact[1] - exact[0]) for a, b in zip(stated, exact, strict=True))
