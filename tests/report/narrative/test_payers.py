from __future__ import annotations

import dataclasses

import pytest

from lbpsim.report.narrative.payers import PAYERS, grades_of_split, paid_by
from tests.report.narrative.made_up import PLAIN, case_of, with_draws

DEAR = {"cost_surgery": (5e7, 1e5)}


def test_payers_add_up_to_what_is_paid_for_health_care() -> None:
    case = case_of(PLAIN, {**DEAR, "cost_cft": (1e7, 1e4)})
    found = paid_by(case)
    rows = case.results.incremental
    rows = rows[(rows["outcome"] == "cost_health_system") & rows["discounted"]]
    assert set(found) == set(PAYERS)
    assert sum(each.value for each in found.values()) == pytest.approx(float(rows["difference"].iloc[0]), rel=1e-9)


def test_with_draws_intervals_are_those_of_the_draws() -> None:
    case = case_of(PLAIN, DEAR)
    for deviation, clear in ((1e6, True), (1e8, False)):
        drawn = dataclasses.replace(case, results=with_draws(case.results, {"cost_surgery": (5e7, deviation)}))
        each = paid_by(drawn)
        assert {cost.clear for cost in each.values()} == {clear}
        assert {cost.source for cost in each.values()} == {"parameters and Monte Carlo"}


def test_the_split_says_how_it_is_graded() -> None:
    assert grades_of_split(case_of(PLAIN)) == 'graded "assumption"'
