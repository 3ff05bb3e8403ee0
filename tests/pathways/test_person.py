"""The person record: every event has a name and a place, and no two kinds of draws share a number."""

from __future__ import annotations

from lbpsim.pathways import person as s


def test_chance_events_and_dated_events_have_names_of_their_own() -> None:
    assert len(set(s.EVENT_NAMES)) == len(s.EVENT_NAMES) == s.CHANCE_EVENTS + s.DATED_EVENTS
    assert s.EVENT_NAMES[s.DEATH] == "death" and s.EVENT_NAMES[s.BACK_TO_WORK] == "back at work after surgery"
    assert s.CHANCE_EVENTS - 1 == s.DEATH and len(s.EVENT_NAMES) - 1 == s.BACK_TO_WORK


def test_no_two_kinds_of_draws_share_their_random_numbers() -> None:
    """Draws of one person are told apart by their kind: a time to an event, an answer, a trait."""
    kinds = [
        *range(s.CHANCE_EVENTS),
        *(s.FLARE_SIZE, s.OFFER, s.ACCEPT, s.RESPONSE, s.ATTENDS, s.SURGERY_OUTCOME, s.BACK_TO_WORK_AT_ALL),
        *(s.WHO, s.ONSET, s.TRAIT, s.PAIN_TRAIT, s.QUINTILE, s.EMPLOYED, s.CARRY),
    ]
    assert len(set(kinds)) == len(kinds)


def test_a_person_has_a_clock_for_every_chance_event_and_a_time_for_every_event() -> None:
    record = s.PERSON
    assert record["clocks_drawn"].shape == (s.CHANCE_EVENTS,)
    assert record["next_time"].shape == (len(s.EVENT_NAMES),)
