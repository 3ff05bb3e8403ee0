"""How time and memory grow with people, years, policies and threads, one at a time.

Example: python -m benchmarks.growth --people 20000
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from benchmarks.measuring import ROLLOUT, Measured, full_run, in_turns, write

PEOPLE_FACTORS = (1, 4, 16)
YEARS = (5, 10, 20)
POLICIES = ((ROLLOUT,), ("usual-care", ROLLOUT), ("usual-care", ROLLOUT, "cft-first", "opioid-expansion"))
THREADS = (1, 2)
AXES = ("people", "years", "policies", "workers")


def designs(people: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Axis and settings of each run; the first of each axis is the point from which it grows."""
    base = {"people": people, "engine": "compiled", "workers": 2}
    yield from (("people", base | {"people": people * factor}) for factor in PEOPLE_FACTORS)
    yield from (("years", base | {"people": 4 * people, "years": years}) for years in YEARS)
    yield from (("policies", base | {"people": 4 * people, "policies": policies}) for policies in POLICIES)
    yield from (("workers", base | {"people": 16 * people, "workers": threads}) for threads in THREADS)


def measured(people: int, repeats: int) -> Measured:
    """Best of several runs of each design, by axis."""
    plan = {f"{axis}-{n}": (axis, settings) for n, (axis, settings) in enumerate(designs(people))}
    runs = in_turns({name: partial(full_run, **settings) for name, (_, settings) in plan.items()}, repeats)
    return {axis: [runs[name] for name, (one, _) in plan.items() if one == axis] for axis in AXES}


def lines(results: Measured) -> Iterator[str]:
    """The results for a reader: how much more, against how much longer."""
    for axis in AXES:
        first = results[axis][0]
        yield f"Growth with {axis}"
        for run in results[axis]:
            yield (
                f"  {run[axis]:>9,} {axis:9} {run['events']:>13,} events  {run['seconds']:7.2f} s"
                f"  x{run['seconds'] / first['seconds']:.2f}  {run['peak_bytes'] / 1e6:,.0f} MB"
            )


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=25_000, help="of the smallest run")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    results = measured(options.people, options.repeats)
    write("growth", results)
    print(json.dumps(results) if options.json else "\n".join(lines(results)))
