"""The study's years, what lies beyond them, and both: they add up, and nothing is counted twice."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lbpsim.outcomes.lifetime import BEYOND, LIFETIME, OVER_A_LIFETIME, WITHIN
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.simulation.run import run_study
from tests.pathways.small_country import BUSY, FREQUENT, USUAL_CARE, study


@pytest.fixture(scope="module")
def results() -> Results:
    asked = study(USUAL_CARE, BUSY, people=400, years=3, replications=4, assume=FREQUENT, follow="lifetime")
    return run_study(asked, workers=1)


def part(frame: pd.DataFrame, name: str, value: str = "value") -> pd.Series:
    rows = frame[frame["part"] == name]
    return rows.set_index(["scenario", "outcome", "discounted"])[value]


FLOWS = [name for name in OVER_A_LIFETIME if OUTCOMES[name].nature == "flow"]


@pytest.mark.parametrize(("table", "value"), [("lifetime_summary", "value"), ("lifetime_incremental", "difference")])
def test_the_study_s_years_and_what_lies_beyond_add_up_to_the_lifetime(
    results: Results, table: str, value: str
) -> None:
    within, beyond, whole = (part(getattr(results, table), name, value) for name in (WITHIN, BEYOND, LIFETIME))
    mine = within.index.get_level_values("outcome").isin(FLOWS)
    assert mine.sum() > 100
    np.testing.assert_allclose((within + beyond)[mine], whole[mine], rtol=1e-9, atol=1e-3)


def test_the_study_s_years_are_those_of_the_summary(results: Results) -> None:
    summary = results.summary.set_index(["scenario", "outcome", "discounted"])["value"]
    within = part(results.lifetime_summary, WITHIN)
    pd.testing.assert_series_equal(within, summary.loc[within.index], check_names=False, rtol=1e-9)


def test_what_deaths_cost_beyond_the_study_is_not_counted_where_it_is_lived(results: Results) -> None:
    assert not {"qalys_beyond", "qalys_with_beyond", "ylls_beyond", "dalys_with_beyond"} & set(OVER_A_LIFETIME)
    assert {"qalys", "dalys", "ylls", "cost_societal", "rmdq_mean"} < set(OVER_A_LIFETIME)


def test_years_lost_beyond_by_deaths_within_stand_beyond(results: Results) -> None:
    """Without them, what is beyond is only lost by those who die there."""
    assert results.beyond is not None
    nothing = dataclasses.replace(results, beyond=np.zeros_like(results.beyond))
    summary = results.summary.set_index(["scenario", "outcome", "discounted"])["value"]
    beyond = part(nothing.lifetime_summary, BEYOND)
    for scenario in results.scenarios:
        expected = summary[scenario, "ylls_beyond", False]
        assert beyond[scenario, "ylls", False] == pytest.approx(expected, rel=1e-9)
        assert beyond[scenario, "dalys", False] == pytest.approx(expected, rel=1e-9)
        assert expected > 0.0


def test_there_are_no_rows_where_nobody_is_followed(results: Results) -> None:
    short = dataclasses.replace(results, beyond=None)
    for name in ("lifetime_summary", "lifetime_incremental"):
        assert getattr(short, name).empty
        assert list(getattr(short, name).columns) == list(getattr(results, name).columns)
