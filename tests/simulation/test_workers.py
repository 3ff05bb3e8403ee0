"""Who does the work makes no difference: threads, processes, or a Dask cluster that loses a worker."""

from __future__ import annotations

import importlib.util
import json
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
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.run import run_draws
from lbpsim.simulation import workers
from lbpsim.simulation.checkpoints import Checkpoint
from lbpsim.simulation.engines import SIMPY
from lbpsim.simulation.run import Job, WorkUnit, run_study, simulate
from lbpsim.simulation.workers import Cluster, ClusterError, Here, completed, hired
from lbpsim.study import InputErrors, Study
from tests.cli_runner import Lbpsim

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="Dask is not installed: pip install 'lbpsim[cluster]' to test clusters",
)
SHIPPED = Path(__file__).parents[2] / "scenarios"
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


def test_no_more_pieces_are_finished_than_can_be_kept_until_they_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers.os, "cpu_count", lambda: 2)
    made: list[int] = []

    def work(_: None, piece: int) -> int:
        made.append(piece)
        return piece

    with ThreadPoolExecutor(2) as pool:
        for taken, _ in enumerate(completed(pool, work, None, range(40))):
            time.sleep(0.002)  # the workers are done long before
            assert len(made) <= taken + 1 + 2 * 2
    assert sorted(made) == list(range(40))


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


def die(_: None, piece: int) -> int:
    """As a process does that the system ends because memory ran out."""
    os.kill(os.getpid(), signal.SIGKILL)
    return piece


@pytest.mark.gate
@pytest.mark.skipif(os.name == "nt", reason="processes are ended otherwise there")
def test_a_process_that_is_ended_from_outside_is_said_to_be() -> None:
    with hired(2, engine=SIMPY) as pool, pytest.raises(ClusterError, match=r"ended from outside.*fewer --workers"):
        list(completed(pool, die, None, range(4)))


@dataclass
class Lost(Executor):
    """A cluster's executor as it is when the scheduler has gone: what was handed in is given up."""

    finish: bool = False

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.finish:
            future.cancel()
            future.set_running_or_notify_cancel()
        return future


@dataclass
class Client:
    """What is asked of Dask's client."""

    status: str = "running"
    problem: Exception | None = None
    workers: int = 1

    def nthreads(self) -> dict[str, int]:
        return {f"tcp://there:{number}": 1 for number in range(self.workers)}

    def wait_for_workers(self, *_: Any, **__: Any) -> None:
        if self.problem is not None:
            raise self.problem


