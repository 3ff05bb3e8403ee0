"""Hazards that rise with disability come out at their registered average over the people at the start."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy import stats

from lbpsim.evidence.shipped_countries import reference
from lbpsim.pathways import care, opioids, surgery, work
from lbpsim.pathways import person as s
from lbpsim.pathways.disability import rmdq
from lbpsim.pathways.starting_disability import PAIN_MAX, RMDQ_MAX, StartingDisability, flare_share, scaled_beta
from lbpsim.population.referrals import referrals_per_operation
from lbpsim.simulation.replication import PreparedStudy
from tests.pathways.small_country import BUSY, USUAL_CARE, inputs, study

VALUES = study().values(USUAL_CARE)


@pytest.mark.parametrize(("mean", "sd", "top"), [(7.0, 5.0, RMDQ_MAX), (4.6, 1.9, PAIN_MAX), (12.0, 1.0, 24.0)])
def test_the_beta_law_has_the_moments_asked_for(mean: float, sd: float, top: float) -> None:
    law = scaled_beta(mean, sd, top)
    exact = stats.beta(law.first, law.second, scale=law.top)
    assert law.mean() == pytest.approx(mean)
    assert (exact.mean(), exact.std()) == pytest.approx((mean, sd))
    assert law.top == top


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 1.0), (24.0, 1.0), (12.0, 12.0), (25.0, 5.0)])
def test_moments_that_no_law_has_are_refused(mean: float, sd: float) -> None:
    with pytest.raises(ValueError, match="no distribution on 0 to 24"):
        scaled_beta(mean, sd, 24.0)


def test_share_of_time_in_a_flare_is_length_over_cycle() -> None:
    length = VALUES["flares.duration_median"] * math.exp(0.5 * VALUES["flares.duration_sigma"] ** 2)
    assert flare_share(VALUES) == pytest.approx(length / (length + 1.0 / VALUES["flares.rate"]))


def test_a_flat_hazard_needs_no_average() -> None:
    start = StartingDisability(VALUES)
    assert start.mean_exp(0.0) == pytest.approx(1.0)
    assert start.mean_exp(0.0, with_flares=False) == pytest.approx(1.0)


def test_averages_agree_with_the_law_of_the_trait() -> None:
    """Without flares the average is the beta law's moment generating function."""
    law = scaled_beta(VALUES["disability.trait_mean"], VALUES["disability.trait_sd"], RMDQ_MAX)
    for steepness in (0.05, 0.1):
        exact = stats.beta(law.first, law.second, scale=law.top).expect(lambda x, k=steepness: np.exp(k * x))
        assert StartingDisability(VALUES).mean_exp(steepness, with_flares=False) == pytest.approx(exact, rel=2e-3)


def test_nobody_so_disabled_and_there_is_nothing_to_divide_by() -> None:
    assert StartingDisability(VALUES).mean_exp(0.08, at_least=25.0) == 1.0


def test_flares_raise_averages() -> None:
    start = StartingDisability(VALUES)
    assert start.mean_exp(0.1) > start.mean_exp(0.1, with_flares=False) > 1.0


FACTORS = {
    "work.exit_rate": VALUES["work.speed"],
    "surgery.referral_rate": referrals_per_operation(reference(), VALUES, VALUES["course.remission_severity"]),
}


@pytest.mark.parametrize("switch", ["on", "off"])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("care.consultation_rate", s.CONSULTATION),
        ("work.exit_rate", s.LEAVE_WORK),
        ("opioids.start_rate", s.OPIOID_START),
        ("surgery.referral_rate", s.REFERRAL),
    ],
)
def test_hazards_average_to_their_registered_rates(name: str, kind: int, switch: str) -> None:
    """Over 6,000 in pain at the start, as if all worked and none were treated; |z| < 4: false alarm 0.0001 each.

    Referrals are raised by as many as do not come to an operation.
    """
    hazard = hazards_at_start(switch)[:, kind]
    error = hazard.std() / math.sqrt(len(hazard))
    expected = VALUES[name] * FACTORS.get(name, 1.0)
    assert abs(hazard.mean() - expected) < 4.0 * error + 2e-3 * expected  # and what the grid leaves out


def untreated() -> np.ndarray[tuple[int], np.dtype[np.void]]:
    people = PreparedStudy(study(people=6_000, years=1)).persons(0).copy()
    people = people[(people["origin"] == s.AT_START) & (people["in_pain"] == 1)]
    assert len(people) == 6_000
    people["on_opioids"], people["surgery"], people["work"] = 0, s.NO_SURGERY, s.WORKING
    for name in ("opioid_from_rmdq", "opioid_to_rmdq", "surgery_from_rmdq", "surgery_to_rmdq"):
        people[name] = 0.0
    return people


@cache
def hazards_at_start(switch: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Hazards of each person, with opioids and surgery linked to current disability ("on") or not."""
    given, people = inputs(severity_drives_opioids_and_surgery=switch), untreated()
    for someone in people:
        disability = rmdq(someone, 0.0)
        for pathway in (care, work, opioids, surgery):
            pathway.hazards(someone, disability, given)
    return np.asarray(people["hazard"])


def test_the_average_is_the_same_in_every_policy() -> None:
    """Taken once over the people at the start: a policy that makes people better lowers their hazards."""
    for name in ("care_mean", "work_mean", "opioids_mean", "surgery_mean"):
        assert inputs(BUSY)[name] == inputs(USUAL_CARE)[name]
