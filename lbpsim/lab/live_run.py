"""A study simulated again whenever it changes: the first figures at once, then replication by replication.

What a policy comes to in a replication is kept as long as nothing that it depends on changes, so a lever that is moved
costs one policy, not all. Figures of all replications are those of `lbpsim run`, by the same code.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from lbpsim.outcomes.per_thousand_treated import Treated
from lbpsim.outcomes.results import Results
from lbpsim.simulation.engines import COMPILED
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import results_of
from lbpsim.simulation.treated_and_untreated import treat_a_thousand
from lbpsim.study import Policy, Study

Sums = npt.NDArray[np.int64]
MOST_KEPT = 10  # policies whose sums are kept
WHILE = 0.05  # seconds after which it is looked whether work that goes on is still wanted
LOG = logging.getLogger("lbpsim")


@dataclass(frozen=True, eq=False)  # two are equal where they are the same object, so comparing costs nothing
class Figures:
    """What is known of a study so far: the `results` of the `done` replications of `whole`; None where none is done.

    `stamp` is another in every new state of knowledge; `study`: a number for what was asked for; `complete`: nothing
    more will come; `failed`: why not, in words.
    """

    stamp: int
    study: int = 0
    results: Results | None = None
    done: int = 0
    whole: int = 0
    complete: bool = False
    seconds: float = 0.0
    failed: str = ""


@dataclass
class _Kept:
    """Sums of policies by replication, of the policies last used; and what treatments come to."""

    sums: OrderedDict[str, dict[int, Sums]] = field(default_factory=OrderedDict)
    treated: tuple[str, Future[Treated]] | None = None

    def of(self, keys: Sequence[str]) -> list[dict[int, Sums]]:
        """The sums of policies by their keys; policies not used for long give way."""
        for key in keys:
            self.sums.setdefault(key, {})
            self.sums.move_to_end(key)
        while len(self.sums) > max(MOST_KEPT, len(keys)):
            self.sums.popitem(last=False)
        return [self.sums[key] for key in keys]


class LiveRun:
    """Simulates the study last asked for, in threads of its own; `figures` is what is known so far."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._news = threading.Condition()
        self._asked: Study | None = None
        self._number = 0  # of what was asked for last; work for an earlier one stops
        self._ended = False
        self._kept = _Kept()
        self._figures = Figures(0)
        self._thread = threading.Thread(target=self._work, name="lbpsim-lab", daemon=True)
        self._thread.start()

    @property
    def figures(self) -> Figures:
        """What is known now."""
        return self._figures

    def ask(self, study: Study | None) -> None:
        """Simulate this study from now on; None: nothing."""
        with self._news:
            self._asked, self._number = study, self._number + 1
            self._figures = Figures(self._figures.stamp + 1, self._number)
            self._news.notify_all()

    def close(self) -> None:
        """End the work."""
        with self._news:
            self._ended, self._number = True, self._number + 1
            self._news.notify_all()
        self._thread.join()

    def _work(self) -> None:
        number = 0
        with ThreadPoolExecutor(self._workers) as pool, ThreadPoolExecutor(1) as aside:
            while not self._ended:
                with self._news:
                    while self._number == number and not self._ended:
                        self._news.wait()
                    study, number = self._asked, self._number
                if study is not None and not self._ended:
                    self._simulate(_Task(study, self._kept, self._workers, pool, aside), number)

    def _simulate(self, task: _Task, number: int) -> None:
        """Carry out a task as long as nothing else is asked for."""
        try:
            for figures in task.run(lambda: self._number == number):
                self._tell(figures, number)
        except Exception as problem:  # a thread that ends in silence would leave a page that waits for ever
            LOG.exception("The simulation failed")
            self._tell(Figures(0, failed=f"{type(problem).__name__}: {problem}", complete=True), number)

    def _tell(self, figures: Figures, number: int) -> None:
        with self._news:
            if self._number == number:
                self._figures = dataclasses.replace(figures, stamp=self._figures.stamp + 1, study=number)


@dataclass
class _Task:
    """One study to be simulated by a `pool` of `workers`; what concerns no policy is worked out `aside`."""

    study: Study
    kept: _Kept
    workers: int
    pool: ThreadPoolExecutor
    aside: ThreadPoolExecutor

    def run(self, wanted: Callable[[], bool]) -> Iterator[Figures]:
        """Simulate what is not known yet, as long as it is `wanted`; what is known, as it grows."""
        self.started, self.seconds = time.perf_counter(), 0.0
        self.prepared = PreparedStudy(self.study)
        self.sums = self.kept.of([_key(self.study, policy) for policy in self.study.policies])
        if self._done():
            yield self._figures()
        for _ in self._replications(wanted):
            yield self._figures()
        treated = self._treated(wanted)
        if treated is not None:
            yield self._figures(treated)

    def _replications(self, wanted: Callable[[], bool]) -> Iterator[int]:
        """Simulate replications; each as it is finished."""
        done = set(self._done())
        left = [number for number in range(self.prepared.replications) if number not in done]
        running: set[Future[int]] = set()
        while wanted() and (left or running):
            while left and len(running) < self.workers:
                running.add(self.pool.submit(self._replication, left.pop(0)))
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in finished)
        wait(running)

    def _replication(self, number: int) -> int:
        """Simulate a replication under the policies of which it is not known."""
        missing = [place for place, sums in enumerate(self.sums) if number not in sums]
        outputs = self.prepared.simulate_all([self.study.policies[place] for place in missing], number)
        for place, output in zip(missing, outputs, strict=True):
            self.sums[place][number] = output.totals
        return number

    def _done(self) -> list[int]:
        known = self.sums
        return [number for number in range(self.prepared.replications) if all(number in sums for sums in known)]

    def _treated(self, wanted: Callable[[], bool]) -> Treated | None:
        """What treatments come to for people of the study, which no policy changes; None when no longer wanted."""
        key = _key(self.study, self.study.policies[0])
        if wanted() and (self.kept.treated is None or self.kept.treated[0] != key):
            self.kept.treated = key, self.aside.submit(treat_a_thousand, self.study)
        while wanted():
            if self.kept.treated is not None and wait([self.kept.treated[1]], WHILE).done:
                return self.kept.treated[1].result()
        return None

    def _figures(self, treated: Treated | None = None) -> Figures:
        done = self._done()
        if treated is None:
            self.seconds = time.perf_counter() - self.started
        totals = np.array([[sums[number] for number in done] for sums in self.sums])
        results = results_of(self.prepared, totals, 0, COMPILED, self.seconds, done)
        results = dataclasses.replace(results, treated=treated)
        return Figures(
            0,
            results=results,
            done=len(done),
            whole=self.prepared.replications,
            complete=treated is not None,
            seconds=self.seconds,
        )


def _key(study: Study, policy: Policy) -> str:
    """What the sums of a policy depend on, as a short hash."""
    bare = dataclasses.replace(policy, name="policy", title="", description="", file=None)
    usual = study.policies[0]
    alone = dataclasses.replace(study, policies=(usual,) if policy is usual else (usual, bare))
    return hashlib.sha256(json.dumps(alone.resolved(), sort_keys=True, default=str).encode()).hexdigest()
