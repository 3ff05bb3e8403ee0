"""The people of a replication: who they are at the start, with their histories, and those who join.

Age and sex are filled evenly; other shares are tested at |z| < 4 (false alarm 0.0001 each) and laws by
Kolmogorov-Smirnov at p > 0.001. Seeds are fixed.
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

from lbpsim.evidence import parameters
from lbpsim.pathways import person as s
from lbpsim.pathways.starting_disability import PAIN_MAX, RMDQ_MAX, flare_share, scaled_beta
from lbpsim.population import people as people_module
from lbpsim.population.demography import AGES
from lbpsim.population.people import HISTORY, leaving_over_returning
from lbpsim.simulation.replication import PreparedStudy
from tests.evidence.pack_tables import pack_table
from tests.pathways.small_country import USUAL_CARE, study

VALUES = study().values(USUAL_CARE)
People = npt.NDArray[Any]


@pytest.fixture(scope="module")
def prepared_study() -> PreparedStudy:
    return PreparedStudy(study(people=20_000, years=3))


@pytest.fixture(scope="module")
def start(prepared_study: PreparedStudy) -> People:
    """20,000 people in pain at the start, and those in remission beside them."""
    people = prepared_study.persons(0)
    return people[people["origin"] == s.AT_START]


@pytest.fixture(scope="module")
def hurting(start: People) -> People:
    return start[start["in_pain"] == 1]


@pytest.fixture(scope="module")
def arriving(prepared_study: PreparedStudy) -> People:
    """Those whose pain begins within the study."""
    people = prepared_study.persons(0)
    return people[people["origin"] == s.FIRST_ONSET]


def z_of_share(found: Any, share: float, number: int) -> float:
    """Distance of a count from what is expected, in standard errors."""
    return float((np.sum(found) - share * number) / math.sqrt(number * share * (1.0 - share)))


# --- who is there ----------------------------------------------------------------------------------------------------


def test_age_and_sex_are_those_of_the_country(prepared_study: PreparedStudy, start: People) -> None:
    """Evenly filled, those in pain and in remission together; the very old have lost a few to opioids."""
    cells = start["sex"].astype(int) * AGES + start["age"]
    found = np.cumsum(np.bincount(cells, minlength=2 * AGES)) / len(start)
    ever = (prepared_study.country.people[0] * prepared_study.country.balance.ever).ravel()
    assert np.abs(found - np.cumsum(ever) / ever.sum()).max() < 0.004


def test_as_many_are_in_pain_as_asked_each_standing_for_their_share(
    prepared_study: PreparedStudy, hurting: People
) -> None:
    assert len(hurting) == prepared_study.people == 20_000
    assert prepared_study.scale(0) * len(hurting) == pytest.approx(prepared_study.country.total)
    assert prepared_study.country.total == pytest.approx(2.85e6, rel=0.01)  # 2.78 million of mid-2024, by 2026


def test_as_many_are_in_remission_as_belong_to_them(prepared_study: PreparedStudy, start: People) -> None:
    share = prepared_study.country.in_remission / (prepared_study.country.total + prepared_study.country.in_remission)
    assert abs(z_of_share(start["in_pain"] == 0, share, len(start))) < 4.0


@pytest.mark.parametrize("replications", [1, 3, 7])
def test_numbers_are_unique_over_all_replications(replications: int) -> None:
    prepared_study = PreparedStudy(study(people=1000, years=4, replications=replications))
    groups = [prepared_study.persons(number) for number in range(replications)]
    numbers = np.concatenate([people["id"] for people in groups])
    assert len(np.unique(numbers)) == len(numbers) > 1000
    assert numbers.max() < 2**32  # the generator's counter
    in_pain = [((people["origin"] == s.AT_START) & (people["in_pain"] == 1)).sum() for people in groups]
    assert sum(in_pain) == 1000
    for number, people in enumerate(groups):
        assert (people["id"] % replications == number).all()


def test_all_who_are_here_are_grown_and_those_who_begin_have_pain() -> None:
    people = PreparedStudy(study(people=2000)).persons(0)
    assert people[people["origin"] == s.FIRST_ONSET]["in_pain"].all()
    assert people["age"].min() >= 18
    assert set(np.unique(people["sex"])) == {0, 1}


def test_birthdays_fall_within_the_year(start: People) -> None:
    birthday = start["next_time"][:, s.BIRTHDAY]
    assert stats.kstest(birthday, "uniform").pvalue > 0.001


# --- traits ----------------------------------------------------------------------------------------------------------


USUAL = (VALUES["disability.trait_mean"], VALUES["disability.trait_sd"], RMDQ_MAX)
USUAL_PAIN = (VALUES["disability.pain_mean"], VALUES["disability.pain_sd"], PAIN_MAX)


def _beta(mean: float, sd: float, top: float) -> Any:
    law = scaled_beta(mean, sd, top)
    return stats.beta(law.first, law.second, scale=law.top)


@pytest.mark.parametrize(("field", "mean", "sd", "top"), [("trait", *USUAL), ("pain_trait", *USUAL_PAIN)])
def test_traits_of_those_in_pain_follow_their_laws(
    hurting: People, field: str, mean: float, sd: float, top: float
) -> None:
    sample, number = hurting[field], len(hurting)
    assert abs(sample.mean() - mean) < 4.0 * sd / math.sqrt(number)
    assert sample.std() == pytest.approx(sd, rel=0.03)
    assert stats.kstest(sample, _beta(mean, sd, top).cdf).pvalue > 0.001


def test_traits_are_correlated_as_asked(hurting: People) -> None:
    """TECH-VER: the copula's correlation, on the normal scale; Fisher's z within 4 standard errors."""
    shares = [_beta(*moments).cdf(hurting[field]) for field, moments in (("trait", USUAL), ("pain_trait", USUAL_PAIN))]
    normal = [stats.norm.ppf(np.clip(share, 1e-9, 1.0 - 1e-9)) for share in shares]
    found = np.corrcoef(*normal)[0, 1]
    asked = VALUES["disability.pain_correlation"]
    assert abs(math.atanh(found) - math.atanh(asked)) < 4.0 / math.sqrt(len(hurting) - 3)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.95])
def test_any_correlation_can_be_asked_for(correlation: float) -> None:
    people = PreparedStudy(study(people=4000, assume={"disability.pain_correlation": correlation})).persons(0)
    rank = 6.0 / math.pi * math.asin(correlation / 2.0)  # Spearman's, of a Gaussian copula
    assert stats.spearmanr(people["trait"], people["pain_trait"]).statistic == pytest.approx(rank, abs=0.05)


def test_luck_of_one_kind_tells_nothing_of_another(hurting: People) -> None:
    """Usual disability and flares are independent of age and of each other; |r| < 4 standard errors."""
    columns = [hurting[name].astype(float) for name in ("trait", "age", "in_flare")]
    off_diagonal = np.corrcoef(columns)[np.triu_indices(3, 1)]
    assert np.abs(off_diagonal).max() < 4.0 / math.sqrt(len(hurting))


def test_people_in_remission_are_usually_less_disabled(start: People, hurting: People) -> None:
    resting = start[start["in_pain"] == 0]
    assert resting["trait"].mean() < hurting["trait"].mean() - 1.0
    assert (resting["flare_rmdq"] == 0.0).all()


# --- in the middle of things -----------------------------------------------------------------------------------------


def test_shares_at_the_start_are_those_of_balance(hurting: People) -> None:
    number = len(hurting)
    assert abs(z_of_share(hurting["in_flare"], flare_share(VALUES), number)) < 4.0
    assert abs(z_of_share(hurting["on_opioids"], VALUES["opioids.on_at_start"], number)) < 4.0
    users = hurting[hurting["on_opioids"] == 1]
    low, high = parameters()["opioids.disorder_at_start"].interval or (0.0, 1.0)
    assert low < users["disorder"].mean() < high  # it is not set to it, but to the rate at which it begins
    disordered = users[users["disorder"] == 1]
    assert abs(z_of_share(disordered["treated"], VALUES["opioids.treatment_at_start"], len(disordered))) < 4.0
    assert not hurting["disorder"][hurting["on_opioids"] == 0].any()


def test_users_are_spread_over_the_years_of_use_and_a_few_are_in_remission(start: People) -> None:
    users = start[start["on_opioids"] == 1]
    steps = np.bincount(users["opioid_step"], minlength=4) / len(users)
    assert 0.1 < steps[0] + steps[1] < 0.3
    assert steps[3] > 0.5
    assert 0.0 < (users["in_pain"] == 0).mean() < 0.3


def test_more_disabled_people_are_likelier_on_opioids(hurting: People) -> None:
    on = hurting["on_opioids"] == 1
    assert hurting["trait"][on].mean() > hurting["trait"][~on].mean() + 1.0


def test_the_list_for_surgery_holds_referrals_of_a_mean_wait(hurting: People, start: People) -> None:
    """Referrals a year times the mean wait, less those lost on the way."""
    mean_wait = VALUES["surgery.wait_median"] * math.exp(0.5 * VALUES["surgery.wait_sigma"] ** 2)
    expected = VALUES["surgery.referral_rate"] * mean_wait * len(hurting)
    waiting = start["surgery"] == s.AWAITING_SURGERY
    assert abs(waiting.sum() - expected) < 4.0 * math.sqrt(expected) + 0.1 * expected
    assert (start["joined"][waiting, s.SURGERY_LIST] < 0.0).all()
    assert (start["next_time"][waiting, s.SURGERY_STEP] == start["surgery_date"][waiting]).all()
    assert (start["surgery_date"][waiting] > 0.0).all()
    assert (start["surgery"] == s.OPERATED).sum() > 3 * waiting.sum()


def test_first_years_end_within_the_year_and_flares_later(start: People) -> None:
    fresh, flaring = start["first_year"] == 1, start["in_flare"] == 1
    established = start["next_time"][:, s.ESTABLISHED]
    assert fresh.any()
    assert ((established[fresh] >= 0.0) & (established[fresh] <= 1.0)).all()
    assert (established[~fresh] == s.NEVER).all()
    ends = start["next_time"][:, s.FLARE_END]
    assert (ends[flaring] > 0.0).all()
    assert (ends[~flaring] == s.NEVER).all()
    assert (start["flare_rmdq"][~flaring] == 0.0).all()
    np.testing.assert_allclose(start["flare_pain"], 0.3 * start["flare_rmdq"])


def test_what_is_left_of_a_flare_is_that_of_one_met_in_its_course(start: People) -> None:
    """Mean of what is left of a spell met at random: half its second moment over its first."""
    left = start["next_time"][:, s.FLARE_END][start["in_flare"] == 1]
    median, sigma = VALUES["flares.duration_median"], VALUES["flares.duration_sigma"]
    expected = 0.5 * median * math.exp(1.5 * sigma**2)
    assert abs(left.mean() - expected) < 4.0 * left.std() / math.sqrt(len(left))


def test_work_is_that_of_the_table_but_for_what_pain_changes(hurting: People) -> None:
    """But for pain so many more would work that, with those who have left because of it, the table's share remain."""
    table = pack_table("employment")
    lost = leaving_over_returning(VALUES, hurting["trait"], VALUES["work.return_severity"])
    for low, high, *shares in table[["age_low", "age_high", "male", "female"]].to_numpy():
        for sex, share in enumerate(shares):
            who = (hurting["age"] >= low) & (hurting["age"] <= high) & (hurting["sex"] == sex)
            mine = hurting[who]
            if len(mine) > 50 and 0.0 < share < 1.0 and low < VALUES["work.retirement_age"]:
                would = np.minimum(share * (1.0 + lost[who]), 1.0).mean()
                working = mine["work"] != s.NOT_WORKING
                assert abs(z_of_share(working, would, len(mine))) < 4.0
    assert (hurting["work"] == s.LEFT_BECAUSE_OF_PAIN).any()


