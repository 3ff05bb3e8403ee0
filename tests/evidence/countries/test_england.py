"""England's pack: figures as published, grades as the sources allow, and the arithmetic of what is derived."""

from __future__ import annotations

from functools import cache

import pytest

from lbpsim.evidence.country import Country
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.shipped_countries import shipped

PEOPLE, ADULTS, OF_16_AND_OVER = 57_690_323, 45_691_677, 47_041_973
GRADES = {
    "official statistics": {
        "population.adults_2024",
        "population.total_2024",
        "epidemiology.back_problem_share",
        "work.weekly_earnings",
        "economics.physio_hour",
        "country.back_problem_people",
    },
    "cohort": {"opioids.start_rate"},
    "derived": {
        "population.adult_prevalence",
        "care.consultation_cost",
        "usual_care.share_counted_here",
        "cft.first_session_cost",
        "cft.session_cost",
        "cft.training_cost",
        "opioids.on_at_start",
        "opioids.overdose_cost",
        "opioids.annual_cost",
        "surgery.referral_rate",
        "surgery.cost",
        "work.hourly_earnings",
        "quality.norm_scale",
        "workforce.growth",
        "country.cases",
        "country.hospitalisations",
        "country.fusions",
    },
    "unverified": {
        "population.births",
        "population.net_migration",
        "usual_care.low",
        "usual_care.moderate",
        "usual_care.high",
        "work.retirement_age",
        "economics.threshold_convention",
        "economics.discount_rate",
        "economics.discount_rate_alternative",
    },
    "assumption": {
        "usual_care.none",
        "surgery.reoperation_cost",
        "surgery.complication_cost",
        "decision.threshold_most",
        "decision.threshold_step",
        "workforce.registered",
    },
}
TABLES = {
    "population": "official statistics",
    "life_table": "official statistics",
    "prevalence": "derived",
    "employment": "assumption",
    "utility_norms": "official statistics",
}


@cache
def england() -> Country:
    return shipped("england")


def known(name: str) -> Parameter:
    return england().own[name]


def people_from(age: int) -> float:
    return sum(group.adults(age) for group in england().population)


def test_as_many_people_as_were_counted() -> None:
    assert people_from(0) == PEOPLE == known("population.total_2024").value
    assert people_from(18) == ADULTS == known("population.adults_2024").value
    assert people_from(16) == OF_16_AND_OVER


def test_grades_are_those_of_the_sources() -> None:
    payers = {name for name in england().own if name.startswith("payers.")}
    graded = {name: grade for grade, names in GRADES.items() for name in names} | dict.fromkeys(payers, "assumption")
    own = {name: each.grade for name, each in england().own.items() if each.grade != "borrowed"}
    assert own == graded
    assert {name: england().tables[name].grade for name in TABLES} == TABLES


def test_what_is_from_memory_cites_a_source_that_says_so() -> None:
    for name in ("population.births", "population.net_migration", "work.retirement_age", "economics.discount_rate"):
        (key,) = known(name).sources
        assert "Quoted without the source at hand" in england().references[key].note


def test_prevalence_is_that_of_the_more_severe_grades() -> None:
    cases = 0.169 * PEOPLE * 0.61
    assert cases == pytest.approx(5_950_000, rel=0.002)
    assert known("population.adult_prevalence").value == pytest.approx(cases / OF_16_AND_OVER, abs=0.0006)
    assert known("country.cases").value == pytest.approx(0.126 * ADULTS, rel=0.001)


def test_its_distribution_reaches_all_back_pain_of_three_months() -> None:
    interval = known("population.adult_prevalence").interval
    assert interval is not None
    assert interval[1] == pytest.approx(0.169 * PEOPLE / OF_16_AND_OVER, abs=0.005)


def test_pain_becomes_commoner_up_to_the_oldest_and_is_commoner_in_women() -> None:
    men, women = ([getattr(group, sex) for group in england().prevalence] for sex in ("male", "female"))
    assert men == sorted(men) and women == sorted(women)
    assert all(man < woman for man, woman in zip(men[1:], women[1:], strict=True))


