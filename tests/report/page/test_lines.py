"""Lines by year: true to their figures, labels apart."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.policy_styles import looks
from lbpsim.report.page.lines import (
    BOTTOM,
    GAP,
    PITCH,
    TOP,
    Axis,
    Line,
    decimals,
    gap_of,
    limits,
    line_chart,
    spread_apart,
    steps,
    tick_text,
)

YEARS = (2026, 2027, 2028)
FIGURES = st.floats(-1e12, 1e12, allow_nan=False)


def line(results: Results, name: str, values: list[float], half: float = 1.0) -> Line:
    numbers = np.array(values)
    return Line(name, f"The title of {name}", looks(results)[name], Estimate(numbers, numbers - half, numbers + half))


@pytest.fixture
def two(results: Results) -> list[Line]:
    return [line(results, "cft-rollout", [0.0, 5.0, 10.0]), line(results, "surgery-restraint", [0.0, -1.0, np.nan])]


def test_the_axis_holds_every_interval_and_zero(two: list[Line]) -> None:
    low, high = limits(two, from_zero=True)
    assert low <= -2.0
    assert high >= 11.0


def test_a_level_need_not_start_at_zero(results: Results) -> None:
    low, high = limits([line(results, "usual-care", [100.0, 101.0, 102.0])], from_zero=False)
    assert low > 90.0
    assert high > 102.0


def test_figures_that_are_all_the_same_still_have_an_axis(results: Results) -> None:
    low, high = limits([line(results, "usual-care", [0.0, 0.0, 0.0], half=0.0)], from_zero=True)
    assert low < high


@pytest.mark.parametrize("from_zero", [True, False])
@pytest.mark.parametrize("divisor", [1.0, 1e3, 1e9])
@pytest.mark.parametrize(
    "values", [[0.0, 0.0, 0.0], [0.0, 1e-320, 0.0], [3.0, 3.0 + 4e-16, 3.0], [1e17] * 3, [-7.0] * 3, [np.nan] * 3]
)
def test_figures_that_only_rounding_tells_apart_have_an_axis_with_ticks(
    results: Results, values: list[float], divisor: float, from_zero: bool
) -> None:
    """As of lists that are empty throughout, or of a level that never moves."""
    flat = line(results, "usual-care", values, half=0.0)
    low, high = limits([flat], from_zero=from_zero)
    known = flat.band.value[np.isfinite(flat.band.value)]
    assert all(low <= value <= high for value in known)
    ticks = steps(low, high, divisor)
    assert 2 <= len(ticks) <= 12 and all(one < other for one, other in pairwise(ticks))
    axis = Axis(divisor, from_zero=from_zero, signs=False)
    texts = [tick_text(tick, axis, decimals(ticks, divisor)) for tick in ticks]
    assert len(set(texts)) == len(texts)
    assert "nan" not in line_chart("wait", "Waiting", YEARS, [flat], axis)


@given(low=FIGURES, width=st.floats(1e-3, 1e12))
def test_ticks_are_few_round_and_inside(low: float, width: float) -> None:
    high = low + width
    if high <= low:
        return
    ticks = steps(low, high, 1.0)
    assert len(ticks) <= 12
    assert all(low - 1e-6 * abs(low) - width * 1e-9 <= tick <= high + 1e-6 * abs(high) for tick in ticks)


@given(st.lists(st.floats(TOP, BOTTOM), min_size=1, max_size=17))
def test_labels_never_touch_keep_their_order_and_stay_in_the_panel(heights: list[float]) -> None:
    placed = spread_apart(heights)
    ranked = sorted(placed)
    assert all(below - above >= GAP - 1e-6 for above, below in pairwise(ranked))
    assert ranked[0] >= TOP - 1e-6
    assert ranked[-1] <= BOTTOM + 1e-6
    order = sorted(range(len(heights)), key=lambda k: heights[k])
    assert [placed[k] for k in order] == ranked


def test_labels_that_are_apart_stay_where_they_are() -> None:
    assert spread_apart([50.0, 100.0, 200.0]) == [50.0, 100.0, 200.0]


def test_a_line_breaks_where_a_figure_is_not_known(two: list[Line]) -> None:
    chart = line_chart("k", "A chart", YEARS, two, Axis(1.0, from_zero=True, signs=True))
    paths = re.findall(r'class="line" d="([^"]*)"', chart)
    assert [path.count("L") for path in paths] == [2, 1]
    assert "nan" not in chart


def test_a_run_between_two_gaps_is_a_line_of_its_own(results: Results) -> None:
    broken = line(results, "usual-care", [1.0, 2.0, np.nan, 3.0, 4.0])
    chart = line_chart("k", "A chart", (1, 2, 3, 4, 5), [broken], Axis(1.0, from_zero=True, signs=False))
    (path,) = re.findall(r'class="line" d="([^"]*)"', chart)
    assert path.count("M") == 2


def test_a_name_is_escaped(results: Results) -> None:
    drawn = line_chart("k", '<b>"x"', YEARS, [line(results, "usual-care", [1.0, 2.0, 3.0])], Axis(1.0, True, False))
    assert "<b>" not in drawn


def test_every_policy_that_has_figures_has_a_label(two: list[Line]) -> None:
    chart = line_chart("k", "A chart", YEARS, two, Axis(1.0, from_zero=True, signs=True))
    assert re.findall(r'class="label" data-policy="([^"]*)"', chart) == ["cft-rollout", "surgery-restraint"]


def test_lines_that_end_at_one_place_share_a_bracket(two: list[Line]) -> None:
    first, second = two
    alike = [first, replace(second, band=first.band), replace(second, policy="third", band=first.band)]
    chart = line_chart("k", "A chart", YEARS, alike, Axis(1.0, from_zero=True, signs=True))
    assert len(re.findall(r'class="lead" d="[^"]*M[^"]*M', chart)) == 1, "one bracket"
    assert len(re.findall(r'class="lead"', chart)) == 4, "and a short line to each name"


def test_labels_of_two_lines_are_whole_apart_and_told_by_the_title(results: Results) -> None:
    known = line(results, "cft-rollout", [0.0, 5.0, 10.0])
    label = "CFT rollout with prices\nas agreed in the regions"
    pair = [replace(known, look=replace(known.look, label=label), title="<The whole of it>"), known]
    chart = line_chart("k", "A chart", YEARS, pair, Axis(1.0, from_zero=True, signs=True))
    assert all(f">{words}" in chart for words in label.splitlines())
    assert "<title>&lt;The whole of it&gt;</title>" in chart
    first, second = (float(y) for y in re.findall(r'<text x="[^"]*" y="([^"]*)"><?[tC]', chart.partition('"label"')[2]))
    assert abs(first - second) >= 2 * PITCH - 0.2


def test_labels_of_two_lines_fit_the_panel(results: Results) -> None:
    known = line(results, "cft-rollout", [0.0, 5.0, 10.0])
    tall = replace(known, look=replace(known.look, label="two\nlines"))
    assert gap_of([replace(known, look=replace(known.look, label="one"))] * 5) == GAP
    assert gap_of([tall] * 12) == 2 * PITCH
    assert gap_of([tall] * 40) * 39 <= BOTTOM - TOP


def test_a_single_year_has_marks_to_see(results: Results) -> None:
    chart = line_chart("k", "One", (2026,), [line(results, "usual-care", [3.0])], Axis(1.0, True, False))
    assert 'class="mark"' in chart


def test_a_figure_between_years_without_one_has_a_mark_to_see(results: Results) -> None:
    single = line(results, "cft-rollout", [np.nan, 3.0, np.nan])
    chart = line_chart("k", "One", YEARS, [single], Axis(1.0, True, False))
    assert chart.count('class="mark"') == 1


@pytest.mark.parametrize(
    ("value", "axis", "places", "text"),
    [
        (5000.0, Axis(1000.0, True, True), 0, "+5"),
        (5000.0, Axis(1000.0, True, True), 1, "+5.0"),
        (-2.5e6, Axis(1e6, True, True), 1, "\N{MINUS SIGN}2.5"),
        (1.5e6, Axis(1.0, True, False), 0, "1,500,000"),
        (0.0, Axis(1.0, True, True), 1, "0"),
    ],
)
def test_ticks_in_words(value: float, axis: Axis, places: int, text: str) -> None:
    assert tick_text(value, axis, places) == text


def test_ticks_of_an_axis_have_the_same_decimals() -> None:
    assert decimals([-0.5, 0.0, 0.5, 1.0], 1.0) == 1
    assert decimals([0.0, 200.0, 400.0], 1000.0) == 1
    assert decimals([0.0, 20.0], 1.0) == 0
