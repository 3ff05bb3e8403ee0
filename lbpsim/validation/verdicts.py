"""Pass, miss or inconclusive: what a simulated figure says of a published one, given its Monte Carlo error."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lbpsim.evidence import Parameter
from lbpsim.outcomes.estimate import SURE

Verdict = Literal["pass", "miss", "inconclusive", "not judged"]
Role = Literal[
    "calibrated to", "matched by construction", "drift from its start", "upper bound", "validation only", "context"
]

PASS_RULE = (
    "A figure passes when its 95% Monte Carlo interval lies wholly within the limits, misses when it lies wholly "
    "outside them, and is inconclusive otherwise: then more people are needed to say."
)
GATE_RULE = (
    "The exit status is 0 when every check that gates passes, and 1 otherwise. Checks that gate: differences in "
    "disability and pain at week 13, week 52 and year 3; the benefit at 7 and 18 points; age, sex and percentiles of "
    "disability of participants; cases and years lived with disability in the first year. All else is reported."
)


@dataclass(frozen=True)
class Limits:
    """Between which values a figure must lie; infinite where there is no limit."""

    least: float = -math.inf
    most: float = math.inf

    def __and__(self, other: Limits) -> Limits:
        return Limits(max(self.least, other.least), min(self.most, other.most))

    def hold(self, value: float) -> bool:
        """Whether a value lies within the limits."""
        return self.least <= value <= self.most

    def verdict(self, value: float, error: float) -> Verdict:
        """What a value with its Monte Carlo standard error says; "not judged" without limits or value.

        >>> Limits(-5.9, -3.4).verdict(-4.6, 0.02), Limits(-5.9, -3.4).verdict(-2.3, 0.02)
        ('pass', 'miss')
        >>> Limits(-5.9, -3.4).verdict(-3.4, 0.02), Limits().verdict(-3.4, 0.02)
        ('inconclusive', 'not judged')
        """
        if self == Limits() or math.isnan(value):
            return "not judged"
        reach = SURE * error
        if self.least <= value - reach and value + reach <= self.most:
            return "pass"
        return "miss" if value + reach < self.least or value - reach > self.most else "inconclusive"


def around(value: float, *, within: float) -> Limits:
    """Limits `within` either side of a value."""
    return Limits(value - abs(within), value + abs(within))


def ends(limits: Limits) -> tuple[float, float]:
    """Both limits for a table: not a number where there is none."""
    low, high = (end if math.isfinite(end) else math.nan for end in (limits.least, limits.most))
    return low, high


@dataclass(frozen=True)
class Published:
    """What is set beside a simulated figure.

    `value` with its published `interval`; `limits`: where the simulated figure must lie; `parameter`: registered name.
    """

    value: float = math.nan
    interval: Limits = Limits()
    limits: Limits = Limits()
    role: str = ""
    parameter: str = ""


NOTHING = Published()


def beside(target: Parameter | None, *, scale: float = 1.0, tolerance: float | None = None) -> Published:
    """A registered figure, carried by `scale`, to be met within its interval and within `tolerance` of its value.

    Nothing published where there is no `target`.
    """
    if target is None:
        return NOTHING
    value, interval = target.value * scale, published_interval(target, scale)
    limits = interval if tolerance is None else interval & around(value, within=tolerance)
    return Published(value, interval, limits, role_of(target), target.name)


def published_interval(parameter: Parameter, scale: float = 1.0) -> Limits:
    """The published 95% interval in the parameter's unit times `scale`; no limits where none was published."""
    if parameter.interval is None:
        return Limits()
    low, high = parameter.interval
    return Limits(low * scale, high * scale)


def role_of(parameter: Parameter) -> Role:
    """Whether a target calibrated the model (was aimed at, or an input was taken from it), or only validates it."""
    if parameter.name in MATCHED:
        return "matched by construction"
    if parameter.used_to is None:
        return "context"
    return "calibrated to" if parameter.used_to == "calibrate" else "validation only"


# What the emulated trial is recruited to: never evidence of anything but that selection works.
MATCHED = ("restore.age_mean", "restore.age_sd", "restore.women", "restore.baseline_rmdq_p10")


def overall(verdicts: Iterable[str]) -> Verdict:
    """The verdict on several checks together: the worst of them."""
    found = set(verdicts)
    order: tuple[Verdict, ...] = ("miss", "inconclusive", "not judged", "pass")
    return next((verdict for verdict in order if verdict in found), "not judged")
