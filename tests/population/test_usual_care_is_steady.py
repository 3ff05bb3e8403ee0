"""Under usual care nothing drifts for 20 years, and the rates that went in come out.

24,000 people in pain (60,000 where the population is still), in 12 replications. Drift: the last five years against
the first five, within 2% or three Monte Carlo errors, as 19 figures are looked at; slowly, in 200,000, within 2%
or two. Prevalence: within 4 Monte Carlo errors and a stated share for what the yearly cohort arithmetic leaves out.
Rates of independent events: |z| < 4 of a Poisson count (false alarm 0.0001 each).
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from lbpsim.evidence import parameters
from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes.groups import COUNTRY_WIDE, GROUPS, QUINTILES
from lbpsim.outcomes.measures import OUTCOME_INDEX, SUMS
from lbpsim.outcomes.results import Results
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.starting_disability import flare_share
from lbpsim.population.balance import balance, mean_mortality
from lbpsim.population.demography import AGES, project
from lbpsim.simulation.run import run_study
from tests.pathways.small_country import USUAL_CARE, study

VALUES = study().values(USUAL_CARE)


def expected_in_pain() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Person-years in pain by year and group: prevalence times projected people, between the ends of each year."""
    projection = project(reference(), 2026.0, 20, VALUES)
    shape = balance(reference(), VALUES, VALUES["course.remission_severity"]).in_pain
    cases = np.array([shape * people for people in projection.people])
    middle = (cases[:-1] + cases[1:]) / 2.0
    starts = [int(group.age_band.rstrip("+").split("-")[0]) for group in GROUPS[::2]]
    edges = [*starts, AGES]
    bands = [middle[:, :, low:high].sum(axis=2) for low, high in pairwise(edges)]
    return np.stack(bands, axis=1).reshape(20, len(GROUPS))


def in_pain(results: Results) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
    """Person-years of the country by replication, year and group."""
    columns = [OUTCOME_INDEX[name] for name in SUMS["in_pain_years"][1]]
    sums = results.totals[0, :, 0, :, :COUNTRY_WIDE, columns].sum(axis=0)
    sums = sums.reshape(*sums.shape[:2], len(GROUPS), len(QUINTILES)).sum(axis=3)
    return np.asarray(sums * (results.scales / FIXED_POINT)[:, None, None])


def counted(results: Results, outcome: str) -> float:
    """Simulated people, events or person-years over all replications and years."""
    names = SUMS[outcome][1] if outcome in SUMS else (outcome,)
    return sum(float(results.totals[0, :, 0, ..., OUTCOME_INDEX[name]].sum()) for name in names) / FIXED_POINT


def series(results: Results, outcome: str, columns: slice | None = None) -> np.ndarray[tuple[int, int], np.dtype[Any]]:
    """Simulated amounts by replication and year, over all groups or those of some `columns`."""
    names = SUMS[outcome][1] if outcome in SUMS else (outcome,)
    cells = results.totals[0, :, 0][:, :, columns if columns is not None else slice(None)]
    return np.asarray(sum(cells[..., OUTCOME_INDEX[name]].sum(axis=2) for name in names) / FIXED_POINT)


