"""Regions: who lives where comes out by sex and age as counted, and is nobody's business else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.evidence.country import AgeGroup
from lbpsim.evidence.shipped_countries import reference
from lbpsim.pathways import person as s
from lbpsim.population.demography import AGES, people_counted
from lbpsim.population.regions import offered_in, regions_of, upper_bounds
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import Study
from lbpsim.study.limits import MOST_REGIONS
from lbpsim.study.regions import Region, Regions
from tests.pathways.small_country import study

COUNTRY = reference()


def part(name: str, young: float, old: float, women: float = 1.0) -> Region:
    """A region with these shares of the country's people below 50 and from 50 on; of women so many times as many."""
    groups = (
        AgeGroup(g.low, g.high, g.male * share, g.female * share * women)
        for g in COUNTRY.population
        for share in [young if g.low < 50 else old]
    )
    return Region(name, "made up", tuple(groups))


THREE = Regions((part("A", 0.1, 0.5), part("B", 0.3, 0.2, women=0.5), part("C", 0.6, 0.3)))
CHI_SQUARE = 13.82  # p = 0.001, two degrees of freedom
People = npt.NDArray[Any]


@pytest.fixture(scope="module")
def asked() -> Study:
    return study(people=8000, years=2)


@pytest.fixture(scope="module")
def people(asked: Study) -> People:
    return PreparedStudy(replace(asked, regions=THREE)).persons(0)


def test_bounds_are_sums_of_shares_of_single_years() -> None:
    bounds = upper_bounds(COUNTRY, THREE)
    assert bounds.shape == (3, 2, AGES)
    np.testing.assert_allclose(bounds[:, 0, 30], [0.1, 0.4, 1.0])
    np.testing.assert_allclose(bounds[:, 1, 80], np.cumsum([0.5, 0.1, 0.3]) / 0.9)
    counted = people_counted(COUNTRY, THREE.parts[1])
    of_all = sum(people_counted(COUNTRY, each) for each in THREE.parts)
    np.testing.assert_allclose(np.diff(bounds, axis=0)[0], counted / of_all)


def test_where_nobody_was_counted_the_shares_of_all_hold() -> None:
    none = [replace(each, groups=(*each.groups[:-1], replace(each.groups[-1], male=0.0))) for each in THREE.parts]
    bounds = upper_bounds(COUNTRY, Regions(tuple(none)))
    men = [sum(group.male for group in each.groups) for each in none]
    np.testing.assert_allclose(bounds[:, 0, -1], np.cumsum(men) / sum(men))


@given(
    shares=st.lists(st.floats(0.001, 1.0), min_size=2, max_size=MOST_REGIONS),
    draws=st.lists(st.floats(1e-9, 1.0 - 1e-9), min_size=1, max_size=20),
    age=st.integers(18, 101),
)
def test_a_number_falls_into_the_region_whose_share_it_is_in(shares: list[float], draws: list[float], age: int) -> None:
    """However many regions, whatever the age: those of the oldest are those of all who are older."""
    bounds = upper_bounds(COUNTRY, Regions(tuple(part(str(n), share, share) for n, share in enumerate(shares))))
    sex, ages = np.arange(len(draws)) % 2, np.full(len(draws), age)
    found = regions_of(bounds, sex, ages, np.array(draws))
    assert ((found >= 0) & (found < len(shares))).all()
    upper = np.cumsum(shares) / sum(shares)
    lower = np.concatenate([[0.0], upper[:-1]])
    assert (lower[found] - 1e-9 <= draws).all() and (draws <= upper[found] + 1e-9).all()


@pytest.mark.parametrize("origin", [s.AT_START, s.FIRST_ONSET, s.MIGRANT])
def test_people_live_where_the_table_has_them_by_sex_and_age(people: People, origin: int) -> None:
    """Chi-square p > 0.001 for each sex below and above 50, among those at the start and those who join."""
    mine = people[people["origin"] == origin]
    shares = np.diff(upper_bounds(COUNTRY, THREE), axis=0, prepend=0.0)
    compared = 0
    for sex in (0, 1):
        for old in (False, True):
            group = mine[(mine["sex"] == sex) & ((mine["age"] >= 50) == old)]
            expected = shares[:, group["sex"], np.minimum(group["age"], AGES - 1)].sum(axis=1)
            if expected.min(initial=np.inf) < 5.0 or not len(group):
                continue
            found = np.bincount(group["region"], minlength=3)
            assert ((found - expected) ** 2 / expected).sum() < CHI_SQUARE
            compared += 1
    assert compared >= 2


def test_who_people_are_does_not_depend_on_where_they_live(asked: Study, people: People) -> None:
    plain = PreparedStudy(asked).persons(0)
    assert (plain["region"] == 0).all()
    for name in people.dtype.names or ():
        if name != "region":
            assert people[name].tobytes() == plain[name].tobytes(), name
    at_sixty = people[people["age"] == 60]
    assert abs(np.corrcoef(at_sixty["region"], at_sixty["quintile"])[0, 1]) < 4.0 / np.sqrt(len(at_sixty))


def test_people_who_come_back_to_pain_live_somewhere_too(asked: Study) -> None:
    """Where remission at the start is not known, those in it enter as their pain returns."""
    options = {**asked.options, "start": "in_pain_only"}
    found = PreparedStudy(replace(asked, regions=THREE, options=options)).persons(0)
    new = found[found["origin"] == s.FIRST_ONSET]
    assert np.bincount(new["region"], minlength=3).min() > 50


def test_cft_is_offered_in_all_regions_or_in_those_that_are_chosen() -> None:
    assert offered_in((), ()).tolist() == [1] * MOST_REGIONS
    assert offered_in(("C", "A"), THREE.names).tolist() == [1, 0, 1] + [0] * (MOST_REGIONS - 3)
    with pytest.raises(ValueError, match="no region D"):
        offered_in(("D", "A"), THREE.names)
