"""A whole study: every policy, every replication, over the processor's cores; interrupted work is taken up again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lbpsim.engine.compiling import source_hash
from lbpsim.outcomes.results import Results
from lbpsim.simulation.replication import COMPILED, SIMPY, Laboratory, Outcome
from lbpsim.study import Study

PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Piece:
    """The smallest piece of work: one policy, one replication."""

    policy: int
    replication: int


@dataclass(frozen=True)
class Progress:
    """How far a run is: pieces done of all, the policy just worked on, person-years lived of all under all policies."""

    done: int
    pieces: int
    title: str
    person_years: float
    all_person_years: float


Tell = Callable[[Progress], None]


class Unfinished:
    """Finished pieces of a run on disk, so that an interrupted run loses at most the pieces in hand."""

    def __init__(self, folder: Path, study: Study) -> None:
        self.home, self.folder = folder, folder / fingerprint(study)

    def load(self, piece: Piece) -> Outcome | None:
        """A piece finished earlier, or None."""
        path = self._path(piece)
        if not path.exists():
            return None
        with np.load(path) as stored:
            return Outcome(stored["totals"], int(stored["events"]), np.empty((0, 3)))

    def store(self, piece: Piece, outcome: Outcome) -> None:
        """Keep a finished piece; it appears whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self._path(piece).with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            np.savez_compressed(file, totals=outcome.totals, events=outcome.events)
        part.replace(self._path(piece))

    def clear(self) -> None:
        """Forget all finished pieces, those of other inputs too."""
        shutil.rmtree(self.home, ignore_errors=True)

    def _path(self, piece: Piece) -> Path:
        return self.folder / f"{piece.policy:03d}-{piece.replication:04d}.npz"


def fingerprint(study: Study) -> str:
    """What a run depends on: its inputs and the code, as a short hash."""
    inputs = json.dumps(study.resolved(), sort_keys=True, default=str)
    return hashlib.sha256((inputs + source_hash(PACKAGE)).encode()).hexdigest()[:16]


def run_study(
    study: Study,
    *,
    engine: str = COMPILED,
    workers: int | None = None,
    tell: Tell | None = None,
    unfinished: Unfinished | None = None,
) -> Results:
    """Run every policy of a study and gather the results.

    `engine`: "compiled" or "simpy". `workers`: threads (compiled) or processes (simpy), by default one a core. The
    results are the same to the bit for either engine and any number of workers. `tell` is called as pieces finish.
    `unfinished`: where finished pieces are kept, and from where they are taken up again.
    """
    started = time.perf_counter()
    laboratory = Laboratory(study)
    pieces = [Piece(p, r) for r in range(laboratory.replications) for p in range(len(study.policies))]
    finished: dict[Piece, Outcome] = {}
    for piece, outcome in _outcomes(laboratory, pieces, engine, workers or os.cpu_count() or 1, unfinished):
        finished[piece] = outcome
        if tell is not None:
            tell(_progress(laboratory, len(finished), len(pieces), piece))
    return _gather(laboratory, finished, engine, time.perf_counter() - started)


def _progress(laboratory: Laboratory, done: int, pieces: int, piece: Piece) -> Progress:
    study = laboratory.study
    whole = float(laboratory.people * study.years * len(study.policies))
    return Progress(done, pieces, study.policies[piece.policy].title, whole * done / pieces, whole)


def _outcomes(
    laboratory: Laboratory, pieces: list[Piece], engine: str, workers: int, unfinished: Unfinished | None
) -> Iterator[tuple[Piece, Outcome]]:
    left = []
    for piece in pieces:
        known = unfinished.load(piece) if unfinished is not None else None
        if known is None:
            left.append(piece)
        else:
            yield piece, known
    workers = min(workers, len(left))
    if workers < 2:
        simulated = _alone(laboratory, left, engine)
    elif engine == COMPILED:
        simulated = _in_threads(laboratory, left, workers)
    else:
        simulated = _in_processes(laboratory.study, left, workers)
    for piece, outcome in simulated:
        if unfinished is not None:
            unfinished.store(piece, outcome)
        yield piece, outcome


def _alone(laboratory: Laboratory, pieces: list[Piece], engine: str) -> Iterator[tuple[Piece, Outcome]]:
    for piece in pieces:
        yield piece, laboratory.simulate(laboratory.study.policies[piece.policy], piece.replication, engine=engine)


def _in_threads(laboratory: Laboratory, pieces: list[Piece], workers: int) -> Iterator[tuple[Piece, Outcome]]:
    """The compiled engine leaves Python alone while it runs, so threads are enough."""
    policies = laboratory.study.policies

    def work(piece: Piece) -> Outcome:
        return laboratory.simulate(policies[piece.policy], piece.replication)

    with ThreadPoolExecutor(workers) as pool:
        yield from _as_completed(pool, work, pieces)


def _in_processes(study: Study, pieces: list[Piece], workers: int) -> Iterator[tuple[Piece, Outcome]]:
    """SimPy runs in Python, one interpreter a process."""
    with ProcessPoolExecutor(workers, get_context("spawn"), _open_laboratory, (study,)) as pool:
        yield from _as_completed(pool, _work, pieces)


def _as_completed(
    pool: Executor, work: Callable[[Piece], Outcome], pieces: list[Piece]
) -> Iterator[tuple[Piece, Outcome]]:
    running: dict[Future[Outcome], Piece] = {pool.submit(work, piece): piece for piece in pieces}
    try:
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_laboratory: Laboratory | None = None  # of a worker process


def _open_laboratory(study: Study) -> None:
    global _laboratory  # noqa: PLW0603 - set once, when the worker starts
    _laboratory = Laboratory(study)


def _work(piece: Piece) -> Outcome:
    assert _laboratory is not None
    return _laboratory.simulate(_laboratory.study.policies[piece.policy], piece.replication, engine=SIMPY)


def _gather(laboratory: Laboratory, finished: dict[Piece, Outcome], engine: str, seconds: float) -> Results:
    study, replications = laboratory.study, laboratory.replications
    totals: npt.NDArray[np.int64] = np.array(
        [[finished[Piece(p, r)].totals for r in range(replications)] for p in range(len(study.policies))]
    )
    return Results(
        study=study,
        totals=totals,
        scales=np.array([laboratory.scale(number) for number in range(replications)]),
        national=np.array([laboratory.national(policy) for policy in study.policies]),
        people=laboratory.people,
        country_cases=laboratory.country.total,
        engine=engine,
        events=sum(outcome.events for outcome in finished.values()),
        seconds=seconds,
    )
