"""The same question gives the same bytes: whatever the hash seed, the workers, the engine, or interruptions."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from lbpsim.commands.run import run_and_write
from lbpsim.commands.session import Session
from lbpsim.dsa.model_readings import with_switches
from lbpsim.outcomes.results import Results
from lbpsim.report.file_names import UNFINISHED
from lbpsim.report.outputs import decided
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.tables import write_tables
from lbpsim.simulation import run
from lbpsim.simulation.engines import COMPILED, SIMPY
from lbpsim.simulation.replication import PreparedStudy, ReplicationOutput
from lbpsim.simulation.run import PIECES, Progress, WorkUnit, checkpoint_of, fingerprint, run_study
from lbpsim.simulation.treated_and_untreated import with_treated
from lbpsim.study import Policy, Study
from tests.simulation.conftest import SCENARIOS, Cut

POLICIES = ("usual-care", "cft-rollout", "opioid-stewardship")
FILES = [str(SCENARIOS / f"{name}.yaml") for name in POLICIES]
SIZE = {"people": 30, "years": 3}
SILENT = Console(quiet=True)
Bytes = dict[str, bytes]


def command(out: Path, *options: str) -> list[str]:
    size = [text for name, value in SIZE.items() for text in (f"--{name}", str(value))]
    return [
        sys.executable,
        "-m",
        "lbpsim.cli",
        "run",
        *FILES,
        *size,
        "--draws",
        "0",
        "--quiet",
        "--out",
        str(out),
        *options,
    ]


def start(out: Path, *options: str, hash_seed: str = "0") -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    return subprocess.Popen(command(out, *options), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def tables(folder: Path) -> Bytes:
    return {file.name: file.read_bytes() for file in sorted((folder / "tables").iterdir())}


@pytest.fixture(scope="module")
def small(cut: Cut) -> Study:
    return cut(*POLICIES, **SIZE)


@pytest.fixture(scope="module")
def expected(small: Study, tmp_path_factory: pytest.TempPathFactory) -> Bytes:
    """Tables of the run that all others are compared with: the compiled engine, one worker, this process."""
    folder = tmp_path_factory.mktemp("expected")
    results = with_all_beside(run_study(small, workers=1))
    write_tables(results, folder / "tables", decided(results))
    return tables(folder)


def with_all_beside(results: Results) -> Results:
    """And what a run works out beside its policies: the table of treatments, and the headline's switches."""
    return with_switches(with_treated(results), workers=1)


# --- other processes -------------------------------------------------------------------------------------------------

TWINS = {
    "compiled, 1 worker": ("1", ("--workers", "1")),
    "compiled, 2 workers": ("2", ("--workers", "2")),
    "simpy, 1 worker": ("3", ("--engine", "simpy", "--workers", "1")),
    "simpy, 2 workers": ("random", ("--engine", "simpy", "--workers", "2")),
}


@pytest.mark.slow
@pytest.mark.parametrize("twin", TWINS)
def test_another_process_writes_the_same_bytes(twin: str, expected: Bytes, tmp_path: Path) -> None:
    hash_seed, options = TWINS[twin]
    process = start(tmp_path, *options, hash_seed=hash_seed)
    said, complained = process.communicate(timeout=300)
    assert process.returncode == 0, complained.decode()
    assert (said, complained) == (b"", b""), "--quiet says nothing"
    assert tables(tmp_path) == expected
    assert not (tmp_path / UNFINISHED).exists()
    told = json.loads((tmp_path / RUN_FILE).read_text(encoding="utf-8"))
    assert told["engine"] == twin.partition(",")[0]


ONLY_TABLES = """
import sys
from pathlib import Path
from lbpsim.report.outputs import decided
from lbpsim.report.tables import write_tables
from lbpsim.simulation.run import run_study
from lbpsim.simulation.treated_and_untreated import with_treated
from lbpsim.study import load
from lbpsim.dsa.model_readings import with_switches

files, people, years, out = sys.argv[1:-3], int(sys.argv[-3]), int(sys.argv[-2]), Path(sys.argv[-1])
results = run_study(load(files).with_changes(people=people, years=years), workers=2)
results = with_switches(with_treated(results), workers=2)
write_tables(results, out, decided(results))
"""


