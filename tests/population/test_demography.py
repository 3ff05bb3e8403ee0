"""The denominators: people by age and sex, a year on, and between the dates that are known."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.evidence.shipped_countries import reference
from lbpsim.population.demography import ADULT, AGES, a_year_on, people_counted, project, survival
from lbpsim.study.regions import AgeGroup, Region
from tests.evidence.pack_tables import pack_table
from tests.pathways.small_country import USUAL_CARE, study
from tests.study.test_regions import NORTH, TENTH

VALUES = study().values(USUAL_CARE)
CLOSED = {**VALUES, "population.births": 0.0, "population.net_migration": 0.0}


def test_people_of_2024_are_those_of_the_table() -> None:
    table, people = pack_table("population"), people_counted(reference())
    assert people.shape == (2, AGES)
    assert people[0].sum() == pytest.approx(table["male"].sum())
    assert people[1].sum() == pytest.approx(table["female"].sum())
    for low, high, men, women in table[["age_low", "age_high", "male", "female"]].to_numpy():
        ages = slice(int(low), min(int(high), AGES - 1) + 1)
        assert people[:, ages].sum(axis=1) == pytest.approx([men, women])


def test_survival_is_the_ratio_of_years_lived_at_two_ages() -> None:
    """People of an age are half a year past their birthday: they die by this age's rate, then by the next one's."""
    life = pack_table("life_table").set_index("age")
    for sex, column in enumerate(("male_qx", "female_qx")):
        for age in (40, 90):
            now, later = life.loc[age, column], life.loc[age + 1, column]
            assert 1.0 - later < survival(reference())[sex, age] < 1.0 - now
            assert survival(reference())[sex, age] == pytest.approx(1.0 - (now + later) / 2.0, abs=0.02 * now)
    assert ((survival(reference()) > 0.0) & (survival(reference()) <= 1.0)).all()


def test_a_closed_population_only_ages_and_dies() -> None:
    people = people_counted(reference())
    later = a_year_on(reference(), people, CLOSED)
    alive = people * survival(reference())
    np.testing.assert_allclose(later[:, 1:-1], alive[:, :-2])
    np.testing.assert_allclose(later[:, -1], alive[:, -2:].sum(axis=1))
    assert later.sum() == pytest.approx(people.sum() - (people * (1.0 - survival(reference()))).sum())
    assert not later[:, 0].any()


def test_births_and_migrants_come_on_top() -> None:
    people = people_counted(reference())
    more = a_year_on(reference(), people, VALUES) - a_year_on(reference(), people, CLOSED)
    assert more.sum() == pytest.approx(VALUES["population.births"] + VALUES["population.net_migration"])
    assert more[:, 0].sum() == pytest.approx(VALUES["population.births"])
    ages = np.flatnonzero(more[0, 1:]) + 1
    assert (ages.min(), ages.max()) == (VALUES["population.migrant_age_low"], VALUES["population.migrant_age_high"])


def test_a_projection_lies_on_the_line_between_midyears() -> None:
    first = people_counted(reference())
    second = a_year_on(reference(), first, VALUES)
    np.testing.assert_allclose(project(reference(), reference().base_date, 1, VALUES).people[0], first)
    np.testing.assert_allclose(
        project(reference(), reference().base_date + 0.25, 1, VALUES).people[0], 0.75 * first + 0.25 * second
    )
    np.testing.assert_allclose(project(reference(), reference().base_date + 1.0, 1, VALUES).people[0], second)


def test_a_projection_has_the_start_of_every_year_and_the_end() -> None:
    long, short = project(reference(), 2026.0, 12, VALUES), project(reference(), 2026.0, 3, VALUES)
    assert len(long.people) == 13
    for some, others in zip(short.people, long.people, strict=False):
        np.testing.assert_array_equal(some, others)
    np.testing.assert_allclose(long.adults(), [people[:, ADULT:].sum() for people in long.people])
    assert (np.diff(long.adults()) > 0.0).all()


def test_before_the_population_was_counted_there_is_none() -> None:
    with pytest.raises(ValueError, match=r"known from 2024\.5; a study cannot start at 2024\.00"):
        project(reference(), 2024.0, 5, VALUES)


def test_a_region_with_a_tenth_of_everybody_is_a_tenth_of_the_country_for_ever() -> None:
    whole, part = project(reference(), 2026.0, 30, VALUES), project(reference(), 2026.0, 30, VALUES, NORTH)
    for everybody, here in zip(whole.people, part.people, strict=True):
        np.testing.assert_allclose(here, everybody / 10.0, rtol=1e-9)


def test_wide_groups_of_a_region_are_split_like_the_country() -> None:
    old = AgeGroup(85, 100, 1000.0, 2000.0)
    found = people_counted(reference(), Region("The North", "made up", (*TENTH[:17], old)))
    assert found[0, 85:].sum() == pytest.approx(1000.0)
    assert (np.diff(found[0, 85:100]) < 0.0).all()
