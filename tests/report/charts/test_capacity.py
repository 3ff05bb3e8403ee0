"""Capacity by year: means over draws with intervals at the ends of lines, and central figures without draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.draws import BANDED, ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import capacity
from lbpsim.report.charts.intervals import levels
from lbpsim.voi.decision_analysis import decide
from tests.report.charts.spreading import with_draws

COURSES = "cft_courses"


def words(figure: Figure) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in figure.texts)


def panel(figure: Figure, outcome: str) -> Axes:
    (found,) = [axes for axes in figure.axes if axes.get_title(loc="left") == capacity.SUBJECTS[outcome][0]]
    return found


def lines(axes: Axes, number: int) -> list[list[float]]:
    return [list(map(float, line.get_ydata())) for line in axes.lines if len(line.get_ydata()) == number]  # type: ignore[arg-type]


def bars(axes: Axes) -> list[list[float]]:
    """Intervals at the ends of lines, which are in the units of the panel, unlike what leads to names."""
    return [each for each in lines(axes, 2) if max(each) > 2.0]


def test_over_draws_lines_are_means_with_intervals_at_their_ends(results: Results) -> None:
    unsure = with_draws(results)
    figure = capacity.draw(unsure, decide(unsure))
    assert "Means over draws" in words(figure) and "central inputs are in capacity.csv" in words(figure)
    assert "bars right of the lines" in words(figure) and "95% interval from parameters alone" in words(figure)
    found = levels(unsure, COURSES)["cft-rollout"]
    axes = panel(figure, COURSES)
    assert any(each == pytest.approx(list(found.value)) for each in lines(axes, len(results.years)))
    assert any(each == pytest.approx([found.low[-1], found.high[-1]]) for each in lines(axes, 2))
    assert axes.get_ylim()[0] == 0.0 and axes.get_ylim()[1] >= found.high[-1]


def test_without_draws_lines_are_at_central_inputs(results: Results) -> None:
    for plain in (results, with_draws(results, 10)):
        figure = capacity.draw(plain, decide(plain))
        assert "Means over replications" in words(figure) and "bars right" not in words(figure)
        rows = results.yearly.query("scenario == 'cft-rollout' and outcome == @COURSES")["value"]
        assert any(each == pytest.approx(rows.tolist()) for each in lines(panel(figure, COURSES), len(rows)))


def test_what_draws_did_not_keep_is_said_to_stand_at_central_inputs(results: Results) -> None:
    unsure = with_draws(results)
    yearly = unsure.draws.yearly.copy()
    yearly[..., BANDED.index(COURSES)] = np.nan
    earlier = ProbabilisticResults.join(results, replace(unsure.draws, yearly=yearly))
    figure = capacity.draw(earlier, decide(earlier))
    assert "at central inputs, since draws did not keep them: CFT courses started." in words(figure)
    assert not bars(panel(figure, COURSES)) and bars(panel(figure, "cft_wait_mean"))


def test_a_year_that_some_draw_does_not_tell_is_left_out_of_a_line(results: Results) -> None:
    unsure = with_draws(results)
    yearly = unsure.draws.yearly.copy()
    yearly[0, :, 2, BANDED.index("cft_wait_mean")] = np.nan
    some = ProbabilisticResults.join(results, replace(unsure.draws, yearly=yearly))
    drawn = lines(panel(capacity.draw(some, decide(some)), "cft_wait_mean"), len(results.years))
    assert drawn and all(np.isnan(each[2]) and np.isfinite(each[3:]).all() for each in drawn)
