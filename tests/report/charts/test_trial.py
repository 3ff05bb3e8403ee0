"""Charts of validation, looked at by machine: what they say, and that nothing is cut off or covered."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lbpsim.report.charts import picture
from lbpsim.report.charts.layouts import spread_out
from lbpsim.report.validation_output import CHARTS
from tests.report.charts.test_charts import _boxes, _cut_off, _standing, _ticks
from tests.validation.small import judged


@pytest.fixture(scope="module")
def drawn() -> dict[str, Figure]:
    found = {}
    for name, draw in CHARTS.items():
        found[name] = draw(judged())
        FigureCanvasAgg(found[name]).draw()
    return found


@pytest.mark.gate
@pytest.mark.parametrize("name", CHARTS)
def test_nothing_is_cut_off_or_covered(drawn: dict[str, Figure], name: str) -> None:
    figure = drawn[name]
    assert _cut_off(figure) == []
    for texts in (_boxes(_standing(figure)), _boxes(_ticks(figure))):
        for (one, here), (other, there) in combinations(texts, 2):
            assert not here.overlaps(there), (one, other)


@pytest.mark.gate
@pytest.mark.parametrize("name", CHARTS)
def test_title_source_and_units(drawn: dict[str, Figure], name: str) -> None:
    figure = drawn[name]
    assert len(figure.texts[0].get_text()) > 20
    (source,) = [text.get_text() for text in figure.texts if text.get_gid() == "source"]
    assert source.startswith("Source: lbpsim ") and "seed" in source and "take part" in source.replace("\n", " ")
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert all(labels)
    assert any("(" in label or "QALYs" in label for label in labels)


@pytest.mark.gate
@pytest.mark.parametrize("name", ["trial_rmdq", "trial_benefit", "trial_costs"])
def test_emulated_trials_of_the_real_size_are_a_cloud(drawn: dict[str, Figure], name: str) -> None:
    dots = sum(len(cloud.get_offsets()) for axes in drawn[name].axes for cloud in axes.collections)
    assert dots >= 2 * len(judged().cloud.costs)


@pytest.mark.gate
def test_same_bytes_again(drawn: dict[str, Figure]) -> None:
    assert picture(CHARTS["targets"](judged()), "svg") == picture(drawn["targets"], "svg")


def test_points_are_spread_evenly() -> None:
    offsets = spread_out(1000, 2.0)
    assert offsets.min() >= -1.0 and offsets.max() <= 1.0
    assert np.histogram(offsets, 10, (-1.0, 1.0))[0] == pytest.approx(np.full(10, 100), abs=3)
