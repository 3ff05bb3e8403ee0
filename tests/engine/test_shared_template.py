"""The template of shared lives as plain Python: sets of branches, who parts and when, and room that grows."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from lbpsim.engine import shared_template as template
from tests.engine.plain import without_compiler

NONE = template.NO_SET


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Branches are the sets of clocks that they follow; an event makes those part that have its kind."""
    without_compiler(
        template,
        monkeypatch,
        follows=lambda branch, clock: clock in branch,
        parts_at_events=lambda branch: "event" in branch,
        parts_by_event=lambda _, __, kind, branch, ___, branches, ____: kind in branches[branch],
        hand_over=lambda person, _, branch: person.__setitem__("of", branch),
    )


def shadows_at(*times: tuple[float, ...]) -> list[SimpleNamespace]:
    """A shadow for each branch, with the moment at which it parts by each clock; the last is to write on."""
    return [SimpleNamespace(parts_at=parts_at) for parts_at in (*times, times[0])]


def test_a_set_stands_at_its_own_place_or_the_first_that_is_free() -> None:
    sets = np.array([0b01, 0b10, 0b11, NONE, NONE])
    assert [template.place_of(some, sets) for some in (0b01, 0b11, 0b111)] == [0, 2, 3]


def test_clocks_are_watched_for_the_branches_that_follow_them() -> None:
    branches = [{0}, {0, 1}, {"event"}]
    assert [template.who_follows(clock, branches) for clock in range(3)] == [0b011, 0b010, 0b000]
    assert template.who_asks(branches) == 0b100


def test_the_first_clock_of_the_first_branch_parts_soonest_and_only_of_those_asked() -> None:
    shadows = shadows_at((3.0, 9.0), (8.0, 2.0), (1.0, math.inf))
    assert template.soonest_of(0b011, shadows) == 2.0
    assert template.soonest_of(0b001, shadows) == 3.0
    assert template.soonest_of(0b111, shadows) == 1.0
    assert template.soonest_of(0, shadows) == math.inf


def test_those_part_whose_clock_came_first_or_who_part_by_the_event() -> None:
    shadows, branches = shadows_at((3.0,), (5.0,), (9.0,)), [set(), set(), {7, "event"}]
    assert template.who_parts(None, 4.0, 6, 0b111, 0b100, shadows, branches, None) == 0b001
    assert template.who_parts(None, 5.0, 7, 0b111, 0b100, shadows, branches, None) == 0b111
    assert template.who_parts(None, 5.0, 7, 0b110, 0, shadows, branches, None) == 0b010, "parted already, or not asked"


def test_everybody_who_parts_has_a_record_of_their_own() -> None:
    record = np.dtype([("id", "i8"), ("of", "i8")])
    parted, found = np.zeros((3, 2), record), np.array([0, 0, 1])
    person = np.array([(7, 0)], record)[0]
    template.part(person, 0b101, shadows_at((1.0,), (1.0,), (1.0,)), [4, 5, 6], parted, found)
    assert found.tolist() == [1, 0, 2]
    assert parted["id"].tolist() == [[7, 0], [0, 0], [0, 7]] and parted["of"].tolist() == [[4, 0], [0, 0], [0, 6]]
    assert person["of"] == 0, "the life that is shared stays as it was"


def test_it_stops_at_the_row_for_whom_there_may_be_too_few_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    lived: list[int] = []

    def live(_: object, row: int, *rest: object) -> None:
        lived.append(row)
        sets[3 + row] = 0b100 + row  # every life leaves one set more

    monkeypatch.setattr(template, "live_together", live)
    sets, branches, shadows = np.array([0b01, 0b10, *[NONE] * 6]), [{0}, {1}], shadows_at((1.0,), (2.0,))
    stopped = template.run(range(9), 1, None, branches, shadows, sets, None, None, None, None)
    assert sets[2] == 0b11 and lived == [1, 2, 3] and stopped == 4, "a life may part from each of two branches"
    assert template.run([], 0, None, branches, shadows, sets, None, None, None, None) == 0
