"""Draws as numbers: analysis of variance, and identities that every draw keeps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from lbpsim.outcomes.draws import (
    FEWEST_DRAWS,
    MOST_NOISE,
    TAIL,
    ProbabilisticResults,
    UnsoundDrawError,
    check_sums,
    interval,
    spread,
)
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.measures import COUNTED, OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.psa.uncertainty_tables import uncertainty_incremental
from tests.report.decided import drawn
from tests.report.synthetic import synthetic

DRAWS = 4096
QUANTILES = stats.norm.ppf(stats.qmc.Sobol(3, seed=5).random(DRAWS))


def noisy(sd: float, noise_sd: float) -> tuple[np.ndarray, np.ndarray]:
    """Draws of a normal law, each the mean of two noisy replications, and the standard errors these give."""
    each = 10.0 + sd * QUANTILES[:, :1] + noise_sd * np.sqrt(2.0) * QUANTILES[:, 1:]
    return each.mean(axis=1, keepdims=True), each.std(axis=1, ddof=1, keepdims=True) / np.sqrt(2.0)


@pytest.mark.parametrize("noise_sd", [0.0, 0.5, 0.9])
def test_noise_is_taken_out_of_the_spread(noise_sd: float) -> None:
    found = spread(*noisy(1.0, noise_sd))
    assert found.mean == pytest.approx(10.0, abs=0.05)
    assert found.sd == pytest.approx(1.0, rel=0.08)
    assert (found.low, found.high) == (pytest.approx(10.0 - 1.96, abs=0.2), pytest.approx(10.0 + 1.96, abs=0.2))
    assert found.noise_share == pytest.approx(noise_sd**2 / (1.0 + noise_sd**2), abs=0.05)


def test_the_error_of_the_mean_holds_both_kinds() -> None:
    found = spread(*noisy(1.0, 0.5))
    assert found.mcse == pytest.approx(np.sqrt((1.0 + 0.25) / DRAWS), rel=0.05)


def test_what_noise_hides_is_not_told() -> None:
    found = spread(*noisy(1.0, 2.0))
    assert found.noise_share > MOST_NOISE
    assert np.isnan([found.sd, found.low, found.high]).all()
    assert np.isfinite([found.mean, found.mcse]).all()


def test_what_never_varies_has_no_spread() -> None:
    found = spread(np.full((9, 2), 3.0), np.zeros((9, 2)))
    assert found.sd.tolist() == [0.0, 0.0] and found.low.tolist() == found.high.tolist() == [3.0, 3.0]


def test_one_draw_has_no_spread_to_tell() -> None:
    found = spread(np.array([[3.0]]), np.array([[0.1]]))
    assert found.mean == 3.0 and np.isnan(found.sd)


def sums() -> np.ndarray:
    totals = np.zeros((1, 1, 2, 1, COUNTRY_WIDE + 1, len(COUNTED)), np.int64)
    for name, number in (("cft_joined", 5), ("cft_courses", 3), ("cft_left_list", 1), ("cft_still_waiting", 1)):
        totals[..., 0, OUTCOME_INDEX[name]] = number * int(FIXED_POINT)
    return totals


def test_sound_sums_pass() -> None:
    """TECH-VER, uncertainty: the checks of this section run inside every draw."""
    check_sums(sums())


@pytest.mark.parametrize(("name", "amount"), [("cft_joined", 1), ("deaths", -1), ("cost_cft", -1)])
def test_unsound_sums_are_refused(name: str, amount: int) -> None:
    wrong = sums()
    wrong[..., 0, OUTCOME_INDEX[name]] += amount * int(FIXED_POINT)
    with pytest.raises(UnsoundDrawError):
        check_sums(wrong)


def test_deaths_that_belong_to_nobody_are_refused() -> None:
    wrong = sums()
    wrong[..., COUNTRY_WIDE, OUTCOME_INDEX["deaths"]] = int(FIXED_POINT)
    with pytest.raises(UnsoundDrawError, match="only places belong"):
        check_sums(wrong)


def test_an_interval_keeps_the_noise_that_it_cannot_take_out() -> None:
    values = np.random.default_rng(2).normal(10.0, 2.0, (200, 2))
    noise = np.broadcast_to(np.array([0.5, 1.9]), values.shape)
    found, cleaned = interval(values, noise), spread(values, noise)
    assert found.of_parameters.tolist() == [True, False]
    assert (found.low[0], found.high[0]) == (cleaned.low[0], cleaned.high[0])
    assert (found.low[1], found.high[1]) == tuple(np.quantile(values[:, 1], [TAIL, 1.0 - TAIL]))
    assert found.mean == pytest.approx(values.mean(axis=0))


def test_too_few_draws_leave_no_interval() -> None:
    values = np.random.default_rng(2).normal(10.0, 2.0, (FEWEST_DRAWS, 1))
    few, enough = interval(values[1:], 0.0 * values[1:]), interval(values, 0.0 * values)
    assert np.isnan([few.low, few.high]).all() and not few.of_parameters.any()
    assert enough.low < enough.mean < enough.high
    assert few.mean == values[1:].mean(axis=0)


def test_differences_carry_the_mean_over_draws_and_its_interval() -> None:
    """Of what is discounted; empty elsewhere, and everywhere without draws."""
    results = synthetic(years=3, replications=4)
    draws = drawn(results, 30)
    rows = ProbabilisticResults.join(results, draws).incremental
    assert results.incremental[["mean", "low", "high"]].isna().all(axis=None)
    assert rows.loc[~rows["discounted"], ["mean", "low", "high"]].isna().all(axis=None)
    shared = ["scenario", "outcome", "unit", "discounted", "difference", "mcse"]
    pd.testing.assert_frame_equal(rows[shared], results.incremental[shared])
    apart = uncertainty_incremental(draws).set_index(["scenario", "outcome"])
    discounted = rows[rows["discounted"]].set_index(["scenario", "outcome"])
    assert discounted["mean"].notna().all()
    pd.testing.assert_frame_equal(
        discounted[["mean", "low", "high"]], apart.loc[discounted.index, ["mean", "low", "high"]]
    )


def test_an_outcome_is_told_of_policies_of_which_noise_is_not_most_of_how_draws_differ() -> None:
    results = synthetic(years=3, replications=4)
    draws = drawn(results, 60)
    place = draws.outcomes.index("surgeries")
    values, mcse = draws.values.copy(), draws.mcse.copy()
    values[..., place], mcse[..., place] = 100.0, 0.0
    assert not replace(draws, values=values, mcse=mcse).tells("surgeries"), "no policy differs"
    values[:, 1:4, place] += np.random.default_rng(8).normal(50.0, 10.0, (60, 3))
    mcse[:, 1:4, place] = [1.0, 20.0, 20.0]
    made = replace(draws, values=values, mcse=mcse)
    assert made.tells("surgeries") == set(draws.scenarios[1:]) - set(draws.scenarios[2:4])
    mcse[:, 1, place] = 20.0
    assert not replace(draws, values=values, mcse=mcse).tells("surgeries"), "those that differ are lost in noise"
