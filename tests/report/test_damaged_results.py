"""Results on disk that were damaged, edited or mixed: refused by name, or read as they were written; no traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from lbpsim.api import save
from lbpsim.commands.diff import compare
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.report.file_names import STORED
from lbpsim.report.outputs import NoResultsError, decided_earlier, read, rewrite
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.run_files import READ_AGAIN
from lbpsim.report.tables import write_tables
from tests.cli_runner import Lbpsim
from tests.report.stored_runs import FILES, Damage, damages, made_up, without_pictures

SILENT = Console(file=StringIO())
QUICK, MANY = 64, 1000
Folders = tuple[Path, Path]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The results of two runs, of the same study with other seeds; not to be changed."""
    home = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        without_pictures(patch)
        for seed in (1, 2):
            save(made_up(seed, draws=5 + seed), home / str(seed))
    return home / "1", home / "2"


@pytest.fixture
def damaged(folders: Folders, tmp_path: Path) -> Path:
    """A copy, to be damaged."""
    return copied(folders[0], tmp_path / "copy")


def copied(folder: Path, to: Path) -> Path:
    to.mkdir()
    for name in FILES:
        shutil.copy(folder / name, to / name)
    return to


def tables(folder: Path, to: Path) -> dict[str, bytes]:
    results = read(folder)
    write_tables(results, to, decided_earlier(results, folder))
    return {path.name: path.read_bytes() for path in to.iterdir()}


def test_what_was_saved_is_read_back(folders: Folders) -> None:
    mine, results = made_up(1, draws=6), read(folders[0])
    assert {path.name for path in folders[0].iterdir()} == {*FILES, "tables", "draws"}
    assert isinstance(mine, ProbabilisticResults) and isinstance(results, ProbabilisticResults)
    assert np.array_equal(results.totals, mine.totals)
    pd.testing.assert_frame_equal(results.draws.frame, mine.draws.frame)
    assert results.switches is not None and mine.switches is not None
    pd.testing.assert_frame_equal(results.switches, mine.switches)


def test_tables_are_written_again_as_they_were(
    folders: Folders, damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_pictures(monkeypatch)
    rewrite(damaged, console=SILENT)
    homes = (folder / "tables" for folder in (damaged, folders[0]))
    again, before = ({path.name: path.read_bytes() for path in home.iterdir()} for home in homes)
    assert again == before


def refused_or_right(folders: Folders, home: Path, damage: Damage, tables_before: dict[str, bytes]) -> bool:
    """Whether a damaged folder is refused; else it is read as what was written."""
    folder = copied(folders[0], home / "damaged")
    damage.do(folder)
    try:
        found = tables(folder, home / "tables")
    except NoResultsError as refused:
        assert damage.file in str(refused) and str(folder) in str(refused), damage
        with pytest.raises(NoResultsError):
            compare(folders[1], folder)
        return True
    assert found == tables_before, damage
    return False


def some_damages(folders: Folders, home: Path, number: int) -> int:
    """Try so many; how many of them were refused."""
    before, refused = tables(folders[0], home / "before"), 0
    for each, damage in enumerate(damages(folders[1], number)):
        (home / str(each)).mkdir()
        refused += refused_or_right(folders, home / str(each), damage, before)
        shutil.rmtree(home / str(each))
    return refused


def test_damaged_results_are_refused_by_name_or_read_right(folders: Folders, tmp_path: Path) -> None:
    assert some_damages(folders, tmp_path, QUICK) > 0.9 * QUICK


@pytest.mark.slow
def test_any_of_a_thousand_damages_is_refused_by_name_or_read_right(folders: Folders, tmp_path: Path) -> None:
    assert 0.9 * MANY < some_damages(folders, tmp_path, MANY) <= MANY


@pytest.mark.parametrize("name", READ_AGAIN)
def test_a_byte_changed_in_any_stored_file_is_seen(damaged: Path, name: str) -> None:
    content = bytearray((damaged / name).read_bytes())
    content[len(content) // 2] ^= 1
    (damaged / name).write_bytes(content)
    with pytest.raises(NoResultsError, match=f"{name} was not written by this run.json"):
        read(damaged)


@pytest.mark.parametrize("name", READ_AGAIN)
def test_a_stored_file_of_another_run_is_seen(folders: Folders, damaged: Path, name: str) -> None:
    shutil.copy(folders[1] / name, damaged / name)
    with pytest.raises(NoResultsError, match=f"{name} was not written by this run.json"):
        read(damaged)


def test_the_record_of_another_run_is_seen(folders: Folders, damaged: Path) -> None:
    shutil.copy(folders[1] / RUN_FILE, damaged / RUN_FILE)
    with pytest.raises(NoResultsError, match=f"{STORED} was not written by this run.json"):
        read(damaged)


def people(told: dict[str, object]) -> None:
    told["people"] = -1


def seed(told: dict[str, object]) -> None:
    told["seed"] = told["study"]["seed"] = 77  # type: ignore[index]


def discount(told: dict[str, object]) -> None:
    told["study"]["discount_rate"] = 0.0  # type: ignore[index]


def name(told: dict[str, object]) -> None:
    told["study"]["name"] = "../../x"  # type: ignore[index]


@pytest.mark.parametrize("edit", [people, seed, discount, name])
def test_an_edited_record_is_refused(
    folders: Folders, damaged: Path, lbpsim: Lbpsim, edit: Callable[[dict[str, object]], None]
) -> None:
    told = json.loads((damaged / RUN_FILE).read_text(encoding="utf-8"))
    edit(told)
    (damaged / RUN_FILE).write_text(json.dumps(told), encoding="utf-8")
    for words in (("report", damaged), ("diff", damaged, folders[1]), ("diff", folders[1], damaged / RUN_FILE)):
        said = lbpsim(*words)
        assert said.status == 2 and "were not written by this run.json" in said.words, said


def test_doubled_totals_are_refused(damaged: Path) -> None:
    with np.load(damaged / STORED) as stored:
        sums = dict(stored)
    np.savez_compressed(damaged / STORED, **sums | {"totals": 2 * sums["totals"]})
    with pytest.raises(NoResultsError, match=f"{STORED} was not written by this run.json"):
        read(damaged)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("words", [(), ("--only", "burden"), ("--only", "ceac")])
def test_no_command_draws_from_damaged_results(
    damaged: Path, lbpsim: Lbpsim, file: str, words: tuple[str, ...]
) -> None:
    (damaged / file).write_bytes((damaged / file).read_bytes()[:-9])
    said = lbpsim("report", damaged, *words)
    assert said.status == 2 and file in said.words and "Traceback" not in said.err
    assert not (damaged / "charts").exists() and not (damaged / "tables").exists()
