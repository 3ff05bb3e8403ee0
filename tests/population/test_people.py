"""The people of a replication: who they are at the start, and those who join.

Systematic sampling fixes age and sex to one person; other shares are tested at |z| < 4 (false alarm 0.0001 each) and
laws by Kolmogorov-Smirnov at p > 0.001. Seeds are fixed.
"""

from __future__ import annotations

import dataclasses
import math
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from lbpsim.evidence import parameters, tables
from lbpsim.pathways import state as s
from lbpsim.pathways.averages import PAIN_MAX, RMDQ_MAX, flare_share, scaled_beta
from lbpsim.population.demography import AGES
from lbpsim.population.prevalence import share_in_first_year
from lbpsim.simulation.replication import Laboratory
from tests.pathways.small_country import USUAL_CARE, study

VALUES = study().values(USUAL_CARE)
People = npt.NDArray[Any]


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    return Laboratory(study(people=20_000, years=3))


@pytest.fixture(scope="module")
def start(laboratory: Laboratory) -> People:
    """20,000 people at the start."""
    people = laboratory.persons(0)
    return people[people["now"] == 0.0]


@pytest.fixture(scope="module")
def arriving(laboratory: Laboratory) -> People:
    people = laboratory.persons(0)
    return people[people["now"] > 0.0]


def z_of_share(found: Any, share: float, number: int) -> float:
    """Distance of a count from what is expected, in standard errors."""
    return float((np.sum(found) - share * number) / math.sqrt(number * share * (1.0 - share)))


# --- who is there ----------------------------------------------------------------------------------------------------


def test_age_and_sex_are_those_of_the_country_to_one_person(laboratory: Laboratory, start: People) -> None:
    cells = start["sex"].astype(int) * AGES + start["age"]
    found = np.cumsum(np.bincount(cells, minlength=2 * AGES)) / len(start)
    expected = np.cumsum(laboratory.country.cases.ravel()) / laboratory.country.total
    assert np.abs(found - expected).max() <= 1.0 / len(start) + 1e-12


def test_there_are_as_many_as_asked_each_standing_for_their_share(laboratory: Laboratory, start: People) -> None:
    assert len(start) == laboratory.people == 20_000
    assert laboratory.scale(0) * len(start) == pytest.approx(laboratory.country.total)
    assert laboratory.country.total == pytest.approx(2.85e6, rel=0.01)  # 2.78 million of mid-2024, by 2026


@pytest.mark.parametrize("replications", [1, 3, 7])
def test_numbers_are_unique_over_all_replications(replications: int) -> None:
    laboratory = Laboratory(study(people=1000, years=4, replications=replications))
    groups = [laboratory.persons(number) for number in range(replications)]
    numbers = np.concatenate([people["id"] for people in groups])
    assert len(np.unique(numbers)) == len(numbers) > 1000
    assert sum((people["now"] == 0.0).sum() for people in groups) == 1000
    for number, people in enumerate(groups):
        assert (people["id"] % replications == number).all()


def test_all_who_are_here_have_pain_and_are_grown() -> None:
    people = Laboratory(study(people=2000)).persons(0)
    assert people[people["now"] == 0.0]["in_pain"].all()
    assert people["age"].min() >= 18
    assert set(np.unique(people["sex"])) == {0, 1}


def test_birthdays_fall_within_the_year(start: People) -> None:
    birthday = start["due"][:, s.BIRTHDAY]
    assert stats.kstest(birthday, "uniform").pvalue > 0.001


# --- traits ----------------------------------------------------------------------------------------------------------


USUAL = (VALUES["disability.trait_mean"], VALUES["disability.trait_sd"], RMDQ_MAX)
USUAL_PAIN = (VALUES["disability.pain_mean"], VALUES["disability.pain_sd"], PAIN_MAX)


@pytest.mark.parametrize(("field", "mean", "sd", "top"), [("trait", *USUAL), ("pain_trait", *USUAL_PAIN)])
def test_traits_follow_their_laws(start: People, field: str, mean: float, sd: float, top: float) -> None:
    sample, number = start[field], len(start)
    assert abs(sample.mean() - mean) < 4.0 * sd / math.sqrt(number)
    assert sample.std() == pytest.approx(sd, rel=0.03)
    assert stats.kstest(sample, scaled_beta(mean, sd, top).cdf).pvalue > 0.001


