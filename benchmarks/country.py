"""Every Australian adult with chronic low back pain, ten years: seconds and memory.

Example: python -m benchmarks.country --policies one
"""

from __future__ import annotations

import argparse
import json
import os
from functools import partial

from benchmarks.measuring import ROLLOUT, Measured, full_run, read, write

GIGABYTE = 1e9
POLICIES = {"one": f"usual-care,{ROLLOUT}", "all": "all"}  # one policy beside the comparator, and every one


def measured(people: int | str, policies: str, workers: int) -> Measured:
    """One run, apart; what each person in flight takes of memory is told by a second run with a tenth of the people."""
    asked = partial(full_run, engine="compiled", workers=workers, policies=policies.split(","))
    run = asked(people=people)
    tenth = asked(people=run["people"] // 10)
    grown = run["peak_bytes"] - tenth["peak_bytes"]
    return {**run, "bytes_in_flight": grown / (run["in_flight"] - tenth["in_flight"])}


def line(run: Measured) -> str:
    """The run for a reader."""
    return (
        f"  {run['policies']} policies, {run['people']:,} people, {run['years']} years: {run['events']:,} events, "
        f"{run['lived_events']:,} of them lived, in {run['seconds']:.1f} s; {run['peak_bytes'] / GIGABYTE:.2f} GB, "
        f"{run['bytes_in_flight']:,.0f} bytes a person in flight"
    )


def kept(runs: Measured) -> Measured:
    """The runs, beside those measured earlier with other policies."""
    try:
        earlier = read("country")["runs"]
    except SystemExit:
        earlier = {}
    return {"runs": {**earlier, **runs}}


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", default="all", help="a number, or all")
    parser.add_argument("--policies", choices=sorted(POLICIES), nargs="+", default=list(POLICIES))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    runs = {name: measured(options.people, POLICIES[name], options.workers) for name in options.policies}
    write("country", kept(runs))
    print(json.dumps(runs) if options.json else "\n".join(["The whole country", *map(line, runs.values())]))
