"""Nothing half-written is left looking whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.report import files
from lbpsim.report.files import write_set, write_whole


def test_whole_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "a.txt", b"one")
    write_whole(tmp_path / "new" / "a.txt", b"two")
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"two"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.txt"]


def test_a_failing_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "a.txt", b"before")

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a.txt", b"after")
    assert (tmp_path / "a.txt").read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_set_whose_writing_fails_keeps_the_old_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(tmp_path, {"a": b"1", "index": b"1"}, last="index")
    written: list[int] = []

    def full_at_the_second(number: int) -> None:
        written.append(number)
        if len(written) == 2:
            raise OSError("No space left on device")

    monkeypatch.setattr(files.os, "fsync", full_at_the_second)
    with pytest.raises(OSError, match="No space"):
        write_set(tmp_path, {"a": b"2", "index": b"2"}, last="index")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1", "index": b"1"}


def test_set_interrupted_between_renames_has_no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(tmp_path, {"a": b"1", "b": b"1", "index": b"1"}, last="index")
    rename = Path.replace

    def killed_at_b(self: Path, target: Path) -> Path:
        if target.name == "b":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", killed_at_b)
    with pytest.raises(KeyboardInterrupt):
        write_set(tmp_path, {"a": b"2", "b": b"2", "index": b"2"}, last="index")
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}