@pytest.mark.gate
def test_another_hash_seed_gives_the_same_bytes(expected: Bytes, tmp_path: Path) -> None:
    words = [*FILES, str(SIZE["people"]), str(SIZE["years"]), str(tmp_path / "tables")]
    environment = os.environ | {"PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-c", ONLY_TABLES, *words], env=environment, check=True, timeout=300)
    assert tables(tmp_path) == expected


@pytest.mark.slow
def test_a_killed_run_is_taken_up_again(expected: Bytes, tmp_path: Path) -> None:
    """SIGKILL leaves no time to tidy up: nothing looks whole, and --resume comes to the same bytes."""
    process = start(tmp_path, "--engine", "simpy", "--workers", "1")
    finished = wait_for_pieces(process, tmp_path / UNFINISHED)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / RUN_FILE).exists()
    assert not (tmp_path / "tables").exists()
    kept = {file.name: file.stat().st_mtime_ns for file in pieces_in(tmp_path / UNFINISHED)}
    assert len(kept) >= finished > 0
    again = start(tmp_path, "--resume")
    _, complained = again.communicate(timeout=300)
    assert again.returncode == 0, complained.decode()
    assert tables(tmp_path) == expected
    assert (tmp_path / RUN_FILE).exists() and not (tmp_path / UNFINISHED).exists()


def pieces_in(home: Path) -> list[Path]:
    return sorted(home.rglob("*.kept"))


def wait_for_pieces(process: subprocess.Popen[bytes], home: Path) -> int:
    deadline = time.monotonic() + 240.0
    while not pieces_in(home):
        assert process.poll() is None and time.monotonic() < deadline, "the run ended before it could be killed"
        time.sleep(0.005)
    return len(pieces_in(home))


# --- the same process ------------------------------------------------------------------------------------------------


@pytest.mark.gate
@pytest.mark.usefixtures("no_charts")
def test_a_run_is_repeated_from_its_file(expected: Bytes, small: Study, tmp_path: Path) -> None:
    run_and_write(small, Session(tmp_path / "first", SILENT, quiet=True), workers=2)
    told = json.loads((tmp_path / "first" / RUN_FILE).read_text(encoding="utf-8"))
    again = Study.from_resolved(told["study"])
    assert fingerprint(again) == fingerprint(small)
    results = with_all_beside(run_study(again, workers=1))
    write_tables(results, tmp_path / "second" / "tables", decided(results))
    assert tables(tmp_path / "first") == tables(tmp_path / "second") == expected


def test_either_engine_and_any_workers_give_the_same_sums(small: Study) -> None:
    results = [
        run_study(small, engine=engine, workers=workers)
        for engine, workers in ((COMPILED, 1), (COMPILED, 5), (SIMPY, 1))
    ]
    for other in results[1:]:
        assert np.array_equal(results[0].totals, other.totals)
        assert results[0].events == other.events > 0


def test_a_policy_comes_out_the_same_whoever_runs_beside_it(small: Study, cut: Cut) -> None:
    alone = run_study(cut("usual-care", "opioid-stewardship", **SIZE), workers=1)
    assert np.array_equal(alone.totals, run_study(small, workers=1).totals[[0, 2]])


