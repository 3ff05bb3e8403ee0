"""Two engines, one answer: SimPy and the compiled engine agree to the last bit, on shipped and on random policies."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lbpsim.engine.compiled_engine import WATCH_EVERYBODY
from lbpsim.engine.compiled_template import TAKEN
from lbpsim.engine.waiting_list import Booking
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.person import CFT_LIST, DEATH, OVERDOSE_DEATH, SURGERY_LIST
from lbpsim.simulation.engines import COMPILED, ENGINES, SIMPY
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import CftPolicy, OpioidPolicy, Policy, Study, SurgeryPolicy, Timeline
from lbpsim.verification.small_country import study as small_study
from tests.simulation.conftest import Cut
from tests.study.test_regions import BOTH

ALL_POLICIES = (
    *("usual-care", "cft-rollout", "cft-biofeedback", "cft-unlimited", "cft-first", "opioids-instead"),
    *("surgery-instead", "opioid-expansion", "surgery-expansion", "opioid-stewardship", "surgery-restraint"),
)


@dataclass(frozen=True)
class Run:
    """All that an engine leaves behind: sums, bookings, the log by person, the people as they are at the end."""

    totals: npt.NDArray[np.int64]
    bookings: list[Booking]
    events: int
    log: npt.NDArray[np.float64]
    people: npt.NDArray[Any]

    def count(self, outcome: str) -> float:
        return float(self.totals[0, :, :, OUTCOME_INDEX[outcome]].sum()) / FIXED_POINT

    def of(self, row: int) -> list[tuple[float, int]]:
        return [(float(time), int(kind)) for _, time, kind in self.log[self.log[:, 0] == row]]


def live(prepared_study: PreparedStudy, policy: Policy, engine: str, *, number: int = 0, people: Any = None) -> Run:
    """One replication, everybody watched; `people` in place of those that the laboratory draws."""
    study = prepared_study.study
    people = (prepared_study.persons(number) if people is None else people).copy()
    inputs = build(study, policy, study.values(policy))
    totals = prepared_study.blank_totals()
    lived = ENGINES[engine](people, inputs, totals, prepared_study.clinics(policy, number), WATCH_EVERYBODY)
    by_person = lived.log[np.argsort(lived.log[:, 0], kind="stable")]
    return Run(totals, lived.bookings, lived.events, by_person, people)


def assert_same(one: Run, other: Run) -> None:
    assert np.array_equal(one.totals, other.totals)
    assert one.bookings == other.bookings
    assert one.events == other.events == len(one.log)
    assert one.log.tobytes() == other.log.tobytes()
    for field in one.people.dtype.names or ():
        assert np.array_equal(one.people[field], other.people[field], equal_nan=True), field


def assert_nobody_is_lost(run: Run) -> None:
    """Who joins takes a place, gives it up, leaves, is turned away, or waits still; who is logged was there."""
    taken = sum(booking.taken for booking in run.bookings if booking.waiting_list == CFT_LIST)
    others = ("cft_left_list", "cft_places_given_up", "cft_turned_away", "cft_still_waiting")
    assert run.count("cft_joined") == taken + sum(run.count(name) for name in others)
    dead = run.people["alive"] == 0
    assert run.count("deaths") == dead.sum()
    assert (run.people["present"] == 0).all()
    by_death = np.isin(run.log[:, 2], (DEATH, OVERDOSE_DEATH)).sum() + run.count("surgery_deaths")
    assert by_death == dead.sum()
    assert (run.totals[0][..., [OUTCOME_INDEX[name] for name in ("cft_courses", "deaths", "cft_joined")]] >= 0).all()


@pytest.mark.parametrize("name", ALL_POLICIES)
def test_the_shipped_policies(name: str, cut: Cut) -> None:
    study = cut(name, people=50, replications=1)
    prepared_study = PreparedStudy(study)
    fast, slow = (live(prepared_study, study.policies[0], engine) for engine in (COMPILED, SIMPY))
    assert_same(fast, slow)
    assert_nobody_is_lost(fast)
    assert fast.events > 1000


def test_all_shipped_policies_are_tried(shipped: Study) -> None:
    assert {policy.name for policy in shipped.policies} == set(ALL_POLICIES)


# --- random policies -------------------------------------------------------------------------------------------------

SHARES = st.floats(0.0, 1.0, allow_subnormal=False)
HALVES = st.sampled_from([0.0, 0.2, 0.5])
EVENTFUL = {
    "care.consultation_rate": 8.0,
    "surgery.referral_rate": 0.2,
    "opioids.start_rate": 0.3,
    "opioids.stop_early": 0.8,
    "opioids.overdose_nonfatal": 0.2,
    "work.exit_rate": 0.3,
}
MANY_DIE = {"mortality.back_pain_rr": 60.0, "opioids.overdose_fatal": 0.3, "surgery.death": 0.4}
NOBODY_DIES = {
    **{"mortality.back_pain_rr": 0.0, "opioids.overdose_fatal": 0.0, "surgery.death": 0.0},
    **{"course.remission_first_year": 0.0, "course.remission_established": 0.0},
}


@st.composite
def timelines(draw: st.DrawFn, values: st.SearchStrategy[float], years: int) -> Timeline:
    """No dates, or up to four, in order; the last may fall after the horizon."""
    times = draw(st.lists(st.floats(0.0, years + 0.5, allow_subnormal=False), max_size=4, unique=True))
    return Timeline(tuple(sorted(times)), tuple(draw(values) for _ in times))


@st.composite
def cft_policies(draw: st.DrawFn, years: int) -> CftPolicy:
    """Any offer; training places by year of which some fall to nothing."""
    replaced = draw(st.sampled_from([None, None, None, "opioids", "surgery"]))
    places = draw(st.lists(st.sampled_from([0.0, 1_000.0, 30_000.0, 200_000.0]), max_size=years))
    return CftPolicy(
        offered=draw(timelines(SHARES, years)),
        capacity_limited=draw(st.sampled_from([True, True, True, False])),
        training_places={2026 + year: number for year, number in enumerate(places)},
        trained_at_start=draw(st.sampled_from([0.0, 500.0, 20_000.0, 1e6])),
        by_severity=draw(st.booleans()),
        from_disability=draw(st.sampled_from([0.0, 0.0, 12.0])),
        from_age=draw(st.sampled_from([18, 18, 45])),
        to_age=draw(st.sampled_from([110, 110, 60])),
        to_fifth=draw(st.sampled_from([5, 5, 2])),
        regions=draw(st.sampled_from([(), (), ("The North", "The South"), ("The South",)])),
        telehealth=draw(timelines(HALVES, years)),
        group=draw(timelines(HALVES, years)),
        biofeedback=draw(st.booleans()),
        referral_stops_at=draw(st.sampled_from([math.inf, 0.0, 0.1, 0.5])),
        replaced_by=replaced,
    )


@st.composite
def policies(draw: st.DrawFn, years: int) -> Policy:
    """Any policy a file could ask for, and some that none would."""
    opioids = OpioidPolicy(
        growth=draw(timelines(st.floats(-0.5, 1.0), years)),
        initiation_change=draw(timelines(st.floats(-1.0, 1.0), years)),
        tapering_offered=draw(timelines(SHARES, years)),
    )
    operations = draw(timelines(st.sampled_from([0.0, 5_000.0, 100_000.0, 1e6]), years))
    surgery = SurgeryPolicy(
        growth=draw(timelines(st.floats(-0.5, 1.0), years)),
        referral_change=draw(timelines(st.floats(-1.0, 1.0), years)),
        operations_per_year=draw(st.sampled_from([None, operations])),
    )
    after = draw(st.sampled_from(["waning", "sustained", "gone_by_year_five", "gone_at_year_three"]))
    return Policy(
        "tried", "Tried", cft=draw(cft_policies(years)), opioids=opioids, surgery=surgery,
        options={"after_year_three": after},
    )  # fmt: skip


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """A policy, and the size, seed and mortality of its study."""
    years = draw(st.integers(1, 6))
    deaths = draw(st.sampled_from([{}, {}, MANY_DIE, NOBODY_DIES]))
    return {
        "policy": draw(policies(years)),
        "years": years,
        "people": draw(st.integers(1, 60)),
        "seed": draw(st.integers(0, 2**63 - 1)),
        "assume": draw(st.sampled_from([{}, EVENTFUL])) | deaths,
        "options": {
            "severity_drives_opioids_and_surgery": draw(st.sampled_from(["on", "off"])),
            "utility_slope": draw(st.sampled_from(["within_person", "with_pain"])),
            "productivity": draw(st.sampled_from(["by_impact", "trial_anchored"])),
            "start": draw(st.sampled_from(["in_balance", "in_pain_only"])),
            "opioid_stopping": draw(st.sampled_from(["in_balance", "published", "weibull"])),
            "employment": draw(st.sampled_from(["by_age", "only_by_pain"])),
            "acceptance": draw(st.sampled_from(["of_the_person", "at_each_offer"])),
            "at_the_place": draw(st.sampled_from(["assessed_again", "as_referred"])),
        },
        "nobody_dies": deaths is NOBODY_DIES,
    }


def study_of(shipped: Study, asked: dict[str, Any]) -> Study:
    study = shipped.with_changes(people=asked["people"], years=asked["years"], seed=asked["seed"], replications=1)
    options = dict(study.options) | asked["options"]
    return replace(study, policies=(asked["policy"],), assume=asked["assume"], options=options, regions=BOTH)


RANDOM = settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.mark.gate
@given(questions())
@RANDOM
def test_random_policies(shipped: Study, asked: dict[str, Any]) -> None:
    study = study_of(shipped, asked)
    prepared_study = PreparedStudy(study)
    fast, slow = (live(prepared_study, asked["policy"], engine) for engine in (COMPILED, SIMPY))
    assert_same(fast, slow)
    assert_nobody_is_lost(fast)
    if asked["nobody_dies"]:
        assert fast.count("deaths") == 0.0
    for booking in fast.bookings:
        assert booking.offered == booking.taken + booking.unused
        assert not (booking.unused and booking.waiting), "a place is lost while somebody waits"


@given(questions(), st.randoms(use_true_random=False))
@RANDOM
def test_the_order_of_people_does_not_matter(shipped: Study, asked: dict[str, Any], chance: Any) -> None:
    study = study_of(shipped, asked)
    prepared_study = PreparedStudy(study)
    people = prepared_study.persons(0)
    order = np.array(chance.sample(range(len(people)), len(people)))
    straight, mixed = (live(prepared_study, asked["policy"], COMPILED, people=p) for p in (people, people[order]))
    assert np.array_equal(straight.totals, mixed.totals)
    assert straight.bookings == mixed.bookings


# --- luck ------------------------------------------------------------------------------------------------------------


def test_removing_a_person_changes_nobody_else(cut: Cut) -> None:
    study = cut("usual-care", people=40, years=5, replications=1, assume=EVENTFUL)
    prepared_study = PreparedStudy(study)
    everybody = prepared_study.persons(0)
    whole = live(prepared_study, study.policies[0], COMPILED)
    rest = live(prepared_study, study.policies[0], COMPILED, people=np.delete(everybody, 7))
    assert whole.of(7)
    for row in range(len(everybody) - 1):
        assert rest.of(row) == whole.of(row + (row >= 7))


@pytest.mark.parametrize("name", ALL_POLICIES[1:])
def test_lives_are_the_comparators_until_the_first_date(name: str, cut: Cut) -> None:
    study = cut("usual-care", name, people=60, years=3, replications=1, assume=EVENTFUL)
    usual, policy = study.policies
    first = min(timeline.first for timeline in policy.timelines.values())
    prepared_study = PreparedStudy(study)
    before, after = (live(prepared_study, one, COMPILED) for one in (usual, policy))
    assert 0.0 < first < 3.0
    for row in range(len(prepared_study.persons(0))):
        lives = [[(time, kind) for time, kind in run.of(row) if time < first] for run in (before, after)]
        assert lives[0] == lives[1]
    same_years = [
        n for n, year in enumerate(study.calendar_years) if study.clock(study.start.replace(year + 1)) <= first
    ]
    assert same_years, "the policy leaves at least the first year alone"
    assert np.array_equal(before.totals[:, same_years], after.totals[:, same_years])
    assert not np.array_equal(before.totals, after.totals)


def test_policies_that_say_the_same_come_to_the_same(cut: Cut) -> None:
    study = cut("cft-first", people=60, years=4, replications=1, assume=EVENTFUL)
    twin = replace(study.policies[0], name="twin", title="Its twin")
    prepared_study = PreparedStudy(study)
    assert_same(live(prepared_study, study.policies[0], COMPILED), live(prepared_study, twin, COMPILED))


def test_another_seed_is_other_luck(cut: Cut) -> None:
    one, other = (cut("usual-care", people=20, years=2, replications=1, seed=seed) for seed in (1, 2))
    lives = [live(PreparedStudy(study), study.policies[0], COMPILED) for study in (one, other)]
    assert lives[0].log.tobytes() != lives[1].log.tobytes()


# --- lists -----------------------------------------------------------------------------------------------------------


def test_people_who_come_with_a_place_on_a_list_are_served_from_the_day_they_come() -> None:
    """Some are on the list for surgery when they come into the model, at the start or from abroad."""
    limited = Policy("limited", "Few theatres", surgery=SurgeryPolicy(operations_per_year=Timeline((0.0,), (2e6,))))
    prepared_study = PreparedStudy(small_study(limited, people=150, years=2))
    people = prepared_study.persons(0).copy()
    listed = np.flatnonzero((people["in_pain"] == 1) & (people["surgery"] == 0))[::3]
    people["joined"][listed, SURGERY_LIST] = people["now"][listed] - np.linspace(0.1, 3.0, len(listed))
    one, other = (live(prepared_study, limited, engine, people=people) for engine in (COMPILED, SIMPY))
    assert_same(one, other)
    called = one.log[one.log[:, 2] == TAKEN - SURGERY_LIST]
    at_once = [row for row, time, _ in called if row in listed and time - people["now"][int(row)] < 0.25]
    assert len(at_once) > 10, "those on the list are operated first"
    assert all(time >= people["now"][int(row)] for row, time, _ in called)
    assert any(people["now"][int(row)] > 0.5 for row, _, _ in called if row in listed), "migrants among them"
