"""Monte Carlo errors say what they promise: how much a figure would vary with another seed, queues full.

A run states a variance for each figure, from the spread between its replications. Over thirty seeds the mean stated
variance is compared with the variance that the figures show. Replications are alike and independent, so the ratio of
shown to stated follows about an F law with (seeds - 1) and seeds x (replications - 1) degrees of freedom; each figure
may raise a false alarm once in 10,000 tries with other seeds. The seeds are fixed, so the outcome is too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy import stats

from lbpsim.outcomes.periods import linearised_ratio
from lbpsim.outcomes.results import Results
from lbpsim.simulation.run import run_study
from lbpsim.study import Study, Timeline
from tests.simulation.conftest import Cut

SEEDS = 30
FALSE_ALARM = 1e-4
FIGURES = ("qalys", "cost_health_system", "cft_courses", "cft_wait_mean", "cft_never_reached")
DIFFERENCES = ("qalys", "cost_health_system", "cft_courses")  # nobody waits for CFT under usual care


def few_places(cut: Cut, *, people: int, replications: int, seed: int) -> Study:
    """Usual care and the rollout from the first day on, with so few places that the list is full throughout, and a list
    that never closes.
    """
    study = cut("usual-care", "cft-rollout", people=people, years=4, replications=replications, seed=seed)
    usual, rollout = study.policies
    places = dict.fromkeys(study.calendar_years, 100.0)
    offered = Timeline((0.0, 4.0), (0.3, 0.6))
    scarce = replace(
        rollout.cft, offered=offered, training_places=places, trained_at_start=300.0, referral_stops_at=math.inf
    )
    return replace(study, policies=(usual, replace(rollout, cft=scarce)))


@dataclass(frozen=True)
class Spread:
    """One row a seed and figure: the figure and the variance stated for it; seeds and replications behind them."""

    rows: pd.DataFrame
    replications: int

    def ratio(self, figure: str) -> float:
        """Variance shown between seeds over the mean variance stated."""
        mine = self.rows[self.rows["figure"] == figure]
        return float(mine["value"].var(ddof=1) / mine["stated"].mean())

    def within(self, figure: str) -> tuple[float, float]:
        law = stats.f(SEEDS - 1, SEEDS * (self.replications - 1))
        return float(law.ppf(FALSE_ALARM / 2)), float(law.ppf(1 - FALSE_ALARM / 2))


def figures_of(results: Results, seed: int) -> list[tuple[int, str, float, float]]:
    found = []
    for kind, frame, names in (
        ("rollout", results.summary[results.summary["scenario"] == "cft-rollout"], FIGURES),
        ("difference", results.incremental, DIFFERENCES),
    ):
        rows = frame[frame["discounted"]].set_index("outcome")
        column = "value" if kind == "rollout" else "difference"
        for name in names:
            value, error = float(rows.at[name, column]), float(rows.at[name, "mcse"])
            found.append((seed, f"{kind}: {name}", value, error**2))
    return found


def spread(cut: Cut, *, people: int, replications: int) -> Spread:
    rows = []
    for seed in range(SEEDS):
        study = few_places(cut, people=people, replications=replications, seed=1000 + seed)
        results = run_study(study, workers=1)
        waiting = results.waiting
        ends = waiting[(waiting["measure"] == "list_length_end") & (waiting["list"] == "CFT")]
        assert (ends[ends["scenario"] == "cft-rollout"]["value"] > 0).all(), "the list is full at every year's end"
        rows += figures_of(results, seed)
    return Spread(pd.DataFrame(rows, columns=["seed", "figure", "value", "stated"]), replications)


ALL_FIGURES = [f"rollout: {name}" for name in FIGURES] + [f"difference: {name}" for name in DIFFERENCES]


@pytest.fixture(scope="module")
def small(cut: Cut) -> Spread:
    return spread(cut, people=320, replications=6)


@pytest.fixture(scope="module")
def large(cut: Cut) -> Spread:
    return spread(cut, people=8000, replications=20)


@pytest.mark.parametrize("figure", ALL_FIGURES)
def test_stated_errors_are_those_shown(small: Spread, figure: str) -> None:
    low, high = small.within(figure)
    assert low < small.ratio(figure) < high


@pytest.mark.slow
@pytest.mark.parametrize("figure", ALL_FIGURES)
def test_stated_errors_are_those_shown_with_more_people(large: Spread, figure: str) -> None:
    low, high = large.within(figure)
    assert low < large.ratio(figure) < high


def test_a_wrong_error_would_be_noticed(small: Spread) -> None:
    """Errors stated three times too small fall outside for every figure: the interval is not for show."""
    low, high = small.within(ALL_FIGURES[0])
    assert 0.2 < low < 1.0 < high < 3.0
    bold = Spread(small.rows.assign(stated=small.rows["stated"] / 9.0), small.replications)
    assert all(not low < bold.ratio(figure) < high for figure in ALL_FIGURES)


def test_a_paired_difference_is_surer_than_an_unpaired_one(small: Spread) -> None:
    mean = small.rows.groupby("figure")["stated"].mean()
    assert mean["difference: qalys"] < 0.5 * mean["rollout: qalys"]


def test_a_linearised_ratio_has_the_ratios_value_and_spread() -> None:
    top: npt.NDArray[np.float64] = np.array([[2.0, 4.0, 9.0]])
    bottom = np.array([[1.0, 2.0, 2.0]])
    each = linearised_ratio(top, bottom)
    assert each.mean() == pytest.approx(15.0 / 5.0)
    assert each[0] - each.mean() == pytest.approx((top - 3.0 * bottom)[0] / (5.0 / 3.0))
    assert np.isnan(linearised_ratio(top, np.zeros((1, 3)))).all()
