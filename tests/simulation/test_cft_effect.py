"""The effect of a course as the rules read it: published at the registered size, larger by the power of the bend."""

from __future__ import annotations

import pytest

from lbpsim.evidence import base_values
from lbpsim.evidence.in_force import registry
from lbpsim.simulation.cft_effect import PAIN, RMDQ, cft_effect

VALUES = base_values(2024)


@pytest.mark.parametrize("arm", ["cft", "biofeedback"])
def test_at_the_registered_effects_the_scale_is_the_fitted_one(arm: str) -> None:
    found = cft_effect(arm, VALUES, registry(), pooled=False)
    assert found["cft_effect_rmdq_week13"] == VALUES[RMDQ[arm][0]]
    assert found["cft_effect_rmdq_scale"] == pytest.approx(VALUES["cft.latent_scale"])
    assert found["cft_effect_pain_scale"] == pytest.approx(VALUES["cft.latent_scale_pain"])


def test_the_effect_that_lies_behind_grows_by_the_bend() -> None:
    twice = VALUES | {name: 2.0 * VALUES[name] for name in RMDQ["cft"]}
    plain, larger = (cft_effect("cft", values, registry(), pooled=False) for values in (VALUES, twice))
    ratio = larger["cft_effect_rmdq_scale"] / plain["cft_effect_rmdq_scale"]
    assert ratio == pytest.approx(2.0 ** VALUES["cft.latent_bend"])
    assert larger["cft_effect_pain_scale"] == plain["cft_effect_pain_scale"]


def test_without_an_effect_there_is_none_later() -> None:
    none = VALUES | dict.fromkeys((*RMDQ["cft"], *PAIN["cft"]), 0.0)
    found = cft_effect("cft", none, registry(), pooled=False)
    assert found["cft_effect_rmdq_week13"] == found["cft_effect_rmdq_share_year3"] == 0.0


def test_pooled_waning_is_that_of_both_arms() -> None:
    pooled = [cft_effect(arm, VALUES, registry(), pooled=True)["cft_effect_rmdq_waning"] for arm in RMDQ]
    alone = [cft_effect(arm, VALUES, registry(), pooled=False)["cft_effect_rmdq_waning"] for arm in RMDQ]
    assert pooled[0] == pooled[1]
    assert min(alone) <= pooled[0] <= max(alone)
