"""Equity: equivalents of a distribution, and health by fifth that adds up to the country's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.decision.equity import atkinson_ede, health_by_quintile, kolm_ede
from lbpsim.outcomes.results import Results

EVEN = np.ones(5)
LEVELS = st.lists(st.floats(0.5, 90.0), min_size=5, max_size=5).map(np.array)


@given(LEVELS, st.floats(0.0, 30.0))
def test_an_equivalent_lies_between_the_least_and_the_mean(
    levels: np.ndarray[tuple[int], np.dtype[np.float64]], aversion: float
) -> None:
    for ede in (atkinson_ede(levels, EVEN, aversion), kolm_ede(levels, EVEN, aversion / 100.0)):
        assert levels.min() * (1 - 1e-9) <= ede <= levels.mean() * (1 + 1e-9)


@given(LEVELS)
def test_without_aversion_it_is_the_mean(levels: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    assert atkinson_ede(levels, EVEN, 0.0) == pytest.approx(levels.mean())
    assert kolm_ede(levels, EVEN, 0.0) == pytest.approx(levels.mean())


def test_aversion_of_one_is_the_geometric_mean_and_joins_its_neighbours() -> None:
    levels = np.array([50.0, 60.0, 65.0, 70.0, 80.0])
    assert atkinson_ede(levels, EVEN, 1.0) == pytest.approx(np.exp(np.log(levels).mean()))
    assert atkinson_ede(levels, EVEN, 1.0) == pytest.approx(atkinson_ede(levels, EVEN, 1.0 + 1e-7), rel=1e-6)


def test_health_by_fifth_adds_up_to_the_country(eleven: Results) -> None:
    """TECH-VER, results: parts sum to totals."""
    threshold = 50_000.0
    health = health_by_quintile(eleven, threshold).groupby("scenario").sum(numeric_only=True)
    rows = eleven.incremental[eleven.incremental["discounted"]].set_index(["scenario", "outcome"])["difference"]
    for scenario in eleven.scenarios[1:]:
        assert health.loc[scenario, "gained"] == pytest.approx(rows[scenario, "qalys"], rel=1e-9, abs=1e-6)
        forgone = rows[scenario, "cost_health_system"] / threshold
        assert health.loc[scenario, "forgone"] == pytest.approx(forgone, rel=1e-9, abs=1e-6)
