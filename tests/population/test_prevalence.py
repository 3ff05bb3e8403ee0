"""Who has chronic low back pain, and the inflow that keeps it so."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lbpsim.evidence import tables
from lbpsim.population.demography import ADULT, AGES, population_2024, project
from lbpsim.population.prevalence import (
    MONTHS,
    a_year_on,
    birthday,
    fixed_inflow,
    inflow,
    mean_mortality,
    prevalence,
    share_in_first_year,
    start_cohort,
)
from tests.pathways.small_country import USUAL_CARE, study

VALUES = study().values(USUAL_CARE)
NOBODY = np.zeros((2, AGES))


def test_prevalence_of_adults_is_13_per_cent_and_2_78_million_people() -> None:
    people = population_2024()
    cases = (prevalence(VALUES) * people).sum()
    assert cases / people[:, ADULT:].sum() == pytest.approx(0.13, rel=1e-12)
    assert cases == pytest.approx(2.78e6, abs=5e3)


def test_prevalence_has_the_shape_of_the_survey_and_none_below_18() -> None:
    found, bands = prevalence(VALUES), tables.back_problem_prevalence()
    assert not found[:, :ADULT].any()
    assert ((found[:, ADULT:] > 0.0) & (found[:, ADULT:] < 1.0)).all()
    grown = bands[bands["age_low"] >= ADULT]
    middles = ((grown["age_low"] + grown["age_high"] + 1) // 2).astype(int).clip(upper=AGES - 1)
    for sex, column in enumerate(("male", "female")):
        ratio = found[sex, middles] / grown[column].to_numpy(dtype=float)
        np.testing.assert_allclose(ratio, ratio.mean(), rtol=0.05)  # a band's middle lies between two birthdays


def test_share_in_the_first_year_balances_inflow_and_outflow() -> None:
    """Of one entering a year: time spent in the first year, over all time spent in pain."""
    early, late = VALUES["course.remission_first_year"], VALUES["course.remission_established"] + mean_mortality()
    first = (1.0 - math.exp(-early)) / early
    assert share_in_first_year(VALUES) == pytest.approx(first / (first + math.exp(-early) / late))
    assert share_in_first_year({**VALUES, "course.remission_first_year": 0.0}) == pytest.approx(late / (1.0 + late))


def test_a_cohort_starts_with_all_cases_in_pain() -> None:
    cases = prevalence(VALUES) * population_2024()
    cohort = start_cohort(cases, VALUES)
    np.testing.assert_allclose(cohort.in_pain, cases)
    assert cohort.months.sum() / cases.sum() == pytest.approx(share_in_first_year(VALUES))
    assert not cohort.remitted.any()


def test_a_cohort_loses_only_the_dead() -> None:
    cases = prevalence(VALUES) * population_2024()
    later = a_year_on(start_cohort(cases, VALUES), NOBODY, VALUES)
    everybody = later.in_pain + later.remitted
    deaths = 1.0 - everybody.sum() / cases.sum()
    by_age = cases.sum(axis=0)
    assert 0.0 < deaths < 0.05
    assert later.in_pain.sum() < cases.sum()
    np.testing.assert_allclose(birthday(later).in_pain.sum(), later.in_pain.sum())
    assert by_age.argmax() > 30


@pytest.mark.parametrize("start", [2026.0, 2027.3])
def test_balanced_inflow_keeps_prevalence_by_age_and_sex(start: float) -> None:
    """The expected cohort, year by year, against prevalence times the projected people."""
    projection, shape = project(start, 8, VALUES), prevalence(VALUES)
    cohort = start_cohort(shape * projection.people[0], VALUES)
    flows = inflow(projection, VALUES, balanced=True)
    assert len(flows) == 8
    for people, flow in zip(projection.people[1:], flows, strict=True):
        assert flow.min() >= 0.0
        cohort = birthday(a_year_on(cohort, flow, VALUES))
        expected = (shape * people)[:, ADULT:95]
        assert cohort.in_pain.sum() == pytest.approx((shape * people).sum(), rel=5e-3)
        np.testing.assert_allclose(cohort.in_pain[:, ADULT:95], expected, rtol=0.02, atol=60.0)


def test_fixed_inflow_is_incidence_times_adults_without_pain() -> None:
    people, shape = population_2024(), prevalence(VALUES)
    flow = fixed_inflow(people, shape, VALUES)
    free = people[:, ADULT:].sum() - (shape * people).sum()
    assert flow.sum() == pytest.approx(0.016 * free)
    np.testing.assert_allclose(flow / flow.sum(), shape * people / (shape * people).sum())


def test_twelve_months_make_a_year() -> None:
    assert MONTHS == 12
    nobody_leaves = {**VALUES, "course.remission_first_year": 0.0, "course.remission_established": 0.0}
    cohort = start_cohort(np.ones((2, AGES)), nobody_leaves)
    later = a_year_on(cohort, NOBODY, nobody_leaves)
    assert later.months.sum() == pytest.approx(0.0, abs=1e-12)  # a year on, all are established