def test_where_nobody_comes_back_to_work_nothing_balances_and_nobody_is_lost(hurting: People) -> None:
    assert not leaving_over_returning({**VALUES, "work.return_rate": 0.0}, hurting["trait"], 0.0).any()


def test_histories_have_luck_of_their_own(prepared_study: PreparedStudy) -> None:
    """The same draws in a history and in the life after it would tie what has been to what comes."""
    drawn = prepared_study.people_drawn_by
    assert int(drawn.history["draw"][0]) == int(drawn.inputs["draw"][0]) + HISTORY


# --- those who join --------------------------------------------------------------------------------------------------


def test_those_who_begin_come_within_the_study(arriving: People) -> None:
    assert 0.0 < arriving["now"].min() < arriving["now"].max() < 3.0
    assert (arriving["next_time"][:, s.BIRTHDAY] > arriving["now"]).all()
    assert (arriving["next_time"][:, s.BIRTHDAY] <= arriving["now"] + 1.0).all()
    np.testing.assert_allclose(arriving["next_time"][:, s.ESTABLISHED], arriving["now"] + 1.0)


def test_as_many_begin_as_the_balance_has_in_each_year(prepared_study: PreparedStudy, arriving: People) -> None:
    for year, flow in enumerate(prepared_study.country.onsets):
        found = int((np.floor(arriving["now"]) == year).sum())
        assert abs(found - flow.sum() / prepared_study.scale(0)) <= 1.0


