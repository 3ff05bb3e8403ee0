from __future__ import annotations

import numpy as np

from lbpsim.pathways import person
from lbpsim.population.records import chosen, joined


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
