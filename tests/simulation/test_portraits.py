"""People to whom one policy means different things: who is chosen, and that their lives are those that trace tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lbpsim.outcomes.lives import Portrait, parting
from lbpsim.simulation import portraits as chosen
from lbpsim.simulation.portraits import PEOPLE_A_REPLICATION, portraits, reduced
from lbpsim.simulation.trace import trace
from lbpsim.study import Study


def test_each_is_shown_for_something_else(pictured: tuple[Portrait, ...]) -> None:
    assert len({one.why for one in pictured}) == len(pictured) >= 3
    assert len({one.person for one in pictured}) == len(pictured)
    for one in pictured:
        same = one.why.startswith("not reached")
        assert (parting(one.lives) is None) == same
        assert one.lives[0].moments[-1].event == "end of the study"


def test_they_are_the_lives_that_trace_tells(rollout: Study, pictured: tuple[Portrait, ...]) -> None:
    for mine, theirs in zip(pictured[0].lives, trace(rollout, pictured[0].person), strict=True):
        assert mine.moments == theirs.moments


def test_of_large_studies_fewer_people_are_looked_at(rollout: Study) -> None:
    assert reduced(rollout) is rollout
    for people in ("all", 10**6):
        assert reduced(replace(rollout, people=people)).people == 2 * PEOPLE_A_REPLICATION  # type: ignore[arg-type]


def test_among_how_many_they_were_chosen_is_kept(
    rollout: Study, pictured: tuple[Portrait, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {one.among for one in pictured} == {rollout.people}
    monkeypatch.setattr(chosen, "PEOPLE_A_REPLICATION", 300)
    assert {one.among for one in portraits(rollout)} == {600}


def test_without_an_offer_of_cft_nobody_is_chosen(rollout: Study) -> None:
    assert portraits(replace(rollout, policies=rollout.policies[:1])) == ()
