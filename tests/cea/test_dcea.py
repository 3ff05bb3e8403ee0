"""Net health by fifth and its worth to those who are averse to inequality."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.cea.dcea import AVERSIONS, equity_table, forgone_shares, health_table, healthy_years, worth_of
from lbpsim.outcomes.groups import QUINTILES
from lbpsim.outcomes.results import Results

THRESHOLD, PEOPLE = 28_033.0, 27e6


def test_parts_sum_to_the_row_of_all(eleven: Results) -> None:
    """TECH-VER, results: parts sum to totals."""
    table = health_table(eleven, THRESHOLD)
    for _, rows in table.groupby("scenario"):
        fifths, whole = rows[rows["quintile"] != "all"], rows[rows["quintile"] == "all"].iloc[0]
        assert len(fifths) == len(QUINTILES)
        for column in ("gained", "forgone", "net"):
            assert fifths[column].sum() == pytest.approx(whole[column], rel=1e-9, abs=1e-6)
        np.testing.assert_allclose(rows["gained"] - rows["forgone"], rows["net"])


def test_what_is_forgone_is_what_the_money_would_buy(eleven: Results) -> None:
    table = health_table(eleven, THRESHOLD)
    rows = eleven.incremental[eleven.incremental["discounted"]].set_index(["scenario", "outcome"])["difference"]
    for row in table[table["quintile"] == "all"].itertuples():
        assert row.forgone == pytest.approx(rows[row.scenario, "cost_health_system"] / THRESHOLD, rel=1e-9)
        assert row.gained == pytest.approx(rows[row.scenario, "qalys"], rel=1e-9, abs=1e-6)


def test_shares_of_what_is_forgone_sum_to_one() -> None:
    assert forgone_shares().sum() == pytest.approx(1.0)
    assert (np.diff(healthy_years()) > 0.0).all()


@pytest.mark.parametrize("aversion", AVERSIONS, ids=lambda each: each.name)
def test_the_averse_prefer_gains_of_the_disadvantaged(aversion: object) -> None:
    worst, best = np.eye(5)[0] * 1000.0, np.eye(5)[4] * 1000.0
    for place, strength in enumerate(aversion.range()):  # type: ignore[attr-defined]
        low, high = (worth_of(net, aversion, strength, PEOPLE) for net in (worst, best))  # type: ignore[arg-type]
        if place == 0:
            assert low == pytest.approx(1000.0, rel=1e-4) and high == pytest.approx(1000.0, rel=1e-4)
        else:
            assert low > 1000.0 > high > 0.0


@pytest.mark.parametrize("aversion", AVERSIONS, ids=lambda each: each.name)
def test_equity_weights_are_the_slopes_of_the_equal_level(aversion: object) -> None:
    """A small gain of one fifth is worth its weight: (EDE / level) ** strength, or exp(strength (EDE - level))."""
    levels, even, gain = healthy_years(), np.ones(5), np.eye(5)[1] * 500.0
    strength = aversion.range()[10]  # type: ignore[attr-defined]
    equal = aversion.equal_level(levels, even, strength)  # type: ignore[attr-defined]
    relative = aversion.name == "Atkinson"  # type: ignore[attr-defined]
    weight = (equal / levels[1]) ** strength if relative else np.exp(strength * (equal - levels[1]))
    assert worth_of(gain, aversion, strength, PEOPLE) == pytest.approx(500.0 * weight, rel=1e-3)  # type: ignore[arg-type]


def test_efficiency_and_equity_sum_toworth_of(eleven: Results) -> None:
    """TECH-VER, results: parts sum to totals."""
    table = equity_table(eleven, THRESHOLD)
    np.testing.assert_allclose(table["net_health"] + table["equity_gain"], table["worth"], rtol=1e-9, atol=1e-6)
    none = table[table["strength"] == 0.0]
    np.testing.assert_allclose(none["equity_gain"], 0.0, atol=1e-3 * none["net_health"].abs().max())
    assert (table[table["registered"]].groupby("aversion").size() == len(eleven.scenarios) - 1).all()


def test_health_by_fifth_adds_up_to_the_country(eleven: Results) -> None:
    """TECH-VER, results: parts sum to totals."""
    threshold = 50_000.0
    table = health_table(eleven, threshold)
    health = table[table["quintile"] != "all"].groupby("scenario").sum(numeric_only=True)
    rows = eleven.incremental[eleven.incremental["discounted"]].set_index(["scenario", "outcome"])["difference"]
    for scenario in eleven.scenarios[1:]:
        assert health.loc[scenario, "gained"] == pytest.approx(rows[scenario, "qalys"], rel=1e-9, abs=1e-6)
        forgone = rows[scenario, "cost_health_system"] / threshold
        assert health.loc[scenario, "forgone"] == pytest.approx(forgone, rel=1e-9, abs=1e-6)
