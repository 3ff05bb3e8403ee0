"""Where the time of the compiled engine goes: the same run with one part of a copy of the package made (almost) free.

Accrual is left out altogether, which changes nobody's life. Random numbers are replaced by a multiplication and two
shifts: other lives, but as many events to within a percent, so seconds per event are compared.

Example: python -m benchmarks.where --people 40000
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.measuring import ROLLOUT, ROOT, Measured, best, child, write

WARM_UP = 200  # people
NEEDED = ("lbpsim", "benchmarks", "scenarios")
Change = tuple[str, str, str]  # file, text, its replacement
CHANGES: dict[str, tuple[Change, ...]] = {
    "whole": (),
    "without accrual": (
        ("lbpsim/pathways/life.py", "    accrual.accrue(person, time, discount_factor, inputs, totals)\n", ""),
    ),
    "with almost free random numbers": (
        ("lbpsim/engine/random_numbers.py", "    for _ in range(ROUNDS):\n", "    for _ in range(1):\n"),
        (
            "lbpsim/engine/random_numbers.py",
            "        c0 = (product_1 >> SHIFT) ^ c1 ^ k0\n",
            "        c0 = ((product_0 + c1 * WEYL_0 + c2 * WEYL_1 + c3) * np.uint64(0xBF58476D1CE4E5B9)) >> SHIFT\n",
        ),
    ),
}


def copied(folder: Path, changes: tuple[Change, ...]) -> Path:
    """A copy of the package with the changes. Raises SystemExit if a text to be changed is no longer there."""
    for part in NEEDED:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text, replacement in changes:
        path = folder / name
        source = path.read_text(encoding="utf-8")
        if text not in source:
            raise SystemExit(f"{name} no longer holds {text.strip()!r}: bring benchmarks/where.py up to date")
        path.write_text(source.replace(text, replacement), encoding="utf-8")
    return folder


def run(folder: Path, people: int) -> Measured:
    """One run of the package in `folder`, one thread."""
    return child("benchmarks.one_run", "--people", people, "--policies", ROLLOUT, cache=folder / "cache", root=folder)


def measured(people: int, repeats: int) -> Measured:
    """Nanoseconds an event: of the whole run, of the engine, and of the engine with parts made free."""
    with tempfile.TemporaryDirectory() as name:
        folders = {part: copied(Path(name) / str(n), changes) for n, (part, changes) in enumerate(CHANGES.items())}
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # compile them side by side
            list(pool.map(lambda folder: run(folder, WARM_UP), folders.values()))
        runs: dict[str, list[Measured]] = {part: [] for part in CHANGES}
        for _ in range(repeats):
            for part, folder in folders.items():
                runs[part].append(run(folder, people))
    fastest = {part: best(several, "engine_seconds") for part, several in runs.items()}
    return {"people": people, "parts": {part: per_event(one) for part, one in fastest.items()}}


def per_event(one: Measured) -> Measured:
    """Nanoseconds an event in the engine and around it."""
    engine = 1e9 * one["engine_seconds"] / one["events"]
    return {"events": one["events"], "engine": engine, "around": 1e9 * one["seconds"] / one["events"] - engine}


def shares(results: Measured) -> Measured:
    """Nanoseconds an event of each part."""
    parts = results["parts"]
    whole = parts["whole"]["engine"]
    accrual = whole - parts["without accrual"]["engine"]
    luck = whole - parts["with almost free random numbers"]["engine"]
    return {
        "accrual of time, costs and health": accrual,
        "random numbers": luck,
        "hazards, finding the next event, its effects, memory, queues": whole - accrual - luck,
        "outside the engine: drawing people, inputs, summing up": parts["whole"]["around"],
    }


def lines(results: Measured) -> Iterator[str]:
    """The results for a reader."""
    split = shares(results)
    yield "Where the time goes (nanoseconds an event, one thread)"
    for part, nanoseconds in split.items():
        yield f"  {part:64}{nanoseconds:8.0f}  {nanoseconds / sum(split.values()):.0%}"


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    results = measured(options.people, options.repeats)
    write("where", results)
    print(json.dumps(results) if options.json else "\n".join(lines(results)))
