"""One check of the verification book: what is compared with what, by which rule, and what comes of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from matplotlib.figure import Figure

from lbpsim.evidence.reading import parse_mapping, read_text
from lbpsim.validation.verdicts import Verdict

Draw = Callable[[Figure], None]
FILE = "book.yaml"
LEAST_P = 0.001  # false-alarm rate of a test of a law
PARTS = {
    "engine": "1. The engine",
    "model": "2. The model of back pain",
    "numbers": "3. Numbers to hit",
}


@dataclass(frozen=True)
class CheckedFigure:
    """A figure beside the one it should be; `error`: Monte Carlo standard error, not a number where nothing is sampled.

    `expected`: not a number where a bound is all that is known. `rule`: when it passes, in words.
    """

    quantity: str
    unit: str
    expected: float
    observed: float
    rule: str
    verdict: Verdict
    error: float = math.nan

    @property
    def z(self) -> float:
        """Distance from the expected figure in standard errors; not a number where nothing is sampled."""
        return (self.observed - self.expected) / self.error if self.error > 0.0 else math.nan


@dataclass(frozen=True)
class Check:
    """One check: its `comparisons`, what `draw` draws (None: nothing), and what book.yaml says of it.

    `against` says where the expected figures come from, `rule` when it passes; `shows` says in words what the figure
    shows, for those who cannot see it, and `height` how many inches high that is.
    """

    key: str
    comparisons: tuple[CheckedFigure, ...]
    draw: Draw | None
    part: str
    title: str
    against: str
    rule: str
    shows: str = ""
    note: str = ""
    height: float = 3.2

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its comparisons; those that cannot be judged do not count beside some that can."""
        return worst([comparison.verdict for comparison in self.comparisons])


def described(key: str, comparisons: Iterable[CheckedFigure], draw: Draw | None = None, **figures: object) -> Check:
    """A check with what book.yaml says of it under its key; `figures`: those that are named there in braces."""
    said: dict[str, Any] = {
        name: text.format(**figures) if isinstance(text, str) else text for name, text in book()[key].items()
    }
    return Check(key, tuple(comparisons), draw, **said)


@cache
def book() -> dict[str, dict[str, Any]]:
    """What book.yaml says of each check, by its key."""
    return parse_mapping(read_text(files(__package__) / FILE), FILE)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Miss before inconclusive before pass; "not judged" only where nothing could be.

    >>> worst(["pass", "not judged"]), worst(["pass", "inconclusive"]), worst([])
    ('pass', 'inconclusive', 'not judged')
    """
    order: tuple[Verdict, ...] = ("miss", "inconclusive", "pass")
    return next((verdict for verdict in order if verdict in verdicts), "not judged")


def exactly(quantity: str, unit: str, expected: float, observed: float) -> CheckedFigure:
    """Passes when both are the same number."""
    return CheckedFigure(quantity, unit, expected, observed, "equal", "pass" if observed == expected else "miss")


def close(quantity: str, unit: str, expected: float, observed: float, *, within: float) -> CheckedFigure:
    """Passes within an absolute distance, for exact calculations and printed figures."""
    verdict: Verdict = "pass" if abs(observed - expected) <= within else "miss"
    return CheckedFigure(quantity, unit, expected, observed, f"within {within:.2g}", verdict)


def sampled(
    quantity: str, unit: str, expected: float, observed: float, error: float, *, errors: float = 4.0, margin: float
) -> CheckedFigure:
    """Passes within `errors` standard errors, where these are short enough to tell a deviation of `margin` (a share).

    Inconclusive where the sample is too small for that: it would pass whatever the truth.
    """
    rule = f"within {errors:g} Monte Carlo errors, which must be under {margin:.3g} of the expected figure"
    verdict: Verdict = "pass" if errors * error <= margin * abs(expected) else "inconclusive"
    if not abs(observed - expected) <= errors * error:
        verdict = "miss"
    return CheckedFigure(quantity, unit, expected, observed, rule, verdict, error)


def deviation(quantity: str, z: float, *, most: float = 4.0) -> CheckedFigure:
    """Passes when a statistic that is standard normal under the truth lies within `most` of 0."""
    return CheckedFigure(quantity, "errors", 0.0, z, f"within {most:g}", "pass" if abs(z) < most else "miss", 1.0)


def probability(quantity: str, p: float) -> CheckedFigure:
    """Passes when the p-value of a test of the law is above its stated false-alarm rate."""
    return above(quantity, "p-value", LEAST_P, p)


def above(quantity: str, unit: str, least: float, observed: float) -> CheckedFigure:
    """Passes when strictly above `least`; also for what must happen lest a check be empty."""
    return _bounded(quantity, unit, observed, f"above {least:,g}", observed > least)


def below(quantity: str, unit: str, most: float, observed: float) -> CheckedFigure:
    """Passes when no more than `most`."""
    return _bounded(quantity, unit, observed, f"at most {most:,.4g}", observed <= most)


def between(quantity: str, unit: str, least: float, most: float, observed: float) -> CheckedFigure:
    """Passes from `least` to `most`, both included."""
    return _bounded(quantity, unit, observed, f"{least:,g} to {most:,g}", least <= observed <= most)


def _bounded(quantity: str, unit: str, observed: float, rule: str, holds: bool) -> CheckedFigure:
    return CheckedFigure(quantity, unit, math.nan, observed, rule, "pass" if holds else "miss")


def reported(
    quantity: str, unit: str, expected: float, observed: float, why: str, error: float = math.nan
) -> CheckedFigure:
    """Set side by side and not judged; `why` in words."""
    return CheckedFigure(quantity, unit, expected, observed, why, "not judged", error)
