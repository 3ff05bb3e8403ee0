"""The full model with full queues: both engines side by side, one thread against two, memory.

Example: python -m benchmarks.full_model --people 400000 --simpy-people 4000
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import partial

from benchmarks.measuring import Measured, full_run, in_turns, write

MEMORY_SIZES = {"compiled": (10_000, 60_000), "simpy": (500, 4_000)}  # people of the two runs compared
ENTRIES = {
    "compiled_2": "compiled, two threads",
    "compiled_1": "compiled, one thread",
    "simpy_1": "SimPy, one process",
}


def rates(run: Measured) -> Measured:
    """The run with its speeds: of the whole run, of the engine alone for each thread, and for each person-year."""
    return {
        **run,
        "events_per_second": run["events"] / run["seconds"],
        "engine_events_per_second": run["events"] / run["engine_seconds"] * run["workers"],
        "events_per_processor_second": run["events"] / run["processor_seconds"],
        "events_per_person_year": run["events"] / run["person_years"],
    }


def speeds(people: int, simpy_people: int, repeats: int) -> Measured:
    """Both engines in turns."""
    measures = {
        "compiled_2": partial(full_run, people=people, engine="compiled", workers=2),
        "compiled_1": partial(full_run, people=people, engine="compiled", workers=1),
        "simpy_1": partial(full_run, people=simpy_people, engine="simpy", workers=1),
    }
    return {name: rates(run) for name, run in in_turns(measures, repeats).items()}


def memory(engine: str) -> Measured:
    """Growth of the process's largest memory between two numbers of people, each in one piece of work."""
    few, many = (
        full_run(people=people, engine=engine, workers=1, years=2, policies=("usual-care", "cft-rollout"), parts=1)
        for people in MEMORY_SIZES[engine]
    )
    growth = many["peak_bytes"] - few["peak_bytes"]
    return {
        "few": few["people"],
        "many": many["people"],
        "bytes_per_person": growth / (many["people"] - few["people"]),
        "bytes_per_record": growth / (many["records"] - few["records"]),
    }


def compared(runs: Measured) -> Measured:
    """The ratios that the targets name."""
    two, one, simpy = runs["compiled_2"], runs["compiled_1"], runs["simpy_1"]
    return {
        "compiled_2_to_simpy": two["events_per_second"] / simpy["events_per_second"],
        "compiled_1_to_simpy": one["events_per_second"] / simpy["events_per_second"],
        "one_thread_of_two": one["events_per_second"] / two["events_per_second"],
        "engine_compiled_2_to_simpy": two["engine_events_per_second"] / simpy["engine_events_per_second"],
    }


def lines(results: Measured) -> Iterator[str]:
    """The results for a reader."""
    yield "Full model, CFT rollout, queues full"
    for name, run in results["speeds"].items():
        yield (
            f"  {ENTRIES[name]:24} {run['people']:>9,} people  {run['events']:>13,} events  {run['seconds']:7.2f} s"
            f"  {run['events_per_second']:>12,.0f} events/s (engine alone {run['engine_events_per_second']:>12,.0f})"
        )
    ratio = results["ratios"]
    alone = f"engine alone {ratio['engine_compiled_2_to_simpy']:.0f}"
    yield f"  two threads to SimPy {ratio['compiled_2_to_simpy']:.0f}, {alone}"
    yield f"  one thread of two {ratio['one_thread_of_two']:.0%}"
    for engine, kept in results["memory"].items():
        yield (
            f"  {engine:10} {kept['bytes_per_record']:8,.0f} bytes a simulated person"
            f" ({kept['bytes_per_person']:,.0f} for each at the start)"
        )


def measured(people: int, simpy_people: int, repeats: int) -> Measured:
    """Everything."""
    runs = speeds(people, simpy_people, repeats)
    return {
        "speeds": runs,
        "ratios": compared(runs),
        "memory": {engine: memory(engine) for engine in MEMORY_SIZES},
    }


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=400_000)
    parser.add_argument("--simpy-people", type=int, default=2_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    results = measured(options.people, options.simpy_people, options.repeats)
    write("full_model", results)
    print(json.dumps(results) if options.json else "\n".join(lines(results)))
