"""Sick-Sicker against the clock and against its exact answer. Run from the root of the repository.

Example: python benchmarks/sick_sicker.py --people 100000 --seed 1 --json
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parents[1]))

from lbpsim.engine import compiled_engine
from lbpsim.engine.simpy_engine import SimpyEngine
from lbpsim.verification.models import sick_sicker as model

BLOCK = 4_000  # people in memory at once, and the unit of work of a process
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """What a block of people comes to: costs (AUD) and QALYs person by person, discounted, and events lived."""

    costs: Numbers
    qalys: Numbers
    events: int


@dataclass(frozen=True)
class Timing:
    """The line that is printed. `seconds` is the simulation alone; `preparing` is import and compilation."""

    engine: str
    threads: int
    people: int
    events: int
    seconds: float
    preparing: float
    cost: float
    cost_mcse: float
    cost_exact: float
    qalys: float
    qalys_mcse: float
    qalys_exact: float


def simpy_block(first: int, people: int, inputs: npt.NDArray[Any]) -> Block:
    """Run `people` numbered from `first` on the SimPy engine."""
    persons = model.new_people(people, first)
    totals = np.zeros(model.CHANCES + model.DATES, np.int64)
    engine = SimpyEngine(model.RULES, persons, inputs, totals)
    engine.run()
    return Block(persons["cost"].copy(), persons["qalys"].copy(), engine.events)


def run_simpy(people: int, inputs: npt.NDArray[Any], threads: int) -> tuple[list[Block], float, float]:
    """Blocks in order, seconds of simulation, seconds of preparation. SimPy is Python: `threads` are processes."""
    firsts = range(0, people, BLOCK)
    sizes = [min(BLOCK, people - first) for first in firsts]
    start = time.perf_counter()
    if threads == 1:
        simpy_block(0, 1, inputs)
        ready = time.perf_counter()
        blocks = list(map(simpy_block, firsts, sizes, repeat(inputs)))
        return blocks, time.perf_counter() - ready, ready - start
    with ProcessPoolExecutor(threads, get_context("spawn")) as pool:
        list(pool.map(simpy_block, repeat(0, 4 * threads), repeat(1), repeat(inputs)))
        ready = time.perf_counter()
        blocks = list(pool.map(simpy_block, firsts, sizes, repeat(inputs)))
        return blocks, time.perf_counter() - ready, ready - start


def compiled_block(first: int, people: int, inputs: npt.NDArray[Any]) -> Block:
    """Run `people` numbered from `first` on the compiled engine."""
    persons = model.new_people(people, first)
    totals = np.zeros(model.CHANCES + model.DATES, np.int64)
    lived = compiled_engine.run(model.__name__, persons, inputs, totals)
    return Block(persons["cost"].copy(), persons["qalys"].copy(), lived.events)


def run_compiled(people: int, inputs: npt.NDArray[Any], threads: int) -> tuple[list[Block], float, float]:
    """Blocks in order, seconds of simulation, seconds of preparation."""
    firsts = range(0, people, BLOCK)
    sizes = [min(BLOCK, people - first) for first in firsts]
    start = time.perf_counter()
    compiled_block(0, 1, inputs)
    ready = time.perf_counter()
    if threads == 1:
        blocks = list(map(compiled_block, firsts, sizes, repeat(inputs)))
    else:
        with ThreadPoolExecutor(threads) as pool:
            blocks = list(pool.map(compiled_block, firsts, sizes, repeat(inputs)))
    return blocks, time.perf_counter() - ready, ready - start


Engine = Callable[[int, npt.NDArray[Any], int], tuple[list[Block], float, float]]
ENGINES: dict[str, Engine] = {"simpy": run_simpy, "compiled": run_compiled}


RATES = {
    "r_hs1": "healthy to sick, per year",
    "r_s1h": "sick to healthy, per year",
    "r_s1s2": "sick to sicker, per year",
    "r_hd": "death of the healthy, per year",
    "hr_s1": "hazard ratio of death, sick",
    "hr_s2": "hazard ratio of death, sicker",
}


def timing(options: argparse.Namespace) -> Timing:
    """Run as asked and compare."""
    rates = {name: getattr(options, name) for name in RATES if getattr(options, name) is not None}
    inputs = model.new_inputs(seed=options.seed, **rates)
    blocks, seconds, preparing = ENGINES[options.engine](options.people, inputs, options.threads)
    cost, cost_mcse = mean_and_error(np.concatenate([block.costs for block in blocks]))
    qalys, qalys_mcse = mean_and_error(np.concatenate([block.qalys for block in blocks]))
    cost_exact, qalys_exact = model.exact(inputs)
    return Timing(
        engine=options.engine,
        threads=options.threads,
        people=options.people,
        events=sum(block.events for block in blocks),
        seconds=round(seconds, 4),
        preparing=round(preparing, 4),
        cost=cost,
        cost_mcse=cost_mcse,
        cost_exact=cost_exact,
        qalys=qalys,
        qalys_mcse=qalys_mcse,
        qalys_exact=qalys_exact,
    )


def mean_and_error(sample: Numbers) -> tuple[float, float]:
    """Mean and its Monte Carlo standard error (infinite for one person)."""
    error = float(sample.std(ddof=1)) / math.sqrt(len(sample)) if len(sample) > 1 else math.inf
    return math.fsum(sample) / len(sample), error


def positive(text: str) -> int:
    """A whole number above zero."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero, such as 100000")
    return int(text)


def rate(text: str) -> float:
    """A finite number, not negative."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of zero or more, such as 0.15")
    return value


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=positive, default=100_000)
    parser.add_argument("--seed", type=positive, default=1)
    parser.add_argument("--threads", type=positive, default=1, help="for simpy, processes")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="simpy")
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of text")
    for name, meaning in RATES.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=rate, metavar="RATE", help=meaning)
    return parser


def lines(result: Timing) -> Iterator[str]:
    """The result for a reader."""
    yield f"{result.people:,} people, {result.events:,} events, {result.seconds:.2f} s ({result.engine})"
    yield f"cost   {result.cost:14,.2f} +- {result.cost_mcse:.2f}   exact {result.cost_exact:14,.2f}"
    yield f"QALYs  {result.qalys:14.5f} +- {result.qalys_mcse:.5f}   exact {result.qalys_exact:14.5f}"


if __name__ == "__main__":
    options = arguments().parse_args()
    result = timing(options)
    print(json.dumps(asdict(result)) if options.json else "\n".join(lines(result)))
