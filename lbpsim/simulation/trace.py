"""One person's life under one or more policies, side by side, to where they part.

The engine runs the person's whole replication, for waiting lists tie people together, and logs what happens to that
one. Each log is then lived again, by the same rules, with sums of the person's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lbpsim.engine.compiled_template import DECLINED, TAKEN, TURNED_AWAY
from lbpsim.outcomes import lives
from lbpsim.outcomes.measures import OUTCOME_INDEX, SUMS
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways import life
from lbpsim.pathways.disability import pain, rmdq
from lbpsim.pathways.person import (
    CFT_LIST,
    EVENT_NAMES,
    LEFT_BECAUSE_OF_PAIN,
    NEVER,
    NOT_WORKING,
    OFF_AFTER_SURGERY,
    SURGERY_LIST,
    WORKING,
    YEAR_END,
)
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import Policy, Study

DECLINES = {CFT_LIST: "place found: criteria no longer met", SURGERY_LIST: "place found: not taken"}
SERVED = {CFT_LIST: lives.CFT_BEGINS, SURGERY_LIST: lives.OPERATION}
BY_MODE = (lives.CFT_BEGINS, lives.CFT_BY_TELEHEALTH, lives.CFT_IN_A_GROUP)
WORK = {
    NOT_WORKING: "",
    WORKING: "working",
    LEFT_BECAUSE_OF_PAIN: "left work because of pain",
    OFF_AFTER_SURGERY: "off work after surgery",
}
HEALTH_CARE = [OUTCOME_INDEX[name] for name in SUMS["cost_health_system"][1]]


class NobodyError(LookupError):
    """There is no person of that number."""


@dataclass(frozen=True)
class TracedLife(lives.Life):
    """A life with the person's sums over it, fixed-point as in the engine; shape (2, years, groups, outcomes)."""

    sums: np.ndarray[tuple[int, ...], np.dtype[np.int64]]

    def total(self, outcome: str, *, discounted: bool) -> float:
        """Sum of one outcome over the person's life, in its unit; `outcome` is a counted one or a sum of them."""
        names = SUMS[outcome][1] if outcome in SUMS else (outcome,)
        cells = self.sums[int(discounted)][..., [OUTCOME_INDEX[name] for name in names]]
        return float(cells.sum()) / FIXED_POINT


def trace(study: Study, person: int) -> tuple[TracedLife, ...]:
    """The life of a person under every policy of the study; people are numbered from 0.

    Raises NobodyError where there is no such person in the study.
    """
    prepared_study = PreparedStudy(study)
    number = person % prepared_study.replications
    everyone = prepared_study.persons(number)
    rows = np.flatnonzero(everyone["id"] == person)
    if len(rows) == 0:
        most = int(everyone["id"].max(initial=-1))
        raise NobodyError(f"there is no person {person} in this study: the highest number near it is {most}")
    lived = prepared_study.simulate_all(study.policies, number, watched=int(rows[0]))
    logs = ([(float(time), int(kind)) for _, time, kind in output.log] for output in lived)
    return tuple(
        relive(prepared_study, policy, everyone[rows], log) for policy, log in zip(study.policies, logs, strict=True)
    )


def relive(
    prepared_study: PreparedStudy,
    policy: Policy,
    person: np.ndarray[tuple[int], np.dtype[np.void]],
    log: Sequence[tuple[float, int]],
) -> TracedLife:
    """Live a logged life again: `person` is the record at entry, shape (1,); `log` its (time, kind of event)."""
    inputs = build(prepared_study.study, policy, prepared_study.study.values(policy), draw=prepared_study.draw)
    sums = prepared_study.blank_totals()
    life.enter(person, 0, inputs, sums)
    moments = [_moment(person, lives.ENTERS, float(rmdq(person[0], person[0]["now"])), sums)]
    for time, kind in log:
        life.advance_to(person, 0, time, inputs, sums)
        before = float(rmdq(person[0], time))
        if kind <= TURNED_AWAY:
            life.turn_away(person, 0, TURNED_AWAY - kind, inputs, sums)
            moments.append(_moment(person, lives.LIST_FULL, before, sums))
        elif kind < 0:
            since, names = (DECLINED, DECLINES) if kind <= DECLINED else (TAKEN, SERVED)
            life.start_service(person, 0, since - kind, inputs, sums)
            name = names[since - kind]
            told = BY_MODE[int(person[0]["cft_mode"])] if name == lives.CFT_BEGINS else name
            moments.append(_moment(person, told, before, sums))
        else:
            life.apply_event(person, 0, kind, inputs, sums)
            name = lives.THE_END if kind == YEAR_END and not person[0]["present"] else EVENT_NAMES[kind]
            moments.append(_moment(person, name, before, sums))
    return TracedLife(policy.name, tuple(moments), sums, region=_region(prepared_study.study, person))


def _region(study: Study, person: np.ndarray[tuple[int], np.dtype[np.void]]) -> str:
    return study.names_of_regions[int(person[0]["region"])] if study.regions else ""


def _moment(
    person: np.ndarray[tuple[int], np.dtype[np.void]],
    event: str,
    before: float,
    sums: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> lives.Moment:
    record = person[0]
    so_far = sums[0].sum(axis=(0, 1)) / FIXED_POINT
    return lives.Moment(
        time=float(record["now"]),
        event=event,
        age=int(record["age"]),
        rmdq_before=before,
        rmdq=float(rmdq(record, record["now"])),
        pain=float(pain(record, record["now"])),
        **{name: bool(record[name]) for name in ("in_pain", "on_opioids", "disorder", "treated", "alive")},
        work=WORK[int(record["work"])],
        on_cft_list=bool(record["joined"][CFT_LIST] < NEVER),
        on_surgery_list=bool(record["joined"][SURGERY_LIST] < NEVER),
        qalys=float(so_far[OUTCOME_INDEX["qalys"]]),
        health_care=float(so_far[HEALTH_CARE].sum()),
        lost_work=float(so_far[OUTCOME_INDEX["cost_lost_work"]]),
    )
