"""A list that closes: whoever joined last is turned away, in both engines, and nobody who joined before is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.engine import compiled_engine
from lbpsim.engine.simpy_engine import SimpyEngine
from lbpsim.engine.waiting_list import Booking, Clinic, list_limit, priority_order, stable_order
from lbpsim.verification.models import bulk_queue

WEEKS = 12


@pytest.mark.parametrize(
    ("closes_at", "places", "most"),
    [(26.0, 2.0, 52.0), (26.0, 0.01, 1.0), (26.0, 0.0, 0.0), (0.5, 1.0, 1.0), (math.inf, 0.0, math.inf)],
)
def test_room_is_the_wait_times_the_places_and_one_where_there_are_any(
    closes_at: float, places: float, most: float
) -> None:
    assert list_limit(closes_at, places) == most


@given(st.lists(st.sampled_from([-math.inf, -2.5, -0.0, 0.0, 1.0, 1.5, math.inf]) | st.floats(-9.0, 9.0), max_size=70))
def test_order_is_that_of_a_stable_sort(values: list[float]) -> None:
    numbers = np.array(values, float)
    assert stable_order(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()
    assert priority_order(numbers).tolist() == np.argsort(-numbers, kind="stable").tolist()


def run(engine: str, closes_at: float) -> tuple[list[Booking], Any, Any]:
    """Four people join each week for two places; nobody dies or loses patience."""
    people = bulk_queue.new_people(np.sort(np.concatenate([np.arange(WEEKS) + part for part in (0.1, 0.3, 0.5, 0.7)])))
    inputs, totals = bulk_queue.new_inputs(horizon=WEEKS + 0.5), np.zeros(bulk_queue.COUNTS, np.int64)
    clinic = Clinic(0, np.full(WEEKS, 2.0), 1.0, closes_at=closes_at)
    if engine == "simpy":
        return SimpyEngine(bulk_queue.RULES, people, inputs, totals, (clinic,)).run(), people, totals
    return compiled_engine.run(bulk_queue.__name__, people, inputs, totals, (clinic,)).bookings, people, totals


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_no_more_wait_than_the_expected_wait_allows(engine: str) -> None:
    bookings, people, totals = run(engine, closes_at=3.0)
    assert [booking.waiting for booking in bookings] == [2, 4, 6, *[6] * (WEEKS - 3)]
    assert totals[bulk_queue.LEFT] == 2 * (WEEKS - 3)
    assert people["waited"].max() < 4.0
    assert sum(booking.taken for booking in bookings) == 2 * WEEKS


def test_a_list_that_does_not_close_turns_nobody_away() -> None:
    bookings, _, totals = run("compiled", closes_at=math.inf)
    assert bookings[-1].waiting == 2 * WEEKS
    assert totals[bulk_queue.LEFT] == 0
