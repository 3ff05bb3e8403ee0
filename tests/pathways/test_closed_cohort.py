"""A closed cohort: after the study's last year nothing new begins, and everyone alive is followed to death."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from lbpsim.outcomes.lifetime import LIFETIME, WITHIN
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.results import Results
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.life_expectancy import expected_years
from lbpsim.pathways.person import CFT_LIST, SURGERY_LIST
from lbpsim.simulation.run import run_study
from tests.pathways.small_country import BOOKED, FREQUENT, UNLIMITED, USUAL_CARE, Lives, live, study
from tests.pathways.test_death import LIFE_TABLE_ONLY

NOTHING_NEW = (
    *("new_cases", "cft_offers", "cft_joined", "cft_courses", "cft_waiting_years", "cft_places"),
    *("opioid_starts", "tapers", "surgery_referrals", "surgeries", "surgery_waiting_years"),
    *("cft_still_waiting", "cft_left_list", "surgery_still_waiting", "surgery_left_list"),
)
GOES_ON = ("opioid_years", "opioid_stops", "remissions", "flares", "consultations", "reoperations", "work_exits")

SCARCE = replace(BOOKED, cft=replace(BOOKED.cft, training_places={}, trained_at_start=300.0))


def both(people: int, years: int, **sizes: int) -> tuple[Results, Results]:
    """A study in which everything happens, followed to its horizon and to death."""
    policies = (USUAL_CARE, BOOKED, UNLIMITED)
    followed = (
        study(*policies, people=people, years=years, assume=FREQUENT, follow=how, **sizes)
        for how in ("horizon", "lifetime")
    )
    horizon, lifetime = (run_study(asked, workers=1) for asked in followed)
    return horizon, lifetime


@pytest.fixture(scope="module")
def runs() -> tuple[Results, Results]:
    return both(600, 4, replications=2)


@pytest.fixture(scope="module")
def lives() -> Lives:
    return live(study(SCARCE, people=600, years=4, assume=FREQUENT, follow="lifetime"))


def beyond(results: Results, outcome: str) -> int:
    assert results.beyond is not None
    return int(results.beyond[..., OUTCOME_INDEX[outcome]].sum())


def test_at_the_end_everybody_is_dead(lives: Lives) -> None:
    assert not lives.after["alive"].any()
    assert lives.number("deaths") == len(lives.before)
    assert lives.after["age"].max() <= 110


def test_the_study_s_years_are_those_of_the_run_to_the_horizon_to_the_bit(runs: tuple[Results, Results]) -> None:
    horizon, lifetime = runs
    assert horizon.beyond is None
    assert lifetime.totals.tobytes() == horizon.totals.tobytes()
    assert lifetime.summary.equals(horizon.summary)
    assert lifetime.yearly_by_group.equals(horizon.yearly_by_group)


def test_nothing_new_begins_after_the_last_year(runs: tuple[Results, Results]) -> None:
    _, lifetime = runs
    for outcome in NOTHING_NEW:
        assert lifetime.totals[..., OUTCOME_INDEX[outcome]].any(), outcome
        assert beyond(lifetime, outcome) == 0, outcome


def test_what_has_begun_goes_on(runs: tuple[Results, Results]) -> None:
    _, lifetime = runs
    for outcome in (*GOES_ON, "qalys", "ylds", "cost_usual_care", "cost_opioids", "cost_lost_work"):
        assert beyond(lifetime, outcome) > 0, outcome


def test_who_is_on_a_list_at_the_end_leaves_it(lives: Lives) -> None:
    assert lives.number("cft_still_waiting") > 0
    assert lives.number("surgery_still_waiting") > 0
    assert (lives.after["joined"][:, [CFT_LIST, SURGERY_LIST]] == math.inf).all()


def test_both_engines_are_equal_to_the_bit() -> None:
    asked = study(BOOKED, people=60, years=2, assume=FREQUENT, follow="lifetime")
    one, other = (run_study(asked, engine=engine, workers=1) for engine in ("compiled", "simpy"))
    assert one.beyond is not None and other.beyond is not None
    assert one.totals.tobytes() == other.totals.tobytes()
    assert one.beyond.tobytes() == other.beyond.tobytes()
    assert one.events == other.events


def test_a_booking_on_the_last_day_serves_nobody() -> None:
    """28 years are a whole number of weeks, so the last booking falls on the horizon."""
    runs = [live(study(UNLIMITED, people=60, years=28, follow=how)) for how in ("horizon", "lifetime")]
    assert runs[0].totals.tobytes() == runs[1].totals[:, :-1].tobytes()


def test_nobody_outlives_the_table_even_without_mortality() -> None:
    safe = {"opioids.overdose_fatal": 0.0, "surgery.death": 0.0}
    lives = live(study(people=100, years=2, assume=safe, follow="lifetime"), death_hazard=0.0)
    assert lives.number("deaths") == len(lives.before)
    assert lives.total("life_years") == pytest.approx((111.0 - age_now(lives)).sum(), abs=1e-3)


def age_now(lives: Lives) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Exact age at entry."""
    before = lives.before
    return np.asarray(before["age"] + 1.0 - (before["next_time"][:, 17] - before["now"]))


def test_years_beyond_are_those_that_survivors_could_expect() -> None:
    """With no mortality but the table's; |z| < 4: false alarm 0.0001. So what deaths lose beyond is what is lived."""
    lives = live(study(people=2000, years=4, assume=LIFE_TABLE_ONLY, follow="lifetime"))
    there = live(study(people=2000, years=4, assume=LIFE_TABLE_ONLY)).after["alive"] == 1
    given = lives.inputs[0]
    expected = sum(expected_years(someone, given["horizon"], math.inf, given)[0] for someone in lives.before[there])
    names = ("pain_free_years", "low_impact_years", "moderate_impact_years", "high_impact_years")
    lived = lives.totals[0, -1][:, [OUTCOME_INDEX[name] for name in names]].sum() / FIXED_POINT
    spread = 11.0 * math.sqrt(there.sum())  # the standard deviation of a life's length is below 11 years here
    assert abs(lived - expected) < 4.0 * spread


def lifetime_of(
    results: Results, outcome: str, part: str, *, discounted: bool
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    rows = results.lifetime_summary
    rows = rows[(rows["outcome"] == outcome) & (rows["part"] == part) & (rows["discounted"] == discounted)]
    return rows.set_index("scenario").loc[list(results.scenarios), "value"].to_numpy(dtype=float)


@pytest.mark.parametrize("discounted", [False, True])
def test_qalys_of_a_lifetime_are_no_fewer_than_those_of_the_study(
    runs: tuple[Results, Results], discounted: bool
) -> None:
    _, lifetime = runs
    within, whole = (lifetime_of(lifetime, "qalys", part, discounted=discounted) for part in (WITHIN, LIFETIME))
    assert (whole > within).all()
