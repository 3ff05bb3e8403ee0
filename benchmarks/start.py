"""How soon `lbpsim run` lives the first lives, how long it takes from command to page, and how long the rules compile.

    python -m benchmarks.start            # --whole adds the shipped study with the draws that a run makes by itself

Each run is a process of its own; the best of several is told, for other work on a machine only slows a run down.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks.measuring import ROLLOUT, ROOT, Measured, in_turns, write
from lbpsim.psa.draw_request import USUAL_DRAWS

PEOPLE, FEW_PEOPLE, REPEATS = 10_000, 60, 2
SCENARIOS = tuple(str(ROOT / "scenarios" / f"{name}.yaml") for name in ("study", "usual-care", ROLLOUT))
MARK = "the first lives are lived"
SAYS_WHEN_LIVED = f"""
from lbpsim.engine import compiled_engine
live = compiled_engine.run
def live_and_say(*given, **named):
    lived = live(*given, **named)
    print({MARK!r}, flush=True)
    return lived
compiled_engine.run = live_and_say
from lbpsim.cli import main
main()
"""


def asked(folder: str, people: int = PEOPLE) -> list[str]:
    """What is asked of the command line: two policies, few people, no draws."""
    return ["run", *SCENARIOS, "--people", str(people), "--draws", "0", "--quiet", "--overwrite", "--out", folder]


def command(words: Sequence[str], cache: str | None = None) -> Measured:
    """One run from command to page; `cache`: a folder for compiled code. Raises SystemExit with its complaint."""
    environment = {**os.environ, **({"LBPSIM_CACHE": cache} if cache is not None else {})}
    started, used = time.perf_counter(), children_seconds()
    done = subprocess.run(
        [sys.executable, "-m", "lbpsim.cli", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return {"seconds": time.perf_counter() - started, "processor_seconds": children_seconds() - used}


def children_seconds() -> float:
    """Processor time of all processes that this one has started and that have ended; what these have started and not
    waited for, as those that write the report, is left out.
    """
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def first_lives(words: Sequence[str]) -> Measured:
    """One run until the first replication has been lived; then it is ended, with the processes it has started."""
    started, used = time.perf_counter(), children_seconds()
    process = subprocess.Popen(
        [sys.executable, "-c", SAYS_WHEN_LIVED, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = any(MARK in text for text in process.stdout)
    seconds = time.perf_counter() - started
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if not said:
        raise SystemExit(f"lbpsim {' '.join(words)} lived no lives")
    return {"seconds": seconds, "processor_seconds": children_seconds() - used}


def measured(whole: bool, repeats: int = REPEATS) -> Measured:
    """Seconds: first ever with everything to be compiled, to the first lives, to the page, and of the whole study."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        few, words = asked(folder, FEW_PEOPLE), asked(folder)
        compiling = command(few, cache)
        turns = {
            "first_lives": partial(first_lives, words),
            "few": partial(command, few),
            "page": partial(command, words),
            "page_one": partial(command, [*words, "--workers", "1"]),
            "page_alone": partial(command, [*words, "--workers", "1", "--no-charts"]),
        }
        command(few)  # compiles what is not compiled yet
        runs = in_turns(turns, repeats)
        shipped = ["run", str(ROOT / "scenarios"), "--quiet", "--overwrite", "--out", folder]
        study = {**command(shipped), "draws": USUAL_DRAWS} if whole else None
    return {
        "people": PEOPLE,
        "first_ever": compiling["seconds"],
        "compiling_on_processors": compiling["processor_seconds"] - runs["few"]["processor_seconds"],
        "whole_study": study,
        **runs,
    }


def lines(found: Measured) -> Iterator[str]:
    """The results for a reader."""
    compiling = found["first_ever"] - found["few"]["seconds"]
    yield f"First run ever, {FEW_PEOPLE} people: {found['first_ever']:.1f} s, {compiling:.1f} s of it to compile"
    yield f"Start to the first replication lived: {found['first_lives']['seconds']:.1f} s"
    yield (
        f"Command to page, two policies, {PEOPLE:,} people: {found['page']['seconds']:.1f} s "
        f"({found['page_one']['seconds']:.1f} s with one worker; without files of charts, "
        f"{found['page_alone']['processor_seconds']:.1f} s of one processor)"
    )
    if found["whole_study"]:
        yield f"The shipped study with the draws of a run: {found['whole_study']['seconds']:.0f} s"


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--whole", action="store_true", help="run the shipped study too, with its draws")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


if __name__ == "__main__":
    options = arguments().parse_args()
    found = measured(options.whole, options.repeats)
    write("start", found)
    print(json.dumps(found) if options.json else "\n".join(lines(found)))
