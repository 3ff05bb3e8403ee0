"""How people in the emulated trial are measured at its visits."""

from __future__ import annotations

from typing import Any

from lbpsim.engine.numba_cache import rule
from lbpsim.pathways import life
from lbpsim.pathways.disability import pain, rmdq
from lbpsim.simulation.cohort_follow_up import UNTREATED, advance_through, treat


@rule
def observe(people: Any, inputs: Any, totals: Any, visits: Any, measured: Any) -> None:
    """Measure people from the moment they come into the model, in nobody's trial."""
    for row in range(len(people)):
        life.enter(people, row, inputs, totals)
    follow(people, inputs, totals, visits, UNTREATED, measured)


@rule
def follow(people: Any, inputs: Any, totals: Any, visits: Any, treatment: int, measured: Any) -> None:
    """Measure RMDQ and pain at each visit, counted from now; the dead are not measured."""
    for row in range(len(people)):
        start = people[row].now
        treat(people, row, treatment, inputs, totals)
        for visit in range(len(visits)):
            until = start + visits[visit]
            advance_through(people, row, until, inputs, totals)
            if people[row].present == 1:
                measured[0, row, visit] = rmdq(people[row], until)
                measured[1, row, visit] = pain(people[row], until)
