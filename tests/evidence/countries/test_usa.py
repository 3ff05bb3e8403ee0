"""The pack of the United States: marked as a demonstration, and no number better than its source."""

from __future__ import annotations

from functools import cache

import pytest

from lbpsim.evidence.country import Country
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.shipped_countries import shipped

PEOPLE, ADULTS = 333_287_557, 259_900_000
GRADES = {
    "official statistics": {"work.hourly_earnings", "workforce.registered"},
    "cohort": {"country.fusions"},
    "derived": {
        "population.adult_prevalence",
        "population.adults_2024",
        "population.total_2024",
        "cft.training_cost",
        "surgery.referral_rate",
        "work.weekly_earnings",
        "economics.physio_hour",
        "workforce.growth",
        "country.cases",
    },
    "unverified": {
        "population.births",
        "care.consultation_cost",
        "cft.first_session_cost",
        "cft.session_cost",
        "surgery.cost",
        "work.retirement_age",
        "economics.threshold_convention",
        "economics.discount_rate",
    },
    "assumption": {
        "usual_care.none",
        "population.net_migration",
        "usual_care.low",
        "usual_care.moderate",
        "usual_care.high",
        "surgery.reoperation_cost",
        "quality.norm_scale",
        "decision.threshold_most",
        "decision.threshold_step",
    },
}
TABLES = {
    "population": "derived",
    "life_table": "official statistics",
    "prevalence": "derived",
    "employment": "assumption",
    "utility_norms": "unverified",
}


@cache
def usa() -> Country:
    return shipped("usa")


def known(name: str) -> Parameter:
    return usa().own[name]


def people_from(age: int) -> float:
    return sum(group.adults(age) for group in usa().population)


def test_it_is_marked_as_a_demonstration_and_says_so_first() -> None:
    assert usa().demonstration
    assert usa().limits[0].startswith("A demonstration, not fit for decisions")


def test_as_many_people_as_were_counted() -> None:
    assert people_from(0) == pytest.approx(PEOPLE, abs=10)  # single ages are rounded
    assert people_from(0) == known("population.total_2024").value
    assert people_from(18) == known("population.adults_2024").value == pytest.approx(ADULTS, rel=0.0001)


def test_grades_are_those_of_the_sources() -> None:
    payers = {name for name in usa().own if name.startswith("payers.")}
    graded = {name: grade for grade, names in GRADES.items() for name in names} | dict.fromkeys(payers, "assumption")
    own = {name: each.grade for name, each in usa().own.items() if each.grade != "borrowed"}
    assert own == graded
    assert {name: usa().tables[name].grade for name in TABLES} == TABLES


def test_somebody_of_the_oldest_group_lives_on() -> None:
    assert (usa().death[-1].male, usa().death[-1].female) == (0.35725, 0.32475)


def test_cases_are_the_prevalence_of_adults() -> None:
    assert known("country.cases").value == pytest.approx(0.134 * ADULTS, rel=0.002)


def test_operations_are_those_of_the_cohort() -> None:
    cases = known("population.adult_prevalence").value
    assert known("surgery.referral_rate").value == pytest.approx(79.8e-5 * 0.85 / cases, rel=0.002)
    assert known("country.fusions").value == 199_140


def test_prices_of_2015_that_stand_unchanged_say_so() -> None:
    for name in ("usual_care.low", "surgery.cost"):
        assert "stand unchanged for 2024" in known(name).note


def test_spending_by_impact_is_six_weeks_carried_to_a_year() -> None:
    for name, six_weeks in (("low", 265.34), ("moderate", 496.30), ("high", 689.91)):
        assert known(f"usual_care.{name}").value == pytest.approx(six_weeks * 52 / 6, rel=0.001)


def test_payers_are_those_of_all_spending_on_low_back_and_neck_pain() -> None:
    for who, billion in (("private_insurer", 76.9), ("patient", 12.3)):
        names = {name for name in usa().own if name.startswith("payers.") and name.endswith(who)}
        shares = {known(name).value for name in names - {f"payers.training.{who}"}}
        assert len(shares) == 1
        assert shares.pop() == pytest.approx(billion / 134.5, abs=0.005)


def test_earnings_are_of_all_employees() -> None:
    assert known("work.weekly_earnings").value == pytest.approx(35.36 * 34.2, rel=0.001)
    assert known("cft.training_cost").value == pytest.approx(106 * 48.57, rel=0.001)


def test_opioids_are_borrowed_and_said_to_be() -> None:
    assert usa().borrowed["opioids.start_rate"] == usa().borrowed["opioids.on_at_start"] == "as it is there"
    assert any("opioids" in limit for limit in usa().limits)
