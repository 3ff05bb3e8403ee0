"""Finished pieces of work on disk: each appears whole, and is checked when it is taken up again.

Work of a few seconds is not worth the disk's time: what is finished is written down only once so much work has been
done that somebody would miss it, or when the work ends before its time.

A file begins with the SHA-256 of what follows and of where the file stands. So one that was cut, changed, or comes from
other work is known, and what it held is made again. Nothing else in a folder is ever touched.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from lbpsim.simulation.workers import completed

KEPT = ".kept"
PATIENCE = 20.0  # seconds of work that may be lost where Python itself is ended; an interruption loses none
MOST_HELD = 2**26  # bytes of finished work in memory
LIGHTLY = 1  # of the levels of compression
OURS = re.compile(r"[0-9a-z-]+\.kept(\.\d+\.part)?")  # names of files made here, whole or not yet
DIGEST = hashlib.sha256().digest_size
Arrays = dict[str, npt.NDArray[Any]]
Job = TypeVar("Job")
Unit = TypeVar("Unit")
Result = TypeVar("Result")
LOG = logging.getLogger("lbpsim")


def save_arrays(path: Path, **arrays: npt.NDArray[Any] | np.generic) -> None:
    """Write arrays to a file that appears whole or not at all; raises OSError where it cannot be written."""
    content = npz(arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(_digest(path, content) + content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, str(path)) from problem
    finally:
        part.unlink(missing_ok=True)


def npz(arrays: Mapping[str, npt.NDArray[Any] | np.generic]) -> bytes:
    """Arrays as an .npz file, which `numpy.load` reads; lightly compressed, for more takes longer than the work."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=LIGHTLY) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)
    return content.getvalue()


def load_arrays(path: Path) -> Arrays | None:
    """What `save_arrays` wrote to a file; None where there is none, and, with a word, where it is damaged."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        LOG.warning("%s cannot be read (%s); what it held is made again.", path, problem.strerror)
        return None
    if content[:DIGEST] != _digest(path, content[DIGEST:]):
        LOG.warning("%s is damaged, or of other work; what it held is made again.", path)
        return None
    with np.load(io.BytesIO(content[DIGEST:])) as stored:
        return {name: stored[name] for name in stored.files}


@dataclass(frozen=True)
class Checkpoint:
    """Finished units of work in a folder, so that an interruption loses only what is in hand; None keeps nothing.

    The folder is named after all that the work depends on, such as `fingerprint(study)`. `patience`: seconds of work
    that may be lost where Python itself is ended (None: `PATIENCE`); 0 where work is asked for in many short parts.
    """

    folder: Path | None
    patience: float | None = None

    def load(self, name: str) -> Arrays | None:
        """A unit finished earlier, or None."""
        return None if self.folder is None else load_arrays(self.folder / f"{name}{KEPT}")

    def store(self, name: str, arrays: Arrays) -> None:
        """Keep a finished unit; it appears whole or not at all. Raises OSError where it cannot be written."""
        if self.folder is not None:
            save_arrays(self.folder / f"{name}{KEPT}", **arrays)

    def resume(
        self,
        pool: Executor,
        work: Callable[[Job, Unit], Result],
        job: Job,
        units: Iterable[Unit],
        form: Stored[Unit, Result],
    ) -> Iterator[tuple[Unit, Result]]:
        """Every unit with its result: those kept first, then the others as the `pool` finishes them."""
        left = []
        for unit in units:
            known = self.load(form.name(unit))
            if known is None:
                left.append(unit)
            else:
                yield unit, form.result(known)
        held: dict[str, Arrays] = {}
        started, patience = time.monotonic(), PATIENCE if self.patience is None else self.patience
        try:
            for unit, result in completed(pool, work, job, left):
                if self.folder is not None:
                    held[form.name(unit)] = form.arrays(result)
                if time.monotonic() - started > patience or size(held) > MOST_HELD:
                    self._store_all(held)
                yield unit, result
        except BaseException:  # interrupted, failed, or nobody asks for the rest
            self._store_all(held)
            raise

    def _store_all(self, held: dict[str, Arrays]) -> None:
        """Keep finished units, which then are held no more."""
        while held:
            self.store(*held.popitem())


def size(held: Mapping[str, Arrays]) -> int:
    """Bytes of memory that finished units take."""
    return sum(array.nbytes for arrays in held.values() for array in arrays.values())


@dataclass(frozen=True)
class Stored(Generic[Unit, Result]):
    """How units of some work are kept: the `name` of one, the `arrays` of its result, and the `result` of these."""

    name: Callable[[Unit], str]
    arrays: Callable[[Result], Arrays]
    result: Callable[[Arrays], Result]


def anything_kept(folder: Path) -> bool:
    """Whether `save_arrays` wrote anything in a folder, or within, that is still there."""
    return any(folder.rglob(f"*{KEPT}"))


def remove_saved(folder: Path) -> None:
    """Remove the files that `save_arrays` wrote in a folder and those within, and the folders that are empty then."""
    ours = [path for path in sorted(folder.rglob("*")) if OURS.fullmatch(path.name) and path.is_file()]
    for path in ours:
        path.unlink(missing_ok=True)
    homes = {home for path in ours for home in path.parents if home.is_relative_to(folder)}
    for home in sorted(homes, key=lambda home: len(home.parts), reverse=True):
        if not any(home.iterdir()):
            home.rmdir()


def _digest(path: Path, content: bytes) -> bytes:
    return hashlib.sha256(f"{path.parent.name}/{path.name}\n".encode() + content).digest()
