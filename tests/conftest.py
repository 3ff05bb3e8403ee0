"""Runs that several tests look at, made once."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
import typer.main
from hypothesis import settings

from lbpsim.outcomes.lives import Portrait
from lbpsim.outcomes.results import Results
from lbpsim.report import charts, processes
from lbpsim.report.file_names import PAGE_FILE
from lbpsim.simulation.portraits import portraits
from lbpsim.simulation.run import run_study
from lbpsim.study import Study
from tests.cli_runner import Lbpsim, command_line
from tests.pathways.small_country import BUSY, FREQUENT, Lives, live, shipped, study
from tests.report import galleries

gc.disable()  # while tests are found: what is made then stays

# No deadline: the first call of a rule loads or compiles it.
settings.register_profile("quick", deadline=None, derandomize=True, max_examples=25)  # the same examples every time
settings.register_profile("explore", deadline=None, max_examples=200)  # `make verify`: others every time
settings.load_profile("quick")
PRINTED = charts.RESOLUTION  # dots per inch of what users get
COARSE = 30


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """From here on garbage is looked for, not among modules and tests, and seldomer: it took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def quick_package() -> Iterator[None]:
    """What takes time in every test and is looked at in none.

    Pictures have few dots. The command line is put together once, as in a process of its own. Files need not have
    reached the disk.
    """
    charts.RESOLUTION = COARSE
    processes.MOST = 1  # what tests change of the package, others would not know
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture
def lbpsim(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lbpsim:
    """Runs the command line in this process, as `lbpsim ...` would."""
    return command_line(monkeypatch, capsys)


@pytest.fixture
def few_charts() -> Iterator[None]:
    """Runs draw few charts."""
    with galleries.few_charts():
        yield


@pytest.fixture
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs draw nothing: charts, page and workbook take most of the time of a small run, and have their tests."""
    monkeypatch.setattr("lbpsim.report.outputs.write_charts", lambda *_, **__: ())
    monkeypatch.setattr("lbpsim.report.outputs.write_workbook", lambda *_: None)
    for caller in ("api", "simulation.portraits"):
        monkeypatch.setattr(f"lbpsim.{caller}.portraits", lambda _: ())
    monkeypatch.setattr(
        "lbpsim.report.outputs.write_page",
        lambda _, __, folder, into=None: ((into or folder) / PAGE_FILE).write_text("", encoding="utf-8"),
    )


@pytest.fixture(scope="session")
def eleven() -> Results:
    """The shipped study, all eleven policies, with few people."""
    return run_study(shipped().with_changes(people=2000, replications=4), workers=1)


@pytest.fixture(scope="session")
def rollout() -> Study:
    """The shipped rollout of CFT beside usual care, small."""
    whole = shipped()
    policies = tuple(whole.policy(name) for name in ("usual-care", "cft-rollout"))
    return replace(whole, policies=policies, years=6, people=3000, replications=2)


@pytest.fixture(scope="session")
def pictured(rollout: Study) -> tuple[Portrait, ...]:
    """People to whom it means different things, with their lives."""
    return portraits(rollout)


@pytest.fixture(scope="session")
def busy() -> Lives:
    """A country in which everything happens to somebody, with everybody's events."""
    return live(study(BUSY, people=3000, assume=FREQUENT), watch=True)


@pytest.fixture(scope="session")
def usual_care_for_20_years() -> Results:
    """Usual care alone, 20 years."""
    asked = study(people=24_000, years=20, replications=12)
    return run_study(asked, workers=1)


@pytest.fixture(scope="session")
def still_for_20_years() -> Results:
    """The same in a population that is held still."""
    asked = study(people=60_000, years=20, replications=12, options={"population": "still"})
    return run_study(asked, workers=1)
