"""Simulations of a fit, done in parallel and kept on disk, so that an interrupted one goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import numpy as np

from lbpsim.engine.numba_cache import hash_of
from lbpsim.evidence import parameters, tables
from lbpsim.outcomes.arrays import Numbers
from lbpsim.simulation.checkpoints import Checkpoint, Stored
from lbpsim.study import Study

PACKAGE = Path(__file__).parents[1]
ROOMS = ("evidence", "study", "engine", "outcomes", "pathways", "population", "simulation", "validation")
OWN = Path(__file__).with_name("simulated_targets.py")
FITTED_TABLE = "posterior"
Values = Mapping[str, float]
Model = Callable[[Values], Mapping[str, float]]


@dataclass
class Evaluations:
    """A model that answers many sets of values at once, from memory of earlier answers where it has them.

    `model`: from values by parameter to figures by name, a pure function; `key`: what its answers depend on besides
    the values; `folder`: where they are kept; `pool`: who does the work; `tell`: called after each simulation with how
    many of those asked for are done.
    """

    model: Model
    figures: tuple[str, ...]
    key: str
    folder: Path
    pool: Executor
    tell: Callable[[int, int], None] | None = None

    def many(self, asked: Sequence[Values]) -> Numbers:
        """Figures of each set of values, shape (sets, figures), in the order asked, whoever does the work."""
        answers: dict[int, Numbers] = {}
        units = [_WorkUnit(number, values) for number, values in enumerate(asked)]
        work = partial(_answer, figures=self.figures)
        for unit, figures in self._kept.resume(self.pool, work, self.model, units, ANSWERS):
            answers[unit.number] = figures
            if self.tell is not None:
                self.tell(len(answers), len(asked))
        return np.array([answers[number] for number in range(len(asked))]).reshape(len(asked), len(self.figures))

    @property
    def _kept(self) -> Checkpoint:
        """Every answer is kept at once: a fit asks for a few at a time, many times."""
        return Checkpoint(self.folder / self.key, patience=0.0)


@dataclass(frozen=True)
class _WorkUnit:
    """One set of values and its place among those asked for."""

    number: int
    values: Values = field(compare=False)


def _answer(model: Model, unit: _WorkUnit, figures: tuple[str, ...]) -> Numbers:
    found = model(unit.values)
    return np.array([found[name] for name in figures])


def _name(unit: _WorkUnit) -> str:
    text = json.dumps({name: float(value).hex() for name, value in unit.values.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


ANSWERS = Stored[_WorkUnit, Numbers](
    name=_name, arrays=lambda figures: {"figures": figures}, result=lambda kept: kept["figures"]
)


def fingerprint(study: Study, free: Sequence[str], sizes: object) -> str:
    """What simulations of a study depend on besides the free parameters: its settings, all other numbers, the code."""
    numbers = {name: one.value for name, one in parameters().items() if name not in free}
    checksums = {name: entry.sha256 for name, entry in tables.index().items() if name != FITTED_TABLE}
    asked = {key: value for key, value in study.resolved().items() if key not in ("policies", "title", "description")}
    comparator = study.resolved()["policies"][0]
    inputs = json.dumps([numbers, checksums, asked, comparator, repr(sizes)], sort_keys=True, default=str)
    return hashlib.sha256((inputs + _code()).encode()).hexdigest()[:16]


@cache
def _code() -> str:
    files = [path for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py"))]
    return hash_of([*files, OWN], PACKAGE)
