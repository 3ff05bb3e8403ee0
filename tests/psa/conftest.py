"""A small study whose draws take a fraction of a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lbpsim.outcomes.draws import DrawResults
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.run import run_draws
from lbpsim.report.psa_files import FILES, write_draws
from lbpsim.study import Study
from tests.pathways.small_country import shipped

POLICIES = ("usual-care", "cft-rollout", "opioid-stewardship")
DRAWS, PEOPLE = 12, 60
Bytes = dict[str, bytes]


@pytest.fixture(scope="session")
def small() -> Study:
    """Three policies, three years."""
    whole = shipped()
    return replace(whole, policies=tuple(whole.policy(name) for name in POLICIES), years=3, people=600, replications=4)


@pytest.fixture(scope="session")
def twelve(small: Study) -> DrawResults:
    """Twelve draws of the small study, by one thread."""
    return run_draws(small, DrawRequest(draws=DRAWS, people=PEOPLE), workers=1)


@pytest.fixture(scope="session")
def as_bytes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[DrawResults], Bytes]:
    """The files of some draws, by name."""

    def written(draws: DrawResults) -> Bytes:
        folder = tmp_path_factory.mktemp("draws")
        write_draws(draws, folder)
        return stored(folder)

    return written


def stored(folder: Path) -> Bytes:
    """The files of draws in a folder, by name."""
    return {name: (folder / name).read_bytes() for name in FILES}
