"""A full search for the best policy: the shipped rollout within a budget, a workforce, a wait and no fifth worse off.

Example: python -m benchmarks.optimum
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from benchmarks.measuring import Measured, write
from lbpsim.optimisation.hunt import optimise
from lbpsim.optimisation.question import question
from lbpsim.study import load

SCENARIOS = Path(__file__).parents[1] / "scenarios"
GOAL, POLICY = "net-health-benefit", "cft-rollout"
WITHIN = (
    *("budget.government: AUD 60 million per year", "physiotherapists: 2000", "wait: 26 weeks"),
    "fifths: none_worse_off",
)


def measured(workers: int) -> Measured:
    """One search at the size that ships."""
    asked = question(load(SCENARIOS).to_the_horizon, GOAL, WITHIN, policy=POLICY)
    processor = time.process_time()
    found = optimise(asked, workers=workers)
    processor = time.process_time() - processor
    return {
        "policies": found.trials,
        "levers": len(asked.space.levers),
        "limits": len(asked.limits),
        "workers": workers,
        "seconds": found.seconds,
        "processor_seconds": processor,
    }


def line(found: Measured) -> str:
    """The result for a reader."""
    return (
        f"The best policy within {found['limits']} limits by {found['levers']} levers, {found['policies']} policies "
        f"tried, {found['workers']} threads: {found['seconds'] / 60:.1f} minutes"
    )


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    found = measured(options.workers)
    write("optimum", found)
    print(json.dumps(found) if options.json else line(found))
