"""The balance of pain: closed forms, and what follows for who begins."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lbpsim.evidence.shipped_countries import reference
from lbpsim.population.balance import BINS, balance, mean_mortality, remission
from lbpsim.population.demography import ADULT, people_counted
from lbpsim.population.prevalence import prevalence
from tests.pathways.small_country import USUAL_CARE, study

VALUES = study().values(USUAL_CARE)
STEEP = VALUES["course.remission_severity"]


def test_without_steepness_remission_is_as_registered_for_everybody() -> None:
    rates = remission(reference(), VALUES, 0.0)
    np.testing.assert_allclose(rates.first_year, VALUES["course.remission_first_year"])
    np.testing.assert_allclose(rates.established, VALUES["course.remission_established"])
    assert (rates.early, rates.late) == pytest.approx((rates.first_year[0], rates.established[0]))


def test_remission_falls_with_usual_disability_and_averages_to_the_registered_rates() -> None:
    rates = remission(reference(), VALUES, STEEP)
    assert (np.diff(rates.first_year) < 0.0).all()
    assert rates.established.mean() == pytest.approx(VALUES["course.remission_established"], rel=1e-9)
    begin = rates.in_first_year * rates.first_year / -np.expm1(-rates.first_year)  # as many as are in their first year
    average = (begin * rates.first_year).sum() / begin.sum()
    assert average == pytest.approx(VALUES["course.remission_first_year"], rel=1e-6)


def test_of_those_who_begin_about_as_many_remit_within_a_year_as_published() -> None:
    """42% of those whose pain had become chronic; by convexity a little fewer where people differ."""
    rates = remission(reference(), VALUES, STEEP)
    begin = rates.in_first_year * rates.first_year / -np.expm1(-rates.first_year)
    remitted = 1.0 - (begin * np.exp(-rates.first_year)).sum() / begin.sum()
    published = -math.expm1(-VALUES["course.remission_first_year"])
    assert published - 0.03 < remitted <= published


def test_adults_in_pain_total_the_registered_prevalence() -> None:
    people = people_counted(reference())
    share = (balance(reference(), VALUES, STEEP).in_pain * people).sum() / people[:, ADULT:].sum()
    assert share == pytest.approx(VALUES["population.adult_prevalence"], rel=1e-4)


def test_prevalence_is_that_of_the_survey_where_it_does_not_fall_with_age() -> None:
    """In old age the survey falls faster than remission lets it; all else is lowered a little, by one factor."""
    found, wanted = balance(reference(), VALUES, STEEP).in_pain, prevalence(reference(), VALUES)
    ratio = found[:, ADULT:60] / wanted[:, ADULT:60]
    np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-6)
    assert 0.95 < ratio[0, 0] <= 1.0
    assert (found[:, 60:] >= wanted[:, 60:] * ratio[0, 0] * (1.0 - 1e-9)).all()
    assert (found[:, 60:] < 1.3 * wanted[:, 60:]).all()


def test_remission_holds_what_outflow_over_return_says() -> None:
    """Without mortality: in remission over in pain is the flow out of pain over the rate of return, in middle age."""
    found = balance(reference(), VALUES, 0.0)
    rates = remission(reference(), VALUES, 0.0)
    back = VALUES["course.recurrence"] * VALUES["course.recurrence_becomes_chronic"]
    young, old = rates.first_year[0], rates.established[0]
    spell_young, spell_old = -math.expm1(-young) / young, math.exp(-young) / old
    expected = 1.0 / back / (spell_young + spell_old)
    ratio = found.resting[:, 55] / found.in_pain[:, 55]
    np.testing.assert_allclose(ratio, expected, rtol=0.1)


def test_nobody_begins_in_negative_numbers_and_nobody_before_the_year_of_majority() -> None:
    onsets = balance(reference(), VALUES, STEEP).onsets
    assert onsets.min() >= 0.0
    assert not onsets[:, : ADULT - 1].any()
    assert onsets[:, ADULT - 1].min() > 0.0


def test_those_who_begin_are_less_disabled_than_those_in_pain() -> None:
    begin = (balance(reference(), VALUES, STEEP).onsets * people_counted(reference())[:, :, None]).sum(axis=(0, 1))
    place = (np.arange(BINS) + 0.5) / BINS
    assert (begin * place).sum() / begin.sum() < 0.47
    even = (balance(reference(), VALUES, 0.0).onsets * people_counted(reference())[:, :, None]).sum(axis=(0, 1))
    np.testing.assert_allclose(even, even.mean())


def test_as_many_have_ever_had_pain_as_have_begun() -> None:
    found = balance(reference(), VALUES, STEEP)
    begun = np.cumsum(found.onsets.sum(axis=2), axis=1)
    np.testing.assert_allclose(found.ever[:, 1:], begun[:, :-1], rtol=1e-9, atol=1e-12)


def test_years_in_pain_grow_with_age_and_stay_below_it() -> None:
    years = balance(reference(), VALUES, STEEP).years_in_pain
    assert (years[:, 40] < years[:, 70]).all()
    assert (years[:, 70] < 70 - ADULT).all()


def test_mean_mortality_is_of_adults() -> None:
    assert 0.005 < mean_mortality(reference()) < 0.02
