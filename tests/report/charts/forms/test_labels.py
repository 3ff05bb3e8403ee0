"""Labels moved apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lbpsim.report.charts.forms.labels import SAME, EndLabel, end_labels, point_labels, spread, together

ROOM = st.lists(st.tuples(st.floats(0, 100), st.floats(1, 5)), min_size=1, max_size=12)


@given(ROOM)
def test_spread_keeps_apart_in_order_and_inside(things: list[tuple[float, float]]) -> None:
    wanted, heights = [y for y, _ in things], [tall for _, tall in things]
    placed = spread(wanted, heights, 0.0, 100.0)
    order = sorted(range(len(things)), key=lambda i: wanted[i])
    for below, above in pairwise(order):
        assert placed[above] - placed[below] >= (heights[below] + heights[above]) / 2 - 1e-9
    assert placed[order[0]] - heights[order[0]] / 2 >= -1e-9
    assert placed[order[-1]] + heights[order[-1]] / 2 <= 100 + 1e-9


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8, unique=True))
def test_spread_moves_nothing_that_has_room(places: list[int]) -> None:
    wanted = [20.0 * place for place in places]
    assert spread(wanted, [10.0] * len(wanted)) == pytest.approx(wanted)


def test_spread_of_more_than_fits_runs_over_at_the_top() -> None:
    assert spread([5.0, 5.0, 5.0], [10.0] * 3, 0.0, 20.0) == [5.0, 15.0, 25.0]


def test_spread_of_nothing() -> None:
    assert spread([], []) == []


@pytest.mark.parametrize("points", [3, 9])
def test_point_labels_of_one_spot_do_not_cover_each_other(points: int) -> None:
    figure = Figure(figsize=(6, 6))
    axes = figure.add_subplot()
    axes.set_xlim(-1, 1)
    axes.set_ylim(-1, 1)
    texts = point_labels(axes, [f"policy {i}" for i in range(points)], [0.0] * points, [0.0] * points)
    FigureCanvasAgg(figure).draw()
    boxes = [text.get_window_extent() for text in texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_lines_that_end_at_one_place_share_a_bracket_instead_of_a_fan_of_leaders() -> None:
    axes = Figure(figsize=(6, 4)).add_subplot()
    axes.set_ylim(0.0, 100.0)
    end_labels(axes, [EndLabel(f"policy {y}", y, "black", "o") for y in (40.0, 40.1, 39.9, 90.0)])
    brackets = [line for line in axes.lines if line.get_gid() == "bracket"]
    assert len(brackets) == 1, "the label that stands alone has none"
    slanted = [line for line in axes.lines if len(set(line.get_ydata())) > 1 and len(set(line.get_xdata())) > 1]  # type: ignore[arg-type]
    assert len(slanted) <= 2, "one leader to a bracket, however many labels it holds"


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12))
def test_brackets_hold_every_label_once_and_only_ends_close_together(ends: list[float]) -> None:
    places = spread(ends, [8.0] * len(ends))
    groups = together(ends, places)
    assert sorted(i for group in groups for i in group) == list(range(len(ends)))
    assert all(abs(ends[i] - ends[group[0]]) <= SAME for group in groups for i in group)
