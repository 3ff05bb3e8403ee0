"""A whole study: every policy, every replication, over the processor's cores; interrupted work is taken up again."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lbpsim.engine.numba_cache import source_hash
from lbpsim.outcomes.results import Results
from lbpsim.simulation.checkpoints import Checkpoint, Stored
from lbpsim.simulation.replication import COMPILED, PreparedStudy, ReplicationOutput
from lbpsim.simulation.workers import ClusterError, hired
from lbpsim.study import Study

PACKAGE = Path(__file__).parents[1]
EVIDENCE = PACKAGE / "evidence"


@dataclass(frozen=True)
class WorkUnit:
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


PIECES = Stored[WorkUnit, ReplicationOutput](
    name=lambda piece: f"{piece.policy:03d}-{piece.replication:04d}",
    arrays=lambda output: {"totals": output.totals, "events": np.array(output.events)},
    result=lambda kept: ReplicationOutput(kept["totals"], int(kept["events"]), np.empty((0, 3))),
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


def simulate(job: Job, piece: WorkUnit) -> ReplicationOutput:
    """One piece of a job: the work that is sent to workers."""
    prepared_study = job.prepared_study
    return prepared_study.simulate(prepared_study.study.policies[piece.policy], piece.replication, engine=job.engine)


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
        pieces = [WorkUnit(p, r) for r in range(prepared_study.replications) for p in range(len(study.policies))]
        sums = Sums(len(study.policies), prepared_study.replications)
        with hired(workers, engine=engine, scheduler=scheduler) as pool:
            finished = checkpoint_of(checkpoint, study).resume(pool, simulate, job, pieces, PIECES)
            for done, (piece, outcome) in enumerate(finished, start=1):
                sums.take(piece, outcome)
                if tell is not None:
                    tell(_progress(prepared_study, done, len(pieces), piece))
        return _results(prepared_study, sums, engine, time.perf_counter() - started)
    finally:
        _laboratory.cache_clear()  # the people of a whole country are a lot to keep


def _progress(prepared_study: PreparedStudy, done: int, pieces: int, piece: WorkUnit) -> Progress:
    study = prepared_study.study
    whole = float(prepared_study.people * study.years * len(study.policies))
    return Progress(done, pieces, study.policies[piece.policy].title, whole * done / pieces, whole)


class Sums:
    """The sums of finished pieces, each put where it belongs at once: kept apart they would fill the memory twice."""

    def __init__(self, policies: int, replications: int) -> None:
        self.shape, self.events = (policies, replications), 0
        self.totals: npt.NDArray[np.int64] = np.empty((0,), dtype=np.int64)

    def take(self, piece: WorkUnit, outcome: ReplicationOutput) -> None:
        """Add a finished piece."""
        if not self.totals.size:
            self.totals = np.zeros((*self.shape, *outcome.totals.shape), dtype=np.int64)
        self.totals[piece.policy, piece.replication] = outcome.totals
        self.events += outcome.events


def _results(prepared_study: PreparedStudy, sums: Sums, engine: str, seconds: float) -> Results:
    years = len(prepared_study.study.calendar_years)
    return Results(
        study=prepared_study.study,
        totals=sums.totals[:, :, :, :years],
        beyond=sums.totals[:, :, :, years] if prepared_study.study.to_death else None,
        scales=np.array([prepared_study.scale(number) for number in range(prepared_study.replications)]),
        national=np.array([prepared_study.national(policy) for policy in prepared_study.study.policies]),
        people=prepared_study.people,
        country_cases=prepared_study.country.total,
        in_remission=prepared_study.country.in_remission,
        engine=engine,
        events=sums.events,
        seconds=seconds,
    )
