"""The effect of a course of CFT, as the rules read it: from published effects of an arm to what lies behind them.

The latent scales were fitted at the registered effects. A larger effect meets the floor more often, so what lies behind
it grows more than in proportion, by its size relative to the registered one to the power of the bend: or the emulated
trial would show less than what is assumed, or drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lbpsim.evidence.layers import Registry
from lbpsim.pathways import cft

Names = tuple[str, str, str]  # of parameters at weeks 13 and 52 and at year three
RMDQ: Mapping[str, Names] = {
    "cft": ("cft.rmdq_week13", "cft.rmdq_week52", "cft.rmdq_year3"),
    "biofeedback": ("biofeedback.rmdq_week13", "biofeedback.rmdq_week52", "biofeedback.rmdq_year3"),
}
PAIN: Mapping[str, Names] = {
    "cft": ("cft.pain_week13", "cft.pain_week52", "cft.pain_year3"),
    "biofeedback": ("biofeedback.pain_week13", "biofeedback.pain_week52", "biofeedback.pain_year3"),
}
KNOTS = 3
RMDQ_SCALES = ("cft.latent_scale", "cft.latent_scale_week52", "cft.latent_scale_year3")
PAIN_SCALES = ("cft.latent_scale_pain", "cft.latent_scale_pain_week52", "cft.latent_scale_pain_year3")


@dataclass(frozen=True)
class LatentEffect:
    """The published effect at `week13`, the `scale` from it to the latent one, which has a share of that later on.

    `waning`: yearly rate at which the published effect waned from week 52 to year three.
    """

    week13: float
    scale: float
    share_week52: float
    share_year3: float
    waning: float


def cft_effect(arm: str, values: Mapping[str, float], known: Registry, *, pooled: bool) -> dict[str, float]:
    """Inputs of the rules for the effect of an arm of the trial.

    `known`: the registry that has the registered effects; `pooled`: whether waning is that of both arms.
    """
    arms = tuple(RMDQ) if pooled else (arm,)
    rmdq = _latent(RMDQ[arm], RMDQ_SCALES, values["cft.latent_bend"], [RMDQ[each] for each in arms], values, known)
    pain = _latent(PAIN[arm], PAIN_SCALES, values["cft.latent_bend_pain"], [PAIN[each] for each in arms], values, known)
    return {
        "cft_effect_rmdq_week13": rmdq.week13,
        "cft_effect_rmdq_scale": rmdq.scale,
        "cft_effect_rmdq_share_week52": rmdq.share_week52,
        "cft_effect_rmdq_share_year3": rmdq.share_year3,
        "cft_effect_rmdq_waning": rmdq.waning,
        "cft_effect_pain_week13": pain.week13,
        "cft_effect_pain_scale": pain.scale,
        "cft_effect_pain_share_week52": pain.share_week52,
        "cft_effect_pain_share_year3": pain.share_year3,
        "cft_effect_pain_waning": pain.waning,
    }


def _latent(
    names: Names, scales: Names, bend: float, waning_of: Sequence[Names], values: Mapping[str, float], known: Registry
) -> LatentEffect:
    effects = [values[name] for name in names]
    bent = [
        values[scale] * abs(effect / known.parameters[name].canonical) ** bend
        for name, scale, effect in zip(names, scales, effects, strict=True)
    ]
    full, *later = (effect * scale for effect, scale in zip(effects, bent, strict=True))
    shares = [each / full if full else 0.0 for each in later]
    return LatentEffect(effects[0], bent[0], shares[0], shares[1], _waning(waning_of, values))


def _waning(arms: Sequence[Names], values: Mapping[str, float]) -> float:
    """Of the published effects of these arms together; the latent scales do not move it."""
    before = sum(values[week52] for _, week52, _ in arms)
    after = sum(values[year3] for _, _, year3 in arms)
    if before * after > 0.0 and abs(before) > abs(after):
        return math.log(before / after) / (cft.YEAR_3 - cft.WEEK_52)
    return 0.0
