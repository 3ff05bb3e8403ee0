"""A small country with a busy rollout of CFT, and a scope that takes a moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache

from lbpsim.dsa.plan import Scope, shipped
from lbpsim.simulation.variants import Variant
from lbpsim.study import OpioidPolicy, Policy, Study, Timeline
from tests.pathways.small_country import CFT, USUAL_CARE, study

STEWARDSHIP = Policy(
    "stewardship", "Fewer new opioid users", opioids=OpioidPolicy(initiation_change=Timeline((0.5,), (-0.5,)))
)


@cache
def small() -> Study:
    """Usual care, CFT with a waiting list and fewer new opioid users; two years."""
    made = study(USUAL_CARE, CFT, STEWARDSHIP, people=400, years=2, replications=4)
    return dataclasses.replace(made, comparator=USUAL_CARE.name)


@cache
def little() -> Scope:
    """The shipped scope with fewer simulations."""
    return shipped().model_copy(
        update={"people": 400, "replications": 4, "grid": 3, "horizons": (1,), "looks": 3, "halvings": 1}
    )


def base(names: tuple[str, ...] = (USUAL_CARE.name, CFT.name)) -> Variant:
    """The small study as it is."""
    return Variant("base case", small(), names)


def with_own(name: str, assume: Mapping[str, float], options: Mapping[str, str] | None = None) -> Study:
    """The small study in which the file of a policy sets parameters and makes structural choices."""
    policies = (
        dataclasses.replace(policy, assume=assume, options=options or {}) if policy.name == name else policy
        for policy in small().policies
    )
    return dataclasses.replace(small(), policies=tuple(policies))
