"""Budget impact: parts sum to totals, and nothing is discounted."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.cea.budget_impact import budget_impact
from lbpsim.outcomes.results import Results


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
