"""Made-up results for the tests of tables and charts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lbpsim.outcomes.results import Results
from tests.report.synthetic import SHIPPED, many_policies, synthetic


@pytest.fixture(scope="session")
def results() -> Results:
    """The eleven shipped policies over ten years."""
    return synthetic()


@pytest.fixture(scope="session")
def alone() -> Results:
    """The comparator and nothing else, one replication, one year."""
    return synthetic(SHIPPED[:1], years=1, replications=1)


@pytest.fixture(scope="session")
def many() -> Results:
    """Seventeen policies, six of them a user's own with long and odd names."""
    return many_policies()


@pytest.fixture(scope="session")
def make() -> Callable[..., Results]:
    """Results of any policies, the first being the comparator."""
    return synthetic