def test_traits_are_correlated_as_asked(start: People) -> None:
    """TECH-VER: the copula's correlation, on the normal scale; Fisher's z within 4 standard errors."""
    shares = [
        scaled_beta(*moments).cdf(start[field]) for field, moments in (("trait", USUAL), ("pain_trait", USUAL_PAIN))
    ]
    normal = [stats.norm.ppf(np.clip(share, 1e-9, 1.0 - 1e-9)) for share in shares]
    found = np.corrcoef(*normal)[0, 1]
    asked = VALUES["disability.pain_correlation"]
    assert abs(math.atanh(found) - math.atanh(asked)) < 4.0 / math.sqrt(len(start) - 3)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.95])
def test_any_correlation_can_be_asked_for(correlation: float) -> None:
    people = Laboratory(study(people=4000, assume={"disability.pain_correlation": correlation})).persons(0)
    rank = 6.0 / math.pi * math.asin(correlation / 2.0)  # Spearman's, of a Gaussian copula
    assert stats.spearmanr(people["trait"], people["pain_trait"]).statistic == pytest.approx(rank, abs=0.05)


def test_luck_of_one_kind_tells_nothing_of_another(start: People) -> None:
    """Traits, onset and flares are independent of age and of each other; |r| < 4 standard errors."""
    columns = [start[name].astype(float) for name in ("trait", "age", "first_year", "in_flare")]
    off_diagonal = np.corrcoef(columns)[np.triu_indices(4, 1)]
    assert np.abs(off_diagonal).max() < 4.0 / math.sqrt(len(start))


# --- in the middle of things -----------------------------------------------------------------------------------------


def test_shares_at_the_start_are_those_of_balance(start: People) -> None:
    number = len(start)
    assert abs(z_of_share(start["first_year"], share_in_first_year(VALUES), number)) < 4.0
    assert abs(z_of_share(start["in_flare"], flare_share(VALUES), number)) < 4.0
    assert abs(z_of_share(start["on_opioids"], VALUES["opioids.on_at_start"], number)) < 4.0
    users = start[start["on_opioids"] == 1]
    assert abs(z_of_share(users["disorder"], parameters()["opioids.disorder_at_start"].value, len(users))) < 4.0
    disordered = users[users["disorder"] == 1]
    assert abs(z_of_share(disordered["treated"], VALUES["opioids.treatment_at_start"], len(disordered))) < 4.0
    assert not start["disorder"][start["on_opioids"] == 0].any()


def test_more_disabled_people_are_likelier_on_opioids(start: People) -> None:
    on = start["on_opioids"] == 1
    assert start["trait"][on].mean() > start["trait"][~on].mean() + 1.0


def test_the_list_for_surgery_holds_referrals_of_a_mean_wait(start: People) -> None:
    mean_wait = VALUES["surgery.wait_median"] * math.exp(0.5 * VALUES["surgery.wait_sigma"] ** 2)
    expected = VALUES["surgery.referral_rate"] * mean_wait * len(start)
    waiting = start["surgery"] == s.AWAITING_SURGERY
    assert abs(waiting.sum() - expected) < 4.0 * math.sqrt(expected)
    assert (start["joined"][waiting, s.SURGERY_LIST] == 0.0).all()
    assert (start["due"][waiting, s.SURGERY_STEP] == start["surgery_date"][waiting]).all()
    assert start["trait"][waiting].min() >= VALUES["surgery.min_rmdq"]


def test_first_years_end_within_the_year_and_flares_later(start: People) -> None:
    fresh, flaring = start["first_year"] == 1, start["in_flare"] == 1
    established = start["due"][:, s.ESTABLISHED]
    assert ((established[fresh] >= 0.0) & (established[fresh] <= 1.0)).all()
    assert (established[~fresh] == s.NEVER).all()
    ends = start["due"][:, s.FLARE_END]
    assert (ends[flaring] > 0.0).all()
    assert (ends[~flaring] == s.NEVER).all()
    assert (start["flare_rmdq"][~flaring] == 0.0).all()
    np.testing.assert_allclose(start["flare_pain"], 0.3 * start["flare_rmdq"])


