"""Axes of every form: scales with units, rows of names, panels side by side."""

from __future__ import annotations

import math

import numpy as np
import pytest
from matplotlib.figure import Figure

from lbpsim.report.charts.forms.axes import around, broken, measure, name_rows, reach_of, small_panels


@pytest.mark.parametrize(
    ("largest", "unit", "words", "label", "tick"),
    [
        (2e6, "AUD", "Change in cost ({})", "Change in cost (AUD million)", "+1.5"),
        (9_000.0, "people", "{}", "Thousand people", "+1,500"),
        (12.0, "", "Deaths ({})", "Deaths (number)", "+1,500,000"),
        (2e9, "", "People in pain ({})", "People in pain (billion)", "+0.0015"),
    ],
)
def test_an_axis_tells_its_scale_and_unit(largest: float, unit: str, words: str, label: str, tick: str) -> None:
    axes = Figure().add_subplot()
    scale = measure(axes.yaxis, largest, unit, words, signs=True)
    assert axes.get_ylabel() == label
    shown = axes.yaxis.get_major_formatter()(1.5e6, None)
    assert shown == tick, scale


def test_rows_are_named_from_the_top_down() -> None:
    axes = Figure().add_subplot()
    places = name_rows(axes, ["first", "second", "third"])
    assert places.tolist() == [2.0, 1.0, 0.0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second", "third"]
    assert axes.get_ylim()[0] < 0.0 and axes.get_ylim()[1] > 2.0


def test_panels_know_where_they_stand_and_the_rest_is_hidden() -> None:
    grid = np.asarray(Figure().subplots(2, 3, squeeze=False))
    places = list(small_panels(grid, "abcd"))
    assert "".join(place.item for place in places) == "abcd"
    assert [place.item for place in places if place.first] == ["a", "d"]
    assert [place.item for place in places if place.last] == ["b", "c", "d"]
    assert [place.item for place in places if place.ends] == ["c", "d"]
    assert [axes.get_visible() for axes in grid.flat] == [True] * 4 + [False] * 2


def test_reach_is_of_what_is_known() -> None:
    assert reach_of([1.0, -3.0], np.array([math.nan, 2.0])) == 3.0
    assert reach_of() == reach_of([math.nan]) == 0.0


def test_limits_hold_zero_with_room() -> None:
    assert around([1.0, 3.0], 0.1) == pytest.approx((-0.3, 3.3))
    assert around([0.0, 0.0], 0.1) == pytest.approx((-0.1, 0.1))


@pytest.mark.parametrize(
    ("label", "inches", "lines"),
    [
        ("Supported tapering, tighter prescribing", 3.0, ["Supported tapering, tighter prescribing"]),
        ("CFT without limits of capacity", 1.7, ["CFT without limits", "of capacity"]),
        ("Unbreakablenameofapolicy", 0.7, ["Unbreakable", "nameofapoli", "cy"]),
        ("", 1.0, []),
    ],
)
def test_names_take_few_lines_about_as_long(label: str, inches: float, lines: list[str]) -> None:
    assert broken(label, inches).splitlines() == lines
