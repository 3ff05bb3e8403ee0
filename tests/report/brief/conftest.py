"""Results from which briefs are made: of a study like the shipped one, with draws that differ by year, and without."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lbpsim.outcomes.draws import BANDED, ProbabilisticResults
from lbpsim.outcomes.results import Results
from tests.report.decided import drawn
from tests.report.synthetic import switched, synthetic


@pytest.fixture(scope="session")
def plain() -> Results:
    """Eleven policies, without draws."""
    results = synthetic(years=10, replications=6)
    return replace(results, switches=switched(results))


@pytest.fixture(scope="session")
def with_draws(plain: Results) -> ProbabilisticResults:
    """The same with draws; what is averted by year follows the gain of each draw."""
    draws = drawn(plain, 120)
    gains = draws.of("qalys")[:, :, None] * np.linspace(0.0, 0.2, len(plain.years))
    yearly = draws.yearly.copy()
    yearly[..., BANDED.index("ylds")] = 3.0e5 - gains
    return ProbabilisticResults.join(plain, replace(draws, yearly=yearly))
