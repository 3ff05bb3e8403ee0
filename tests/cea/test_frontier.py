"""The efficiency frontier: published examples, ties, and properties against a brute-force definition."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.cea.frontier import Option, frontier, frontier_table, net_benefit, steps, threshold_column
from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes.draws import ProbabilisticResults
from tests.report.decided import drawn
from tests.report.synthetic import synthetic

Pairs = list[tuple[int, int]]
OPTIONS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=9)


def _frontier(pairs: Pairs) -> tuple[Option, ...]:
    names = [f"option {number}" for number in range(len(pairs))]
    return frontier(names, [float(cost) for cost, _ in pairs], [float(effect) for _, effect in pairs])


def test_textbook_example() -> None:
    names = ["E", "D", "C", "B", "A", "UC"]
    rows = {row.name: row for row in frontier(names, [55000, 35000, 25000, 10000, 12000, 5000], [5, 4, 3, 2, 1.5, 1])}
    assert list(rows) == names
    assert {name: row.icer for name, row in rows.items()} == {
        "E": 20000.0, "D": 12500.0, "C": None, "B": 5000.0, "A": None, "UC": None,
    }  # fmt: skip
    assert {name for name, row in rows.items() if row.status == "on frontier"} == {"UC", "B", "D", "E"}
    assert rows["C"].status == "extendedly dominated"
    assert rows["A"].status == "dominated"
    assert [row.name for row in steps(tuple(rows.values()))] == ["UC", "B", "D", "E"]


def test_treat_all_trap() -> None:
    """Equal effects: the dearer of the two is dominated, not given an infinite ICER."""
    rows = frontier(["none", "all", "test"], [163771.0, 164848.7, 163765.1], [6.48273, 6.52861, 6.52861])
    assert [row.status for row in rows] == ["dominated", "dominated", "on frontier"]
    assert [row.icer for row in rows] == [None, None, None]


def test_equal_costs_keep_the_more_effective() -> None:
    assert [row.status for row in _frontier([(5, 1), (5, 2)])] == ["dominated", "on frontier"]


def test_equal_options_share_status_and_icer() -> None:
    rows = _frontier([(0, 0), (10, 2), (10, 2), (40, 4)])
    assert [row.status for row in rows] == ["on frontier"] * 4
    assert [row.icer for row in rows] == [None, 5.0, 5.0, 15.0]


def test_option_on_the_line_between_two_others_stays() -> None:
    assert [row.icer for row in _frontier([(0, 0), (10, 1), (20, 2)])] == [None, 10.0, 10.0]


def test_single_option_has_nothing_to_compare_with() -> None:
    (row,) = _frontier([(7, 3)])
    assert (row.status, row.icer) == ("on frontier", None)


def test_no_options() -> None:
    assert _frontier([]) == ()


def test_negative_numbers() -> None:
    """A policy that saves money and gains health leaves the comparator dominated."""
    assert [row.status for row in _frontier([(0, 0), (-5, 1), (-8, -2)])] == ["dominated", "on frontier", "on frontier"]


@pytest.mark.parametrize(
    ("names", "costs", "effects", "words"),
    [
        (["a"], [1.0, 2.0], [1.0], "1 names, 2 costs and 1 effects"),
        (["a", "a"], [1.0, 2.0], [1.0, 2.0], "more than once: a"),
        (["a"], [math.nan], [1.0], "'a' has cost nan"),
        (["a"], [1.0], [math.inf], "effect inf"),
    ],
)
def test_errors_say_what_is_wrong(names: list[str], costs: list[float], effects: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        frontier(names, costs, effects)


def _dominated(pairs: Pairs, at: int) -> bool:
    cost, effect = pairs[at]
    return any(c <= cost and e >= effect and (c, e) != (cost, effect) for c, e in pairs)


def _beaten_by_a_mix(pairs: Pairs, at: int) -> bool:
    """Some mix of two options has the same effect for strictly less money."""
    cost, effect = pairs[at]
    mixes = [(a, b) for a in pairs for b in pairs if a[1] < effect < b[1]]
    return any(a[0] + Fraction((b[0] - a[0]) * (effect - a[1]), b[1] - a[1]) < cost for a, b in mixes)


@given(OPTIONS)
def test_agrees_with_the_definition(pairs: Pairs) -> None:
    for at, row in enumerate(_frontier(pairs)):
        expected = "on frontier"
        if _beaten_by_a_mix(pairs, at):
            expected = "extendedly dominated"
        if _dominated(pairs, at):
            expected = "dominated"
        assert row.status == expected


@given(OPTIONS)
def test_convex_and_icers_rise(pairs: Pairs) -> None:
    kept = list(dict.fromkeys((row.cost, row.effect, row.icer) for row in steps(_frontier(pairs))))
    assert kept[0][2] is None
    icers = [icer for _, _, icer in kept[1:] if icer is not None]
    assert len(icers) == len(kept) - 1
    assert all(before <= after for before, after in pairwise(icers))
    assert all(b[0] > a[0] and b[1] > a[1] for a, b in pairwise(kept))


@given(OPTIONS, st.integers(0, 8), st.integers(0, 3), st.integers(0, 3))
def test_a_dominated_option_changes_no_other(pairs: Pairs, near: int, dearer: int, worse: int) -> None:
    cost, effect = pairs[near % len(pairs)]
    if dearer + worse == 0:
        dearer = 1
    added = _frontier([*pairs, (cost + dearer, effect - worse)])
    assert added[-1].status == "dominated"
    assert added[:-1] == _frontier(pairs)


@given(OPTIONS, st.randoms(use_true_random=False))
def test_order_does_not_matter(pairs: Pairs, shuffle: object) -> None:
    names = [f"option {number}" for number in range(len(pairs))]
    mixed = list(zip(names, pairs, strict=True))
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    rows = frontier([name for name, _ in mixed], [p[0] for _, p in mixed], [p[1] for _, p in mixed])
    assert sorted(rows, key=lambda row: row.name) == list(_frontier(pairs))


@given(OPTIONS, st.fractions(0, 20))
def test_best_net_benefit_is_on_the_frontier(pairs: Pairs, threshold: Fraction) -> None:
    best = max(effect * threshold - cost for cost, effect in pairs)
    reached = [row for row, (c, e) in zip(_frontier(pairs), pairs, strict=True) if e * threshold - c == best]
    assert any(row.status == "on frontier" for row in reached)


def test_net_benefit() -> None:
    assert net_benefit(300.0, 2.0, 0.0) == -300.0
    assert net_benefit(300.0, 2.0, 50000.0) == 99700.0


def test_table_has_a_block_for_each_perspective() -> None:
    values = {
        "usual-care": {"qalys": 10.0, "cost_health_system": 100.0, "cost_societal": 500.0},
        "better": {"qalys": 12.0, "cost_health_system": 140.0, "cost_societal": 400.0},
    }
    rows = [
        {
            "scenario": scenario,
            "outcome": name,
            "unit": "",
            "discounted": at,
            "value": value if at else -1.0,
            "mcse": 0.0,
        }
        for scenario, outcomes in values.items()
        for name, value in outcomes.items()
        for at in (True, False)
    ]
    asked = SimpleNamespace(thresholds=(28033.0, 5e4), country=reference())
    results = SimpleNamespace(
        summary=pd.DataFrame(rows),
        scenarios=("usual-care", "better"),
        study=asked,
    )
    table = frontier_table(results)  # type: ignore[arg-type]
    assert list(table.columns) == [
        "scenario", "perspective", "cost", "qalys", "status", "icer", "net_benefit_28033", "net_benefit_50000",
        "expected_cost", "expected_qalys", "expected_status", "expected_icer",
    ]  # fmt: skip
    assert table[["expected_cost", "expected_qalys", "expected_icer"]].isna().all(axis=None)
    assert set(table["expected_status"]) == {""}
    assert list(table["perspective"]) == ["health_system"] * 2 + ["societal"] * 2
    assert list(table["status"]) == ["on frontier", "on frontier", "dominated", "on frontier"]
    assert list(table["icer"].dropna()) == [20.0]
    assert table["net_benefit_50000"].iloc[1] == 12.0 * 50000.0 - 140.0


@pytest.mark.parametrize(("threshold", "name"), [(28033.0, "net_benefit_28033"), (0.5, "net_benefit_0.5")])
def test_threshold_columns(threshold: float, name: str) -> None:
    assert threshold_column(threshold) == name


def test_means_over_draws_have_a_frontier_of_their_own() -> None:
    """The same rule, of other numbers."""
    results = synthetic(years=3, replications=4)
    draws = drawn(results, 30)
    table = frontier_table(ProbabilisticResults.join(results, draws))
    rows = table[table["perspective"] == "health_system"].set_index("scenario")
    costs, qalys = (draws.of(name).mean(axis=0) for name in ("cost_health_system", "qalys"))
    options = frontier(draws.scenarios, costs, qalys)
    assert [rows.loc[one.name, "expected_status"] for one in options] == [one.status for one in options]
    assert rows["expected_cost"].to_numpy() == pytest.approx(costs)
    assert rows["expected_qalys"].to_numpy() == pytest.approx(qalys)
    assert rows["expected_icer"].to_numpy() == pytest.approx([one.icer or np.nan for one in options], nan_ok=True)
