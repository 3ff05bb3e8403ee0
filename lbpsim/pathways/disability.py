"""How disabled and in pain a person is at a moment: trait, flare and the effects of what was done for them.

`R(t) = clip(usual + flare + CFT effect + opioid effect + surgery effect, 0, 24)`, and 0 in remission; pain likewise.
"""

from __future__ import annotations

import math
from typing import Any

from lbpsim.engine.numba_cache import inlined_rule
from lbpsim.pathways.person import HIGH_IMPACT, LOW_IMPACT, MODERATE_IMPACT, NO_IMPACT

RMDQ_MAX = 24.0
PAIN_MAX = 10.0


@inlined_rule
def interpolate(time: float, from_time: float, to_time: float, start: float, end: float) -> float:
    """Value at `time` on the line from (from_time, start) to (to_time, end); constant when it has no end."""
    if to_time == math.inf or to_time <= from_time:
        return start
    share = min(max((time - from_time) / (to_time - from_time), 0.0), 1.0)
    return start + (end - start) * share


@inlined_rule
def cft_rmdq(person: Any, time: float) -> float:
    """CFT's effect on RMDQ (0 or negative)."""
    return interpolate(time, person.cft_from_time, person.cft_to_time, person.cft_from_rmdq, person.cft_to_rmdq)


@inlined_rule
def cft_pain(person: Any, time: float) -> float:
    """CFT's effect on pain (0 or negative)."""
    return interpolate(time, person.cft_from_time, person.cft_to_time, person.cft_from_pain, person.cft_to_pain)


@inlined_rule
def opioid_rmdq(person: Any, time: float) -> float:
    """Long-term opioids' effect on RMDQ."""
    return interpolate(
        time, person.opioid_from_time, person.opioid_to_time, person.opioid_from_rmdq, person.opioid_to_rmdq
    )


@inlined_rule
def opioid_pain(person: Any, time: float) -> float:
    """Long-term opioids' effect on pain."""
    return interpolate(
        time, person.opioid_from_time, person.opioid_to_time, person.opioid_from_pain, person.opioid_to_pain
    )


@inlined_rule
def surgery_rmdq(person: Any, time: float) -> float:
    """Lumbar fusion's effect on RMDQ."""
    return interpolate(
        time, person.surgery_from_time, person.surgery_to_time, person.surgery_from_rmdq, person.surgery_to_rmdq
    )


@inlined_rule
def surgery_pain(person: Any, time: float) -> float:
    """Lumbar fusion's effect on pain."""
    return interpolate(
        time, person.surgery_from_time, person.surgery_to_time, person.surgery_from_pain, person.surgery_to_pain
    )


@inlined_rule
def effect_is_changing(person: Any) -> bool:
    """Whether some effect is on a line with an end, so that disability changes between events."""
    return min(person.cft_to_time, person.opioid_to_time, person.surgery_to_time) < math.inf


@inlined_rule
def rmdq(person: Any, time: float) -> float:
    """Disability now, RMDQ 0-24."""
    if person.in_pain == 0:
        return 0.0
    effects = cft_rmdq(person, time) + opioid_rmdq(person, time) + surgery_rmdq(person, time)
    return min(max(person.trait + person.flare_rmdq + effects, 0.0), RMDQ_MAX)


@inlined_rule
def rmdq_without_cft(person: Any, time: float) -> float:
    """Disability as it would be now without the effect of CFT, RMDQ 0-24."""
    if person.in_pain == 0:
        return 0.0
    effects = opioid_rmdq(person, time) + surgery_rmdq(person, time)
    return min(max(person.trait + person.flare_rmdq + effects, 0.0), RMDQ_MAX)


@inlined_rule
def pain(person: Any, time: float) -> float:
    """Pain now, 0-10."""
    if person.in_pain == 0:
        return 0.0
    effects = cft_pain(person, time) + opioid_pain(person, time) + surgery_pain(person, time)
    return min(max(person.pain_trait + person.flare_pain + effects, 0.0), PAIN_MAX)


@inlined_rule
def impact(person: Any, disability: float, inputs: Any) -> int:
    """Impact level of the pain: none in remission, else by RMDQ cut-points."""
    if person.in_pain == 0:
        return NO_IMPACT
    if disability >= inputs.impact_high_from:
        return HIGH_IMPACT
    if disability >= inputs.impact_moderate_from:
        return MODERATE_IMPACT
    return LOW_IMPACT


@inlined_rule
def severity(person: Any, disability: float, linked: int) -> float:
    """What hazards of opioids and surgery rise with: current RMDQ, or the trait where the link is switched off."""
    if linked == 1:
        return disability
    return person.trait
