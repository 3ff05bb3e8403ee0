"""The course of pain: flares, remission, recurrence; no drift of the trait, and regression to one's own mean."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import natural_history
from lbpsim.pathways import person as s
from tests.pathways.small_country import BUSY, FREQUENT, inputs, live, no_totals, person, study


@pytest.mark.parametrize(
    ("fields", "flare", "remission", "recurrence"),
    [
        ({}, 2.0, 0.09, 0.0),
        ({"first_year": 1}, 2.0, 0.545, 0.0),
        ({"in_flare": 1}, 0.0, 0.09, 0.0),
        ({"in_pain": 0}, 0.0, 0.0, 0.51),
    ],
)
def test_hazards_by_state(fields: dict[str, Any], flare: float, remission: float, recurrence: float) -> None:
    someone = person(**fields)
    assume = {"flares.rate": 2.0, "course.remission_established": 0.09}
    natural_history.hazards(someone, inputs(assume=assume, remission="uniform"))
    found = tuple(someone["hazard"][[s.FLARE, s.REMISSION, s.RECURRENCE]])
    assert found == (flare, remission, recurrence)


@pytest.mark.parametrize("first_year", [0, 1])
def test_remission_is_less_likely_the_more_disabled_a_person_usually_is(first_year: int) -> None:
    """10 points apart, so a factor exp(-k 10), whatever the disability of the day."""
    given, found = inputs(), []
    for trait in (2.0, 12.0):
        share = math.exp(-given["course_remission_severity"] * trait)
        someone = person(trait=trait, remission_multiplier=share, first_year=first_year, in_flare=1, flare_rmdq=5.0)
        natural_history.hazards(someone, given)
        found.append(someone["hazard"][s.REMISSION])
    assert found[1] / found[0] == pytest.approx(math.exp(-10.0 * given["course_remission_severity"]))
    assert given["remission_steepness"] == given["course_remission_severity"] > 0.0


def test_shares_of_remission_of_the_people_are_those_of_their_usual_disability() -> None:
    lives = live(study(years=1))
    steepness = lives.inputs["remission_steepness"][0]
    np.testing.assert_allclose(
        lives.before["remission_multiplier"], np.exp(-steepness * lives.before["trait"]), rtol=1e-12
    )
    assert (lives.after["remission_multiplier"] == lives.before["remission_multiplier"]).all()


def test_sizes_and_lengths_of_flares_follow_their_laws() -> None:
    """4,000 flares: means within 4 standard errors (false alarm 0.0001 each)."""
    given, totals, number = inputs(assume={"flares.size_mean": 3.5}), no_totals(), 4000
    flares = []
    for n in range(number):
        someone = person(id=n, now=1.0)
        natural_history.flare(someone, given, totals)
        assert someone["flare_pain"] == pytest.approx(0.3 * someone["flare_rmdq"])
        flares.append((someone["flare_rmdq"], someone["next_time"][s.FLARE_END] - 1.0))
    sizes, lengths = np.array(flares).T
    mean_length = 35.0 / 365.25 * math.exp(0.7**2 / 2.0)
    for sample, mean in ((sizes, 3.5), (lengths, mean_length)):
        assert abs(sample.mean() - mean) < 4.0 * sample.std() / math.sqrt(number)
    assert sizes.std() == pytest.approx(3.5 / math.sqrt(2.0), rel=0.1)
    assert np.median(lengths) == pytest.approx(35.0 / 365.25, rel=0.06)
    assert totals[0, ..., OUTCOME_INDEX["flares"]].sum() == number * 2**24


def test_a_flare_ends_without_trace() -> None:
    someone = person(in_flare=1, flare_rmdq=4.0, flare_pain=1.2)
    natural_history.flare_ends(someone)
    assert (someone["in_flare"], someone["flare_rmdq"], someone["flare_pain"]) == (0, 0.0, 0.0)
    assert someone["next_time"][s.FLARE_END] == np.inf


def test_remission_ends_flare_first_year_and_waits() -> None:
    someone = person(in_flare=1, first_year=1, joined=[0.5, 0.7], surgery=s.AWAITING_SURGERY, next_time=1.0)
    totals = no_totals()
    natural_history.remission(someone, inputs(), totals)
    assert [someone[name] for name in ("in_pain", "in_flare", "first_year", "surgery")] == [0, 0, 0, s.NO_SURGERY]
    assert (someone["joined"] == np.inf).all()
    ended = [s.FLARE_END, s.ESTABLISHED, s.SURGERY_STEP]
    assert (someone["next_time"][ended] == np.inf).all()
    sums = totals[0].sum(axis=(0, 1)) / 2.0**24
    assert (
        sums[OUTCOME_INDEX["cft_left_list"]]
        == sums[OUTCOME_INDEX["surgery_left_list"]]
        == sums[OUTCOME_INDEX["remissions"]]
        == 1.0
    )


def test_pain_is_established_a_year_after_onset() -> None:
    someone = person(now=1.25)
    natural_history.onset(someone)
    assert (someone["first_year"], someone["next_time"][s.ESTABLISHED]) == (1, 2.25)
    natural_history.established(someone)
    assert (someone["first_year"], someone["next_time"][s.ESTABLISHED]) == (0, np.inf)


@pytest.mark.parametrize(("share", "in_pain"), [(1.0, 1), (0.0, 0)])
def test_a_recurrence_becomes_chronic_or_passes(share: float, in_pain: int) -> None:
    someone, totals = person(in_pain=0), no_totals()
    natural_history.recurrence(someone, inputs(assume={"course.recurrence_becomes_chronic": share}), totals)
    assert someone["in_pain"] == someone["first_year"] == in_pain
    assert totals[0, ..., OUTCOME_INDEX["recurrences"]].sum() == 2**24
    assert totals[0, ..., OUTCOME_INDEX["chronic_recurrences"]].sum() == in_pain * 2**24


def test_usual_disability_and_pain_never_move() -> None:
    lives = live(study(BUSY, assume=FREQUENT))
    assert (lives.after["trait"] == lives.before["trait"]).all()
    assert (lives.after["pain_trait"] == lives.before["pain_trait"]).all()


def test_those_in_a_bad_week_regress_to_their_own_mean() -> None:
    """Nobody is treated, nothing is assumed: who stands 3 points above their usual level does not a year later."""
    lives = live(study(people=6000, years=1), death_hazard=0.0)
    start = lives.before["now"] == 0.0
    bad = start & (lives.before["flare_rmdq"] > 3.0)
    still = bad & (lives.after["in_pain"] == 1)
    assert still.sum() > 200
    assert lives.before["flare_rmdq"][still].mean() > 3.0
    usual = lives.after["flare_rmdq"][start & ~bad & (lives.after["in_pain"] == 1)]
    found = lives.after["flare_rmdq"][still]
    error = math.sqrt(found.var() / len(found) + usual.var() / len(usual))
    assert abs(found.mean() - usual.mean()) < 4.0 * error  # false alarm 0.0001
