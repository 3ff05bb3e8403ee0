"""This version beside an earlier commit, on this machine, in turns; needs the history of the repository.

Example: python -m benchmarks.earlier --commit 92885e4
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.measuring import ROLLOUT, ROOT, Measured, child, in_turns, write
from benchmarks.where import NEEDED

COMMIT = "92885e4"  # before lives were shared
POLICIES = {"rollout": ROLLOUT, "all": "all"}


def taken_out(commit: str, folder: Path) -> Path:
    """The package as of a commit, in a folder. Raises SystemExit where there is no such commit here."""
    done = subprocess.run(["git", "archive", commit, *NEEDED], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"{commit} is not in the history here: {done.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def measured(commit: str, people: dict[str, int], repeats: int) -> Measured:
    """The best of several runs of the rollout, and of all policies, then and now, with the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        roots = {"then": taken_out(commit, Path(folder)), "now": ROOT}
        turns = {
            f"{policies}_{when}": partial(run, root, POLICIES[policies], people[policies])
            for policies in POLICIES
            for when, root in roots.items()
        }
        runs = in_turns(turns, repeats)
    faster = {name: runs[f"{name}_then"]["seconds"] / runs[f"{name}_now"]["seconds"] for name in POLICIES}
    return {"commit": commit, "runs": runs, "faster": faster}


def run(root: Path, policies: str, people: int) -> Measured:
    """One run of the package in `root`, two threads."""
    return child("benchmarks.one_run", "--people", people, "--workers", 2, "--policies", policies, root=root)


def lines(results: Measured) -> Iterator[str]:
    """The results for a reader."""
    yield f"Beside commit {results['commit']}, two threads"
    for name, run in results["runs"].items():
        speed = run["events"] / run["seconds"]
        yield f"  {name:14}{run['people']:>9,} people  {run['seconds']:7.2f} s  {speed:>12,.0f} events/s"
    for name, faster in results["faster"].items():
        yield f"  {name}: {faster:.2f} times faster"


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--commit", default=COMMIT)
    parser.add_argument("--people", type=int, default=400_000, help="of the run of the rollout")
    parser.add_argument("--people-of-all", type=int, default=50_000, help="of the run of all policies")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    sizes = {"rollout": options.people, "all": options.people_of_all}
    results = measured(options.commit, sizes, options.repeats)
    write("earlier", results)
    print(json.dumps(results) if options.json else "\n".join(lines(results)))
