"""One run of the full model in this process; prints what it took as one line of JSON. The other benchmarks call it."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.measuring import ROOT
from lbpsim.outcomes.results import Results
from lbpsim.simulation.replication import ENGINES
from lbpsim.simulation.run import run_study
from lbpsim.study import Study, load

KILOBYTE = 1024
LIVED = ("pain_free_years", "low_impact_years", "moderate_impact_years", "high_impact_years")
WARM_UP = 200  # people, so that compiled code is loaded before the clock starts


def study(people: int | str, years: int, policies: list[str], replications: int) -> Study:
    """The shipped study with the policies asked for, "all" for every one; `replications` 0: as shipped."""
    shipped = load([ROOT / "scenarios"])
    chosen = [policy for policy in shipped.policies if policies == ["all"] or policy.name in policies]
    if not chosen:
        raise SystemExit(f"no policy {', '.join(policies)}: there are {', '.join(p.name for p in shipped.policies)}")
    asked = shipped.with_changes(people=people, years=years, replications=replications or None)
    return replace(asked, policies=tuple(chosen))


def peak_memory() -> int:
    """Largest memory this process has held so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE


def watch_engine(engine: str) -> Callable[[], tuple[float, int]]:
    """From now on, time the engine itself; returns a reader of (thread-seconds on the clock, people who entered)."""
    spans: list[tuple[float, int]] = []
    live = ENGINES[engine]

    def timed(people: Any, *rest: Any) -> Any:
        start = time.perf_counter()
        lived = live(people, *rest)
        spans.append((time.perf_counter() - start, len(people)))
        return lived

    ENGINES[engine] = timed  # type: ignore[assignment]
    return lambda: (sum(seconds for seconds, _ in spans), sum(people for _, people in spans))


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """What the run took, and how much was lived through."""
    policies = options.policies.split(",")
    run_study(study(WARM_UP, options.years, policies, 1), engine=options.engine, workers=1)
    asked = study(options.people, options.years, policies, options.replications)
    base, processor = peak_memory(), time.process_time()
    read = watch_engine(options.engine)
    results = run_study(asked, engine=options.engine, workers=options.workers)
    processor = time.process_time() - processor
    engine_seconds, records = read()
    return {
        "engine": options.engine,
        "workers": options.workers,
        "people": results.people,
        "records": records,
        "years": options.years,
        "policies": len(asked.policies),
        "replications": results.replications,
        "events": results.events,
        "seconds": results.seconds,
        "processor_seconds": processor,
        "engine_seconds": engine_seconds,
        "person_years": person_years(results),
        "waiting_at_end": waiting_at_end(results),
        "base_bytes": base,
        "peak_bytes": peak_memory(),
    }


def person_years(results: Results) -> float:
    """Years lived by simulated people under all policies, those who joined later included."""
    rows = results.summary
    national = rows[rows["outcome"].isin(LIVED) & ~rows["discounted"]]["value"].sum()
    return float(national) * results.people / results.country_cases


def waiting_at_end(results: Results) -> float:
    """Simulated people on the list for CFT when the run ends, under all policies: how full the queues are."""
    rows = results.summary
    chosen = rows[(rows["outcome"] == "cft_still_waiting") & ~rows["discounted"]]
    return float(np.nansum(chosen["value"])) * results.people / results.country_cases


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=lambda text: text if text == "all" else int(text), default=10_000)
    parser.add_argument("--engine", choices=sorted(ENGINES), default="compiled")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--replications", type=int, default=0)
    parser.add_argument("--policies", default="cft-rollout", help="names with commas between, or all")
    return parser


if __name__ == "__main__":
    print(json.dumps(measured(arguments().parse_args())))
