"""Times of tasks replayed on many workers, against what can be worked out by hand."""

from __future__ import annotations

import pytest

from benchmarks.replay import Overhead, replay


def test_equal_tasks_divide_evenly() -> None:
    found = replay([2.0] * 12, 4, Overhead())
    assert (found.seconds, found.idle) == (6.0, 0.0)


def test_workers_wait_for_the_last_task() -> None:
    found = replay([1.0, 1.0, 1.0, 3.0], 2, Overhead())
    assert found.seconds == 4.0
    assert found.idle == pytest.approx(1.0 - 6.0 / 8.0)


def test_no_task_begins_before_it_is_handed_out() -> None:
    assert replay([1.0] * 10, 1000, Overhead(task=0.5)).seconds == 10 * 0.5 + 1.0


def test_every_worker_makes_the_study_ready_first() -> None:
    found = replay([1.0, 1.0], 2, Overhead(worker=3.0))
    assert (found.seconds, found.idle) == (4.0, 0.0)
