"""What charts draw, against the tables."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lbpsim.outcomes.estimate import interval_factor
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.series import difference, expected, yearly, yearly_difference
from tests.report.charts.spreading import with_draws


def test_interval_is_students() -> None:
    assert interval_factor(20) == pytest.approx(stats.t.ppf(0.975, 19))
    assert interval_factor(100_000) == pytest.approx(1.96, abs=1e-3)
    assert interval_factor(1) == 0.0


def test_yearly_figures_are_the_tables(results: Results) -> None:
    rows = results.yearly.query("scenario == 'cft-rollout' and outcome == 'ylds'")
    series = yearly(results, "ylds")["cft-rollout"]
    np.testing.assert_array_equal(series.value, rows["value"])
    np.testing.assert_allclose(series.high - series.low, 2 * interval_factor(20) * rows["mcse"])


def test_differences_sum_to_the_horizon(results: Results) -> None:
    by_year, whole = yearly_difference(results, "ylds"), difference(results, "ylds", discounted=False)
    assert set(by_year) == set(results.scenarios[1:])
    for name, each in by_year.items():
        assert float(each.value.sum()) == pytest.approx(whole[name].value)
        assert (-whole[name]).value == -whole[name].value
        np.testing.assert_array_equal((-each).value, -each.value)


def test_one_replication_has_no_interval(alone: Results) -> None:
    assert yearly(alone, "ylds")["usual-care"].half_width == pytest.approx([0.0])


def test_with_draws_charts_tell_means_over_draws_and_without_them_central_figures(results: Results) -> None:
    unsure, few = with_draws(results), with_draws(results, 10)
    found = expected(unsure, "ylds", discounted=False)["cft-rollout"]
    values = unsure.draws.yearly[..., unsure.draws.yearly_outcomes.index("ylds")].sum(axis=2)
    assert found.value == pytest.approx((values[:, 1] - values[:, 0]).mean()) and found.low < found.value < found.high
    assert expected(results, "ylds", discounted=False) == difference(results, "ylds", discounted=False)
    assert expected(few, "ylds", discounted=False) == difference(results, "ylds", discounted=False), "too few draws"
