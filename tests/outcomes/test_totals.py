"""What accrues between two moments, and lumps: against numerical integration, and as fixed-point integers."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from lbpsim.outcomes import totals
from lbpsim.outcomes.measures import COUNTED, OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT, LEAST_FORCE, line_weights, to_fixed_point, years_between
from lbpsim.pathways import life
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import Study
from tests.pathways.small_country import BUSY, FREQUENT, MODES, USUAL_CARE, live, no_totals, person, study

RATE = st.floats(-100.0, 100.0)
TIME = st.floats(0.0, 100.0)
FORCE = st.one_of(st.just(0.0), st.floats(1e-12, 1.0))


@given(start=TIME, span=st.floats(0.0, 40.0), force=FORCE, rate_0=RATE, rate_1=RATE)
def test_a_rate_along_a_line_integrates_to_its_weights(
    start: float, span: float, force: float, rate_0: float, rate_1: float
) -> None:
    def worth(time: float) -> float:
        share = (time - start) / span
        return (rate_0 + (rate_1 - rate_0) * share) * math.exp(-force * time)

    early, late = line_weights(start, start + span, force)
    exact = integrate.quad(worth, start, start + span, epsabs=1e-12)[0] if span > 1e-9 else 0.0
    assert rate_0 * early + rate_1 * late == pytest.approx(exact, rel=1e-7, abs=1e-6)


@given(start=TIME, span=st.floats(1e-6, 40.0), force=FORCE, cut=st.floats(0.0, 1.0))
def test_an_interval_cut_in_two_comes_to_the_same(start: float, span: float, force: float, cut: float) -> None:
    middle, end = start + span * cut, start + span
    whole = sum(line_weights(start, end, force))
    parts = sum(line_weights(start, middle, force)) + sum(line_weights(middle, end, force))
    assert parts == pytest.approx(whole, rel=1e-7, abs=1e-12)


@given(force=st.floats(1e-9, 1.0))
def test_series_and_closed_form_meet(force: float) -> None:
    """The weights are smooth where one formula takes over from the other."""
    span = totals.SMALL / force
    below, above = line_weights(0.0, span * (1 - 1e-9), force), line_weights(0.0, span * (1 + 1e-9), force)
    np.testing.assert_allclose(np.array(below) / span, np.array(above) / span, rtol=1e-8)


def test_without_discounting_both_weights_are_half_the_time() -> None:
    assert line_weights(3.0, 5.0, 0.0) == (1.0, 1.0)


@given(st.floats(-1e8, 1e8))
def test_fixed_point_is_within_half_a_step(amount: float) -> None:
    assert abs(to_fixed_point(amount) - amount * FIXED_POINT) <= 0.5


@given(st.integers(-(10**9), 10**9))
def test_whole_amounts_are_exact(amount: int) -> None:
    assert to_fixed_point(float(amount)) == amount * int(FIXED_POINT)


@given(st.lists(st.floats(0.0, 1e6), min_size=2, max_size=30))
def test_the_order_of_a_sum_does_not_matter(amounts: list[float]) -> None:
    turned = sorted(amounts, reverse=True)
    assert sum(to_fixed_point(amount) for amount in amounts) == sum(to_fixed_point(amount) for amount in turned)


@pytest.mark.parametrize("rate", [0.015, 0.05, 0.5])
@pytest.mark.parametrize("amount", [1.0, 54_000.0, -0.06])
def test_value_at_two_years(rate: float, amount: float) -> None:
    """TECH-VER, results: undiscounted / (1 + r)^2, to the nearest fixed-point step."""
    asked = study(discount_rate=rate)
    inputs, sums = build(asked, USUAL_CARE, asked.values(USUAL_CARE)), no_totals()
    people = np.array([person(year=2, group=5)])
    life.advance_to(people, 0, 2.0, inputs, np.zeros_like(sums))
    totals.record(sums, people[0], OUTCOME_INDEX["cost_surgery"], amount)
    plain, worth = sums[:, 2, 5, OUTCOME_INDEX["cost_surgery"]] / FIXED_POINT
    assert plain == pytest.approx(amount, abs=0.51 / FIXED_POINT)
    assert worth == pytest.approx(amount / (1.0 + rate) ** 2, abs=0.51 / FIXED_POINT, rel=1e-14)
    assert np.count_nonzero(sums) == 2


# --- whole runs ------------------------------------------------------------------------------------------------------


def discounted_at(rate: float) -> Study:
    return study(BUSY, assume=FREQUENT, discount_rate=rate)


def test_a_rate_of_0_is_no_discounting_to_the_bit() -> None:
    """TECH-VER, results."""
    lives = live(discounted_at(0.0))
    assert lives.totals.any()
    assert lives.totals[0].tobytes() == lives.totals[1].tobytes()
    national = PreparedStudy(discounted_at(0.0)).national(BUSY)
    assert national[0].tobytes() == national[1].tobytes()


def test_the_rate_changes_nothing_undiscounted() -> None:
    assert live(discounted_at(0.0)).totals[0].tobytes() == live(discounted_at(0.05)).totals[0].tobytes()


def test_an_extreme_rate_keeps_only_the_first_instants() -> None:
    """With a force of 690 a year, people at the start are worth 1/690 of a year each, and nothing later counts."""
    lives = live(discounted_at(math.exp(690.0)))
    start = int((lives.before["now"] == 0.0).sum())
    expected = start / 690.0 + np.exp(-690.0 * lives.before["now"][start:]).sum() / 690.0
    assert lives.total("life_years", discounted=True) == pytest.approx(expected, rel=1e-3)
    assert lives.totals[1, 1:].max() == 0


@pytest.mark.parametrize(("lower", "higher"), [(0.0, 0.03), (0.03, 0.05)])
def test_higher_rates_leave_less(lower: float, higher: float) -> None:
    less, more = live(discounted_at(higher)), live(discounted_at(lower))
    for outcome in COUNTED:
        smaller, larger = (lives.steps(outcome.name, discounted=True) for lives in (less, more))
        assert abs(smaller) < abs(larger) or larger == 0, outcome.name


def test_a_shorter_study_is_the_beginning_of_a_longer_one_to_the_bit() -> None:
    """TECH-VER, results: shorter horizon, smaller totals. Only who still waits at the end, and what lies on which side
    of it for those who die, are another matter.
    """
    closing = dataclasses.replace(MODES, cft=dataclasses.replace(MODES.cft, referral_stops_at=0.5))
    asked = study(closing, assume=FREQUENT)
    long, short = live(asked), live(dataclasses.replace(asked, years=3))
    of_the_end = ("cft_still_waiting", "surgery_still_waiting", "ylls", "ylls_beyond", "qalys_beyond")
    others = [n for n, outcome in enumerate(COUNTED) if outcome.name not in of_the_end]
    assert short.totals[..., others].tobytes() == long.totals[:, :3][..., others].tobytes()
    assert short.steps("cft_still_waiting") > 0
    may_stay = ("cft_places_unused", "cost_training", "physiotherapists_trained", "physiotherapists_entering")
    for n in others:
        smaller, larger = short.totals[0, ..., n].sum(), long.totals[0, ..., n].sum()
        assert smaller < larger or (smaller == larger and COUNTED[n].name in may_stay), COUNTED[n].name


@given(start=TIME, span=st.floats(0.0, 40.0), force=FORCE)
def test_discounted_years_are_what_the_weights_of_both_ends_come_to(start: float, span: float, force: float) -> None:
    before, after = math.exp(-force * start), math.exp(-force * (start + span))
    expected = before * totals.discounted_years(span, force)
    assert years_between(span, before, after, force) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert sum(line_weights(start, start + span, force)) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("force", [0.0, 1e-15, LEAST_FORCE * 0.99])
def test_hardly_any_discounting_loses_no_digits(force: float) -> None:
    before, after = math.exp(-force * 2.0), math.exp(-force * 2.001)
    assert years_between(0.001, before, after, force) == pytest.approx(0.001 * before, rel=1e-6)
