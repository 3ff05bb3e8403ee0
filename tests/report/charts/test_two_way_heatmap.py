"""The heat map: every figure in its cell, the border between gains and losses, nothing cut off."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle

from lbpsim.outcomes.results import Results
from lbpsim.report.charts import NothingToDraw, picture
from lbpsim.report.charts.two_way_heatmap import draw
from tests.report.charts.test_charts import _cut_off


def rows(worth: float = 2e9) -> pd.DataFrame:
    """A 7 x 7 grid of two parameters; net benefit rises with the first and falls with the second."""
    grid = product(np.linspace(0.4, 0.8, 7), np.linspace(80.0, 150.0, 7))
    made = []
    for (first, second), perspective, threshold in product(grid, ("health_system", "societal"), (28_033.0, 50_000.0)):
        benefit = worth * (first - 0.5 - (second - 110.0) / 300.0) + threshold
        made.append(("cft.uptake", first, f"{first:.1%}", "cft.session_cost", second, f"{second:.0f}", perspective,
                     threshold, benefit, 1e6))  # fmt: skip
    columns = ["first", "first_value", "first_text", "second", "second_value", "second_text", "perspective",
               "threshold", "net_benefit", "mcse"]  # fmt: skip
    return pd.DataFrame(made, columns=columns)


def test_everything_is_there_and_whole(results: Results) -> None:
    figure = draw(results, rows(), "cft-rollout")
    FigureCanvasAgg(figure).draw()
    assert not _cut_off(figure)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["At AUD 28,033 a QALY", "At AUD 50,000 a QALY"]
    for axes in figure.axes:
        assert len(axes.texts) == 49
        assert axes.get_xlabel().startswith("Cost of a later session") and "AUD" in axes.get_xlabel()


def test_losses_are_hatched_and_parted_from_gains(results: Results) -> None:
    axes = draw(results, rows(), "cft-rollout").axes[0]
    hatched = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_hatch()]
    mine = rows()
    mine = mine[(mine["perspective"] == results.study.perspective) & (mine["threshold"] == 28_033.0)]
    assert len(hatched) == int((mine["net_benefit"] < 0.0).sum()) > 0
    assert axes.lines


def test_where_all_is_gain_there_is_no_border(results: Results) -> None:
    axes = draw(results, rows().assign(net_benefit=1e9), "cft-rollout").axes[0]
    assert not axes.lines and not [patch for patch in axes.patches if patch.get_hatch()]


def test_no_grid_no_chart(results: Results) -> None:
    with pytest.raises(NothingToDraw, match="no two parameters"):
        draw(results, rows().iloc[:0], "cft-rollout")


def test_same_bytes_again(results: Results) -> None:
    one, other = (picture(draw(results, rows(), "cft-rollout"), "svg") for _ in range(2))
    assert one == other
