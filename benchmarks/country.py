"""Every Australian adult with chronic low back pain, ten years: seconds and memory.

Example: python -m benchmarks.country --policies all
"""

from __future__ import annotations

import argparse
import json
import os

from benchmarks.measuring import ROLLOUT, Measured, full_run, read, write

GIGABYTE = 1e9


def measured(people: int | str, policies: str, workers: int) -> Measured:
    """One run, apart."""
    return full_run(people=people, engine="compiled", workers=workers, policies=policies.split(","))


def line(run: Measured) -> str:
    """The run for a reader."""
    return (
        f"  {run['policies']} policies, {run['people']:,} people, {run['years']} years: {run['events']:,} events in "
        f"{run['seconds']:.1f} s, {run['peak_bytes'] / GIGABYTE:.2f} GB, {run['events'] / run['seconds']:,.0f} events/s"
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
    parser.add_argument("--policies", default=ROLLOUT, help="names with commas between, or all")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    run = measured(options.people, options.policies, options.workers)
    write("country", kept({"all" if options.policies == "all" else "one": run}))
    print(json.dumps(run) if options.json else f"The whole country\n{line(run)}")
