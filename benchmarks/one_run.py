"""One run of the full model in this process; prints what it took as one line of JSON. The other benchmarks call it."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from benchmarks.measuring import ROOT
from lbpsim.engine import compiled_engine
from lbpsim.outcomes.results import Results
from lbpsim.simulation import shared_lives
from lbpsim.simulation.engines import ENGINES
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import run_study
from lbpsim.study import Policy, Study, load

KILOBYTE = 1024
LIVED = ("pain_free_years", "low_impact_years", "moderate_impact_years", "high_impact_years")
TRUNK_EVENTS = 6  # place of the events among what `shared_template.run` is given
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


@dataclass
class EngineWatch:
    """What the engine has done since it is watched: (thread-seconds on the clock, events) of each call, and how many
    people each replication has. From the shared part of lives comes what they are lived for all policies at once.
    """

    calls: list[tuple[float, int]] = field(default_factory=list)
    people: dict[int, int] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Of all threads together."""
        return sum(seconds for seconds, _ in self.calls)

    @property
    def events(self) -> int:
        """Events that were lived through, each once, for however many policies."""
        return sum(events for _, events in self.calls)


def watch_engine(engine: str) -> EngineWatch:
    """From now on, keep account of the engine."""
    watch = EngineWatch()
    live, draw = ENGINES[engine], PreparedStudy._drawn_blocks
    shared = compiled_engine.bind(shared_lives.MODEL, "shared_template")
    live_trunk = shared.run

    def timed(*given: Any) -> Any:
        start = time.perf_counter()
        lived = live(*given)
        watch.calls.append((time.perf_counter() - start, lived.events))
        return lived

    def timed_trunk(*given: Any) -> Any:
        before, start = int(given[TRUNK_EVENTS].sum()), time.perf_counter()
        row = live_trunk(*given)
        watch.calls.append((time.perf_counter() - start, int(given[TRUNK_EVENTS].sum()) - before))
        return row

    def counted(study: PreparedStudy, number: int) -> Any:
        watch.people[number] = 0
        for block in draw(study, number):
            watch.people[number] += len(block)
            yield block

    ENGINES[engine] = timed  # type: ignore[assignment]
    shared.run = timed_trunk  # type: ignore[attr-defined]
    PreparedStudy._drawn_blocks = counted  # type: ignore[method-assign]
    return watch


def live_every_policy_in_full() -> None:
    """From now on, share no lives between policies."""

    def simulate_each(study: PreparedStudy, policies: Sequence[Policy], number: int, **how: Any) -> Any:
        return [study.simulate(policy, number, **how) for policy in policies]

    PreparedStudy.simulate_all = simulate_each  # type: ignore[assignment]


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """What the run took, and how much was lived through."""
    policies = options.policies.split(",")
    if options.in_full:
        live_every_policy_in_full()
    run_study(study(WARM_UP, options.years, policies, 1), engine=options.engine, workers=1)
    asked = study(options.people, options.years, policies, options.replications)
    base, processor = peak_memory(), time.process_time()
    watch = watch_engine(options.engine)
    results = run_study(asked, engine=options.engine, workers=options.workers)
    processor = time.process_time() - processor
    peak = peak_memory()
    in_flight = max(watch.people.values()) * min(options.workers, results.replications)
    return {
        "engine": options.engine,
        "workers": options.workers,
        "people": results.people,
        "records": sum(watch.people.values()),
        "years": options.years,
        "policies": len(asked.policies),
        "replications": results.replications,
        "events": results.events,
        "lived_events": watch.events,
        "seconds": results.seconds,
        "processor_seconds": processor,
        "engine_seconds": watch.seconds,
        "person_years": person_years(results),
        "waiting_at_end": waiting_at_end(results),
        "base_bytes": base,
        "peak_bytes": peak,
        "in_flight": in_flight,
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
    parser.add_argument("--in-full", action="store_true", help="share no lives between policies")
    parser.add_argument("--policies", default="cft-rollout", help="names with commas between, or all")
    return parser


if __name__ == "__main__":
    print(json.dumps(measured(arguments().parse_args())))