def test_norms_are_those_of_the_survey() -> None:
    norms = {group.low: (group.male, group.female) for group in england().norms or ()}
    assert norms[40] == pytest.approx((0.872, 0.846), abs=0.0005)
    assert norms[90] == pytest.approx((0.656, 0.666), abs=0.0005)


def test_a_session_is_a_contact_and_the_first_one_longer() -> None:
    assert known("cft.session_cost").value == 79.06
    assert known("cft.first_session_cost").value == pytest.approx(79.06 * 60 / 35, rel=0.001)
    assert known("care.consultation_cost").value == pytest.approx((48 + 79.06) / 2, rel=0.001)


def test_training_is_paid_time() -> None:
    assert known("cft.training_cost").value == 106 * 60


def test_usual_care_adds_up_to_the_excess_of_primary_care() -> None:
    levels = (("usual_care.low", 0.57), ("usual_care.moderate", 0.29), ("usual_care.high", 0.14))
    assert sum(known(name).value * share for name, share in levels) == pytest.approx((1074 - 516) * 1.45, rel=0.001)
    assert known("usual_care.low").value / known("usual_care.high").value == pytest.approx(0.385, rel=0.001)
    assert known("usual_care.share_counted_here").value == pytest.approx(1 - 0.588)


def test_users_of_opioids_follow_from_starts_and_the_length_of_spells() -> None:
    for_each_other = known("opioids.start_rate").value * 2.07
    assert known("opioids.on_at_start").value == pytest.approx(for_each_other / (1 + for_each_other), abs=0.0001)
    assert known("opioids.annual_cost").value == pytest.approx(12 * 7.29, abs=0.6)


def test_operations_are_those_of_the_collection() -> None:
    assert known("country.fusions").value == 6_518 + 2_525
    cases = known("population.adult_prevalence").value * ADULTS
    assert known("surgery.referral_rate").value == pytest.approx(0.85 * 9_043 / cases, rel=0.005)
    dear = known("surgery.cost").interval
    assert dear is not None
    assert dear[1] == pytest.approx(21_624, rel=0.03)


def test_hospital_stays_are_those_without_intervention() -> None:
    assert known("country.hospitalisations").value == 670 + 2_214 + 7_481 + 23_121


def test_the_nhs_pays_all_health_care() -> None:
    shares = {name: each.value for name, each in england().own.items() if name.startswith("payers.")}
    assert len(shares) == 18
    assert set(shares.values()) == {0.0}
    assert england().payers["government"] == "NHS"


def test_half_of_those_in_their_early_sixties_work() -> None:
    working = {group.low: group.male for group in england().employed}
    ages = {group.low: group.people for group in england().population}
    late = sum(working[low] * sum(ages[low + year] for year in range(5)) for low in (50, 55, 60))
    assert late / sum(ages[age] for age in range(50, 65)) == pytest.approx(1 - 1.3 * (1 - 0.709), abs=0.005)
    assert working[35] == pytest.approx(1 - 1.3 * (1 - 0.851), abs=0.005)


def test_earnings_are_of_april_2025() -> None:
    assert known("work.weekly_earnings").value == 766.6
    assert known("work.hourly_earnings").value == pytest.approx(18.64 * 766.6 / 728, rel=0.001)


def test_physiotherapists_are_shared_out_by_people() -> None:
    assert known("workforce.registered").value == pytest.approx(75_744 * PEOPLE / 68_265_209, rel=0.001)
    assert known("workforce.growth").value == pytest.approx((75_744 / 57_934) ** (1 / 4.25) - 1, abs=0.0005)


def test_it_is_no_demonstration_and_borrows_what_nobody_has_found() -> None:
    assert not england().demonstration
    borrowed = set(england().borrowed)
    assert {"surgery.wait_median", "opioids.fracture_cost", "opioids.taper_cost", "biofeedback.device_cost"} <= borrowed
    assert not borrowed & set(england().own)


def test_figures_that_were_not_found_are_not_compared() -> None:
    assert "country.long_term_opioid_share" not in england().registry.parameters
    assert "country.health_spending" not in england().registry.parameters
