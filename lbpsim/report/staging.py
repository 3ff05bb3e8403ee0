"""Outputs written aside and moved into their folder when all are there: two runs never mix.

What an earlier run left is removed first, by the names that the program gives. Whatever else is in the folder stays.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lbpsim.report.file_records import write_record
from lbpsim.report.files import write_all, write_whole

ASIDE = ".lbpsim-writing"
Earlier = Callable[[Path], Iterable[Path]]


@contextmanager
def aside(folder: Path, earlier: Earlier, *, last: str) -> Iterator[Path]:
    """A folder to write into; what was written there is moved into `folder` at the end, or is gone if that fails.

    `earlier`: gives the files in `folder` that an earlier run left, which go; `last`: the file that says that the
    outputs are whole, which goes first and comes last.
    """
    stage = folder / ASIDE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        yield stage
        _move(stage, folder, list(earlier(folder)), last)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def leave(
    folder: Path, contents: Mapping[str, bytes], earlier: Earlier, *, record: str, told: Mapping[str, Any]
) -> None:
    """Write files by their names, and with them a record of what is `told`; `folder` and `earlier` as of `aside`."""
    with aside(folder, earlier, last=record) as new:
        write_all(new, contents)
        write_record(new / record, told, contents)


def _move(stage: Path, folder: Path, earlier: list[Path], last: str) -> None:
    (folder / last).unlink(missing_ok=True)
    for path in earlier:
        path.unlink(missing_ok=True)
    made = sorted(path.relative_to(stage) for path in stage.rglob("*") if path.is_file())
    for name in sorted(made, key=lambda name: name == Path(last)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _put(stage / name, folder / name)


def _put(path: Path, target: Path) -> None:
    try:
        path.replace(target)
    except OSError as problem:
        if problem.errno != errno.EXDEV:  # the user may have put charts, say, on another disk
            raise
        write_whole(target, path.read_bytes())
