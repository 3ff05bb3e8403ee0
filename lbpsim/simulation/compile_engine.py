"""The engine compiled by a second process, where nothing is compiled yet: `python -m lbpsim.simulation.compile_engine`.

The process that simulates needs histories and shared lives before the engine, and compiles these meanwhile. People who
are followed one by one come last, so they are compiled here too. What either has compiled is kept on disk, so that the
other loads it; whatever is missing there, each compiles for itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

from lbpsim.engine import compiled_engine, numba_cache
from lbpsim.engine.compiled_template import TAKEN, TURNED_AWAY
from lbpsim.pathways import cft, natural_history, opioids, surgery, work
from lbpsim.pathways.person import BIRTHDAY, new_people
from lbpsim.simulation import cohort_follow_up
from lbpsim.simulation.engines import MODEL
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import load, shipped

MET_LAST = (work, surgery, cft, opioids, natural_history)
ONE_OF_EACH = [(0.1, TURNED_AWAY), (0.2, TAKEN), (0.3, BIRTHDAY)]  # a life that calls every rule of a life


def start() -> None:
    """Start the second process, where there is a core for it and what it compiles can be found; the engine is run here
    when it is there, or that process has ended.
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
    """Compile the engine by running it with nobody, then the rules of those who are followed one by one.

    The other process begins with what people meet first, so this one with what they meet last.
    """
    from lbpsim.simulation.trace import relive  # noqa: PLC0415 - these load what the other process needs last
    from lbpsim.simulation.treated_and_untreated import ENROLMENT_YEARS, TreatedCohort  # noqa: PLC0415

    prepared = PreparedStudy(load(shipped.files()))
    nobody, somebody = new_people(0), new_people(1)
    inputs, totals = prepared.untouched_inputs, prepared.blank_totals()
    given = {"person": somebody[0], "inputs": inputs[0], "totals": totals}
    for module in MET_LAST:
        numba_cache.compile_rules(module, given)
    compiled_engine.run(MODEL, nobody, inputs, totals)
    relive(prepared, prepared.study.policies[0], somebody, ONE_OF_EACH)
    TreatedCohort(prepared.study, nobody).followed(cohort_follow_up.UNTREATED)
    cohort_follow_up.disability(nobody)
    cohort_follow_up.enrol(nobody, inputs, totals, float(ENROLMENT_YEARS))


if __name__ == "__main__":
    compile_engine()
