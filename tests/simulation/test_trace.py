"""The trace of a person is the engine's own account of them, and adds up by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from scipy.integrate import quad

from lbpsim.engine.compiled_engine import WATCH_EVERYBODY
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.lives import (
    CFT_BEGINS,
    CFT_BY_TELEHEALTH,
    CFT_IN_A_GROUP,
    ENTERS,
    LIST_FULL,
    Life,
    Moment,
    parting,
)
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOME_INDEX
from lbpsim.pathways.person import (
    CFT_LIST,
    EVENT_NAMES,
    LEAVE_WORK,
    LEFT_BECAUSE_OF_PAIN,
    OFF_AFTER_SURGERY,
    OPIOID_START,
    REOPERATION,
    SURGERY_LIST,
    SURGERY_STEP,
    WORKING,
)
from lbpsim.simulation.engines import COMPILED, SIMPY
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.trace import DECLINES, SERVED, WORK, NobodyError, relive, trace
from lbpsim.study import Study, SurgeryPolicy, Timeline
from tests.simulation.by_hand import Ledger, integral
from tests.simulation.conftest import Cut

EVENTFUL = {
    **{
        "surgery.referral_rate": 0.3,
        "surgery.min_rmdq": 4.0,
        "surgery.reoperation_2y": 0.5,
        "surgery.complication": 0.5,
    },
    **{"opioids.start_rate": 0.4, "opioids.overdose_nonfatal": 0.2, "opioids.fracture_base_rate": 0.3},
    **{"opioids.disorder_rate": 0.3, "opioids.treatment_rate": 1.0, "work.exit_rate": 0.3, "work.return_rate": 0.5},
    **{"care.consultation_rate": 10.0, "surgery.death": 0.05, "cft.attrition": 0.0},
}
OPERATIONS = {EVENT_NAMES[REOPERATION], SERVED[SURGERY_LIST]}
A_STEP = 2.0**-24  # of the fixed-point sums; each addition is rounded to half of one


@dataclass(frozen=True)
class Lived:
    """Everybody of one replication under one policy, lived again, beside the engine's sums."""

    study: Study
    prepared_study: PreparedStudy
    lives: list[Life]
    totals: npt.NDArray[np.int64]


def live(study: Study) -> Lived:
    prepared_study = PreparedStudy(study)
    (policy,) = study.policies
    outcome = prepared_study.simulate(policy, 0, watched=WATCH_EVERYBODY)
    people = prepared_study.persons(0)
    lives = []
    for row in range(len(people)):
        log = [(float(time), int(kind)) for _, time, kind in outcome.log[outcome.log[:, 0] == row]]
        lives.append(relive(prepared_study, policy, people[row : row + 1].copy(), log))
    return Lived(study, prepared_study, lives, outcome.totals)


def with_many_places(study: Study) -> Study:
    """The same policy, with places enough that many are treated, and operations booked from the second year."""
    (policy,) = study.policies
    surgery = SurgeryPolicy(operations_per_year=Timeline((1.5,), (300_000.0,)))
    return replace(
        study, policies=(replace(policy, cft=replace(policy.cft, trained_at_start=20_000.0), surgery=surgery),)
    )


RARE = [pytest.param(name, marks=pytest.mark.gate) for name in ("cft-first", "usual-care")]


@pytest.fixture(scope="module", params=["cft-biofeedback", "surgery-instead", *RARE])
def eventful(request: pytest.FixtureRequest, cut: Cut) -> Lived:
    """Forty people and those who join them, to whom much happens in six years."""
    study = cut(request.param, people=40, years=6, replications=1, assume=EVENTFUL)
    return live(with_many_places(study) if request.param == "cft-biofeedback" else study)


@pytest.fixture(scope="module")
def biofeedback(cut: Cut) -> Lived:
    return live(with_many_places(cut("cft-biofeedback", people=60, years=6, replications=1, assume=EVENTFUL)))


