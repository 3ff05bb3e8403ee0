"""New cost items of a study's own evidence: so much for each of what is counted, added to the costs they are part of.

They are added to finished sums, whatever engine they come from, so that no rule needs to know of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.study import Study


def add_cost_items(amounts: npt.NDArray[Any], study: Study, values: Mapping[str, float]) -> None:
    """Add the study's cost items to amounts, outcomes on the last axis: sums in whole steps, or real numbers.

    Discounted amounts hold counts discounted at their moment, so what they cost is discounted likewise.
    """
    for per, category, price in _items(study, values):
        cost = amounts[..., per] * price
        amounts[..., category] += np.floor(cost + 0.5).astype(np.int64) if amounts.dtype.kind == "i" else cost


def _items(study: Study, values: Mapping[str, float]) -> Iterator[tuple[int, int, float]]:
    for item in study.registry.cost_items:
        yield OUTCOME_INDEX[item.per], OUTCOME_INDEX[f"cost_{item.category}"], values[item.name]
