"""A proposed study: who counts in each arm, when it reports, what of it is assumed."""

from __future__ import annotations

import pytest

from tests.voi.proposed import EFFECT, design, measure, number

MEAN = measure("mean", {"people": EFFECT}, sd=2.0)


def test_people_are_divided_between_arms_and_fewer_count_in_clusters() -> None:
    asked = design(
        MEAN,
        arms={"control": 1.0, "treated": 3.0},
        followed=number("followed", 0.5, "share"),
        design_effect=number("design_effect", 2.0, "ratio"),
    )
    assert asked.measured(400) == {"control": 25.0, "treated": 75.0}


def test_it_reports_after_recruiting_following_and_writing() -> None:
    asked = design(MEAN, recruited=number("recruited", 200.0, "people per year"))
    assert asked.years(400) == pytest.approx(2.0 + 2.0 + 1.0)


def test_every_number_that_it_rests_on_is_listed() -> None:
    asked = design(MEAN, design_effect=number("design_effect", 2.0, "ratio"))
    assert len(asked.numbers) == 8
    assert asked.assumed == 8
    assert asked.names == (EFFECT,)
