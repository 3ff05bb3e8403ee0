from __future__ import annotations

import math

import numpy as np
import pytest

from lbpsim.cea.subgroups import Gains, by_age_and_sex, gains
from lbpsim.outcomes.groups import COUNTRY_WIDE, GROUPS, QUINTILES
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.report.narrative.comparison import Comparison
from tests.report.groups import LIVED, with_groups, without_groups
from tests.report.narrative.made_up import PLAIN, case_of, made

SHAPE = (len(GROUPS) // 2, 2, len(QUINTILES))


def _case(by_group: np.ndarray | None = None, **asked: int) -> Comparison:
    """A gain of 50,000 QALYs, with luck of its own in every group."""
    case = case_of(PLAIN, {"qalys": (50_000.0, 500.0)}, by_group=by_group, **asked)
    luck = np.random.default_rng(4).normal(0.0, 20.0, (case.results.replications, 2, 1, COUNTRY_WIDE))
    case.results.totals[1, :, :, :, :COUNTRY_WIDE, OUTCOME_INDEX["qalys"]] += (luck * FIXED_POINT).astype(np.int64)
    return case


def _weights(axis: int, *, strongest: int) -> np.ndarray:
    """Gains that fall mostly on one band, sex or fifth."""
    weights = np.ones(SHAPE)
    index = [slice(None)] * 3
    index[axis] = strongest  # type: ignore[call-overload]
    weights[tuple(index)] = 5.0
    return np.asarray(weights.reshape(-1) / weights.sum())


def test_gains_are_for_each_thousand_years_lived() -> None:
    case = case_of(PLAIN, {"qalys": (50_000.0, 0.0)})
    found = gains(case.results, PLAIN.name)["sexes"]
    lived = 4e6  # the four parts of life years, a million each
    assert found.means == pytest.approx(1000 * 50_000.0 / lived)
    assert found.each.shape == (20, 2)


def test_the_widest_of_many_pairs_is_held_to_a_stricter_standard() -> None:
    luck = np.random.default_rng(1).standard_normal((20, 6))
    luck -= luck.mean(axis=0)
    pair = luck[:, :2] + [1.0, 0.2]
    six = np.column_stack([pair, luck[:, 2:] + 0.6])
    two_widest, six_widest = Gains(("a", "b"), pair).widest(), Gains(tuple("abcdef"), six).widest()
    assert two_widest[:2] == six_widest[:2] == ("a", "b")
    assert six_widest[2].high - six_widest[2].low > two_widest[2].high - two_widest[2].low


def test_one_replication_knows_no_interval_of_the_widest_pair() -> None:
    *named, apart = Gains(("a", "b", "c"), np.array([[1.0, 3.0, 2.0]])).widest()
    assert (named, apart.value) == (["b", "a"], 2.0)
    assert math.isnan(apart.low) and math.isnan(apart.high) and not apart.direction


def test_luck_alone_names_nobody_more_often_than_once_in_twenty() -> None:
    generator = np.random.default_rng(2)
    named = [Gains(tuple("abcdef"), generator.standard_normal((20, 6))).widest()[2].direction > 0 for _ in range(400)]
    assert np.mean(named) < 0.08


def test_groups_without_people_are_left_out() -> None:
    case = case_of(PLAIN, {"qalys": (10.0, 1.0)})
    case.results.totals[:, :, :, :, : COUNTRY_WIDE // 2] = 0
    assert len(gains(case.results, PLAIN.name)["age bands"].labels) == len(GROUPS) // 4


def test_over_draws_gains_are_those_of_each_draw() -> None:
    """Made by hand: every draw gains 4, 3, 2, 1 and 0.5 thousandths of a year lived, give or take a fifth of it."""
    fifths = tuple(LIVED * each / 1000.0 for each in (4.0, 3.0, 2.0, 1.0, 0.5))
    results = with_groups(made((PLAIN, {})), fifths, number=400, shared=0.2)
    found = gains(results, PLAIN.name)["socioeconomic fifths"]
    assert found.over_draws and found.each.shape == (400, 2, 5)
    assert found.means == pytest.approx([4.0, 3.0, 2.0, 1.0, 0.5], rel=0.05)
    _, first = found.estimates()[0]
    assert (first.low, first.high) == (pytest.approx(4.0 * 0.6, rel=0.1), pytest.approx(4.0 * 1.4, rel=0.1))
    assert first.source == "parameters"
    most, least, apart = found.widest()
    assert (most, least) == ("the most disadvantaged fifth", "the least disadvantaged fifth")
    assert (apart.low, apart.high) == (pytest.approx(3.5 * 0.6, rel=0.1), pytest.approx(3.5 * 1.4, rel=0.1))
    ages = gains(results, PLAIN.name)["age bands"]
    assert ages.labels == tuple(dict.fromkeys(f"ages {group.age_band}" for group in GROUPS))
    assert ages.means == pytest.approx(np.full(6, 2.1), rel=0.05)


def test_noise_stays_in_an_interval_of_which_it_is_most() -> None:
    results = with_groups(made((PLAIN, {})), number=200, shared=0.01, noise=500.0)
    sources = {each.source for _, each in gains(results, PLAIN.name)["socioeconomic fifths"].estimates()}
    assert sources == {"parameters and Monte Carlo"}


def test_of_earlier_draws_gains_are_those_at_central_inputs() -> None:
    plain = made((PLAIN, {"qalys": (50_000.0, 500.0)}))
    earlier = without_groups(with_groups(plain))
    for kind, found in gains(earlier, PLAIN.name).items():
        assert not found.over_draws
        np.testing.assert_array_equal(found.each, gains(plain, PLAIN.name)[kind].each)
    np.testing.assert_array_equal(by_age_and_sex(earlier).value, by_age_and_sex(plain).value)


def test_every_policy_by_age_and_sex_is_that_of_its_draws() -> None:
    found = by_age_and_sex(with_groups(made((PLAIN, {})), number=400, shared=0.2))
    assert found.value.shape == (1, len(GROUPS))
    assert found.value == pytest.approx(np.full((1, len(GROUPS)), 1000.0 * 700.0 / LIVED), rel=0.05)
    assert (found.low < found.value).all() and (found.value < found.high).all()
