"""Draws of the parameters, every policy of the study in each: seconds for a few, and so for 1,000.

Example: python -m benchmarks.draws --draws 40 --people 5000
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace

from benchmarks.measuring import Measured, write
from benchmarks.one_run import WARM_UP, study
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.run import run_draws

MANY = 1_000


def measured(draws: int, people: int, workers: int) -> Measured:
    """So many draws; the seconds of 1,000 are reckoned from them, for every draw is as long as the last."""
    asked = study(people, 10, ["all"], 0)
    run_draws(asked, DrawRequest(draws=workers, people=WARM_UP), workers=workers)
    request = DrawRequest(draws=draws, people=people)
    processor = time.process_time()
    done = run_draws(asked, request, workers=workers)
    processor = time.process_time() - processor
    once = run_draws(replace(asked, structure_weights={}), request, workers=workers)
    return {
        "draws": draws,
        "people": people,
        "policies": len(asked.policies),
        "workers": workers,
        "seconds": done.seconds,
        "processor_seconds": processor,
        "seconds_of_many": done.seconds * MANY / draws,
        "seconds_of_many_once": once.seconds * MANY / draws,
    }


def line(found: Measured) -> str:
    """The result for a reader."""
    many, once = (found[name] / 60 for name in ("seconds_of_many", "seconds_of_many_once"))
    return (
        f"{found['draws']} draws of {found['people']:,} people under {found['policies']} policies, {found['workers']} "
        f"threads: {found['seconds']:.1f} s; so {MANY:,} draws {many:.1f} minutes. Each is lived twice, once "
        f"under another structure; lived once, {once:.1f} minutes"
    )


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--people", type=int, default=5_000, help="in each draw")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    found = measured(options.draws, options.people, options.workers)
    write("draws", found)
    print(json.dumps(found) if options.json else line(found))