def test_what_is_left_of_a_flare_is_that_of_one_met_in_its_course(start: People) -> None:
    """Mean of what is left of a spell met at random: half its second moment over its first."""
    left = start["due"][:, s.FLARE_END][start["in_flare"] == 1]
    median, sigma = VALUES["flares.duration_median"], VALUES["flares.duration_sigma"]
    expected = 0.5 * median * math.exp(1.5 * sigma**2)
    assert abs(left.mean() - expected) < 4.0 * left.std() / math.sqrt(len(left))


def test_time_since_onset_thins_out_as_people_remit(start: People) -> None:
    """Of those in their first year: density falls with the hazard of remission."""
    since = 1.0 - start["due"][:, s.ESTABLISHED][start["first_year"] == 1]
    law = stats.truncexpon(b=0.545, scale=1.0 / 0.545)
    assert stats.kstest(since, law.cdf).pvalue > 0.001


def test_work_is_that_of_the_table(start: People) -> None:
    table = tables.employment()
    young = start[start["age"] < VALUES["work.retirement_age"]]
    for low, high, *shares in table[["age_low", "age_high", "male", "female"]].to_numpy():
        for sex, share in enumerate(shares):
            mine = young[(young["age"] >= low) & (young["age"] <= high) & (young["sex"] == sex)]
            if len(mine) > 50 and 0.0 < share < 1.0:
                assert abs(z_of_share(mine["work"] == s.WORKING, share, len(mine))) < 4.0
    assert (start["work"] == s.LEFT_BECAUSE_OF_PAIN).any()


# --- those who join --------------------------------------------------------------------------------------------------


def test_arrivals_come_in_order_within_the_study(arriving: People) -> None:
    assert (np.diff(arriving["now"]) >= 0.0).all()
    assert 0.0 < arriving["now"].min() < arriving["now"].max() < 3.0
    assert (arriving["due"][:, s.BIRTHDAY] > arriving["now"]).all()
    assert (arriving["due"][:, s.BIRTHDAY] <= arriving["now"] + 1.0).all()


def test_arrivals_are_as_many_as_the_inflow_of_each_year(laboratory: Laboratory, arriving: People) -> None:
    for year, flow in enumerate(laboratory.country.inflow):
        found = int((np.floor(arriving["now"]) == year).sum())
        assert abs(found - flow.sum() / laboratory.scale(0)) <= 1.0


def test_rounding_of_arrivals_is_without_bias() -> None:
    """Each of 60 small replications rounds its arrivals up or down; the total is right to 4 errors of that."""
    laboratory = Laboratory(study(people=6000, years=1, replications=60))
    found = sum(int((laboratory.persons(number)["now"] > 0.0).sum()) for number in range(60))
    expected = sum(flow.sum() for flow in laboratory.country.inflow) / laboratory.country.total * 6000
    assert abs(found - expected) < 4.0 * math.sqrt(60 * 0.25)


def test_arrivals_have_the_same_traits_but_no_history(arriving: People) -> None:
    assert stats.kstest(arriving["trait"], scaled_beta(7.0, 5.0, RMDQ_MAX).cdf).pvalue > 0.001
    for name in ("on_opioids", "disorder", "in_flare", "cft_courses", "operations"):
        assert not arriving[name].any(), name


def test_a_longer_study_or_another_year_changes_nobody_who_came_before() -> None:
    short, long = (Laboratory(study(people=500, years=years)).persons(0) for years in (2, 5))
    assert len(short) < len(long)
    for name in s.PERSON.names or ():
        np.testing.assert_array_equal(short[name], long[: len(short)][name])


def test_another_seed_makes_other_people_of_the_same_kind() -> None:
    asked = study(people=3000)
    people = [Laboratory(dataclasses.replace(asked, seed=seed)).persons(0) for seed in (1, 2)]
    assert (people[0]["trait"][:3000] != people[1]["trait"][:3000]).mean() > 0.99
    assert stats.ks_2samp(people[0]["trait"], people[1]["trait"]).pvalue > 0.001


def test_without_incidence_nobody_joins_and_nothing_is_complained_of() -> None:
    asked = study(people=200, assume={"course.incidence": 0.0}, options={"incidence": "fixed"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(Laboratory(asked).persons(0)) == 200