def drift(above: np.ndarray[Any, Any], below: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Relative change of a ratio of sums from the first five years to the last five, and its Monte Carlo error."""
    ratios = [above[:, part].sum(axis=1) / below[:, part].sum(axis=1) for part in (slice(0, 5), slice(15, 20))]
    change = ratios[1] / ratios[0].mean() - ratios[0] / ratios[0].mean()
    return float(change.mean()), float(change.std(ddof=1) / math.sqrt(len(change)))


STEADY = {
    "first-ever onsets a person": ("new_cases", "life_years"),
    "recurrences a person": ("recurrences", "life_years"),
    "remissions in pain": ("remissions", "in_pain_years"),
    "share in remission": ("pain_free_years", "life_years"),
    "users of opioids of those in pain": ("opioid_years_in_pain", "in_pain_years"),
    "new users of those in pain": ("opioid_starts", "in_pain_years"),
    "users who stop": ("opioid_stops", "opioid_years"),
    "disorder of users": ("disorder_years", "opioid_years"),
    "disorder in treatment": ("treatment_years", "disorder_years"),
    "disability in pain": ("rmdq_years", "in_pain_years"),
    "pain in pain": ("pain_years", "in_pain_years"),
    "operations of those in pain": ("surgeries", "in_pain_years"),
    "employed share": ("employed_years", "working_age_years"),
    "deaths": ("deaths", "life_years"),
    "usual care": ("cost_usual_care", "in_pain_years"),
}


@pytest.mark.gate
@pytest.mark.parametrize("figure", STEADY)
def test_nothing_drifts_while_the_population_is_held_still(still_for_20_years: Results, figure: str) -> None:
    above, below = (series(still_for_20_years, name) for name in STEADY[figure])
    change, error = drift(above, below)
    assert abs(change) < max(0.02, 3.0 * error), f"{figure}: {change:+.1%} (Monte Carlo error {error:.1%})"


@pytest.mark.slow
def test_nothing_drifts_in_many_people_by_two_errors() -> None:
    asked = study(people=200_000, years=20, replications=20, options={"population": "still"})
    results = run_study(asked)
    for figure, names in STEADY.items():
        change, error = drift(*(series(results, name) for name in names))
        assert abs(change) < max(0.02, 2.0 * error), f"{figure}: {change:+.1%} (Monte Carlo error {error:.1%})"


@pytest.mark.gate
@pytest.mark.parametrize("band", range(4))
def test_the_employed_share_of_each_age_holds(still_for_20_years: Results, band: int) -> None:
    columns = slice(band * 2 * len(QUINTILES), (band + 1) * 2 * len(QUINTILES))
    names = ("employed_years", "working_age_years")
    change, error = drift(*(series(still_for_20_years, name, columns) for name in names))
    assert abs(change) < max(0.02, 3.0 * error)


@pytest.mark.gate
def test_as_many_use_opioids_as_registered(still_for_20_years: Results) -> None:
    using = series(still_for_20_years, "opioid_years_in_pain").sum() / series(still_for_20_years, "in_pain_years").sum()
    assert using == pytest.approx(VALUES["opioids.on_at_start"], rel=0.06)


@pytest.mark.gate
def test_people_in_remission_are_as_many_as_ageing_explains(usual_care_for_20_years: Results) -> None:
    """With the population projected: shares in remission at each age are those of balance, and people grow older."""
    projection = project(reference(), 2026.0, 20, VALUES)
    shape = balance(reference(), VALUES, VALUES["course.remission_severity"]).resting
    resting = np.array([(shape * people).sum() for people in projection.people])
    found = series(usual_care_for_20_years, "pain_free_years") * usual_care_for_20_years.scales[:, None]
    error = found.std(axis=0, ddof=1) / math.sqrt(len(found))
    expected = (resting[:-1] + resting[1:]) / 2.0
    assert (np.abs(found.mean(axis=0) - expected) < 4.0 * error + 0.03 * expected).all()


def test_people_in_pain_follow_prevalence_in_every_year(usual_care_for_20_years: Results) -> None:
    found = in_pain(usual_care_for_20_years).sum(axis=2)
    error = found.std(axis=0, ddof=1) / math.sqrt(len(found))
    expected = expected_in_pain().sum(axis=1)
    assert expected[-1] > 1.15 * expected[0]  # it is not that nothing moves
    assert (np.abs(found.mean(axis=0) - expected) < 4.0 * error + 0.01 * expected).all()


def test_people_in_pain_follow_prevalence_by_age_and_sex(usual_care_for_20_years: Results) -> None:
    found = in_pain(usual_care_for_20_years)
    for years in (slice(0, 5), slice(5, 10), slice(10, 15), slice(15, 20)):
        sums = found[:, years].sum(axis=1)
        error = sums.std(axis=0, ddof=1) / math.sqrt(len(sums))
        expected = expected_in_pain()[years].sum(axis=0)
        assert (np.abs(sums.mean(axis=0) - expected) < 4.0 * error + 0.02 * expected).all(), years


@pytest.mark.parametrize(
    ("events", "years", "rate"),
    [
        ("recurrences", "pain_free_years", VALUES["course.recurrence"]),
        ("overdoses", "opioid_years", VALUES["opioids.overdose_nonfatal"]),
        ("overdose_deaths", "opioid_years", VALUES["opioids.overdose_fatal"]),
        (
            "opioid_fractures",
            "opioid_years",
            VALUES["opioids.fracture_base_rate"] * (VALUES["opioids.fracture_rr"] - 1.0),
        ),
    ],
)
def test_events_come_at_their_rates(usual_care_for_20_years: Results, events: str, years: str, rate: float) -> None:
    found = counted(usual_care_for_20_years, events)
    expected = rate * counted(usual_care_for_20_years, years)
    assert expected > 10.0
    assert abs(found - expected) < 4.0 * math.sqrt(expected)


def test_disorders_come_at_their_rate_to_those_without_one(usual_care_for_20_years: Results) -> None:
    exposed = counted(usual_care_for_20_years, "opioid_years") - counted(usual_care_for_20_years, "disorder_years")
    expected = VALUES["opioids.disorder_rate"] * exposed
    assert abs(counted(usual_care_for_20_years, "disorders") - expected) < 4.0 * math.sqrt(expected)


def test_a_share_of_recurrences_becomes_chronic(usual_care_for_20_years: Results) -> None:
    number, share = counted(usual_care_for_20_years, "recurrences"), VALUES["course.recurrence_becomes_chronic"]
    found = counted(usual_care_for_20_years, "chronic_recurrences")
    assert abs(found - share * number) < 4.0 * math.sqrt(number * share * (1.0 - share))


@pytest.mark.parametrize(
    ("events", "rate", "tolerance"),
    [
        # Flares come only between flares.
        ("flares", VALUES["flares.rate"] * (1.0 - flare_share(VALUES)), 0.01),
        # Averages hold over people at the start; opioids and operations then lower disability a little.
        ("consultations", VALUES["care.consultation_rate"], 0.03),
        # The registered rate is that of operations; referrals are raised until they come out.
        ("surgeries", VALUES["surgery.referral_rate"], 0.06),
    ],
)
def test_rates_per_year_in_pain_are_those_that_went_in(
    usual_care_for_20_years: Results, events: str, rate: float, tolerance: float
) -> None:
    years = counted(usual_care_for_20_years, "in_pain_years")
    expected = rate * years
    found = counted(usual_care_for_20_years, events)
    assert abs(found - expected) < 4.0 * math.sqrt(expected) + tolerance * expected


def test_long_term_opioids_start_at_their_rate_among_those_not_on_them(usual_care_for_20_years: Results) -> None:
    """Those who do not use opioids are less disabled than all, so the rate lies a little below its average."""
    off = counted(usual_care_for_20_years, "in_pain_years") - counted(usual_care_for_20_years, "opioid_years")
    rate = counted(usual_care_for_20_years, "opioid_starts") / off
    assert 0.85 * VALUES["opioids.start_rate"] < rate < 1.1 * VALUES["opioids.start_rate"]


def test_deaths_are_near_the_life_table_and_no_fewer(usual_care_for_20_years: Results) -> None:
    """Opioids and disorder add to the table; the cohort is older than adults at large as the country ages."""
    rate = counted(usual_care_for_20_years, "deaths") / counted(usual_care_for_20_years, "life_years")
    assert mean_mortality(reference()) < rate < 2.5 * mean_mortality(reference())


def test_years_lived_with_disability_of_the_first_year_lie_in_the_burden_study_s_interval(
    usual_care_for_20_years: Results,
) -> None:
    low, high = parameters()["country.low_back_pain_ylds"].interval or (0.0, 0.0)
    assert (low, high) == (209_364, 402_395)
    yearly = usual_care_for_20_years.yearly
    first = yearly[(yearly["outcome"] == "ylds") & (yearly["year"] == 2026)]["value"].iloc[0]
    assert low < first < high
