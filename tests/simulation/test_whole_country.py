"""Everybody with chronic low back pain, one to one, against the sample of the shipped study."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lbpsim.outcomes.results import Results
from lbpsim.simulation.run import run_study
from lbpsim.study import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
COMPARED = ("usual-care", "cft-rollout")
OUTCOMES = (
    *("qalys", "ylds", "deaths", "cost_health_system", "cost_societal", "cost_lost_work", "consultations", "flares"),
    *("cft_courses", "cft_sessions", "cft_left_list", "cft_still_waiting", "opioid_years", "surgeries"),
    *("employed_years",),
)


def run(people: int | str) -> Results:
    """The shipped study with two policies; waiting lists of the rollout are full."""
    study = load([SCENARIOS]).with_changes(people=people)
    return run_study(dataclasses.replace(study, policies=tuple(p for p in study.policies if p.name in COMPARED)))


def distances(sample: pd.DataFrame, whole: pd.DataFrame, figure: str) -> pd.Series[float]:
    """How far the sample is from the whole country, in standard errors of that difference."""
    chosen = sample["outcome"].isin(OUTCOMES) & (sample["mcse"] > 0.0)
    error = np.hypot(sample["mcse"], whole["mcse"])
    return ((sample[figure] - whole[figure]) / error)[chosen]


@pytest.mark.slow
def test_the_whole_country_agrees_with_the_sample_within_its_stated_error() -> None:
    """False-alarm rate about 0.01: some ninety figures, many of them tied, none beyond 4 standard errors."""
    sample, whole = run(140_000), run("all")
    assert whole.people == round(whole.country_cases)
    tables = ((sample.summary, whole.summary, "value"), (sample.incremental, whole.incremental, "difference"))
    for small, large, figure in tables:
        away = distances(small, large, figure)
        assert len(away) >= len(OUTCOMES)
        assert away.abs().max() < 4.0
        assert (away.abs() < 2.0).mean() > 0.8
