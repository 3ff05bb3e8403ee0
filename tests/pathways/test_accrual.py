"""What accrues between events: utility, disability weights, time by level of impact, costs of care."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.evidence import tables
from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import accrual, disability
from lbpsim.pathways import person as s
from lbpsim.pathways.starting_disability import StartingDisability
from tests.pathways.small_country import USUAL_CARE, inputs, no_totals, person, study

BASE = inputs()


@given(age=st.integers(18, 110), sex=st.integers(0, 1), disability=st.floats(0.0, 24.0), disorder=st.integers(0, 1))
def test_utility_is_never_above_the_norm(age: int, sex: int, disability: float, disorder: int) -> None:
    """TECH-VER, events and states."""
    found = accrual.utility(person(age=age, sex=sex, on_opioids=disorder, disorder=disorder), disability, 5.0, BASE)
    norm = BASE["utility_norm"][sex, age]
    assert found <= norm
    lost = (0.05 + 0.015) * disorder
    assert found == pytest.approx(norm * (0.83 - 0.02 * disability) / 0.83 - lost, abs=1e-12)


def test_long_term_opioids_cost_quality_of_life_by_themselves() -> None:
    """Adverse effects, disorder apart."""
    users, others = (accrual.utility(person(on_opioids=use), 10.0, 5.0, BASE) for use in (1, 0))
    assert others - users == pytest.approx(0.015, abs=1e-12)


@given(disability=st.floats(0.0, 24.0), pain=st.floats(0.0, 10.0))
def test_with_pain_utility_follows_the_regression_relative_to_nothing_wrong(disability: float, pain: float) -> None:
    """Through 3.10 Oswestry points for a Roland-Morris point from 11.8; norm where both are 0."""
    given_inputs = inputs(utility_slope="with_pain")
    found = accrual.utility(person(), disability, pain, given_inputs) / BASE["utility_norm"][0, 40]
    oswestry = 11.8 + 3.10 * disability
    expected = (1.0263 - 0.00889 * oswestry - 0.02273 * pain) / (1.0263 - 0.00889 * 11.8)
    assert found == pytest.approx(expected, abs=1e-12)


def test_pain_moves_utility_only_where_a_study_asks_for_it() -> None:
    calm, sore = (accrual.utility(person(), 10.0, pain, BASE) for pain in (0.0, 9.0))
    assert calm == sore


@given(worse=st.floats(0.0, 24.0), better=st.floats(0.0, 24.0))
def test_more_disability_is_worth_less(worse: float, better: float) -> None:
    better, worse = sorted((worse, better))
    someone = person()
    assert accrual.utility(someone, worse, 5.0, BASE) <= accrual.utility(someone, better, 5.0, BASE)
    assert accrual.disability_weight(worse, BASE) >= accrual.disability_weight(better, BASE)


def test_norms_of_adults_are_utilities_and_fall_with_age() -> None:
    norms = BASE["utility_norm"][:, 18:101]
    assert 0.0 < norms.min() < norms.max() <= 1.0
    assert (np.diff(norms, axis=1) < 0.0).all()


def test_cross_sectional_slope_is_steeper() -> None:
    steep = inputs(utility_slope="cross_sectional")
    assert accrual.utility(person(), 10.0, 5.0, steep) < accrual.utility(person(), 10.0, 5.0, BASE)
    assert accrual.utility(person(), 0.0, 5.0, steep) == accrual.utility(person(), 0.0, 5.0, BASE)


@pytest.mark.parametrize("choice", ["classes", "eq5d_chain"])
def test_weights_go_through_the_knots_of_their_curve(choice: str) -> None:
    curve = tables.disability_weight_curve(choice)
    given_inputs = inputs(disability_weights=choice, disability_weight_level="as_published")
    for rmdq, weight in curve.to_numpy():
        assert accrual.disability_weight(rmdq, given_inputs) == pytest.approx(weight, abs=1e-9)
    for rmdq in np.linspace(0.0, 24.0, 97):
        expected = np.interp(rmdq, curve["rmdq"], curve["weight"])
        assert accrual.disability_weight(rmdq, given_inputs) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("rmdq", [0.0, 7.0, 24.0])
def test_the_linear_weight_is_a_fixed_amount_a_point(rmdq: float) -> None:
    given_inputs = inputs(disability_weight_level="as_published")
    assert accrual.disability_weight(rmdq, given_inputs) == pytest.approx(0.016 * rmdq)


@pytest.mark.gate
@pytest.mark.parametrize(("choice", "mean"), [("linear", 8.0), ("classes", 8.0), ("eq5d_chain", 6.0)])
def test_weights_of_people_at_the_start_have_the_published_mean(choice: str, mean: float) -> None:
    """Whichever curve, and however disabled they are: curves differ in shape alone."""
    assume = {"disability.trait_mean": mean}
    given_inputs = inputs(assume=assume, disability_weights=choice)
    start = StartingDisability({**study().values(USUAL_CARE), **assume})
    weight = np.vectorize(lambda points: accrual.disability_weight(points, given_inputs))
    assert start.mean(weight) == pytest.approx(0.1116, abs=1e-9)


def test_a_larger_weight_a_point_raises_the_level() -> None:
    """What is drawn or assumed shows; only the curve as registered is scaled."""
    twice = inputs(assume={"burden.dw_per_rmdq": 0.032})
    assert accrual.disability_weight(9.0, twice) == pytest.approx(2.0 * accrual.disability_weight(9.0, BASE))


def a_year(**fields: object) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Undiscounted sums of a year without events, by outcome."""
    totals = no_totals()
    someone = person(**fields)
    accrual.set_rates(someone, disability.rmdq(someone, 0.0), 0.0, BASE)
    accrual.accrue(someone, 1.0, math.exp(-BASE["discount_force"]), BASE, totals)
    return np.asarray(totals[0].sum(axis=(0, 1)) / 2.0**24)


