"""Figures of the page: rounded by their intervals, and from draws or replications, never from both."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lbpsim.outcomes.draws import ProbabilisticResults, spread
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.format import SCALES
from lbpsim.report.narrative.confidence import likely
from lbpsim.report.page import figures
from lbpsim.report.page.figures import (
    around,
    band_cell,
    by_year,
    cell,
    differences,
    scale_of,
    too_noisy,
)


def test_a_figure_has_no_more_digits_than_its_interval_bears() -> None:
    assert cell(134_123.4, 1_223.2).text == "134,100"
    assert cell(134_123.4, 1_223.2).below == "132,900 to 135,300"
    assert cell(0.0123, 0.0003).text == "0.01230"


def test_a_figure_without_an_interval_says_so() -> None:
    assert cell(12.3456, math.nan).below == "interval not known"
    assert cell(math.nan, math.nan).text == "not known"
    assert cell(0.0, 0.0).below == ""


def test_an_error_of_arithmetic_is_no_interval() -> None:
    ends = (1630.0124041155291, 1630.0124041155289, 1630.0124041155293)
    assert band_cell(Estimate(*map(np.array, ends))) == band_cell(around(1630.0, 0.0))


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_the_interval_shown_holds_the_figure(value: float, half: float) -> None:
    assume(half > 1e-6 * abs(value))
    shown = cell(value, half)
    figure, low, high = (
        float(text.replace(",", "").replace("\N{MINUS SIGN}", "-")) for text in (shown.text, *shown.below.split(" to "))
    )
    assert low <= figure <= high


def test_a_plus_stands_before_gains_alone() -> None:
    assert cell(5.0, 1.0, signs=True).text.startswith("+")
    assert cell(-5.0, 1.0, signs=True).text.startswith("\N{MINUS SIGN}")
    assert not cell(5.0, 1.0).text.startswith("+")


def test_scale_follows_the_middle_policy_not_the_one_far_out() -> None:
    bands = [Estimate(*(np.array(size),) * 3) for size in (2e6, 3e6, 9e10)]
    assert scale_of(bands) == SCALES[1]


def test_without_draws_intervals_are_from_replications(results: Results) -> None:
    band = by_year(results, "ylds", against=True)["cft-rollout"]
    rows = results.yearly_incremental
    mine = rows[(rows["scenario"] == "cft-rollout") & (rows["outcome"] == "ylds")]
    assert band.value == pytest.approx(mine["difference"].to_numpy())
    assert (band.high > band.value).any()


def test_with_draws_intervals_are_from_inputs(probabilistic: ProbabilisticResults) -> None:
    band = by_year(probabilistic, "ylds", against=True)["cft-rollout"]
    draws = probabilistic.draws
    found = spread(draws.yearly[:, 1, :, 0] - draws.yearly[:, 0, :, 0], draws.yearly_mcse[:, 1, :, 0])
    assert np.array_equal(band.low, found.low)
    assert set(by_year(probabilistic, "ylds", against=False)) == set(draws.scenarios)


def test_one_replication_has_no_interval(alone: Results) -> None:
    assert figures.monte_carlo_in_words(alone) == figures.NO_INTERVAL
    assert differences(alone, "qalys") == {}


def test_noise_is_told_from_a_figure_that_is_not_there() -> None:
    known, nothing = np.array([1.0]), np.array([np.nan])
    assert too_noisy([Estimate(known, nothing, nothing)])
    assert not too_noisy([Estimate(nothing, nothing, nothing), Estimate(known, known, known)])


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_no_number_of_draws_makes_a_probability_certain(probability: float) -> None:
    low, high = likely(probability, 1000)
    assert 0.0 <= low <= probability + 1e-12
    assert probability - 1e-12 <= high <= 1.0
    assert high - low > 0.003
