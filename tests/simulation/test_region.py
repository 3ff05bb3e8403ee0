"""Regions in the model: as many people stand for one as live there, CFT is offered in those that are chosen alone, and
both engines say the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.cea.dcea import equity_table
from lbpsim.engine.compiled_engine import WATCH_NOBODY
from lbpsim.outcomes.lives import who
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.person import CFT_OFFER
from lbpsim.population.demography import ADULT
from lbpsim.simulation.engines import COMPILED, ENGINES, SIMPY
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import run_study
from lbpsim.simulation.shared_lives import branches_of
from lbpsim.simulation.trace import trace
from lbpsim.study import Policy, Study
from lbpsim.study.regions import Regions
from tests.pathways.small_country import BUSY, CFT, UNLIMITED, USUAL_CARE, study
from tests.study.test_regions import NORTH, SOUTH

People = npt.NDArray[Any]

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


# --- offers in some regions ------------------------------------------------------------------------------------------

TWO = Regions((NORTH, SOUTH))


def of_two(*policies: Policy, people: int = 400, **changes: int) -> Study:
    return replace(study(USUAL_CARE, *policies, people=people, **changes), regions=TWO)


def chosen(policy: Policy, *names: str) -> Policy:
    return replace(policy, name=f"{policy.name}-{len(names)}", cft=replace(policy.cft, regions=names))


def offers(prepared: PreparedStudy, policy: Policy) -> tuple[float, People]:
    """How many people are ever offered CFT, and everybody as they are in the end."""
    people, totals = prepared.persons(0).copy(), prepared.blank_totals()
    ENGINES[COMPILED](people, prepared.inputs(policy), totals, prepared.clinics(policy, 0), WATCH_NOBODY)
    return totals[0, ..., OUTCOME_INDEX["cft_people_offered"]].sum() / FIXED_POINT, people


@pytest.mark.parametrize("name", TWO.names)
def test_people_of_the_chosen_regions_alone_are_asked(name: str) -> None:
    """Everybody's record tells whether they were ever asked."""
    policy = chosen(UNLIMITED, name)
    prepared = PreparedStudy(of_two(UNLIMITED, policy, people=1500, years=3))
    asked, people = offers(prepared, policy)
    met = people["times_asked"][:, CFT_OFFER] > 0
    here = people["region"] == TWO.names.index(name)
    assert met.sum() == asked > 30
    assert not (met & ~here).any()
    everywhere, all_people = offers(prepared, UNLIMITED)
    met_at_all = all_people["times_asked"][:, CFT_OFFER] > 0
    assert everywhere == met_at_all.sum()
    assert (met == (met_at_all & here)).all(), "who is asked here is asked the same where all are"


def test_lives_of_those_who_live_elsewhere_are_those_of_usual_care() -> None:
    policy = chosen(UNLIMITED, "The North")
    prepared = PreparedStudy(of_two(policy, people=600, years=3))
    usual, treated = (offers(prepared, each)[1] for each in (USUAL_CARE, policy))
    south = usual["region"] == 1
    differ = [usual[name] != treated[name] for name in usual.dtype.names or ()]
    assert not any(each[south].any() for each in differ)
    assert any(each[~south].any() for each in differ)


def test_all_regions_are_no_choice_and_regions_change_nothing_else() -> None:
    """To the bit, for one policy after the other and together."""
    plain = PreparedStudy(study(USUAL_CARE, CFT, UNLIMITED, people=400, years=3))
    known = PreparedStudy(of_two(CFT, UNLIMITED, years=3))
    expected = plain.simulate_all(plain.study.policies, 0)
    for policy, before, after in zip(
        plain.study.policies, expected, known.simulate_all(known.study.policies, 0), strict=True
    ):
        assert before.totals.tobytes() == after.totals.tobytes()
        assert plain.simulate(policy, 0).totals.tobytes() == known.simulate(policy, 0).totals.tobytes()
    for policy, before in zip(plain.study.policies[1:], expected[1:], strict=True):
        assert known.simulate(chosen(policy, *TWO.names), 0).totals.tobytes() == before.totals.tobytes()


def test_both_engines_agree_where_some_regions_are_chosen() -> None:
    asked = of_two(CFT, chosen(CFT, "The North"), chosen(BUSY, "The South"), people=300, years=2, replications=2)
    found = [run_study(asked, engine=engine, workers=1).totals for engine in (COMPILED, SIMPY)]
    np.testing.assert_array_equal(*found)
    assert len({found[0][n].tobytes() for n in range(4)}) == 4


def test_policies_that_choose_regions_share_lives() -> None:
    """Those that choose the same regions part together, whatever comes after."""
    north = chosen(CFT, "The North")
    later = replace(north, name="sensors", cft=replace(north.cft, biofeedback=True))
    asked = of_two(CFT, north, later, chosen(CFT, "The South", "The North"), people=600, years=3)
    prepared = PreparedStudy(asked)
    inputs = [prepared.ready(policy).inputs for policy in asked.policies]
    found = [branch.places for branch in branches_of(prepared.untouched_inputs, inputs)]
    assert found == [(0,), (1,), (2, 3), (4,)]
    together = prepared.simulate_all(asked.policies, 0)
    for policy, output in zip(asked.policies, together, strict=True):
        assert output.totals.tobytes() == prepared.simulate(policy, 0).totals.tobytes()


def test_where_a_traced_person_lives_is_told() -> None:
    asked = of_two(chosen(UNLIMITED, "The North"), people=60, years=2)
    people = PreparedStudy(asked).persons(0)
    for number in (0, 1):
        row = int(np.flatnonzero(people["region"] == number)[0])
        person = int(people["id"][row])
        lives = trace(asked, person)
        assert {life.region for life in lives} == {TWO.names[number]}
        assert who(person, lives) == f"Person {person} of {TWO.names[number]}"
    assert who(0, trace(replace(asked, regions=None, policies=asked.policies[:1]), 0)) == "Person 0"
