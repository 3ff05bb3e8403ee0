"""Simulations of a fit, done in parallel and kept on disk, so that an interrupted one goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lbpsim.engine.numba_cache import hash_of
from lbpsim.evidence import parameters, tables
from lbpsim.simulation.checkpoints import KEPT, load_arrays, save_arrays
from lbpsim.simulation.workers import completed
from lbpsim.study import Study

PACKAGE = Path(__file__).parents[1]
ROOMS = ("evidence", "study", "engine", "outcomes", "pathways", "population", "simulation", "validation")
OWN = Path(__file__).with_name("simulated_targets.py")
FITTED_TABLE = "posterior"
Numbers = npt.NDArray[np.float64]
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
        for number, values in enumerate(asked):
            known = self._load(values)
            if known is not None:
                answers[number] = known
        missing = [number for number in range(len(asked)) if number not in answers]
        for piece, figures in completed(self.pool, _answer, self.model, [_WorkUnit(n, asked[n]) for n in missing]):
            answers[piece.number] = np.array([figures[name] for name in self.figures])
            save_arrays(self._path(piece.values), figures=answers[piece.number])
            if self.tell is not None:
                self.tell(len(answers), len(asked))
        return np.array([answers[number] for number in range(len(asked))]).reshape(len(asked), len(self.figures))

    def _load(self, values: Values) -> Numbers | None:
        stored = load_arrays(self._path(values))
        return None if stored is None else stored["figures"]

    def _path(self, values: Values) -> Path:
        text = json.dumps({name: float(value).hex() for name, value in values.items()}, sort_keys=True)
        return self.folder / self.key / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}{KEPT}"


@dataclass(frozen=True)
class _WorkUnit:
    """One set of values and its place among those asked for."""

    number: int
    values: Values = field(compare=False)


def _answer(model: Model, piece: _WorkUnit) -> Mapping[str, float]:
    return model(piece.values)


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
