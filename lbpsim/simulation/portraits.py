"""A few people to whom one policy means different things, found by a rule among the first replication of a study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lbpsim.engine.compiled_engine import WATCH_EVERYBODY
from lbpsim.outcomes.lives import Life, Portrait, parting
from lbpsim.pathways.person import CFT_LIST, LEAVE_CFT_LIST, OPIOID_START
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.trace import relive
from lbpsim.study import Policy, Study

Log = npt.NDArray[np.float64]  # a row an event: row of the person, time, kind
Events = tuple[tuple[float, int], ...]  # of one person, in order: time, kind
Flags = npt.NDArray[np.bool_]
SERVED_WITH_CFT = -1 - CFT_LIST
UNREACHED = "not reached: the same life under both"
PEOPLE_A_REPLICATION = 7000  # at most: every event of all of them is held in memory at once


@dataclass(frozen=True)
class Pick:
    """A person to be shown: `row` in the first replication, why, and what happened under comparator and policy."""

    row: int
    why: str
    events: tuple[Events, Events]


def reduced(study: Study) -> Study:
    """The study with no more people than portraits can be chosen from."""
    most = PEOPLE_A_REPLICATION * study.replications
    return study if study.people != "all" and int(study.people) <= most else study.with_changes(people=most)


def portraits(study: Study) -> tuple[Portrait, ...]:
    """The one of median age of all, in the study from its start to its end, to whom each thing happens.

    Simulates one replication of `reduced(study)` under the comparator and the plainest offer of CFT; nobody where no
    policy offers it.
    """
    if study.plainest_offer is None:
        return ()
    study = reduced(study)
    prepared_study = PreparedStudy(study)
    policies, everyone = (study.policies[0], subject(study)), prepared_study.persons(0)
    return tuple(
        Portrait(
            int(everyone["id"][pick.row]),
            pick.why,
            _lives(prepared_study, policies, everyone[[pick.row]], pick),
            prepared_study.people,
        )
        for pick in picked(prepared_study)
    )


def subject(study: Study) -> Policy:
    """The policy whose people are shown: of those that offer CFT the plainest, and of these the first."""
    assert study.plainest_offer is not None
    return study.plainest_offer


def picked(prepared_study: PreparedStudy) -> tuple[Pick, ...]:
    """Who is shown, and what happened to them under both policies."""
    study = prepared_study.study
    usual, policy = study.policies[0], subject(study)
    everyone = prepared_study.persons(0)
    logs = [prepared_study.simulate(one, 0, watched=WATCH_EVERYBODY).log for one in (usual, policy)]
    stays = (everyone["now"] == 0.0) & _to_the_end(logs[0], everyone, study) & _to_the_end(logs[1], everyone, study)
    found = []
    for why, fits in _ways(logs[0], logs[1], len(everyone)):
        rows = np.flatnonzero(stays & fits)
        by_age = rows[np.argsort(everyone["age"][rows], kind="stable")]
        picks = (
            Pick(int(row), why, (_of(logs[0], row), _of(logs[1], row)))
            for row in np.roll(by_age, -(len(by_age) // 2))  # from the median on
        )
        pick = next((one for one in picks if why != UNREACHED or _never_parts(prepared_study, everyone, one)), None)
        if pick is not None:
            stays[pick.row] = False
            found.append(pick)
    return tuple(found)


def _never_parts(prepared_study: PreparedStudy, everyone: npt.NDArray[np.void], pick: Pick) -> bool:
    """Whether nothing differs, a place on a list neither, which is no event of its own."""
    policies = (prepared_study.study.policies[0], subject(prepared_study.study))
    return parting(_lives(prepared_study, policies, everyone[[pick.row]], pick)) is None


def _lives(
    prepared_study: PreparedStudy, policies: tuple[Policy, Policy], person: npt.NDArray[np.void], pick: Pick
) -> tuple[Life, Life]:
    usual, policy = (
        relive(prepared_study, one, person.copy(), events) for one, events in zip(policies, pick.events, strict=True)
    )
    return usual, policy


def _ways(usual: Log, policy: Log, people: int) -> Iterator[tuple[str, Flags]]:
    """Why somebody is shown, and who fits."""
    treated, leaves = _has(policy, SERVED_WITH_CFT, people), _has(policy, LEAVE_CFT_LIST, people)
    yield "treated with CFT", treated
    yield "leaves the CFT list untreated", leaves & ~treated
    spared = _has(usual, OPIOID_START, people) & ~_has(policy, OPIOID_START, people)
    yield "treated, and spared opioids", treated & spared
    yield UNREACHED, _same(usual, policy, people)


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


def _of(log: Log, row: int) -> Events:
    return tuple((float(time), int(kind)) for _, time, kind in log[log[:, 0] == row])
