"""A small country for tests: studies of a few thousand people that run in a fraction of a second.

`BUSY` with the assumptions `FREQUENT` is a country in which everything that the model knows happens to somebody.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine import compiled_engine
from lbpsim.engine.compiled_engine import WATCH_EVERYBODY, WATCH_NOBODY
from lbpsim.outcomes.measures import OUTCOME_INDEX, SUMS
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.person import new_people
from lbpsim.simulation.engines import EVENTS_A_PERSON, MODEL
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.weekly_bookings import count_bookings
from lbpsim.study import CftPolicy, OpioidPolicy, Policy, Study, SurgeryPolicy, Timeline, load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
Log = dict[int, list[tuple[float, int]]]

USUAL_CARE = Policy("usual-care", "Usual care")
OFFERED = CftPolicy(
    offered=Timeline((0.5, 1.5), (0.3, 0.8)),
    training_places={2026: 4000.0, 2027: 4000.0},
    trained_at_start=3000.0,
    first_training=0.0,
)
CFT = Policy("cft", "CFT, with a waiting list", cft=OFFERED)
UNLIMITED = Policy("cft-unlimited", "CFT for all", cft=dataclasses.replace(OFFERED, capacity_limited=False))
BUSY = Policy(
    "busy",
    "Everything at once",
    cft=dataclasses.replace(OFFERED, by_severity=True),
    opioids=OpioidPolicy(
        growth=Timeline((1.0,), (0.06,)),
        initiation_change=Timeline((2.0,), (-0.2,)),
        tapering_offered=Timeline((0.5,), (0.5,)),
    ),
    surgery=SurgeryPolicy(referral_change=Timeline((1.5,), (0.2,))),
)
SENSORS = dataclasses.replace(BUSY, name="sensors", cft=dataclasses.replace(BUSY.cft, biofeedback=True))
MODES = dataclasses.replace(
    BUSY,
    name="modes",
    cft=dataclasses.replace(BUSY.cft, telehealth=Timeline((0.5,), (0.3,)), group=Timeline((1.0, 2.0), (0.2, 0.4))),
)
BOOKED = dataclasses.replace(
    BUSY, name="booked", surgery=SurgeryPolicy(operations_per_year=Timeline((1.0, 3.0), (20_000.0, 40_000.0)))
)
FREQUENT: Mapping[str, float] = {
    "opioids.start_rate": 0.1,
    "opioids.disorder_rate": 0.1,
    "opioids.overdose_nonfatal": 0.1,
    "opioids.overdose_fatal": 0.02,
    "opioids.fracture_base_rate": 0.08,
    "surgery.referral_rate": 0.03,
    "surgery.death": 0.05,
}


@cache
def shipped() -> Study:
    """The study that ships, as it is."""
    return load(str(SCENARIOS))


def study(
    *policies: Policy,
    people: int = 1500,
    years: int = 6,
    replications: int = 1,
    assume: Mapping[str, float] | None = None,
    options: Mapping[str, str] | None = None,
    discount_rate: float | None = None,
    follow: str = "horizon",
) -> Study:
    """The shipped study made small, with these policies (usual care if none are given)."""
    base = shipped()
    return dataclasses.replace(
        base,
        people=people,
        years=years,
        replications=replications,
        assume=dict(assume or {}),
        options={**base.options, **(options or {})},
        discount_rate=base.discount_rate if discount_rate is None else discount_rate,
        policies=policies or (USUAL_CARE,),
        follow=follow,
    )


@dataclass(frozen=True)
class Lives:
    """What became of the people of one replication: their records `before` and `after`, sums, and what was logged."""

    before: npt.NDArray[Any]
    after: npt.NDArray[Any]
    totals: npt.NDArray[np.int64]
    inputs: npt.NDArray[Any]
    events: int
    log: Log

    def steps(self, outcome: str, *, discounted: bool = False) -> int:
        """Sum of an outcome in fixed-point steps; exact."""
        names = SUMS[outcome][1] if outcome in SUMS else (outcome,)
        return int(self.totals[int(discounted)][..., [OUTCOME_INDEX[name] for name in names]].sum())

    def total(self, outcome: str, *, discounted: bool = False) -> float:
        """Sum of an outcome in its unit."""
        return self.steps(outcome, discounted=discounted) / FIXED_POINT

    def number(self, outcome: str) -> int:
        """Sum of an outcome that counts; fails where it is not a whole number."""
        whole, rest = divmod(self.steps(outcome), int(FIXED_POINT))
        assert rest == 0
        return whole


def live(
    asked: Study,
    policy: Policy | None = None,
    *,
    watch: bool = False,
    people: npt.NDArray[Any] | None = None,
    **fields: Any,
) -> Lives:
    """Run the first replication; `fields` of the rules' inputs are set to other values, `people` replace its own."""
    prepared_study = PreparedStudy(asked)
    policy = policy or asked.policies[0]
    inputs = build(asked, policy, asked.values(policy)).copy()
    for name, value in fields.items():
        inputs[name] = value
    inputs.flags.writeable = False  # as the rules were compiled for
    before = prepared_study.persons(0).copy() if people is None else people.copy()
    after, totals = before.copy(), prepared_study.blank_totals()
    lived = compiled_engine.run(
        MODEL,
        after,
        inputs,
        totals,
        prepared_study.clinics(policy, 0),
        watched=WATCH_EVERYBODY if watch else WATCH_NOBODY,
        room=EVENTS_A_PERSON * len(after) if watch else 0,
    )
    count_bookings(totals, lived, prepared_study.weeks)
    return Lives(before, after, totals, inputs, lived.events, _by_person(before, lived.log))


def _by_person(people: npt.NDArray[Any], log: npt.NDArray[np.float64]) -> Log:
    """Events of each person, by the person's number."""
    lives: Log = {int(person): [] for person in people["id"]}
    numbers = people["id"]
    for row, time, kind in log:
        lives[int(numbers[int(row)])].append((float(time), int(kind)))
    return lives


def person(**fields: Any) -> Any:
    """One person aged 40, in established pain, RMDQ 12 and pain 6, not working; `fields` set anything else."""
    record = new_people(1)[0]
    usual = {
        "present": 1,
        "alive": 1,
        "discount_factor": 1.0,
        "age": 40,
        "in_pain": 1,
        "trait": 12.0,
        "pain_trait": 6.0,
    }
    for name, value in {**usual, **fields}.items():
        record[name] = value
    return record


def inputs(policy: Policy = USUAL_CARE, assume: Mapping[str, float] | None = None, **options: str) -> Any:
    """The inputs of the rules under a policy, one record."""
    asked = study(policy, assume=assume, options=options)
    return build(asked, policy, asked.values(policy))[0]


def no_totals() -> npt.NDArray[np.int64]:
    """Sums at nothing, for a study of six years."""
    return PreparedStudy(study()).blank_totals()
