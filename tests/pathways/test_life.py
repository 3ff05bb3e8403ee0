"""TECH-VER, events and states: nobody is lost, nobody is counted twice, and the dead stay dead."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from lbpsim.engine.event_clocks import clear_clocks
from lbpsim.outcomes.measures import COUNTED, OUTCOME_INDEX
from lbpsim.pathways import life
from lbpsim.pathways import person as s
from lbpsim.pathways.rates_and_hazards import update_rates_and_hazards
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import Policy
from tests.pathways.small_country import BOOKED, BUSY, CFT, FREQUENT, Lives, inputs, live, no_totals, person, study

ROOT = Path(__file__).parents[2]
SERVED_BY_SURGEON = -1 - s.SURGERY_LIST
TAKEN, DECLINED, TURNED_AWAY = (-1 - s.CFT_LIST - further for further in (0, 50, 100))
DEADLY = {s.DEATH, s.OVERDOSE_DEATH, s.SURGERY_STEP, s.REOPERATION, SERVED_BY_SURGEON}


CLOSING = dataclasses.replace(
    CFT, name="closing", cft=dataclasses.replace(CFT.cft, trained_at_start=300.0, referral_stops_at=0.2)
)
POLICIES = {"busy": BUSY, "first come first served": CFT, "operations booked": BOOKED, "a list that closes": CLOSING}


@pytest.fixture(scope="module", params=list(POLICIES))
def lives(request: pytest.FixtureRequest) -> Lives:
    policy = POLICIES[request.param]
    return live(study(policy, assume=FREQUENT), watch=True)


def test_all_who_came_are_alive_or_dead(lives: Lives) -> None:
    at_start, first_onset, migrant = (lives.before["origin"] == of for of in (s.AT_START, s.FIRST_ONSET, s.MIGRANT))
    assert int((at_start & (lives.before["in_pain"] == 1)).sum()) == 1500 < at_start.sum()
    assert (lives.before["now"][at_start] == 0.0).all()
    assert lives.number("new_cases") == first_onset.sum() > 0
    assert lives.number("migrant_cases") == migrant.sum() > 0
    assert at_start.sum() + first_onset.sum() + migrant.sum() == len(lives.before)
    assert len(lives.after) == int((lives.after["alive"] == 1).sum()) + lives.number("deaths")
    assert not lives.after["present"].any()


def test_people_in_pain_change_by_who_enters_and_leaves_pain(lives: Lives) -> None:
    came_in_pain = int(lives.before["in_pain"].sum())
    assert lives.before["in_pain"][lives.before["origin"] == s.FIRST_ONSET].all()
    died_in_pain = int(((lives.after["alive"] == 0) & (lives.after["in_pain"] == 1)).sum())
    alive_in_pain = int(((lives.after["alive"] == 1) & (lives.after["in_pain"] == 1)).sum())
    assert died_in_pain > 0
    entering = came_in_pain + lives.number("chronic_recurrences")
    assert entering == alive_in_pain + died_in_pain + lives.number("remissions")


def test_all_who_joined_the_cft_list_took_or_gave_up_a_place_left_were_turned_away_or_wait(lives: Lives) -> None:
    ends = ("courses", "left_list", "places_given_up", "turned_away", "still_waiting")
    joined = lives.number("cft_joined")
    started, left, given_up, turned_away, waiting = (lives.number(f"cft_{name}") for name in ends)
    assert min(started, left, given_up, waiting) > 0
    assert joined == started + left + given_up + turned_away + waiting
    kinds = [kind for log in lives.log.values() for _, kind in log]
    assert [kinds.count(kind) for kind in (TAKEN, DECLINED, TURNED_AWAY)] == [started, given_up, turned_away]
    assert waiting == int(((lives.after["joined"][:, s.CFT_LIST] < s.NEVER) & (lives.after["alive"] == 1)).sum())
    assert int(lives.after["cft_courses"].sum()) == started
    assert lives.number("cft_first_courses") + lives.number("cft_repeat_courses") == started


@pytest.mark.parametrize("policy", [CFT, CLOSING], ids=lambda policy: policy.name)
def test_only_a_list_that_closes_turns_people_away(policy: Policy) -> None:
    assert (live(study(policy, assume=FREQUENT)).number("cft_turned_away") > 0) == (policy is CLOSING)


def test_all_who_were_referred_were_operated_left_or_wait(lives: Lives) -> None:
    on_list = int((lives.before["joined"][:, s.SURGERY_LIST] < s.NEVER).sum())
    operated, left, waiting = (lives.number(f"surger{name}") for name in ("ies", "y_left_list", "y_still_waiting"))
    assert min(on_list, operated, left) > 0
    assert on_list + lives.number("surgery_referrals") == operated + left + waiting


def test_operations_are_first_ones_and_reoperations(lives: Lives) -> None:
    before, after = (int(people["operations"].sum()) for people in (lives.before, lives.after))
    assert before > 0, "some were operated before they came"
    assert after - before == lives.number("surgeries") + lives.number("reoperations")
    assert lives.number("surgery_complications") < lives.number("surgeries") + lives.number("reoperations")


def test_people_on_opioids_change_by_starts_and_stops(lives: Lives) -> None:
    before, after = (int(people["on_opioids"].sum()) for people in (lives.before, lives.after))
    assert before > 0
    assert before + lives.number("opioid_starts") == after + lives.number("opioid_stops")


def test_nobody_has_a_disorder_or_treatment_off_opioids(lives: Lives) -> None:
    assert not ((lives.after["disorder"] == 1) & (lives.after["on_opioids"] == 0)).any()
    assert not ((lives.after["treated"] == 1) & (lives.after["disorder"] == 0)).any()
    assert lives.after["treated"].any()


def test_no_count_is_negative(lives: Lives) -> None:
    for number, outcome in enumerate(COUNTED):
        if outcome.name not in ("qalys", "qalys_beyond"):
            assert lives.totals[:, :, :, number].min() >= 0, outcome.name
    assert lives.steps("qalys") > 0
    assert lives.steps("qalys_beyond") < 0


def test_discounted_amounts_are_below_undiscounted_ones(lives: Lives) -> None:
    """TECH-VER, results."""
    for number, outcome in enumerate(COUNTED):
        plain, worth = lives.totals[0, ..., number].sum(), lives.totals[1, ..., number].sum()
        assert abs(worth) < abs(plain) or plain == 0, outcome.name


def test_qalys_per_life_year_lie_in_the_range_of_utility(lives: Lives) -> None:
    norms = lives.inputs["utility_norm"][0][:, 18:]
    assert 0.0 < lives.total("qalys") / lives.total("life_years") < norms.max()


def test_the_dead_stay_dead(lives: Lives) -> None:
    dead = set(lives.after["id"][lives.after["alive"] == 0].tolist())
    assert dead
    for who, log in lives.log.items():
        kinds = [kind for _, kind in log]
        assert not {s.DEATH, s.OVERDOSE_DEATH} & set(kinds[:-1])
        if who in dead:
            assert kinds[-1] in DEADLY
        else:
            assert log[-1] == (6.0, s.YEAR_END)


def test_nobody_lives_backwards_nor_past_the_horizon(lives: Lives) -> None:
    for who, log in lives.log.items():
        times = [time for time, _ in log]
        assert times == sorted(times), who
        assert 0.0 <= times[0] <= times[-1] <= 6.0


def test_everything_happens_to_somebody(busy: Lives) -> None:
    kinds = {kind for log in busy.log.values() for _, kind in log}
    assert kinds == (set(range(len(s.EVENT_NAMES))) | {TAKEN, DECLINED})


def test_birthdays_are_a_year_apart_and_none_is_missed(lives: Lives) -> None:
    ages = np.array([sum(kind == s.BIRTHDAY for _, kind in lives.log[int(person)]) for person in lives.after["id"]])
    expected = np.minimum(lives.before["age"] + ages, 110)
    assert (lives.after["age"] == expected).all()
    for log in lives.log.values():
        days = [time for time, kind in log if kind == s.BIRTHDAY]
        np.testing.assert_allclose(np.diff(days), 1.0, atol=1e-12)


def test_nobody_works_past_working_age(lives: Lives) -> None:
    old = lives.after["age"] >= 67
    assert old.any()
    assert (lives.after["work"][old] == s.NOT_WORKING).all()


# --- entering --------------------------------------------------------------------------------------------------------


def entered(**fields: Any) -> tuple[Any, Any]:
    """Someone who has just entered, and the sums."""
    people, totals, asked = np.array([person(**fields)]), no_totals(), study(BUSY)
    life.enter(people, 0, build(asked, BUSY, asked.values(BUSY)), totals)
    return people[0], totals


@pytest.mark.parametrize(("origin", "outcome"), [(s.FIRST_ONSET, "new_cases"), (s.MIGRANT, "migrant_cases")])
def test_who_joins_is_counted_by_where_from(origin: int, outcome: str) -> None:
    someone, totals = entered(now=2.25, origin=origin)
    assert (someone["present"], someone["year"]) == (1, 2)
    assert someone["next_time"][s.YEAR_END] == 3.0
    assert totals[0, 2, :, OUTCOME_INDEX[outcome]].sum() == totals[0].sum() == 2**24


def test_new_cases_are_in_their_first_year() -> None:
    people = PreparedStudy(study()).persons(0)
    new = people[people["origin"] == s.FIRST_ONSET]
    assert len(new) > 100
    assert new["first_year"].all()
    assert new["in_pain"].all()
    assert (new["next_time"][:, s.ESTABLISHED] == new["now"] + 1.0).all()
    assert not new["operations"].any()
    assert not new["on_opioids"].any()


def test_those_at_the_start_are_no_new_cases() -> None:
    someone, totals = entered(now=0.0, first_year=0)
    assert (someone["first_year"], someone["year"]) == (0, 0)
    assert not totals.any()


def test_who_enters_past_working_age_does_not_work() -> None:
    assert entered(age=80, work=s.WORKING)[0]["work"] == s.NOT_WORKING
    assert entered(age=50, work=s.WORKING, work_rank=0.0)[0]["work"] == s.WORKING


def test_budgets_are_unit_exponential() -> None:
    """Of those at the start, those to whom it can happen; Kolmogorov-Smirnov p > 0.001 for each of five kinds."""
    asked, sums = study(BUSY), no_totals()
    inputs_row, people = build(asked, BUSY, asked.values(BUSY)), PreparedStudy(asked).persons(0).copy()
    people = people[people["origin"] == s.AT_START]
    for row in range(len(people)):
        life.enter(people, row, inputs_row, sums)
    for kind in (s.CONSULTATION, s.FLARE, s.OPIOID_START, s.REFERRAL, s.DEATH):
        budgets = people["remaining"][:, kind]
        drawn = budgets[people["scheduled_hazard"][:, kind] > 0.0]
        assert len(drawn) > 200
        assert stats.kstest(drawn, "expon").pvalue > 0.001


def test_ages_stop_at_the_oldest() -> None:
    someone = person(age=110, next_time=0.5)
    life.birthday(someone, inputs(), no_totals())
    assert (someone["age"], someone["next_time"][s.BIRTHDAY], someone["alive"]) == (110, 1.5, 1)


ON_BOTH_LISTS = """
import dataclasses
from lbpsim.study import SurgeryPolicy, Timeline
from tests.pathways.small_country import BOOKED, FREQUENT, live, study
no_places = SurgeryPolicy(operations_per_year=Timeline((0.0,), (0.0,)))
lives = live(study(dataclasses.replace(BOOKED, surgery=no_places), people=400, assume=FREQUENT))
print(lives.events, lives.number("surgery_left_list"))
"""


@pytest.mark.gate
def test_leaving_two_lists_at_once_stops_nobody_s_clock() -> None:
    """Many wait for CFT and for surgery, leave both by remission, and join a list again later. In a process of its own,
    for an engine that goes round in circles never returns.
    """
    done = subprocess.run(
        [sys.executable, "-c", ON_BOTH_LISTS], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    events, left = map(int, done.stdout.split())
    assert events > 10_000
    assert left > 5


ON_OPIOIDS = {"on_opioids": 1, "opioid_step": 3}
BROUGHT_BY_CHANCE: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (s.CONSULTATION, "consultations", {}),
    (s.FLARE, "flares", {}),
    (s.REMISSION, "remissions", {}),
    (s.RECURRENCE, "recurrences", {"in_pain": 0}),
    (s.OPIOID_START, "opioid_starts", {}),
    (s.OPIOID_STOP, "opioid_stops", ON_OPIOIDS),
    (s.DISORDER, "disorders", ON_OPIOIDS),
    (s.OVERDOSE, "overdoses", ON_OPIOIDS),
    (s.FRACTURE, "opioid_fractures", ON_OPIOIDS),
    (s.REFERRAL, "surgery_referrals", {}),
    (s.REOPERATION, "reoperations", {"surgery": s.OPERATED}),
    (s.LEAVE_CFT_LIST, "cft_left_list", {"joined": [0.5, s.NEVER]}),
    (s.LEAVE_WORK, "work_exits", {"work": s.WORKING}),
    (s.RETURN_TO_WORK, "work_returns", {"work": s.LEFT_BECAUSE_OF_PAIN}),
    (s.OVERDOSE_DEATH, "overdose_deaths", ON_OPIOIDS),
    (s.DEATH, "deaths", {}),
)
BROUGHT_BY_A_DATE: tuple[tuple[int, str, int, dict[str, Any]], ...] = (
    (s.BIRTHDAY, "age", 41, {}),
    (s.YEAR_END, "year", 1, {}),
    (s.FLARE_END, "in_flare", 0, {"in_flare": 1, "flare_rmdq": 3.0}),
    (s.ESTABLISHED, "first_year", 0, {"first_year": 1}),
    (s.OPIOID_STEP, "opioid_step", 1, {"on_opioids": 1, "opioid_step": 0}),
    (s.TAPER_END, "tapering", 0, {"tapering": 1}),
    (s.CFT_STEP, "cft_step", 3, {"cft_step": 2, "cft_started": 0.9, "cft_courses": 1}),
    (s.SURGERY_STEP, "surgery_step", 1, {"surgery": s.OPERATED, "surgery_step": 0, "surgery_date": 0.0}),
    (s.BACK_TO_WORK, "work", s.WORKING, {"work": s.OFF_AFTER_SURGERY}),
)


def after(kind: int, fields: dict[str, Any]) -> tuple[Any, Any]:
    """Someone to whom an event of this kind just happened, at the moment 1; and what it counted, by outcome."""
    people, totals, asked = np.array([person(now=1.0, **fields)]), no_totals(), study(BUSY)
    given = build(asked, BUSY, asked.values(BUSY))
    clear_clocks(people[0])
    update_rates_and_hazards(people[0], given[0])
    people["next_time"][0, kind] = 1.0
    life.apply_event(people, 0, kind, given, totals)
    return people[0], totals[0].sum(axis=(0, 1)) / 2.0**24


@pytest.mark.parametrize(("kind", "outcome", "fields"), BROUGHT_BY_CHANCE)
def test_each_event_of_chance_counts_as_what_it_is(kind: int, outcome: str, fields: dict[str, Any]) -> None:
    someone, counted = after(kind, fields)
    assert counted[OUTCOME_INDEX[outcome]] == 1.0
    others = {name for _, name, _ in BROUGHT_BY_CHANCE} - {outcome, "deaths", "opioid_starts", "opioid_stops"}
    assert not any(counted[OUTCOME_INDEX[name]] for name in others)
    if someone["present"]:
        assert someone["next_time"][kind] > 1.0, "the same event must not happen again at once"
        assert someone["next_time"][s.DEATH] < s.NEVER, "hazards are those of the new state"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        *((kind, fields) for kind, _, fields in BROUGHT_BY_CHANCE if kind not in DEADLY),
        *((kind, fields) for kind, _, _, fields in BROUGHT_BY_A_DATE if kind not in DEADLY),
        *((s.CONSULTATION, {**ON_OPIOIDS, "id": n}) for n in range(40)),
        *((s.BIRTHDAY, {"age": 66, "work": s.WORKING, "work_rank": rank}) for rank in (0.0, 0.999)),
    ],
)
def test_rates_and_hazards_are_those_of_the_state_that_an_event_leaves(kind: int, fields: dict[str, Any]) -> None:
    """So working them out anew changes nothing. Some of these consultations begin a taper, and people retire at 67."""
    someone, _ = after(kind, fields)
    again, asked = np.array([someone]), study(BUSY)
    update_rates_and_hazards(again[0], build(asked, BUSY, asked.values(BUSY))[0])
    changed = [name for name in again.dtype.names if not np.array_equal(again[0][name], someone[name], equal_nan=True)]
    assert changed == []


def test_some_consultations_begin_something_and_people_retire() -> None:
    tapers = [after(s.CONSULTATION, {**ON_OPIOIDS, "id": n})[0]["tapering"] for n in range(40)]
    assert 0 < sum(tapers) < 40
    assert after(s.BIRTHDAY, {"age": 66, "work": s.WORKING, "work_rank": 0.0})[0]["work"] == s.NOT_WORKING


def test_treatment_is_an_event_of_chance_that_costs_nothing_at_once() -> None:
    someone, counted = after(s.TREATMENT, {**ON_OPIOIDS, "disorder": 1})
    assert someone["treated"] == 1
    assert not counted.any()
    someone, counted = after(s.TREATMENT, {**ON_OPIOIDS, "disorder": 1, "treated": 1})
    assert (someone["treated"], someone["disorder"]) == (0, 1), "treatment ends, disorder goes on"
    assert not counted.any()


@pytest.mark.parametrize(("kind", "field", "value", "fields"), BROUGHT_BY_A_DATE)
def test_each_date_brings_what_it_is_for(kind: int, field: str, value: int, fields: dict[str, Any]) -> None:
    someone, _ = after(kind, fields)
    assert someone[field] == value
    assert someone["next_time"][kind] > 1.0


def test_every_kind_of_event_is_tried_here() -> None:
    tried = [kind for kind, *_ in (*BROUGHT_BY_CHANCE, *BROUGHT_BY_A_DATE)]
    assert sorted([*tried, s.TREATMENT]) == list(range(s.CHANCE_EVENTS + s.DATED_EVENTS))


@pytest.mark.parametrize(
    ("joined", "outcome"),
    [([0.5, s.NEVER], "cft_waiting_at_year_end"), ([s.NEVER, 0.5], "surgery_waiting_at_year_end")],
)
def test_those_who_wait_are_counted_as_the_year_ends(joined: list[float], outcome: str) -> None:
    _, counted = after(s.YEAR_END, {"joined": joined})
    assert counted[OUTCOME_INDEX[outcome]] == counted.sum() == 1.0


def test_a_list_that_is_full_turns_people_away_at_once() -> None:
    people, totals, asked = np.array([person(now=1.0, joined=[1.0, s.NEVER])]), no_totals(), study(BUSY)
    life.turn_away(people, 0, s.CFT_LIST, build(asked, BUSY, asked.values(BUSY)), totals)
    assert people[0]["joined"][s.CFT_LIST] == s.NEVER
    assert totals[0, ..., OUTCOME_INDEX["cft_turned_away"]].sum() == 2**24


def test_the_most_disabled_have_the_highest_priority() -> None:
    people = np.array([person(trait=trait) for trait in (5.0, 17.0, 11.0)])
    rows = np.array([2, 0, 1])
    found = life.priority(people, rows, 1.0)
    assert rows[np.argsort(-found)].tolist() == [1, 2, 0]


def test_time_passes_without_an_event() -> None:
    people, totals, asked = np.array([person(now=1.0)]), no_totals(), study(BUSY)
    life.advance_to(people, 0, 1.5, build(asked, BUSY, asked.values(BUSY)), totals)
    assert people[0]["now"] == 1.5 and people[0]["discount_factor"] < 1.0


@pytest.mark.parametrize(("waiting_list", "outcome"), [(s.CFT_LIST, "cft_courses"), (s.SURGERY_LIST, "surgeries")])
def test_a_place_is_served_by_the_list_that_called(waiting_list: int, outcome: str) -> None:
    people, totals, asked = np.array([person(now=1.0, joined=[0.5, 0.5])]), no_totals(), study(BUSY)
    life.start_service(people, 0, waiting_list, build(asked, BUSY, asked.values(BUSY)), totals)
    counted = totals[0].sum(axis=(0, 1)) / 2.0**24
    assert [counted[OUTCOME_INDEX[name]] for name in ("cft_courses", "surgeries")] == [
        float(name == outcome) for name in ("cft_courses", "surgeries")
    ]
    assert people[0]["joined"][waiting_list] == s.NEVER
    assert people[0]["next_time"][s.DEATH] < s.NEVER, "hazards are those of the new state"


@pytest.mark.parametrize(
    ("joined", "outcome"), [([0.5, s.NEVER], "cft_still_waiting"), ([s.NEVER, 0.5], "surgery_still_waiting")]
)
def test_at_the_horizon_everyone_leaves_and_those_who_wait_are_counted(joined: list[float], outcome: str) -> None:
    asked = study(BUSY)
    given = build(asked, BUSY, asked.values(BUSY))
    people, totals = np.array([person(now=float(asked.years), joined=joined)]), no_totals()
    people["year"] = totals.shape[1] - 1
    life.apply_event(people, 0, s.YEAR_END, given, totals)
    assert people[0]["present"] == 0
    assert totals[0, ..., OUTCOME_INDEX[outcome]].sum() == 2**24


def test_those_followed_to_death_stay_and_leave_every_list_at_the_horizon() -> None:
    asked = dataclasses.replace(study(BUSY), follow="lifetime")
    given = build(asked, BUSY, asked.values(BUSY))
    people, totals = (
        np.array([person(now=float(asked.years), joined=[0.5, s.NEVER])]),
        PreparedStudy(asked).blank_totals(),
    )
    people["year"] = asked.years - 1
    life.apply_event(people, 0, s.YEAR_END, given, totals)
    someone = people[0]
    assert someone["present"] == 1 and someone["joined"][s.CFT_LIST] == s.NEVER
    assert someone["year"] == given[0]["beyond"] and someone["next_time"][s.YEAR_END] == s.NEVER


def test_beyond_the_horizon_nobody_outlives_the_life_table() -> None:
    given = inputs()
    someone = person(age=110, now=float(given["horizon"]), next_time=0.5)
    life.birthday(someone, given, no_totals())
    assert someone["alive"] == 0
