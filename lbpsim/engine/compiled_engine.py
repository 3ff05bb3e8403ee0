"""The compiled engine: the template and a model's rules, compiled together by Numba and kept in its cache.

Numba does not cache functions that are handed to others as arguments. So each model gets a copy of the template's text
that imports the model's rules by name; the copy lies in a folder named after the sources of both, so that an edited
rule is never run stale and an unedited one is never compiled twice.
"""

from __future__ import annotations

import hashlib
import importlib
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine.numba_cache import cache_folder, source_hash, tell
from lbpsim.engine.waiting_list import Booking, Clinic

WATCH_EVERYBODY, WATCH_NOBODY = -1, -2
ENGINE = Path(__file__).parent
BINDING = Lock()  # threads that ask at once must not each make a copy, and Python does not parse in two at a time
PROTOCOL = "lbpsim.engine.protocol"
A_MOMENT = 0.05  # seconds between two looks
COMPILERS: list[subprocess.Popen[bytes]] = []  # processes that compile the engine, and are waited for before it runs


class LogFullError(ValueError):
    """More events were watched than the log had room for."""


@dataclass(frozen=True)
class EngineOutput:
    """Outputs of one replication other than totals: number of events, what `clinics` booked each week, the clinics as
    they stand afterwards, and the log of (row, time, kind) of those watched, shape (logged, 3), each person's in order.

    `booked`: places offered, taken and unused, and people left waiting, shape (clinics, weeks, 4).
    """

    events: int
    clinics: tuple[Clinic, ...]
    booked: npt.NDArray[np.int64]
    log: npt.NDArray[np.float64]

    @property
    def bookings(self) -> list[Booking]:
        """What was booked, in the order in which the clinics book."""
        return [
            Booking((n + 1) * clinic.week, clinic.waiting_list, *booked)
            for n, week in enumerate(self.booked.swapaxes(0, 1).tolist())
            for clinic, booked in zip(self.clinics, week, strict=True)
        ]


def bind(model: str, template: str = "compiled_template") -> ModuleType:
    """A template of this package compiled for a model; `model` names the module of its rules: `lbpsim.pathways.life`
    of the seven that all models have, `lbpsim.pathways.parting` of those for lives that are shared.
    """
    with BINDING:
        return _bound(model, template)


@cache
def _bound(model: str, template: str) -> ModuleType:
    rules = importlib.import_module(model)
    assert rules.__file__ is not None
    sources = source_hash(Path(rules.__file__).parent)
    text = (
        (ENGINE / f"{template}.py")
        .read_text(encoding="utf-8")
        .replace(f"from {PROTOCOL} import", f"from {model} import")
    )
    name = "engine_" + hashlib.sha256(f"{model}{sources}{text}".encode()).hexdigest()[:16]
    path = cache_folder(ENGINE.parent) / f"{name}.py"
    _write(path, text)
    module = sys.modules[name] = ModuleType(name)
    module.__file__ = str(path)
    exec(compile(text, path, "exec"), module.__dict__)  # not imported: what Python kept of it may be damaged
    return module


def _write(path: Path, text: str) -> None:
    """Let a file hold this text; whole at any time, though others write it too. Numba dates compiled code by it."""
    content = text.encode()
    if not path.exists() or path.read_bytes() != content:
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            part.write_bytes(content)
            part.replace(path)
        except OSError as problem:  # it is only needed to keep what is compiled
            tell(f"Compiled code cannot be kept in {path.parent} ({problem.strerror}); every run compiles again.")
        finally:
            part.unlink(missing_ok=True)


def needs_compiling(model: str) -> bool:
    """Whether the engine has not yet been compiled for this state of the model's rules."""
    path = Path(str(bind(model).__file__))
    return not any(path.parent.rglob(f"{path.stem}.run-*.nbc"))


def _wait_for_compilers(model: str) -> None:
    """Wait until the engine has been compiled elsewhere, or whoever was to do it has ended."""
    while any(process.poll() is None for process in COMPILERS) and needs_compiling(model):
        time.sleep(A_MOMENT)


def run(
    model: str,
    people: npt.NDArray[Any],
    inputs: npt.NDArray[Any],
    totals: npt.NDArray[np.int64],
    clinics: tuple[Clinic, ...] = (),
    *,
    watched: int = WATCH_NOBODY,
    room: int = 0,
    entered: int = 0,
    booked: range | None = None,
) -> EngineOutput:
    """Live every life of one replication; `people` and `totals` are changed in place. The first `entered` rows are of
    people in the middle of their lives.

    `watched`: the row of which events are logged, WATCH_EVERYBODY or WATCH_NOBODY; `room`: how many events the log may
    hold. `booked`: weeks whose bookings are made now, None for all; where weeks come after, whoever waits for a place
    then lives no further, and is to be given again with those who come for the next.

    Raises LogFullError when more happened than there was room for.
    """
    _wait_for_compilers(model)
    weeks = len(clinics[0].places) if clinics else 0
    now = range(weeks) if booked is None else booked
    carried = np.array([clinic.carried for clinic in clinics], np.float64)
    log = np.empty((room, 3))
    events, bookings, logged = bind(model).run(
        people,
        inputs,
        totals,
        np.array([clinic.waiting_list for clinic in clinics], np.int64),
        np.array([clinic.places for clinic in clinics], np.float64).reshape(len(clinics), weeks),
        clinics[0].week if clinics else math.inf,
        carried,
        np.array([clinic.by_priority for clinic in clinics], np.int64),
        np.array([clinic.closes_at for clinic in clinics], np.float64),
        watched,
        log,
        entered,
        now.start,
        now.stop,
    )
    if logged > room:
        raise LogFullError(f"{logged} events were watched, and the log has room for {room}")
    after = tuple(replace(clinic, carried=left) for clinic, left in zip(clinics, carried.tolist(), strict=True))
    return EngineOutput(int(events), after, bookings, log[:logged])
