"""What accrues between events: utility, disability weights, time by level of impact, costs of care."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.evidence import tables
from lbpsim.outcomes.measures import NUMBER
from lbpsim.pathways import disability, tally
from lbpsim.pathways import state as s
from tests.pathways.small_country import inputs, no_totals, person

BASE = inputs()


@given(age=st.integers(18, 110), sex=st.integers(0, 1), disability=st.floats(0.0, 24.0), disorder=st.integers(0, 1))
def test_utility_is_never_above_the_norm(age: int, sex: int, disability: float, disorder: int) -> None:
    """TECH-VER, events and states."""
    found = tally.utility(person(age=age, sex=sex, disorder=disorder), disability, BASE)
    norm = BASE["utility_norm"][sex, age]
    assert found <= norm
    assert found == pytest.approx(norm * (0.83 - 0.02 * disability) / 0.83 - 0.05 * disorder, abs=1e-12)


@given(worse=st.floats(0.0, 24.0), better=st.floats(0.0, 24.0))
def test_more_disability_is_worth_less(worse: float, better: float) -> None:
    better, worse = sorted((worse, better))
    someone = person()
    assert tally.utility(someone, worse, BASE) <= tally.utility(someone, better, BASE)
    assert tally.disability_weight(worse, BASE) >= tally.disability_weight(better, BASE)


def test_norms_of_adults_are_utilities_and_fall_with_age() -> None:
    norms = BASE["utility_norm"][:, 18:101]
    assert 0.0 < norms.min() < norms.max() <= 1.0
    assert (np.diff(norms, axis=1) < 0.0).all()


def test_cross_sectional_slope_is_steeper() -> None:
    steep = inputs(utility_slope="cross_sectional")
    assert tally.utility(person(), 10.0, steep) < tally.utility(person(), 10.0, BASE)
    assert tally.utility(person(), 0.0, steep) == tally.utility(person(), 0.0, BASE)


@pytest.mark.parametrize("choice", ["classes", "eq5d_chain"])
def test_weights_go_through_the_knots_of_their_curve(choice: str) -> None:
    given_inputs, curve = inputs(disability_weights=choice), tables.disability_weight_curve(choice)
    for rmdq, weight in curve.to_numpy():
        assert tally.disability_weight(rmdq, given_inputs) == pytest.approx(weight, abs=1e-9)
    for rmdq in np.linspace(0.0, 24.0, 97):
        expected = np.interp(rmdq, curve["rmdq"], curve["weight"])
        assert tally.disability_weight(rmdq, given_inputs) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("rmdq", [0.0, 7.0, 24.0])
def test_the_linear_weight_is_a_fixed_amount_a_point(rmdq: float) -> None:
    assert tally.disability_weight(rmdq, BASE) == pytest.approx(0.016 * rmdq)


def a_year(**fields: object) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Undiscounted sums of a year without events, by outcome."""
    totals = no_totals()
    someone = person(**fields)
    tally.set_rates(someone, disability.rmdq(someone, 0.0), 0.0, BASE)
    tally.accrue(someone, 1.0, BASE, totals)
    return np.asarray(totals[0].sum(axis=(0, 1)) / 2.0**24)


@pytest.mark.parametrize(
    ("trait", "outcome", "care"),
    [(3.0, "low_impact_years", 576.0), (10.0, "moderate_impact_years", 1077.0), (20.0, "high_impact_years", 1496.0)],
)
def test_a_year_in_pain_counts_and_costs_by_its_impact(trait: float, outcome: str, care: float) -> None:
    sums = a_year(trait=trait)
    assert sums[NUMBER[outcome]] == pytest.approx(1.0, abs=1e-6)
    assert sums[NUMBER["rmdq_years"]] == pytest.approx(trait, abs=1e-6)
    assert sums[NUMBER["pain_years"]] == pytest.approx(6.0, abs=1e-6)
    carried = BASE["usual_care_cost"][1] / (576.0 * 0.6)  # to the study's price year
    assert sums[NUMBER["cost_usual_care"]] == pytest.approx(0.6 * care * carried, rel=1e-6)


def test_a_year_in_remission_is_free_of_pain_and_of_cost() -> None:
    sums = a_year(in_pain=0)
    assert sums[NUMBER["pain_free_years"]] == pytest.approx(1.0, abs=1e-6)
    for outcome in ("rmdq_years", "pain_years", "ylds", "cost_usual_care"):
        assert sums[NUMBER[outcome]] == 0.0
    assert sums[NUMBER["qalys"]] == pytest.approx(BASE["utility_norm"][0, 40], abs=1e-6)


def test_an_effect_on_the_move_counts_along_its_line() -> None:
    sums = a_year(trait=12.0, cft_to_time=1.0, cft_to_rmdq=-4.0)
    assert sums[NUMBER["rmdq_years"]] == pytest.approx(10.0, abs=1e-6)
    assert sums[NUMBER["ylds"]] == pytest.approx(0.16, abs=1e-6)


def test_what_is_held_counts_by_the_year() -> None:
    sums = a_year(on_opioids=1, disorder=1, treated=1, work=s.WORKING, joined=[0.0, np.inf])
    ones = ("opioid_years", "disorder_years", "treatment_years", "employed_years", "cft_waiting_years")
    for outcome in ones:
        assert sums[NUMBER[outcome]] == pytest.approx(1.0, abs=1e-6), outcome
    assert sums[NUMBER["surgery_waiting_years"]] == 0.0
    assert sums[NUMBER["cost_opioids"]] == pytest.approx(1000.0)
    assert sums[NUMBER["cost_disorder"]] == pytest.approx(6000.0)
    assert sums[NUMBER["absence_hours"]] == pytest.approx(12.0)


def test_waiting_for_an_operation_counts_by_the_year() -> None:
    sums = a_year(joined=[np.inf, 0.0])
    assert sums[NUMBER["surgery_waiting_years"]] == pytest.approx(1.0, abs=1e-6)
    assert sums[NUMBER["cft_waiting_years"]] == 0.0


@pytest.mark.parametrize("work", [s.NOT_WORKING, s.LEFT_BECAUSE_OF_PAIN, s.OFF_AFTER_SURGERY])
def test_who_is_not_at_work_is_not_absent_from_it(work: int) -> None:
    assert a_year(work=work)[NUMBER["absence_hours"]] == 0.0
