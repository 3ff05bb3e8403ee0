"""How time and memory of `lbpsim run` grow with the number of policies, tables, charts and page included.

Example: python -m benchmarks.many --policies 10 50 200
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import ROOT, Measured, write

STUDY = """\
name: many
title: A study of many policies
description: Variants of the CFT rollout, by how soon it is offered, to how many, and how many are trained.
country: Australia
comparator: usual-care
start: 2026-01-01
years: {years}
people: {people}
replications: 20
seed: 20250805
perspective: societal
discount_rate: 5% per year
thresholds: [AUD 28033 per QALY, AUD 50000 per QALY]
price_year: 2024
"""
USUAL_CARE = """\
title: Usual care goes on
description: Today's mix of care, at today's rates.
"""
VARIANT = """\
title: CFT to {share}% with {places} trained a year
description: CFT is offered to {share}% of those eligible, by {places} physiotherapists trained each year.
cft:
  offered: {{2026-07-01: 5%, 2028-01-01: {share}%}}
  training_places: {{2026: {places}, 2027: {places}, 2028: {places}}}
"""
SHARES, FEWEST_PLACES, MORE_PLACES = (10, 20, 30, 40, 50, 60, 70, 80, 90, 100), 100, 60


def write_study(folder: Path, *, policies: int, people: int, years: int) -> None:
    """A study of usual care and variants of the rollout, no two alike, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(STUDY.format(people=people, years=years), encoding="utf-8")
    (folder / "usual-care.yaml").write_text(USUAL_CARE, encoding="utf-8")
    for n in range(policies - 1):
        share, places = SHARES[n % len(SHARES)], FEWEST_PLACES + MORE_PLACES * (n // len(SHARES))
        variant = VARIANT.format(share=share, places=places)
        (folder / f"cft-{share}-{places}.yaml").write_text(variant, encoding="utf-8")


def run_many(
    folder: Path, *, policies: int, people: int = 500, years: int = 3, options: Sequence[str] = ()
) -> Measured:
    """Run a study of so many policies in a process of its own; what it took, and the size of what it wrote.

    Raises SystemExit with its complaint if it fails.
    """
    write_study(folder / "study", policies=policies, people=people, years=years)
    outputs = folder / "outputs"
    command = [
        sys.executable,
        "-m",
        "lbpsim.cli",
        "run",
        str(folder / "study"),
        "--draws",
        "0",
        "--out",
        str(outputs),
        *options,
    ]
    start = time.perf_counter()
    with (folder / "said").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command[1:])} failed:\n{said.read()}")
    return {
        "policies": policies,
        "seconds": time.perf_counter() - start,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_bytes": peak_bytes(used),
        "page_bytes": (outputs / "report.html").stat().st_size,
        "outputs_bytes": sum(file.stat().st_size for file in outputs.rglob("*") if file.is_file()),
    }


def peak_bytes(used: resource.struct_rusage) -> int:
    """The most memory that a process or one of its children held at once; the system counts in kilobytes on Linux."""
    return used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def measured(sizes: Sequence[int], people: int, options: Sequence[str]) -> Measured:
    """A run of each number of policies, and how each compares with the first."""
    runs = []
    for policies in sizes:
        with tempfile.TemporaryDirectory() as folder:
            runs.append(run_many(Path(folder), policies=policies, people=people, options=options))
    return {"runs": [{**run, **_ratios(run, runs[0])} for run in runs], "load": os.getloadavg()[0]}


def _ratios(run: Measured, first: Measured) -> Measured:
    kinds = ("policies", "cpu_seconds", "peak_bytes", "page_bytes", "outputs_bytes")
    return {"times_the_first": {kind: round(run[kind] / first[kind], 2) for kind in kinds}}


def main() -> None:
    """Measure, keep and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--policies", type=int, nargs="+", default=[10, 50, 200], help="sizes of the study")
    asked.add_argument("--people", type=int, default=500, help="people simulated in each policy")
    asked.add_argument("--draws", type=int, default=0, help="draws of the parameters, of 100 people each")
    given = asked.parse_args()
    options = ["--draws", str(given.draws), "--draw-people", "100"] if given.draws else []
    results = measured(given.policies, given.people, options)
    print(json.dumps(results, indent=2), f"kept in {write('many', results)}", sep="\n")


if __name__ == "__main__":
    main()
