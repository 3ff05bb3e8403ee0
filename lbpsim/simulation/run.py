"""A whole study: every policy, every replication, over the processor's cores; interrupted work is taken up again."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lbpsim.engine.numba_cache import source_hash
from lbpsim.simulation.checkpoints import Arrays, Checkpoint, Stored
from lbpsim.simulation.engines import COMPILED
from lbpsim.simulation.living_on import NO_LOG
from lbpsim.simulation.replication import PreparedStudy, ReplicationOutput
from lbpsim.simulation.workers import ClusterError, hired, work_at_once
from lbpsim.study import Study

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

PACKAGE = Path(__file__).parents[1]
EVIDENCE = PACKAGE / "evidence"
TAILS = 0.3  # of the time that lives shared take, for what one policy adds: about that of the shipped study


@dataclass(frozen=True)
class WorkUnit:
    """The smallest piece of work: one replication under one of the `parts` into which the policies are dealt out.

    They are dealt out one by one, because policies that stand together are often alike, and as long.
    """

    replication: int
    part: int = 0
    parts: int = 1

    @property
    def policies(self) -> slice:
        """Which of all policies are in this part."""
        return slice(self.part, None, self.parts)


@dataclass(frozen=True)
class Progress:
    """How far a run is: pieces done of all, what was just worked on, person-years lived of all under all policies."""

    done: int
    pieces: int
    title: str
    person_years: float
    all_person_years: float


Tell = Callable[[Progress], None]


def _stack(outputs: list[ReplicationOutput]) -> Arrays:
    return {
        "totals": np.array([output.totals for output in outputs]),
        "events": np.array([output.events for output in outputs]),
    }


def _unstack(kept: Arrays) -> list[ReplicationOutput]:
    pairs = zip(kept["totals"], kept["events"], strict=True)
    return [ReplicationOutput(totals, int(events), NO_LOG) for totals, events in pairs]


PIECES = Stored[WorkUnit, list[ReplicationOutput]](
    name=lambda piece: f"{piece.replication:04d}-{piece.part:03d}-{piece.parts:03d}", arrays=_stack, result=_unstack
)


def checkpoint_of(folder: Path | None, study: Study) -> Checkpoint:
    """Where work on a study is kept within a folder, apart from that of other inputs; None: nowhere."""
    return Checkpoint(None if folder is None else folder / fingerprint(study))


def fingerprint(study: Study) -> str:
    """What a run depends on: its inputs, the evidence and the code, as a short hash."""
    inputs = json.dumps(study.resolved(), sort_keys=True, default=str)
    return hashlib.sha256((inputs + version()).encode()).hexdigest()[:16]


def evidence_hash() -> str:
    """Hash of the registry and of the data tables, in hexadecimal."""
    digest = hashlib.sha256()
    for path in sorted(path for path in EVIDENCE.rglob("*") if path.suffix in (".yaml", ".csv")):
        digest.update(path.relative_to(EVIDENCE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def version() -> str:
    """What this process runs: code and evidence, as a hash taken once."""
    return source_hash(PACKAGE) + evidence_hash()


@dataclass(frozen=True)
class Job:
    """A study as it is sent to workers.

    `fingerprint`: of the study; `engine`: that simulates; `version`: of the code and evidence that sent it.
    """

    fingerprint: str
    study: Study = field(compare=False)
    engine: str = COMPILED
    version: str = ""

    @classmethod
    def of(cls, study: Study, engine: str = COMPILED) -> Job:
        """A job of this process."""
        return cls(fingerprint(study), study, engine, version())

    @property
    def prepared_study(self) -> PreparedStudy:
        """The study made ready to run; kept for the next piece of the same job.

        Raises ClusterError where this process has other code than the one that sent the job.
        """
        return _laboratory(self)

    def check(self) -> None:
        """Raise ClusterError where this process has other code or evidence than the one that sent the job."""
        if self.version != version():
            raise ClusterError(
                "A worker has another version of lbpsim, of its evidence or of Numba than this machine, so that its "
                "results would be others. Install the same on all, and start the workers anew."
            )


@lru_cache(maxsize=1)
def _laboratory(job: Job) -> PreparedStudy:
    job.check()
    return PreparedStudy(job.study)


def simulate(job: Job, piece: WorkUnit) -> list[ReplicationOutput]:
    """One piece of a job, an output for each of its policies: the work that is sent to workers."""
    prepared_study = job.prepared_study
    policies = prepared_study.study.policies[piece.policies]
    return prepared_study.simulate_all(policies, piece.replication, engine=job.engine)


def units(replications: int, policies: int, workers: int, engine: str = COMPILED) -> list[WorkUnit]:
    """The work of a study, cut so that no worker stands idle, the long units first.

    Policies that are simulated together share lives, so they are kept together while there is a replication for every
    worker; those of the replications left over are cut. The reference engine shares no lives.
    """
    together = replications - replications % workers if engine == COMPILED else 0
    left = replications - together
    parts = _parts(left, policies, workers) if engine == COMPILED else policies
    whole = [WorkUnit(number) for number in range(together)]
    return whole + [WorkUnit(together + n, part, parts) for n in range(left) for part in range(parts)]


def _parts(replications: int, policies: int, workers: int) -> int:
    """Into how many parts to cut the policies of these replications, so that the last worker is done soonest."""

    def done(parts: int) -> float:
        return math.ceil(replications * parts / workers) * (1.0 + TAILS * math.ceil(policies / parts))

    return min(range(1, policies + 1), key=done)


def run_study(
    study: Study,
    *,
    engine: str = COMPILED,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Tell | None = None,
    checkpoint: Path | None = None,
) -> Results:
    """Run every policy of a study and gather the results.

    `engine`: "compiled" or "simpy". `workers`: threads (compiled) or processes (simpy), by default one a core.
    `scheduler`: address of a Dask cluster that does the work instead. The results are the same to the bit for either
    engine and any workers. `tell` is called as pieces finish. `checkpoint`: folder where finished pieces are kept, and
    from where they are taken up again.

    Raises ClusterError when the cluster cannot be used.
    """
    started = time.perf_counter()
    job = Job.of(study, engine)
    try:
        prepared_study = job.prepared_study
        sums = Sums(len(study.policies), prepared_study.replications)
        with hired(workers, engine=engine, scheduler=scheduler) as pool:
            pieces = units(prepared_study.replications, len(study.policies), work_at_once(pool, workers), engine)
            finished = checkpoint_of(checkpoint, study).resume(pool, simulate, job, pieces, PIECES)
            for done, (piece, outputs) in enumerate(finished, start=1):
                sums.take(piece, outputs)
                if tell is not None:
                    tell(_progress(prepared_study, done, len(pieces), piece))
        return results_of(prepared_study, sums.totals, sums.events, engine, time.perf_counter() - started)
    finally:
        _laboratory.cache_clear()  # the people of a whole country are a lot to keep


def _progress(prepared_study: PreparedStudy, done: int, pieces: int, piece: WorkUnit) -> Progress:
    study = prepared_study.study
    whole = float(prepared_study.people * study.years * len(study.policies))
    title = f"part {piece.replication + 1} of the people, of {prepared_study.replications}"
    return Progress(done, pieces, title, whole * done / pieces, whole)


class Sums:
    """The sums of finished pieces, each put where it belongs at once: kept apart they would fill the memory twice."""

    def __init__(self, policies: int, replications: int) -> None:
        self.shape, self.events = (policies, replications), 0
        self.totals: npt.NDArray[np.int64] = np.empty((0,), dtype=np.int64)

    def take(self, piece: WorkUnit, outputs: list[ReplicationOutput]) -> None:
        """Add a finished piece."""
        if not self.totals.size:
            self.totals = np.zeros((*self.shape, *outputs[0].totals.shape), dtype=np.int64)
        policies = range(self.shape[0])[piece.policies]
        for policy, output in zip(policies, outputs, strict=True):
            self.totals[policy, piece.replication] = output.totals
            self.events += output.events


def results_of(
    prepared_study: PreparedStudy,
    totals: npt.NDArray[np.int64],
    events: int,
    engine: str,
    seconds: float,
    numbers: Sequence[int] | None = None,
) -> Results:
    """The results of a study from the sums of its replications, or, with `numbers`, of those of them.

    Args:
        prepared_study: whose policies were simulated.
        totals: fixed-point sums of the replications, as `ReplicationOutput` has them; shape (policies, replications,
            2, years, groups, outcomes).
        events: how many events were lived through.
        engine: that simulated.
        seconds: that it took.
        numbers: which replications these are; None: all.
    """
    from lbpsim.outcomes.results import Results  # noqa: PLC0415 - needs pandas, slow to import, when all have lived

    years = len(prepared_study.study.calendar_years)
    which = range(prepared_study.replications) if numbers is None else numbers
    return Results(
        study=prepared_study.study,
        totals=totals[:, :, :, :years],
        beyond=totals[:, :, :, years] if prepared_study.study.to_death else None,
        scales=np.array([prepared_study.scale(number) for number in which]),
        national=np.array([prepared_study.national(policy) for policy in prepared_study.study.policies]),
        people=prepared_study.people,
        country_cases=prepared_study.country.total,
        in_remission=prepared_study.country.in_remission,
        engine=engine,
        events=events,
        seconds=seconds,
    )
