"""What a limit on referral does to the shipped rollouts: nobody waits for years, and places do not stand empty."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from lbpsim.outcomes.results import Results
from lbpsim.simulation.run import run_study
from tests.pathways.small_country import shipped

ROLLOUTS = ("cft-rollout", "cft-biofeedback", "cft-first")
INSTEAD = ("opioids-instead", "surgery-instead")
WEEKS_A_YEAR = 365.25 / 7.0
pytestmark = pytest.mark.gate


@pytest.fixture(scope="module")
def results() -> Results:
    study = shipped().with_changes(people=20_000, replications=4)
    names = ("usual-care", *ROLLOUTS, *INSTEAD)
    return run_study(dataclasses.replace(study, policies=tuple(study.policy(name) for name in names)))


def total(results: Results, scenario: str, outcome: str) -> float:
    rows = results.summary
    chosen = (rows["scenario"] == scenario) & (rows["outcome"] == outcome) & ~rows["discounted"]
    return float(rows[chosen]["value"].iloc[0])


@pytest.mark.parametrize("scenario", ROLLOUTS)
def test_the_mean_wait_is_at_most_the_stated_limit_and_a_quarter(results: Results, scenario: str) -> None:
    limit = results.study.policy(scenario).cft.referral_stops_at * WEEKS_A_YEAR
    assert limit == pytest.approx(26.0)
    yearly: pd.DataFrame = results.yearly
    waits = yearly[(yearly["scenario"] == scenario) & (yearly["outcome"] == "cft_wait_mean")]["value"].dropna()
    assert total(results, scenario, "cft_wait_mean") <= 1.25 * limit
    assert (waits <= 1.25 * limit).all()


@pytest.mark.parametrize("scenario", ROLLOUTS)
def test_hardly_a_place_stands_empty_while_many_are_turned_away(results: Results, scenario: str) -> None:
    assert total(results, scenario, "cft_places_unused") < 0.01 * total(results, scenario, "cft_places")
    assert total(results, scenario, "cft_turned_away") > total(results, scenario, "cft_courses")


@pytest.mark.parametrize("scenario", ROLLOUTS)
def test_first_and_repeat_courses_are_all_courses(results: Results, scenario: str) -> None:
    first, repeat = (total(results, scenario, f"cft_{which}_courses") for which in ("first", "repeat"))
    assert first + repeat == pytest.approx(total(results, scenario, "cft_courses"))
    assert first > 2.0 * repeat > 0.0


@pytest.mark.parametrize(
    ("scenario", "outcome"), [("opioids-instead", "opioid_starts"), ("surgery-instead", "surgery_referrals")]
)
def test_head_to_head_has_the_places_of_the_rollout(results: Results, scenario: str, outcome: str) -> None:
    """Place for place: as many get opioids, or a date for surgery, as places were taken."""
    places, rollout = total(results, scenario, "cft_places"), total(results, "cft-rollout", "cft_places")
    assert places == pytest.approx(rollout, rel=1e-3)
    taken = places - total(results, scenario, "cft_places_unused")
    more = total(results, scenario, outcome) - total(results, "usual-care", outcome)
    assert more == pytest.approx(taken, rel=0.08)