def test_rounding_of_those_who_begin_is_without_bias() -> None:
    """Each of 60 small replications rounds its numbers up or down; the total is right to 4 errors of that."""
    prepared_study = PreparedStudy(study(people=6000, years=1, replications=60))
    found = sum(int((prepared_study.persons(number)["origin"] == s.FIRST_ONSET).sum()) for number in range(60))
    expected = sum(flow.sum() for flow in prepared_study.country.onsets) / prepared_study.country.total * 6000
    assert abs(found - expected) < 4.0 * math.sqrt(60 * 0.25)


def test_those_who_begin_are_usually_less_disabled_and_have_no_history(arriving: People, hurting: People) -> None:
    assert arriving["trait"].mean() < hurting["trait"].mean() - 0.2
    for name in ("on_opioids", "disorder", "in_flare", "cft_courses", "operations"):
        assert not arriving[name].any(), name


def test_migrants_come_with_the_pain_and_the_past_of_their_age(prepared_study: PreparedStudy) -> None:
    people = prepared_study.persons(0)
    migrants = people[people["origin"] == s.MIGRANT]
    assert len(migrants) > 300
    assert 18 <= migrants["age"].min() <= migrants["age"].max() <= VALUES["population.migrant_age_high"] + 1
    assert 0.2 < (migrants["in_pain"] == 0).mean() < 0.45
    assert migrants["on_opioids"].any()
    assert (migrants["next_time"][:, s.BIRTHDAY] > migrants["now"]).all()


