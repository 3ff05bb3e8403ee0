"""How far people keep their disability: scores with error of measurement, and what is read off two of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lbpsim.evidence import parameters
from lbpsim.validation.disability_persistence import as_scored, of_women_in_established_pain, rank_correlation, slope
from tests.validation.small import assuming, study

POINTS = np.linspace(8.0, 16.0, 4001)


def test_scores_err_as_registered_and_anew_at_each_visit() -> None:
    first, later = (as_scored(POINTS, 1, visit) - POINTS for visit in (0, 1))
    assert first.std() == pytest.approx(parameters()["course.score_error_sd"].value, rel=0.05)
    assert abs(first.mean()) < 4.0 * first.std() / np.sqrt(len(POINTS))
    assert abs(np.corrcoef(first, later)[0, 1]) < 4.0 / np.sqrt(len(POINTS))
    assert np.array_equal(as_scored(POINTS, 1, 0), as_scored(POINTS, 1, 0))


def test_who_is_free_of_disability_scores_nothing_and_nobody_leaves_the_scale() -> None:
    assert not as_scored(np.zeros(50), 1, 0).any()
    ends = as_scored(np.repeat([0.5, 23.5], 500), 1, 0)
    assert ends.min() == 0.0 and ends.max() == 24.0


def test_slope_and_rank_correlation_are_those_of_statistics() -> None:
    first = as_scored(POINTS, 1, 0)
    later = 3.0 + 0.5 * first + np.sin(first)
    assert slope(first, later)[0] == pytest.approx(np.polyfit(first, later, 1)[0])
    assert rank_correlation(first, later)[0] == pytest.approx(stats.spearmanr(first, later).statistic)


def test_errors_of_a_rank_correlation_are_those_of_repeated_samples() -> None:
    luck = np.random.default_rng(1)
    pairs = [luck.multivariate_normal([0.0, 0.0], [[1.0, 0.7], [0.7, 1.0]], 200).T for _ in range(400)]
    found = np.array([rank_correlation(*pair) for pair in pairs])
    assert found[:, 1].mean() == pytest.approx(found[:, 0].std(), rel=0.15)


def test_remission_and_error_lower_the_correlation() -> None:
    """TECH-VER: what lasts is the trait; without remission more of the ranks do."""
    lasting = assuming(course__remission_established=0.0)
    assert of_women_in_established_pain(lasting)[0] > of_women_in_established_pain(study())[0] > 0.0
