from __future__ import annotations

import dataclasses
import re

import pytest

from lbpsim.cea.budget_impact import budget_impact
from lbpsim.report.narrative.budget import PAYERS, budget_sentence, budgets, by_payer, periods
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.phrasing import INTERVAL
from tests.report.narrative.made_up import PLAIN, case_of, with_draws

DEAR = {"cost_surgery": (5e7, 1e5)}


def test_payers_add_up_to_the_budget_table() -> None:
    case = case_of(PLAIN, {**DEAR, "cost_cft": (1e7, 1e4)})
    table = budget_impact(case.results).set_index(["period", "payer"])["cost"]
    for years in periods(case.results.years):
        found = by_payer(case, years)
        for payer in PAYERS:
            assert found[payer].value == pytest.approx(table[f"{years[0]}-{years[-1]}", payer], abs=1.0)


def test_periods_are_the_first_five_years_and_all() -> None:
    assert periods((2026, 2027)) == [(2026, 2027)]
    assert periods(tuple(range(2026, 2036))) == [(2026, 2027, 2028, 2029, 2030), tuple(range(2026, 2036))]


def test_who_pays_more_and_who_less() -> None:
    more, less = (case_of(PLAIN, {"cost_surgery": (sign * 5e7, 1e5)}) for sign in (1.0, -1.0))
    assert re.search(r"pay AUD 50.00 million more .*government AUD .* more .* patients AUD .* more", _told(more))
    assert re.search(r"pay AUD 50.00 million less .*government AUD .* less .* patients AUD .* less", _told(less))
    assert INTERVAL["Monte Carlo"] in _told(more)
    assert 'graded "assumption"' in _told(more)
    assert "undiscounted" in _told(more)


def test_no_payer_pays_more_where_luck_could_explain_it() -> None:
    text = _told(case_of(PLAIN, {"cost_surgery": (1e5, 1e5)}))
    assert text.count("no clear difference in cost") == 1 + len(PAYERS)
    assert "more (" not in text


def _drawn(deviation: float) -> Comparison:
    case = case_of(PLAIN, DEAR)
    costs = dict.fromkeys(("cost_surgery", "cost_health_system"), (5e7, deviation))
    return dataclasses.replace(case, results=with_draws(case.results, costs))


def test_with_draws_the_sum_is_over_unsure_inputs_and_parts_follow_only_where_it_is_clear() -> None:
    sure, unsure = (budget_sentence(_drawn(deviation), range(2026, 2031)) for deviation in (1e6, 1e8))
    assert f"pay AUD 25.00 million more ({INTERVAL['parameters and Monte Carlo']}" in sure
    assert "At central inputs, by payer" in sure
    assert INTERVAL["Monte Carlo"] in sure
    assert f"show no clear difference in cost ({INTERVAL['parameters and Monte Carlo']}" in unsure
    assert "by payer" not in unsure
    assert "more (" not in unsure
    assert "by payer" not in _told(_drawn(1e6))


def test_with_draws_payers_over_the_horizon_are_judged_over_the_inputs() -> None:
    sure, unsure = ([claim.text for claim in budgets(_drawn(deviation))][-1] for deviation in (1e6, 1e8))
    assert re.search(r"government AUD .* more .* private insurers AUD .* more .* patients AUD .* more", sure)
    assert unsure.count("no clear difference in cost") == len(PAYERS)
    assert "discounted at 5% a year" in sure
    assert len(list(budgets(case_of(PLAIN, DEAR)))) == len(periods(range(10)))


def _told(case: Comparison) -> str:
    return budget_sentence(case, case.results.years)
