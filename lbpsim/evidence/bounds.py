"""What a parameter can be set to: the range beyond which a value cannot be meant, and where that range comes from.

Not how uncertain a parameter is: that is its interval and its distribution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lbpsim.evidence import in_force
from lbpsim.evidence.currency import without_code
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.units import DIMENSIONS, format_in_unit, format_range, to_canonical

TIMES = 10.0  # as far from 0 as what is published: the slip of one decimal place


@dataclass(frozen=True)
class Bounds:
    """The values from `low` to `high` in the unit of a parameter; `why`: where the range comes from."""

    low: float
    high: float
    unit: str
    why: str

    @property
    def canonical(self) -> tuple[float, float]:
        """Both ends in the canonical unit."""
        return to_canonical(self.low, self.unit), to_canonical(self.high, self.unit)

    def __str__(self) -> str:
        return f"{format_range(self.low, self.high, self.unit)} ({self.why})"


def bounds(parameter: Parameter) -> Bounds:
    """The range in which a parameter can be set.

    It is the range that the registry gives it (`sane`). Where it gives none, a value lies within its scale (a share in
    0 to 100%, RMDQ points in -24 to 24); where the scale has no end, it is at most ten times as far from 0 as the
    further end of the registered interval, or of the value where there is none. A parameter whose registered value is 0
    has the size of the largest of its kind. What the interval, or the value, does not allow below 0 is not negative.

    >>> str(bounds(in_force.registry().parameters["opioids.mortality_rr"]))
    '0 to 16.8 (ten times the interval of ray2016, 0.989 to 1.68)'
    """
    if parameter.sane is not None:
        return Bounds(*parameter.sane, parameter.unit, "the range that the registry gives it")
    size = DIMENSIONS[parameter.dimension].units[without_code(parameter.unit)]
    low, high = (end / size for end in (DIMENSIONS[parameter.dimension].low, DIMENSIONS[parameter.dimension].high))
    registered = parameter.interval or (parameter.value, parameter.value)
    why = "the whole scale"
    if math.isinf(high):
        high, why = TIMES * (max(map(abs, registered)) or _largest(parameter)), f"ten times {_registered(parameter)}"
    return Bounds(0.0 if min(registered) >= 0.0 else max(low, -high), high, parameter.unit, why)


def _registered(parameter: Parameter) -> str:
    """What the range follows from, and whose it is: "the interval of ray2016, 0.989 to 1.68"."""
    if parameter.interval is None and not parameter.value:
        return "the largest registered value of its kind"
    what = "value" if parameter.interval is None else "interval"
    whose = f"{what} of {' and '.join(parameter.sources)}" if parameter.sources else f"assumed {what}"
    number = format_in_unit(parameter.value, parameter.unit)
    return f"the {whose}, {format_range(*parameter.interval, parameter.unit) if parameter.interval else number}"


def _largest(parameter: Parameter) -> float:
    """The largest value of the inputs of the kind of a parameter, in its unit; without limit where all are 0."""
    inputs = [each for each in in_force.registry().inputs if each.dimension == parameter.dimension]
    return max((abs(each.canonical) for each in inputs), default=0.0) / to_canonical(1.0, parameter.unit) or math.inf
