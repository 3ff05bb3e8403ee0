"""Figures of one policy against the comparator, one value a replication, so that every difference has its paired error.

The ratio of cost to QALYs is a number only where health is gained at a cost. Where it is not, words say what there is
instead: a ratio of two negative numbers looks like one of two positive numbers, and means the opposite.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.cea.net_benefit import View, benefit, views
from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import mean_and_error

ORDER = {name: place for place, name in enumerate(OUTCOMES)}
CLEAR = 2.0  # Monte Carlo errors from which a difference is more than Monte Carlo error
Kind = Literal["net_benefit", "icer", "qalys", "dalys_averted", "cost"]
NO_PERSPECTIVE = ""
DOMINANT, DOMINATED = "dominant: costs less, gains health", "dominated: costs more, loses health"


@dataclass(frozen=True)
class SummaryMeasure:
    """A figure: its `kind`, whose costs count ("" where none do), what a QALY is worth (money; NaN where no matter)."""

    kind: Kind
    perspective: str = NO_PERSPECTIVE
    threshold: float = math.nan

    @property
    def unit(self) -> str:
        """Unit of the figure."""
        units = {"icer": f"{MONEY} per QALY", "qalys": "QALYs", "dalys_averted": "DALYs"}
        return units.get(self.kind, MONEY)


@dataclass(frozen=True)
class PairedEstimate(Estimate):
    """A figure with the values of which it is the mean, one per replication, shape (replications,).

    `status`: in words where the figure is no number.
    """

    each: Numbers = field(kw_only=True)
    status: str = field(default="", kw_only=True)


def summary_measures(thresholds: Sequence[float]) -> tuple[SummaryMeasure, ...]:
    """Every figure of a one-way analysis at these thresholds (money per QALY)."""
    return (
        *(SummaryMeasure("net_benefit", *view) for view in views(thresholds)),
        *(SummaryMeasure("icer", perspective) for perspective in PERSPECTIVES),
        *(SummaryMeasure("cost", perspective) for perspective in PERSPECTIVES),
        SummaryMeasure("qalys"),
    )


def increments(policy: Numbers, comparator: Numbers) -> Numbers:
    """A policy less the comparator, shape (replications, outcomes)."""
    return np.asarray(policy - comparator)


def estimate(increment: Numbers, figure: SummaryMeasure) -> PairedEstimate:
    """A figure of increments of shape (replications, outcomes)."""
    if figure.kind == "icer":
        return _ratio(increment, figure.perspective)
    return mean_with_error(_plain(increment, figure))


def mean_with_error(each: Numbers) -> PairedEstimate:
    """Estimate (mean and Monte Carlo standard error) from one value per replication."""
    value, error = mean_and_error(each[None, :])
    return PairedEstimate(float(value[0]), mcse=float(error[0]), each=each)


def _plain(increment: Numbers, figure: SummaryMeasure) -> Numbers:
    if figure.kind == "net_benefit":
        return benefit(increment, View(figure.perspective, figure.threshold))
    if figure.kind == "cost":
        return np.asarray(increment[:, ORDER[PERSPECTIVES[figure.perspective]]])
    if figure.kind == "dalys_averted":
        return np.asarray(-increment[:, ORDER["dalys"]])
    return np.asarray(increment[:, ORDER["qalys"]])


def _ratio(increment: Numbers, perspective: str) -> PairedEstimate:
    """Cost per QALY gained; linearised (delta method), which gives it one value a replication."""
    cost, qalys = increment[:, ORDER[PERSPECTIVES[perspective]]], increment[:, ORDER["qalys"]]
    words = status(float(cost.mean()), float(qalys.mean()))
    if words:
        return PairedEstimate(math.nan, each=np.full_like(cost, math.nan), status=words)
    ratio = cost.mean() / qalys.mean()
    return mean_with_error(np.asarray(ratio + (cost - ratio * qalys) / qalys.mean()))


def status(cost: float, qalys: float) -> str:
    """What a policy is against the comparator, in words, where it does not gain health at a cost; "" where it does.

    >>> status(-1.0, 2.0), status(1.0, 2.0)
    ('dominant: costs less, gains health', '')
    """
    if cost == 0.0 and qalys == 0.0:
        return "no difference"
    if qalys >= 0.0 and cost <= 0.0:
        return DOMINANT
    if qalys <= 0.0 and cost >= 0.0:
        return DOMINATED
    return "" if qalys > 0.0 else "costs less, loses health"


@dataclass(frozen=True)
class Reach:
    """How far a figure moves: from its lowest to its highest value, with the paired Monte Carlo error of that."""

    swing: float
    mcse: float

    @property
    def clear(self) -> bool:
        """Whether it is more than two Monte Carlo errors."""
        return self.swing > CLEAR * self.mcse


def reach(*found: PairedEstimate) -> Reach:
    """The reach of several estimates of a figure; not a number where one of them is none."""
    if any(math.isnan(each.value) for each in found):
        return Reach(math.nan, math.nan)
    lowest, highest = min(found, key=lambda each: each.value), max(found, key=lambda each: each.value)
    apart = mean_with_error(highest.each - lowest.each)
    return Reach(abs(apart.value), apart.mcse)
