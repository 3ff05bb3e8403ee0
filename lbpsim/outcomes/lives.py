"""Lives of single people: what happened when, how the person stood after it, and where two lives part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

ENTERS, THE_END = "enters the model", "end of the study"
CFT_BEGINS, OPERATION = "place found: CFT begins", "place found: operation"
CFT_BY_TELEHEALTH, CFT_IN_A_GROUP = f"{CFT_BEGINS}, by telehealth", f"{CFT_BEGINS}, in a group"
LIST_FULL = "list too long: not referred"


@dataclass(frozen=True)
class Moment:
    """A moment of a life: what happened and how the person stands after it; sums since the start, undiscounted.

    `time`: years since the start of the study; `rmdq_before`: disability just before the event, `rmdq` just after;
    `work`: in words, "" for those who never worked; costs in the currency of the country.
    """

    time: float
    event: str
    age: int
    rmdq_before: float
    rmdq: float
    pain: float
    in_pain: bool
    on_opioids: bool
    disorder: bool
    treated: bool
    work: str
    on_cft_list: bool
    on_surgery_list: bool
    alive: bool
    qalys: float
    health_care: float
    lost_work: float


@dataclass(frozen=True)
class Life:
    """A person's moments under one policy, from entry to death or the horizon; `region`: where the person lives, ""
    where the study knows of no regions.
    """

    policy: str
    moments: tuple[Moment, ...]
    region: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Portrait:
    """A person and why they are shown; `lives` under the comparator and under the policy.

    `among`: people in the simulation from which they were chosen, fewer than the study's where that is large.
    """

    person: int
    why: str
    lives: tuple[Life, Life]
    among: int


def who(person: int, lives: Sequence[Life]) -> str:
    """The person, and where they live, where that is known."""
    return f"Person {person} of {lives[0].region}" if lives[0].region else f"Person {person}"


def parting(lives: Sequence[Life]) -> int | None:
    """Number of moments that all lives share; None where they never part."""
    shared = 0
    for moments in zip(*(one.moments for one in lives), strict=False):
        if any(moment != moments[0] for moment in moments[1:]):
            return shared
        shared += 1
    same_length = len({len(one.moments) for one in lives}) == 1
    return None if same_length else shared


def parted_at(lives: Sequence[Life], shared: int) -> float:
    """When lives part that share so many moments, in years since the start."""
    return min(life.moments[shared].time for life in lives if shared < len(life.moments))
