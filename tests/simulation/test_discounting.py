"""Costs at one discount rate and health at another: each is what a study with that rate alone has, to the bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lbpsim.cea.frontier import frontier_table
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOME_INDEX, OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.run import run_draws
from lbpsim.simulation.engines import COMPILED, SIMPY
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import run_study
from lbpsim.simulation.treated_and_untreated import treat_a_thousand
from lbpsim.study import InputErrors, Study, load
from lbpsim.study.describe import describe
from lbpsim.study.differences import study_differences
from tests.pathways.small_country import BUSY, CFT, USUAL_CARE, study

FOR_COSTS, FOR_HEALTH = 0.05, 0.015
MONEY = [name for name, outcome in OUTCOMES.items() if outcome.kind == "cost"]


def asked(health: float, costs: float | None = None, **more: str) -> Study:
    small = study(USUAL_CARE, CFT, BUSY, people=200, years=4, replications=2, discount_rate=health, **more)
    return replace(small, cost_discount_rate=costs)


BOTH, OF_COSTS, OF_HEALTH = asked(FOR_HEALTH, FOR_COSTS), asked(FOR_COSTS), asked(FOR_HEALTH)


@pytest.mark.parametrize("follow", ["horizon", "lifetime"])
@pytest.mark.parametrize(("engine", "people"), [(COMPILED, 200), (SIMPY, 30)])
def test_sums_are_those_of_either_rate(engine: str, people: int, follow: str) -> None:
    both, costs, health = (
        PreparedStudy(replace(each, follow=follow, people=people)).simulate_all(each.policies, 0, engine=engine)
        for each in (BOTH, OF_COSTS, OF_HEALTH)
    )
    money = [OUTCOME_INDEX[name] for name in COST_CATEGORIES]
    for found, at_costs, at_health in zip(both, costs, health, strict=True):
        expected = at_health.totals.copy()
        expected[1][..., money] = at_costs.totals[1][..., money]
        assert (found.totals == expected).all()
        assert (at_costs.totals[1] != at_health.totals[1]).any()


@pytest.fixture(scope="module")
def runs() -> tuple[Results, Results, Results]:
    """Of both rates, of that for costs alone, of that for health alone."""
    both, costs, health = (run_study(each, workers=1) for each in (BOTH, OF_COSTS, OF_HEALTH))
    return both, costs, health


@pytest.mark.parametrize("table", ["summary", "incremental", "by_quintile", "per_person"])
def test_tables_are_those_of_either_rate(runs: tuple[Results, Results, Results], table: str) -> None:
    both, costs, health = (getattr(each, table) for each in runs)
    expected = health.where(~health["outcome"].isin(MONEY), costs)
    pd.testing.assert_frame_equal(both, expected, check_exact=True)


def test_what_is_not_discounted_stays(runs: tuple[Results, Results, Results]) -> None:
    both, _, health = runs
    pd.testing.assert_frame_equal(both.yearly, health.yearly, check_exact=True)
    pd.testing.assert_frame_equal(both.costs, health.costs, check_exact=True)


def test_the_frontier_has_both(runs: tuple[Results, Results, Results]) -> None:
    both, costs, health = (frontier_table(each).set_index(["perspective", "scenario"]) for each in runs)
    assert (both["cost"] == costs["cost"]).all() and (both["qalys"] == health["qalys"]).all()
    assert (both["qalys"] != costs["qalys"]).any()


def test_draws_have_both() -> None:
    request = DrawRequest(draws=3, people=60)
    both, costs, health = (run_draws(each, request, workers=1) for each in (BOTH, OF_COSTS, OF_HEALTH))
    for name in OUTCOMES:
        expected = costs if name in MONEY else health
        assert np.array_equal(both.of(name), expected.of(name), equal_nan=True), name


def test_who_is_treated_comes_to_both() -> None:
    both, costs, health = (treat_a_thousand(each).frame for each in (BOTH, OF_COSTS, OF_HEALTH))
    money = both["outcome"].isin(MONEY)
    for column in ("untreated", "difference"):
        assert both.loc[~money, column].equals(health.loc[~money, column])
        assert np.allclose(both.loc[money, column], costs.loc[money, column], rtol=1e-9, atol=1e-3)


def test_one_rate_is_lived_once() -> None:
    assert PreparedStudy(OF_COSTS).as_costs is None


def written(tmp_path: Path, shipped: Path, rate: str) -> Study:
    text = (shipped / "study.yaml").read_text(encoding="utf-8")
    (tmp_path / "study.yaml").write_text(text.replace("5% per year ", rate), encoding="utf-8")
    (tmp_path / "usual-care.yaml").write_bytes((shipped / "usual-care.yaml").read_bytes())
    return load(tmp_path)


SHIPPED = Path(__file__).parents[2] / "scenarios"


def test_both_are_read_from_the_study_file_and_told(tmp_path: Path) -> None:
    apart = written(tmp_path, SHIPPED, "{costs: 5% per year, health: 1.5% per year} ")
    assert (apart.discount_rate, apart.discount_rate_of_costs) == (FOR_HEALTH, FOR_COSTS)
    told = " ".join(describe(apart).split())
    assert "costs discounted at 5% per year, health and all else at 1.5% per year" in told
    assert Study.from_resolved(apart.resolved()).discount_rate_of_costs == FOR_COSTS
    alike = written(tmp_path, SHIPPED, "5% per year ")
    changed = {each.key: (each.before, each.after) for each in study_differences(alike, apart)}
    assert changed["discount_rate.health"][1] == "1.5% per year"


def test_two_rates_that_are_alike_are_one(tmp_path: Path) -> None:
    alike = written(tmp_path, SHIPPED, "{costs: 5% per year, health: 5% per year} ")
    assert alike == written(tmp_path, SHIPPED, "5% per year ")


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ("{costs: 5% per year} ", "The rate for health is missing"),
        ("{costs: 5% per year, helth: 1%} ", "no such key here"),
        ("{costs: 5%, health: 1.5% per year} ", "rate"),
        ("{costs: 500% per year, health: 1.5% per year} ", "above"),
    ],
)
def test_what_is_no_pair_of_rates_is_refused(tmp_path: Path, rate: str, told: str) -> None:
    with pytest.raises(InputErrors, match=told):
        written(tmp_path, SHIPPED, rate)
