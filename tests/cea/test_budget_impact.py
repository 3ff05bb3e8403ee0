"""Budget impact: parts sum to totals, and nothing is discounted."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.cea.budget_impact import best_known, budget_impact, by_year, over_periods
from lbpsim.outcomes.draws import FEWEST_DRAWS
from lbpsim.outcomes.results import Results
from tests.report.budgets import with_budgets


def test_parts_sum_to_totals(eleven: Results) -> None:
    """TECH-VER, results: parts sum to totals."""
    table = budget_impact(eleven).pivot_table(index=["scenario", "payer"], columns="period", values="cost", sort=False)
    years = [str(year) for year in eleven.years]
    whole = f"{years[0]}-{years[-1]}"
    np.testing.assert_allclose(table[years].sum(axis=1), table[whole], rtol=1e-9, atol=1e-3)
    for scenario in eleven.scenarios[1:]:
        mine = table.loc[scenario]
        np.testing.assert_allclose(mine.drop("all payers").sum(), mine.loc["all payers"], rtol=1e-9, atol=1e-3)


def test_all_payers_pay_the_undiscounted_cost_of_health_care(eleven: Results) -> None:
    table = budget_impact(eleven)
    whole = table[(table["payer"] == "all payers") & (table["period"] == f"{eleven.years[0]}-{eleven.years[-1]}")]
    rows = eleven.incremental[
        (eleven.incremental["outcome"] == "cost_health_system") & ~eleven.incremental["discounted"]
    ]
    expected = rows.set_index("scenario")["difference"]
    for row in whole.itertuples():
        assert row.cost == pytest.approx(expected[row.scenario], rel=1e-8, abs=1.0)


def test_years_and_periods_stand_in_tables_of_their_own(eleven: Results) -> None:
    budget = budget_impact(eleven)
    years, periods = by_year(budget), over_periods(budget)
    assert sorted(set(years["year"])) == list(eleven.years)
    assert len(years) + len(periods) == len(budget)
    whole = years.groupby(["scenario", "payer"])["cost"].sum()
    last = periods[periods["period"] == f"{eleven.years[0]}-{eleven.years[-1]}"].set_index(["scenario", "payer"])[
        "cost"
    ]
    assert whole[last.index].to_numpy() == pytest.approx(last.to_numpy(), rel=1e-9, abs=1e-3)


def test_the_error_of_all_payers_is_that_of_the_cost_of_health_care(eleven: Results) -> None:
    years = by_year(budget_impact(eleven))
    rows = eleven.yearly_incremental
    expected = rows[rows["outcome"] == "cost_health_system"].set_index(["scenario", "year"])["mcse"]
    found = years[years["payer"] == "all payers"].set_index(["scenario", "year"])["mcse"]
    assert found.to_numpy() == pytest.approx(expected[found.index].to_numpy(), rel=1e-6, abs=0.01)
    assert (years["mcse"] >= 0.0).all()


def test_over_draws_budgets_have_a_mean_and_an_interval_of_parameters(eleven: Results) -> None:
    central, unsure = budget_impact(eleven), budget_impact(with_budgets(eleven, 4 * FEWEST_DRAWS))
    assert central[["mean", "low", "high"]].isna().all(axis=None) and (central["interval"] == "").all()
    assert unsure[["scenario", "period", "payer", "cost", "mcse"]].equals(
        central[["scenario", "period", "payer", "cost", "mcse"]]
    )
    first = unsure[unsure["scenario"] == eleven.scenarios[1]]
    assert first["mean"].to_numpy() == pytest.approx(100.0)
    assert first["low"].to_numpy() == pytest.approx(90.5, abs=0.2)
    assert (first["interval"] == "parameters").all()
    assert (best_known(central), best_known(unsure)) == ("cost", "mean")


def test_of_too_few_draws_budgets_have_no_interval(eleven: Results) -> None:
    few = budget_impact(with_budgets(eleven, FEWEST_DRAWS - 1))
    assert few["mean"].notna().all() and few["low"].isna().all() and (few["interval"] == "").all()
    assert best_known(few) == "cost"
