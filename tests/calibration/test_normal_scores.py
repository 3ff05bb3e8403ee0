from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lbpsim.calibration.normal_scores import LARGEST, Scores, normals, spread_evenly
from lbpsim.calibration.plan import shipped
from tests.calibration.toy import SCORES

SHIPPED = Scores(tuple(free.parameter for free in shipped().free))


@pytest.mark.parametrize("scores", [SCORES, SHIPPED])
def test_scores_and_values_are_each_others_inverse(scores: Scores) -> None:
    some = normals(1, 0, 5, len(scores.parameters))
    assert scores.of(scores.in_units(some)) == pytest.approx(some, abs=1e-6)


def test_the_middle_of_a_prior_has_score_0() -> None:
    level, *_ = SCORES.in_units(np.zeros(3))
    assert level == pytest.approx(7.0)
    assert stats.gamma(16, scale=0.125).median() == pytest.approx(SCORES.in_units(np.zeros(3))[2])


def test_values_are_in_canonical_units() -> None:
    weeks = SCORES.in_units(np.zeros(3))[1]
    assert SCORES.values(np.zeros(3))["toy.rate"] == pytest.approx(weeks * 7 / 365.25)


def test_values_stay_in_the_range_of_their_prior() -> None:
    for extreme in (-50.0, 50.0):
        values = SCORES.in_units(np.full(3, extreme))
        assert np.isfinite(values).all() and (values[1:] > 0).all()
        assert np.abs(SCORES.of(values)) == pytest.approx(LARGEST, abs=0.1)


def test_normal_numbers_are_normal_and_independent() -> None:
    numbers = normals(7, 3, 4000, 3)
    for column in numbers.T:
        assert stats.kstest(column, "norm").pvalue > 0.001
    assert np.abs(np.corrcoef(numbers.T) - np.eye(3)).max() < 4 / np.sqrt(4000)


def test_first_rows_do_not_depend_on_how_many_follow() -> None:
    assert np.array_equal(normals(7, 3, 10, 3), normals(7, 3, 40, 3)[:10])
    assert not np.array_equal(normals(7, 3, 10, 3), normals(8, 3, 10, 3))


def test_a_spread_out_design_has_one_in_each_part() -> None:
    design = spread_evenly(1, 2, 50, 4)
    parts = np.floor(stats.norm.cdf(design) * 50).astype(int)
    assert all(sorted(column) == list(range(50)) for column in parts.T)
