"""A few people to whom one policy means different things, found by a rule among the first replication of a study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lbpsim.engine.compiled import EVERYBODY
from lbpsim.pathways.state import CFT_LIST, LEAVE_CFT_LIST, OPIOID_START
from lbpsim.report.charts.page import NothingToDraw
from lbpsim.simulation.replication import Laboratory
from lbpsim.simulation.trace import Life, relive
from lbpsim.study import OpioidPolicy, SurgeryPolicy

if TYPE_CHECKING:
    from lbpsim.study import Policy, Study

Log = npt.NDArray[np.float64]  # a row an event: row of the person, time, kind
Flags = npt.NDArray[np.bool_]
SERVED_WITH_CFT = -1 - CFT_LIST
PEOPLE_A_REPLICATION = 7000  # at most: every event of all of them is held in memory at once


@dataclass(frozen=True)
class Portrait:
    """A person and why they are shown; `lives` under the comparator and under the policy."""

    person: int
    why: str
    lives: tuple[Life, Life]


def reduced(study: Study) -> Study:
    """The study with no more people than portraits can be chosen from."""
    most = PEOPLE_A_REPLICATION * study.replications
    return study if study.people != "all" and int(study.people) <= most else study.with_changes(people=most)


def subject(study: Study) -> Policy:
    """The policy whose people are shown: of those that offer CFT the plainest, and of these the first.

    Raises NothingToDraw where none offers it.
    """
    offering = [policy for policy in study.policies[1:] if policy.cft.offered.times and policy.cft.replaced_by is None]
    if not offering:
        raise NothingToDraw("no policy beside the comparator offers CFT")
    return min(offering, key=_extras)


def _extras(policy: Policy) -> int:
    """How much a policy does beside offering CFT in a limited number of places."""
    cft = policy.cft
    others = (policy.opioids != OpioidPolicy(), policy.surgery != SurgeryPolicy(), bool(policy.assume))
    return sum((cft.biofeedback, not cft.capacity_limited, *others))


def portraits(study: Study) -> tuple[Portrait, ...]:
    """The one of median age of all, in the study from its start to its end, to whom each thing happens."""
    laboratory = Laboratory(study)
    usual, policy = study.policies[0], subject(study)
    everyone = laboratory.persons(0)
    logs = [laboratory.simulate(one, 0, watched=EVERYBODY).log for one in (usual, policy)]
    stays = (everyone["now"] == 0.0) & _to_the_end(logs[0], everyone, study) & _to_the_end(logs[1], everyone, study)
    found = []
    for why, fits in _ways(logs[0], logs[1], len(everyone)):
        rows = np.flatnonzero(stays & fits)
        if len(rows):
            row = int(rows[np.argsort(everyone["age"][rows], kind="stable")[len(rows) // 2]])
            stays[row] = False
            person = everyone[[row]]
            lives = tuple(
                relive(laboratory, one, person.copy(), _of(log, row))
                for one, log in zip((usual, policy), logs, strict=True)
            )
            found.append(Portrait(int(person["id"][0]), why, (lives[0], lives[1])))
    return tuple(found)


def _ways(usual: Log, policy: Log, people: int) -> Iterator[tuple[str, Flags]]:
    """Why somebody is shown, and who fits."""
    treated, leaves = _has(policy, SERVED_WITH_CFT, people), _has(policy, LEAVE_CFT_LIST, people)
    yield "treated with CFT", treated
    yield "leaves the CFT list untreated", leaves & ~treated
    spared = _has(usual, OPIOID_START, people) & ~_has(policy, OPIOID_START, people)
    yield "treated, and spared opioids", treated & spared
    yield "not reached: the same life under both", _same(usual, policy, people)


def _has(log: Log, kind: int, people: int) -> Flags:
    """Who had an event of this kind, shape (people,)."""
    return np.bincount(log[log[:, 2] == kind, 0].astype(int), minlength=people) > 0


def _same(usual: Log, policy: Log, people: int) -> Flags:
    """Whose events are the same under both, shape (people,)."""
    sums = [[np.bincount(log[:, 0].astype(int), log[:, k], people) for k in (1, 2)] for log in (usual, policy)]
    return np.asarray((sums[0][0] == sums[1][0]) & (sums[0][1] == sums[1][1]))


def _to_the_end(log: Log, everyone: npt.NDArray[np.void], study: Study) -> Flags:
    """Who is alive at the horizon, shape (people,)."""
    last = np.zeros(len(everyone))
    np.maximum.at(last, log[:, 0].astype(int), log[:, 1])
    return np.asarray(last >= study.years)


def _of(log: Log, row: int) -> list[tuple[float, int]]:
    return [(float(time), int(kind)) for _, time, kind in log[log[:, 0] == row]]