def ledger(lived: Lived, row: int, *, discounted: bool) -> Ledger:
    person = lived.prepared_study.persons(0)[row]
    (policy,) = lived.study.policies
    before = {"person": int(person["id"]), "sex": int(person["sex"]), "operations": int(person["operations"])}
    return Ledger(lived.study, policy, lived.lives[row], **before, discounted=discounted)


# --- by hand ---------------------------------------------------------------------------------------------------------

BY_HAND = (*(name for name in COST_CATEGORIES if name != "cost_training"), "qalys", "ylds", "life_years", "rmdq_years")


@pytest.mark.parametrize("discounted", [False, True], ids=["undiscounted", "discounted"])
def test_every_life_adds_up_by_hand(eventful: Lived, discounted: bool) -> None:
    for row, life in enumerate(eventful.lives):
        mine = ledger(eventful, row, discounted=discounted).sums
        rounding = A_STEP * len(life.moments)
        for outcome in BY_HAND:
            engine = life.total(outcome, discounted=discounted)
            assert engine == pytest.approx(mine[outcome], abs=4 * rounding, rel=1e-11), (row, outcome)
        health_care = sum(mine[name] for name in COST_CATEGORIES if name != "cost_lost_work")
        assert life.total("cost_health_system", discounted=discounted) == pytest.approx(health_care, abs=40 * rounding)
        societal = health_care + mine["cost_lost_work"]
        assert life.total("cost_societal", discounted=discounted) == pytest.approx(societal, abs=40 * rounding)
        assert life.total("cost_training", discounted=discounted) == 0.0


def test_sums_grow_by_hand_from_moment_to_moment(eventful: Lived) -> None:
    for row, life in enumerate(eventful.lives[:20]):
        so_far = ledger(eventful, row, discounted=False).after
        for moment, mine in zip(life.moments[1:], so_far[1:], strict=True):
            care = sum(mine.get(name, 0.0) for name in COST_CATEGORIES if name != "cost_lost_work")
            assert moment.health_care == pytest.approx(care, abs=1e-4)
            assert moment.lost_work == pytest.approx(mine["cost_lost_work"], abs=1e-4)
            assert moment.qalys == pytest.approx(mine["qalys"], abs=1e-4)


def test_much_happens_to_them(biofeedback: Lived) -> None:
    """The account above is of lives with every kind of cost, or it would prove little."""
    everybody = {
        name: sum(life.total(name, discounted=False) for life in biofeedback.lives) for name in COST_CATEGORIES
    }
    assert all(amount > 0.0 for name, amount in everybody.items() if name != "cost_training"), everybody
    rich = [life for life in biofeedback.lives if life.total("cft_courses", discounted=False) > 0]
    assert len(rich) > 10
    assert any(
        life.total("surgeries", discounted=False) and life.total("opioid_starts", discounted=False)
        and life.total("work_exits", discounted=False) for life in rich
    )  # fmt: skip
    assert sum(life.total("reoperations", discounted=False) for life in biofeedback.lives) > 3
    assert sum(life.total("surgery_complications", discounted=False) for life in biofeedback.lives) > 3


def test_the_friction_method_by_hand(cut: Cut) -> None:
    study = cut("usual-care", people=40, years=4, replications=1, assume=EVENTFUL)
    friction = live(replace(study, options=dict(study.options) | {"lost_work": "friction"}))
    assert sum(life.total("work_exits", discounted=False) for life in friction.lives) > 10
    for row, life in enumerate(friction.lives):
        mine = ledger(friction, row, discounted=True).sums
        assert life.total("cost_lost_work", discounted=True) == pytest.approx(mine["cost_lost_work"], abs=1e-4)


