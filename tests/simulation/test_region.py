"""A region in the model: as many people stand for it as live there, and both engines say the same of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lbpsim.cea.dcea import equity_table
from lbpsim.population.demography import ADULT
from lbpsim.simulation.engines import COMPILED, SIMPY
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import run_study
from tests.pathways.small_country import CFT, USUAL_CARE, study
from tests.study.test_regions import NORTH

WHOLE = study(USUAL_CARE, CFT, people=200, years=2, replications=2)
PART = replace(WHOLE, region=NORTH)


def test_a_tenth_of_everybody_has_a_tenth_of_the_cases_and_the_same_lives() -> None:
    whole, part = PreparedStudy(WHOLE), PreparedStudy(PART)
    assert part.country.total == pytest.approx(whole.country.total / 10.0)
    np.testing.assert_array_equal(part.persons(0)["age"], whole.persons(0)["age"])
    assert part.scale(0) == pytest.approx(whole.scale(0) / 10.0)


def test_places_are_the_policies_own_so_each_goes_ten_times_as_far() -> None:
    (whole,), (part,) = (PreparedStudy(each).clinics(CFT, 0) for each in (WHOLE, PART))
    np.testing.assert_allclose(part.places, whole.places * 10.0)


def test_an_older_region_has_more_in_pain_per_head() -> None:
    older = replace(NORTH, groups=tuple(replace(g, male=g.male * g.low / 100, female=g.female * g.low / 100)
                                        for g in NORTH.groups))  # fmt: skip
    adults = sum(group.adults(ADULT) for group in older.groups), sum(group.adults(ADULT) for group in NORTH.groups)
    cases = PreparedStudy(replace(WHOLE, region=older)).country.total, PreparedStudy(PART).country.total
    assert cases[0] / adults[0] > cases[1] / adults[1]


def test_both_engines_agree_and_gains_are_spread_over_its_people() -> None:
    found = [run_study(PART, engine=engine, workers=1) for engine in (COMPILED, SIMPY)]
    np.testing.assert_array_equal(found[0].totals, found[1].totals)
    whole = replace(found[0], study=WHOLE)
    tables = [equity_table(each, 28_033.0) for each in (found[0], whole)]
    assert (tables[0]["net_health"] == tables[1]["net_health"]).all()
    assert not np.allclose(tables[0]["worth"], tables[1]["worth"], rtol=1e-12, atol=0.0)
