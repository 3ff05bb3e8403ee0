"""Who does the work: this process, its threads, other processes, or an existing Dask cluster.

All stand behind the standard `Executor`, and the work sent to them is a plain function of a job and a piece of it.
So the results are the same to the bit whoever does it, in whatever order, and however often a piece is done again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import count, islice
from multiprocessing import get_context
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from lbpsim.simulation.engines import COMPILED, ENGINES
from lbpsim.study import InputErrors, Place, Problem, limits
from lbpsim.study.files.errors import COMMAND_LINE, did_you_mean, short

ASKED = Place(COMMAND_LINE)
TALKATIVE = ("distributed", "tornado", "asyncio")  # whose logs would stand beside our words
AHEAD = 256  # pieces that are out at once, or
AHEAD_A_WORKER = 2  # for each worker of a large cluster, and for each core of this machine
PATIENCE = 30  # seconds until a cluster that does not answer, or has no workers, is given up
Job = TypeVar("Job")
Piece = TypeVar("Piece")
Done = TypeVar("Done")


class ClusterError(RuntimeError):
    """Workers that cannot be used, or were lost; the message says why and what to do."""


def check_asked(engine: str, workers: int | None, scheduler: str | None) -> None:
    """Raise InputErrors with all that is wrong with who is asked to do the work."""
    problems = []
    if engine not in ENGINES:
        near = did_you_mean(str(engine).lower(), ENGINES)
        right = near or f"The engines are {' and '.join(f'`{name}`' for name in ENGINES)}"
        problems.append(Problem(ASKED, "engine", f"{short(repr(engine))} is not an engine", right))
    if workers is not None and (wrong := limits.wrong_whole(workers, limits.WORKERS)):
        problems.append(Problem(ASKED, "workers", *wrong))
    if workers is not None and scheduler is not None:
        wrong = "The workers of the cluster at `scheduler` do the work", "Leave one of the two out"
        problems.append(Problem(ASKED, "workers", *wrong))
    if problems:
        raise InputErrors(problems)


class Here(Executor):
    """The present thread: a piece is done when it is handed in."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Do the piece now; what it raises is raised by the future's `result`."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*given, **named))
        except Exception as problem:
            future.set_exception(problem)
        return future


@dataclass
class Cluster(Executor):
    """The workers of a Dask cluster, at the `address` of its scheduler."""

    address: str
    client: Any
    pool: Executor

    @property
    def size(self) -> int:
        """How many pieces its workers do at once now; raises CancelledError where its scheduler has gone."""
        if self.client.status == "closed":
            raise CancelledError
        try:
            return sum(self.client.nthreads().values())
        except OSError as problem:
            raise CancelledError from problem

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Send a piece to the cluster; raises CancelledError where its scheduler has gone."""
        if self.client.status == "closed":
            raise CancelledError
        return self.pool.submit(work, *given, **named)

    def check(self) -> None:
        """Raise ClusterError where there has been no worker for a while."""
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            how = f"start one with `dask worker {self.address}`"
            raise ClusterError(f"The cluster at {self.address} has no workers: {how}.") from None
        except OSError as problem:
            raise CancelledError from problem


@contextmanager
def hired(workers: int | None = None, *, engine: str = COMPILED, scheduler: str | None = None) -> Iterator[Executor]:
    """An executor: on the Dask cluster at `scheduler` ("tcp://host:port"), or here with `workers` (default one a core).

    The compiled engine leaves Python alone while it runs, so threads are enough; SimPy needs processes.

    Raises ClusterError when the cluster does not answer, has no workers, or Dask is not installed; InputErrors for an
    engine or a number of workers that there cannot be.
    """
    check_asked(engine, workers, scheduler)
    if scheduler is not None:
        with _cluster(scheduler) as pool:
            yield pool
        return
    pool = _pool(workers or os.cpu_count() or 1, engine)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def work_at_once(pool: Executor, workers: int | None) -> int:
    """How many pieces are worked on at once, where so many workers were asked for (None: one a core)."""
    return pool.size if isinstance(pool, Cluster) else workers or os.cpu_count() or 1


def _pool(number: int, engine: str) -> Executor:
    if number == 1:
        return Here()
    return ThreadPoolExecutor(number) if engine == COMPILED else ProcessPoolExecutor(number, get_context("spawn"))


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    distributed = _dask()
    with _quiet(), _client(distributed, address) as client:
        pool = client.get_executor(pure=False)  # a piece done again is the same, but not the same task
        cluster = Cluster(address, client, pool)
        cluster.check()
        try:
            yield cluster
        finally:
            pool.shutdown(wait=False)


@contextmanager
def _quiet() -> Iterator[None]:
    """Hold back what Dask tells its own developers, tracebacks among it: what went wrong is said by us."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in TALKATIVE]
    levels = {log: log.level for log in map(logging.getLogger, [*TALKATIVE, *names])}
    for log in levels:
        log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for log, level in levels.items():
            log.setLevel(level)


