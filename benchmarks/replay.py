"""Measured times of tasks replayed on more workers than there are: list scheduling in the order of sending.

A task begins when a worker is free and the task has been handed out; they are handed out one after the other. Workers
are as fast as the one on which the times were measured: nothing here knows of slow networks or of memory shared.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Overhead:
    """Seconds: that handing out one task takes, and that a worker takes to make a study ready before its first."""

    task: float = 0.0
    worker: float = 0.0


@dataclass(frozen=True)
class Replay:
    """What so many workers come to: seconds to the end, and the share of their time in which they have no task."""

    workers: int
    seconds: float
    idle: float


def replay(tasks: Sequence[float], workers: int, overhead: Overhead) -> Replay:
    """Tasks of so many seconds each, in the order in which they are sent."""
    free = [overhead.worker] * workers
    for number, seconds in enumerate(tasks):
        begun = max(heapq.heappop(free), (number + 1) * overhead.task)
        heapq.heappush(free, begun + seconds)
    end = max(free)
    return Replay(workers, end, 1.0 - (sum(tasks) + workers * overhead.worker) / (workers * end))
