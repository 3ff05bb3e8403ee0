"""Bars: parts on either side of zero, figures beside them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lbpsim.report.charts.forms.bars import Part, figures_beside, stack

PARTS = (
    Part(np.array([2.0, -1.0]), "red"),
    Part(np.array([-3.0, -2.0]), "blue", "//"),
    Part(np.array([1.0, 4.0]), "k"),
)


@pytest.mark.parametrize("level", [False, True])
def test_parts_below_zero_are_stacked_downwards(level: bool) -> None:
    axes = Figure().add_subplot()
    ends = stack(axes, [0, 1], PARTS, level=level)
    assert ends.tolist() == [[-3.0, -3.0], [3.0, 4.0]]
    edges = [(bar.get_x(), bar.get_width()) if level else (bar.get_y(), bar.get_height()) for bar in axes.patches]
    assert edges == [(0.0, 2.0), (0.0, -1.0), (0.0, -3.0), (-1.0, -2.0), (2.0, 1.0), (0.0, 4.0)]


def test_figures_stand_right_of_bars_and_of_zero() -> None:
    axes = Figure().add_subplot()
    figures_beside(axes, np.array([1.0, 0.0]), ["more", "less"], np.array([[0.0, -4.0], [6.0, 0.0]]))
    assert [text.xy for text in axes.texts] == [(6.0, 1.0), (0.0, 0.0)]  # type: ignore[attr-defined]
    low, high = axes.get_xlim()
    assert low < -4.0 and high > 6.0 + 0.2 * 10.0


def test_long_figures_beside_bars_stay_on_a_narrow_panel() -> None:
    figure = Figure(figsize=(2.5, 2.0))
    axes = figure.add_subplot()
    figures_beside(axes, np.array([0.0]), ["+AUD 2.91 bn"], np.array([[0.0], [6.0]]))
    FigureCanvasAgg(figure).draw()
    (text,) = axes.texts
    assert text.get_window_extent().x1 <= axes.get_window_extent().x1
