from __future__ import annotations

import numpy as np
import pytest

from lbpsim.pathways import person
from lbpsim.population import records
from lbpsim.population.records import Gathered, Packed, chosen, in_larger_blocks, joined


def _people(many: int) -> np.ndarray:
    people = person.new_people(many)
    people["id"], people["next_time"][:, 0], people["sex"] = np.arange(many), np.arange(many) / 3.0, np.arange(many) % 2
    return people


def test_chosen_and_joined_records_are_those_that_numpy_gives() -> None:
    people = _people(30)
    which = people["sex"] == 1
    assert (chosen(people, which) == people[which]).all()
    parts = [people[:0], people[4:9], people[2:3]]
    assert (joined(parts) == np.concatenate(parts)).all()
    assert joined(parts).dtype == people.dtype


def test_what_is_taken_is_a_copy() -> None:
    people = _people(3)
    chosen(people, people["sex"] == 0)["id"] = 9
    joined([people])["id"] = 9
    assert people["id"].tolist() == [0, 1, 2]


def test_blank_people_have_nothing_ahead() -> None:
    people = _people(2)
    assert np.isinf(people["next_time"][:, 1:]).all() and (people["cft_last"] == -np.inf).all()
    assert person.new_people(0).shape == (0,)


@pytest.mark.parametrize("least", [1, 5, 11, 100])
def test_larger_blocks_have_the_same_records(least: int) -> None:
    people = _people(30)
    pieces = [people[:0], people[:4], people[4:5], people[5:17], people[17:]]
    blocks = list(in_larger_blocks(pieces, least))
    assert (joined(blocks) == people).all()
    assert all(len(block) >= least for block in blocks[:-1])
    assert list(in_larger_blocks([], least)) == []


def test_packed_records_come_out_as_they_went_in_wherever_they_are_wanted() -> None:
    people, packed = _people(30), Packed(person.new_people(1))
    assert len(packed) == 0
    for first, last in ((0, 11), (11, 11), (11, 30)):
        packed.add(people[first:last])
    others = person.new_people(40)
    expected, rows = others.copy(), np.random.default_rng(1).permutation(40)[: len(packed)]
    expected[rows] = people
    for _ in range(2):  # they may be asked for again
        packed.unpack(others, rows)
        assert (others == expected).all()
        others[rows] = others[0]
    packed.clear()
    assert len(packed) == 0


def test_packed_records_keep_what_differs_from_a_plain_one_alone() -> None:
    people, packed = person.new_people(2), Packed(person.new_people(1))
    people["id"][1], people["cft_last"][1] = 7, 0.25
    packed.add(people)
    (_, _, kept), *others = packed._parts
    assert packed._shelf.at(kept).view(np.int64).tolist() == [7, np.float64(0.25).view(np.int64)] and not others


@pytest.mark.parametrize("expected", [0, 3, 30])
def test_records_that_are_gathered_come_in_one_piece(monkeypatch: pytest.MonkeyPatch, expected: int) -> None:
    monkeypatch.setattr(records, "FEW", 2)
    people, gathered = _people(30), Gathered(person.PERSON, expected)
    for first in (0, 1, 10, 20):
        gathered.add(people[first : {0: 1, 1: 10, 10: 20, 20: 30}[first]])
    assert (gathered.people == people).all()
    gathered.clear()
    assert len(gathered.people) == 0
    gathered.add(people[7:9])
    assert (gathered.people == people[7:9]).all()