def _dask() -> Any:
    try:
        return import_module("distributed")  # an optional part, and slow to import
    except ImportError:
        how = "pip install 'lbpsim[cluster]'"
        raise ClusterError(f"Dask is not installed here: {how}, or leave --scheduler out.") from None


def _client(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as problem:
        why = " ".join(str(problem).split()).rstrip(".")
        how = "`dask scheduler` starts one and says its address, such as tcp://127.0.0.1:8786"
        raise ClusterError(f'No Dask scheduler answers at "{address}" ({why}); {how}.') from problem


def completed(
    pool: Executor, work: Callable[[Job, Piece], Done], job: Job, pieces: Iterable[Piece]
) -> Iterator[tuple[Piece, Done]]:
    """Pieces of a job with what `work` makes of them, as they are finished; those not yet begun go when left alone.

    Only so many pieces are out at once as keep all workers at work: what is finished sooner than it is taken would fill
    the memory.
    """
    left = iter(pieces)
    running: dict[Future[Done], Piece] = {}
    finished: SimpleQueue[Future[Done]] = SimpleQueue()
    try:
        for taken in count():
            if taken % AHEAD == 0:  # workers may have joined
                with _told_when_lost(pool):
                    most = _out_at_once(pool)
            for piece in islice(left, max(most - len(running), 0)):
                with _told_when_lost(pool):
                    future = pool.submit(work, job, piece)
                running[future] = piece
                future.add_done_callback(finished.put)
            if not running:
                return
            future = _next(finished, pool)
            with _told_when_lost(pool):
                done = future.result()
            yield running.pop(future), done
    finally:
        for future in running:
            future.cancel()


def _out_at_once(pool: Executor) -> int:
    """How many pieces may be out at once."""
    if isinstance(pool, Here):
        return 1
    if isinstance(pool, Cluster):
        return max(AHEAD, AHEAD_A_WORKER * pool.size)
    return AHEAD_A_WORKER * (os.cpu_count() or 1)


def _next(finished: SimpleQueue[Future[Done]], pool: Executor) -> Future[Done]:
    """The next piece that is finished; a cluster is asked now and then whether it still has workers."""
    while isinstance(pool, Cluster):
        try:
            return finished.get(timeout=PATIENCE)
        except Empty:
            with _told_when_lost(pool):
                pool.check()
    return finished.get()


@contextmanager
def _told_when_lost(pool: Executor) -> Iterator[None]:
    """Say in words that those who do the work have gone; what the work itself raises passes."""
    try:
        yield
    except Exception as problem:
        if (loss := _loss(pool, problem)) is None:
            raise
        raise ClusterError(loss) from problem


def _loss(pool: Executor, problem: Exception) -> str | None:
    """What it means for the work that `problem` arose; None where the work itself raised it."""
    if isinstance(problem, BrokenProcessPool):
        return (
            "A process that did part of the work was ended from outside, perhaps because memory ran out: "
            "ask for fewer --workers or fewer --people."
        )
    if isinstance(pool, Cluster) and isinstance(problem, CancelledError):
        return f"The Dask scheduler at {pool.address} was lost during the work: it ended, or cannot be reached."
    if isinstance(pool, Cluster) and type(problem).__name__ == "KilledWorker":
        return (
            f"Workers of the cluster at {pool.address} died again and again at the same piece of work, perhaps because "
            "memory ran out: give them more, or ask for fewer --people."
        )
    return None
