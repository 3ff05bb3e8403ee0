"""Where people stand at the start who are in the middle of something: opioids, or a date for surgery."""

from __future__ import annotations

from typing import Any

from lbpsim.engine.compiling import rule
from lbpsim.pathways import opioids, surgery
from lbpsim.pathways.state import NEVER


@rule
def settle(people: Any, inputs_row: Any, years_on_opioids: Any, years_to_operation: Any) -> None:
    """Put those who are on opioids, or have a date for surgery, where they stand at the start."""
    inputs = inputs_row[0]
    for row in range(len(people)):
        person = people[row]
        if years_on_opioids[row] >= 0.0:
            opioids.begin(person, years_on_opioids[row], inputs)
        if years_to_operation[row] < NEVER:
            surgery.wait(person, years_to_operation[row], inputs)