class Interrupted:
    """Simulates as a run does, counts the pieces of a study, and after some of them is interrupted.

    What a run works out beside its policies is of other studies, and is not counted.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, study: Study, after: float = float("inf")) -> None:
        self.pieces: list[int] = []
        self.study = study
        self.after, self.real = after, PreparedStudy.simulate_all

        def simulate_all(prepared_study: PreparedStudy, *given: Any, **options: Any) -> list[ReplicationOutput]:
            return self.simulate_all(prepared_study, *given, **options)

        monkeypatch.setattr(PreparedStudy, "simulate_all", simulate_all)

    def simulate_all(
        self, prepared_study: PreparedStudy, policies: Sequence[Policy], number: int, **options: Any
    ) -> list[ReplicationOutput]:
        if len(self.pieces) >= self.after:
            raise KeyboardInterrupt
        if prepared_study.study == self.study:
            self.pieces.append(number)
        return self.real(prepared_study, policies, number, **options)


@pytest.fixture
def interrupted(small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, int]]:
    """A run interrupted after seven pieces."""
    with monkeypatch.context() as patch:
        Interrupted(patch, small, after=7)
        with pytest.raises(KeyboardInterrupt):
            run_and_write(small, Session(tmp_path, SILENT, quiet=True), workers=1)
    yield tmp_path, 7


def test_an_interrupted_run_does_not_look_whole(interrupted: tuple[Path, int]) -> None:
    folder, done = interrupted
    assert [path.name for path in folder.iterdir()] == [UNFINISHED]
    assert len(pieces_in(folder)) == done


@pytest.mark.gate
@pytest.mark.usefixtures("no_charts")
def test_resuming_reuses_finished_pieces(
    interrupted: tuple[Path, int], small: Study, expected: Bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, done = interrupted
    rest = Interrupted(monkeypatch, small)
    said = Console(file=io.StringIO())
    run_and_write(small, Session(folder, said, resume=True), workers=1)
    assert "no unfinished work" not in said.file.getvalue()
    everything = small.replications
    assert len(rest.pieces) == everything - done
    assert tables(folder) == expected


@pytest.mark.gate
@pytest.mark.usefixtures("no_charts")
def test_without_resume_everything_is_done_again(
    interrupted: tuple[Path, int], small: Study, expected: Bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = interrupted
    again = Interrupted(monkeypatch, small)
    run_and_write(small, Session(folder, SILENT, quiet=True), workers=1)
    assert len(again.pieces) == small.replications
    assert tables(folder) == expected


@pytest.mark.gate
@pytest.mark.usefixtures("no_charts")
def test_pieces_of_other_inputs_are_not_taken_up(
    interrupted: tuple[Path, int], cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = interrupted
    other = cut(*POLICIES, **SIZE, seed=7)
    again = Interrupted(monkeypatch, other)
    run_and_write(other, Session(folder, SILENT, quiet=True, resume=True), workers=1)
    assert len(again.pieces) == other.replications


def test_half_a_piece_is_not_taken_for_a_whole_one(small: Study, tmp_path: Path) -> None:
    """A piece appears by a rename; what a killed run leaves of one has another name."""
    (tmp_path / fingerprint(small)).mkdir()
    (tmp_path / fingerprint(small) / "0000-000-001.kept.1234.part").write_bytes(b"PK half")
    assert checkpoint_of(tmp_path, small).load(PIECES.name(WorkUnit(0))) is None


@pytest.mark.gate
@pytest.mark.usefixtures("no_charts")
def test_a_run_that_fails_while_writing_leaves_the_outputs_before_it_whole(
    small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_and_write(small, Session(tmp_path, SILENT, quiet=True), workers=1)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert tmp_path / RUN_FILE in before

    def fails(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lbpsim.report.outputs.write_tables", fails)
    with pytest.raises(OSError, match="No space left"):
        run_and_write(small, Session(tmp_path, SILENT, quiet=True), workers=1)
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".kept"}
    assert kept == before


# --- progress and shape ----------------------------------------------------------------------------------------------


def test_progress_is_told_piece_by_piece(small: Study) -> None:
    told: list[Progress] = []
    results: Results = run_study(small, workers=2, tell=told.append)
    everything = small.replications
    assert [now.done for now in told] == list(range(1, everything + 1))
    assert {now.pieces for now in told} == {everything}
    assert {now.title for now in told} == {f"part {n} of the people, of 20" for n in range(1, 21)}
    assert told[-1].person_years == told[-1].all_person_years == 30 * 3 * len(POLICIES)
    assert results.events > 0


def test_a_fingerprint_knows_inputs_and_code(small: Study, cut: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = fingerprint(small)
    assert fingerprint(cut(*POLICIES, **SIZE)) == mine
    assert fingerprint(cut(*POLICIES, **SIZE, assume={"cft.uptake": 0.5})) != mine
    assert fingerprint(cut(*POLICIES, people=31, years=3)) != mine
    monkeypatch.setattr(run, "version", lambda: "other code")
    assert fingerprint(small) != mine
