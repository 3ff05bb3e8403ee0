from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lbpsim.outcomes.draws import BANDED
from lbpsim.report.narrative.differences import (
    apart,
    between,
    discounted,
    net_benefit,
    undiscounted,
)
from lbpsim.report.narrative.phrasing import Thing, difference
from tests.report.narrative.made_up import OTHER, PLAIN, made, with_draws

GAINS = {"qalys": (1000.0, 50.0), "cost_surgery": (2e6, 1e4), "deaths": (-30.0, 2.0)}


def test_differences_are_those_of_the_tables() -> None:
    results = made((PLAIN, GAINS))
    rows = results.incremental[results.incremental["discounted"]].set_index("outcome")
    for outcome in ("qalys", "cost_health_system", "cost_societal", "dalys", "deaths"):
        found = discounted(results, PLAIN.name, outcome)
        assert found.value == pytest.approx(rows.loc[outcome, "difference"], abs=1e-6)
        assert (found.high - found.low) / 2.0 == pytest.approx(2.093024 * rows.loc[outcome, "mcse"], abs=1e-3)


def test_years_are_those_of_the_tables_and_add_up() -> None:
    results = made((PLAIN, GAINS))
    rows = results.yearly_incremental
    table = rows[rows["outcome"] == "qalys"]["difference"].tolist()
    years = [undiscounted(results, PLAIN.name, "qalys", [year]).value for year in results.years]
    assert years == pytest.approx(table, abs=1e-6)
    assert undiscounted(results, PLAIN.name, "qalys").value == pytest.approx(sum(years))
    assert undiscounted(results, PLAIN.name, "qalys", results.years[:3]).value == pytest.approx(sum(years[:3]))


def test_what_rounding_leaves_of_nothing_is_no_difference() -> None:
    level = np.full(20, 45_231.7)
    assert (apart(level, level * (1.0 + 4e-16)) == 0.0).all()
    assert (apart(level, level - 1e-3) != 0.0).all()
    results = made((PLAIN, {}))
    results.totals[1] += np.random.default_rng(1).integers(-1, 2, results.totals[1].shape)  # the last bits alone
    told = difference(discounted(results, PLAIN.name, "deaths"), Thing("deaths"), "{}", "{}")
    assert told == "no difference seen in deaths"


def test_what_years_of_draws_leave_of_nothing_is_no_difference() -> None:
    """What comes later under the policy is the same in all: years cancel but for the last bits of their sums."""
    results = with_draws(made((PLAIN, {})), {})
    yearly = results.draws.yearly.copy()
    place = BANDED.index("surgeries")
    amounts = np.random.default_rng(3).uniform(1e3, 1e5, yearly.shape[0])
    yearly[..., place] = 0.1
    yearly[:, 0, 0, place] += amounts
    yearly[:, 1, 2:9, place] += amounts[:, None] / 7.0
    later = dataclasses.replace(results, draws=dataclasses.replace(results.draws, yearly=yearly))
    found = undiscounted(later, PLAIN.name, "surgeries")
    assert found.none and not found.clear
    assert undiscounted(later, PLAIN.name, "surgeries", results.years[:5]).clear


def test_two_policies_are_compared_directly() -> None:
    results = made((PLAIN, {"qalys": (1000.0, 1.0)}), (OTHER, {"qalys": (400.0, 1.0)}))
    assert between(results, PLAIN.name, OTHER.name, {"qalys": 1.0}).value == pytest.approx(600.0)
    drawn = with_draws(results, {"qalys": (1000.0, 100.0)}, {"qalys": (400.0, 100.0)})
    assert between(drawn, PLAIN.name, OTHER.name, {"qalys": 1.0}).value == pytest.approx(600.0)


def test_net_benefit_weighs_health_and_money() -> None:
    results = made((PLAIN, GAINS))
    assert net_benefit(results, PLAIN.name, "health_system", 50_000.0).value == pytest.approx(48e6, rel=1e-6)


def test_outcomes_that_draws_do_not_keep_by_year_show_luck_alone() -> None:
    results = made((PLAIN, {"opioid_starts": (500.0, 5.0), **GAINS}))
    drawn = with_draws(results, {"qalys": (1000.0, 200.0)})
    assert undiscounted(drawn, PLAIN.name, "opioid_starts").source == "Monte Carlo"
    assert undiscounted(drawn, PLAIN.name, "qalys").source.startswith("parameters")
