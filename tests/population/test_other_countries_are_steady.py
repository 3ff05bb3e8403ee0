"""Under usual care nothing drifts in other countries either, and their own figures come out.

As `test_usual_care_is_steady`, for England alone: 60,000 people in a population that is held still, 24,000 where it is
projected, 12 replications of 20 years each.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from lbpsim.evidence.shipped_countries import from_name
from lbpsim.outcomes.results import Results
from lbpsim.population.balance import balance, mean_mortality
from lbpsim.population.demography import project
from lbpsim.simulation.run import run_study
from lbpsim.study import Study, load
from lbpsim.study.shipped import of_country
from tests.population.test_usual_care_is_steady import STEADY, counted, drift, in_pain, series

pytestmark = pytest.mark.gate
ENGLAND = from_name("england")


def usual_care(people: int, **options: str) -> Study:
    """England's study, of usual care alone, 20 years."""
    study = load(of_country(ENGLAND)[0].parent).of_comparator
    study = replace(study, options={**study.options, **options})
    return study.with_changes(people=people, years=20, replications=12)


VALUES = usual_care(24_000).values(usual_care(24_000).policies[0])


@pytest.fixture(scope="module")
def still() -> Results:
    return run_study(usual_care(60_000, population="still"), workers=1)


@pytest.fixture(scope="module")
def projected() -> Results:
    return run_study(usual_care(24_000), workers=1)


@pytest.mark.parametrize("figure", STEADY)
def test_nothing_drifts_while_the_population_is_held_still(still: Results, figure: str) -> None:
    change, error = drift(*(series(still, name) for name in STEADY[figure]))
    assert abs(change) < max(0.02, 3.0 * error), f"{figure}: {change:+.1%} (Monte Carlo error {error:.1%})"


def test_as_many_use_opioids_as_registered(still: Results) -> None:
    using = series(still, "opioid_years_in_pain").sum() / series(still, "in_pain_years").sum()
    assert using == pytest.approx(VALUES["opioids.on_at_start"], rel=0.06)


def test_people_in_pain_follow_prevalence_in_every_year(projected: Results) -> None:
    projection = project(ENGLAND, 2026.0, 20, VALUES)
    shape = balance(ENGLAND, VALUES, VALUES["course.remission_severity"]).in_pain
    cases = np.array([(shape * people).sum() for people in projection.people])
    expected = (cases[:-1] + cases[1:]) / 2.0
    found = in_pain(projected).sum(axis=2)
    error = found.std(axis=0, ddof=1) / math.sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - expected) < 4.0 * error + 0.01 * expected).all()


def test_operations_come_at_their_rate(projected: Results) -> None:
    expected = VALUES["surgery.referral_rate"] * counted(projected, "in_pain_years")
    assert abs(counted(projected, "surgeries") - expected) < 4.0 * math.sqrt(expected) + 0.06 * expected


def test_long_term_opioids_start_at_their_rate_among_those_not_on_them(projected: Results) -> None:
    off = counted(projected, "in_pain_years") - counted(projected, "opioid_years")
    rate = counted(projected, "opioid_starts") / off
    assert 0.85 * VALUES["opioids.start_rate"] < rate < 1.1 * VALUES["opioids.start_rate"]


def test_deaths_are_near_the_life_table_and_no_fewer(projected: Results) -> None:
    rate = counted(projected, "deaths") / counted(projected, "life_years")
    assert mean_mortality(ENGLAND) < rate < 2.5 * mean_mortality(ENGLAND)
