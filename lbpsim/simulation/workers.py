"""Who does the work: this process, its threads, other processes, or an existing Dask cluster.

All stand behind the standard `Executor`, and the work sent to them is a plain function of a job and a piece of it.
So the results are the same to the bit whoever does it, in whatever order, and however often a piece is done again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from multiprocessing import get_context
from queue import SimpleQueue
from typing import Any, TypeVar

from lbpsim.simulation.replication import COMPILED

PATIENCE = 30  # seconds until a cluster that does not answer, or has no workers, is given up
Job = TypeVar("Job")
Piece = TypeVar("Piece")
Done = TypeVar("Done")


class ClusterError(RuntimeError):
    """A cluster that cannot be used; the message says why and what to do."""


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


@contextmanager
def hired(workers: int | None = None, *, engine: str = COMPILED, scheduler: str | None = None) -> Iterator[Executor]:
    """An executor: on the Dask cluster at `scheduler` ("tcp://host:port"), or here with `workers` (default one a core).

    The compiled engine leaves Python alone while it runs, so threads are enough; SimPy needs processes.

    Raises ClusterError when the cluster does not answer, has no workers, or Dask is not installed.
    """
    number = workers or os.cpu_count() or 1
    if scheduler is not None:
        with _cluster(scheduler) as pool:
            yield pool
        return
    pool = _pool(number, engine)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(number: int, engine: str) -> Executor:
    if number == 1:
        return Here()
    return ThreadPoolExecutor(number) if engine == COMPILED else ProcessPoolExecutor(number, get_context("spawn"))


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    client = _client(address)
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            how = f"start one with `dask worker {address}`"
            raise ClusterError(f"The cluster at {address} has no workers: {how}.") from None
        pool = client.get_executor(pure=False)  # a piece done again is the same, but not the same task
        try:
            yield pool
        finally:
            pool.shutdown(wait=False)


def _client(address: str) -> Any:
    try:
        distributed = import_module("distributed")  # an optional part, and slow to import
    except ImportError:
        how = "pip install 'lbpsim[cluster]'"
        raise ClusterError(f"Dask is not installed here: {how}, or leave --scheduler out.") from None
    try:
        return distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as problem:
        why = " ".join(str(problem).split()).rstrip(".")
        how = "`dask scheduler` starts one and says its address, such as tcp://127.0.0.1:8786"
        raise ClusterError(f'No Dask scheduler answers at "{address}" ({why}); {how}.') from problem


def completed(
    pool: Executor, work: Callable[[Job, Piece], Done], job: Job, pieces: Iterable[Piece]
) -> Iterator[tuple[Piece, Done]]:
    """Pieces of a job with what `work` makes of them, as they are finished; those not yet begun go when left alone."""
    left, most = iter(pieces), 1 if isinstance(pool, Here) else None
    running: dict[Future[Done], Piece] = {}
    finished: SimpleQueue[Future[Done]] = SimpleQueue()
    try:
        while True:
            for piece in islice(left, most):
                future = pool.submit(work, job, piece)
                running[future] = piece
                future.add_done_callback(finished.put)
            if not running:
                return
            future = finished.get()
            yield running.pop(future), future.result()
    finally:
        for future in running:
            future.cancel()
