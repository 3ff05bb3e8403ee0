"""Where nothing is compiled, a second process compiles the engine, and nobody runs it before that has ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lbpsim.engine import compiled_engine, numba_cache
from lbpsim.engine.numba_cache import FOLDER
from lbpsim.simulation import compile_engine
from lbpsim.simulation.engines import MODEL
from lbpsim.simulation.replication import PreparedStudy
from tests.pathways.small_country import study


class Compiler:
    """Stands for a process; counts how often it is waited for."""

    def __init__(self, command: list[str], **how: Any) -> None:
        self.command, self.waited = command, 0

    def wait(self) -> None:
        self.waited += 1


@pytest.fixture
def compilers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []
    monkeypatch.setattr(compiled_engine, "COMPILERS", found)
    return found


def test_a_second_process_is_started_where_it_is_of_use(compilers: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", Compiler)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    compile_engine.start()
    assert not compilers
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with monkeypatch.context() as change:
        change.setattr(numba_cache, "FOLDER", Path("/tmp/lbpsim-private"))
        compile_engine.start()
        assert not compilers, "what it compiles would not be found"
    compile_engine.start()
    assert [each.command[1:] for each in compilers] == [["-m", "lbpsim.simulation.compile_engine"]]


def test_the_engine_runs_when_it_has_been_compiled(compilers: list[Any]) -> None:
    compilers.append(Compiler([]))
    small = PreparedStudy(study())
    small.simulate(small.study.policies[0], 0)
    assert compilers[0].waited == 1


def test_a_process_that_cannot_be_started_is_done_without(
    compilers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: Any, **__: Any) -> None:
        raise BlockingIOError

    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", none_left)
    compile_engine.start()
    assert not compilers


def test_the_process_compiles_what_a_run_then_loads() -> None:
    """It asks for the engine with the very types of a run: so here, where it was run, there is nothing to compile."""
    small = PreparedStudy(study())
    small.simulate(small.study.policies[0], 0)
    before = sorted(FOLDER.rglob("*.nbc"))
    subprocess.run([sys.executable, "-m", compile_engine.__name__], check=True, cwd=Path(__file__).parents[2])
    assert sorted(FOLDER.rglob("*.nbc")) == before
    engine = compiled_engine.bind(MODEL).run
    compile_engine.compile_engine()
    assert len(engine.signatures) == 1
