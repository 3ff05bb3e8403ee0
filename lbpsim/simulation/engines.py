"""The two engines as every replication uses them: chosen by name, given the same, and giving the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine import compiled_engine
from lbpsim.engine.compiled_engine import WATCH_EVERYBODY, WATCH_NOBODY, EngineOutput
from lbpsim.engine.simpy_engine import SimpyEngine, rules_of
from lbpsim.engine.waiting_list import Clinic
from lbpsim.pathways import life

People = npt.NDArray[Any]
RULES = rules_of(life)
MODEL = life.__name__
COMPILED, SIMPY = "compiled", "simpy"
ROOM_FOR_ONE = 100_000  # events in a life, far more than any has
EVENTS_A_PERSON = 500


def live_compiled(
    people: People,
    inputs: People,
    totals: npt.NDArray[np.int64],
    clinics: tuple[Clinic, ...],
    watched: int,
    entered: int = 0,
    booked: range | None = None,
) -> EngineOutput:
    """Live every life with the compiled engine, on from where they are for the first `entered`; `booked`: weeks whose
    bookings are made, None for all.
    """
    room = {WATCH_NOBODY: 0, WATCH_EVERYBODY: EVENTS_A_PERSON * len(people)}.get(watched, ROOM_FOR_ONE)
    return compiled_engine.run(
        MODEL, people, inputs, totals, clinics, watched=watched, room=room, entered=entered, booked=booked
    )


def live_simpy(
    people: People,
    inputs: People,
    totals: npt.NDArray[np.int64],
    clinics: tuple[Clinic, ...],
    watched: int,
    entered: int = 0,
    booked: range | None = None,
) -> EngineOutput:
    """Live every life with the reference engine, from entry on: it lives no life in parts."""
    assert entered == 0 and booked is None
    log: list[tuple[int, float, int]] = []

    def note(row: int, time: float, kind: int) -> None:
        if watched in (row, WATCH_EVERYBODY):
            log.append((row, time, kind))

    engine = SimpyEngine(RULES, people, inputs, totals, clinics, note if watched != WATCH_NOBODY else None)
    rounds = [(each.offered, each.taken, each.unused, each.waiting) for each in engine.run()]
    by_week = np.array(rounds, np.int64).reshape(-1, max(len(clinics), 1), 4)
    return EngineOutput(engine.events, clinics, by_week.swapaxes(0, 1), np.array(log, float).reshape(-1, 3))


ENGINES = {COMPILED: live_compiled, SIMPY: live_simpy}
