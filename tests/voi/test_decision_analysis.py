"""The decision layer in one call."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lbpsim.outcomes.results import Results
from lbpsim.voi.decision_analysis import decide
from tests.cea.made_up import made_up


def test_without_draws_there_is_no_uncertainty(eleven: Results) -> None:
    assert list(decide(eleven).tables) == ["budget", "budget_periods", "capacity", "net_health", "equity"]


@pytest.mark.gate
def test_with_draws_there_is_everything(eleven: Results) -> None:
    draws = dataclasses.replace(made_up(40), scenarios=eleven.scenarios[:4])
    found = decide(eleven, draws, thresholds=(50_000.0,), choices=eleven.scenarios[:3])
    assert list(found.tables) == ["budget", "budget_periods", "capacity", "net_health", "equity", "ceac", "voi"]
    assert found.ceac is not None and found.voi is not None
    assert set(found.voi["threshold"]) == {50_000.0}
    assert 0.0 in set(found.ceac["threshold"])
    assert found.choices == eleven.scenarios[:3]
    assert set(found.ceac["scenario"]) == set(found.choices)
    assert found.draws == 40


def test_the_lowest_threshold_is_what_health_costs_elsewhere(eleven: Results) -> None:
    assert set(decide(eleven).health["threshold"]) == {min(eleven.study.thresholds)}
    other = decide(eleven, opportunity_cost=10_000.0).health
    assert set(other["threshold"]) == {10_000.0}
    assert not np.allclose(other["forgone"], decide(eleven).health["forgone"])
