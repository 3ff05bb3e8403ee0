"""What information is worth to the population over the time for which the decision stands.

The lifetime here is the decision's; that of people followed to death is in `lbpsim.outcomes.lifetime`.

Draws give the value for a decision that is taken now and holds over the study's horizon, people who fall ill later
included. Information that comes later serves fewer years; a decision that stands longer gains from it for longer. The
value is spread evenly over the discounted years of the horizon and counted in the years in which it can be used.
"""

from __future__ import annotations

import math

from lbpsim.evidence import parameters


def share_in_use(horizon: float, rate: float, start: float, end: float) -> float:
    """Value over the years of use, `start` to `end` from now, to that over the `horizon` of the study in years, at its
    discount `rate` per year; 0 where use would end before it starts.

    >>> share_in_use(10.0, 0.0, 4.0, 10.0)
    0.6
    """
    return (annuity(end, rate) - annuity(min(start, end), rate)) / annuity(horizon, rate)


def registered_share(horizon: float, rate: float) -> float:
    """The same over the years of use of the registry."""
    known = parameters()
    return share_in_use(horizon, rate, known["decision.research_time"].canonical, known["decision.lifetime"].canonical)


def annuity(years: float, rate: float) -> float:
    """Years from now, each discounted at `rate` per year, continuously as outcomes are.

    >>> annuity(10.0, 0.0), round(annuity(1e9, 0.05), 2)
    (10.0, 20.5)
    """
    force = math.log1p(rate)
    return years if force == 0.0 else -math.expm1(-force * years) / force
