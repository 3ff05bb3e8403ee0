"""What can hold a policy back, and the same policy without it: only what the policy uses, only as far as can be.

Nothing here is a proposal. Ends of ranges (everybody is offered, everybody accepts) say how much room there is.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lbpsim import evidence
from lbpsim.evidence.units import DIMENSIONS
from lbpsim.study.clock import Timeline
from lbpsim.study.model import Study
from lbpsim.study.policies import TARGETS, CftPolicy, Policy

FULL_SHARE, NO_SHARE = DIMENSIONS["share"].high, DIMENSIONS["share"].low
LEAST = 0.0  # of the scales of disability and of pain
UPTAKE, UPTAKE_RATIO, TAPER_UPTAKE = "cft.uptake", "equity.uptake_ratio", "opioids.taper_uptake"
ENTRY = ("cft.eligible_rmdq", "cft.eligible_pain")
FIDELITY, IN_TRIAL = "cft.fidelity", "restore.fidelity"
AFTER, KEPT = "after_year_three", "sustained"
ALL = "all"

Relax = Callable[[Study, Policy], Policy | None]


@dataclass(frozen=True)
class Relaxation:
    """One thing that can hold a policy back: `name`; `label` inside a sentence; `if_not`, what the policy is without
    it, after "with"; `relax`, which gives None where the policy does not use it, or it holds nothing back.
    """

    name: str
    label: str
    if_not: str
    relax: Relax


def applicable(study: Study, policy: Policy) -> tuple[Relaxation, ...]:
    """What can hold this policy back, in the order in which people meet it."""
    return tuple(each for each in RELAXATIONS if each.relax(study, policy) is not None)


def relaxed(study: Study, policy: Policy, relaxations: tuple[Relaxation, ...]) -> Policy:
    """The policy with all these relaxed."""
    for each in relaxations:
        policy = each.relax(study, policy) or policy
    return policy


def offered_to_all(policy: Policy) -> Policy:
    """The policy with its offer made at every eligible consultation, from its first date."""
    return dataclasses.replace(policy, cft=dataclasses.replace(policy.cft, offered=_everywhere(policy.cft.offered)))


def taken_up_by_nobody(policy: Policy) -> Policy:
    """The policy as if everybody declined."""
    return _assuming(policy, {UPTAKE: NO_SHARE})


def _everywhere(timeline: Timeline) -> Timeline:
    return Timeline((timeline.first,), (FULL_SHARE,))


def _assuming(policy: Policy, values: Mapping[str, float]) -> Policy:
    return dataclasses.replace(policy, assume={**policy.assume, **values})


def _eligibility(study: Study, policy: Policy) -> Policy | None:
    values = study.values(policy)
    if not policy.cft.makes_offers or all(values[name] <= LEAST for name in ENTRY):
        return None
    return _assuming(policy, dict.fromkeys(ENTRY, LEAST))


def _choice(study: Study, policy: Policy) -> Policy | None:
    if not policy.cft.chooses:
        return None
    everybody = {name: getattr(CftPolicy(), name) for name in TARGETS}
    return dataclasses.replace(policy, cft=dataclasses.replace(policy.cft, **everybody))


def _coverage(study: Study, policy: Policy) -> Policy | None:
    offered = policy.cft.offered
    return offered_to_all(policy) if offered.times and min(offered.values) < FULL_SHARE else None


def _uptake(study: Study, policy: Policy) -> Policy | None:
    if not policy.cft.makes_offers or study.values(policy)[UPTAKE] >= FULL_SHARE:
        return None
    return _assuming(policy, {UPTAKE: FULL_SHARE, UPTAKE_RATIO: 1.0})  # a ratio of 1: the same in every quintile


def _capacity(study: Study, policy: Policy) -> Policy | None:
    if not (policy.cft.waits_for_place and policy.cft.capacity_limited):
        return None
    unlimited = dataclasses.replace(policy.cft, capacity_limited=False, referral_stops_at=math.inf)
    return dataclasses.replace(policy, cft=unlimited)


def _fidelity(study: Study, policy: Policy) -> Policy | None:
    best = evidence.parameters()[IN_TRIAL].canonical
    return (
        _assuming(policy, {FIDELITY: best}) if policy.cft.delivers and study.values(policy)[FIDELITY] < best else None
    )


def _durability(study: Study, policy: Policy) -> Policy | None:
    if not policy.cft.delivers or policy.options.get(AFTER, study.options[AFTER]) == KEPT:
        return None
    return dataclasses.replace(policy, options={**policy.options, AFTER: KEPT})


def _tapering(study: Study, policy: Policy) -> Policy | None:
    offered = policy.opioids.tapering_offered
    if not offered.times or min(offered.values) >= FULL_SHARE:
        return None
    return dataclasses.replace(
        policy, opioids=dataclasses.replace(policy.opioids, tapering_offered=_everywhere(offered))
    )


def _taper_uptake(study: Study, policy: Policy) -> Policy | None:
    if not policy.opioids.tapering_offered.times or study.values(policy)[TAPER_UPTAKE] >= FULL_SHARE:
        return None
    return _assuming(policy, {TAPER_UPTAKE: FULL_SHARE})


RELAXATIONS = (
    Relaxation("eligibility", "eligibility", "an offer to everybody in pain, however disabled", _eligibility),
    Relaxation("choice", "the choice of people", "an offer to all who are eligible, of every age, socioeconomic fifth "
               "and region, however disabled", _choice),
    Relaxation("coverage", "the coverage of the offer", "an offer at every eligible consultation from its first date",
               _coverage),
    Relaxation("uptake", "uptake", "an offer that everybody takes up", _uptake),
    Relaxation("capacity", "capacity", "places for all who take it up", _capacity),
    Relaxation("fidelity", "fidelity", "courses as well delivered as in the trial", _fidelity),
    Relaxation("durability", "durability", "an effect that is kept after year three", _durability),
    Relaxation("tapering coverage", "the coverage of tapering", "tapering offered at every consultation of a long-term "
               "user from its first date", _tapering),
    Relaxation("tapering uptake", "uptake of tapering", "an offer of tapering that everybody takes up", _taper_uptake),
)  # fmt: skip
