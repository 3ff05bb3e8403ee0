"""National targets: every registered one is compared or says why not, on denominators that are stated."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import output_table
from lbpsim.evidence.shipped_countries import reference
from lbpsim.study.options import OPTIONS
from lbpsim.validation import national_targets
from lbpsim.validation.national_targets import targets, texts
from lbpsim.validation.usual_care_run import FIRST, LAST, UsualCareRun
from tests.validation.small import country, study


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return targets(country())


def test_every_registered_target_is_compared_or_says_why_not(table: pd.DataFrame) -> None:
    of_the_trial = ("restore.", "course.slope_on_baseline_52_weeks")
    registered = {
        name for name, one in parameters().items() if one.role == "target" and not name.startswith(of_the_trial)
    }
    assert set(table["parameter"]) | set(texts().not_compared) == registered
    assert set(table["parameter"]).isdisjoint(texts().not_compared)
    assert list(table.columns) == output_table("targets").names


def test_words_that_follow_a_choice_are_there_for_each() -> None:
    following = {text.option: text.chosen for text in texts().targets.values() if text.option}
    assert {option: set(words) for option, words in following.items()} == {
        option: set(OPTIONS[option][0]) for option in ("surgery_rate", "opioid_stopping", "employment")
    }


def test_the_subjects_that_must_be_shown_are_there(table: pd.DataFrame) -> None:
    told = " ".join(table["figure"]).lower()
    for subject in (
        "cases",
        "years lived with disability",
        "spending",
        "opioids",
        "fusions",
        "overdose",
        "work",
        "growth",
    ):
        assert subject in told


def test_cases_and_first_year_ylds_gate(table: pd.DataFrame) -> None:
    gates = set(table[table["gate"]]["parameter"])
    assert gates == {"country.cases", "country.low_back_pain_cases", "country.low_back_pain_ylds"}
    ylds = table[table["parameter"] == "country.low_back_pain_ylds"].iloc[0]
    assert (ylds["least"], ylds["most"]) == (209_364.0, 402_395.0)
    assert ylds["emulated"] == pytest.approx(country().year("ylds", FIRST)[0])


def test_gaps_are_explained_by_people_and_by_level(table: pd.DataFrame) -> None:
    shared = table[~table["gap_people"].isna()]
    assert {"country.health_spending", "country.fusions", "country.opioid_deaths"} <= set(shared["parameter"])
    assert np.allclose(shared["gap_people"] + shared["gap_level"], shared["emulated"] - shared["published"])
    assert (shared["published_people"] > 0.0).all() and (shared["model_people"] > 0.0).all()
    assert (table["explained"].str.len() > 20).all() and (table["source"].str.len() > 10).all()


def test_spending_is_compared_for_as_many_people_at_the_studys_prices(table: pd.DataFrame) -> None:
    row = table[table["parameter"] == "country.health_spending"].iloc[0]
    published = parameters()["country.health_spending"].at_prices_of(study().price_year, reference().prices)
    assert row["published"] == pytest.approx(published)
    assert row["published_people"] == 4e6
    in_pain = country().year("in_pain_years", FIRST)[0]
    assert row["comparable"] == pytest.approx(published * in_pain / 4e6)
    assert row["most"] == pytest.approx(1.2 * row["comparable"])


@pytest.mark.parametrize("name", ["country.long_term_opioid_share", "country.not_in_labour_force"])
def test_how_far_a_start_drifts_is_no_validation(table: pd.DataFrame, name: str) -> None:
    rows = table[table["parameter"] == name].set_index("period")
    first, last = (str(country().years[which]) for which in (FIRST, LAST))
    assert rows.loc[first, "role"] == "calibrated to"
    assert rows.loc[last, "role"] == "drift from its start"


def told(usual: UsualCareRun, name: str) -> str:
    """How the gap is explained, in the last year where there are several."""
    found = targets(usual)
    return str(found[found["parameter"] == name]["explained"].iloc[-1])


def choosing(**options: str) -> UsualCareRun:
    """The same figures, as of a study that made other choices: explanations follow the choices."""
    asked = country().results.study
    made = dataclasses.replace(asked, options={**asked.options, **options})
    return UsualCareRun(dataclasses.replace(country().results, study=made))


@pytest.mark.parametrize(
    ("name", "in_balance", "otherwise", "choice"),
    [
        ("country.long_term_opioid_share", "is solved so that the share stays", "do not balance",
         {"opioid_stopping": "published"}),
        ("country.not_in_labour_force", "begin and end work by that table", "do not balance",
         {"employment": "only_by_pain"}),
        ("country.fusions", "more are referred than are operated on", "taken as one of referrals",
         {"surgery_rate": "of_referrals"}),
    ],
)  # fmt: skip
def test_why_a_level_stays_or_moves_is_told_by_what_the_study_chose(
    monkeypatch: pytest.MonkeyPatch, name: str, in_balance: str, otherwise: str, choice: dict[str, str]
) -> None:
    monkeypatch.setattr(national_targets, "of_women_in_established_pain", lambda study: (0.7, 0.0))  # a run of its own
    base, other = told(country(), name), told(choosing(**choice), name)
    assert in_balance in base and otherwise not in base
    assert otherwise in other and in_balance not in other


def test_usual_care_holds_its_shares(table: pd.DataFrame) -> None:
    """Nothing drifts under usual care but by ageing and growth; to within what a small run can show."""
    users = table[table["parameter"] == "country.long_term_opioid_share"]["emulated"]
    assert users.iloc[-1] == pytest.approx(users.iloc[0], abs=0.025)
    working = table[table["parameter"] == "country.not_in_labour_force"]["emulated"]
    assert working.iloc[-1] == pytest.approx(working.iloc[0], abs=0.05)


def test_what_the_registry_says_was_used_to_build_the_model_never_counts_as_validation(table: pd.DataFrame) -> None:
    validating = set(table[table["role"] == "validation only"]["parameter"])
    assert validating and {parameters()[name].used_to for name in validating} == {"validate"}


def test_fusions_are_carried_to_those_for_low_back_pain(table: pd.DataFrame) -> None:
    row = table[table["parameter"] == "country.fusions"].iloc[0]
    assert row["comparable"] == pytest.approx(0.85 * 5550 * row["model_people"] / row["published_people"])
    assert row["emulated"] == pytest.approx(row["published"] + row["gap_people"] + row["gap_level"])


def test_the_bound_on_deaths_only_bounds(table: pd.DataFrame) -> None:
    row = table[table["parameter"] == "country.opioid_deaths"].iloc[0]
    assert (row["least"], row["most"]) == (0.0, 783.0)
    assert row["role"] == "upper bound"


def test_expected_employment_is_that_of_the_table_of_ages() -> None:
    """A little more work than the table has: those in remission, and those whose pain is young, have not left."""
    start = country().year("employed_share", FIRST)
    assert 0.0 < start[0] - country().expected_employed < 0.06


def test_lost_work_of_an_age_is_part_of_the_whole() -> None:
    bands = ("18-34", "35-44", "45-54", "55-64", "65-74", "75+")
    assert country().of_age("cost_lost_work", bands, FIRST)[0] == pytest.approx(
        country().year("cost_lost_work", FIRST)[0]
    )
    some = country().of_age("cost_lost_work", ("45-54", "55-64"), FIRST)[0]
    assert 0.0 < some < country().year("cost_lost_work", FIRST)[0]


def test_growth_is_that_of_person_years(table: pd.DataFrame) -> None:
    row = table[table["parameter"] == "country.case_growth_2050"].iloc[0]
    first, last = (country().year("in_pain_years", which)[0] for which in (FIRST, LAST))
    assert row["emulated"] == pytest.approx(last / first - 1.0)
    assert row["published"] == pytest.approx(1.364 ** (9 / 30) - 1.0)