@pytest.mark.parametrize(
    ("first", "last", "start", "end"), [(3.0, 3.0, 0.0, 1.0), (0.0, 24.0, 2.3, 2.9), (5.0, 1.0, 9.0, 10.0)]
)
def test_the_hand_integrates_rightly(first: float, last: float, start: float, end: float) -> None:
    force = math.log(1.05)

    def worth(time: float) -> float:
        return (first + (last - first) * (time - start) / (end - start)) * math.exp(-force * time)

    assert integral(first, last, start, end, force) == pytest.approx(
        quad(worth, start, end, epsabs=1e-13)[0], rel=1e-12
    )


# --- the engine's own account ----------------------------------------------------------------------------------------


def test_everybodys_sums_are_the_replications_totals(eventful: Lived) -> None:
    together = sum(life.sums for life in eventful.lives)
    assert np.array_equal(together[:, :, :COUNTRY_WIDE], eventful.totals[:, :, :COUNTRY_WIDE])
    assert not together[:, :, COUNTRY_WIDE].any()


@pytest.mark.gate
def test_either_engine_gives_the_same_trace(cut: Cut) -> None:
    study = with_many_places(cut("cft-biofeedback", people=40, years=5, replications=1, assume=EVENTFUL))
    prepared_study = PreparedStudy(study)
    (policy,) = study.policies
    for row in range(0, len(prepared_study.persons(0)), 9):
        logs = [prepared_study.simulate(policy, 0, engine=engine, watched=row).log for engine in (COMPILED, SIMPY)]
        assert len(logs[0]) > 0
        assert logs[0].tobytes() == logs[1].tobytes()


@pytest.mark.parametrize(("mode", "told"), [("telehealth", CFT_BY_TELEHEALTH), ("group", CFT_IN_A_GROUP)])
def test_a_trace_tells_how_a_course_is_delivered(mode: str, told: str, cut: Cut) -> None:
    study = with_many_places(cut("cft-rollout", people=60, years=6, replications=1, assume=EVENTFUL))
    (policy,) = study.policies
    so = replace(policy, cft=replace(policy.cft, **{mode: Timeline((0.0,), (1.0,))}))
    lived = live(replace(study, policies=(so,)))
    begun = [moment.event for life in lived.lives for moment in life.moments if moment.event.startswith(CFT_BEGINS)]
    assert len(begun) > 5 and set(begun) == {told}


def test_people_of_every_replication_can_be_followed(cut: Cut) -> None:
    study = cut("usual-care", "cft-unlimited", people=13, years=3, replications=4)
    prepared_study = PreparedStudy(study)
    for person in (0, 1, 2, 3, 12):
        record = next(p for p in prepared_study.persons(person % 4) if p["id"] == person)
        for policy, life in zip(study.policies, trace(study, person), strict=True):
            assert life.policy == policy.name
            assert life.moments[0].event == ENTERS
            assert life.moments[0].age == record["age"]
            times = [moment.time for moment in life.moments]
            assert times == sorted(times)
            assert times[-1] == 3.0 or not life.moments[-1].alive


def test_a_life_ends_with_death_or_with_the_study(eventful: Lived) -> None:
    ends = {life.moments[-1].event for life in eventful.lives}
    assert "end of the study" in ends
    for life in eventful.lives:
        *before, last = life.moments
        assert all(moment.alive for moment in before)
        assert last.alive == (last.event == "end of the study")
        assert life.total("deaths", discounted=False) == (not last.alive)
        assert life.total("life_years", discounted=False) == pytest.approx(last.time - life.moments[0].time, abs=1e-4)


def test_moments_stay_within_their_scales(eventful: Lived) -> None:
    for life in eventful.lives:
        for moment in life.moments:
            assert 0.0 <= moment.rmdq <= 24.0 and 0.0 <= moment.rmdq_before <= 24.0 and 0.0 <= moment.pain <= 10.0
            assert moment.in_pain or moment.rmdq == moment.pain == 0.0
            assert moment.on_opioids or not moment.disorder
            assert moment.disorder or not moment.treated