def test_a_large_cluster_has_a_piece_for_every_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that join during the work too."""
    monkeypatch.setattr(workers, "AHEAD", 4)
    handed: list[Future[int]] = []

    class Held(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            handed.append(Future())
            if len(handed) <= 4:
                handed[-1].set_result(len(handed))
            return handed[-1]

    client = Client(workers=2)
    stream = completed(Cluster("tcp://there", client, Held()), double, 1, range(100))
    for _ in range(3):
        next(stream)
    assert len(handed) == 4 + 2
    client.workers = 10
    next(stream)
    handed[4].set_result(0)
    next(stream)
    assert len(handed) == 4 + 20
    stream.close()


class KilledWorker(Exception):  # noqa: N818 - as Dask calls it
    """A piece at which workers died."""


def kill(_: None, piece: int) -> int:
    raise KilledWorker(piece)


@pytest.mark.parametrize(
    ("client", "pool", "work", "words"),
    [
        (Client(), Lost(finish=True), double, "scheduler at tcp://there was lost during the work"),
        (Client(status="closed"), Lost(), double, "scheduler at tcp://there was lost during the work"),
        (Client(problem=OSError("gone")), Lost(), double, "scheduler at tcp://there was lost during the work"),
        (Client(problem=TimeoutError()), Lost(), double, "cluster at tcp://there has no workers"),
        (Client(), Here(), kill, "died again and again at the same piece"),
    ],
)
def test_a_cluster_that_is_lost_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, client: Client, pool: Executor, work: Any, words: str
) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 0.01)
    with pytest.raises(ClusterError, match=words):
        list(completed(Cluster("tcp://there", client, pool), work, None, [3]))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"engine": "SimPy"}, "'SimPy' is not an engine. Did you mean `simpy`"),
        ({"engine": "fast"}, "'fast' is not an engine. The engines are `compiled` and `simpy`"),
        ({"engine": None}, "None is not an engine"),
        ({"workers": -1}, "`workers`: -1 is not a whole number from 1"),
        ({"workers": 0}, "`workers`: 0 is not a whole number from 1"),
        ({"workers": 2.5}, "`workers`: 2.5 is not a whole number from 1"),
        ({"workers": "3"}, "`workers`: '3' is not a whole number from 1"),
        ({"workers": 2, "scheduler": "tcp://there"}, "The workers of the cluster at `scheduler` do the work"),
        ({"years": "3"}, "`years`: '3' is not a whole number"),
        ({"people": 2.5}, "`people`: 2.5 is not a number of people"),
        ({"people": True}, "`people`: True is not a number of people"),
        ({"draws": -1}, "`draws`: -1 is not a whole number"),
        ({"draws": 2.5}, "`draws`: 2.5 is not a whole number"),
        ({"draws": 0, "draw_people": 50}, "`draw_people`: There are no draws"),
        ({"draws": 0, "precision": 0.1}, "`precision`: Without draws there are no probabilities"),
    ],
)
def test_wrong_settings_are_told_in_python_before_the_work(
    small: Study, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(Job, "of", None)
    with pytest.raises(InputErrors) as told:
        small.run(**asked)
    assert words in " ".join(str(told.value).split())


def test_whole_numbers_of_any_library_will_do(small: Study) -> None:
    settings = {"people": np.int64(12), "years": np.int32(1), "seed": np.uint64(3), "workers": np.int8(1)}
    results = small.run(**settings, draws=np.int64(2), draw_people=np.int16(12))  # type: ignore[arg-type]
    assert results.people == 12 and results.years == (2026,)
    json.dumps(results.study.resolved())


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
        simulate(job, WorkUnit(0))


def test_a_study_is_set_up_once_for_many_pieces(small: Study) -> None:
    job = Job.of(small)
    assert job.prepared_study is Job.of(replace(small)).prepared_study
    assert Job.of(replace(small, seed=3)).prepared_study is not job.prepared_study


# --- Dask ----------------------------------------------------------------------------------------------------------


@dataclass
class Machines:
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
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machines]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = start("distributed.cli.dask_scheduler", *words)
    made = Machines(_address(scheduler), scheduler, [])
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
def test_a_cluster_gives_the_same_results_also_after_losing_a_worker(cluster: Machines, small: Study) -> None:
    here = run_study(small, workers=1)
    draws_here = run_draws(small, DrawRequest(draws=24, people=200), workers=1)
    for _ in range(2):
        cluster.hire()
    there = run_study(small, scheduler=cluster.address)
    assert np.array_equal(there.totals, here.totals) and there.events == here.events

    told: list[int] = []

    def lose_one(progress: Any) -> None:
        told.append(progress.done)
        if progress.done == 6:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    draws = run_draws(small, DrawRequest(draws=24, people=200), scheduler=cluster.address, tell=lose_one)
    assert cluster.workers[0].wait(60) == -signal.SIGKILL
    assert told == list(range(1, 25))
    for name in ARRAYS:
        assert getattr(draws, name).tobytes() == getattr(draws_here, name).tobytes()
    assert draws.parameters.equals(draws_here.parameters)


@needs_dask
@pytest.mark.slow
@pytest.mark.parametrize("lost", ["scheduler", "workers"])
def test_a_run_that_loses_its_cluster_is_taken_up_again(
    cluster: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lbpsim: Lbpsim, lost: str
) -> None:
    cluster.hire()
    monkeypatch.setattr(workers, "PATIENCE", 5)
    store, out = Checkpoint.store, tmp_path / "out"

    def store_and_lose(self: Checkpoint, name: str, arrays: Any) -> None:
        store(self, name, arrays)
        for process in (cluster.scheduler,) if lost == "scheduler" else cluster.workers:
            os.kill(process.pid, signal.SIGKILL)

    words = ("run", SHIPPED / "cft-rollout.yaml", "--people", 4000, "--years", 2, "--draws", 0, "--out", out, "--quiet")
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "store", store_and_lose)
        said = lbpsim(*words, "--scheduler", cluster.address)
    assert (said.status, said.out) == (1, "")
    told = {"scheduler": "was lost during the work", "workers": "has no workers"}[lost]
    assert told in said.err and "What was finished is kept: --resume goes on from it." in said.err
    assert len(said.err.splitlines()) == 1, "a word, and nothing from the library"
    assert list(out.glob("unfinished/*/*"))
    assert lbpsim(*words, "--resume", "--workers", 1).status == 0
    assert (out / "run.json").exists()


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
    cluster: Machines, small: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 2)
    with pytest.raises(ClusterError, match=r"has no workers: start one with `dask worker tcp://"):
        run_study(small, scheduler=cluster.address)


def test_without_dask_it_is_said_how_to_get_it(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'lbpsim\[cluster\]'"):
        run_study(small, scheduler=f"{LOOPBACK}:8786")
