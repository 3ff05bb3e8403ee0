"""Outputs appear together or not at all, and nothing of the user's goes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from lbpsim.report.staging import ASIDE, aside

OURS = ("run.json", "old.csv", "tables/a.csv")


def earlier(folder: Path) -> list[Path]:
    return [folder / name for name in OURS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Outputs of an earlier run among files of the user's."""
    (tmp_path / "tables").mkdir()
    for name in (*OURS, "mine.csv", "tables/mine.csv"):
        (tmp_path / name).write_text(f"before {name}")
    return tmp_path


def content(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def write(new: Path) -> None:
    (new / "tables").mkdir()
    for name in ("run.json", "tables/a.csv", "tables/b.csv"):
        (new / name).write_text(f"after {name}")


def test_all_of_the_new_and_none_of_the_old(folder: Path) -> None:
    with aside(folder, earlier, last="run.json") as new:
        write(new)
    mine = {name: f"before {name}" for name in ("mine.csv", "tables/mine.csv")}
    assert content(folder) == mine | {name: f"after {name}" for name in ("run.json", "tables/a.csv", "tables/b.csv")}
    assert not (folder / ASIDE).exists()


def test_what_fails_leaves_everything_as_it_was(folder: Path) -> None:
    before = content(folder)
    with pytest.raises(OSError, match="No space"), aside(folder, earlier, last="run.json") as new:
        write(new)
        raise OSError("No space left on device")
    assert content(folder) == before


def test_at_no_moment_are_two_runs_mixed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between any two steps of moving in, a folder holds the old or the new, and looks whole only when it is."""
    seen, rename, unlink = [], Path.replace, Path.unlink

    def look() -> None:
        found = {name: text for name, text in content(folder).items() if "mine" not in name and ASIDE not in name}
        seen.append({text.split()[0] for text in found.values()})
        if "run.json" in found:
            assert found == {name: f"before {name}" for name in OURS} or (len(found) == 3 and seen[-1] == {"after"})

    def replacing(path: Path, target: Path) -> Path:
        look()
        return rename(path, target)

    def unlinking(path: Path, missing_ok: bool = False) -> None:
        look()
        unlink(path, missing_ok=missing_ok)

    with aside(folder, earlier, last="run.json") as new:
        write(new)
        monkeypatch.setattr(Path, "replace", replacing)
        monkeypatch.setattr(Path, "unlink", unlinking)
    look()
    assert all(len(kinds) <= 1 for kinds in seen) and seen[0] == {"before"} and seen[-1] == {"after"}


def test_what_a_killed_run_wrote_aside_goes(folder: Path) -> None:
    (folder / ASIDE).mkdir()
    (folder / ASIDE / "half.csv").write_text("half")
    with aside(folder, earlier, last="run.json") as new:
        write(new)
    assert "half.csv" not in content(folder)


def test_charts_on_another_disk_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.replace

    def across(path: Path, target: Path) -> Path:
        if ASIDE in str(path) and not path.name.startswith(".") and target.name == "b.csv":
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(path, target)

    with aside(folder, earlier, last="run.json") as new:
        write(new)
        monkeypatch.setattr(Path, "replace", across)
    assert content(folder)["tables/b.csv"] == "after tables/b.csv"
