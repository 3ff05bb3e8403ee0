"""Sick-Sicker on this package, on other libraries in their own idiom, and in C, each against the exact answer.

Example: python -m benchmarks.sick_sicker_field --only lbpsim_compiled,c --repeats 5
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks import field_models, sick_sicker
from benchmarks.field_models import Sample
from benchmarks.measuring import Measured, in_turns, write
from lbpsim.verification.models import sick_sicker as model

SOURCE = Path(__file__).parent / "sick_sicker.c"
SEED = 1
TOLERANCE = 5.0  # Monte Carlo standard errors between a mean and its exact value


@dataclass(frozen=True)
class Entry:
    """One row: `title` for readers, `people` suited to its speed, `run` (people to results), what it `needs`."""

    title: str
    people: int
    run: Callable[[int], Measured]
    needs: str = ""


def judged(costs: tuple[float, float], qalys: tuple[float, float]) -> Measured:
    """Means with errors beside the exact values, and whether they agree."""
    exact_cost, exact_qalys = model.exact(model.new_inputs())
    off_cost, off_qalys = (costs[0] - exact_cost) / costs[1], (qalys[0] - exact_qalys) / qalys[1]
    return {
        "cost": costs[0],
        "qalys": qalys[0],
        "cost_off_by_errors": off_cost,
        "qalys_off_by_errors": off_qalys,
        "right": max(abs(off_cost), abs(off_qalys)) < TOLERANCE,
    }


def own(engine: str, people: int) -> Measured:
    """This package's engine, on one thread or in one process."""
    blocks, seconds, _ = sick_sicker.ENGINES[engine](people, model.new_inputs(seed=SEED), 1)
    costs = sick_sicker.mean_and_error(np.concatenate([block.costs for block in blocks]))
    qalys = sick_sicker.mean_and_error(np.concatenate([block.qalys for block in blocks]))
    events = sum(block.events for block in blocks)
    return {"people": people, "events": events, "seconds": seconds, **judged(costs, qalys)}


def other(library: Callable[[int, int], Sample], people: int) -> Measured:
    """A library of the field."""
    sample = library(people, SEED)
    costs, qalys = sick_sicker.mean_and_error(sample.costs), sick_sicker.mean_and_error(sample.qalys)
    return {"people": people, "events": sample.events, "seconds": sample.seconds, **judged(costs, qalys)}


def in_c(people: int) -> Measured:
    """The loop in C, compiled here and now."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "sick_sicker"
        subprocess.run(["gcc", "-O3", str(SOURCE), "-o", str(program), "-lm"], check=True)
        said = json.loads(subprocess.check_output([str(program), str(people), str(SEED)], text=True))
    means = judged((said["cost"], said["cost_mcse"]), (said["qalys"], said["qalys_mcse"]))
    return {"people": said["people"], "events": said["events"], "seconds": said["seconds"], **means}


ENTRIES = {
    "c": Entry("C, a plain loop (gcc -O3)", 4_000_000, in_c, "gcc"),
    "lbpsim_compiled": Entry("lbpsim, compiled, one thread", 4_000_000, partial(own, "compiled")),
    "numpy": Entry("NumPy, everybody at once", 1_000_000, partial(other, field_models.lockstep)),
    "plain_simpy": Entry("SimPy, a process a person", 10_000, partial(other, field_models.plain_simpy)),
    "lbpsim_simpy": Entry("lbpsim, SimPy", 5_000, partial(own, "simpy")),
    "heormodel": Entry("heormodel, continuous time", 200_000, partial(other, field_models.heormodel), "heormodel"),
    "ciw": Entry("Ciw, states as nodes", 1_000, partial(other, field_models.ciw), "ciw"),
    "salabim": Entry("salabim, a component a person", 3_000, partial(other, field_models.salabim), "salabim"),
}


def missing(entry: Entry) -> bool:
    """Whether what the entry needs is not there."""
    return bool(entry.needs) and not shutil.which(entry.needs) and importlib.util.find_spec(entry.needs) is None


def measured(names: list[str], repeats: int, share: float = 1.0) -> Measured:
    """The best of several runs of each entry, in turns; `share` of the usual numbers of people."""
    there = [name for name in names if not missing(ENTRIES[name])]
    turns = {name: partial(ENTRIES[name].run, max(int(ENTRIES[name].people * share), 40)) for name in there}
    runs = in_turns(turns, repeats)
    return {
        "entries": {
            name: {"title": ENTRIES[name].title, **run, "events_per_second": run["events"] / run["seconds"]}
            for name, run in runs.items()
        },
        "missing": [name for name in names if name not in there],
    }


def lines(results: Measured) -> Iterator[str]:
    """The results for a reader, each beside the compiled engine of this package where that was run."""
    entries = results["entries"]
    base = entries.get("lbpsim_compiled", {}).get("events_per_second")
    yield "Sick-Sicker, one core, 60 years"
    for run in entries.values():
        ratio = f"{run['events_per_second'] / base:9.5f} of lbpsim compiled" if base else ""
        verdict = "right" if run["right"] else "WRONG"
        speed = f"{run['people']:>10,} people {run['events_per_second']:>14,.0f} events/s"
        yield f"  {run['title']:32}{speed} {ratio}  {verdict}"
    for name in results["missing"]:
        yield f"  {ENTRIES[name].title}: not run, {ENTRIES[name].needs} is not installed"


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", default=",".join(ENTRIES), help="names with commas between")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--share", type=float, default=1.0, help="of the usual numbers of people")
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    if unknown := set(options.only.split(",")) - set(ENTRIES):
        raise SystemExit(f"--only: no entry {', '.join(sorted(unknown))}; there are {', '.join(ENTRIES)}")
    results = measured(options.only.split(","), options.repeats, options.share)
    write("sick_sicker_field", results)
    print(json.dumps(results) if options.json else "\n".join(lines(results)))
    if wrong := [run["title"] for run in results["entries"].values() if not run["right"]]:
        raise SystemExit(f"far from the exact answer: {', '.join(wrong)}")
