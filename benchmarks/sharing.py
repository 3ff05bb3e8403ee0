"""Lives shared between policies: all of them together against each in full, and what one more policy costs.

Example: python -m benchmarks.sharing --people 400000
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import partial

from benchmarks.measuring import ROLLOUT, Measured, full_run, in_turns, write

EVERY = ("all",)
FEW = ("usual-care", ROLLOUT)
RARE = "surgery-restraint"  # a policy that touches one person in a hundred
DESIGNS = {
    "together": (EVERY, False),
    "in_full": (EVERY, True),
    "few": (FEW, False),
    "few_and_rare": ((*FEW, RARE), False),
    "rare_in_full": ((RARE,), True),
}

WHOLE, SHORT = ("together", "in_full"), 3  # of the others a small difference is told: so more runs, times as many


def measured(people: int, repeats: int) -> Measured:
    """The best of several of each design, in turns, on two threads, with the ratios that matter."""
    turns = {
        name: partial(full_run, people=people, engine="compiled", workers=2, policies=policies, in_full=in_full)
        for name, (policies, in_full) in DESIGNS.items()
    }
    whole, short = ({name: turns[name] for name in turns if (name in WHOLE) == is_whole} for is_whole in (True, False))
    runs = in_turns(whole, repeats) | in_turns(short, SHORT * repeats)
    if runs["together"]["events"] != runs["in_full"]["events"]:
        raise SystemExit("Policies live through other events together than each in full: that is an error")
    return {"runs": runs, "ratios": compared(runs)}


def compared(runs: Measured) -> Measured:
    """How many times faster policies are together; what the rare one adds, as shares of living it in full."""
    together, in_full, alone = runs["together"], runs["in_full"], runs["rare_in_full"]
    added = {key: runs["few_and_rare"][key] - runs["few"][key] for key in ("processor_seconds", "lived_events")}
    return {
        "faster": in_full["seconds"] / together["seconds"],
        "faster_on_processors": in_full["processor_seconds"] / together["processor_seconds"],
        "fewer_events": in_full["lived_events"] / together["lived_events"],
        "effective_per_second": together["events"] / together["seconds"],
        "lived_per_second": together["lived_events"] / together["seconds"],
        "in_full_per_second": in_full["events"] / in_full["seconds"],
        "added_cost": added["processor_seconds"] / alone["processor_seconds"],
        "added_events": added["lived_events"] / alone["events"],
    }


def lines(results: Measured) -> Iterator[str]:
    """The results for a reader."""
    ratio, run = results["ratios"], results["runs"]["together"]
    yield f"{run['policies']} policies of {run['people']:,} people, two threads"
    yield f"  together {ratio['faster']:.2f} times faster than each in full"
    yield f"  {ratio['fewer_events']:.2f} times fewer events"
    yield f"  {ratio['effective_per_second']:,.0f} effective events/s, {ratio['lived_per_second']:,.0f} lived events/s"
    yield f"  each in full {ratio['in_full_per_second']:,.0f} events/s"
    yield f"  {RARE} adds {ratio['added_cost']:.1%} of a full policy's time, {ratio['added_events']:.2%} of its events"


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=400_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    results = measured(options.people, options.repeats)
    write("sharing", results)
    print(json.dumps(results) if options.json else "\n".join(lines(results)))
