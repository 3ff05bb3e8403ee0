"""Intervals from parameters: what they say, when they are silent, that they are no Monte Carlo intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from lbpsim.outcomes.draws import BANDED
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import burden, ce_plane, convergence, costs, harms, pain_impact, waiting
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
        source = _source(figure)
        assert (f"{words}" in source and "parameters alone" in source) == told


def test_the_figures_beside_the_lines_are_those_of_the_title_over_draws(results: Results) -> None:
    figure = burden.draw(with_draws(results, own=1e-4))
    (averted,) = [text.get_text() for text in figure.texts if " averts " in text.get_text()]
    figures = averted.split("averts ")[1].split(" YLDs")[0]
    beside = [text.get_text() for text in figure.axes[-1].texts if text.get_gid() == "end label"]
    assert any(f"\n{figures} (" in text and " to " in text for text in beside), (figures, beside)
    assert not any("±" in text for text in beside)
    assert any("±" in text.get_text() for text in burden.draw(results).axes[-1].texts)


def test_panels_of_costs_tell_the_mean_over_draws_and_its_interval(results: Results) -> None:
    titles = [axes.get_title(loc="left") for axes in costs.draw(with_draws(results)).axes]
    assert sum(" to " in title and "±" not in title for title in titles) == len(results.scenarios) - 1
    assert all("±" in axes.get_title(loc="left") for axes in costs.draw(results).axes if axes.get_visible())


def test_points_of_the_plane_are_means_over_draws(results: Results) -> None:
    unsure = with_draws(results)
    figure = ce_plane.draw(unsure)
    gained = (unsure.draws.of("qalys")[:, 1] - unsure.draws.of("qalys")[:, 0]).mean()
    spots = [float(line.get_xdata()[0]) for line in figure.axes[0].lines if len(line.get_xdata()) == 1]  # type: ignore[arg-type,index]
    assert any(spot == pytest.approx(gained) for spot in spots)
    assert "Means over draws" in " ".join(" ".join(text.get_text().split()) for text in figure.texts)


def test_where_no_death_differs_harms_say_so_instead_of_a_zero(results: Results) -> None:
    same = replace(results, totals=results.totals.copy())
    deaths = OUTCOME_INDEX["overdose_deaths"]
    same.totals[1:, ..., deaths] = same.totals[:1, ..., deaths]
    (panel,) = [axes for axes in harms.draw(same).axes if axes.get_xlabel().startswith("Deaths from overdose")]
    beside = [text.get_text() for text in panel.texts if text.get_gid() == "end label"]
    assert beside == ["no difference"] * (len(results.scenarios) - 1)
    assert "bars right of the lines" not in _source(harms.draw(results)), "no bar is drawn without draws"


def test_probabilities_beside_lines_are_never_certain(results: Results) -> None:
    texts = [text.get_text() for axes in convergence.draw(with_draws(results)).axes for text in axes.texts]
    assert not any("100.0%" in text or " 0.0%" in text for text in texts)


def _source(figure: Figure) -> str:
    (source,) = [" ".join(text.get_text().split()) for text in figure.texts if text.get_gid() == "source"]
    return source


def test_a_change_of_high_impact_is_told_only_where_it_is_clear(results: Results) -> None:
    def told(unsure: Results) -> list[str]:
        return [axes.get_title(loc="left") for axes in pain_impact.draw(unsure).axes if axes.get_visible()][1:]

    assert all("(unclear)" in title for title in told(with_draws(results, own=1.0)))
    assert any("%)" in title for title in told(with_draws(results, own=1e-6)))
