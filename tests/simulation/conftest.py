"""The shipped study, cut down to the people, years and policies that a test needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lbpsim.study import Study, load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
Cut = Callable[..., Study]


@pytest.fixture(scope="session")
def shipped() -> Study:
    """The study that ships, with its eleven policies."""
    return load(SCENARIOS)


@pytest.fixture(scope="session")
def cut(shipped: Study) -> Cut:
    """The shipped study with some of its policies, people, years, replications or seed; assumptions by keyword."""

    def make(*names: str, assume: dict[str, float] | None = None, **changes: int) -> Study:
        study = shipped.with_changes(**changes)
        policies = tuple(study.policy(name) for name in names) or study.policies
        return replace(study, policies=policies, assume=assume or {})

    return make
