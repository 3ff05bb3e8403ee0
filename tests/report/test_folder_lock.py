"""One at a time writes into a folder; whoever comes second is told who has it, and a dead holder holds nothing."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from lbpsim.report import folder_lock
from lbpsim.report.folder_lock import LOCK, FolderInUseError, held

HOLD = """
import sys, time
from pathlib import Path
from lbpsim.report.folder_lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Any:
    """Another process that has the folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait(60)


def test_a_folder_is_made_and_nothing_of_the_lock_is_left_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "new"
    with held(folder):
        assert (folder / LOCK).exists()
        (folder / "mine").touch()
    assert list(folder.iterdir()) == [folder / "mine"]


def test_a_folder_that_stays_empty_goes_again_unless_it_was_there(tmp_path: Path) -> None:
    with held(tmp_path / "new"):
        pass
    with held(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_second_holder_is_refused_and_told_of_the_first(tmp_path: Path, holder: subprocess.Popen[bytes]) -> None:
    words = rf"in use by process {holder.pid} on .*, since 20.*--out"
    with pytest.raises(FolderInUseError, match=words), held(tmp_path):
        raise AssertionError("two have it")


def test_a_dead_holder_holds_nothing(tmp_path: Path, holder: subprocess.Popen[bytes]) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait(60)
    assert (tmp_path / LOCK).exists()
    with held(tmp_path):
        assert str(os.getpid()) in (tmp_path / LOCK).read_text(encoding="utf-8")
    assert not (tmp_path / LOCK).exists()


def test_threads_are_kept_apart_too(tmp_path: Path) -> None:
    refused = []

    def second() -> None:
        try:
            with held(tmp_path):
                pass
        except FolderInUseError as taken:
            refused.append(str(taken))

    with held(tmp_path):
        thread = Thread(target=second)
        thread.start()
        thread.join()
    assert len(refused) == 1
    second()
    assert len(refused) == 1


def test_an_error_frees_the_folder(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), held(tmp_path):
            raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="another way to lock")
def test_a_disk_that_cannot_lock_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def cannot(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(folder_lock.fcntl, "flock", cannot)
    with held(tmp_path):
        assert "cannot be locked" in caplog.text and str(tmp_path) in caplog.text
