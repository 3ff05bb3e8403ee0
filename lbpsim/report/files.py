"""Writing files so that a reader never finds half of one: a temporary file in the same folder, then a rename."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

DIGITS = "%.10g"  # of a number in a plain table


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, which then holds all of it or what it held before."""
    with _staged(path, content) as stage:
        stage.replace(path)


def write_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into `folder` by their names, each whole."""
    for name, content in contents.items():
        write_whole(folder / name, content)


def write_set(folder: Path, contents: Mapping[str, bytes], *, last: str) -> None:
    """Write files that belong together into `folder`; the file `last`, which says that the set is whole, comes last.

    An earlier `last` is removed first: whoever finds it finds the set that it describes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        stages = {name: stack.enter_context(_staged(folder / name, content)) for name, content in contents.items()}
        (folder / last).unlink(missing_ok=True)
        for name in [name for name in stages if name != last] + [last]:
            stages[name].replace(folder / name)


def plain_csv(frame: pd.DataFrame) -> bytes:
    """A table as the bytes of a CSV file, numbers to ten significant digits; for tables outside a data package."""
    text: str = frame.to_csv(index=False, lineterminator="\n", float_format=DIGITS)
    return text.encode()


@contextlib.contextmanager
def _staged(path: Path, content: bytes) -> Iterator[Path]:
    """A temporary file beside `path` with the content safely on disk; gone afterwards unless renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    stage = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        stage.chmod(_usual_mode())
        yield stage
    finally:
        stage.unlink(missing_ok=True)


def _usual_mode() -> int:
    """Permissions that an ordinary new file would get; temporary files are private at first."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
