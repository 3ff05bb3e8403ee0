"""Who does the work makes no difference: threads, processes, or a Dask cluster that loses a worker."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lbpsim.outcomes.draws import ARRAYS
from lbpsim.simulation import workers
from lbpsim.simulation.runs import Job, Piece, run_study, simulate
from lbpsim.simulation.workers import ClusterError, Here, completed, hired
from lbpsim.study import Study
from lbpsim.uncertainty.draws import Asked, run_draws

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="Dask is not installed: pip install 'lbpsim[cluster]' to test clusters",
)
LOOPBACK = "tcp://127.0.0.1"
PATIENCE = 120.0  # seconds


@pytest.fixture(scope="module")
def small(shipped: Study) -> Study:
    names = ("usual-care", "cft-rollout")
    return replace(shipped, policies=tuple(shipped.policy(name) for name in names), people=400, replications=4, years=2)


def double(job: int, piece: int) -> int:
    if piece == 13:
        raise ValueError("unlucky")
    return job * piece


@pytest.mark.parametrize("number", [1, 3])
def test_every_piece_comes_back_once(number: int) -> None:
    with hired(number) as pool:
        assert sorted(completed(pool, double, 2, range(10))) == [(n, 2 * n) for n in range(10)]
        assert list(completed(pool, double, 2, [])) == []


@pytest.mark.parametrize("number", [1, 3])
def test_a_piece_that_fails_says_so(number: int) -> None:
    with hired(number) as pool, pytest.raises(ValueError, match="unlucky"):
        list(completed(pool, double, 2, range(20)))


def test_here_a_piece_is_begun_when_the_last_has_been_seen() -> None:
    """So that what is finished is kept before the next begins."""
    begun: list[int] = []

    def work(_: None, piece: int) -> int:
        begun.append(piece)
        return piece

    for seen, _ in completed(Here(), work, None, range(4)):
        assert begun[-1] == seen


def test_pieces_not_begun_are_left_when_nobody_waits_for_them() -> None:
    begun: list[int] = []
    release = threading.Event()

    def work(_: None, piece: int) -> int:
        begun.append(piece)
        if piece:
            release.wait(PATIENCE)
        return piece

    with ThreadPoolExecutor(2) as pool:
        stream = completed(pool, work, None, range(50))
        assert next(stream) == (0, 0)
        stream.close()
        release.set()
    assert len(begun) <= 4


@dataclass
class Counted(Executor):
    """Somebody else's executor."""

    submitted: int = 0

    def submit(self, work: Any, /, *given: Any, **named: Any) -> Future[Any]:
        self.submitted += 1
        future: Future[Any] = Future()
        future.set_result(work(*given, **named))
        return future


def test_any_executor_will_do() -> None:
    pool = Counted()
    assert dict(completed(pool, double, 3, range(5))) == {n: 3 * n for n in range(5)}
    assert pool.submitted == 5


def test_a_worker_with_other_code_is_refused(small: Study) -> None:
    job = replace(Job.of(small), version="another")
    with pytest.raises(ClusterError, match="another version of lbpsim"):
        simulate(job, Piece(0, 0))


def test_a_study_is_set_up_once_for_many_pieces(small: Study) -> None:
    job = Job.of(small)
    assert job.laboratory is Job.of(replace(small)).laboratory
    assert Job.of(replace(small, seed=3)).laboratory is not job.laboratory


# --- Dask ----------------------------------------------------------------------------------------------------------


@dataclass
class Cluster:
    """A real scheduler and real workers, each a process of its own, on this machine."""

    address: str
    scheduler: subprocess.Popen[str]
    workers: list[subprocess.Popen[str]]

    def hire(self) -> None:
        """Start another worker."""
        words = ["distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        self.workers.append(start(*words))


def start(module: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = start("distributed.cli.dask_scheduler", *words)
    made = Cluster(_address(scheduler), scheduler, [])
    try:
        yield made
    finally:
        for process in (*made.workers, scheduler):
            process.kill()
            process.communicate(timeout=60)


def _address(scheduler: subprocess.Popen[str]) -> str:
    assert scheduler.stderr is not None
    for line in scheduler.stderr:
        if found := re.search(rf"Scheduler at:\s+({LOOPBACK}:\d+)", line):
            threading.Thread(target=scheduler.stderr.read, daemon=True).start()  # a full pipe would stop it
            return found[1]
    raise AssertionError("the scheduler ended before it said where it listens")


@needs_dask
@pytest.mark.slow
def test_a_cluster_gives_the_same_results_also_after_losing_a_worker(cluster: Cluster, small: Study) -> None:
    here = run_study(small, workers=1)
    draws_here = run_draws(small, Asked(draws=24, people=200), workers=1)
    for _ in range(2):
        cluster.hire()
    there = run_study(small, scheduler=cluster.address)
    assert np.array_equal(there.totals, here.totals) and there.events == here.events

    told: list[int] = []

    def lose_one(progress: Any) -> None:
        told.append(progress.done)
        if progress.done == 6:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    draws = run_draws(small, Asked(draws=24, people=200), scheduler=cluster.address, tell=lose_one)
    assert cluster.workers[0].wait(60) == -signal.SIGKILL
    assert told == list(range(1, 25))
    for name in ARRAYS:
        assert getattr(draws, name).tobytes() == getattr(draws_here, name).tobytes()
    assert draws.parameters.equals(draws_here.parameters)


@needs_dask
def test_a_scheduler_that_is_not_there_is_said_to_be(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 1)
    before = time.monotonic()
    with pytest.raises(ClusterError, match=r'No Dask scheduler answers at "tcp://127\.0\.0\.1:1".*`dask scheduler`'):
        run_study(small, scheduler=f"{LOOPBACK}:1")
    assert time.monotonic() - before < 30


@needs_dask
@pytest.mark.parametrize("address", ["nonsense://x", "127.0.0.1", ""])
def test_an_address_that_is_none_is_said_to_be(small: Study, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 1)
    with pytest.raises(ClusterError, match="No Dask scheduler answers"):
        run_study(small, scheduler=address)


@needs_dask
@pytest.mark.slow
def test_a_cluster_without_workers_is_said_to_have_none(
    cluster: Cluster, small: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 2)
    with pytest.raises(ClusterError, match=r"has no workers: start one with `dask worker tcp://"):
        run_study(small, scheduler=cluster.address)


def test_without_dask_it_is_said_how_to_get_it(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'lbpsim\[cluster\]'"):
        run_study(small, scheduler=f"{LOOPBACK}:8786")
