"""People to whom one policy means different things: who is chosen, and that their lives are those that trace tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lbpsim.outcomes.lives import Portrait, parting
from lbpsim.simulation.portraits import PEOPLE_A_REPLICATION, portraits, reduced
from lbpsim.simulation.trace import trace
from lbpsim.study import Study
from tests.pathways.small_country import shipped

NAMES = ("usual-care", "cft-rollout")


@pytest.fixture(scope="module")
def study() -> Study:
    whole = shipped()
    return replace(whole, policies=tuple(whole.policy(name) for name in NAMES), years=6, people=3000, replications=2)


@pytest.fixture(scope="module")
def found(study: Study) -> tuple[Portrait, ...]:
    return portraits(study)


def test_each_is_shown_for_something_else(found: tuple[Portrait, ...]) -> None:
    assert len({one.why for one in found}) == len(found) >= 3
    assert len({one.person for one in found}) == len(found)
    for one in found:
        same = one.why.startswith("not reached")
        assert (parting(one.lives) is None) == same
        assert one.lives[0].moments[-1].event == "end of the study"


def test_they_are_the_lives_that_trace_tells(study: Study, found: tuple[Portrait, ...]) -> None:
    for mine, theirs in zip(found[0].lives, trace(study, found[0].person), strict=True):
        assert mine.moments == theirs.moments


def test_of_large_studies_fewer_people_are_looked_at(study: Study) -> None:
    assert reduced(study) is study
    for people in ("all", 10**6):
        assert reduced(replace(study, people=people)).people == 2 * PEOPLE_A_REPLICATION  # type: ignore[arg-type]


def test_without_an_offer_of_cft_nobody_is_chosen(study: Study) -> None:
    assert portraits(replace(study, policies=study.policies[:1])) == ()
