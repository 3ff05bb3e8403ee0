"""A small country for the book: every pathway open, a full waiting list, and everything that can happen, often."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine.compiled_engine import WATCH_EVERYBODY
from lbpsim.engine.waiting_list import Booking
from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.simulation.engines import COMPILED, ENGINES
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import CftPolicy, OpioidPolicy, Policy, Study, SurgeryPolicy, Timeline
from lbpsim.study.options import BASE

START = date(2026, 1, 1)
FIRST_DATE = 1.5  # years from the start at which the policies begin
OFFERED = CftPolicy(
    offered=Timeline((FIRST_DATE, 2.5), (0.3, 0.8)),
    training_places={2027: 4000.0, 2028: 4000.0},
    first_training=FIRST_DATE,
    trained_at_start=3000.0,
)
USUAL_CARE = Policy("usual-care", "Usual care")
CFT = Policy("cft", "CFT, with a waiting list", cft=OFFERED)
UNLIMITED = Policy("cft-unlimited", "CFT for all", cft=dataclasses.replace(OFFERED, capacity_limited=False))
BUSY = Policy(
    "busy",
    "Everything at once",
    cft=dataclasses.replace(OFFERED, by_severity=True),
    opioids=OpioidPolicy(
        growth=Timeline((1.5,), (0.06,)),
        initiation_change=Timeline((2.0,), (-0.2,)),
        tapering_offered=Timeline((1.5,), (0.5,)),
    ),
    surgery=SurgeryPolicy(
        referral_change=Timeline((1.5,), (0.2,)), operations_per_year=Timeline((2.0, 3.0), (20_000.0, 40_000.0))
    ),
)
OPIOIDS_INSTEAD = Policy("opioids", "Opioids instead", cft=dataclasses.replace(OFFERED, replaced_by="opioids"))
SURGERY_INSTEAD = Policy("surgery", "Surgery instead", cft=dataclasses.replace(OFFERED, replaced_by="surgery"))
FREQUENT: Mapping[str, float] = {
    "opioids.start_rate": 0.1,
    "opioids.disorder_rate": 0.1,
    "opioids.overdose_nonfatal": 0.1,
    "opioids.overdose_fatal": 0.02,
    "surgery.referral_rate": 0.03,
    "surgery.death": 0.05,
}


def study(
    *policies: Policy,
    people: int,
    years: int = 5,
    replications: int = 1,
    seed: int = 20250805,
    assume: Mapping[str, float] | None = None,
    options: Mapping[str, str] | None = None,
    discount_rate: float = 0.05,
) -> Study:
    """A study with the base options, and the first of the policies as comparator."""
    return Study(
        name="book",
        title="The verification book's small country",
        description="",
        country=reference(),
        start=START,
        years=years,
        people=people,
        replications=replications,
        seed=seed,
        discount_rate=discount_rate,
        perspective="societal",
        thresholds=(50_000.0,),
        price_year=2024,
        comparator=policies[0].name,
        options={**BASE, **(options or {})},
        assume=dict(assume or {}),
        policies=policies,
    )


@dataclass(frozen=True)
class Lives:
    """What became of the people of one replication: records before and after, sums, bookings, and the log of events
    (row, time, kind), each person's in order.
    """

    before: npt.NDArray[Any]
    after: npt.NDArray[Any]
    totals: npt.NDArray[np.int64]
    bookings: list[Booking]
    log: npt.NDArray[np.float64]

    def total(self, outcome: str, *, discounted: bool = False) -> float:
        """Sum of an outcome in its unit."""
        return float(self.totals[int(discounted), ..., OUTCOME_INDEX[outcome]].sum()) / FIXED_POINT

    @cached_property
    def by_person(self) -> dict[int, bytes]:
        """Each person's events, by the person's number, to the bit."""
        ids = self.before["id"][self.log[:, 0].astype(int)]
        return {int(one): self.log[ids == one, 1:].tobytes() for one in self.before["id"]}


def live(
    asked: Study,
    policy: Policy | None = None,
    *,
    engine: str = COMPILED,
    people: npt.NDArray[Any] | None = None,
    **fields: Any,
) -> Lives:
    """Run the first replication, everybody watched; `people` replace its own, `fields` of the inputs are set anew."""
    prepared_study, policy = PreparedStudy(asked), policy or asked.policies[0]
    inputs = build(asked, policy, asked.values(policy)).copy()
    for name, value in fields.items():
        inputs[name] = value
    inputs.flags.writeable = False  # as the rules were compiled for
    before = (prepared_study.persons(0) if people is None else people).copy()
    after, totals = before.copy(), prepared_study.blank_totals()
    lived = ENGINES[engine](after, inputs, totals, prepared_study.clinics(policy, 0), WATCH_EVERYBODY)
    log = lived.log[np.argsort(lived.log[:, 0], kind="stable")]
    return Lives(before, after, totals, lived.bookings, log)