@pytest.mark.parametrize(
    ("trait", "outcome", "care"),
    [(3.0, "low_impact_years", 576.0), (10.0, "moderate_impact_years", 1077.0), (20.0, "high_impact_years", 1496.0)],
)
def test_a_year_in_pain_counts_and_costs_by_its_impact(trait: float, outcome: str, care: float) -> None:
    sums = a_year(trait=trait)
    assert sums[OUTCOME_INDEX[outcome]] == pytest.approx(1.0, abs=1e-6)
    assert sums[OUTCOME_INDEX["rmdq_years"]] == pytest.approx(trait, abs=1e-6)
    assert sums[OUTCOME_INDEX["pain_years"]] == pytest.approx(6.0, abs=1e-6)
    carried = BASE["usual_care_cost"][1] / (576.0 * 0.6)  # to the study's price year
    assert sums[OUTCOME_INDEX["cost_usual_care"]] == pytest.approx(0.6 * care * carried, rel=1e-6)


def test_a_year_in_remission_is_free_of_pain_and_of_cost() -> None:
    sums = a_year(in_pain=0)
    assert sums[OUTCOME_INDEX["pain_free_years"]] == pytest.approx(1.0, abs=1e-6)
    for outcome in ("rmdq_years", "pain_years", "ylds", "cost_usual_care"):
        assert sums[OUTCOME_INDEX[outcome]] == 0.0
    assert sums[OUTCOME_INDEX["qalys"]] == pytest.approx(BASE["utility_norm"][0, 40], abs=1e-6)


def test_an_effect_on_the_move_counts_along_its_line() -> None:
    sums = a_year(trait=12.0, cft_to_time=1.0, cft_to_rmdq=-4.0)
    assert sums[OUTCOME_INDEX["rmdq_years"]] == pytest.approx(10.0, abs=1e-6)
    assert sums[OUTCOME_INDEX["ylds"]] == pytest.approx(accrual.disability_weight(10.0, BASE), abs=1e-6)


def test_what_is_held_counts_by_the_year() -> None:
    sums = a_year(on_opioids=1, disorder=1, treated=1, work=s.WORKING, joined=[0.0, np.inf])
    ones = ("opioid_years", "disorder_years", "treatment_years", "employed_years", "cft_waiting_years")
    for outcome in ones:
        assert sums[OUTCOME_INDEX[outcome]] == pytest.approx(1.0, abs=1e-6), outcome
    assert sums[OUTCOME_INDEX["surgery_waiting_years"]] == 0.0
    assert sums[OUTCOME_INDEX["cost_opioids"]] == pytest.approx(reference().prices.carry(468.0, 2012, 2024), rel=1e-6)
    assert sums[OUTCOME_INDEX["cost_disorder"]] == pytest.approx(6000.0)
    assert sums[OUTCOME_INDEX["absence_hours"]] == pytest.approx(12.0)


@pytest.mark.parametrize(("in_pain", "expected"), [(1, 1.0), (0, 0.0)])
def test_opioid_use_in_pain_is_counted_apart(in_pain: int, expected: float) -> None:
    sums = a_year(on_opioids=1, in_pain=in_pain)
    assert sums[OUTCOME_INDEX["opioid_years"]] == pytest.approx(1.0, abs=1e-6)
    assert sums[OUTCOME_INDEX["opioid_years_in_pain"]] == pytest.approx(expected, abs=1e-6)


def test_waiting_for_an_operation_counts_by_the_year() -> None:
    sums = a_year(joined=[np.inf, 0.0])
    assert sums[OUTCOME_INDEX["surgery_waiting_years"]] == pytest.approx(1.0, abs=1e-6)
    assert sums[OUTCOME_INDEX["cft_waiting_years"]] == 0.0


ANCHORED = inputs(productivity="trial_anchored")
A_POINT = reference().prices.carry(1650.0, 2021, 2024)


def lost_work(given_inputs: object, **fields: object) -> float:
    someone = person(trait=14.0, cft_from_rmdq=-4.0, cft_courses=1, **fields)
    return float(accrual.lost_work(someone, disability.rmdq(someone, 0.0), 0.0, given_inputs))


@pytest.mark.parametrize("work", [s.WORKING, s.NOT_WORKING, s.LEFT_BECAUSE_OF_PAIN])
def test_anchored_to_the_trial_each_point_that_cft_takes_off_saves_the_same(work: int) -> None:
    """For the first year, beside what the person would lose untreated."""
    untreated = person(trait=14.0, work=work)
    before = accrual.lost_work(untreated, 14.0, 0.0, BASE)
    assert lost_work(ANCHORED, work=work, cft_step=1) == pytest.approx(before - 4.0 * A_POINT)
    assert lost_work(ANCHORED, work=work, cft_step=9) == pytest.approx(before - 4.0 * A_POINT)


@pytest.mark.parametrize("fields", [{"cft_step": 10}, {"cft_step": 1, "age": 67}])
def test_the_anchor_holds_for_a_year_and_for_working_age(fields: dict[str, int]) -> None:
    """The tenth review, after seven sessions, is that at week 52."""
    assert lost_work(ANCHORED, work=s.WORKING, **fields) == lost_work(BASE, work=s.WORKING, **fields)


@pytest.mark.parametrize("work", [s.NOT_WORKING, s.LEFT_BECAUSE_OF_PAIN, s.OFF_AFTER_SURGERY])
def test_who_is_not_at_work_is_not_absent_from_it(work: int) -> None:
    assert a_year(work=work)[OUTCOME_INDEX["absence_hours"]] == 0.0
