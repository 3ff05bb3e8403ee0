"""Finished work on disk: taken up as it was kept, or made again; nothing else in a folder is touched."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from lbpsim.simulation import checkpoints
from lbpsim.simulation.checkpoints import Checkpoint, Stored, load_arrays, npz, remove_saved, save_arrays
from lbpsim.simulation.workers import Here

TOTALS = np.arange(40, dtype=np.int64).reshape(5, 8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    whole = tmp_path / "unfinished" / "0123456789abcdef" / "000-0001.kept"
    save_arrays(whole, totals=TOTALS, events=np.int64(7))
    return whole


def test_what_is_kept_is_taken_up_as_it_was(path: Path) -> None:
    stored = load_arrays(path)
    assert stored is not None and set(stored) == {"totals", "events"}
    assert np.array_equal(stored["totals"], TOTALS) and int(stored["events"]) == 7
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_sums_that_are_mostly_zero_take_little_room() -> None:
    sparse = np.zeros(100_000, np.int64)
    sparse[::50] = 2**40
    assert len(npz({"totals": sparse})) < sparse.nbytes / 10


@pytest.mark.gate
def test_every_damage_is_known(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A byte changed anywhere, or a file cut anywhere, is told; what it held is not taken up, nor does it end in an
    error.
    """
    whole = path.read_bytes()
    flipped = [whole[:k] + bytes([whole[k] ^ 1]) + whole[k + 1 :] for k in range(len(whole))]
    cut = [whole[:k] for k in range(len(whole))]
    for damaged in (*flipped, *cut, whole + b"\0"):
        path.write_bytes(damaged)
        caplog.clear()
        assert load_arrays(path) is None
        assert str(path) in caplog.text and "made again" in caplog.text


def test_a_piece_of_other_work_is_not_taken_up(path: Path) -> None:
    other = path.with_name("000-0002.kept")
    path.rename(other)
    assert load_arrays(other) is None
    elsewhere = path.parent.parent / "fedcba9876543210" / path.name
    elsewhere.parent.mkdir()
    other.rename(elsewhere)
    assert load_arrays(elsewhere) is None


def test_what_is_not_there_is_not_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert load_arrays(tmp_path / "000-0000.kept") is None
    assert caplog.text == ""


def test_what_cannot_be_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "000-0000.kept").mkdir()
    with caplog.at_level(logging.WARNING):
        assert load_arrays(tmp_path / "000-0000.kept") is None
    assert "cannot be read" in caplog.text


def test_only_what_was_kept_is_forgotten(path: Path) -> None:
    """Whoever has a folder of that name finds everything of theirs in it afterwards."""
    home = path.parents[1]
    theirs = (home / "essay.txt", home / "notes" / "results.npz", path.parent / "Mine.kept.txt")
    for each in theirs:
        each.parent.mkdir(exist_ok=True)
        each.write_text("mine")
    (home / "empty").mkdir()
    path.with_name("000-0002.kept.77.part").write_bytes(b"half")
    remove_saved(home)
    assert all(each.read_text() == "mine" for each in theirs) and (home / "empty").is_dir()
    assert not list(home.rglob("*.kept")) and not list(home.rglob("*.part"))


def test_nothing_is_left_where_all_was_kept(path: Path) -> None:
    remove_saved(path.parents[1])
    assert not path.parents[1].exists()
    remove_saved(path.parents[1])


# --- when it is written down --------------------------------------------------------------------------------

SQUARES = Stored[int, int](
    name=lambda unit: f"unit-{unit}",
    arrays=lambda result: {"square": np.array(result)},
    result=lambda kept: int(kept["square"]),
)


def _squared(fails_at: int, unit: int) -> int:
    if unit == fails_at:
        raise ArithmeticError(unit)
    return unit * unit


def _squares(folder: Path, fails_at: int = 9) -> list[tuple[int, int]]:
    return list(Checkpoint(folder).resume(Here(), _squared, fails_at, range(4), SQUARES))


def test_short_work_that_ends_well_is_not_written_down(tmp_path: Path) -> None:
    assert _squares(tmp_path) == [(0, 0), (1, 1), (2, 4), (3, 9)]
    assert not list(tmp_path.iterdir())


def test_what_was_finished_before_a_failure_is_taken_up(tmp_path: Path) -> None:
    with pytest.raises(ArithmeticError):
        _squares(tmp_path, fails_at=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["unit-0.kept", "unit-1.kept"]
    save_arrays(tmp_path / "unit-1.kept", square=np.array(-1))
    assert _squares(tmp_path) == [(0, 0), (1, -1), (2, 4), (3, 9)]


def test_what_was_finished_is_kept_where_nobody_takes_the_rest(tmp_path: Path) -> None:
    work = Checkpoint(tmp_path).resume(Here(), _squared, 9, range(4), SQUARES)
    assert (next(work), next(work)) == ((0, 0), (1, 1))
    work.close()  # as an interruption does
    assert sorted(path.name for path in tmp_path.iterdir()) == ["unit-0.kept", "unit-1.kept"]


def test_long_work_is_written_down_as_it_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "PATIENCE", 0.0)
    work = Checkpoint(tmp_path).resume(Here(), _squared, 9, range(4), SQUARES)
    assert next(work) == (0, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["unit-0.kept"]


def test_much_that_is_finished_is_written_down_however_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "MOST_HELD", 0)
    assert len(_squares(tmp_path)) == 4
    assert {each.name for each in tmp_path.iterdir()} == {"unit-0.kept", "unit-1.kept", "unit-2.kept", "unit-3.kept"}
