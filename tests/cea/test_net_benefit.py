"""Net benefit of draws: increments over the comparator, and noise that is taken out of every difference."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.cea.decision_uncertainty import perfect_information
from lbpsim.cea.net_benefit import View, monte_carlo_covariance, net_benefit_of, noise_share, views, without_noise
from tests.cea.made_up import A_QALY, Numbers, made_up, normals

DRAWS, REPLICATIONS = 2000, 20


def rivals(noise: float) -> tuple[Numbers, Numbers]:
    """Net benefit without noise, shape (draws, 3), and each replication with it: two rivals that differ by little."""
    common, own = normals(DRAWS, 0), normals(DRAWS, 1)
    true = np.column_stack([np.zeros(DRAWS), 2.0 * common, 2.0 * common + 0.1 * own])
    each = np.stack([normals(DRAWS * REPLICATIONS, 2 + k).reshape(DRAWS, REPLICATIONS) for k in range(2)], axis=1)
    return true, true[:, :, None] + noise * np.concatenate([np.zeros((DRAWS, 1, REPLICATIONS)), each], axis=1)


def test_views_are_every_perspective_at_every_threshold() -> None:
    assert views((1.0, 2.0)) == (
        *(View("health_system", 1.0), View("health_system", 2.0)),
        *(View("societal", 1.0), View("societal", 2.0)),
    )


def test_benefit_is_over_the_comparator() -> None:
    draws = made_up(50)
    benefit = net_benefit_of(draws, View("health_system", A_QALY)).raw
    gain = A_QALY * draws.of("qalys") - draws.of("cost_health_system")
    np.testing.assert_allclose(benefit, gain - gain[:, :1])
    assert (benefit[:, 0] == 0.0).all()


def test_covariance_of_the_noise_is_that_of_the_mean() -> None:
    _, each = rivals(3.0)
    expected = np.diag([0.0, 9.0 / REPLICATIONS, 9.0 / REPLICATIONS])
    np.testing.assert_allclose(monte_carlo_covariance(each), expected, atol=0.01)


def test_noise_is_taken_out_of_the_difference_between_two_rivals() -> None:
    """The two rivals differ by 0.1, which noise of 0.95 hides; what is left is near the truth."""
    true, each = rivals(3.0)
    clean = without_noise(each.mean(axis=2), monte_carlo_covariance(each))
    assert np.std(each.mean(axis=2)[:, 2] - each.mean(axis=2)[:, 1]) > 0.9
    assert np.std(clean[:, 2] - clean[:, 1]) < 0.25
    assert np.std(clean[:, 1]) == pytest.approx(np.std(true[:, 1]), rel=0.03)


def test_noise_does_not_inflate_the_value_of_information() -> None:
    """TECH-VER, uncertainty: luck of few people is not taken for uncertainty of parameters."""
    true, each = rivals(6.0)
    known, noisy = (perfect_information(benefit)[0] for benefit in (true, each.mean(axis=2)))
    clean = perfect_information(without_noise(each.mean(axis=2), monte_carlo_covariance(each)))[0]
    assert noisy > 1.5 * known
    assert clean == pytest.approx(known, rel=0.10)


def test_without_noise_the_draws_stay_as_they_are() -> None:
    true, _ = rivals(0.0)
    np.testing.assert_allclose(without_noise(true, np.zeros((3, 3))), true, atol=1e-9)


def test_equal_policies_stay_equal_to_the_bit() -> None:
    draws = made_up(200, noise=500.0)
    clean = net_benefit_of(draws, View("societal", A_QALY)).clean
    assert (clean[:, 1] == clean[:, 2]).all()
    assert (clean[:, 0] == 0.0).all()


def test_nothing_but_noise_leaves_the_mean() -> None:
    luck_alone = np.column_stack([np.zeros(500), normals(500, 5)])
    clean = without_noise(luck_alone, np.diag([0.0, 10.0]))
    np.testing.assert_allclose(clean[:, 1], luck_alone[:, 1].mean())


def test_one_replication_says_nothing_of_noise() -> None:
    benefit = net_benefit_of(made_up(50, replications=1, noise=10.0), View("societal", A_QALY))
    assert np.isnan(benefit.noise_share[1:]).all()
    assert (benefit.clean == benefit.raw).all()


def test_noise_share_is_between_none_and_all() -> None:
    raw = np.column_stack([np.zeros(100), np.linspace(-1.0, 1.0, 100)])
    assert noise_share(raw, np.diag([0.0, 0.0])).tolist() == [0.0, 0.0]
    assert noise_share(raw, np.diag([0.0, 99.0])).tolist() == [0.0, 1.0]
