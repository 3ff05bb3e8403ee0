"""The engine compiled by a second process, where nothing is compiled yet: `python -m lbpsim.simulation.compile_engine`.

The process that simulates needs histories and shared lives before the engine, and compiles these meanwhile. What either
has compiled is kept on disk, so that the other loads it; whatever is missing there, each compiles for itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

from lbpsim.engine import compiled_engine, numba_cache
from lbpsim.pathways.person import new_people
from lbpsim.simulation.engines import MODEL
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import load, shipped


def start() -> None:
    """Start the second process, where there is a core for it and what it compiles can be found; the engine is run here
    only when that has ended.
    """
    if (os.cpu_count() or 1) > 1 and numba_cache.is_shared():
        with suppress(OSError):  # then this process compiles all
            compiled_engine.COMPILERS.append(
                subprocess.Popen(
                    [sys.executable, "-m", __name__],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )


def compile_engine() -> None:
    """Compile the engine by running it with nobody."""
    prepared = PreparedStudy(load(shipped.files()))
    compiled_engine.run(MODEL, new_people(0), prepared.untouched_inputs, prepared.blank_totals())


if __name__ == "__main__":
    compile_engine()