def test_events_have_the_names_of_their_kinds(eventful: Lived) -> None:
    for life in eventful.lives:
        names = [moment.event for moment in life.moments]
        exits = [
            one.event
            for before, one in pairwise(life.moments)
            if one.work == WORK[LEFT_BECAUSE_OF_PAIN] and before.work in (WORK[WORKING], WORK[OFF_AFTER_SURGERY])
        ]
        assert len(exits) == life.total("work_exits", discounted=False), "pain makes people leave, or an operation"
        assert exits.count(EVENT_NAMES[LEAVE_WORK]) == names.count(EVENT_NAMES[LEAVE_WORK])
        assert set(exits) <= {EVENT_NAMES[LEAVE_WORK], EVENT_NAMES[SURGERY_STEP], *OPERATIONS}
        assert names.count(DECLINES[CFT_LIST]) == life.total("cft_places_given_up", discounted=False)
        assert names.count(LIST_FULL) == life.total("cft_turned_away", discounted=False)
        assert names.count("consultation") == life.total("consultations", discounted=False)
        assert names.count("flare") == life.total("flares", discounted=False)
        assert names.count("place found: CFT begins") == life.total("cft_courses", discounted=False)
        assert names.count(EVENT_NAMES[OPIOID_START]) <= life.total("opioid_starts", discounted=False)


def test_totals_of_sums_and_of_parts(biofeedback: Lived) -> None:
    life = biofeedback.lives[0]
    for discounted in (False, True):
        parts = life.total("ylds", discounted=discounted) + life.total("ylls", discounted=discounted)
        assert life.total("dalys", discounted=discounted) == parts
    assert life.sums.shape[-1] == len(OUTCOME_INDEX)


# --- parting ---------------------------------------------------------------------------------------------------------

HERE = Moment(
    time=0.0, event=ENTERS, age=40, rmdq_before=9.0, rmdq=9.0, pain=5.0, in_pain=True, on_opioids=False,
    disorder=False, treated=False, work="working", on_cft_list=False, on_surgery_list=False, alive=True, qalys=0.0,
    health_care=0.0, lost_work=0.0,
)  # fmt: skip


def a_life(*moments: Moment) -> Life:
    return Life("tried", moments)


def test_lives_that_never_part() -> None:
    later = replace(HERE, time=1.0)
    assert parting([a_life(HERE, later), a_life(HERE, later)]) is None
    assert parting([a_life(HERE, later)]) is None


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ((HERE,), (replace(HERE, age=41),), 0),
        ((HERE, replace(HERE, time=1.0)), (HERE, replace(HERE, time=1.5)), 1),
        ((HERE, replace(HERE, time=1.0)), (HERE, replace(HERE, time=1.0, health_care=60.0)), 1),
        ((HERE, replace(HERE, time=1.0)), (HERE,), 1),
        ((HERE,), (HERE, replace(HERE, time=1.0)), 1),
    ],
    ids=["at once", "another time", "only the bill differs", "one ends", "the other ends"],
)
def test_lives_part_where_they_first_differ(one: tuple[Moment, ...], other: tuple[Moment, ...], shared: int) -> None:
    assert parting([a_life(*one), a_life(*other)]) == shared
    assert parting([a_life(*one), a_life(*one), a_life(*other)]) == shared


def test_lives_part_no_sooner_than_the_policy_begins(cut: Cut) -> None:
    study = cut("usual-care", "cft-unlimited", people=60, years=4, replications=1)
    parted = 0
    for person in range(25):
        lives = trace(study, person)
        shared = parting(lives)
        if shared is not None:
            parted += 1
            assert all(life.moments[shared].time >= 1.0 for life in lives)
            assert any(moment.on_cft_list for life in lives for moment in life.moments[shared - 1 : shared + 1])
    assert 3 < parted < 25


@pytest.mark.parametrize("person", [-1, 10_000, 2**40])
def test_there_is_nobody_of_that_number(cut: Cut, person: int) -> None:
    study = cut("usual-care", people=10, years=2, replications=2)
    with pytest.raises(NobodyError, match=f"there is no person {person} in this study: the highest number near it is"):
        trace(study, person)
