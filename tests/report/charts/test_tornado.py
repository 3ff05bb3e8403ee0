"""The tornado: widest on top, values at the ends, nothing cut off."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lbpsim.outcomes.results import Results
from lbpsim.report.charts import NothingToDraw, picture
from lbpsim.report.charts.tornado import MOST, Swing, draw, widest
from tests.report.charts.test_charts import _boxes, _cut_off, _standing

BASE = Swing("Net monetary benefit", "AUD", 2e9)
LABELS = ("Effect of CFT on disability at week 52", "Cost of a later session", "Uptake", "Fees", "Utility at zero")


def rows(number: int) -> pd.DataFrame:
    """One-way rows of falling width; every third moves the figure up at both ends."""
    reach = np.linspace(3e9, 1e7, number)
    both_up = np.arange(number) % 3 == 2
    return pd.DataFrame(
        {
            "label": [f"{LABELS[k % len(LABELS)]} {k}" for k in range(number)],
            "low_value": [f"{k}.1" for k in range(number)],
            "high_value": [f"{k}.9" for k in range(number)],
            "low": BASE.base - np.where(both_up, -0.4, 1.0) * reach,
            "high": BASE.base + 0.5 * reach,
        }
    )


@pytest.mark.parametrize("number", [1, 8, 40])
def test_everything_is_there_and_whole(results: Results, number: int) -> None:
    figure = draw(results, rows(number), "cft-rollout", BASE)
    FigureCanvasAgg(figure).draw()
    assert not _cut_off(figure)
    for (one, here), (other, there) in combinations(_boxes(_standing(figure)), 2):
        assert not here.overlaps(there), (one, other)
    (axes,) = figure.axes
    assert len(axes.get_yticks()) == min(number, MOST)
    assert axes.get_xlabel() == "Net monetary benefit (AUD billion)"
    assert figure.texts[0].get_text().startswith("Net monetary benefit: CFT offered in primary care against")


def test_the_widest_stand_first() -> None:
    shuffled = rows(30).iloc[::-1]
    kept = widest(shuffled, BASE.base)
    assert list(kept["label"]) == list(widest(rows(30), BASE.base)["label"])
    assert len(kept) == MOST


def test_both_ends_on_one_side_swing_from_the_base() -> None:
    two = pd.DataFrame({"label": ["narrow", "far"], "low": [-1.0, 8.0], "high": [1.0, 9.0]})
    assert list(widest(two, 0.0)["label"]) == ["far", "narrow"]


def test_what_is_not_known_is_left_out(results: Results) -> None:
    unknown = rows(3).assign(high=np.nan)
    assert widest(unknown, BASE.base).empty
    with pytest.raises(NothingToDraw, match="no parameter was moved"):
        draw(results, unknown, "cft-rollout", BASE)


def test_same_bytes_again(results: Results) -> None:
    one, other = (picture(draw(results, rows(4), "cft-rollout", BASE), "svg") for _ in range(2))
    assert one == other
