"""One at a time in a folder of outputs: whoever writes there holds its lock.

The operating system keeps the lock and takes it back when its holder ends, however that ends. The file only shows whom
to wait for.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = ".lbpsim-lock"
FAR_OFF = 1 << 30  # a byte that is locked on Windows, which lets nobody read what is locked
TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
LOG = logging.getLogger("lbpsim")


class FolderInUseError(Exception):
    """Somebody else is writing into a folder; the message says who, and what to do."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Have a folder of outputs to oneself; it is made where it is not there, and goes again where it stays empty.

    Raises FolderInUseError at once where another process, or another thread, has it; OSError where it cannot be
    written.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    file = _taken(folder)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows keeps a file that is open: the lock is free all the same
            (folder / LOCK).unlink()
        file.close()
        if made:
            with contextlib.suppress(OSError):  # it is not empty
                folder.rmdir()


def _taken(folder: Path) -> TextIO:
    """The file of the lock, locked, and saying who has it."""
    while True:
        file = (folder / LOCK).open("a+", encoding="utf-8")
        try:
            _lock(file, folder)
            if _stands(file, folder / LOCK):
                _sign(file)
                return file
        except BaseException:
            file.close()
            raise
        file.close()


def _lock(file: TextIO, folder: Path) -> None:
    try:
        if sys.platform == "win32":
            file.seek(FAR_OFF)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        if problem.errno not in TAKEN:
            LOG.warning("%s cannot be locked (%s): see that nothing else writes there.", folder, problem.strerror)
            return
        file.seek(0)
        holder = file.read().strip() or "another process"
        raise FolderInUseError(
            f"{folder} is in use by {holder}. Wait until that has ended, or give another folder with --out."
        ) from None


def _stands(file: TextIO, path: Path) -> bool:
    """Whether a file is still the one of that name: its last holder may have removed it in the meantime."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _sign(file: TextIO) -> None:
    since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    file.truncate(0)
    file.write(f"process {os.getpid()} on {socket.gethostname()}, since {since}\n")
    file.flush()