@pytest.mark.parametrize("begin", ["in_balance", "in_pain_only"])
def test_people_are_the_same_however_many_are_drawn_at_a_time(begin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = study(people=300, years=3, replications=2, options={"start": begin})
    at_once = PreparedStudy(asked).persons(1)
    monkeypatch.setattr(people_module, "AT_A_TIME", 40)
    prepared_study = PreparedStudy(asked)
    assert len(list(prepared_study.blocks(1))) == 1, "few are lived in one piece all the same"
    assert prepared_study.persons(1).tobytes() == at_once.tobytes()
    assert len(at_once) <= prepared_study.expected(1) * 1.3


def test_where_the_population_is_still_nobody_comes_from_abroad() -> None:
    country = PreparedStudy(study(people=200, years=5, options={"population": "still"})).country
    assert max(float(migrants.sum()) for migrants in country.migrants) < 1e-3
    assert all((people == country.people[0]).all() for people in country.people)


def test_people_in_remission_can_be_left_out_and_come_back_as_new() -> None:
    """As in the model's first version: new cases are many at first and fall, as if there were ever fewer."""
    known, unknown = (
        PreparedStudy(study(people=20_000, years=8, options={"start": start})).persons(0)
        for start in ("in_balance", "in_pain_only")
    )
    assert unknown[unknown["origin"] == s.AT_START]["in_pain"].all()
    np.testing.assert_array_equal(
        unknown[unknown["origin"] == s.AT_START]["id"],
        known[(known["origin"] == s.AT_START) & (known["in_pain"] == 1)]["id"],
    )
    begin = [np.bincount(people[people["origin"] == s.FIRST_ONSET]["now"].astype(int)) for people in (known, unknown)]
    assert begin[1][0] > 2 * begin[0][0]
    assert begin[1][7] < 0.75 * begin[1][0]


def test_a_longer_study_or_another_year_changes_nobody_who_came_before() -> None:
    short, long = (PreparedStudy(study(people=500, years=years)).persons(0) for years in (2, 5))
    assert len(short) < len(long)
    for name in s.PERSON.names or ():
        np.testing.assert_array_equal(short[name], long[: len(short)][name])


def test_another_seed_makes_other_people_of_the_same_kind() -> None:
    asked = study(people=3000)
    people = [PreparedStudy(dataclasses.replace(asked, seed=seed)).persons(0) for seed in (1, 2)]
    assert (people[0]["trait"][:3000] != people[1]["trait"][:3000]).mean() > 0.99
    in_pain = [each["trait"][each["in_pain"] == 1] for each in people]
    assert stats.ks_2samp(*in_pain).pvalue > 0.001


def test_without_incidence_nobody_joins_and_nothing_is_complained_of() -> None:
    asked = study(people=200, assume={"course.incidence": 0.0}, options={"incidence": "fixed"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        people = PreparedStudy(asked).persons(0)
        assert not (people["origin"] == s.FIRST_ONSET).any()
