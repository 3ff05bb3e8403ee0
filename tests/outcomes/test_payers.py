"""Who pays: shares of each category, and parts that sum to the cost."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes import payers
from lbpsim.outcomes.measures import COST_CATEGORIES
from lbpsim.outcomes.results import Results
from tests.pathways.small_country import USUAL_CARE, study

VALUES = study().values(USUAL_CARE)
SHARES = payers.shares(VALUES)


def test_every_category_is_paid_in_full_by_known_payers() -> None:
    assert {f"cost_{category}" for category in SHARES} == set(COST_CATEGORIES)
    for category, by_payer in SHARES.items():
        assert sum(by_payer.values()) == pytest.approx(1.0, abs=1e-15), category
        assert min(by_payer.values()) >= 0.0
        care = {"private_insurer", "patient", "government"}
        assert set(by_payer) == ({"employer", "society"} if category == "lost_work" else care)


def test_government_bears_the_rest_of_care() -> None:
    named = VALUES["payers.surgery.private_insurer"] + VALUES["payers.surgery.patient"]
    assert SHARES["surgery"]["government"] == pytest.approx(1.0 - named)


def test_payers_who_would_pay_more_than_everything_are_refused() -> None:
    with pytest.raises(ValueError, match="payers of cft would pay 120% of it"):
        payers.shares({**VALUES, "payers.cft.private_insurer": 0.5, "payers.cft.patient": 0.7})


@given(cost=st.floats(0.0, 1e12), category=st.sampled_from(sorted(SHARES)))
def test_parts_sum_to_the_cost(cost: float, category: str) -> None:
    parts = dict(payers.split(cost, SHARES[category]))
    assert math.fsum(parts.values()) == pytest.approx(cost, rel=1e-15, abs=1e-9)
    for payer, part in parts.items():
        assert part == pytest.approx(cost * SHARES[category][payer], abs=0.011 + 1e-9 * cost)


@given(cost=st.integers(0, 10**12).map(lambda cents: cents / 100.0))
def test_all_but_the_last_pay_whole_cents(cost: float) -> None:
    *named, _ = payers.split(cost, SHARES["surgery"])
    for _, part in named:
        assert part == round(part, 2)


def test_costs_by_payer_sum_to_categories_and_to_society(eleven: Results) -> None:
    """TECH-VER, results: parts sum to totals."""
    costs, yearly = eleven.costs, eleven.yearly
    assert set(costs["category"]) == {name.removeprefix("cost_") for name in COST_CATEGORIES}
    known = yearly.set_index(["scenario", "year", "outcome"])["value"]
    for (scenario, year, category), group in costs.groupby(["scenario", "year", "category"]):
        total = known[scenario, year, f"cost_{category}"]
        assert math.fsum(group["cost"]) == pytest.approx(total, rel=1e-14, abs=1e-6)
    for (scenario, year), group in costs.groupby(["scenario", "year"]):
        assert math.fsum(group["cost"]) == pytest.approx(known[scenario, year, "cost_societal"], rel=1e-12)
