"""Processes that draw and write beside the main one: started early, while it simulates, and fed when there are results.

Charts of Matplotlib cannot be drawn in threads. What is written is the same, byte for byte, whoever writes it.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache, partial
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from lbpsim.simulation.workers import ClusterError, Here

MOST: int | None = None  # processes; None: one a core
LOADED = "lbpsim.report.outputs"  # all that is needed to draw and write
LOST = (
    "A process that wrote part of the report was ended from outside, perhaps because memory ran out: ask for fewer "
    "--workers."
)
Thing = TypeVar("Thing")


@contextmanager
def started(number: int | None = None) -> Iterator[Executor]:
    """An executor for the work of a report: so many processes (default one a core), or this one where one is enough.

    Raises ClusterError where one of them is ended from outside.

    Only for programs that may be imported anew, as the command line may: each process begins with its main module.
    """
    processes = min(number or os.cpu_count() or 1, MOST or os.cpu_count() or 1)
    if processes == 1:
        yield Here()
        return
    pool = ProcessPoolExecutor(processes, _context(), initializer=_begun)
    beginning = ThreadPoolExecutor(1)
    try:
        beginning.submit(pool.submit, os.getpid)  # the first starts now, and is waited for while it loads what all need
        yield pool
        pool.shutdown(
            cancel_futures=True
        )  # Python ends with a complaint, now and then, where its processes end with it
    except BrokenProcessPool as loss:
        raise ClusterError(LOST) from loss
    finally:
        beginning.shutdown()
        pool.shutdown(wait=False, cancel_futures=True)


def _context() -> Any:
    """Processes that share what they load, where the system has such."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([LOADED])
    return context


def _begun() -> None:
    """A process begins: an interruption is the main process's to tell, and without that this one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_main, daemon=True).start()


def _end_with_main() -> None:
    main = multiprocessing.parent_process()
    if main is not None:
        wait([main.sentinel])
        os._exit(1)


@contextmanager
def handed(pool: Executor, thing: Thing) -> Iterator[Callable[[], Thing]]:
    """Something large that many tasks of a pool need: what they call to have it, sent to each process only once."""
    if not isinstance(pool, ProcessPoolExecutor):
        yield lambda: thing
        return
    with TemporaryDirectory(prefix="lbpsim-") as folder:
        path = Path(folder) / "handed"
        with path.open("wb") as file:
            pickle.dump(thing, file, protocol=pickle.HIGHEST_PROTOCOL)
        yield partial(_taken, path)


@lru_cache(maxsize=1)
def _taken(path: Path) -> Any:
    with path.open("rb") as file:
        return pickle.load(file)
