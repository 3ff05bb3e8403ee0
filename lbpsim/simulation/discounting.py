"""Costs discounted at another rate than health: the same lives, counted a second time at the rate of costs.

Not here: how a discount factor enters a sum, which is in `lbpsim.outcomes.totals`.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOME_INDEX
from lbpsim.study import Study

DISCOUNTED = 1  # place of discounted amounts on their axis, after the undiscounted ones
COSTS = [OUTCOME_INDEX[name] for name in COST_CATEGORIES]


def discounted_as_costs(study: Study) -> Study | None:
    """The study with everything discounted at its rate for costs; None where it has one rate for all."""
    if study.cost_discount_rate is None:
        return None
    return dataclasses.replace(study, discount_rate=study.cost_discount_rate, cost_discount_rate=None)


def take_costs(amounts: npt.NDArray[Any], others: npt.NDArray[Any], *, axis: int = 0) -> None:
    """Put the discounted costs of other amounts of the same shape in place of these; outcomes are on the last axis.

    `axis`: on which undiscounted and discounted amounts stand.
    """
    mine, theirs = (np.moveaxis(each, axis, 0)[DISCOUNTED] for each in (amounts, others))
    mine[..., COSTS] = theirs[..., COSTS]
