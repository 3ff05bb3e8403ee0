"""A search that takes seconds: few people, few draws, few trials."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

from lbpsim.optimisation.hunt import optimise
from lbpsim.optimisation.optimum import Optimum
from lbpsim.optimisation.plan import Plan, Size, shipped
from lbpsim.optimisation.question import Question, question
from lbpsim.study import Study
from tests.pathways import small_country

POLICIES = ("usual-care", "cft-rollout", "cft-biofeedback", "opioid-stewardship")
GOAL, BUDGET = "net-health-benefit", "budget.government: AUD 900 million per year"
WITHIN = (BUDGET, "physiotherapists: 1500")


def small_study() -> Study:
    """Four policies, five years."""
    whole = small_country.shipped()
    policies = tuple(whole.policy(name) for name in POLICIES)
    return dataclasses.replace(whole, policies=policies, years=5, people=600, replications=2)


def small_plan(**changes: Any) -> Plan:
    """The plan that ships with everything small."""
    small = {
        "trial": Size(draws=3, people=200),
        "check": Size(draws=4, people=200),
        "report": Size(draws=4, people=200),
        "population": 1,
        "generations": 1,
    }
    return shipped().model_copy(update={**small, "nearby": 5, "nearby_again": 5, "frontier": (0.5,), **changes})


def asked(goal: str = GOAL, within: tuple[str, ...] = WITHIN, **more: Any) -> Question:
    """A question about the small study, three levers by default."""
    given = {"policy": "cft-rollout", "vary": ("cft.training_places",), "plan": small_plan(), **more}
    return question(small_study(), goal, within, **given)


@cache
def found() -> Optimum:
    """What is found within `WITHIN`."""
    return optimise(asked(), workers=1)
