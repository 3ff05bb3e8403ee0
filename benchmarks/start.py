"""How soon `lbpsim run` lives the first lives, and how long it takes from command to page; all compiled before.

    python -m benchmarks.start

Each run is a process of its own; the best of several is told, for other work on a machine only slows a run down.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import ROLLOUT, ROOT, Measured, write

PEOPLE, REPEATS = 10_000, 3
SCENARIOS = tuple(ROOT / "scenarios" / f"{name}.yaml" for name in ("study", "usual-care", ROLLOUT))
UP_TO_THE_FIRST_LIVES = """
import os
from lbpsim.engine import compiled_engine
lived = compiled_engine.run
def and_end(*given, **named):
    lived(*given, **named)
    os._exit(0)
compiled_engine.run = and_end
from lbpsim.cli import main
main()
"""


def asked(folder: Path) -> list[str]:
    """What is asked of the command line: two policies, few people, no draws."""
    settings = ["--people", str(PEOPLE), "--draws", "0", "--quiet", "--overwrite", "--out", str(folder)]
    return ["run", *map(str, SCENARIOS), *settings]


def seconds(command: list[str]) -> float:
    """The quickest of several runs of a command; raises SystemExit with its complaint if one fails."""

    def once() -> float:
        started = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        return time.perf_counter() - started

    return min(once() for _ in range(REPEATS))


def measured() -> Measured:
    """Seconds to the first replication lived, and from command to page by two processes and by one."""
    with tempfile.TemporaryDirectory() as folder:
        words = asked(Path(folder))
        run = [sys.executable, "-m", "lbpsim.cli", *words]
        seconds(run)  # compiles what is not compiled yet
        return {
            "first_lives": seconds([sys.executable, "-c", UP_TO_THE_FIRST_LIVES, *words]),
            "command_to_page": seconds(run),
            "command_to_page_one": seconds([*run, "--workers", "1"]),
        }


def main() -> None:
    """Measure, print and keep."""
    found = measured()
    print(f"Start to the first replication lived: {found['first_lives']:.1f} s")
    print(f"Command to page, two policies, {PEOPLE:,} people: {found['command_to_page']:.1f} s", end="")
    print(f" ({found['command_to_page_one']:.1f} s with one worker)")
    write("start", found)


if __name__ == "__main__":
    main()
