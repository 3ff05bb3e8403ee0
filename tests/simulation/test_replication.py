"""One replication: who is drawn for it, the places of its clinics, and what is counted of its bookings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lbpsim.pathways.person import SURGERY_LIST
from lbpsim.simulation.engines import COMPILED
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import run_study
from lbpsim.study import SurgeryPolicy, Timeline
from tests.simulation.conftest import Cut
from tests.simulation.test_two_engines import EVENTFUL, live


def test_people_are_shared_out_and_stand_for_the_country(cut: Cut) -> None:
    prepared = PreparedStudy(cut("usual-care", people=10, years=1, replications=4))
    assert [prepared.size(number) for number in range(4)] == [3, 3, 2, 2]
    numbers = [list(prepared.persons(number)["id"]) for number in range(4)]
    assert sorted(number for each in numbers for number in each if number < 10) == list(range(10))
    stand_for = {prepared.scale(number) * prepared.size(number) for number in range(4)}
    assert max(stand_for) == pytest.approx(min(stand_for)), "each replication is of the whole country"


def test_no_more_replications_than_people(cut: Cut) -> None:
    results = run_study(cut("usual-care", people=3, years=1), workers=1)
    assert (results.people, results.replications) == (3, 3)
    assert results.scales.sum() == pytest.approx(3 * results.country_cases)


def test_severity_comes_first_only_where_the_policy_says_so(cut: Cut) -> None:
    """With the worst off first, those who start a course were worse off when they joined."""
    study = cut("cft-rollout", people=3000, years=5, replications=1)
    prepared_study = PreparedStudy(study)
    policy = study.policies[0]
    usual_rmdq = []
    for by_severity in (False, True):
        run = live(prepared_study, replace(policy, cft=replace(policy.cft, by_severity=by_severity)), COMPILED)
        treated = run.people["cft_courses"] > 0
        assert treated.sum() > 20
        usual_rmdq.append(float(run.people["trait"][treated].mean()))
    assert usual_rmdq[1] > usual_rmdq[0] + 2.0


def test_operations_never_exceed_the_places(cut: Cut) -> None:
    study = cut("usual-care", people=400, years=4, replications=1, assume=EVENTFUL)
    limited = SurgeryPolicy(operations_per_year=Timeline((1.0, 2.0), (20_000.0, 0.0)))
    policy = replace(study.policies[0], surgery=limited)
    prepared_study = PreparedStudy(study)
    run = live(prepared_study, policy, COMPILED)
    taken = {booking.time: booking.taken for booking in run.bookings if booking.waiting_list == SURGERY_LIST}
    second_year = sum(number for time, number in taken.items() if 1.0 < time <= 2.0)
    assert 0 < second_year <= 20_000.0 / prepared_study.scale(0) + 1
    assert sum(number for time, number in taken.items() if not 1.0 < time <= 2.0) == 0
    served = run.log[run.log[:, 2] == -1 - SURGERY_LIST]
    assert len(served) == sum(taken.values())
