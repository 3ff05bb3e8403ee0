"""Selection into the emulated trial: it moves age and sex to the trial's, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.evidence import parameters
from lbpsim.pathways import person
from lbpsim.validation.trial import recruit, scores
from lbpsim.validation.trial_replicates import RANDOMISED
from lbpsim.validation.trial_selection import FEWEST, VOLUNTEERS, TooFewError, volunteer, willingness
from tests.validation.small import enrolment, study


def crowd(number: int = 4000) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    ages = 19.0 + np.arange(number) * 0.617 % 69.0
    return ages, (np.arange(number) % 2).astype(float)


def test_weights_lead_to_the_published_mean_spread_and_share_exactly() -> None:
    age, woman = crowd()
    weight = willingness(age, woman, 1.0)
    mean = np.average(age, weights=weight)
    assert mean == pytest.approx(parameters()["restore.age_mean"].value, abs=0.05)
    spread = np.sqrt(np.average((age - mean) ** 2, weights=weight))
    assert spread == pytest.approx(parameters()["restore.age_sd"].value, abs=0.05)
    assert np.average(woman, weights=weight) == pytest.approx(parameters()["restore.women"].value, abs=0.002)
    assert weight.max() == 1.0 and weight.min() > 0.0


def test_without_selection_everybody_takes_part() -> None:
    assert np.array_equal(willingness(*crowd(), 0.0), np.ones(4000))


def test_participants_are_as_old_and_as_often_women_as_the_trials() -> None:
    people, known = enrolment().participants, parameters()
    assert people["age"].mean() == pytest.approx(known["restore.age_mean"].value, rel=0.03)
    assert people["age"].std() == pytest.approx(known["restore.age_sd"].value, rel=0.05)
    assert people["sex"].mean() == pytest.approx(known["restore.women"].value, rel=0.06)
    assert people["age"].min() >= known["restore.age_low"].value
    assert people["age"].max() <= known["restore.age_high"].value


def test_selection_leaves_disability_and_pain_alone() -> None:
    qualified, chosen = enrolment().qualified, enrolment().takes_part
    for each in scores(qualified):
        error = each.std() / np.sqrt(chosen.sum())
        assert abs(each[chosen].mean() - each.mean()) < 3.0 * error


def test_selection_is_deterministic_and_a_matter_of_the_person() -> None:
    again = recruit(study())
    assert np.array_equal(again.takes_part, enrolment().takes_part)
    people = enrolment().qualified
    order = np.argsort(-people["age"], kind="stable")
    moved = volunteer(people[order], study().seed, 0)
    assert (moved == enrolment().takes_part[order]).mean() > 0.999  # sums in another order


def test_its_draws_are_its_own() -> None:
    of_the_model = {value for name, value in vars(person).items() if name.isupper() and isinstance(value, int)}
    assert not of_the_model & {VOLUNTEERS, RANDOMISED}


def test_too_few_people_are_an_error_that_says_what_to_do() -> None:
    few = enrolment().qualified[: FEWEST - 1]
    with pytest.raises(TooFewError, match="simulate more people"):
        volunteer(few, 1, 0)


def test_ages_that_cannot_be_found_are_an_error() -> None:
    age, woman = np.full(200, 80.0), np.ones(200)
    with pytest.raises(TooFewError, match="ages and sexes"):
        willingness(age, woman, 1.0)
