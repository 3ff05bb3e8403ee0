from __future__ import annotations

import numpy as np
import pytest

from lbpsim.validation.trial import VISITS, measured_trial, recruit
from lbpsim.validation.trial_replicates import OUTCOMES, replicate_trials, sizes
from lbpsim.validation.trial_selection import TooFewError
from tests.validation.small import cloud, enrolment, study, sums, trial


def test_sizes_are_the_trials() -> None:
    assert sizes() == (165, 164, 163)


def test_shapes() -> None:
    assert cloud().differences.shape == (40, len(OUTCOMES), 2, len(VISITS))
    assert cloud().benefits.shape == (40, 2)
    assert cloud().costs.shape == (40, 2)
    assert not np.isnan(cloud().differences).any()


def test_trials_scatter_around_the_large_trial() -> None:
    for number, what in enumerate(OUTCOMES):
        scores = getattr(trial(), what)
        for arm in (1, 2):
            mean = cloud().differences[:, number, arm - 1].mean(axis=0)
            error = cloud().standard_errors[number, arm - 1] / np.sqrt(40)
            each = scores[arm] - scores[0]
            large, its_error = np.nanmean(each, axis=0), np.nanstd(each, axis=0) / np.sqrt(len(each))
            assert (np.abs(mean - large)[1:] < 4.0 * np.hypot(error, its_error)[1:]).all(), (what, arm)


def test_a_real_trial_is_uncertain_by_about_half_a_point() -> None:
    at_week_13 = cloud().standard_errors[0, :, 3]
    assert (at_week_13 > 0.25).all() and (at_week_13 < 0.9).all()


def test_everybody_starts_equal() -> None:
    assert (cloud().differences[..., 0] == 0.0).all()


def test_the_same_trials_again() -> None:
    again = replicate_trials(enrolment(), trial(), sums(), trials=3)
    assert np.array_equal(again.differences, cloud().differences[:3])


def test_too_few_participants_are_an_error_that_says_what_to_do() -> None:
    small = recruit(study(600))
    with pytest.raises(TooFewError, match="simulate more people"):
        replicate_trials(small, measured_trial(small), sums(), trials=1)
