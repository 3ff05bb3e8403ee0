"""Folders of results made up without simulating, as a run leaves them but for pictures and page; and their damages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lbpsim import api
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report import outputs
from lbpsim.report.lives_file import KEPT
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.run_files import READ_AGAIN
from tests.report.budgets import with_budgets
from tests.report.decided import drawn
from tests.report.synthetic import SHIPPED, switched, synthetic

FILES = (RUN_FILE, *READ_AGAIN)


def made_up(seed: int = 1, draws: int = 12) -> Results:
    """Three policies over two years, with draws where there are any."""
    plain = synthetic((SHIPPED[0], SHIPPED[1], SHIPPED[8]), years=2, replications=2)
    results = replace(plain, study=replace(plain.study, seed=seed), totals=plain.totals + seed)
    results = replace(results, switches=switched(results))
    if not draws:
        return results
    budgets = with_budgets(results, draws).draws
    paid = {name: getattr(budgets, name) for name in ("payers", "paid", "paid_mcse")}
    return ProbabilisticResults.join(results, replace(drawn(results, draws, 2), **paid))


def without_pictures(patch: pytest.MonkeyPatch) -> None:
    """Pictures, page, workbook and people take minutes, and are tested elsewhere."""

    def keep(seeds: tuple[int, ...], folder: Path) -> None:
        (folder / KEPT).write_text(f"[] of seed {seeds[0]}", encoding="utf-8")

    patch.setattr(api, "portraits", lambda study: (study.seed,))
    patch.setattr(outputs, "keep_lives", keep)
    patch.setattr(outputs, "write_charts", lambda *_, **__: ())
    for writer in ("write_page", "write_brief", "write_workbook"):
        patch.setattr(outputs, writer, lambda *_, **__: None)


@dataclass(frozen=True)
class Damage:
    """One thing done to one file of a folder."""

    file: str
    words: str
    do: Callable[[Path], None]


def damages(other: Path, number: int) -> Iterator[Damage]:
    """So many damages, each by its number; `other` is the folder of another run."""
    chance = np.random.default_rng(number)
    ways = (flipped, cut, foreign, removed, swapped, edited, lengthened, emptied)
    for each in range(number):
        way = ways[each % len(ways)]
        file = RUN_FILE if way is edited else str(chance.choice(FILES))
        yield Damage(file, way.__name__, lambda folder, way=way, file=file: way(folder / file, other, chance))


def flipped(path: Path, _: Path, chance: np.random.Generator) -> None:
    content = bytearray(path.read_bytes())
    content[int(chance.integers(len(content)))] ^= 1 << int(chance.integers(8))
    path.write_bytes(content)


def cut(path: Path, _: Path, chance: np.random.Generator) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(chance.integers(len(content)))])


def foreign(path: Path, _: Path, chance: np.random.Generator) -> None:
    path.write_bytes(chance.bytes(int(chance.integers(1, 3000))))


def removed(path: Path, _: Path, chance: np.random.Generator) -> None:
    path.unlink()
    if chance.random() < 0.2:
        path.mkdir()


def swapped(path: Path, other: Path, _: np.random.Generator) -> None:
    shutil.copy(other / path.name, path)


def lengthened(path: Path, _: Path, chance: np.random.Generator) -> None:
    path.write_bytes(path.read_bytes() + chance.bytes(int(chance.integers(1, 40))))


def emptied(path: Path, _: Path, __: np.random.Generator) -> None:
    path.write_bytes(b"")


def edited(path: Path, _: Path, chance: np.random.Generator) -> None:
    """Some value of run.json, however deep, becomes another."""
    told = json.loads(path.read_text(encoding="utf-8"))
    place: Any = told
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = keys[int(chance.integers(len(keys)))]
        if not isinstance(place[key], dict | list) or not place[key] or chance.random() < 0.2:
            break
        place = place[key]
    others = [-1, 0.5, "../../x", None, [], {}, [[1]], {"a": {"b": []}}, True, 1e300, float("nan")]
    place[key] = others[int(chance.integers(len(others)))]
    path.write_text(json.dumps(told, indent=2), encoding="utf-8")
