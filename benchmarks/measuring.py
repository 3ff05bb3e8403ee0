"""How everything here is measured: each run in a process of its own, the best of several, memory as the system sees it.

The parent imports nothing heavy: what a child inherits would count as its memory.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "outputs" / "benchmarks"
ROLLOUT = "cft-rollout"  # the policy with which everything is measured: its waiting list is full

Measured = dict[str, Any]


def child(module: str, *arguments: object, cache: Path | None = None, root: Path = ROOT) -> Measured:
    """Run a module in a process of its own and read the JSON on its last line; `cache`: a folder for compiled code,
    `root`: where the package lies that is measured.

    Adds `process_seconds`, from start to end of the process. Raises SystemExit with its complaint if it fails.
    """
    environment = {**os.environ, "PYTHONPATH": str(root)}
    if cache is not None:
        environment["LBPSIM_CACHE"] = str(cache)
    command = [sys.executable, "-m", module, *map(str, arguments)]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:])} failed:\n{done.stderr}")
    result: Measured = json.loads(done.stdout.splitlines()[-1])
    return {**result, "process_seconds": time.perf_counter() - start}


def full_run(
    *,
    people: int | str,
    engine: str,
    workers: int,
    years: int = 10,
    policies: Sequence[str] = (ROLLOUT,),
    parts: int = 0,
    in_full: bool = False,
) -> Measured:
    """The full model, run apart; `parts`: independent replications, by default as in study.yaml; `in_full`: policies
    share no lives.
    """
    asked = ["--people", people, "--engine", engine, "--workers", workers, "--years", years, "--replications", parts]
    asked += ["--policies", ",".join(policies), *(["--in-full"] if in_full else [])]
    return child("benchmarks.one_run", *asked)


def best(runs: Sequence[Measured], by: str = "seconds") -> Measured:
    """The quickest run, with how many there were and the slowest: on a shared machine the quickest says most."""
    return {**min(runs, key=lambda run: run[by]), "repeats": len(runs), "slowest": max(run[by] for run in runs)}


def in_turns(measures: Mapping[str, Callable[[], Measured]], repeats: int) -> dict[str, Measured]:
    """The best of several of each, taken in turns, so that other work on the machine hits all alike."""
    runs: dict[str, list[Measured]] = {name: [] for name in measures}
    for _ in range(repeats):
        for name, measure in measures.items():
            runs[name].append(measure())
    return {name: best(several) for name, several in runs.items()}


def machine() -> str:
    """Cores and processor, in words."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{os.cpu_count()} cores, {names[0] if names else platform.processor()}"


def write(name: str, results: Measured) -> Path:
    """Keep the results as outputs/benchmarks/`name`.json."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    stamped = {"machine": machine(), "python": platform.python_version(), **results}
    path.write_text(json.dumps(stamped, indent=2) + "\n", encoding="utf-8")
    return path


def read(name: str) -> Measured:
    """Results kept earlier. Raises SystemExit if there are none."""
    path = RESULTS / f"{name}.json"
    if not path.exists():
        raise SystemExit(f"{path.relative_to(ROOT)} is missing: run python -m benchmarks.{name} first")
    kept: Measured = json.loads(path.read_text(encoding="utf-8"))
    return kept
