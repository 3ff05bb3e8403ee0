"""More than one machine: draws and a run on real Dask workers beside threads, and on many more by replay.

Example: python -m benchmarks.cluster --people 40000 --draws 16
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import cycle, islice
from typing import Any

import numpy as np

from benchmarks.measuring import Measured, in_turns, write
from benchmarks.one_run import WARM_UP, study
from benchmarks.replay import Overhead, replay
from lbpsim.psa import run as psa
from lbpsim.simulation import run
from lbpsim.simulation.run import Job, run_study, units
from lbpsim.simulation.workers import completed, hired
from lbpsim.study import Study

LOOPBACK = "127.0.0.1"
SCHEDULER = ("distributed.cli.dask_scheduler", "--host", LOOPBACK, "--port", "0", "--no-dashboard")
WORKER = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
EMPTY_TASKS, FULL_TASKS = 400, 20
TIMES = 3  # that each unit of a run is timed; the quickest counts
REAL, SIMULATED = (1, 2), (4, 8, 16, 32, 64)  # workers
DRAWS = 1_000  # that are replayed
PLAN = {"draws": 10_000, "policies": 50, "workers": (64, 1_000)}
PLAN_SIZES = (2_000, 20_000)  # people in the draws from which those of the whole country are reckoned


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """A scheduler and so many workers on this machine, each a process of one thread; gives the scheduler's address."""
    with ExitStack() as stack:
        scheduler = stack.enter_context(process(*SCHEDULER))
        address = address_of(scheduler)
        for _ in range(workers):
            stack.enter_context(process("distributed.cli.dask_worker", address, *WORKER))
        with hired(scheduler=address) as pool:
            pool.client.wait_for_workers(workers)  # type: ignore[attr-defined]
        yield address


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[str]]:
    """A Python module that runs beside this one, until it is no longer needed."""
    command = [sys.executable, "-m", *words]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def address_of(scheduler: subprocess.Popen[str]) -> str:
    """Where a scheduler says that it listens; raises SystemExit where it does not."""
    assert scheduler.stderr is not None
    for text in scheduler.stderr:
        if found := re.search(rf"Scheduler at:\s+(tcp://{LOOPBACK}:\d+)", text):
            threading.Thread(target=scheduler.stderr.read, daemon=True).start()  # a full pipe would stop it
            return found[1]
    raise SystemExit("The Dask scheduler did not start: pip install 'lbpsim[cluster]'")


def nothing(_: Job, size: int) -> Any:
    """A task that does nothing and gives back so many bytes."""
    return np.zeros(size, np.uint8)


