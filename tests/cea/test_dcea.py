"""Net health by fifth and its worth to those who are averse to inequality."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.cea.dcea import (
    AVERSIONS,
    best_worth,
    equity_table,
    forgone_shares,
    health_table,
    healthy_years,
    known_over_draws,
    worth_of,
)
from lbpsim.outcomes.draws import FEWEST_DRAWS
from lbpsim.outcomes.groups import QUINTILES
from lbpsim.outcomes.results import Results
from lbpsim.population.demography import people_counted
from tests.report.groups import with_groups, without_groups
from tests.report.synthetic import SHIPPED, synthetic

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


@pytest.fixture(scope="module")
def plain() -> Results:
    return synthetic(years=3, replications=4)


def test_over_draws_net_health_is_what_each_draw_gains_less_its_share_of_what_is_forgone(plain: Results) -> None:
    cost = 2_803_300.0  # a hundred QALYs elsewhere
    table = health_table(with_groups(plain, cost=cost), THRESHOLD)
    first = table[table["scenario"] == plain.scenarios[1]].set_index("quintile")
    shares = np.array([*(100.0 * forgone_shares()), 100.0])
    assert first["expected_forgone"].to_numpy() == pytest.approx(shares)
    gained = np.array([900.0, 800.0, 700.0, 600.0, 500.0, 3500.0])
    assert first["expected_gained"].to_numpy() == pytest.approx(gained, rel=0.02)
    np.testing.assert_allclose(first["mean"], first["expected_gained"] - first["expected_forgone"])
    half = 1.96 * 0.05 * gained
    assert (first["high"] - first["low"]).to_numpy() == pytest.approx(2.0 * half, rel=0.35)
    assert set(first["interval"]) == {"parameters"}


def test_parts_sum_to_the_row_of_all_over_draws_too(plain: Results) -> None:
    """TECH-VER, results: parts sum to totals."""
    table = health_table(with_groups(plain, own=0.2, noise=30.0, cost=1e6), THRESHOLD)
    for _, rows in table.groupby("scenario"):
        fifths, whole = rows[rows["quintile"] != "all"], rows[rows["quintile"] == "all"].iloc[0]
        for column in ("expected_gained", "expected_forgone", "mean"):
            assert fifths[column].sum() == pytest.approx(whole[column], rel=1e-9)


def test_where_noise_is_most_of_the_spread_the_interval_holds_it_and_says_so(plain: Results) -> None:
    table = health_table(with_groups(plain, shared=0.001, noise=100.0), THRESHOLD)
    assert set(table["interval"]) == {"parameters and Monte Carlo"}
    assert table["low"].notna().all()


def test_draws_change_no_figure_at_central_inputs(plain: Results) -> None:
    for table in (health_table, equity_table):
        bare, drawn = table(plain, THRESHOLD), table(with_groups(plain), THRESHOLD)
        central = list(bare.columns[: list(bare.columns).index("mean")])
        central = [name for name in central if not name.startswith(("expected", "equity_gain_"))]
        assert bare[central].equals(drawn[central]) and list(bare) == list(drawn)
        assert bare[["mean", "low", "high"]].isna().all(axis=None) and set(bare["interval"]) == {""}
        assert known_over_draws(drawn) and not known_over_draws(bare)


def test_few_draws_and_earlier_ones_leave_no_interval(plain: Results) -> None:
    few = with_groups(plain, number=FEWEST_DRAWS - 1)
    assert not known_over_draws(health_table(few, THRESHOLD))
    assert not known_over_draws(equity_table(few, THRESHOLD))
    earlier = without_groups(few)
    assert not earlier.draws.knows_groups
    assert health_table(earlier, THRESHOLD)["mean"].isna().all()


def test_worth_over_draws_is_net_health_and_what_its_distribution_adds(plain: Results) -> None:
    unsure = with_groups(plain, own=0.1)
    table, health = equity_table(unsure, THRESHOLD), health_table(unsure, THRESHOLD)
    net = health[health["quintile"] == "all"].set_index("scenario")["mean"]
    expected = table["scenario"].map(net) + table["expected_equity_gain"]
    np.testing.assert_allclose(table["mean"], expected, rtol=1e-9, atol=1e-3)
    assert (table["low"] < table["mean"]).all() and (table["mean"] < table["high"]).all()
    averse = table[table["strength"] > 0.0]
    assert (averse["equity_gain_low"] > 0.0).all(), "the most disadvantaged gain most in every draw"
    chosen = table[table["registered"] & (table["scenario"] == plain.scenarios[1])]
    gains = health[(health["scenario"] == plain.scenarios[1]) & (health["quintile"] != "all")]["mean"].to_numpy()
    for row, aversion in zip(chosen.itertuples(), AVERSIONS, strict=True):
        people = float(people_counted(plain.study.country, plain.study.region).sum())
        assert row.mean == pytest.approx(worth_of(gains, aversion, row.strength, people), rel=1e-3)


def test_a_comparator_alone_has_no_rows_with_draws_either() -> None:
    alone = with_groups(synthetic((SHIPPED[0],), years=3, replications=4))
    for table in (health_table(alone, THRESHOLD), equity_table(alone, THRESHOLD)):
        assert table.empty and {"mean", "low", "high", "interval"} <= set(table)


def test_a_gain_in_equity_has_a_flag_of_its_own(plain: Results) -> None:
    """Gains of all fifths alike move net health, but hardly what its distribution adds, which noise then rules."""
    unsure = with_groups(plain, (700.0,) * 5, shared=0.3, noise=200.0)
    table = equity_table(unsure, THRESHOLD)
    averse = table[table["registered"] & (table["scenario"] == plain.scenarios[1])]
    assert set(averse["interval"]) == {"parameters"}
    assert set(averse["equity_gain_interval"]) == {"parameters and Monte Carlo"}
    shown = best_worth(averse, health_table(unsure, THRESHOLD))
    assert shown["equity_gain_interval"].equals(averse["equity_gain_interval"])
    assert shown["worth_interval"].equals(averse["interval"])
    assert set(equity_table(plain, THRESHOLD)["equity_gain_interval"]) == {""}


def test_without_aversion_nothing_is_gained_in_equity(plain: Results) -> None:
    table = equity_table(with_groups(plain, own=0.1, noise=30.0, cost=1e6), THRESHOLD)
    none = table[table["strength"] == 0.0]
    gains = ["equity_gain", "expected_equity_gain", "equity_gain_low", "equity_gain_high"]
    assert len(none) and (none[gains] == 0.0).all(axis=None)
