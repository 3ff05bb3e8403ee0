"""Expected years by the life table: exact for hazards that hold from birthday to birthday, to a limit or without."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from lbpsim.pathways import person as s
from lbpsim.pathways.life_expectancy import expected_years
from tests.evidence.pack_tables import pack_table
from tests.pathways.small_country import inputs, person

FORCE = math.log(1.05)


def someone(age: int, *, now: float = 0.0, birthday: float | None = None, sex: int = 0) -> Any:
    record = person(age=age, now=now, sex=sex)
    record["next_time"][s.BIRTHDAY] = now + 1.0 if birthday is None else birthday
    return record


def with_hazard(hazard: Any) -> Any:
    given = inputs().copy()
    given["death_hazard"] = hazard
    return given


@pytest.mark.parametrize("until", [1.3, 7.0, 30.25])
def test_a_constant_hazard_has_its_closed_form(until: float) -> None:
    hazard, since = 0.07, 0.6
    years, worth, _, _ = expected_years(someone(30, now=since, birthday=0.9), since, until, with_hazard(hazard))
    span, both = until - since, hazard + FORCE
    assert years == pytest.approx(-math.expm1(-hazard * span) / hazard, rel=1e-12)
    assert worth == pytest.approx(math.exp(-FORCE * since) * -math.expm1(-both * span) / both, rel=1e-12)


@pytest.mark.parametrize("age", [18, 47, 95, 109])
@pytest.mark.parametrize("until", [8.4, math.inf])
def test_the_life_table_is_integrated_from_birthday_to_birthday(age: int, until: float) -> None:
    """Against the same survival on a fine grid."""
    given, since, birthday = inputs(), 2.0, 2.35
    fine = 4000
    last = min(until, birthday + 110 - age)
    time = since + (np.arange(int(fine * (last - since))) + 0.5) / fine
    ages = np.minimum(age + np.maximum(np.ceil(time - birthday), 0.0), 110).astype(int)
    hazard = np.asarray(given["death_hazard"])[1, ages]
    alive = np.exp(-(np.cumsum(hazard) - hazard / 2.0) / fine)
    norm, worth = np.asarray(given["utility_norm"])[1, ages], np.exp(-FORCE * time)
    expected = [float(values.sum() / fine) for values in (alive, alive * worth, alive * norm, alive * norm * worth)]
    found = expected_years(someone(age, now=since, birthday=birthday, sex=1), since, until, given)
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_without_a_limit_it_is_the_expectation_of_the_published_table() -> None:
    """The table spreads deaths over a year of age as its makers chose; the hazards here are even."""
    table = pack_table("life_table").set_index("age")
    for sex, column in enumerate(("male_ex", "female_ex")):
        for age in (18, 40, 65, 85):
            years = expected_years(someone(age, sex=sex), 0.0, math.inf, inputs())[0]
            assert years == pytest.approx(table.loc[age, column], rel=0.01)


def test_a_later_moment_is_reached_alive() -> None:
    """Ten years on, the same years lie ahead of a person of 40 as of one of 50 now."""
    given = inputs()
    later, now = expected_years(someone(40), 10.0, math.inf, given), expected_years(someone(50), 0.0, math.inf, given)
    assert later[::2] == pytest.approx(now[::2], rel=1e-12)
    assert later[1] == pytest.approx(now[1] * math.exp(-FORCE * 10.0), rel=1e-12)


def test_nobody_is_expected_to_outlive_the_table() -> None:
    years, worth, _, _ = expected_years(someone(90), 0.0, math.inf, with_hazard(0.0))
    assert years == 21.0
    assert worth == pytest.approx(-math.expm1(-FORCE * 21.0) / FORCE, rel=1e-12)
    assert expected_years(someone(110), 3.0, math.inf, inputs()) == (0.0, 0.0, 0.0, 0.0)


def test_nothing_lies_between_a_moment_and_itself() -> None:
    assert expected_years(someone(40), 4.0, 4.0, inputs()) == (0.0, 0.0, 0.0, 0.0)
