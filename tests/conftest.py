"""Runs that several tests look at, made once."""

from __future__ import annotations

import pytest
from hypothesis import settings

from lbpsim.outcomes.results import Results
from lbpsim.report import charts
from lbpsim.simulation.runs import run_study
from tests.commands import Lbpsim, command_line
from tests.pathways.small_country import BUSY, FREQUENT, Lives, live, shipped, study

settings.register_profile("no deadline", deadline=None)  # the first call of a rule loads or compiles it
settings.load_profile("no deadline")
PRINTED = charts.RESOLUTION  # dots per inch of what users get
COARSE = 30


@pytest.fixture(scope="session", autouse=True)
def coarse_pictures() -> None:
    """Pictures in tests have few dots: nobody looks at them, and they take most of the time."""
    charts.RESOLUTION = COARSE


@pytest.fixture
def lbpsim(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lbpsim:
    """Runs the command line in this process, as `lbpsim ...` would."""
    return command_line(monkeypatch, capsys)


@pytest.fixture(scope="session")
def eleven() -> Results:
    """The shipped study, all eleven policies, with few people."""
    return run_study(shipped().with_changes(people=2000, replications=4), workers=1)


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
