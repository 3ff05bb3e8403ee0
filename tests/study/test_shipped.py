"""The study that ships, and the copy of it that a new study starts as."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from lbpsim.study import InputErrors, load, shipped
from tests.study.conftest import SHIPPED


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_in_a_checkout_it_is_the_folder_of_scenarios() -> None:
    assert shipped.folder() == SHIPPED


def test_in_an_installation_it_is_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever lies beside the package, among others' packages."""
    for home in (tmp_path / "lbpsim", tmp_path):
        (home / "scenarios").mkdir(parents=True)
        (home / "scenarios" / "study.yaml").touch()
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path / "lbpsim")
    assert shipped.folder() == tmp_path / "lbpsim" / "scenarios"


def test_every_file_of_the_study_is_listed_and_nothing_else() -> None:
    assert [path.name for path in shipped.files()] == sorted(path.name for path in SHIPPED.glob("*.yaml"))


def test_a_policy_left_in_the_folder_does_not_ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SHIPPED, tmp_path / "scenarios")
    (tmp_path / "scenarios" / "a-draft.yaml").write_text("title: A draft\n", encoding="utf-8")
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path / "lbpsim")
    assert [path.name for path in shipped.write(tmp_path / "new")] == [path.name for path in shipped.files()]
    assert not (tmp_path / "new" / "a-draft.yaml").exists()


def test_a_new_study_is_the_shipped_one_to_the_byte(tmp_path: Path) -> None:
    written = shipped.write(tmp_path / "deep" / "down")
    assert contents(tmp_path / "deep" / "down") == contents(SHIPPED)
    assert {path.name for path in written} == set(contents(SHIPPED))
    assert len(load(tmp_path / "deep" / "down").policies) == len(written) - 1


def test_what_else_is_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    shipped.write(tmp_path)
    assert contents(tmp_path) == contents(SHIPPED) | {"notes.txt": b"mine"}


@pytest.mark.parametrize("name", ["study.yaml", "usual-care.yaml", "study.yml", "Study.YAML"])
def test_a_folder_with_any_of_its_files_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(InputErrors, match=rf"has\s+{name}\s+already(?s:.*)Name\s+a\s+new\s+folder"):
        shipped.write(tmp_path)
    assert contents(tmp_path) == {name: b"mine"}


def test_a_disk_that_fills_up_keeps_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def full(path: Path) -> Any:
        if path.name == "surgery-instead.yaml":
            raise OSError("No space left on device")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        shipped.write(tmp_path / "study")
    assert not list((tmp_path / "study").iterdir())
