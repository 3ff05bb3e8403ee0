from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lbpsim.outcomes.people_treated import MEASURES
from lbpsim.report.narrative.people import counted
from tests.report.narrative.made_up import ROLLOUT, made, with_draws


def test_people_are_those_of_the_table_with_monte_carlo_error() -> None:
    results = made((ROLLOUT, {"cft_first_courses": (5e5, 1e4)}))
    found = counted(results, ROLLOUT.name, "people_treated")
    assert found.value == pytest.approx(1.5e6, rel=1e-3)
    assert found.source == "Monte Carlo" and found.clear
    assert counted(results, ROLLOUT.name, "people_treated", "2030").value == pytest.approx(1.5e5, rel=1e-3)


def test_with_draws_their_mean_and_interval_stand_in_its_place() -> None:
    results = with_draws(made((ROLLOUT, {})), {}, number=100)
    treated = np.zeros((100, 2, len(results.years) + 1, len(MEASURES)))
    treated[..., MEASURES.index("people_treated")] = np.linspace(100.0, 300.0, 100)[:, None, None]
    draws = dataclasses.replace(results.draws, treated=treated, treated_noise=np.zeros_like(treated))
    found = counted(dataclasses.replace(results, draws=draws), ROLLOUT.name, "people_treated")
    assert (found.value, found.source) == (pytest.approx(200.0), "parameters")
    assert (found.low, found.high) == (pytest.approx(105.0), pytest.approx(295.0))
