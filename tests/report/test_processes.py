"""Processes that write a report: the same bytes however many there are, and what goes wrong in one is told."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lbpsim.outcomes.results import Results
from lbpsim.report import outputs, processes
from lbpsim.report.charts.drawing import write_charts
from lbpsim.report.charts.styles import PRINT, STYLES
from lbpsim.report.processes import handed, started
from lbpsim.simulation.workers import ClusterError, Here
from tests.report.synthetic import SHIPPED, synthetic

CHARTS = ("burden", "costs")


@pytest.fixture(scope="module")
def results() -> Results:
    return synthetic(SHIPPED[:3], years=3)


@pytest.fixture(scope="module")
def two() -> Executor:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "MOST", 2)
        patch.setattr("os.cpu_count", lambda: 2)
        with started(2) as pool:
            yield pool


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_process_is_this_one() -> None:
    with started(1) as pool:
        assert isinstance(pool, Here) and pool.submit(os.getpid).result() == os.getpid()


def test_nobody_waits_for_the_first_process_to_load_what_all_need(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, loaded = threading.Event(), threading.Event()

    class SlowPool(Here):
        def __init__(self, *_: object, **__: object) -> None: ...

        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            asked.set()
            assert loaded.wait(60)
            return Future()

    monkeypatch.setattr(processes, "ProcessPoolExecutor", SlowPool)
    monkeypatch.setattr(processes, "MOST", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with started(2):
        assert asked.wait(60) and not loaded.is_set()
        loaded.set()


def test_processes_are_waited_for_only_where_all_went_well(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[bool] = []

    class Pool(Here):
        def __init__(self, *_: object, **__: object) -> None: ...

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            assert cancel_futures
            waited.append(wait)

    monkeypatch.setattr(processes, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(processes, "MOST", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with pytest.raises(KeyboardInterrupt), started(2):
        raise KeyboardInterrupt
    assert waited == [False]
    with started(2):
        pass
    assert waited[1] is True


@pytest.mark.gate
def test_charts_are_the_same_whoever_draws_them(two: Executor, results: Results, tmp_path: Path) -> None:
    assert isinstance(two, ProcessPoolExecutor) and two.submit(os.getpid).result() != os.getpid()
    for style in STYLES.values():
        for name, pool in (("one", None), ("two", two)):
            made = write_charts(results, None, tmp_path / name, only=CHARTS, style=style, pool=pool)
            assert [chart.name for chart in made] == list(CHARTS)
        assert len(_files(tmp_path / "one")) == 2 * len(CHARTS)
        assert _files(tmp_path / "one") == _files(tmp_path / "two"), style.name


@pytest.mark.gate
def test_tables_page_and_workbook_are_the_same_whoever_writes_them(
    two: Executor, results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "write_charts", lambda *_, **__: ())
    for name, pool in (("one", None), ("two", two)):
        (tmp_path / name).mkdir()
        outputs._write(results, outputs.decided(results), tmp_path / name, None, pool=pool)
    assert {"report.html", "results.xlsx", "tables/outcomes.csv"} <= set(_files(tmp_path / "one"))
    assert _files(tmp_path / "one") == _files(tmp_path / "two")


@pytest.mark.gate
def test_what_goes_wrong_in_a_process_is_raised(two: Executor, results: Results, tmp_path: Path) -> None:
    (tmp_path / "charts").write_text("a file: nothing can be written into it")
    with pytest.raises(OSError, match="charts"):
        write_charts(results, None, tmp_path / "charts", only=CHARTS, style=PRINT, pool=two)


@pytest.mark.gate
def test_an_interruption_is_left_to_the_main_process(two: Executor) -> None:
    for child in multiprocessing.active_children():
        os.kill(child.pid, signal.SIGINT)  # type: ignore[arg-type]
    assert two.submit(os.getpid).result() != os.getpid()


@pytest.mark.gate
def test_what_is_handed_to_processes_is_sent_once(two: Executor) -> None:
    with handed(two, {"large": 1}) as ask:
        assert two.submit(ask).result() == {"large": 1}
        (path,) = ask.args  # type: ignore[attr-defined]
        assert path.exists()
    assert not path.exists()


@pytest.mark.gate
def test_a_process_that_was_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "MOST", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with pytest.raises(ClusterError, match="ended from outside"), started(2) as pool:
        pool.submit(os._exit, 1).result()