def spent(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds on the clock, and what came out."""
    started = time.perf_counter()
    done = work()
    return time.perf_counter() - started, done


def overheads(address: str, job: Job, sizes: Measured) -> Measured:
    """Seconds a task on one worker, the study sent along, that does nothing: with results of no size, and of real."""
    with hired(scheduler=address) as pool:

        def each(size: int, tasks: int) -> float:
            return spent(lambda: list(completed(pool, nothing, job, [size] * tasks)))[0] / tasks

        each(0, FULL_TASKS)
        return {"empty": each(0, EMPTY_TASKS), **{name: each(size, FULL_TASKS) for name, size in sizes.items()}}


def on_processor(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of this thread on the processor, and what came out: other work on the machine does not count."""
    started = time.thread_time()
    done = work()
    return time.thread_time() - started, done


def draw_times(asked: Study, draws: int) -> list[float]:
    """Of so many draws, one after the other."""
    return best_times(partial(psa.simulate, Job.of(asked)), range(1, draws + 1), 1)


def unit_times(asked: Study, workers: int) -> list[float]:
    """Of the units into which a run is cut for so many workers, in the order in which they are sent."""
    cut = units(job_size(asked), len(asked.policies), workers)
    return best_times(partial(run.simulate, Job.of(asked)), cut, TIMES)


def best_times(work: Callable[[Any], Any], pieces: Sequence[Any], times: int) -> list[float]:
    """Of each piece, the quickest of several."""
    several = [[on_processor(partial(work, piece))[0] for piece in pieces] for _ in range(times)]
    return [min(each) for each in zip(*several, strict=True)]


def job_size(asked: Study) -> int:
    """Replications of a study."""
    return Job.of(asked).prepared_study.replications


def preparing(asked: Study) -> float:
    """Seconds that a worker's first unit takes longer than the same once more."""
    job, unit = Job.of(asked), units(1, len(asked.policies), 1)[0]
    run._laboratory.cache_clear()
    first, again = (on_processor(partial(run.simulate, job, unit))[0] for _ in range(2))
    return max(first - again, 0.0)


def side_by_side(few: Study, asked: Study, draws: int, repeats: int) -> Measured:
    """Draws and a run on one and two Dask workers and on as many threads here, in turns; events must agree."""

    def by(**who: Any) -> Measured:
        result = run_study(asked, **who)
        made = psa.run_draws(few, psa.DrawRequest(draws=draws, people=int(few.people)), **who)
        return {"run": result.seconds, "draws": made.seconds, "seconds": result.seconds, "events": result.events}

    with ExitStack() as stack:
        who: dict[str, dict[str, Any]] = {f"threads_{number}": {"workers": number} for number in REAL}
        for number in REAL:
            who[f"dask_{number}"] = {"scheduler": stack.enter_context(cluster(number))}
        for each in who.values():  # what is imported and loaded once
            run_study(few, **each)
            psa.run_draws(few, psa.DrawRequest(draws=max(REAL), people=WARM_UP), **each)
        runs = in_turns({name: partial(by, **each) for name, each in who.items()}, repeats)
    if len({found["events"] for found in runs.values()}) > 1:
        raise SystemExit("Dask workers lived through other events than threads here: that is an error")
    return runs


def replayed(draws: list[float], asked: Study, overhead: Measured, ready: float) -> Measured:
    """Speed-up and idle share of draws, of the run as it is, and of a run of the whole country in units as much longer.

    The speed-up of a run counts the work that cutting it finer adds as lost.
    """
    many = list(islice(cycle(draws), DRAWS))
    times = {workers: unit_times(asked, workers) for workers in (1, *SIMULATED)}
    size = Job.of(asked).prepared_study
    once, unit = Overhead(overhead["draw"]), Overhead(overhead["unit"], ready)

    def cut(larger: float) -> list[Measured]:
        long = {workers: [larger * seconds for seconds in several] for workers, several in times.items()}
        return [scaled(long[workers], long[1], workers, unit) for workers in SIMULATED]

    return {
        "draws": [scaled(many, many, workers, once) for workers in SIMULATED],
        "run": cut(1.0),
        "country": cut(size.country.total / size.people),
    }


def scaled(tasks: list[float], alone: list[float], workers: int, overhead: Overhead) -> Measured:
    """What so many workers come to, beside one."""
    found = replay(tasks, workers, overhead)
    return {
        "workers": workers,
        "tasks": len(tasks),
        "seconds": found.seconds,
        "speed_up": replay(alone, 1, overhead).seconds / found.seconds,
        "idle": found.idle,
        "extra_work": sum(tasks) / sum(alone) - 1.0,
    }


def seconds_of_a_draw(repeats: int) -> dict[str, float]:
    """Seconds of a draw, fixed, for a policy, for a person and for each person's policy.

    From draws of two sizes, with one policy and with all.
    """
    means = {}
    for people in PLAN_SIZES:
        for policies in (["usual-care"], ["all"]):
            asked = psa.with_people(study(people, 10, policies, 0), people)
            means[people, len(asked.policies)] = statistics.mean(draw_times(asked, repeats))
    rows = [(1.0, policies, people, people * policies) for people, policies in means]
    solved = np.linalg.solve(np.array(rows, float), np.array(list(means.values())))
    return dict(zip(("fixed", "policy", "person", "person_policy"), map(float, solved), strict=True))


def plan(terms: dict[str, float], cases: float, draw_bytes: float, overhead: float) -> Measured:
    """10,000 draws of 50 policies with the whole country in each, on paper; `draw_bytes`: results of one policy."""
    draws, policies = PLAN["draws"], PLAN["policies"]
    assert isinstance(draws, int) and isinstance(policies, int)
    seconds = (
        terms["fixed"] + terms["policy"] * policies + cases * (terms["person"] + terms["person_policy"] * policies)
    )
    return {
        "draws": draws,
        "policies": policies,
        "cases": cases,
        "seconds_a_draw": seconds,
        "processor_hours": draws * seconds / 3600,
        "result_bytes": draws * policies * draw_bytes,
        "cases_at_once": cases / psa.REPLICATIONS,
        "hours": {
            str(workers): replay([seconds] * draws, workers, Overhead(overhead)).seconds / 3600
            for workers in PLAN["workers"]  # type: ignore[attr-defined]
        },
    }


def measured(people: int, draw_people: int, draws: int, repeats: int) -> Measured:
    """Everything."""
    asked = study(people, 10, ["all"], 0)
    few = psa.with_people(asked, draw_people)
    job = Job.of(asked)
    draw_times(psa.with_people(asked, WARM_UP), 1)  # what is imported and loaded once
    draw, unit = psa.simulate(Job.of(few), 1), run.simulate(job, units(job_size(asked), len(asked.policies), 1)[0])
    sizes = {"draw": len(pickle.dumps(draw)), "unit": len(pickle.dumps(unit))}
    with cluster(1) as address:
        overhead = overheads(address, job, sizes)
    times, ready = draw_times(few, draws), preparing(asked)
    country = job.prepared_study.country.total
    return {
        "people": people,
        "draw_people": draw_people,
        "draws": draws,
        "job_bytes": len(pickle.dumps(job)),
        "result_bytes": sizes,
        "overhead": overhead,
        "preparing": ready,
        "side_by_side": side_by_side(few, asked, draws, repeats),
        "replayed": replayed(times, asked, overhead, ready),
        "plan": plan(seconds_of_a_draw(repeats + 1), country, sizes["draw"] / len(asked.policies), overhead["draw"]),
    }


def lines(found: Measured) -> Iterator[str]:
    """The results for a reader."""
    cost = found["overhead"]
    yield (
        f"A task that does nothing takes {1e3 * cost['empty']:.1f} ms; with a result as large as a draw "
        f"{1e3 * cost['draw']:.1f} ms, as a unit of a run {1e3 * cost['unit']:.0f} ms"
    )
    for name, one in found["side_by_side"].items():
        yield f"  {name:10} run {one['run']:6.2f} s   {found['draws']} draws {one['draws']:6.2f} s"
    for what, several in found["replayed"].items():
        yield f"Replayed: {what}"
        for one in several:
            yield (
                f"  {one['workers']:3} workers  {one['tasks']:5} tasks  {one['seconds']:8.1f} s  "
                f"{one['speed_up']:5.1f} times as fast as one"
                f"  {one['idle']:4.0%} idle  {one['extra_work']:4.0%} more work"
            )
    paper = found["plan"]
    yield (
        f"{paper['draws']:,} draws x {paper['policies']} policies x {paper['cases']:,.0f} people: "
        f"{paper['processor_hours']:,.0f} processor hours; hours by workers {paper['hours']}"
    )


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=40_000, help="of the run")
    parser.add_argument("--draw-people", type=int, default=5_000)
    parser.add_argument("--draws", type=int, default=16)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    found = measured(options.people, options.draw_people, options.draws, options.repeats)
    write("cluster", found)
    print(json.dumps(found) if options.json else "\n".join(lines(found)))
