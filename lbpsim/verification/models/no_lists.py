"""Rules of models in which people wait for nothing: what comes next is on their own clocks, and no list serves them."""

from __future__ import annotations

from typing import Any

import numpy as np

from lbpsim.engine import event_clocks
from lbpsim.engine.numba_cache import array_rule, inlined_rule, rule


@inlined_rule
def next_event(people: Any, row: int) -> tuple[float, int]:
    """Time and kind of what comes next."""
    return event_clocks.next_event(people[row])


@rule
def start_service(people: Any, row: int, waiting_list: int, inputs: Any, totals: Any) -> bool:
    """Nobody waits for anything here."""
    return False


@rule
def turn_away(people: Any, row: int, waiting_list: int, inputs: Any, totals: Any) -> None:
    """Nobody waits for anything here."""


@array_rule
def priority(people: Any, rows: Any, time: float) -> Any:
    """Nobody is on a list."""
    return np.zeros(len(rows))
