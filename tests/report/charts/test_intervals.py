"""Intervals from parameters: what they say, when they are silent, that they are no Monte Carlo intervals."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from lbpsim.outcomes.draws import BANDED
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import burden, costs, pain_impact, waiting
from lbpsim.report.charts.intervals import differences, end_bars, levels, reach
from lbpsim.report.charts.page import source_line
from tests.report.charts.spreading import ALWAYS_NOISY, with_draws


def test_levels_hold_the_middle_of_the_draws(results: Results) -> None:
    unsure = with_draws(results)
    found = levels(unsure, "ylds")
    assert tuple(found) == results.scenarios
    middle = unsure.draws.yearly[:, 1, :, BANDED.index("ylds")].mean(axis=0)
    assert (found["cft-rollout"].low < middle).all() and (middle < found["cft-rollout"].high).all()


def test_differences_are_paired_and_leave_the_comparator_out(results: Results) -> None:
    unsure = with_draws(results)
    found = differences(unsure, "ylds")
    assert tuple(found) == results.scenarios[1:]
    values = unsure.draws.yearly[..., BANDED.index("ylds")]
    gap = values[:, 1] - values[:, 0]
    assert found["cft-rollout"].low == pytest.approx(np.quantile(gap, 0.025, axis=0), rel=0.05)


def test_without_draws_there_is_none(results: Results) -> None:
    assert levels(results, "ylds") == {} and differences(results, "ylds") == {}
    assert levels(with_draws(results), "absence_hours") == {}  # draws do not keep it by year


def test_of_draws_lost_in_noise_nothing_is_said(results: Results) -> None:
    found = levels(with_draws(results), ALWAYS_NOISY)
    assert np.isnan(found["usual-care"].low).all()
    assert reach(found) == 0.0


def test_reach_is_the_farthest_end() -> None:
    one = Estimate(np.zeros(2), np.array([-5.0, np.nan]), np.array([2.0, 3.0]))
    assert reach({"a": one, "b": -one}) == 5.0
    assert (-one).low.tolist() == [-2.0, -3.0]


def test_bars_make_room_at_the_right(results: Results) -> None:
    axes = Figure().subplots()
    axes.set_xlim(2026.0, 2035.0)
    end_bars(axes, results, {})
    assert axes.get_xlim() == (2026.0, 2035.0)
    end_bars(axes, results, levels(with_draws(results), "ylds"))
    assert len(axes.lines) == len(results.scenarios) and axes.get_xlim()[1] > 2035.0


def test_the_source_line_tells_both_kinds_of_interval_apart(results: Results) -> None:
    line = source_line(with_draws(results), "bands", "bars")
    assert "; bands: 95% Monte Carlo interval; bars: 95% interval from parameters alone, 60 draws of 2,600" in line
    assert "parameters" not in source_line(results, "bands", "bars")
    assert "60 draws" not in source_line(with_draws(results), "bands")
    assert source_line(with_draws(results), drawn=True).endswith("; 60 draws of 2,600 people each.")


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (burden.draw, "bars right"),
        pytest.param(pain_impact.draw, "whiskers", marks=pytest.mark.gate),
        pytest.param(costs.draw, "whiskers", marks=pytest.mark.gate),
        (waiting.draw, "pale bands"),
    ],
)
def test_projections_show_them(results: Results, draw: object, words: str) -> None:
    for its, told in ((results, False), (with_draws(results), True)):
        figure = draw(its)  # type: ignore[operator]
        (source,) = [" ".join(text.get_text().split()) for text in figure.texts if text.get_gid() == "source"]
        assert (f"{words}" in source and "parameters alone" in source) == told
