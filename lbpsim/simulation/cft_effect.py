"""The effect of a course of CFT, as the rules read it: from published effects of an arm to what lies behind them.

The latent scales were fitted at the registered effects. A larger effect meets the floor more often, so what lies behind
it grows more than in proportion, by its size relative to the registered one to the power of the bend: or the emulated
trial would show less than what is assumed, or drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

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


def cft_effect(arm: str, values: Mapping[str, float], known: Registry, *, pooled: bool) -> dict[str, float]:
    """Inputs of the rules for the effect of an arm of the trial: `cft_effect_rmdq_week13`, `cft_effect_pain_week13`
    and so on.

    `known`: the registry that has the registered effects; `pooled`: whether waning is that of both arms.
    """
    arms = tuple(RMDQ) if pooled else (arm,)
    rmdq = _latent(RMDQ[arm], RMDQ_SCALES, values["cft.latent_bend"], values, known)
    pain = _latent(PAIN[arm], PAIN_SCALES, values["cft.latent_bend_pain"], values, known)
    rmdq["waning"], pain["waning"] = (_waning([each[name] for name in arms], values) for each in (RMDQ, PAIN))
    of_outcomes = {"rmdq": rmdq, "pain": pain}
    return {f"cft_effect_{what}_{name}": value for what, each in of_outcomes.items() for name, value in each.items()}


def _latent(names: Names, scales: Names, bend: float, values: Mapping[str, float], known: Registry) -> dict[str, float]:
    """The published effect at week 13, the scale from it to the latent one, which has a share of that later on."""
    effects = [values[name] for name in names]
    bent = [
        values[scale] * abs(effect / known.parameters[name].canonical) ** bend
        for name, scale, effect in zip(names, scales, effects, strict=True)
    ]
    full, *later = (effect * scale for effect, scale in zip(effects, bent, strict=True))
    shares = [each / full if full else 0.0 for each in later]
    return {"week13": effects[0], "scale": bent[0], "share_week52": shares[0], "share_year3": shares[1]}


def _waning(arms: Sequence[Names], values: Mapping[str, float]) -> float:
    """Yearly rate at which the published effects of these arms together waned from week 52 to year three; the latent
    scales do not move it.
    """
    before = sum(values[week52] for _, week52, _ in arms)
    after = sum(values[year3] for _, _, year3 in arms)
    if before * after > 0.0 and abs(before) > abs(after):
        return math.log(before / after) / (cft.YEAR_3 - cft.WEEK_52)
    return 0.0
