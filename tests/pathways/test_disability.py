"""Disability and pain at a moment: the sum of what acts on them, within the scale; levels of impact."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.pathways import disability as d
from lbpsim.pathways import person as s
from tests.pathways.small_country import inputs, person

EFFECT = st.floats(-30.0, 5.0)


def affected(rmdq: float = 0.0, pain: float = 0.0, **fields: Any) -> Any:
    """A person on whom an effect of CFT acts that does not move."""
    return person(cft_from_rmdq=rmdq, cft_from_pain=pain, cft_to_time=math.inf, **fields)


@given(trait=st.floats(0.0, 24.0), flare=st.floats(0.0, 20.0), effect=EFFECT, in_pain=st.sampled_from([0, 1]))
def test_rmdq_stays_on_its_scale_and_is_0_in_remission(trait: float, flare: float, effect: float, in_pain: int) -> None:
    someone = affected(effect, trait=trait, flare_rmdq=flare, in_pain=in_pain)
    assert d.rmdq(someone, 1.0) == (min(max(trait + flare + effect, 0.0), 24.0) if in_pain else 0.0)


@given(trait=st.floats(0.0, 10.0), flare=st.floats(0.0, 6.0), effect=EFFECT, in_pain=st.sampled_from([0, 1]))
def test_pain_stays_on_its_scale_and_is_0_in_remission(trait: float, flare: float, effect: float, in_pain: int) -> None:
    someone = affected(pain=effect, pain_trait=trait, flare_pain=flare, in_pain=in_pain)
    assert d.pain(someone, 1.0) == (min(max(trait + flare + effect, 0.0), 10.0) if in_pain else 0.0)


def test_effects_of_all_pathways_add_before_the_floor() -> None:
    effects = {f"{name}_from_rmdq": -2.0 for name in ("cft", "opioid", "surgery")}
    pains = {f"{name}_from_pain": -1.0 for name in ("cft", "opioid", "surgery")}
    held = {f"{name}_to_time": math.inf for name in ("cft", "opioid", "surgery")}
    someone = person(trait=13.0, pain_trait=6.0, flare_rmdq=1.0, flare_pain=0.5, **effects, **pains, **held)
    assert d.rmdq(someone, 0.0) == 8.0
    assert d.pain(someone, 0.0) == 3.5


@pytest.mark.parametrize(
    ("time", "expected"), [(0.0, -1.0), (1.0, -1.0), (1.5, -2.0), (2.0, -3.0), (9.0, -3.0)], ids=str
)
def test_an_effect_goes_along_its_line_and_stops_at_its_end(time: float, expected: float) -> None:
    assert d.interpolate(time, 1.0, 2.0, -1.0, -3.0) == expected


def test_an_effect_without_end_stays() -> None:
    assert d.interpolate(50.0, 1.0, math.inf, -1.0, -3.0) == -1.0
    assert d.interpolate(50.0, 1.0, 1.0, -1.0, -3.0) == -1.0


@pytest.mark.parametrize(
    ("rmdq", "level"),
    [
        *((0.0, s.LOW_IMPACT), (6.99, s.LOW_IMPACT), (7.0, s.MODERATE_IMPACT), (13.99, s.MODERATE_IMPACT)),
        *((14.0, s.HIGH_IMPACT), (24.0, s.HIGH_IMPACT)),
    ],
)
def test_impact_by_cut_points(rmdq: float, level: int) -> None:
    assert d.impact(person(), rmdq, inputs()) == level
    assert d.impact(person(in_pain=0), rmdq, inputs()) == s.NO_IMPACT


def test_what_drives_opioids_and_surgery_is_current_disability_or_the_trait() -> None:
    assert d.severity(person(trait=12.0), 5.0, 1) == 5.0
    assert d.severity(person(trait=12.0), 5.0, 0) == 12.0
    assert inputs()["severity_linked"] == 1
    assert inputs(severity_drives_opioids_and_surgery="off")["severity_linked"] == 0


def test_without_pain_there_is_no_disability_with_or_without_cft() -> None:
    assert d.rmdq_without_cft(person(in_pain=0, trait=12.0), 0.5) == 0.0
    assert d.rmdq_without_cft(person(in_pain=1, trait=12.0), 0.5) == 12.0
