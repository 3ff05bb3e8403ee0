"""Where nothing is compiled, a second process compiles the engine, and nobody runs it before that has ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lbpsim.engine import compiled_engine, numba_cache
from lbpsim.pathways import life
from lbpsim.simulation import cohort_follow_up, compile_engine
from lbpsim.simulation.engines import MODEL
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.trace import relive
from lbpsim.simulation.treated_and_untreated import treat_a_thousand
from tests.pathways.small_country import study


class Compiler:
    """Stands for a process that ends when it has been asked `looks` times; counts how often it was asked."""

    def __init__(self, command: list[str], looks: int = 0, **how: Any) -> None:
        self.command, self.looks, self.asked = command, looks, 0

    def poll(self) -> int | None:
        self.asked += 1
        return 0 if self.asked > self.looks else None


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


def _simulate() -> None:
    small = PreparedStudy(study())
    small.simulate(small.study.policies[0], 0)


@pytest.mark.parametrize(
    ("needed", "looks"),
    [pytest.param([True, True, False], 9, id="compiled"), pytest.param([True] * 9, 2, id="its compiler has ended")],
)
def test_the_engine_is_waited_for_until(
    needed: list[bool], looks: int, compilers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = iter(needed)
    monkeypatch.setattr(compiled_engine, "needs_compiling", lambda model: next(found))
    compilers.append(compiler := Compiler([], looks=looks))
    _simulate()
    assert compiler.asked == 3


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
    """It asks for rules with the very types of a run: so here, where all that was run, there is nothing to compile."""
    small = PreparedStudy(study())
    usual = small.study.policies[0]
    small.simulate(usual, 0)
    relive(small, usual, small.persons(0)[[0]], compile_engine.ONE_OF_EACH)
    treat_a_thousand(small.study)
    called = compiled_engine.bind(MODEL).run, cohort_follow_up.enrol, cohort_follow_up.accumulated_outcomes, life.enter
    before = [list(rule.signatures) for rule in called]
    compile_engine.compile_engine()
    assert [list(rule.signatures) for rule in called] == before
    subprocess.run([sys.executable, "-m", compile_engine.__name__], check=True, cwd=Path(__file__).parents[2])
