"""How people enter the emulated trial, and how they are measured at its visits."""

from __future__ import annotations

from typing import Any

import numpy as np

from lbpsim.engine.compiling import array_rule, rule
from lbpsim.pathways import life
from lbpsim.pathways.care import eligible_for_cft
from lbpsim.pathways.disability import pain, rmdq
from lbpsim.pathways.state import CFT_LIST, CONSULTATION


@array_rule
def enrol(people: Any, inputs: Any, totals: Any, deadline: float) -> Any:
    """Let everyone live to the consultation at which they qualify; 1 for those who do before the deadline."""
    qualifies = np.zeros(len(people), np.bool_)
    for row in range(len(people)):
        if people[row].now >= deadline:
            continue
        life.enter(people, row, inputs, totals)
        while people[row].present == 1 and not qualifies[row]:
            time, kind = life.next_event(people, row)
            if time >= deadline:
                break
            life.live_until(people, row, time, inputs, totals)
            qualifies[row] = kind == CONSULTATION and eligible_for_cft(people[row], inputs[0])
            life.happen(people, row, kind, inputs, totals)
    return qualifies


@rule
def follow(people: Any, inputs: Any, totals: Any, visits: Any, treated: int, measured: Any) -> None:
    """Measure RMDQ and pain at each visit, counted from now; the dead are not measured."""
    for row in range(len(people)):
        start = people[row].now
        if treated == 1:
            people[row].joined[CFT_LIST] = start
            life.serve(people, row, CFT_LIST, inputs, totals)
        for visit in range(len(visits)):
            until = start + visits[visit]
            time, kind = life.next_event(people, row)
            while people[row].present == 1 and time <= until:
                life.live_until(people, row, time, inputs, totals)
                life.happen(people, row, kind, inputs, totals)
                time, kind = life.next_event(people, row)
            if people[row].present == 1:
                measured[0, row, visit] = rmdq(people[row], until)
                measured[1, row, visit] = pain(people[row], until)
